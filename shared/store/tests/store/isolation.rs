//! Nobody sees or changes through the store what is somebody else's.

use domain::{ConversationFilter, ConversationPatch, Fault, MessageStatus, Patch, Problem, Title};
use store::{Claim, HistoryRange};
use testkit::Database;

use crate::scene::{OWNER, claimed, conversation, growth, outcome, prompt, shown};

fn not_found<T>(result: &Result<T, Fault>, what: &str) -> bool {
    matches!(result, Err(Fault::NotFound(found)) if *found == what)
}

#[tokio::test]
async fn a_stranger_finds_no_conversation() {
    let database = Database::new().await;
    let (store, stranger) = (&database.store, database.add_person().await);
    let id = conversation(store).await.id;
    let before = store.conversation(OWNER, id).await.unwrap();

    let patch = ConversationPatch {
        title: Patch::Set(Title::parse("title", "Mine").unwrap()),
        pinned: Some(true),
        ..ConversationPatch::default()
    };
    assert!(not_found(&store.conversation(stranger, id).await, "conversation"));
    assert!(not_found(&store.update_conversation(stranger, id, &patch, None).await, "conversation"));
    assert!(not_found(
        &store.update_conversation(stranger, id, &ConversationPatch::default(), None).await,
        "conversation"
    ));
    assert!(not_found(&store.delete_conversation(stranger, id).await, "conversation"));
    assert!(not_found(&store.history(stranger, id, HistoryRange::Newest, 10).await, "conversation"));
    assert!(not_found(&store.commit_prompt(stranger, prompt(id, "theirs")).await, "conversation"));
    let list = store.conversations(stranger, &ConversationFilter::default(), None, 10).await.unwrap();
    assert_eq!((list.items, list.next_cursor), (Vec::new(), None));

    assert_eq!(store.conversation(OWNER, id).await.unwrap(), before);
    assert_eq!(shown(store, id).await, []);
}

#[tokio::test]
async fn a_stranger_finds_no_message_and_writes_no_answer() {
    let database = Database::new().await;
    let (store, stranger) = (&database.store, database.add_person().await);
    let id = conversation(store).await.id;
    let unclaimed = store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap();

    assert!(not_found(&store.message(stranger, unclaimed.message.id).await, "message"));
    assert!(not_found(&store.message(stranger, unclaimed.reply.id).await, "message"));
    assert_eq!(store.claim_answer(stranger, unclaimed.reply.id).await.unwrap().map(|answer| answer.claim), None);
    let problem = Problem::from(&Fault::internal("could not be started"));
    assert_eq!(store.abandon_answer(stranger, unclaimed.reply.id, &problem).await.unwrap(), None);
    assert_eq!(store.message(OWNER, unclaimed.reply.id).await.unwrap(), unclaimed.reply);

    // Even with the token of the writer.
    let claim = store.claim_answer(OWNER, unclaimed.reply.id).await.unwrap().unwrap().claim;
    let stolen = Claim { owner: stranger, ..claim };
    assert!(!store.checkpoint(&stolen, &growth("Forged.")).await.unwrap().is_held());
    let finished = store.finish_answer(&stolen, &growth("Forged."), &outcome(MessageStatus::Complete)).await.unwrap();
    assert_eq!(finished, None);
    assert_eq!(store.message(OWNER, unclaimed.reply.id).await.unwrap(), unclaimed.reply);
}

#[tokio::test]
async fn two_people_may_use_the_same_client_id() {
    let database = Database::new().await;
    let (store, stranger) = (&database.store, database.add_person().await);
    let mine = conversation(store).await.id;
    let theirs = store.create_conversation(stranger, store::NewConversation::default()).await.unwrap().id;

    let answer = claimed(store, mine, "one").await;
    let other = store.commit_prompt(stranger, prompt(theirs, "one")).await.unwrap();

    assert!(!other.repeated);
    assert_ne!(other.reply.id, answer.reply.id);
    let list = store.conversations(stranger, &ConversationFilter::default(), None, 10).await.unwrap();
    assert_eq!(list.items.iter().map(|item| item.id).collect::<Vec<_>>(), [theirs]);
}

#[tokio::test]
async fn nobody_branches_to_a_message_of_somebody_elses() {
    let database = Database::new().await;
    let (store, stranger) = (&database.store, database.add_person().await);
    let theirs = store.create_conversation(stranger, store::NewConversation::default()).await.unwrap().id;
    let message = claimed(store, conversation(store).await.id, "one").await.reply.id;

    let patch = ConversationPatch { leaf_id: Some(message), ..ConversationPatch::default() };
    let refused = store.update_conversation(stranger, theirs, &patch, None).await;

    assert!(matches!(refused, Err(Fault::Invalid(errors)) if errors[0].field == "leaf_id"));
}
