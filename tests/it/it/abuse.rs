//! Whoever tries too often has to wait, also who tries all at once; and what happens while nobody can count.

use axum::body::Body;
use domain::{Clock, Email};
use futures::future::join_all;
use http::{Method, Request};
use serde_json::json;
use testkit::Person;

use crate::portal::{Portal, page};

fn guess(email: &str, address: &str) -> Request<Body> {
    let body = json!({"email": email, "password": "a guess that is wrong"}).to_string();
    let mut request = page(Method::POST, "/api/auth/login/")
        .header("content-type", "application/json")
        .body(Body::from(body))
        .unwrap();
    request.headers_mut().insert("x-viewer-address", address.parse().unwrap());
    request
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|found| **found == status).count()
}

#[tokio::test]
async fn fifty_guesses_at_once_are_no_more_than_one_after_the_other() {
    let clock = Clock::fixed(Clock::system().now());
    let portal = Portal::with_clock(clock.clone()).await;
    let person = Person::new(&portal.database.store).await;
    // From fifty networks: what counts is the account.
    let guesses = (0..50).map(|host| portal.send(guess(&person.email, &format!("198.51.100.{host}"))));
    let answers = join_all(guesses).await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!((count(&statuses, 401), count(&statuses, 429)), (10, 40), "{statuses:?}");
    let limited = answers.into_iter().find(|answer| answer.status == 429).unwrap();
    assert_eq!(limited.headers["retry-after"], "90");
    assert_eq!(limited.problem(429, "rate-limited")["retry_after"], 90);

    // One comes back after 90 seconds, and not a second earlier.
    clock.advance(chrono::Duration::seconds(89));
    portal.send(guess(&person.email, "203.0.113.1")).await.problem(429, "rate-limited");
    clock.advance(chrono::Duration::seconds(1));
    portal.send(guess(&person.email, "203.0.113.1")).await.problem(401, "sign-in-failed");
    portal.send(guess(&person.email, "203.0.113.1")).await.problem(429, "rate-limited");
}

#[tokio::test]
async fn many_accounts_from_one_network_are_counted_together() {
    let portal = Portal::new().await;
    let guesses = (0..60).map(|number| {
        let address = format!("2001:db8:7:7:{number:x}::1");
        let request = guess(&format!("person{number}@example.com"), &address);
        portal.send(request)
    });
    let statuses: Vec<_> = join_all(guesses).await.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!((count(&statuses, 401), count(&statuses, 429)), (50, 10), "{statuses:?}");
    portal.send(guess("somebody@example.com", "2001:db8:7:8::1")).await.problem(401, "sign-in-failed");
}

#[tokio::test]
async fn an_unknown_account_is_limited_as_a_known_one_is() {
    let portal = Portal::new().await;
    let guesses = (0..20).map(|host| portal.send(guess("nobody@example.com", &format!("198.51.100.{host}"))));
    let statuses: Vec<_> = join_all(guesses).await.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(count(&statuses, 429), 10, "{statuses:?}");
}

#[tokio::test]
async fn registrations_from_one_address_are_limited() {
    let portal = Portal::new().await;
    let register = || {
        let body = json!({"email": "new@example.com", "password": "correct horse battery staple"}).to_string();
        let request = page(Method::POST, "/api/auth/register/").header("content-type", "application/json");
        portal.send(request.body(Body::from(body)).unwrap())
    };
    let statuses: Vec<_> =
        join_all((0..12).map(|_| register())).await.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!((count(&statuses, 403), count(&statuses, 429)), (10, 2), "{statuses:?}");
}

#[tokio::test]
async fn messages_of_one_person_are_limited_and_those_of_another_are_not() {
    let portal = Portal::new().await;
    let store = &portal.database.store;
    let (one, other) = (Person::new(store).await, Person::new(store).await);
    let say = async |person: &Person, number: usize| {
        let conversation = store.create_conversation(person.id, store::NewConversation::default()).await.unwrap();
        let body = json!({"conversation_id": conversation.id, "content": "Hello", "client_id": number.to_string()})
            .to_string();
        let request = crate::callers::program(Method::POST, "/api/messages/", &person.key);
        portal
            .send(request.header("content-type", "application/json").body(Body::from(body)).unwrap())
            .await
            .status
            .as_u16()
    };
    let statuses = join_all((0..65).map(|number| say(&one, number))).await;
    // A token or two may have come back meanwhile.
    assert!((60..=62).contains(&count(&statuses, 202)) && count(&statuses, 429) >= 3, "{statuses:?}");
    assert_eq!(say(&other, 0).await, 202);
}

#[tokio::test]
async fn a_bucket_whose_time_is_over_counts_for_nothing_although_the_table_still_has_it() {
    let portal = Portal::new().await;
    let person = Person::new(&portal.database.store).await;
    let account = Email::parse("email", &person.email).unwrap();
    let past = (portal.database.clock.now() - chrono::Duration::days(3)).timestamp_millis().to_string();
    let item = json!({"bucket": {"S": format!("sign_in#account:{}", account.as_str())}, "paid_until": {"N": past}, "expires_at": {"N": "1"}});
    portal.aws.put("rate_limits", item);
    let guesses = (0..12).map(|host| portal.send(guess(&person.email, &format!("198.51.100.{host}"))));
    let statuses: Vec<_> = join_all(guesses).await.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(count(&statuses, 401), 10, "{statuses:?}");
}

#[tokio::test]
async fn while_nobody_can_count_nobody_signs_in_and_everybody_goes_on_talking() {
    let portal = Portal::new().await;
    let conversation = portal.conversation().await;
    portal.aws.refuse_tables();
    let refused = portal.send(guess("ada@example.com", "192.0.2.7")).await.problem(503, "unavailable");
    assert!(refused["retry_after"].is_number(), "{refused}");
    let body = json!({"conversation_id": conversation.id, "content": "Hello", "client_id": "one"});
    portal.post("/api/messages/", &body).await.expect(202);
}
