/// How much is kept, in bytes: an error is shorter.
const LIMIT: usize = 4 * 1024;
/// The longest name of a field with its colon, behind a byte order mark.
const NAME: usize = 9;

/// The lines of a stream that are no field of an event. A parser of events passes over them, and servers put errors there: as a
/// bare document in the place of the stream, or, as Gemini does, in the middle of it.
#[derive(Debug, Default)]
pub(super) struct Stray {
    kept: Vec<u8>,
    /// The beginning of the line that is being read, until it is known what it is.
    name: Vec<u8>,
    line: Line,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Line {
    #[default]
    Unknown,
    Field,
    Stray,
}

impl Stray {
    /// Takes the next bytes of the stream.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        if self.kept.len() >= LIMIT {
            return;
        }
        while !bytes.is_empty() {
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
            self.part(part);
            if end.is_some() {
                self.end_line();
            }
            bytes = rest.get(1..).unwrap_or_default();
        }
    }

    /// What is kept of them. A line that is not known yet is one, if the stream ended in it.
    pub(super) fn bytes(&mut self) -> &[u8] {
        if self.line == Line::Unknown && !self.name.is_empty() {
            self.judge();
        }
        &self.kept
    }

    fn part(&mut self, part: &[u8]) {
        let mut part = part;
        if self.line == Line::Unknown {
            let (name, rest) = part.split_at(part.len().min(NAME - self.name.len()));
            self.name.extend_from_slice(name);
            part = rest;
            if self.name.len() == NAME || self.name.contains(&b':') {
                self.judge();
            }
        }
        if self.line == Line::Stray {
            self.keep(part);
        }
    }

    fn end_line(&mut self) {
        if self.line == Line::Unknown && !self.name.is_empty() {
            self.judge();
        }
        if self.line == Line::Stray {
            self.keep(b"\n");
        }
        self.name.clear();
        self.line = Line::Unknown;
    }

    fn judge(&mut self) {
        let line = self.name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.name);
        let field: [&[u8]; 4] = [b"data", b"event", b"id", b"retry"];
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        // A line that begins with a colon is a comment.
        self.line = if name.is_empty() || field.contains(&name) { Line::Field } else { Line::Stray };
        if self.line == Line::Stray {
            let name = std::mem::take(&mut self.name);
            self.keep(&name);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.kept.extend_from_slice(&bytes[..bytes.len().min(LIMIT - self.kept.len())]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stray<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
        let mut stray = Stray::default();
        for piece in pieces {
            stray.feed(piece);
        }
        String::from_utf8_lossy(stray.bytes()).into_owned()
    }

    #[test]
    fn what_is_no_field_is_kept_however_it_is_cut() {
        for (body, kept) in [
            ("data: {\"a\":1}\n\n: ping\nevent: x\nid: 7\nretry: 1\ndata\n\n", ""),
            ("{\n  \"error\": {\n    \"code\": 503\n  }\n}", "{\n  \"error\": {\n    \"code\": 503\n  }\n}"),
            ("data: x\r\n\r\n[{\"error\":1}]\r\n", "[{\"error\":1}]\n"),
            ("\u{feff}data: x\n\n<html>", "<html>"),
            ("dates: x\n", "dates: x\n"),
            ("hi", "hi"),
        ] {
            assert_eq!(stray([body.as_bytes()]), kept, "{body}");
            for at in 0..=body.len() {
                let (before, after) = body.as_bytes().split_at(at);
                assert_eq!(stray([before, after]), kept, "{body} cut at {at}");
            }
        }
    }

    #[test]
    fn an_endless_line_is_not_kept() {
        let line = vec![b'x'; 1024];
        assert_eq!(stray(std::iter::repeat_n(line.as_slice(), 64)).len(), LIMIT);
    }

    proptest! {
        #[test]
        fn anything_is_the_same_however_it_is_cut(body in "(data: |data|id|:|x|\\{|\n|\r|é){0,30}", size in 1_usize..8) {
            let whole = stray([body.as_bytes()]);
            prop_assert_eq!(stray(body.as_bytes().chunks(size)), whole);
        }
    }
}
