use domain::{ClientId, Fault, Problem};

/// Why a frame was not understood.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) problem: Box<Problem>,
    /// The prompt it was about, if it said so.
    pub(super) client_id: Option<ClientId>,
}

impl Unread {
    pub(super) fn new(problem: Problem, client_id: Option<ClientId>) -> Self {
        Self { problem: Box::new(problem), client_id }
    }

    pub(super) fn because(fault: &Fault, client_id: Option<ClientId>) -> Self {
        Self::new(Problem::from(fault), client_id)
    }
}
