//! Prompts are committed once, with their answer, or not at all.

use domain::{ClientId, Content, UserId};
use store::{NewConversation, NewPrompt};
use testkit::Database;

#[tokio::test]
async fn a_repeated_client_id_returns_the_first_result() {
    let database = Database::new().await;
    let store = &database.store;
    let conversation = store.create_conversation(UserId::BUILT_IN, NewConversation::default()).await.unwrap();
    let prompt = NewPrompt {
        conversation_id: conversation.id,
        content: Content::parse("content", "What did we decide?").unwrap(),
        client_id: ClientId::parse("client_id", "one").unwrap(),
        model: None,
    };

    let first = store.commit_prompt(UserId::BUILT_IN, prompt.clone()).await.unwrap();
    let again = store.commit_prompt(UserId::BUILT_IN, prompt).await.unwrap();

    assert!(!first.repeated && again.repeated && again.unclaimed);
    assert_eq!((again.message, again.reply), (first.message, first.reply));
    assert_eq!(store.conversation(UserId::BUILT_IN, conversation.id).await.unwrap(), first.conversation);
}
