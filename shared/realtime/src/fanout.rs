use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::{ConnectionId, Delivery, WireFrame};

/// Refusals double a connection's pause up to 64 times.
const MOST_DOUBLINGS: u32 = 6;
/// Posts that have to succeed before a doubled pause is halved again.
const RECOVERY: u32 = 8;
/// Posts that fail one after the other before a connection is given up.
const MOST_FAILURES: u32 = 5;

/// Hands the frames of one answer to everybody who watches: all of them, in order, one post in flight a connection, each
/// connection at its own pace. It is pure: it says what to post, and is told what became of it.
///
/// A frame is kept once, for the whole answer, however many connections there are and however far each has come.
#[derive(Debug, Default)]
pub struct Fanout {
    frames: Vec<(WireFrame, Pace)>,
    /// How many frames there were when each that is counted in the answer's `seq` was added.
    counted: Vec<usize>,
    lanes: BTreeMap<ConnectionId, Lane>,
    pause: Duration,
}

/// When a frame may leave.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pace {
    /// As soon as the one before it has arrived.
    AtOnce,
    /// Not before a pause after the last one that was paced.
    Paced,
}

#[derive(Debug)]
struct Lane {
    /// The frame that is in flight, or is to be posted next.
    next: usize,
    in_flight: bool,
    /// Where it goes on once what is in flight has arrived.
    rewound: Option<usize>,
    not_before: Option<Instant>,
    doublings: u32,
    /// Posts in a row that arrived.
    arrived: u32,
    /// Posts in a row that failed.
    failed: u32,
}

impl Fanout {
    /// Adds a connection, which gets the frames from this [`position`](Self::position) on. One that is there already stays where
    /// it is.
    pub fn join(&mut self, connection: ConnectionId, from: usize) {
        let next = from.min(self.frames.len());
        self.lanes.entry(connection).or_insert(Lane {
            next,
            in_flight: false,
            rewound: None,
            not_before: None,
            doublings: 0,
            arrived: 0,
            failed: 0,
        });
    }

    /// Has a connection go on after this `seq`, whether it is there already or not. One that has got more than that gets it again:
    /// it may have lost it.
    pub fn resume(&mut self, connection: &ConnectionId, after_seq: i64) {
        let from = match usize::try_from(after_seq) {
            Ok(0) | Err(_) => 0,
            Ok(seq) => self.counted.get(seq - 1).map_or(self.frames.len(), |before| before + 1),
        };
        self.join(connection.clone(), from);
        let Some(lane) = self.lanes.get_mut(connection).filter(|lane| lane.next > from) else { return };
        if lane.in_flight {
            lane.rewound = Some(from);
        } else {
            lane.next = from;
        }
    }

    /// How many frames there are so far.
    pub const fn position(&self) -> usize {
        self.frames.len()
    }

    /// Adds a frame for everybody, the next one that is counted in the answer's `seq`.
    pub fn push_counted(&mut self, frame: WireFrame, pace: Pace) {
        self.counted.push(self.frames.len());
        self.push(frame, pace);
    }

    /// Adds a frame for everybody.
    pub fn push(&mut self, frame: WireFrame, pace: Pace) {
        self.frames.push((frame, pace));
    }

    /// What is to be posted now; each is in flight until [`finished`](Self::finished) is told. `pause` is the least time between
    /// two paced frames.
    pub fn start(&mut self, now: Instant, pause: Duration) -> Vec<(ConnectionId, WireFrame)> {
        self.pause = pause;
        let mut posts = Vec::new();
        for (connection, lane) in &mut self.lanes {
            if lane.in_flight || lane.wait(&self.frames, now) != Some(Duration::ZERO) {
                continue;
            }
            let (frame, pace) = &self.frames[lane.next];
            lane.in_flight = true;
            if *pace == Pace::Paced || lane.doublings > 0 {
                lane.not_before = Some(now + lane.pause(pause));
            }
            posts.push((connection.clone(), frame.clone()));
        }
        posts
    }

    /// Takes note of what became of a post. A connection that is gone, or fails too often, is dropped, and no other is touched.
    pub fn finished(&mut self, connection: &ConnectionId, delivery: Delivery, now: Instant) {
        let Some(lane) = self.lanes.get_mut(connection) else { return };
        lane.in_flight = false;
        match delivery {
            Delivery::Sent => lane.advance(),
            Delivery::Gone => {
                self.lanes.remove(connection);
            }
            Delivery::Throttled => {
                lane.failed = 0;
                lane.hold_back(now, self.pause);
            }
            Delivery::Failed if lane.failed + 1 >= MOST_FAILURES => {
                self.lanes.remove(connection);
            }
            Delivery::Failed => {
                lane.failed += 1;
                lane.hold_back(now, self.pause);
            }
        }
    }

    /// Whether another frame would leave at once: somebody has got all there is, or nobody watches. While everybody is behind,
    /// text is better collected for one larger frame.
    pub fn wants_more(&self, now: Instant) -> bool {
        let ready = |lane: &Lane| {
            !lane.in_flight
                && lane.next == self.frames.len()
                && lane.not_before.is_none_or(|not_before| not_before <= now)
        };
        self.lanes.is_empty() || self.lanes.values().any(ready)
    }

    /// How long until something changes by itself: a frame may leave, or [`wants_more`](Self::wants_more) becomes true.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        let idle = self.lanes.values().filter(|lane| !lane.in_flight);
        idle.filter_map(|lane| lane.wait(&self.frames, now).or_else(|| lane.held_back(now))).min()
    }

    /// Whether everybody has got everything.
    pub fn is_idle(&self) -> bool {
        self.lanes.values().all(|lane| !lane.in_flight && lane.next == self.frames.len())
    }
}

impl Lane {
    fn wait(&self, frames: &[(WireFrame, Pace)], now: Instant) -> Option<Duration> {
        let (_, pace) = frames.get(self.next)?;
        let held_back = *pace == Pace::Paced || self.doublings > 0;
        Some(self.held_back(now).filter(|_| held_back).unwrap_or_default())
    }

    /// How long it still has to pause, if it has to.
    fn held_back(&self, now: Instant) -> Option<Duration> {
        self.not_before.map(|at| at.saturating_duration_since(now)).filter(|wait| !wait.is_zero())
    }

    fn pause(&self, pause: Duration) -> Duration {
        pause * 2_u32.pow(self.doublings)
    }

    fn advance(&mut self) {
        self.next = self.rewound.take().unwrap_or(self.next + 1);
        self.failed = 0;
        self.arrived += 1;
        if self.arrived >= RECOVERY && self.doublings > 0 {
            self.doublings -= 1;
            self.arrived = 0;
        }
    }

    /// The same frame again, later.
    fn hold_back(&mut self, now: Instant, pause: Duration) {
        self.arrived = 0;
        self.doublings = (self.doublings + 1).min(MOST_DOUBLINGS);
        self.not_before = Some(now + self.pause(pause));
    }
}

#[cfg(test)]
mod tests;
