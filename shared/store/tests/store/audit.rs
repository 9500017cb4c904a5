//! What was done is written down, as metadata, and stays.

use std::net::IpAddr;

use store::Action;
use testkit::{Database, Person};

use crate::scene::acting;

#[tokio::test]
async fn what_was_done_is_written_down_with_its_object_and_its_place() {
    let database = Database::new().await;
    let store = &database.store;
    let person = Person::new(store).await;
    let key = store.api_keys(person.id).await.unwrap()[0].id;
    let address: IpAddr = "2001:db8::7".parse().unwrap();
    store.revoke_api_key(person.id, key, Some(address)).await.unwrap();

    let lines = store.audit_of(person.id).await.unwrap();

    let actions: Vec<_> = lines.iter().rev().map(|line| line.action.as_str()).collect();
    assert_eq!(actions, ["account.registered", "session.signed_in", "api_key.created", "api_key.revoked"]);
    assert_eq!(lines[0].object, Some(("api_key".to_owned(), key.to_string())));
    assert_eq!(lines[0].address.as_deref(), Some("2001:db8::7"));
}

#[tokio::test]
async fn nobody_changes_or_deletes_a_line_and_nobody_reads_anothers() {
    let database = Database::new().await;
    let (store, mut app) = (&database.store, database.app_connection().await);
    let (person, other) = (Person::new(store).await, Person::new(store).await);
    store.audit(person.id, Action::SignInFailed, None).await.unwrap();
    for statement in ["UPDATE audit SET action = 'nothing'", "DELETE FROM audit", "TRUNCATE audit"] {
        let refused = acting(&mut app, Some(person.id), statement).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("42501"), "{statement}");
    }
    assert!(store.audit_of(other.id).await.unwrap().iter().all(|line| line.action != "session.sign_in_failed"));
}
