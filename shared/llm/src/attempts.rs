//! An answer in several attempts: what happens before its first word is invisible, and nothing is tried again after it.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt as _;
use futures::stream;
use tokio::time::{Instant, sleep_until};

use crate::answer::{self, AnswerStream};
use crate::codec::{self, Request};
use crate::context::{Budget, estimate_prompt, fit};
use crate::models::{Models, Remote};
use crate::{AnswerOptions, Event, LlmError, LlmErrorKind, Prompt};

/// How long a provider that did not answer is left alone, if there is another one to ask.
const REST: TimeDelta = TimeDelta::seconds(30);
/// The longest that a provider may ask for itself.
const LONGEST_REST: TimeDelta = TimeDelta::seconds(120);
/// The longest pause between two attempts that nobody asked for.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// How often a request is put right: each of its optional parts once.
const REPAIRS: u32 = 4;

/// The answer of a model, or of the operator's fallback in its place.
pub(crate) fn stream(models: Models, target: Remote, prompt: Prompt, options: AnswerOptions) -> AnswerStream {
    let asking = Asking {
        models,
        target,
        prompt,
        options,
        current: None,
        begun: Instant::now(),
        not_before: Instant::now(),
        attempts: 0,
        repairs: 0,
        shortened: false,
        fell_back: false,
        told_of_trimming: false,
        committed: false,
        input_tokens: 0,
        held: Vec::new(),
        ready: VecDeque::new(),
        over: false,
    };
    stream::unfold(asking, async |mut asking| asking.next().await.map(|item| (item, asking))).boxed()
}

#[expect(clippy::struct_excessive_bools, reason = "each is something that happened at most once")]
struct Asking {
    models: Models,
    /// Who is asked.
    target: Remote,
    prompt: Prompt,
    options: AnswerOptions,
    current: Option<AnswerStream>,
    begun: Instant,
    /// When the next attempt may begin.
    not_before: Instant,
    attempts: u32,
    repairs: u32,
    shortened: bool,
    fell_back: bool,
    told_of_trimming: bool,
    /// Whether something of the answer was given out: from here on it is this attempt or none.
    committed: bool,
    /// What we believe the request to hold.
    input_tokens: u64,
    /// What an attempt told before its first word, and takes with it when it fails.
    held: Vec<Event>,
    ready: VecDeque<Result<Event, LlmError>>,
    over: bool,
}

impl Asking {
    async fn next(&mut self) -> Option<Result<Event, LlmError>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            if self.over {
                // What is left to read of the body keeps the connection for the next answer.
                if let Some(mut rest) = self.current.take() {
                    rest.next().await;
                }
                return None;
            }
            let Some(current) = &mut self.current else {
                self.begin().await;
                continue;
            };
            match current.next().await {
                Some(Ok(event)) => self.take(event),
                Some(Err(error)) => {
                    self.current = None;
                    self.failed(error).await;
                }
                None => self.over = true,
            }
        }
    }

    /// Begins an attempt.
    async fn begin(&mut self) {
        if self.attempts == 0 && self.models.is_resting(&self.target) {
            self.fall_back().await;
        }
        sleep_until(self.not_before).await;
        self.attempts += 1;
        let target = &self.target;
        let can = self.models.capabilities(target);
        let mut prompt = self.prompt.clone();
        let budget = Budget::of(&can, self.models.corrections().of(&target.id, &can));
        let trimmed = fit(&mut prompt, if self.shortened { budget.smaller() } else { budget });
        if trimmed && !std::mem::replace(&mut self.told_of_trimming, true) {
            self.ready.push_back(Ok(Event::Trimmed));
        }
        self.input_tokens = estimate_prompt(&prompt);
        let request = Request { model: &target.model, prompt: &prompt, options: self.options, can: &can };
        let body = codec::body(target.endpoint.provider.format(), &request);
        let timeouts = target.endpoint.timeouts;
        let timeouts = if can.effort { timeouts.for_thinking() } else { timeouts };
        let asked = target.endpoint.ask(&target.model, &body);
        let clock = self.models.clock().clone();
        self.current = Some(answer::stream(&target.endpoint, timeouts, asked, self.input_tokens, clock));
    }

    fn take(&mut self, event: Event) {
        match &event {
            Event::Text(_) | Event::Thinking(_) => self.committed = true,
            Event::Usage(usage) if !usage.estimated => {
                self.models.corrections().learn(&self.target.id, self.input_tokens, usage.input_tokens);
            }
            Event::Finished(_) => {
                self.over = true;
                self.committed = true;
                self.models.wake(&self.target);
            }
            _ => {}
        }
        if self.committed {
            self.ready.extend(self.held.drain(..).map(Ok));
            self.ready.push_back(Ok(event));
        } else {
            self.held.push(event);
        }
    }

    /// Decides what comes after an attempt that failed.
    async fn failed(&mut self, error: LlmError) {
        self.held.clear();
        tracing::info!(
            error = &error as &dyn std::error::Error,
            llm.model = self.target.id,
            attempt = self.attempts,
            elapsed_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "an attempt to get an answer failed"
        );
        if self.committed {
            return self.end(error);
        }
        let again = self.options.retry.attempts > 1;
        if let Some(refused) = error.refused.filter(|_| again && self.repairs < REPAIRS) {
            self.repairs += 1;
            self.attempts -= 1;
            self.models.learn(&self.target, refused);
            return;
        }
        if error.kind == LlmErrorKind::ContextTooLong && again && !std::mem::replace(&mut self.shortened, true) {
            self.attempts -= 1;
            return;
        }
        if !error.kind.passes() {
            return self.end(error);
        }
        let attempts = self.options.retry.attempts;
        let fallback = !self.fell_back && attempts > 1 && self.models.fallback_of(&self.target).await.is_some();
        // One of the attempts is the fallback's.
        let own = if fallback { attempts - 1 } else { attempts };
        let pause = self.pause(error.retry_after);
        if self.attempts < own && self.begun.elapsed() + pause <= self.options.retry.budget {
            self.ready.push_back(Ok(Event::Retrying));
            self.not_before = Instant::now() + pause;
            return;
        }
        self.models.rest(&self.target, error.retry_after);
        if !(fallback && self.fall_back().await) {
            self.end(error);
        }
    }

    fn end(&mut self, error: LlmError) {
        self.over = true;
        self.ready.push_back(Err(error));
    }

    /// Takes the operator's fallback for the model, if there is one that may be taken.
    async fn fall_back(&mut self) -> bool {
        let Some(fallback) = self.models.fallback_of(&self.target).await else { return false };
        let from = std::mem::replace(&mut self.target, fallback).id;
        self.ready.push_back(Ok(Event::FellBack { from, to: self.target.id.clone() }));
        self.fell_back = true;
        self.shortened = false;
        true
    }

    /// How long to wait before the next attempt: what was asked for, or any time up to a limit that doubles. Many that failed
    /// together do not come back together.
    fn pause(&self, asked: Option<Duration>) -> Duration {
        let limit = self.options.retry.pause.saturating_mul(1 << (self.attempts - 1).min(8)).min(LONGEST_PAUSE);
        // The hasher of the standard library begins with a random number.
        let random = RandomState::new().build_hasher().finish();
        let share = u32::try_from(random % 1_000).unwrap_or_default();
        asked.unwrap_or_default().max(limit * share / 1_000)
    }
}

/// The providers that did not answer a moment ago. It is known to this process only: others find out for themselves.
#[derive(Debug, Default)]
pub(crate) struct Resting {
    until: Mutex<HashMap<String, DateTime<Utc>>>,
}

impl Resting {
    pub(crate) fn add(&self, key: String, now: DateTime<Utc>, asked: Option<Duration>) {
        let asked = asked.and_then(|asked| TimeDelta::from_std(asked).ok()).unwrap_or(REST);
        let until = now + asked.clamp(REST, LONGEST_REST);
        self.until.lock().unwrap_or_else(PoisonError::into_inner).insert(key, until);
    }

    pub(crate) fn remove(&self, key: &str) {
        self.until.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    pub(crate) fn has(&self, key: &str, now: DateTime<Utc>) -> bool {
        self.until.lock().unwrap_or_else(PoisonError::into_inner).get(key).is_some_and(|until| now < *until)
    }
}
