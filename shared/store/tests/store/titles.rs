//! What a conversation is called until its person says otherwise.

use domain::{Content, ConversationPatch, Patch, Title, TitleBy};
use store::NewPrompt;
use testkit::Database;

use crate::scene::{OWNER, at_a_fixed_time, conversation, exchange, prompt};

#[tokio::test]
async fn the_first_prompt_gives_the_title() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, before) = (&database.store, conversation(&database.store).await);
    clock.advance(chrono::Duration::seconds(1));
    let content = Content::parse("content", "  How do I\nplant tulips?").unwrap();

    let first = store.commit_prompt(OWNER, NewPrompt { content, ..prompt(before.id, "one") }).await.unwrap();

    assert!(first.titled);
    assert_eq!(first.conversation.title.as_deref(), Some("How do I plant tulips?"));
    assert_eq!((first.conversation.title_by, first.conversation.version), (TitleBy::Model, before.version + 1));
    assert_eq!(first.conversation.start_timestamp, Some(clock.now()));
    assert_eq!(store.conversation(OWNER, before.id).await.unwrap(), first.conversation);
}

#[tokio::test]
async fn later_prompts_leave_it() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    exchange(store, id, "one").await;
    let before = store.conversation(OWNER, id).await.unwrap();

    let second = store.commit_prompt(OWNER, prompt(id, "two")).await.unwrap();

    assert!(!second.titled);
    assert_eq!(second.conversation.title.as_deref(), Some("one"));
    assert_eq!(second.conversation.version, before.version);
    assert_eq!(second.conversation.start_timestamp, before.start_timestamp);
    assert_eq!(store.conversation(OWNER, id).await.unwrap(), second.conversation);
}

#[tokio::test]
async fn a_title_of_the_persons_own_is_kept() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let title = Patch::Set(Title::parse("title", "Mine").unwrap());
    let before =
        store.update_conversation(OWNER, id, &ConversationPatch { title, ..ConversationPatch::default() }, None).await;

    let first = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();

    assert!(!first.titled);
    assert_eq!((first.conversation.title.as_deref(), first.conversation.title_by), (Some("Mine"), TitleBy::User));
    assert_eq!(first.conversation.version, before.unwrap().version);
}

#[tokio::test]
async fn a_cleared_title_is_given_by_the_next_prompt() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    exchange(store, id, "one").await;
    let clear = ConversationPatch { title: Patch::Clear, ..ConversationPatch::default() };
    store.update_conversation(OWNER, id, &clear, None).await.unwrap();

    let second = store.commit_prompt(OWNER, prompt(id, "two")).await.unwrap();

    assert!(second.titled);
    assert_eq!(second.conversation.title.as_deref(), Some("two"));
}
