//! Conversations are started, read and changed.

use domain::{
    Clock, Conflict, Conversation, ConversationId, ConversationPatch, Fault, Instructions, Kind, MessageId, ModelId,
    Patch, Status, SummaryStatus, Title, TitleBy,
};
use futures::future::join_all;
use store::{NewConversation, Store};
use testkit::Database;
use uuid::Uuid;

use crate::scene::{OWNER, at_a_fixed_time, conversation, exchange, start};

fn title(text: &str) -> Title {
    Title::parse("title", text).unwrap()
}

fn model(text: &str) -> ModelId {
    ModelId::parse("model", text).unwrap()
}

fn instructions(text: &str) -> Instructions {
    Instructions::parse("instructions", text).unwrap()
}

async fn with_everything(store: &Store) -> Conversation {
    let new = NewConversation {
        title: Some(title("Tulips")),
        model: Some(model("openai/gpt-5-mini")),
        instructions: Some(instructions("Be brief.\nBe kind.")),
    };
    store.create_conversation(OWNER, new).await.unwrap()
}

async fn patch(store: &Store, id: ConversationId, patch: ConversationPatch) -> Conversation {
    store.update_conversation(OWNER, id, &patch, None).await.unwrap()
}

#[tokio::test]
async fn one_begins_with_what_was_given() {
    let (database, _) = at_a_fixed_time().await;

    let created = with_everything(&database.store).await;

    let expected = Conversation {
        id: created.id,
        kind: Kind::Chat,
        title: Some("Tulips".to_owned()),
        title_by: TitleBy::User,
        status: Status::Active,
        summary: None,
        summary_status: SummaryStatus::None,
        topics: Vec::new(),
        sentiment: None,
        model: Some("openai/gpt-5-mini".to_owned()),
        instructions: Some("Be brief.\nBe kind.".to_owned()),
        leaf_id: None,
        start_timestamp: None,
        end_timestamp: None,
        archived_at: None,
        pinned_at: None,
        created_at: start(),
        updated_at: start(),
        version: 1,
    };
    assert_eq!(created, expected);
    assert_eq!(database.store.conversation(OWNER, created.id).await.unwrap(), expected);
}

#[tokio::test]
async fn one_may_begin_with_nothing() {
    let database = Database::new().await;
    let created = conversation(&database.store).await;
    assert_eq!((created.title, created.title_by), (None, TitleBy::Model));
    assert_eq!((created.model, created.instructions), (None, None));
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let database = Database::new().await;
    let (store, id) = (&database.store, ConversationId::from(Uuid::new_v4()));
    assert!(matches!(store.conversation(OWNER, id).await, Err(Fault::NotFound("conversation"))));
    assert!(matches!(store.delete_conversation(OWNER, id).await, Err(Fault::NotFound("conversation"))));
    let update = store.update_conversation(OWNER, id, &ConversationPatch::default(), Some(1)).await;
    assert!(matches!(update, Err(Fault::NotFound("conversation"))));
    assert!(matches!(store.message(OWNER, MessageId::from(1)).await, Err(Fault::NotFound("message"))));
}

#[tokio::test]
async fn fields_are_set_kept_and_cleared_each_by_itself() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, before) = (&database.store, with_everything(&database.store).await);
    clock.advance(chrono::Duration::seconds(1));
    let later = clock.now();

    let titled = patch(
        store,
        before.id,
        ConversationPatch { title: Patch::Set(title("Roses")), ..ConversationPatch::default() },
    );
    let titled = titled.await;
    assert_eq!(titled, Conversation { title: Some("Roses".to_owned()), updated_at: later, version: 2, ..before });

    let model = ConversationPatch { model: Patch::Set(model("offline")), ..ConversationPatch::default() };
    let modelled = patch(store, titled.id, model).await;
    assert_eq!(modelled, Conversation { model: Some("offline".to_owned()), version: 3, ..titled });

    let instructions =
        ConversationPatch { instructions: Patch::Set(instructions("Rhyme.")), ..ConversationPatch::default() };
    let instructed = patch(store, modelled.id, instructions).await;
    assert_eq!(instructed, Conversation { instructions: Some("Rhyme.".to_owned()), version: 4, ..modelled });

    let clear = ConversationPatch {
        title: Patch::Clear,
        model: Patch::Clear,
        instructions: Patch::Clear,
        ..ConversationPatch::default()
    };
    let cleared = patch(store, instructed.id, clear).await;
    let expected = Conversation {
        title: None,
        title_by: TitleBy::Model,
        model: None,
        instructions: None,
        version: 5,
        ..instructed
    };
    assert_eq!(cleared, expected);
    assert_eq!(store.conversation(OWNER, cleared.id).await.unwrap(), cleared);
}

#[tokio::test]
async fn a_title_of_the_persons_own_says_so() {
    let database = Database::new().await;
    let id = conversation(&database.store).await.id;
    let set = ConversationPatch { title: Patch::Set(title("Mine")), ..ConversationPatch::default() };
    assert_eq!(patch(&database.store, id, set).await.title_by, TitleBy::User);
    let pinned = ConversationPatch { pinned: Some(true), ..ConversationPatch::default() };
    assert_eq!(patch(&database.store, id, pinned).await.title_by, TitleBy::User);
}

#[tokio::test]
async fn pinning_and_archiving_keep_their_first_time() {
    let (database, clock) = at_a_fixed_time().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let mark = |on| ConversationPatch { archived: Some(on), pinned: Some(on), ..ConversationPatch::default() };

    let marked = patch(store, id, mark(true)).await;
    assert_eq!((marked.archived_at, marked.pinned_at), (Some(start()), Some(start())));
    clock.advance(chrono::Duration::seconds(1));
    let again = patch(store, id, mark(true)).await;
    assert_eq!((again.archived_at, again.pinned_at), (Some(start()), Some(start())));
    let kept = patch(store, id, ConversationPatch { title: Patch::Clear, ..ConversationPatch::default() }).await;
    assert_eq!((kept.archived_at, kept.pinned_at), (Some(start()), Some(start())));
    let unmarked = patch(store, id, mark(false)).await;
    assert_eq!((unmarked.archived_at, unmarked.pinned_at), (None, None));
}

#[tokio::test]
async fn a_change_of_nothing_changes_nothing() {
    let (database, clock) = at_a_fixed_time().await;
    let before = with_everything(&database.store).await;
    clock.advance(chrono::Duration::seconds(1));
    assert_eq!(patch(&database.store, before.id, ConversationPatch::default()).await, before);
    assert_eq!(database.store.conversation(OWNER, before.id).await.unwrap(), before);
}

#[tokio::test]
async fn a_change_that_names_an_old_version_is_refused() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let change = ConversationPatch { title: Patch::Set(title("Mine")), ..ConversationPatch::default() };

    assert_eq!(store.update_conversation(OWNER, id, &change, Some(1)).await.unwrap().version, 2);
    let refused = store.update_conversation(OWNER, id, &change, Some(1)).await;
    assert!(matches!(refused, Err(Fault::Conflict(Conflict::VersionMismatch(2)))), "{refused:?}");
    // Even one that would change nothing.
    let refused = store.update_conversation(OWNER, id, &ConversationPatch::default(), Some(1)).await;
    assert!(matches!(refused, Err(Fault::Conflict(Conflict::VersionMismatch(2)))), "{refused:?}");
    assert_eq!(store.conversation(OWNER, id).await.unwrap().version, 2);
}

#[tokio::test]
async fn of_many_changes_of_one_version_one_wins() {
    let database = Database::new().await;
    let id = conversation(&database.store).await.id;
    let stores = join_all((0..4).map(|_| Store::connect(&database.app_url, Clock::system()))).await;

    let changes = (0..20).map(|number| {
        let store = stores[number % 4].as_ref().unwrap();
        let change =
            ConversationPatch { title: Patch::Set(title(&number.to_string())), ..ConversationPatch::default() };
        async move { store.update_conversation(OWNER, id, &change, Some(1)).await }
    });
    let results = join_all(changes).await;

    let won: Vec<_> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(&database.store.conversation(OWNER, id).await.unwrap(), won[0]);
}

#[tokio::test]
async fn changes_without_a_version_are_all_made() {
    let database = Database::new().await;
    let (store, id) = (&database.store, with_everything(&database.store).await.id);
    let changes = [
        ConversationPatch { title: Patch::Set(title("Roses")), ..ConversationPatch::default() },
        ConversationPatch { model: Patch::Clear, ..ConversationPatch::default() },
        ConversationPatch { instructions: Patch::Clear, ..ConversationPatch::default() },
        ConversationPatch { pinned: Some(true), ..ConversationPatch::default() },
        ConversationPatch { archived: Some(true), ..ConversationPatch::default() },
    ];

    for result in join_all(changes.iter().map(|change| store.update_conversation(OWNER, id, change, None))).await {
        result.unwrap();
    }

    let now = store.conversation(OWNER, id).await.unwrap();
    assert_eq!((now.title.as_deref(), now.model, now.instructions), (Some("Roses"), None, None));
    assert!(now.pinned_at.is_some() && now.archived_at.is_some());
    assert_eq!(now.version, 6);
}

#[tokio::test]
async fn the_shown_branch_ends_at_a_message_of_its_own() {
    let database = Database::new().await;
    let store = &database.store;
    let (id, other) = (conversation(store).await.id, conversation(store).await.id);
    let answer = exchange(store, id, "one").await[1];
    let again = store.commit_regeneration(OWNER, answer, None).await.unwrap().reply.id;
    let [_, elsewhere] = exchange(store, other, "one").await;
    let show = |leaf| ConversationPatch { leaf_id: Some(leaf), pinned: Some(true), ..ConversationPatch::default() };

    assert_eq!(store.conversation(OWNER, id).await.unwrap().leaf_id, Some(again));
    assert_eq!(patch(store, id, show(answer)).await.leaf_id, Some(answer));
    for wrong in [elsewhere, MessageId::from(i64::MAX)] {
        let refused = store.update_conversation(OWNER, id, &show(wrong), None).await;
        let Err(Fault::Invalid(errors)) = refused else { panic!("{refused:?}") };
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["leaf_id"]);
    }
    assert_eq!(store.conversation(OWNER, id).await.unwrap().leaf_id, Some(answer));
}
