use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

/// A browser that is not used for so long has to sign in again.
pub const SESSION_IDLE: Duration = DAY.saturating_mul(30);

/// So does one that has been signed in for so long, however often it is used.
pub const SESSION_LIFE: Duration = DAY.saturating_mul(90);

/// An invitation is good for so long.
pub const INVITATION_LIFE: Duration = DAY.saturating_mul(7);

/// A link that sets a new password is good for so long.
pub const RESET_LINK_LIFE: Duration = Duration::from_hours(1);

/// A ticket for one WebSocket is good for so long.
pub const TICKET_LIFE: Duration = Duration::from_secs(30);
