//! The shown branch is read in pages, from either end.

use domain::{ConversationId, ConversationPatch, Fault, Message, MessageId, Page};
use store::{HistoryPage, HistoryRange, Store};
use testkit::Database;

use crate::scene::{OWNER, conversation, exchange, prompt};

fn ids(messages: &[Message]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

async fn page(store: &Store, id: ConversationId, range: HistoryRange, limit: u16) -> HistoryPage {
    store.history(OWNER, id, range, limit).await.unwrap().1
}

async fn show(store: &Store, id: ConversationId, leaf: MessageId) {
    let patch = ConversationPatch { leaf_id: Some(leaf), ..ConversationPatch::default() };
    store.update_conversation(OWNER, id, &patch, None).await.unwrap();
}

/// Three exchanges in a line: six messages.
async fn line(store: &Store, id: ConversationId) -> Vec<MessageId> {
    let mut messages = Vec::new();
    for name in ["one", "two", "three"] {
        messages.extend(exchange(store, id, name).await);
    }
    messages
}

#[tokio::test]
async fn an_empty_conversation_has_an_empty_page() {
    let database = Database::new().await;
    let (store, created) = (&database.store, conversation(&database.store).await);
    for range in [HistoryRange::Newest, HistoryRange::Before(1.into()), HistoryRange::After(1.into())] {
        let (read, page) = store.history(OWNER, created.id, range, 10).await.unwrap();
        assert_eq!((read, page), (created.clone(), HistoryPage { items: Vec::new(), next: None }));
    }
}

#[tokio::test]
async fn the_newest_come_oldest_first_and_say_where_older_ones_are() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let line = line(store, id).await;

    let newest = page(store, id, HistoryRange::Newest, 4).await;
    assert_eq!((ids(&newest.items), newest.next), (line[2..].to_vec(), Some(line[2])));
    let older = page(store, id, HistoryRange::Before(line[2]), 4).await;
    assert_eq!((ids(&older.items), older.next), (line[..2].to_vec(), None));
    let all = page(store, id, HistoryRange::Newest, 6).await;
    assert_eq!((ids(&all.items), all.next), (line.clone(), None));
    let first = page(store, id, HistoryRange::Before(line[0]), 6).await;
    assert_eq!((first.items, first.next), (Vec::new(), None));
}

#[tokio::test]
async fn those_after_a_message_come_oldest_first_and_say_where_newer_ones_are() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let line = line(store, id).await;

    let after = page(store, id, HistoryRange::After(line[0]), 3).await;
    assert_eq!((ids(&after.items), after.next), (line[1..4].to_vec(), Some(line[3])));
    let rest = page(store, id, HistoryRange::After(line[3]), 3).await;
    assert_eq!((ids(&rest.items), rest.next), (line[4..].to_vec(), None));
    let none = page(store, id, HistoryRange::After(line[5]), 3).await;
    assert_eq!((none.items, none.next), (Vec::new(), None));
}

#[tokio::test]
async fn only_the_shown_branch_is_read() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let trunk = exchange(store, id, "trunk").await;
    let left = exchange(store, id, "left").await;
    let edited = store.commit_edit(OWNER, left[0], prompt(id, "right")).await.unwrap();
    let right = [edited.message.id, edited.reply.id];

    let branch = |end: [MessageId; 2]| vec![trunk[0], trunk[1], end[0], end[1]];
    assert_eq!(ids(&page(store, id, HistoryRange::Newest, 10).await.items), branch(right));
    show(store, id, left[1]).await;
    assert_eq!(ids(&page(store, id, HistoryRange::Newest, 10).await.items), branch(left));
    let after = page(store, id, HistoryRange::After(trunk[0]), 10).await;
    assert_eq!(ids(&after.items), [trunk[1], left[0], left[1]]);
    // A page that was begun on a branch goes on there, whichever is shown now.
    let before = page(store, id, HistoryRange::Before(right[1]), 10).await;
    assert_eq!(ids(&before.items), [trunk[0], trunk[1], right[0]]);
    show(store, id, trunk[1]).await;
    assert_eq!(ids(&page(store, id, HistoryRange::Newest, 10).await.items), branch(right));
}

#[tokio::test]
async fn a_message_of_another_conversation_is_no_place_to_go_on() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    exchange(store, id, "one").await;
    let [elsewhere, _] = exchange(store, conversation(store).await.id, "one").await;

    for wrong in [elsewhere, MessageId::from(i64::MAX)] {
        let refused = store.history(OWNER, id, HistoryRange::Before(wrong), 10).await;
        let Err(Fault::Invalid(errors)) = refused else { panic!("{refused:?}") };
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["before"]);
    }
    let after = page(store, id, HistoryRange::After(elsewhere), 10).await;
    assert_eq!((after.items, after.next), (Vec::new(), None));
}

#[tokio::test]
async fn a_page_tells_its_reader_where_to_go_on() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let line = line(store, id).await;
    let read = Page::from(page(store, id, HistoryRange::Newest, 2).await);
    assert_eq!(read.next_cursor, Some(line[4].to_string()));
}
