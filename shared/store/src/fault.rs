use domain::{Conflict, Fault};

/// What a failed statement means to the caller. A connection that is refused, lost or not to be had in time is worth another
/// try; everything else is a defect of ours, because parameters are checked before they come here.
pub(crate) fn fault(error: sqlx::Error) -> Fault {
    let retry_after = match &error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Tls(_)
        | sqlx::Error::WorkerCrashed => Some(5),
        sqlx::Error::Database(error) => error.code().and_then(|code| retry_after(&code)),
        _ => None,
    };
    match retry_after {
        Some(retry_after) => {
            Fault::Unavailable { dependency: "The database", retry_after, source: Some(Box::new(error)) }
        }
        None => Fault::internal(error),
    }
}

/// The same for a statement that gives somebody an address: another may have it.
pub(crate) fn email_fault(error: sqlx::Error) -> Fault {
    match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
        Some("users_email_key") => Conflict::EmailTaken.into(),
        _ => fault(error),
    }
}

/// Whether the server has ended this connection, which says nothing about the next one.
pub(crate) fn ended(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P"))
        }
        _ => false,
    }
}

/// Seconds to wait, for the errors that pass: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn retry_after(code: &str) -> Option<u32> {
    match code {
        // Serialisation failure, deadlock.
        "40001" | "40P01" => Some(1),
        // Connection exception, insufficient resources, shut down or starting up, idle session ended.
        code if code.starts_with("08") || code.starts_with("53") || code.starts_with("57P") => Some(5),
        _ => None,
    }
}
