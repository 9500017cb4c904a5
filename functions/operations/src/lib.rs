//! What is run by the operator and by schedules, not by a request of a person.

pub mod migrate;
pub mod reset_link;
pub mod setup_link;
