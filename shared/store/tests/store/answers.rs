//! An answer has one writer, ends once, and does not change after that.

use domain::{
    AnswerState, Clock, Fault, FinishReason, Instructions, MessageStatus, ModelId, Notice, Problem, Sender, Usage,
};
use futures::future::{join, join_all};
use store::{Growth, NewConversation, NewPrompt, Outcome, Store};
use testkit::Database;

use crate::scene::{
    LEASE, OWNER, acting, as_owner, at_a_fixed_time, claimed, conversation, exchange, growth, outcome, prompt, shown,
};

fn problem() -> Problem {
    Problem::from(&Fault::internal("the writer could not be started"))
}

#[tokio::test]
async fn of_many_claims_one_is_given() {
    let database = Database::new().await;
    let id = conversation(&database.store).await.id;
    let reply = database.store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap().reply.id;
    let stores = join_all((0..4).map(|_| Store::connect(&database.app_url, Clock::system()))).await;

    let claims = (0..20).map(|number| stores[number % 4].as_ref().unwrap().claim_answer(OWNER, reply));
    let claims: Vec<_> = join_all(claims).await.into_iter().filter_map(Result::unwrap).collect();

    assert_eq!(claims.len(), 1);
    assert!(database.store.checkpoint(&claims[0].claim, &growth("Well")).await.unwrap().is_held());
}

#[tokio::test]
async fn a_claim_comes_with_all_that_an_answer_needs() {
    let database = Database::new().await;
    let store = &database.store;
    as_owner(&database, &format!("UPDATE users SET instructions = 'Be kind.' WHERE id = '{OWNER}'")).await;
    let new = NewConversation {
        instructions: Some(Instructions::parse("instructions", "Be brief.").unwrap()),
        ..NewConversation::default()
    };
    let id = store.create_conversation(OWNER, new).await.unwrap().id;
    exchange(store, id, "one").await;
    let model = Some(ModelId::parse("model", "offline").unwrap());
    let committed = store.commit_prompt(OWNER, NewPrompt { model, ..prompt(id, "two") }).await.unwrap();

    let answer = store.claim_answer(OWNER, committed.reply.id).await.unwrap().unwrap();

    assert_eq!(answer.reply, committed.reply);
    assert_eq!(answer.reply.model.as_deref(), Some("offline"));
    assert_eq!(answer.conversation, committed.conversation);
    assert_eq!(answer.person_instructions.as_deref(), Some("Be kind."));
    let said: Vec<_> = answer.history.iter().map(|message| (message.sender, message.content.as_str())).collect();
    assert_eq!(said, [(Sender::User, "one"), (Sender::Assistant, "Well."), (Sender::User, "two")]);
    assert_eq!((answer.claim.owner, answer.claim.conversation_id), (OWNER, id));
}

#[tokio::test]
async fn what_is_finished_is_not_claimed() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    for message in exchange(store, id, "one").await {
        assert_eq!(store.claim_answer(OWNER, message).await.unwrap().map(|answer| answer.claim), None);
    }
}

#[tokio::test]
async fn it_ends_with_its_last_words_and_how() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;
    store.checkpoint(&answer.claim, &growth("Well")).await.unwrap();
    clock.advance(chrono::Duration::seconds(2));
    let usage = Usage { input_tokens: 7, output_tokens: u64::from(u32::MAX) + 1, ..Usage::default() };
    let grown = Growth { text: ", yes.".to_owned(), text_at: 4, last_seq: 9, ..Growth::default() };
    let ended = Outcome {
        status: MessageStatus::Complete,
        finish_reason: Some(FinishReason::Length),
        usage: Some(usage),
        cost_micros: Some(12),
        notices: vec![Notice::Trimmed, Notice::Fallback],
        fallback_from: Some("anthropic/claude".to_owned()),
        provider: Some("openai".to_owned()),
        model: Some("openai/gpt-5-mini".to_owned()),
        error: None,
    };

    let state = store.finish_answer(&answer.claim, &grown, &ended).await.unwrap().unwrap();

    let expected = AnswerState {
        id: answer.reply.id,
        parent_id: answer.reply.parent_id,
        status: MessageStatus::Complete,
        model: Some("openai/gpt-5-mini".to_owned()),
        finish_reason: Some(FinishReason::Length),
        usage: Some(usage),
        cost_micros: Some(12),
        notices: vec![Notice::Trimmed, Notice::Fallback],
        fallback_from: Some("anthropic/claude".to_owned()),
        timestamp: clock.now(),
    };
    assert_eq!(state, expected);
    let stored = store.message(OWNER, answer.reply.id).await.unwrap();
    assert_eq!(AnswerState::from(&stored), expected);
    assert_eq!((stored.content.as_str(), stored.last_seq, stored.error), ("Well, yes.", 9, None));
    assert_eq!(store.conversation(OWNER, id).await.unwrap().updated_at, clock.now());
    // The next prompt is taken.
    store.commit_prompt(OWNER, prompt(id, "two")).await.unwrap();
}

#[tokio::test]
async fn ending_it_again_gives_the_same() {
    for status in [MessageStatus::Complete, MessageStatus::Stopped, MessageStatus::Failed, MessageStatus::Interrupted] {
        let (database, clock) = at_a_fixed_time().await;
        let (store, id) = (&database.store, conversation(&database.store).await.id);
        let answer = claimed(store, id, "one").await;
        let ended = Outcome { error: Some(problem()), ..outcome(status) };

        let first = store.finish_answer(&answer.claim, &growth("Well."), &ended).await.unwrap();
        let stored = store.message(OWNER, answer.reply.id).await.unwrap();
        clock.advance(LEASE + LEASE);
        let again = store.finish_answer(&answer.claim, &growth("Well."), &ended).await.unwrap();

        assert_eq!(first.as_ref().map(|state| state.status), Some(status));
        assert_eq!(again, first);
        assert_eq!(stored.error, Some(problem()));
        assert_eq!(store.message(OWNER, answer.reply.id).await.unwrap(), stored);
    }
}

#[tokio::test]
async fn only_its_writer_ends_it() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let claim = claimed(store, id, "one").await.claim;
    let other = store::Claim { token: uuid::Uuid::new_v4(), ..claim };

    assert!(!store.checkpoint(&other, &growth("Forged")).await.unwrap().is_held());
    let complete = outcome(MessageStatus::Complete);
    assert_eq!(store.finish_answer(&other, &growth("Forged."), &complete).await.unwrap(), None);
    assert!(store.finish_answer(&claim, &growth("Well."), &complete).await.unwrap().is_some());
    assert_eq!(store.finish_answer(&other, &growth("Forged."), &complete).await.unwrap(), None);
    assert!(!store.checkpoint(&claim, &growth("More")).await.unwrap().is_held());
    assert_eq!(shown(store, id).await[1].content, "Well.");
}

#[tokio::test]
async fn one_that_nobody_takes_up_is_abandoned() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let reply = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap().reply;
    clock.advance(chrono::Duration::seconds(1));

    let abandoned = store.abandon_answer(OWNER, reply.id, &problem()).await.unwrap().unwrap();

    assert_eq!((abandoned.status, abandoned.timestamp), (MessageStatus::Failed, clock.now()));
    let stored = store.message(OWNER, reply.id).await.unwrap();
    assert_eq!((AnswerState::from(&stored), stored.error), (abandoned, Some(problem())));
    assert_eq!(store.claim_answer(OWNER, reply.id).await.unwrap().map(|answer| answer.claim), None);
    assert_eq!(store.abandon_answer(OWNER, reply.id, &problem()).await.unwrap(), None);
    store.commit_prompt(OWNER, prompt(id, "two")).await.unwrap();
}

#[tokio::test]
async fn one_that_somebody_writes_is_not_abandoned() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let answer = claimed(store, id, "one").await;

    assert_eq!(store.abandon_answer(OWNER, answer.reply.id, &problem()).await.unwrap(), None);

    assert!(store.checkpoint(&answer.claim, &growth("Well")).await.unwrap().is_held());
}

#[tokio::test]
async fn it_is_either_claimed_or_abandoned() {
    let database = Database::new().await;
    let store = &database.store;
    for _ in 0..20 {
        let reply = store.commit_prompt(OWNER, prompt(conversation(store).await.id, "one")).await.unwrap().reply.id;
        let problem = problem();
        let (claimed, abandoned) =
            join(store.claim_answer(OWNER, reply), store.abandon_answer(OWNER, reply, &problem)).await;
        assert_ne!(claimed.unwrap().is_some(), abandoned.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_finished_message_does_not_change_even_by_sql() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    exchange(store, id, "one").await;
    let before = shown(store, id).await;

    let mut app = database.app_connection().await;
    for message in &before {
        for change in ["content = 'Forged.'", "status = 'streaming', lease_until = now()", "user_id = user_id"] {
            let sql = format!("UPDATE messages SET {change} WHERE id = {}", message.id);
            let refused = acting(&mut app, Some(OWNER), &sql).await.unwrap_err();
            let refused = refused.as_database_error().unwrap();
            assert_eq!(refused.message(), format!("message {} is finished", message.id));
            assert_eq!(refused.code().as_deref(), Some("23000"));
        }
    }

    assert_eq!(shown(store, id).await, before);
}

#[tokio::test]
async fn a_conversation_has_one_running_answer_even_by_sql() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    claimed(store, id, "one").await;

    let sql = format!(
        "INSERT INTO messages (conversation_id, user_id, sender, status, lease_until, \"timestamp\", created_at)
         VALUES ('{id}', '{OWNER}', 'assistant', 'streaming', now(), now(), now())"
    );
    let refused = acting(&mut database.app_connection().await, Some(OWNER), &sql).await.unwrap_err();

    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("messages_one_streaming"));
}
