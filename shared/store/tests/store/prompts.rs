//! Prompts are committed once, with their answer, or not at all.

use std::collections::HashSet;

use domain::{Clock, Conflict, Fault, Message, MessageStatus, ModelId, Sender};
use futures::future::join_all;
use store::{NewPrompt, Store};
use testkit::Database;

use crate::scene::{LEASE, OWNER, at_a_fixed_time, claimed, conversation, end, exchange, prompt, shown, start};

/// As many stores as there may be sandboxes at work.
async fn sandboxes(database: &Database) -> Vec<Store> {
    join_all((0..4).map(async |_| Store::connect(&database.app_url, Clock::system()).await.unwrap())).await
}

#[tokio::test]
async fn a_prompt_is_stored_with_an_empty_answer() {
    let (database, _) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let model = ModelId::parse("model", "openai/gpt-5-mini").unwrap();

    let committed = store.commit_prompt(OWNER, NewPrompt { model: Some(model), ..prompt(id, "one") }).await.unwrap();

    let message = Message {
        id: committed.message.id,
        conversation_id: id,
        parent_id: None,
        sender: Sender::User,
        status: MessageStatus::Complete,
        content: "one".to_owned(),
        thinking: None,
        client_id: Some("one".to_owned()),
        model: None,
        finish_reason: None,
        error: None,
        usage: None,
        cost_micros: None,
        notices: Vec::new(),
        fallback_from: None,
        last_seq: 0,
        sibling_ids: Vec::new(),
        timestamp: start(),
        created_at: start(),
    };
    let reply = Message {
        id: committed.reply.id,
        parent_id: Some(message.id),
        sender: Sender::Assistant,
        status: MessageStatus::Streaming,
        content: String::new(),
        client_id: None,
        model: Some("openai/gpt-5-mini".to_owned()),
        ..message.clone()
    };
    assert_eq!((&committed.message, &committed.reply), (&message, &reply));
    assert!(committed.unclaimed && !committed.repeated && message.id < reply.id);
    assert_eq!(committed.conversation.leaf_id, Some(reply.id));
    assert_eq!(store.conversation(OWNER, id).await.unwrap(), committed.conversation);
    assert_eq!(store.message(OWNER, reply.id).await.unwrap(), reply);
    assert_eq!(shown(store, id).await, [message, reply]);
}

#[tokio::test]
async fn the_next_prompt_follows_the_answer() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let [prompt_id, answer] = exchange(store, id, "one").await;

    let second = store.commit_prompt(OWNER, prompt(id, "two")).await.unwrap();

    assert_eq!(second.message.parent_id, Some(answer));
    let branch = shown(store, id).await;
    assert_eq!(
        branch.iter().map(|message| message.id).collect::<Vec<_>>(),
        [prompt_id, answer, second.message.id, second.reply.id]
    );
}

#[tokio::test]
async fn a_repeated_client_id_returns_the_first_result() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);

    let first = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();
    let again = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();

    assert!(!first.repeated && again.repeated && again.unclaimed && !again.titled);
    assert_eq!((again.message, again.reply), (first.message, first.reply));
    assert_eq!(again.conversation, first.conversation);
    assert_eq!(store.conversation(OWNER, id).await.unwrap(), first.conversation);
}

#[tokio::test]
async fn a_repeated_client_id_shows_how_far_the_answer_is() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);

    let answer = claimed(store, id, "one").await;
    let again = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();
    assert!(again.repeated && !again.unclaimed);
    assert_eq!(again.reply, answer.reply);

    let [_, other] = exchange(store, conversation(store).await.id, "one").await;
    let grown = crate::scene::growth("Well.");
    store.finish_answer(&answer.claim, &grown, &crate::scene::outcome(MessageStatus::Complete)).await.unwrap();
    let again = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();
    assert_eq!((again.reply.status, again.reply.content.as_str()), (MessageStatus::Complete, "Well."));
    assert!(again.repeated && !again.unclaimed && again.reply.id != other);
}

#[tokio::test]
async fn a_repeated_client_id_returns_the_first_result_of_many() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let first = exchange(store, id, "one").await;
    exchange(store, id, "two").await;
    claimed(store, id, "three").await;

    let again = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();

    assert!(again.repeated);
    assert_eq!([again.message.id, again.reply.id], first);
}

#[tokio::test]
async fn what_was_accepted_stays_accepted_when_the_conversation_has_ended() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let first = exchange(store, id, "one").await;
    end(&database, id).await;

    let again = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();
    assert!(again.repeated);
    assert_eq!([again.message.id, again.reply.id], first);

    let refused = store.commit_prompt(OWNER, prompt(id, "two")).await;
    assert!(matches!(refused, Err(Fault::Conflict(Conflict::ConversationEnded))), "{refused:?}");
    assert_eq!(shown(store, id).await.len(), 2);
}

#[tokio::test]
async fn a_prompt_waits_for_the_running_answer() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let running = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap().reply.id;

    clock.advance(LEASE - chrono::Duration::microseconds(1));
    let refused = store.commit_prompt(OWNER, prompt(id, "two")).await;

    assert!(matches!(refused, Err(Fault::Conflict(Conflict::AnswerRunning(id))) if id == running), "{refused:?}");
    assert_eq!(shown(store, id).await.len(), 2);
    // Another conversation does not wait.
    store.commit_prompt(OWNER, prompt(conversation(store).await.id, "two")).await.unwrap();
}

#[tokio::test]
async fn of_two_sends_at_once_exactly_one_wins() {
    let database = Database::new().await;
    let stores = sandboxes(&database).await;
    for _ in 0..10 {
        let id = conversation(&database.store).await.id;
        let sends = ["one", "two"].into_iter().zip(&stores);
        let results = join_all(sends.map(|(name, store)| store.commit_prompt(OWNER, prompt(id, name)))).await;

        let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        let [Ok(won)] = won.as_slice() else { panic!("{won:?}") };
        let [Err(Fault::Conflict(Conflict::AnswerRunning(running)))] = lost.as_slice() else { panic!("{lost:?}") };
        assert_eq!(*running, won.reply.id);
        assert_eq!(shown(&database.store, id).await, [won.message.clone(), won.reply.clone()]);
    }
}

#[tokio::test]
async fn twenty_sends_of_one_prompt_are_one() {
    let database = Database::new().await;
    let id = conversation(&database.store).await.id;
    let stores = sandboxes(&database).await;

    let sends = (0..20).map(|number| stores[number % 4].commit_prompt(OWNER, prompt(id, "one")));
    let results: Vec<_> = join_all(sends).await.into_iter().map(Result::unwrap).collect();

    assert_eq!(results.iter().filter(|result| !result.repeated).count(), 1);
    assert_eq!(results.iter().filter(|result| result.titled).count(), 1);
    let ids: HashSet<_> = results.iter().map(|result| (result.message.id, result.reply.id)).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(shown(&database.store, id).await.len(), 2);
}

#[tokio::test]
async fn the_longest_prompt_is_stored_as_it_is() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let longest = "🙂é\n".repeat(domain::Content::LIMIT / 4);
    let content = domain::Content::parse("content", &longest).unwrap();

    let committed = store.commit_prompt(OWNER, NewPrompt { content, ..prompt(id, "one") }).await.unwrap();

    assert_eq!(store.message(OWNER, committed.message.id).await.unwrap().content, longest);
}
