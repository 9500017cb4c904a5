//! Nobody sees or changes what is somebody else's: not through the store, and not past it.

use domain::{Fault, UserId};
use store::NewConversation;
use testkit::Database;

#[tokio::test]
async fn somebody_elses_conversation_is_none() {
    let database = Database::new().await;
    let stranger = database.add_person().await;
    let store = &database.store;
    let conversation = store.create_conversation(UserId::BUILT_IN, NewConversation::default()).await.unwrap();

    assert_eq!(store.conversation(UserId::BUILT_IN, conversation.id).await.unwrap(), conversation);
    assert!(matches!(store.conversation(stranger, conversation.id).await, Err(Fault::NotFound("conversation"))));
    assert!(matches!(store.delete_conversation(stranger, conversation.id).await, Err(Fault::NotFound("conversation"))));
}
