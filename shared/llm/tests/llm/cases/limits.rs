use std::time::Instant;

use testkit::peer::{Framing, Step};

use super::*;

/// How long something takes; the shortest of several, because a busy machine makes nothing faster.
fn shortest(run: impl Fn()) -> Duration {
    let time = || {
        let begun = Instant::now();
        run();
        begun.elapsed()
    };
    (0..5).map(|_| time()).min().unwrap_or_default()
}

/// One line of 4 MiB is refused once it is over a mebibyte, in time that grows with its length and not with its square.
#[test]
fn case_13_one_long_line() {
    let line = format!("data: {{\"x\":\"{}\"", "x".repeat(4 * 1024 * 1024));
    for dialect in Dialect::ALL {
        let refused = (vec![], Err(LlmErrorKind::NotUnderstood));
        assert_eq!(decode_pieces(dialect, STREAM, line.as_bytes().chunks(4 * 1024)), refused, "{dialect:?}");
        assert_eq!(decode(dialect, format!("{line}}}\n\n").as_bytes()), refused, "{dialect:?} in one read");
    }
    // Just below the limit, and an eighth of it.
    let line = |length: usize| format!("data: {{\"choices\":[],\"x\":\"{}\"}}\n\n", "x".repeat(length));
    let (short, long) = (line(120 * 1024), line(960 * 1024));
    let time = |body: &str| shortest(|| drop(decode_pieces(Dialect::OpenAiChat, STREAM, body.as_bytes().chunks(1024))));
    let (short, long) = (time(&short), time(&long));
    assert!(long < short * 24, "eight times as long takes {long:?} instead of {short:?}; the square would be 64 times");
}

/// A line that never ends, and comments that never end, are given up at a limit.
#[test]
fn case_14_endless_line_and_endless_comments() {
    for (piece, most) in [("x".repeat(64 * 1024), 17), (": still here\n\n".repeat(4_096), 1_300)] {
        let mut decoder = Decoder::new(Format::OpenAiChat, Some(STREAM)).expect("it is a stream");
        let (mut events, mut pieces) = (Vec::new(), 0);
        let ended = loop {
            pieces += 1;
            let fed = decoder.feed(&Bytes::from(piece.clone()), &mut events);
            if fed.is_err() || pieces > most {
                break fed;
            }
        };
        assert_eq!(ended, Err(LlmErrorKind::NotUnderstood), "{pieces} pieces of {piece:.14?}");
    }
}

/// Bytes that are no UTF-8 end the answer at once; nobody waits for the end of the stream.
#[tokio::test]
async fn case_15_invalid_utf8() {
    let peer = Peer::start().await;
    peer.enqueue(Script::stream().token("Hel").step(Step::BodyBytes(b"data: \xff\xfe\n\n".to_vec())).stall());
    let (text, error) = failed(ask(&peer).await);
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::NotUnderstood));
    peer.until_client_gone().await;
}

/// NUL in a text becomes the replacement character, and NUL between the fields is no document.
#[test]
fn case_16_nul_bytes() {
    assert_eq!(written(&openai(&data(&[&chunk(r#"{"content":"a\u0000b"}"#, Some("stop"))]))), "a\u{fffd}b");
    let anthropic_text = r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"a\u0000b"}}"#;
    assert_eq!(written(&anthropic(&data(&[anthropic_text]))), "a\u{fffd}b");
    let gemini_text = r#"{"candidates":[{"content":{"parts":[{"text":"a\u0000b"}]}}]}"#;
    assert_eq!(written(&gemini(&data(&[gemini_text]))), "a\u{fffd}b");
    assert_eq!(openai("data: \0{}\n\n").1, Err(LlmErrorKind::NotUnderstood));
}

/// A compressed body that nobody asked for is refused, not shown as garbage.
#[tokio::test]
async fn case_17_gzip_unasked() {
    let peer = Peer::start().await;
    peer.enqueue(Script::stream().header("content-encoding", "gzip"));
    assert_eq!(failed(ask(&peer).await).1.kind, LlmErrorKind::NotUnderstood);
    assert_eq!(peer.prompts()[0].header("accept-encoding"), None);
    let gzip = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3, 0xab, 0x56, 0x2a, 0x29];
    assert_eq!(
        kind(Script::default().head(200, STREAM).step(Step::BodyBytes(gzip.to_vec()))).await,
        LlmErrorKind::NotUnderstood
    );
}

/// A broken chunk, and a body shorter than was said, are a broken connection and never a whole answer.
#[tokio::test]
async fn case_18_broken_chunk_and_short_body() {
    let headers = vec![("content-type".to_owned(), STREAM.to_owned())];
    let head = Step::Head { status: 200, headers, framing: Framing::Length(100_000) };
    let (text, error) = fault(Script::default().step(head).token("Hel").close()).await;
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::Unreachable));
    let broken = Script::stream().token("Hel").step(Step::Raw("not a length\r\n".to_owned())).close();
    let (text, error) = fault(broken).await;
    assert_eq!((text.as_str(), error.kind), ("Hel", LlmErrorKind::Unreachable));
}
