use auth::{Password, PasswordHash, PresentedPassword};
use domain::Fault;
use tokio::task::spawn_blocking;

/// Whether a password is the one of this hash. It takes a processor for tens of milliseconds, in which others are served.
pub(crate) async fn proves(presented: PresentedPassword, hash: Option<String>) -> Result<bool, Fault> {
    spawn_blocking(move || presented.proves(hash.map(PasswordHash::stored).as_ref())).await.map_err(Fault::internal)
}

/// What is kept of a password.
pub(crate) async fn hash(password: Password) -> Result<String, Fault> {
    let hashed = spawn_blocking(move || PasswordHash::of(&password)).await.map_err(Fault::internal)??;
    Ok(hashed.as_str().to_owned())
}
