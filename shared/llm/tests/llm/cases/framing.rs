use domain::FinishReason;
use testkit::peer::FIXTURES;

use super::*;

/// A fixture whose text has characters of many bytes, in every dialect.
const GOOD: [&str; 3] = ["openai_chat", "anthropic_messages", "gemini_generate"];

/// UTF-8 cut in the middle of a character, and any fixture cut at every byte, gives the same events as when it comes whole.
#[test]
fn case_01_utf8_split_at_every_byte() {
    for fixture in FIXTURES {
        let body = fixture.body.as_bytes();
        let whole = decode(fixture.dialect, body);
        for at in 0..=body.len() {
            let (before, after) = body.split_at(at);
            assert_eq!(decode_pieces(fixture.dialect, STREAM, [before, after]), whole, "{} cut at {at}", fixture.name);
        }
    }
    for name in GOOD {
        let fixture = fixture(name);
        assert_eq!(written(&decode(fixture.dialect, fixture.body.as_bytes())), "Hello 👩‍🚀", "{name}");
    }
}

/// A character of several code points that comes over two events is whole again.
#[test]
fn case_02_grapheme_across_events() {
    for dialect in Dialect::ALL {
        let body = Script::tokens_of(dialect, ["👩", "\u{200d}", "🚀"]).whole_body();
        assert_eq!(written(&decode(dialect, &body)), "👩‍🚀", "{dialect:?}");
    }
}

/// Lines that end with LF, CRLF, CR, or one after the other, are the same stream.
#[test]
fn case_03_line_endings() {
    for name in GOOD {
        let fixture = fixture(name);
        let lines = fixture.body.replace("\r\n", "\n");
        let whole = decode(fixture.dialect, lines.as_bytes());
        assert_eq!(finish(&whole), Some(FinishReason::Stop));
        for ending in ["\r\n", "\r"] {
            assert_eq!(decode(fixture.dialect, lines.replace('\n', ending).as_bytes()), whole, "{name} {ending:?}");
        }
        // A CR before an LF would be one end and not two.
        let mut endings = ["\r\n", "\n", "\r", "\r\n"].into_iter().cycle();
        let mixed = lines
            .split('\n')
            .map(|line| [line, endings.next().unwrap_or_default()].concat())
            .collect::<Vec<_>>()
            .concat();
        assert_eq!(written(&decode(fixture.dialect, mixed.as_bytes())), written(&whole), "{name} mixed");
    }
}

/// CR and LF in two reads are one end of a line, not two.
#[test]
fn case_04_crlf_cut_across_reads() {
    for name in GOOD {
        let fixture = fixture(name);
        let body = fixture.body.replace("\r\n", "\n").replace('\n', "\r\n");
        let whole = decode(fixture.dialect, body.as_bytes());
        let cuts = body.match_indices("\r\n").map(|(at, _)| at + 1);
        for at in cuts {
            let (before, after) = body.as_bytes().split_at(at);
            assert_eq!(decode_pieces(fixture.dialect, STREAM, [before, after]), whole, "{name} cut at {at}");
        }
        assert_eq!(finish(&whole), Some(FinishReason::Stop));
    }
}

/// A byte order mark before the stream is passed over, whole or cut.
#[test]
fn case_05_byte_order_mark() {
    for name in GOOD {
        let fixture = fixture(name);
        let whole = decode(fixture.dialect, fixture.body.as_bytes());
        let marked = format!("\u{feff}{}", fixture.body);
        for at in 0..=3 {
            let (before, after) = marked.as_bytes().split_at(at);
            assert_eq!(decode_pieces(fixture.dialect, STREAM, [before, after]), whole, "{name} cut at {at}");
        }
    }
}

/// Comments are nothing that was said, and they keep a slow answer alive.
#[tokio::test]
async fn case_06_comments_keep_alive() {
    let fixture = fixture("openrouter_keepalive");
    assert_eq!(written(&decode(fixture.dialect, fixture.body.as_bytes())), "Hi");
    let peer = Peer::start().await;
    let comments = (0..15).fold(Script::stream(), |script, _| script.body(": OPENROUTER PROCESSING\n\n"));
    peer.enqueue(comments.token("Hi").finish("stop").done().every(100));
    // In sum far longer than the longest silence that is allowed.
    let timeouts = Timeouts { idle: Duration::from_millis(800), ..PATIENT };
    assert_eq!(text(&ask_with(&peer, timeouts).await), "Hi");
}

/// `data:` is read without a space behind it, and one space of several belongs to the field.
#[test]
fn case_07_spaces_after_data() {
    for name in GOOD {
        let fixture = fixture(name);
        let whole = decode(fixture.dialect, fixture.body.as_bytes());
        for field in ["data:", "data:  ", "data:\t"] {
            let body = fixture.body.replace("data: ", field);
            assert_eq!(decode(fixture.dialect, body.as_bytes()), whole, "{name} {field:?}");
        }
    }
}

/// A document over several `data:` lines is one.
#[test]
fn case_08_multi_line_data() {
    let body = "data: {\"choices\":[{\"delta\":{\"content\":\ndata: \"Hi\"},\ndata: \"finish_reason\":\"stop\"}]}\n\n";
    let outcome = openai(body);
    assert_eq!((written(&outcome).as_str(), finish(&outcome)), ("Hi", Some(FinishReason::Stop)));
    let body = "data: {\"candidates\":[{\"content\":{\"parts\":[\ndata: {\"text\":\"Hi\"}]},\ndata: \"finishReason\":\"STOP\"}]}\n\n";
    assert_eq!(written(&gemini(body)), "Hi");
}

/// An event without data, of an unknown name, and the fields `id` and `retry` change nothing.
#[test]
fn case_09_events_without_data_and_unknown_fields() {
    for name in GOOD {
        let fixture = fixture(name);
        let whole = decode(fixture.dialect, fixture.body.as_bytes());
        let body = format!("event: ping\n\nid: 7\nretry: 10\n\nfield: of tomorrow\nid\n\n{}", fixture.body);
        assert_eq!(decode(fixture.dialect, body.as_bytes()), whole, "{name}");
    }
    let unknown = format!("event: of_tomorrow\n{}", data(&[&chunk(r#"{"content":"Hi"}"#, Some("stop"))]));
    assert_eq!(written(&openai(&unknown)), "Hi");
}

/// `data:` with nothing in it is no document.
#[test]
fn case_10_empty_data() {
    for name in GOOD {
        let fixture = fixture(name);
        let whole = decode(fixture.dialect, fixture.body.as_bytes());
        assert_eq!(decode(fixture.dialect, format!("data:\n\ndata: \n\ndata\n\n{}", fixture.body).as_bytes()), whole);
    }
}

/// The last event counts although the blank line behind it, or even the end of its line, is missing.
#[test]
fn case_11_no_final_blank_line() {
    for name in GOOD {
        let fixture = fixture(name);
        let whole = decode(fixture.dialect, fixture.body.as_bytes());
        let trimmed = fixture.body.trim_end();
        for body in [trimmed.to_owned(), format!("{trimmed}\n"), format!("{trimmed}\r\n")] {
            assert_eq!(decode(fixture.dialect, body.as_bytes()), whole, "{name}");
        }
        assert_eq!(finish(&whole), Some(FinishReason::Stop));
    }
}

/// A stream in one read, and one in reads of one byte, are the same, over a socket too.
#[tokio::test]
async fn case_12_one_read_or_one_byte_a_read() {
    for fixture in FIXTURES {
        let body = fixture.body.as_bytes();
        assert_eq!(decode_pieces(fixture.dialect, STREAM, body.chunks(1)), decode(fixture.dialect, body));
    }
    for provider in [Provider::OpenAi, Provider::Anthropic, Provider::Gemini] {
        let peer = Peer::start().await;
        let fixture = fixture(dialects::fixture_of(provider));
        peer.enqueue(Script::fixture(&fixture).in_pieces_of(1));
        assert_eq!(text(&dialects::ask(&peer, provider).await), "Hello 👩‍🚀", "{provider:?}");
    }
}
