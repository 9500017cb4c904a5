use domain::{ClientId, Content, Fault, FieldError, MessageId, ModelId, Problem, ProblemCode};
use realtime::FRAME_LIMIT;
use serde_json::{Map, Value};

use super::unread::Unread;

/// The most of a name of the client's that is repeated to it, in characters, and the most names: the answer has to fit into a
/// frame as well.
const SHOWN: usize = 40;
const NAMES_SHOWN: usize = 8;

/// A frame of a client's that makes sense.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Frame {
    Say(Said),
    Stop(MessageId),
    Resume { answer: Option<MessageId>, after_seq: i64 },
    Ping,
}

/// What was said.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Said {
    pub(super) client_id: ClientId,
    pub(super) content: Content,
    pub(super) model: Option<ModelId>,
}

impl Frame {
    /// Reads a frame; what is wrong with it is named, all of it at once.
    pub(super) fn read(body: &str) -> Result<Self, Unread> {
        let frame: Value = serde_json::from_str(body).map_err(|error| {
            let reason = format!("The frame is not JSON (line {}, column {})", error.line(), error.column());
            Unread::because(&Fault::Malformed(reason), None)
        })?;
        let Value::Object(frame) = frame else {
            let reason = r#"The frame must be a JSON object, such as {"action":"ping"}"#;
            return Err(Unread::because(&Fault::Malformed(reason.to_owned()), None));
        };
        let client_id = frame.get("client_id").and_then(|id| ClientId::parse("client_id", id.as_str()?).ok());
        if body.len() > FRAME_LIMIT {
            let detail = format!(
                "A frame may be at most {FRAME_LIMIT} bytes long; it has {}. Send a longer message with POST /api/messages/.",
                body.len()
            );
            return Err(Unread::new(Problem::new(ProblemCode::TooLarge, detail), client_id));
        }
        match frame.get("action").and_then(Value::as_str) {
            Some("sendMessage") => Said::read(&frame).map(Self::Say),
            Some("stop") => stop(&frame),
            Some("resume") => resume(&frame),
            Some("ping") => Fields::of(&frame, &["action"]).end().map(|()| Self::Ping),
            _ => Err(Fault::invalid("action", "must be one of: sendMessage, stop, resume, ping")),
        }
        .map_err(|fault| Unread::because(&fault, client_id))
    }
}

fn stop(frame: &Map<String, Value>) -> Result<Frame, Fault> {
    let mut fields = Fields::of(frame, &["action", "message_id"]);
    if frame.get("message_id").is_none_or(Value::is_null) {
        fields.refuse("message_id", "is missing: it must be the id of an answer");
    }
    let message_id = fields.number("message_id", 1, "must be a positive integer");
    fields.end()?;
    message_id.map(|id| Frame::Stop(id.into())).ok_or_else(|| Fault::internal("a field was neither read nor refused"))
}

fn resume(frame: &Map<String, Value>) -> Result<Frame, Fault> {
    let mut fields = Fields::of(frame, &["action", "message_id", "after_seq"]);
    let answer = fields.number("message_id", 1, "must be a positive integer").map(MessageId::from);
    let after_seq = fields.number("after_seq", 0, "must be the `seq` of a frame, or 0");
    if after_seq.is_some_and(|seq| seq > 0) && answer.is_none() {
        fields.refuse("message_id", "must say of which answer `after_seq` is");
    }
    fields.end()?;
    Ok(Frame::Resume { answer, after_seq: after_seq.unwrap_or_default() })
}

impl Said {
    fn read(frame: &Map<String, Value>) -> Result<Self, Fault> {
        let mut fields = Fields::of(frame, &["action", "client_id", "content", "model"]);
        let client_id = fields.required("client_id", ClientId::parse);
        let content = fields.required("content", Content::parse);
        let model = fields.optional("model", ModelId::parse);
        fields.end()?;
        match (client_id, content) {
            (Some(client_id), Some(content)) => Ok(Self { client_id, content, model }),
            _ => Err(Fault::internal("a field was neither read nor refused")),
        }
    }
}

/// Reads the members of a frame and gathers what is wrong with them.
struct Fields<'a> {
    frame: &'a Map<String, Value>,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    fn of(frame: &'a Map<String, Value>, known: &[&str]) -> Self {
        let unknown = frame.keys().filter(|name| !known.contains(&name.as_str()));
        let errors = unknown.map(|name| FieldError {
            field: name.chars().take(SHOWN).collect(),
            reason: format!("is not known here; expected: {}", known.join(", ")),
        });
        Self { frame, errors: errors.take(NAMES_SHOWN).collect() }
    }

    fn required<T>(&mut self, name: &'static str, parse: fn(&'static str, &str) -> Result<T, Fault>) -> Option<T> {
        if self.frame.get(name).is_none_or(Value::is_null) {
            self.refuse(name, "is missing: it must be a string");
            return None;
        }
        self.optional(name, parse)
    }

    fn optional<T>(&mut self, name: &'static str, parse: fn(&'static str, &str) -> Result<T, Fault>) -> Option<T> {
        let parsed = match self.frame.get(name)? {
            Value::Null => return None,
            Value::String(value) => parse(name, value),
            _ => Err(Fault::invalid(name, "must be a string")),
        };
        match parsed {
            Ok(value) => Some(value),
            Err(Fault::Invalid(errors)) => {
                self.errors.extend(errors);
                None
            }
            Err(_) => {
                self.refuse(name, "is not valid");
                None
            }
        }
    }

    /// An integer that is at least so large.
    fn number(&mut self, name: &'static str, least: i64, reason: &str) -> Option<i64> {
        let value = self.frame.get(name).filter(|value| !value.is_null())?;
        let number = value.as_i64().filter(|number| *number >= least);
        if number.is_none() {
            self.refuse(name, reason);
        }
        number
    }

    fn refuse(&mut self, field: &str, reason: &str) {
        self.errors.push(FieldError { field: field.to_owned(), reason: reason.to_owned() });
    }

    fn end(self) -> Result<(), Fault> {
        if self.errors.is_empty() { Ok(()) } else { Err(Fault::Invalid(self.errors)) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use realtime::ServerFrame;
    use serde_json::json;

    use super::*;

    fn refused(body: &str) -> Problem {
        *Frame::read(body).expect_err("the frame is refused").problem
    }

    #[test]
    fn a_message_is_read_and_null_is_absent() {
        let body = json!({"action": "sendMessage", "client_id": "one", "content": "Hello", "model": null}).to_string();
        let Ok(Frame::Say(said)) = Frame::read(&body) else { panic!("it is refused") };
        assert_eq!((said.client_id.as_str(), said.content.as_str(), said.model), ("one", "Hello", None));
        assert_eq!(Frame::read(r#"{"action":"ping"}"#).ok(), Some(Frame::Ping));
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let problem = refused(r#"{"action":"sendMessage","content":7,"model":"two words","colour":"red"}"#);
        let named: Vec<_> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(named, ["colour", "client_id", "content", "model"]);
        assert_eq!(problem.errors[0].reason, "is not known here; expected: action, client_id, content, model");
    }

    #[test]
    fn a_frame_that_cannot_be_read_says_what_a_frame_is() {
        assert_eq!(refused("{").detail, "The frame is not JSON (line 1, column 1).");
        assert_eq!(refused("[]").detail, r#"The frame must be a JSON object, such as {"action":"ping"}."#);
        for body in ["{}", r#"{"action":"dance"}"#, r#"{"action":7}"#] {
            assert_eq!(refused(body).detail, "`action` must be one of: sendMessage, stop, resume, ping.", "{body}");
        }
    }

    #[test]
    fn a_stop_names_an_answer() {
        assert_eq!(Frame::read(r#"{"action":"stop","message_id":7}"#).ok(), Some(Frame::Stop(7.into())));
        for id in ["", r#","message_id":null"#, r#","message_id":"7""#, r#","message_id":0"#, r#","message_id":1.5"#] {
            let problem = refused(&format!(r#"{{"action":"stop"{id}}}"#));
            assert_eq!(problem.errors.len(), 1, "{id}");
            assert_eq!(problem.errors[0].field, "message_id", "{id}");
        }
    }

    #[test]
    fn a_resume_may_name_an_answer_and_where_to_go_on() {
        let resumed =
            |answer: Option<i64>, after_seq| Some(Frame::Resume { answer: answer.map(Into::into), after_seq });
        for (body, frame) in [
            (r#"{"action":"resume"}"#, resumed(None, 0)),
            (r#"{"action":"resume","message_id":null,"after_seq":null}"#, resumed(None, 0)),
            (r#"{"action":"resume","message_id":7}"#, resumed(Some(7), 0)),
            (r#"{"action":"resume","message_id":7,"after_seq":3}"#, resumed(Some(7), 3)),
        ] {
            assert_eq!(Frame::read(body).ok(), frame, "{body}");
        }
        for (body, field) in [
            (r#"{"action":"resume","message_id":7,"after_seq":-1}"#, "after_seq"),
            (r#"{"action":"resume","after_seq":3}"#, "message_id"),
            (r#"{"action":"resume","message_id":true}"#, "message_id"),
        ] {
            assert_eq!(refused(body).errors[0].field, field, "{body}");
        }
    }

    #[test]
    fn a_refused_message_is_named_by_its_client_id() {
        let body = json!({"action": "sendMessage", "client_id": "one", "content": "x".repeat(FRAME_LIMIT)}).to_string();
        let unread = Frame::read(&body).expect_err("the frame is refused");
        assert_eq!(unread.client_id.as_ref().map(ClientId::as_str), Some("one"));
        assert_eq!(unread.problem.status, 413);
        assert!(unread.problem.detail.contains("24576") && unread.problem.detail.contains("POST /api/messages/"));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_answered_by_a_frame_that_fits(
            names in prop::collection::vec("(?s).{0,80}", 0..200),
            value: String,
            action in prop_oneof![Just("sendMessage"), Just("stop"), Just("resume"), Just("ping"), Just("x")],
        ) {
            let mut frame = json!({"action": action});
            for name in names {
                frame[name] = value.clone().into();
            }
            if let Err(unread) = Frame::read(&frame.to_string()) {
                prop_assert!(ServerFrame::error(None, *unread.problem, unread.client_id).encode().is_ok());
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(body: String) {
            let _ = Frame::read(&body);
        }
    }
}
