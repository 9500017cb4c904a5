//! An answer whose writer has not been heard of for a lease is interrupted by whoever looks first.

use domain::{Message, MessageId, MessageStatus};
use futures::future::join;
use store::{HistoryRange, Store};

use crate::scene::{LEASE, OWNER, at_a_fixed_time, claimed, conversation, growth, outcome, prompt, shown};

async fn status(store: &Store, message: MessageId) -> MessageStatus {
    store.message(OWNER, message).await.unwrap().status
}

#[tokio::test]
async fn the_next_prompt_interrupts_it_and_is_accepted() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;
    store.checkpoint(&answer.claim, &growth("Half")).await.unwrap();

    clock.advance(LEASE);
    let second = store.commit_prompt(OWNER, prompt(id, "two")).await.unwrap();

    assert_eq!(second.message.parent_id, Some(answer.reply.id));
    let interrupted = store.message(OWNER, answer.reply.id).await.unwrap();
    let expected = Message {
        status: MessageStatus::Interrupted,
        content: "Half".to_owned(),
        last_seq: 1,
        timestamp: clock.now(),
        ..answer.reply
    };
    assert_eq!(interrupted, expected);
}

#[tokio::test]
async fn an_answer_that_nobody_took_up_is_interrupted_too() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let reply = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap().reply.id;

    clock.advance(LEASE);

    assert_eq!(store.claim_answer(OWNER, reply).await.unwrap().map(|answer| answer.claim), None);
    assert_eq!(shown(store, id).await[1].status, MessageStatus::Interrupted);
}

#[tokio::test]
async fn whoever_reads_the_history_sees_it_interrupted() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;

    clock.advance(LEASE - chrono::Duration::microseconds(1));
    assert_eq!(shown(store, id).await[1].status, MessageStatus::Streaming);
    clock.advance(chrono::Duration::microseconds(1));
    let prompt_id = answer.reply.parent_id.unwrap();
    let (_, page) = store.history(OWNER, id, HistoryRange::After(prompt_id), 10).await.unwrap();

    assert_eq!(page.items.iter().map(|message| message.status).collect::<Vec<_>>(), [MessageStatus::Interrupted]);
    assert!(!store.checkpoint(&answer.claim, &growth("Late")).await.unwrap().is_held());
    assert_eq!(store.message(OWNER, answer.reply.id).await.unwrap().content, "");
}

#[tokio::test]
async fn whoever_reads_the_message_sees_it_interrupted() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;

    clock.advance(LEASE - chrono::Duration::microseconds(1));
    assert_eq!(status(store, answer.reply.id).await, MessageStatus::Streaming);
    clock.advance(chrono::Duration::microseconds(1));

    assert_eq!(status(store, answer.reply.id).await, MessageStatus::Interrupted);
    assert!(!store.checkpoint(&answer.claim, &growth("Late")).await.unwrap().is_held());
}

#[tokio::test]
async fn whoever_sends_the_prompt_again_sees_it_interrupted() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let first = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();

    clock.advance(LEASE);
    let again = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();

    assert_eq!((again.message, again.reply.id), (first.message, first.reply.id));
    assert_eq!(again.reply.status, MessageStatus::Interrupted);
    assert!(again.repeated && !again.unclaimed, "there is nothing left to write");
}

#[tokio::test]
async fn a_writer_that_is_heard_of_keeps_it() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let reply = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap().reply.id;

    // Each renews it: the claim, and a checkpoint without text.
    clock.advance(LEASE - chrono::Duration::microseconds(1));
    let claim = store.claim_answer(OWNER, reply).await.unwrap().unwrap().claim;
    clock.advance(LEASE - chrono::Duration::microseconds(1));
    assert!(store.checkpoint(&claim, &growth("")).await.unwrap().is_held());
    clock.advance(LEASE - chrono::Duration::microseconds(1));

    assert_eq!(shown(store, id).await[1].status, MessageStatus::Streaming);
    assert_eq!(status(store, reply).await, MessageStatus::Streaming);
}

#[tokio::test]
async fn a_late_writer_keeps_what_nobody_interrupted() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;

    clock.advance(LEASE + LEASE);

    assert!(store.checkpoint(&answer.claim, &growth("Late")).await.unwrap().is_held());
    assert_eq!(shown(store, id).await[1].status, MessageStatus::Streaming);
}

#[tokio::test]
async fn its_end_comes_too_late() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;
    clock.advance(LEASE);
    let interrupted = shown(store, id).await.remove(1);

    for status in [MessageStatus::Complete, MessageStatus::Interrupted] {
        let late = store.finish_answer(&answer.claim, &growth("Late."), &outcome(status)).await.unwrap();
        assert_eq!(late, None);
    }

    assert_eq!(store.message(OWNER, answer.reply.id).await.unwrap(), interrupted);
}

#[tokio::test]
async fn its_end_and_the_next_prompt_may_come_at_once() {
    let (database, clock) = at_a_fixed_time().await;
    let store = &database.store;
    for round in 0..40 {
        let answer = claimed(store, conversation(store).await.id, "one").await;
        clock.advance(LEASE);
        let (grown, complete) = (growth("Well."), outcome(MessageStatus::Complete));

        let (finished, next) = join(
            store.finish_answer(&answer.claim, &grown, &complete),
            store.commit_prompt(OWNER, prompt(answer.claim.conversation_id, "two")),
        )
        .await;

        let finished = finished.unwrap_or_else(|fault| panic!("round {round}: {fault:?}"));
        let next = next.unwrap_or_else(|fault| panic!("round {round}: {fault:?}"));
        assert_eq!(next.message.parent_id, Some(answer.reply.id));
        let expected = if finished.is_some() { MessageStatus::Complete } else { MessageStatus::Interrupted };
        assert_eq!(status(store, answer.reply.id).await, expected);
    }
}

/// Text that a checkpoint stored survives its writer: when the lease has expired, the answer is interrupted and keeps it, and the
/// next prompt is taken.
#[tokio::test]
async fn case_52_writer_dies_after_a_checkpoint() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;
    assert!(store.checkpoint(&answer.claim, &growth("The beginning of it")).await.unwrap().is_held());
    clock.advance(LEASE + chrono::Duration::seconds(1));

    let message = store.message(OWNER, answer.claim.message_id).await.unwrap();
    assert_eq!((message.status, message.content.as_str()), (MessageStatus::Interrupted, "The beginning of it"));
    let late =
        store.finish_answer(&answer.claim, &growth("Too late"), &outcome(MessageStatus::Complete)).await.unwrap();
    assert!(late.is_none());
    store.commit_prompt(OWNER, prompt(id, "two")).await.unwrap();
}
