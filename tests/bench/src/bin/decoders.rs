//! `cargo run --release -p bench --bin decoders`: how fast answers are decoded, beside a plain copy of the same bytes in the same
//! pieces. It needs no cloud and prints Markdown.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use llm::{Decoder, Event, Format};
use testkit::peer::{Dialect, Script};

/// What is read at once: as much as a socket usually gives.
const PIECE: usize = 4 * 1024;
/// Words in the answer that is decoded.
const WORDS: usize = 20_000;
const TURNS: usize = 15;

#[expect(clippy::print_stdout, reason = "this is what the program is for")]
fn main() {
    println!("| {WORDS} words, {PIECE} bytes at once | size | decoded | copied | ratio |\n|---|---:|---:|---:|---:|");
    for (dialect, format, name) in [
        (Dialect::OpenAiChat, Format::OpenAiChat, "openai_chat"),
        (Dialect::AnthropicMessages, Format::AnthropicMessages, "anthropic_messages"),
        (Dialect::GeminiGenerate, Format::GeminiGenerate, "gemini_generate"),
    ] {
        let body = Bytes::from(Script::tokens_of(dialect, std::iter::repeat_n("word ", WORDS)).whole_body());
        let decoded = median(|| decode(format, &body));
        line(name, &body, decoded);
    }

    println!("\n| one event | size | decoded | copied | ratio |\n|---|---:|---:|---:|---:|");
    let event = |text: usize| {
        let text = "x".repeat(text);
        Bytes::from(format!(
            "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":\"stop\"}}]}}\n\n"
        ))
    };
    for (name, body) in [("125 KiB, taken", event(125 * 1024)), ("1 000 KiB, taken", event(1_000 * 1024))] {
        let decoded = median(|| decode(Format::OpenAiChat, &body));
        line(name, &body, decoded);
    }
    let body = event(4 * 1024 * 1024);
    let refused = median(|| decode(Format::OpenAiChat, &body));
    line("4 MiB, refused once it is over a mebibyte", &body, refused);
}

/// Decodes a body as the loop does it; gives how many events there were.
fn decode(format: Format, body: &Bytes) -> usize {
    let Ok(mut decoder) = Decoder::new(format, Some("text/event-stream")) else { return 0 };
    let (mut events, mut count) = (Vec::<Event>::new(), 0);
    for piece in pieces(body) {
        if decoder.feed(&piece, &mut events).is_err() {
            break;
        }
        count += events.drain(..).len();
    }
    let _ = decoder.end(&mut events);
    count + events.len()
}

fn copy(body: &Bytes) -> usize {
    let mut copied = Vec::with_capacity(body.len());
    for piece in pieces(body) {
        copied.extend_from_slice(&piece);
    }
    black_box(&copied).len()
}

fn pieces(body: &Bytes) -> impl Iterator<Item = Bytes> + '_ {
    (0..body.len()).step_by(PIECE).map(|at| body.slice(at..body.len().min(at + PIECE)))
}

fn median(run: impl Fn() -> usize) -> Duration {
    let time = || {
        let begun = Instant::now();
        black_box(run());
        begun.elapsed()
    };
    let mut taken: Vec<_> = (0..TURNS).map(|_| time()).collect();
    taken.sort_unstable();
    taken[TURNS / 2]
}

#[expect(clippy::print_stdout, reason = "this is what the program is for")]
fn line(name: &str, body: &Bytes, decoded: Duration) {
    let copied = median(|| copy(body));
    #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
    let mib = body.len() as f64 / 1024.0 / 1024.0;
    let speed = |taken: Duration| mib / taken.as_secs_f64();
    println!(
        "| {name} | {mib:.2} MiB | {:.2} ms, {:.0} MiB/s | {:.3} ms, {:.0} MiB/s | {:.0} |",
        decoded.as_secs_f64() * 1e3,
        speed(decoded),
        copied.as_secs_f64() * 1e3,
        speed(copied),
        decoded.as_secs_f64() / copied.as_secs_f64(),
    );
}
