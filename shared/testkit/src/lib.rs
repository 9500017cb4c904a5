//! What the tests of every crate are built from: real parts, and peers that follow a script.
//!
//! It panics where a test cannot go on, because a backtrace says more than an error that is passed up.

mod aws;
mod cloud;
mod database;
mod dynamodb;
pub mod peer;
mod person;

pub use aws::AwsPeer;
pub use cloud::{ADMIN, Cloud, Socket, assembled};
pub use database::Database;
pub use person::{Person, key};

/// Asks until there is an answer.
///
/// # Panics
/// When there is none within 30 seconds.
pub async fn until<T, F: Future<Output = Option<T>>>(mut ask: impl FnMut() -> F) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), asking)
        .await
        .expect("the condition comes true within 30 seconds")
}
