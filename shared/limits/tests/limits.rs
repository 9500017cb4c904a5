//! Buckets and tickets before a peer that checks and writes one item at a time, as `DynamoDB` does.

use chrono::Duration;
use domain::{Clock, CredentialId, Fault, SessionId, TokenHash, UserId};
use futures::future::join_all;
use limits::{Limits, Rate, Subject, Ticket, Tickets};
use testkit::AwsPeer;

async fn limits() -> (AwsPeer, Clock, Limits) {
    let (peer, clock) = (AwsPeer::start().await, Clock::fixed(Clock::system().now()));
    let limits = Limits::new(&peer.sdk_config().await, "rate_limits".to_owned(), clock.clone());
    (peer, clock, limits)
}

fn rate(text: &str) -> Rate {
    text.parse().expect("a rate")
}

fn somebody() -> Subject {
    Subject::person(UserId::BUILT_IN)
}

#[tokio::test]
async fn a_bucket_holds_a_burst_and_fills_evenly() {
    let (_peer, clock, limits) = limits().await;
    let take = async || limits.take("search", &somebody(), rate("3/30")).await;
    for _ in 0..3 {
        take().await.unwrap();
    }
    assert!(matches!(take().await, Err(Fault::RateLimited { retry_after: 10 })));
    clock.advance(Duration::seconds(9));
    assert!(matches!(take().await, Err(Fault::RateLimited { retry_after: 1 })), "what is refused costs nothing");
    clock.advance(Duration::seconds(1));
    take().await.unwrap();
    assert!(take().await.is_err());
    clock.advance(Duration::hours(1));
    for _ in 0..3 {
        take().await.unwrap();
    }
    assert!(take().await.is_err(), "it never holds more than its burst");
}

#[tokio::test]
async fn any_number_at_once_get_no_more_than_one_after_the_other() {
    let (_peer, _clock, limits) = limits().await;
    let results = join_all((0..50).map(|_| async { limits.take("sign_in", &somebody(), rate("10/900")).await })).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 10);
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(Fault::RateLimited { .. }))), "{results:?}");
}

#[tokio::test]
async fn each_thing_and_each_person_has_a_bucket_of_its_own() {
    let (_peer, clock, limits) = limits().await;
    limits.take("message", &somebody(), rate("1/60")).await.unwrap();
    limits.take("search", &somebody(), rate("1/60")).await.unwrap();
    limits.take("message", &Subject::person(UserId::new(&clock)), rate("1/60")).await.unwrap();
    assert!(limits.take("message", &somebody(), rate("1/60")).await.is_err());
}

#[tokio::test]
async fn while_nobody_can_count_it_is_said_so_or_let_through() {
    let (peer, _clock, limits) = limits().await;
    peer.refuse_tables();
    assert!(matches!(limits.take("sign_in", &somebody(), rate("1/60")).await, Err(Fault::Unavailable { .. })));
    limits.take_unless_unavailable("message", &somebody(), rate("1/60")).await.unwrap();
}

#[tokio::test]
async fn a_ticket_is_taken_by_exactly_one_and_not_after_its_time() {
    let (peer, clock) = (AwsPeer::start().await, Clock::fixed(Clock::system().now()));
    let tickets = Tickets::new(&peer.sdk_config().await, "tickets".to_owned(), clock.clone());
    let ticket = Ticket { user_id: UserId::BUILT_IN, credential: CredentialId::Session(SessionId::new(&clock)) };
    let (good, late) = (TokenHash::new([1; 32]), TokenHash::new([2; 32]));
    tickets.issue(good, ticket).await.unwrap();
    let taken = join_all((0..20).map(|_| async { tickets.take(good).await.unwrap() })).await;
    assert_eq!(taken.into_iter().flatten().collect::<Vec<_>>(), [ticket]);

    tickets.issue(late, ticket).await.unwrap();
    clock.advance(Duration::seconds(31));
    assert_eq!(tickets.take(late).await.unwrap(), None);
    assert_eq!(peer.items("tickets").len(), 1, "the table has it still");
}
