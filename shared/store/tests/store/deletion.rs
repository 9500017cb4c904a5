//! A deleted conversation leaves one job that clears the vector store of it, and nothing else.

use domain::{Fault, MessageStatus};
use futures::future::join;
use sqlx::Row as _;
use store::Store;
use testkit::Database;

use crate::scene::{
    OWNER, acting, as_owner, at_a_fixed_time, claimed, connect, conversation, exchange, growth, outcome, prompt, start,
};

/// Rows of the owner's in a table.
async fn rows(database: &Database, table: &str) -> i64 {
    let mut owner = connect(&database.owner_url).await;
    acting(&mut owner, Some(OWNER), &format!("SELECT count(*) FROM {table}")).await.unwrap()[0].get(0)
}

#[tokio::test]
async fn nothing_is_left_of_it_but_one_job() {
    let (database, _) = at_a_fixed_time().await;
    let store = &database.store;
    let (id, kept) = (conversation(store).await.id, conversation(store).await.id);
    for name in ["one", "two", "three"] {
        exchange(store, id, name).await;
    }
    exchange(store, kept, "one").await;
    as_owner(
        &database,
        &format!(
            "INSERT INTO conversation_embeddings (conversation_id, user_id, model, dimension, content_hash, points)
             VALUES ('{id}', '{OWNER}', 'small', 384, '', 1)"
        ),
    )
    .await;

    store.delete_conversation(OWNER, id).await.unwrap();

    assert!(matches!(store.conversation(OWNER, id).await, Err(Fault::NotFound("conversation"))));
    assert_eq!((rows(&database, "conversations").await, rows(&database, "messages").await), (1, 2));
    assert_eq!(rows(&database, "conversation_embeddings").await, 0);
    let mut owner = connect(&database.owner_url).await;
    let jobs = acting(
        &mut owner,
        Some(OWNER),
        "SELECT concat_ws(' ', kind, state, conversation_id, attempts), (extract(epoch FROM run_after) * 1000000)::bigint FROM jobs",
    )
    .await
    .unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].get::<String, _>(0), format!("purge queued {id} 0"));
    assert_eq!(jobs[0].get::<i64, _>(1), start().timestamp_micros());
}

#[tokio::test]
async fn deleting_it_again_finds_nothing_and_leaves_no_second_job() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);

    let (one, other) = join(store.delete_conversation(OWNER, id), store.delete_conversation(OWNER, id)).await;

    assert!(one.is_ok() != other.is_ok());
    assert!(matches!(one.and(other), Err(Fault::NotFound("conversation"))));
    assert_eq!(rows(&database, "jobs").await, 1);
}

#[tokio::test]
async fn the_writer_of_its_answer_learns_that_the_claim_is_lost() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let claim = claimed(store, id, "one").await.claim;

    store.delete_conversation(OWNER, id).await.unwrap();

    assert!(!store.checkpoint(&claim, &growth("Well")).await.unwrap().is_held());
    let finished = store.finish_answer(&claim, &growth("Well."), &outcome(MessageStatus::Complete)).await.unwrap();
    assert_eq!(finished, None);
    assert!(matches!(store.commit_prompt(OWNER, prompt(id, "two")).await, Err(Fault::NotFound("conversation"))));
}

#[tokio::test]
async fn deleting_while_its_answer_ends_is_no_deadlock() {
    let database = Database::new().await;
    let other = Store::connect(&database.app_url, database.clock.clone()).await.unwrap();
    for round in 0..40 {
        let store = &database.store;
        let claim = claimed(store, conversation(store).await.id, "one").await.claim;
        let (grown, complete) = (growth("Well."), outcome(MessageStatus::Complete));

        let (finished, deleted) = join(
            store.finish_answer(&claim, &grown, &complete),
            other.delete_conversation(OWNER, claim.conversation_id),
        )
        .await;

        finished.unwrap_or_else(|fault| panic!("round {round}: {fault:?}"));
        deleted.unwrap_or_else(|fault| panic!("round {round}: {fault:?}"));
    }
}
