//! One answer being written: a single loop in the invocation's own future, because a sandbox freezes when that ends.

mod draft;

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use domain::{AnswerState, ConversationId, Fault, MessageId, MessageStatus, Notice, Problem, ProblemCode};
use futures::future::{BoxFuture, OptionFuture, join};
use futures::stream::{BoxStream, FuturesUnordered};
use futures::{FutureExt as _, StreamExt as _};
use llm::Event;
use realtime::{ConnectionId, Delivery, Fanout, FrameCutter, Pace, ServerFrame, Signals};
use store::{Growth, Outcome, Standing};
use tokio::select;
use tokio::time::{Instant, sleep, sleep_until};

use self::draft::Draft;
use super::meter::Meter;
use super::ports::{Audience, Journal};
use super::step::{Failure, Step};

/// How often text is stored, and watchers are looked for.
const CHECKPOINT: Duration = Duration::from_secs(1);

/// How often readers are listened to. A provider goes on writing, and is paid, until a stop is heard.
const LISTENING: Duration = Duration::from_millis(250);

/// How often the lease is renewed when there is no text to store. It holds for 30 seconds.
const RENEWAL: Duration = Duration::from_secs(10);

/// How long the end of an answer is tried to be stored. Afterwards the lease has expired, and readers take it for interrupted.
const FINISHING: Duration = Duration::from_secs(25);

/// How long a slow socket is waited for after the answer has ended: a long answer that a model wrote at once takes a slow reader a
/// while, and who hears nothing more has to read the whole of it again.
const DRAINING: Duration = Duration::from_mins(2);

/// How far beyond the deadline of the writing that may go; the invocation ends soon after.
const DRAINING_LATE: Duration = Duration::from_secs(8);

/// An answer that is being written.
pub(super) struct Writing<'a, J, A> {
    journal: &'a J,
    audience: &'a A,
    conversation_id: ConversationId,
    message_id: MessageId,
    cutter: FrameCutter,
    fanout: Fanout,
    posts: FuturesUnordered<BoxFuture<'a, (ConnectionId, Delivery)>>,
    draft: Draft,
    outcome: Outcome,
    meter: Meter<'a>,
    /// What readers want is being asked.
    listening: Option<BoxFuture<'a, Result<Signals, Fault>>>,
    next_listening: Instant,
    /// Which wish of each connection to go on was heard last.
    heard: BTreeMap<ConnectionId, String>,
    /// What is being stored, and who is being looked for; one at a time.
    tending: Option<BoxFuture<'a, Tended>>,
    next_tending: Instant,
    renewed_at: Instant,
    /// How many frames there were at the last two checkpoints. Who is found later has read what was stored at one of them, or
    /// later still, and gets the frames from there on: some of them again, none of them not at all.
    stored: VecDeque<usize>,
}

/// What became of a checkpoint.
struct Tended {
    /// What was to be stored, and whether it was; absent when nothing had to be.
    written: Option<(Growth, Result<Standing, Fault>)>,
    /// How many frames it reached.
    position: usize,
    watchers: Result<Vec<ConnectionId>, Fault>,
}

/// The answer belongs to somebody else by now, or is gone with its conversation.
#[derive(Debug)]
struct ClaimLost;

impl<'a, J: Journal, A: Audience> Writing<'a, J, A> {
    /// An answer of which there is nothing yet. `own` is the socket that asked for it, which an index may not know yet.
    pub(super) fn new(
        journal: &'a J,
        audience: &'a A,
        conversation_id: ConversationId,
        message_id: MessageId,
        meter: Meter<'a>,
        own: Option<ConnectionId>,
    ) -> Self {
        let mut fanout = Fanout::default();
        if let Some(connection) = own {
            fanout.join(connection, 0);
        }
        Self {
            journal,
            audience,
            conversation_id,
            message_id,
            cutter: FrameCutter::new(conversation_id, message_id),
            fanout,
            posts: FuturesUnordered::new(),
            draft: Draft::default(),
            outcome: Outcome::new(MessageStatus::Interrupted),
            meter,
            listening: None,
            next_listening: Instant::now(),
            heard: BTreeMap::new(),
            tending: None,
            // Watchers are looked for at once.
            next_tending: Instant::now(),
            renewed_at: Instant::now(),
            stored: VecDeque::from([0, 0]),
        }
    }

    /// Writes the answer to its end, which comes at the deadline at the latest. `None` when it was not ours any more.
    pub(super) async fn run(
        mut self,
        steps: BoxStream<'a, Result<Step, Failure>>,
        deadline: Instant,
    ) -> Result<Option<AnswerState>, Fault> {
        let Ok(()) = self.grow(steps, deadline).await else {
            tracing::info!("the answer is not ours any more");
            return Ok(None);
        };
        let Some(answer) = self.finish().await? else {
            tracing::info!("the answer is not ours any more");
            return Ok(None);
        };
        tracing::info!(status = answer.status.as_str(), frames = self.cutter.last_seq(), "the answer is stored");
        self.tell_end(answer.clone(), deadline).await;
        Ok(Some(answer))
    }

    /// Takes the model's answer as it comes, until it ends in whatever way.
    async fn grow(
        &mut self,
        mut steps: BoxStream<'a, Result<Step, Failure>>,
        deadline: Instant,
    ) -> Result<(), ClaimLost> {
        loop {
            let now = Instant::now();
            self.tend(now);
            self.listen(now);
            self.cut(now);
            self.start_posts(now);
            let wake = self.wake(now);
            select! {
                biased;
                Some((connection, delivery)) = self.posts.next(), if !self.posts.is_empty() => {
                    self.fanout.finished(&connection, delivery, Instant::now());
                }
                Some(tended) = OptionFuture::from(self.tending.as_mut()), if self.tending.is_some() => {
                    if self.tended(tended)? {
                        self.stop();
                        return Ok(());
                    }
                }
                Some(signals) = OptionFuture::from(self.listening.as_mut()), if self.listening.is_some() => {
                    self.listening = None;
                    if self.hear(signals) {
                        self.stop();
                        return Ok(());
                    }
                }
                step = steps.next() => if self.take(step) {
                    return Ok(());
                },
                () = sleep_until(deadline) => {
                    let detail = "The answer took longer than it may. What there is of it is kept; ask again for the rest.";
                    self.outcome.error = Some(Problem::new(ProblemCode::AnswerCut, detail));
                    return Ok(());
                }
                () = sleep_until(wake.unwrap_or(deadline)), if wake.is_some() => {}
            }
        }
    }

    /// Takes one step; `true` when it was the last.
    fn take(&mut self, step: Option<Result<Step, Failure>>) -> bool {
        let event = match step {
            Some(Ok(Step::Asked { provider, model })) => {
                self.outcome.provider = Some(provider);
                self.outcome.model = Some(model.clone());
                let (conversation_id, message_id) = (self.conversation_id, self.message_id);
                self.push(&ServerFrame::ReplyStarted { conversation_id, message_id, model }, Pace::AtOnce);
                return false;
            }
            Some(Ok(Step::Cost(cost_micros))) => {
                self.outcome.cost_micros = Some(cost_micros);
                return false;
            }
            Some(Ok(Step::Event(event))) => event,
            Some(Err(Failure { problem, cut })) => {
                self.outcome.status = if cut { MessageStatus::Interrupted } else { MessageStatus::Failed };
                self.outcome.error = Some(*problem);
                return true;
            }
            None => {
                let detail =
                    "The model's answer ended in the middle. What there is of it is kept; ask again for the rest.";
                self.outcome.error = Some(Problem::new(ProblemCode::AnswerCut, detail));
                return true;
            }
        };
        match event {
            Event::Text(text) => {
                self.meter.count(&text);
                self.cutter.push_text(&storable(text));
            }
            Event::Thinking(text) => {
                self.meter.count(&text);
                self.cutter.push_thinking(&storable(text));
            }
            Event::Trimmed => self.tell(Notice::Trimmed, None),
            Event::Retrying => self.tell(Notice::Retrying, None),
            Event::FellBack { from, to } => self.fall_back(from, to),
            Event::Usage(usage) => self.outcome.usage = Some(usage),
            Event::Finished(reason) => {
                self.outcome.status = MessageStatus::Complete;
                self.outcome.finish_reason = Some(reason);
                return true;
            }
        }
        false
    }

    /// Ends the answer where it is. Its provider's request ends with the steps.
    fn stop(&mut self) {
        self.outcome.status = MessageStatus::Stopped;
        if self.outcome.usage.is_none() {
            (self.outcome.usage, self.outcome.cost_micros) = self.meter.read(self.outcome.model.as_deref());
        }
    }

    /// Tells something about the answer. That it is asked again matters only meanwhile; the rest is kept with it.
    fn tell(&mut self, notice: Notice, models: Option<(String, String)>) {
        if notice != Notice::Retrying && !self.outcome.notices.contains(&notice) {
            self.outcome.notices.push(notice);
        }
        let (from, to) = models.unzip();
        let (conversation_id, message_id) = (self.conversation_id, self.message_id);
        self.push(&ServerFrame::ReplyNotice { conversation_id, message_id, notice, from, to }, Pace::AtOnce);
    }

    /// Another model answers from here on.
    fn fall_back(&mut self, from: String, to: String) {
        self.outcome.provider = to.split('/').next().map(str::to_owned);
        self.outcome.model = Some(to.clone());
        self.outcome.fallback_from.get_or_insert_with(|| from.clone());
        self.tell(Notice::Fallback, Some((from, to)));
    }

    /// Stores the rest and the end. `None` when the answer is not ours any more.
    async fn finish(&mut self) -> Result<Option<AnswerState>, Fault> {
        let now = Instant::now();
        self.cut_rest(now);
        // One after the other: what a checkpoint stores comes before what the end adds.
        if let Some(tending) = self.tending.take() {
            let tended = self.while_posting(tending).await;
            if self.tended(tended).is_err() {
                return Ok(None);
            }
        }
        let (journal, grown, outcome) = (self.journal, self.draft.take(self.cutter.last_seq()), self.outcome.clone());
        let stored = async move {
            let mut pause = Duration::from_millis(100);
            loop {
                match journal.finish(&grown, &outcome).await {
                    Err(fault @ Fault::Unavailable { .. }) if Instant::now() + pause < now + FINISHING => {
                        tracing::warn!(error = &fault as &dyn std::error::Error, "the end is not stored yet");
                        sleep(pause).await;
                        pause = (pause * 2).min(CHECKPOINT);
                    }
                    result => return result,
                }
            }
        };
        self.while_posting(stored).await
    }

    /// Tells everybody how it ended, and waits until they know.
    async fn tell_end(&mut self, answer: AnswerState, deadline: Instant) {
        let (audience, drained_by) = (self.audience, (Instant::now() + DRAINING).min(deadline + DRAINING_LATE));
        let (length, last_seq) = (self.cutter.length(), self.cutter.last_seq());
        let problem = self.outcome.error.clone();
        if let Some(end) = ServerFrame::ended(self.conversation_id, answer.clone(), problem, length, last_seq) {
            self.push(&end, Pace::AtOnce);
        }
        // Whoever asked to go on while the end was being stored has read the answer as unfinished.
        let ((), signals) = self.while_posting(join(audience.ended(&answer), audience.signals())).await;
        self.hear(signals);
        while !self.fanout.is_idle() && Instant::now() < drained_by {
            self.post_until(drained_by).await;
        }
    }

    /// Cuts a frame when one is due and somebody can take it.
    fn cut(&mut self, now: Instant) {
        while self.cutter.wait(now) == Some(Duration::ZERO) && self.fanout.wants_more(now) {
            self.cut_frame(now, Pace::Paced);
        }
    }

    /// Cuts all there is. The last words do not keep their distance: the reader waits for nothing else.
    fn cut_rest(&mut self, now: Instant) {
        while self.cutter.wait(now).is_some() {
            self.cut_frame(now, Pace::AtOnce);
        }
    }

    fn cut_frame(&mut self, now: Instant, pace: Pace) {
        if let Some(frame) = self.cutter.cut(now) {
            self.draft.add(&frame);
            self.push(&frame, pace);
        }
    }

    fn push(&mut self, frame: &ServerFrame, pace: Pace) {
        match frame.encode() {
            Ok(wire) if matches!(frame, ServerFrame::ReplyDelta { .. } | ServerFrame::ReplyThinking { .. }) => {
                self.fanout.push_counted(wire, pace);
            }
            Ok(wire) => self.fanout.push(wire, pace),
            // The sockets see a gap and read the message again.
            Err(fault) => tracing::error!(error = &fault as &dyn std::error::Error, "a frame could not be made"),
        }
    }

    fn start_posts(&mut self, now: Instant) {
        let audience = self.audience;
        for (connection, frame) in self.fanout.start(now, self.cutter.pause(now)) {
            let post = async move {
                let delivery = audience.post(&connection, &frame).await;
                (connection, delivery)
            };
            self.posts.push(post.boxed());
        }
    }

    /// Begins a checkpoint when its time has come.
    fn tend(&mut self, now: Instant) {
        if self.tending.is_some() || now < self.next_tending {
            return;
        }
        self.next_tending = now + CHECKPOINT;
        // Slow sockets hold frames back; they do not hold back what is stored.
        while self.cutter.wait(now) == Some(Duration::ZERO) {
            self.cut_frame(now, Pace::Paced);
        }
        let renew = now >= self.renewed_at + RENEWAL;
        let grown = (renew || !self.draft.is_empty()).then(|| self.draft.take(self.cutter.last_seq()));
        if grown.is_some() {
            self.renewed_at = now;
        }
        let (journal, audience, position) = (self.journal, self.audience, self.fanout.position());
        let tending = async move {
            let written = OptionFuture::from(grown.map(async |grown| {
                let written = journal.checkpoint(&grown).await;
                (grown, written)
            }));
            let (written, watchers) = join(written, audience.watchers()).await;
            Tended { written, position, watchers }
        };
        self.tending = Some(tending.boxed());
    }

    /// Takes note of a checkpoint; `true` when the answer is to be stopped.
    fn tended(&mut self, tended: Tended) -> Result<bool, ClaimLost> {
        self.tending = None;
        let from = self.stored.front().copied().unwrap_or_default();
        match tended.watchers {
            Ok(watchers) => watchers.into_iter().for_each(|connection| self.fanout.join(connection, from)),
            Err(fault) => {
                tracing::warn!(error = &fault as &dyn std::error::Error, "new watchers could not be looked for");
            }
        }
        match tended.written {
            Some((_, Ok(Standing::Lost))) => return Err(ClaimLost),
            Some((grown, Err(fault))) => {
                tracing::warn!(error = &fault as &dyn std::error::Error, "the answer grows without being stored");
                self.draft.put_back(grown);
            }
            Some((_, Ok(standing))) => {
                self.passed(tended.position);
                return Ok(standing == Standing::StopRequested);
            }
            None => self.passed(tended.position),
        }
        Ok(false)
    }

    fn passed(&mut self, position: usize) {
        self.stored.push_back(position);
        self.stored.pop_front();
    }

    /// Asks what readers want when its time has come.
    fn listen(&mut self, now: Instant) {
        if self.listening.is_none() && now >= self.next_listening {
            self.next_listening = now + LISTENING;
            self.listening = Some(self.audience.signals().boxed());
        }
    }

    /// Takes note of what readers want; `true` when the answer is to be stopped.
    fn hear(&mut self, signals: Result<Signals, Fault>) -> bool {
        match signals {
            Ok(signals) => {
                for wish in signals.resumed {
                    if self.heard.insert(wish.connection.clone(), wish.at.clone()).as_ref() != Some(&wish.at) {
                        self.fanout.resume(&wish.connection, wish.after_seq);
                    }
                }
                signals.stop
            }
            Err(fault) => {
                tracing::warn!(error = &fault as &dyn std::error::Error, "readers could not be listened to");
                false
            }
        }
    }

    /// When something has to be done next, if nothing happens before.
    fn wake(&self, now: Instant) -> Option<Instant> {
        let frame = self.cutter.wait(now).filter(|wait| !wait.is_zero() || self.fanout.wants_more(now));
        let tending = self.tending.is_none().then_some(self.next_tending);
        let listening = self.listening.is_none().then_some(self.next_listening);
        frame.into_iter().chain(self.fanout.wait(now)).map(|wait| now + wait).chain(tending).chain(listening).min()
    }

    /// Goes on posting what there is while something else is awaited.
    async fn while_posting<T>(&mut self, other: impl Future<Output = T>) -> T {
        let mut other = pin!(other);
        loop {
            let far = Instant::now() + CHECKPOINT;
            select! {
                biased;
                output = &mut other => return output,
                () = self.post_until(far) => {}
            }
        }
    }

    /// Starts what can be started, and returns when one post has ended or something may have become possible.
    async fn post_until(&mut self, limit: Instant) {
        let now = Instant::now();
        self.start_posts(now);
        let wake = self.fanout.wait(now).map_or(limit, |wait| limit.min(now + wait));
        select! {
            biased;
            Some((connection, delivery)) = self.posts.next(), if !self.posts.is_empty() => {
                self.fanout.finished(&connection, delivery, Instant::now());
            }
            () = sleep_until(wake) => {}
        }
    }
}

/// Postgres cannot store U+0000 in text.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

#[cfg(test)]
mod tests;
