//! Stopping an answer, at every moment of its life and by everybody who might try.

use domain::{Clock, Fault, MessageStatus, UserId};
use store::Standing;
use testkit::Database;

use crate::scene::{LEASE, OWNER, at_a_fixed_time, claimed, conversation, exchange, growth, outcome, prompt, shown};

#[tokio::test]
async fn a_writer_is_told_at_its_checkpoint_and_what_it_wrote_is_kept() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;
    assert_eq!(store.checkpoint(&answer.claim, &growth("Well")).await.unwrap(), Standing::Held);

    for _ in 0..2 {
        let stopping = store.request_stop(OWNER, id, answer.reply.id).await.unwrap();
        assert_eq!((stopping.answer.status, stopping.ended_now), (MessageStatus::Streaming, false));
    }

    assert_eq!(store.checkpoint(&answer.claim, &growth("Well, yes")).await.unwrap(), Standing::StopRequested);
    store.finish_answer(&answer.claim, &growth("Well, yes"), &outcome(MessageStatus::Stopped)).await.unwrap().unwrap();
    let stored = store.message(OWNER, answer.reply.id).await.unwrap();
    assert_eq!((stored.status, stored.content.as_str()), (MessageStatus::Stopped, "Well, yes"));
}

#[tokio::test]
async fn what_nobody_has_begun_to_write_ends_at_once_and_is_never_begun() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let reply = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap().reply.id;

    let first = store.request_stop(OWNER, id, reply).await.unwrap();
    let again = store.request_stop(OWNER, id, reply).await.unwrap();

    assert_eq!((first.answer.status, first.ended_now), (MessageStatus::Stopped, true));
    assert_eq!((again.answer, again.ended_now), (first.answer, false));
    assert!(store.claim_answer(OWNER, reply).await.unwrap().is_none());
    store.commit_prompt(OWNER, prompt(id, "two")).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_has_ended_stays_as_it_is() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let [_, answer] = exchange(store, id, "one").await;
    let before = store.message(OWNER, answer).await.unwrap();

    let stopping = store.request_stop(OWNER, id, answer).await.unwrap();

    assert_eq!((stopping.answer, stopping.ended_now), (before, false));
}

#[tokio::test]
async fn one_whose_writer_died_is_interrupted_and_not_stopped() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;
    store.checkpoint(&answer.claim, &growth("Half")).await.unwrap();
    clock.advance(LEASE);

    let stopping = store.request_stop(OWNER, id, answer.reply.id).await.unwrap();

    assert_eq!((stopping.answer.status, stopping.ended_now), (MessageStatus::Interrupted, true));
    assert_eq!(stopping.answer.content, "Half");
}

#[tokio::test]
async fn only_an_answer_of_ones_own_in_this_conversation_can_be_stopped() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let other = conversation(store).await.id;
    let answer = claimed(store, id, "one").await;
    let (reply, prompt) = (answer.reply.id, answer.reply.parent_id.unwrap());
    let stranger = UserId::new(&Clock::system());

    for (who, conversation) in [(stranger, id), (OWNER, other), (stranger, other)] {
        let refused = store.request_stop(who, conversation, reply).await.unwrap_err();
        assert!(matches!(refused, Fault::NotFound("message")), "{refused:?}");
    }
    let refused = store.request_stop(OWNER, id, prompt).await.unwrap_err();
    assert!(matches!(refused, Fault::Invalid(errors) if errors[0].field == "message_id"));
    assert_eq!(store.checkpoint(&answer.claim, &growth("On")).await.unwrap(), Standing::Held);
    assert_eq!(shown(store, id).await.len(), 2);
}
