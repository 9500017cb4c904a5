use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard};

use domain::{Clock, FinishReason, utf16_len};
use futures::stream;
use llm::{LlmSettings, Models, Prompt};
use realtime::{Resumed, WireFrame};
use serde_json::Value;

use super::*;

/// A journal that keeps what it is given, as the database does.
pub(super) struct Notebook {
    pub(super) started: Instant,
    takes: Duration,
    stored: Mutex<Stored>,
}

#[derive(Clone, Default)]
pub(super) struct Stored {
    pub(super) text: String,
    thinking: String,
    pub(super) last_seq: i64,
    pub(super) checkpoints: Vec<Instant>,
    pub(super) outcome: Option<Outcome>,
    pub(super) finished_at: Option<Instant>,
    away: Option<(Instant, Instant)>,
    lost_at: Option<Instant>,
    stop_at: Option<Instant>,
}

impl Notebook {
    /// One whose every commit takes so long.
    pub(super) fn taking(takes: Duration) -> Self {
        Self { started: Instant::now(), takes, stored: Mutex::default() }
    }

    /// Between these times it does not answer; what it was given then is stored half of the time.
    pub(super) fn away(&self, from: Instant, to: Instant) {
        self.lock().away = Some((from, to));
    }

    pub(super) fn lose_claim_at(&self, at: Instant) {
        self.lock().lost_at = Some(at);
    }

    /// From then on its checkpoints say that the answer is to be stopped.
    pub(super) fn stop_at(&self, at: Instant) {
        self.lock().stop_at = Some(at);
    }

    pub(super) fn stored(&self) -> Stored {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock().unwrap()
    }

    fn add(&self, grown: &Growth) -> Result<Standing, Fault> {
        let mut stored = self.lock();
        let now = Instant::now();
        if stored.lost_at.is_some_and(|lost_at| lost_at <= now) {
            return Ok(Standing::Lost);
        }
        let away = stored.away.is_some_and(|(from, to)| (from..to).contains(&now));
        // The commit may go through although its answer does not come back.
        if !away || grown.last_seq % 2 == 0 {
            stored.text =
                stored.text.chars().take(usize::try_from(grown.text_at).unwrap()).collect::<String>() + &grown.text;
            let before: String = stored.thinking.chars().take(usize::try_from(grown.thinking_at).unwrap()).collect();
            stored.thinking = before + &grown.thinking;
            stored.last_seq = grown.last_seq;
        }
        if away {
            return Err(Fault::Unavailable { dependency: "The database", retry_after: 5, source: None });
        }
        let stopped = stored.stop_at.is_some_and(|stop_at| stop_at <= now);
        Ok(if stopped { Standing::StopRequested } else { Standing::Held })
    }
}

impl Journal for Notebook {
    async fn checkpoint(&self, grown: &Growth) -> Result<Standing, Fault> {
        sleep(self.takes).await;
        self.lock().checkpoints.push(Instant::now());
        self.add(grown)
    }

    async fn finish(&self, grown: &Growth, outcome: &Outcome) -> Result<Option<AnswerState>, Fault> {
        sleep(self.takes).await;
        if !self.add(grown)?.is_held() {
            return Ok(None);
        }
        let mut stored = self.lock();
        stored.outcome = Some(outcome.clone());
        stored.finished_at = Some(Instant::now());
        Ok(Some(AnswerState {
            id: MESSAGE.into(),
            parent_id: None,
            status: outcome.status,
            model: outcome.model.clone(),
            finish_reason: outcome.finish_reason,
            usage: outcome.usage,
            cost_micros: outcome.cost_micros,
            notices: outcome.notices.clone(),
            fallback_from: outcome.fallback_from.clone(),
            timestamp: Clock::system().now(),
        }))
    }
}

const MESSAGE: i64 = 7;

/// What becomes of one post, and how long it takes in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Post {
    pub(super) delivery: Delivery,
    pub(super) takes: u64,
}

/// An audience that answers to posts as it was told to, and otherwise takes 10 ms for each.
pub(super) struct Room {
    own: ConnectionId,
    sockets: Mutex<BTreeMap<ConnectionId, Socket>>,
    told: Mutex<bool>,
    signals: Mutex<Signals>,
}

#[derive(Default)]
struct Socket {
    script: VecDeque<Post>,
    got: Vec<(Instant, Value)>,
    busy: bool,
}

impl Room {
    /// These watch; the first one is the socket that asked.
    pub(super) fn of<const N: usize>(names: [&str; N]) -> Self {
        let sockets = names.iter().map(|name| (connection(name), Socket::default())).collect();
        Self {
            own: connection(names[0]),
            sockets: Mutex::new(sockets),
            told: Mutex::default(),
            signals: Mutex::default(),
        }
    }

    pub(super) fn answers(&self, name: &str, script: impl IntoIterator<Item = Post>) {
        self.sockets.lock().unwrap().get_mut(&connection(name)).unwrap().script.extend(script);
    }

    pub(super) fn enter(&self, connection: ConnectionId) {
        self.sockets.lock().unwrap().entry(connection).or_default();
    }

    /// Wants the answer to be stopped.
    pub(super) fn stop(&self) {
        self.signals.lock().unwrap().stop = true;
    }

    /// Goes on after this frame, as `ws_message` asks for it.
    pub(super) fn resume(&self, name: &str, after_seq: i64) {
        let connection = connection(name);
        self.enter(connection.clone());
        let resumed = &mut self.signals.lock().unwrap().resumed;
        let at = resumed.len().to_string();
        resumed.retain(|wish| wish.connection != connection);
        resumed.push(Resumed { connection, after_seq, at });
    }

    /// What arrived, and when.
    pub(super) fn frames(&self, name: &str) -> Vec<(Instant, Value)> {
        self.sockets.lock().unwrap()[&connection(name)].got.clone()
    }

    pub(super) fn was_told_of_the_end(&self) -> bool {
        *self.told.lock().unwrap()
    }
}

impl Audience for Room {
    async fn watchers(&self) -> Result<Vec<ConnectionId>, Fault> {
        sleep(2 * MILLISECOND).await;
        Ok(self.sockets.lock().unwrap().keys().cloned().collect())
    }

    async fn signals(&self) -> Result<Signals, Fault> {
        sleep(3 * MILLISECOND).await;
        Ok(self.signals.lock().unwrap().clone())
    }

    async fn post(&self, connection: &ConnectionId, frame: &WireFrame) -> Delivery {
        let begun = Instant::now();
        let post = {
            let mut sockets = self.sockets.lock().unwrap();
            let socket = sockets.get_mut(connection).unwrap();
            assert!(!std::mem::replace(&mut socket.busy, true), "one post in flight a connection");
            socket.script.pop_front().unwrap_or(Post { delivery: Delivery::Sent, takes: 10 })
        };
        sleep(Duration::from_millis(post.takes)).await;
        let mut sockets = self.sockets.lock().unwrap();
        let socket = sockets.get_mut(connection).unwrap();
        socket.busy = false;
        if post.delivery == Delivery::Sent {
            socket.got.push((begun, serde_json::from_slice(&frame.bytes()).unwrap()));
        }
        post.delivery
    }

    async fn ended(&self, _: &AnswerState) {
        *self.told.lock().unwrap() = true;
    }
}

pub(super) fn connection(name: &str) -> ConnectionId {
    ConnectionId::from(name.to_owned())
}

/// Writes an answer whose steps come one after the other, each so many milliseconds after the one before.
pub(super) async fn run(
    notebook: &Notebook,
    room: &Room,
    steps: impl IntoIterator<Item = (u64, Result<Step, Failure>)>,
    limit: Duration,
) -> Result<(), Fault> {
    let steps: VecDeque<_> = steps.into_iter().collect();
    let steps = stream::unfold(steps, async |mut steps| {
        let (gap, step) = steps.pop_front()?;
        sleep(Duration::from_millis(gap)).await;
        Some((step, steps))
    });
    let id = ConversationId::new(&Clock::system());
    let models = Models::new(LlmSettings::default()).unwrap();
    let meter = Meter::new(&models, &Prompt::default());
    let writing = Writing::new(notebook, room, id, MESSAGE.into(), meter, Some(room.own.clone()));
    writing.run(steps.boxed(), Instant::now() + limit).await.map(drop)
}

#[expect(clippy::unnecessary_wraps, reason = "the steps of a script are listed beside failures")]
pub(super) fn asked() -> Result<Step, Failure> {
    Ok(Step::Asked { provider: "test".to_owned(), model: "test/model".to_owned() })
}

#[expect(clippy::unnecessary_wraps, reason = "as above")]
pub(super) fn text(text: &str) -> Result<Step, Failure> {
    Ok(Step::Event(Event::Text(text.to_owned())))
}

#[expect(clippy::unnecessary_wraps, reason = "as above")]
pub(super) fn thought(text: &str) -> Result<Step, Failure> {
    Ok(Step::Event(Event::Thinking(text.to_owned())))
}

#[expect(clippy::unnecessary_wraps, reason = "as above")]
pub(super) fn finished() -> Result<Step, Failure> {
    Ok(Step::Event(Event::Finished(FinishReason::Stop)))
}

/// The kinds of some frames.
pub(super) fn types(frames: &[(Instant, Value)]) -> Vec<String> {
    frames.iter().map(|(_, frame)| frame["type"].as_str().unwrap().to_owned()).collect()
}

pub(super) fn delta_times(frames: &[(Instant, Value)]) -> Vec<Instant> {
    frames.iter().filter(|(_, frame)| frame["type"] == "reply.delta").map(|(at, _)| *at).collect()
}

/// What a client shows that had read `text`: it adds what begins where its text ends, and leaves out what it has.
pub(super) fn assembled(frames: &[(Instant, Value)], text: &str) -> String {
    let mut text: Vec<u16> = text.encode_utf16().collect();
    let mut last_seq = None;
    for (_, frame) in frames {
        if let Some(seq) = frame["seq"].as_i64() {
            assert!(last_seq.is_none_or(|last| seq == last + 1), "a gap between {last_seq:?} and {seq}");
            last_seq = Some(seq);
        }
        if frame["type"] == "reply.delta" {
            let offset = usize::try_from(frame["offset"].as_u64().unwrap()).unwrap();
            let added = frame["text"].as_str().unwrap();
            if offset + utf16_len(added) <= text.len() {
                continue;
            }
            assert!(offset <= text.len(), "a gap in the text");
            text.extend(added.encode_utf16().skip(text.len() - offset));
        }
    }
    String::from_utf16(&text).unwrap()
}
