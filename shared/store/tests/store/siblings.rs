//! Other answers and other wordings: which of them there are, and which is shown.

use domain::{Conflict, Content, ConversationPatch, Fault, Message, MessageId, MessageStatus, ModelId};
use store::{NewPrompt, Store};
use testkit::Database;

use crate::scene::{OWNER, at_a_fixed_time, claimed, conversation, end, exchange, growth, outcome, prompt, shown};

fn ids(messages: &[Message]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

async fn write(store: &Store, answer: MessageId, status: MessageStatus, text: &str) {
    let claimed = store.claim_answer(OWNER, answer).await.unwrap().expect("nobody writes it yet");
    store.finish_answer(&claimed.claim, &growth(text), &outcome(status)).await.unwrap().unwrap();
}

async fn show(store: &Store, id: domain::ConversationId, leaf: MessageId) -> Option<MessageId> {
    let patch = ConversationPatch { leaf_id: Some(leaf), ..ConversationPatch::default() };
    store.update_conversation(OWNER, id, &patch, None).await.unwrap().leaf_id
}

fn wording(id: domain::ConversationId, client_id: &str, content: &str) -> NewPrompt {
    NewPrompt { content: Content::parse("content", content).unwrap(), ..prompt(id, client_id) }
}

#[tokio::test]
async fn an_answer_that_ended_in_any_way_can_be_asked_for_again_and_is_kept() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let [asked, first] = exchange(store, id, "one").await;
    let model = ModelId::parse("model", "test/other").unwrap();
    let mut attempts = vec![first];
    for status in [MessageStatus::Complete, MessageStatus::Stopped, MessageStatus::Failed, MessageStatus::Interrupted] {
        let last = *attempts.last().unwrap();
        let again = store.commit_regeneration(OWNER, last, Some(model.clone())).await.unwrap();
        assert_eq!((again.message.id, again.reply.parent_id), (asked, Some(asked)));
        assert_eq!((again.reply.status, again.reply.model.as_deref()), (MessageStatus::Streaming, Some("test/other")));
        assert_eq!(store.message(OWNER, again.reply.id).await.unwrap(), again.reply, "it is as it was stored");
        write(store, again.reply.id, status, "Again.").await;
        attempts.push(again.reply.id);
    }
    // An earlier one is asked for again as well.
    let again = store.commit_regeneration(OWNER, first, None).await.unwrap();
    attempts.push(again.reply.id);

    let page = shown(store, id).await;
    assert_eq!(ids(&page), [asked, again.reply.id]);
    assert_eq!((&page[0].sibling_ids, &page[1].sibling_ids), (&Vec::new(), &attempts));
    assert_eq!(store.message(OWNER, first).await.unwrap().content, "Well.");
}

#[tokio::test]
async fn another_answer_is_given_what_was_said_before_and_not_the_answers_beside_it() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let [one, well] = exchange(store, id, "one").await;
    let [two, other] = exchange(store, id, "two").await;
    let again = store.commit_regeneration(OWNER, other, None).await.unwrap();
    let claimed = store.claim_answer(OWNER, again.reply.id).await.unwrap().unwrap();
    assert_eq!(ids(&claimed.history), [one, well, two]);
}

#[tokio::test]
async fn another_wording_begins_a_branch_and_is_stored_once() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let [one, well] = exchange(store, id, "one").await;
    let [two, _] = exchange(store, id, "two").await;

    let edited = store.commit_edit(OWNER, two, wording(id, "edit", "Two, better.")).await.unwrap();
    let again = store.commit_edit(OWNER, two, wording(id, "edit", "Two, better.")).await.unwrap();

    assert_eq!((again.message.id, again.reply.id, again.repeated), (edited.message.id, edited.reply.id, true));
    assert_eq!((edited.message.parent_id, edited.message.content.as_str()), (Some(well), "Two, better."));
    let page = shown(store, id).await;
    assert_eq!(ids(&page), [one, well, edited.message.id, edited.reply.id]);
    assert_eq!(page[2].sibling_ids, [two, edited.message.id]);
}

#[tokio::test]
async fn the_first_prompt_has_other_wordings_too() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let [one, _] = exchange(store, id, "one").await;
    let edited = store.commit_edit(OWNER, one, wording(id, "edit", "One, better.")).await.unwrap();
    let page = shown(store, id).await;
    assert_eq!(page[0].parent_id, None);
    assert_eq!(page[0].sibling_ids, [one, edited.message.id]);
}

#[tokio::test]
async fn choosing_a_message_shows_the_newest_branch_that_it_is_on() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let [one, first] = exchange(store, id, "one").await;
    let [two, second] = exchange(store, id, "two").await;
    let edited = store.commit_edit(OWNER, one, wording(id, "edit", "One, better.")).await.unwrap();
    write(store, edited.reply.id, MessageStatus::Complete, "Better.").await;

    assert_eq!(show(store, id, one).await, Some(second));
    assert_eq!(ids(&shown(store, id).await), [one, first, two, second]);
    assert_eq!(show(store, id, first).await, Some(second));
    assert_eq!(show(store, id, edited.message.id).await, Some(edited.reply.id));
    let elsewhere = exchange(store, conversation(store).await.id, "elsewhere").await;
    let patch = ConversationPatch { leaf_id: Some(elsewhere[0]), ..ConversationPatch::default() };
    let refused = store.update_conversation(OWNER, id, &patch, None).await.unwrap_err();
    assert!(matches!(refused, Fault::Invalid(errors) if errors[0].field == "leaf_id"));
}

#[tokio::test]
async fn one_answer_is_written_at_a_time() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let [asked, answer] = exchange(store, id, "one").await;
    let running = claimed(store, id, "two").await.reply.id;

    for refused in [
        store.commit_regeneration(OWNER, answer, None).await.unwrap_err(),
        store.commit_regeneration(OWNER, running, None).await.unwrap_err(),
        store.commit_edit(OWNER, asked, wording(id, "edit", "Better.")).await.unwrap_err(),
    ] {
        assert!(matches!(refused, Fault::Conflict(Conflict::AnswerRunning(id)) if id == running), "{refused:?}");
    }
    clock.advance(crate::scene::LEASE);
    let again = store.commit_regeneration(OWNER, running, None).await.unwrap();
    assert_eq!(store.message(OWNER, running).await.unwrap().status, MessageStatus::Interrupted);
    assert_eq!(again.reply.status, MessageStatus::Streaming);
}

#[tokio::test]
async fn what_is_not_there_or_not_ones_own_or_of_the_other_kind_is_refused() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let [asked, answer] = exchange(store, id, "one").await;
    let stranger = uuid::Uuid::from_u128(7).into();

    let refused = store.commit_regeneration(stranger, answer, None).await.unwrap_err();
    assert!(matches!(refused, Fault::NotFound("message")), "{refused:?}");
    let refused = store.commit_edit(stranger, asked, wording(id, "edit", "Mine.")).await.unwrap_err();
    assert!(matches!(refused, Fault::NotFound("message")), "{refused:?}");
    let refused = store.commit_regeneration(OWNER, asked, None).await.unwrap_err();
    assert!(matches!(refused, Fault::Invalid(_)), "{refused:?}");
    let refused = store.commit_edit(OWNER, answer, wording(id, "edit", "Mine.")).await.unwrap_err();
    assert!(matches!(refused, Fault::Invalid(_)), "{refused:?}");
    end(&database, id).await;
    let refused = store.commit_regeneration(OWNER, answer, None).await.unwrap_err();
    assert!(matches!(refused, Fault::Conflict(Conflict::ConversationEnded)), "{refused:?}");
}
