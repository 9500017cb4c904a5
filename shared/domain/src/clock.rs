use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeZone as _, Utc};
use uuid::Uuid;

/// Where the time and time-sortable ids come from, so that a test can say what time it is.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds since the Unix epoch; `None` asks the system.
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self { fixed: None }
    }

    /// A clock that stands still until [`Clock::advance`] moves it.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(at.timestamp_micros()))) }
    }

    /// The current time, to the microsecond (what Postgres stores).
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.fixed {
            Some(fixed) => fixed.load(Ordering::Relaxed),
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
            None => Utc::now().timestamp_micros(),
        };
        Utc.timestamp_micros(micros).single().unwrap_or_default()
    }

    /// Seconds since the Unix epoch: the unit of a DynamoDB time-to-live.
    pub fn epoch_seconds(&self) -> i64 {
        self.now().timestamp()
    }

    /// Moves a fixed clock forward; the system's clock does not move.
    pub fn advance(&self, by: chrono::Duration) {
        if let Some(fixed) = &self.fixed {
            fixed.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::Relaxed);
        }
    }

    /// A new UUID of version 7 (RFC 9562): it sorts by the time it was made.
    pub fn new_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let clock = Clock::fixed(DateTime::UNIX_EPOCH);
        let first = clock.new_id();
        clock.advance(chrono::Duration::milliseconds(1));
        assert!(first < clock.new_id());
    }
}
