//! How often somebody may do something, and tickets that are good once: both in `DynamoDB`, both by one conditional write, so that any
//! number at once gets no more than one after the other.
//!
//! It knows nothing of HTTP, of sockets and of who asks; it is told by whom to count.
//!
//! ```no_run
//! # async fn example(address: std::net::IpAddr) -> Result<(), domain::Fault> {
//! use domain::Clock;
//! use limits::{Limits, Rate, Subject};
//!
//! let aws = aws_config::load_from_env().await;
//! let limits = Limits::new(&aws, "dev_rate_limits".to_owned(), Clock::system());
//! let sign_in: Rate = "50/900".parse()?;
//! limits.take("sign_in", &Subject::address(address), sign_in).await
//! # }
//! ```

mod rate;
mod subject;
mod table;
mod tickets;

pub use rate::Rate;
pub use subject::Subject;
pub use table::Limits;
pub use tickets::{Ticket, Tickets};
