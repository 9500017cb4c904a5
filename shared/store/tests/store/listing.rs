//! The list of conversations: its order, its pages and what it is filtered by.

use domain::{
    ConversationCursor, ConversationFilter, ConversationId, ConversationItem, ConversationPatch, SearchText, Status,
    Title,
};
use proptest::prelude::*;
use store::{NewConversation, Store};
use testkit::Database;

use crate::scene::{OWNER, at_a_fixed_time, conversation, end, exchange, prompt};

async fn titled(store: &Store, title: &str) -> ConversationId {
    let title = Some(Title::parse("title", title).unwrap());
    store.create_conversation(OWNER, NewConversation { title, ..NewConversation::default() }).await.unwrap().id
}

async fn pin(store: &Store, id: ConversationId, pinned: bool) {
    let patch = ConversationPatch { pinned: Some(pinned), ..ConversationPatch::default() };
    store.update_conversation(OWNER, id, &patch, None).await.unwrap();
}

async fn archive(store: &Store, id: ConversationId) {
    let patch = ConversationPatch { archived: Some(true), ..ConversationPatch::default() };
    store.update_conversation(OWNER, id, &patch, None).await.unwrap();
}

async fn listed(store: &Store, filter: &ConversationFilter) -> Vec<ConversationId> {
    let page = store.conversations(OWNER, filter, None, 100).await.unwrap();
    assert_eq!(page.next_cursor, None);
    page.items.iter().map(|item| item.id).collect()
}

/// Every page of the list, joined.
async fn joined(store: &Store, filter: &ConversationFilter, limit: u16) -> Vec<ConversationItem> {
    let (mut items, mut after) = (Vec::new(), None);
    loop {
        let page = store.conversations(OWNER, filter, after, limit).await.unwrap();
        assert!(page.items.len() <= usize::from(limit));
        assert!(page.next_cursor.is_none() || page.items.len() == usize::from(limit));
        items.extend(page.items);
        match page.next_cursor {
            Some(cursor) => after = Some(ConversationCursor::parse("cursor", &cursor).unwrap()),
            None => return items,
        }
    }
}

fn text(text: &str) -> ConversationFilter {
    ConversationFilter { text: SearchText::parse("q", text).unwrap(), ..ConversationFilter::default() }
}

#[tokio::test]
async fn pinned_ones_come_first_then_the_last_changed() {
    let (database, clock) = at_a_fixed_time().await;
    let store = &database.store;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(conversation(store).await.id);
        clock.advance(chrono::Duration::milliseconds(1));
    }
    assert_eq!(listed(store, &ConversationFilter::default()).await, [ids[3], ids[2], ids[1], ids[0]]);

    pin(store, ids[1], true).await;
    clock.advance(chrono::Duration::milliseconds(1));
    pin(store, ids[0], true).await;
    assert_eq!(listed(store, &ConversationFilter::default()).await, [ids[0], ids[1], ids[3], ids[2]]);

    clock.advance(chrono::Duration::milliseconds(1));
    store.commit_prompt(OWNER, prompt(ids[2], "one")).await.unwrap();
    assert_eq!(listed(store, &ConversationFilter::default()).await, [ids[0], ids[1], ids[2], ids[3]]);
}

#[tokio::test]
async fn a_finished_answer_moves_its_conversation_up() {
    let (database, clock) = at_a_fixed_time().await;
    let store = &database.store;
    let (old, new) = (conversation(store).await.id, conversation(store).await.id);
    clock.advance(chrono::Duration::milliseconds(1));
    exchange(store, old, "one").await;
    let items = joined(store, &ConversationFilter::default(), 10).await;
    assert_eq!(items.iter().map(|item| item.id).collect::<Vec<_>>(), [old, new]);
    assert_eq!(items[0].updated_at, clock.now());
}

#[tokio::test]
async fn a_line_says_what_the_conversation_says() {
    let (database, _) = at_a_fixed_time().await;
    let store = &database.store;
    let id = titled(store, "Tulips").await;
    pin(store, id, true).await;
    let whole = store.conversation(OWNER, id).await.unwrap();

    let line = joined(store, &ConversationFilter::default(), 10).await.remove(0);

    let expected = ConversationItem {
        id,
        kind: whole.kind,
        title: whole.title,
        status: whole.status,
        summary: whole.summary,
        summary_status: whole.summary_status,
        topics: whole.topics,
        model: whole.model,
        archived_at: whole.archived_at,
        pinned_at: whole.pinned_at,
        created_at: whole.created_at,
        updated_at: whole.updated_at,
        version: whole.version,
    };
    assert_eq!(line, expected);
}

#[tokio::test]
async fn pages_of_any_size_joined_are_the_list_even_of_one_moment() {
    // The clock stands still: every `updated_at` is the same.
    let (database, clock) = at_a_fixed_time().await;
    let store = &database.store;
    for number in 0..12 {
        let id = conversation(store).await.id;
        if number % 3 == 0 {
            pin(store, id, true).await;
        }
        if number == 7 {
            clock.advance(chrono::Duration::microseconds(1));
        }
    }
    let whole = joined(store, &ConversationFilter::default(), 100).await;
    assert_eq!(whole.len(), 12);
    for limit in [1, 2, 3, 4, 5, 6, 11, 12, 13] {
        assert_eq!(joined(store, &ConversationFilter::default(), limit).await, whole, "pages of {limit}");
    }
}

#[tokio::test]
async fn the_last_page_says_that_it_is() {
    let database = Database::new().await;
    let store = &database.store;
    for _ in 0..4 {
        conversation(store).await;
    }
    let first = store.conversations(OWNER, &ConversationFilter::default(), None, 2).await.unwrap();
    let after = ConversationCursor::parse("cursor", &first.next_cursor.unwrap()).unwrap();
    let second = store.conversations(OWNER, &ConversationFilter::default(), Some(after), 2).await.unwrap();
    assert_eq!((second.items.len(), second.next_cursor), (2, None));
}

#[tokio::test]
async fn a_page_goes_on_when_the_line_before_it_is_gone() {
    let (database, clock) = at_a_fixed_time().await;
    let store = &database.store;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(conversation(store).await.id);
        clock.advance(chrono::Duration::milliseconds(1));
    }
    let first = store.conversations(OWNER, &ConversationFilter::default(), None, 2).await.unwrap();
    store.delete_conversation(OWNER, ids[2]).await.unwrap();
    let after = ConversationCursor::parse("cursor", &first.next_cursor.unwrap()).unwrap();
    let second = store.conversations(OWNER, &ConversationFilter::default(), Some(after), 2).await.unwrap();
    assert_eq!(second.items.iter().map(|item| item.id).collect::<Vec<_>>(), [ids[1], ids[0]]);
}

#[tokio::test]
async fn archived_and_ended_ones_are_listed_apart() {
    let database = Database::new().await;
    let store = &database.store;
    let (active, ended, archived) =
        (conversation(store).await.id, conversation(store).await.id, conversation(store).await.id);
    end(&database, ended).await;
    archive(store, archived).await;
    let filter = |status, archived| ConversationFilter { status, archived, text: None };

    assert_eq!(listed(store, &filter(None, false)).await.len(), 2);
    assert_eq!(listed(store, &filter(Some(Status::Active), false)).await, [active]);
    assert_eq!(listed(store, &filter(Some(Status::Ended), false)).await, [ended]);
    assert_eq!(listed(store, &filter(None, true)).await, [archived]);
    assert_eq!(listed(store, &filter(Some(Status::Ended), true)).await, []);
}

#[tokio::test]
async fn a_search_heeds_no_case_and_takes_every_character_for_itself() {
    let (database, clock) = at_a_fixed_time().await;
    let store = &database.store;
    conversation(store).await;
    let mut ids = Vec::new();
    for title in ["100% Wool", "100 sheep", "snake_case", "snakeXcase", r"back\slash", "ÉTÉ à Zürich", "It's \"fine\""]
    {
        clock.advance(chrono::Duration::milliseconds(1));
        ids.push(titled(store, title).await);
    }
    for (query, found) in [
        ("100", vec![ids[1], ids[0]]),
        ("0%", vec![ids[0]]),
        ("%", vec![ids[0]]),
        ("_", vec![ids[2]]),
        ("SNAKE_", vec![ids[2]]),
        ("k\\S", vec![ids[4]]),
        ("wOOL", vec![ids[0]]),
        ("été", vec![ids[5]]),
        ("ZÜR", vec![ids[5]]),
        ("it's \"F", vec![ids[6]]),
        ("nowhere", vec![]),
    ] {
        assert_eq!(listed(store, &text(query)).await, found, "{query:?}");
    }
}

#[derive(Clone, Debug)]
struct Line {
    pinned: bool,
    archived: bool,
    /// Microseconds after the one before it.
    after: i64,
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (any::<bool>(), prop::bool::weighted(0.2), 0_i64..2).prop_map(|(pinned, archived, after)| Line {
        pinned,
        archived,
        after,
    });
    prop::collection::vec(line, 0..12)
}

#[test]
fn any_list_joined_from_any_pages_is_sorted_and_whole() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(12));
    runner
        .run(&(lines(), 1_u16..6), |(lines, limit)| {
            runtime.block_on(async {
                let (database, clock) = at_a_fixed_time().await;
                let store = &database.store;
                for line in &lines {
                    clock.advance(chrono::Duration::microseconds(line.after));
                    let id = conversation(store).await.id;
                    let patch = ConversationPatch {
                        pinned: Some(line.pinned),
                        archived: Some(line.archived),
                        ..ConversationPatch::default()
                    };
                    store.update_conversation(OWNER, id, &patch, None).await.unwrap();
                }
                for archived in [false, true] {
                    let filter = ConversationFilter { archived, ..ConversationFilter::default() };
                    let items = joined(store, &filter, limit).await;
                    prop_assert_eq!(items.len(), lines.iter().filter(|line| line.archived == archived).count());
                    let key = |item: &ConversationItem| (item.pinned_at.is_some(), item.updated_at, item.id.as_uuid());
                    prop_assert!(items.is_sorted_by(|one, next| key(one) > key(next)));
                }
                Ok(())
            })
        })
        .unwrap();
}
