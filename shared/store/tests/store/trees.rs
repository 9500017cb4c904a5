//! Whatever the tree of messages, the pages of a branch joined are the branch.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::{ConversationId, MessageId};
use proptest::prelude::*;
use proptest::sample::Index;
use store::{HistoryRange, Store};
use testkit::Database;

use crate::scene::{OWNER, as_owner, conversation};

/// Where the ids of the next tree begin: far from those of the one before.
static NEXT: AtomicI64 = AtomicI64::new(1);
const LARGEST: usize = 1_000;

/// The place of each message's parent in the tree; the first is the root.
type Parents = Vec<Option<usize>>;

fn trees() -> impl Strategy<Value = Parents> {
    // Mostly long branches, forking here and there.
    prop::collection::vec((prop::bool::weighted(0.8), any::<Index>()), 1..40).prop_map(|choices| {
        choices
            .into_iter()
            .enumerate()
            .map(|(place, (straight, parent))| match place {
                0 => None,
                _ if straight => Some(place - 1),
                _ => Some(parent.index(place)),
            })
            .collect()
    })
}

async fn plant(database: &Database, id: ConversationId, parents: &Parents) -> Vec<MessageId> {
    assert!(parents.len() <= LARGEST);
    let first = NEXT.fetch_add(i64::try_from(LARGEST).unwrap(), Ordering::Relaxed);
    let message = |place: usize| first + i64::try_from(place).unwrap();
    let rows: Vec<_> = parents
        .iter()
        .enumerate()
        .map(|(place, parent)| {
            let parent = parent.map_or("NULL".to_owned(), |parent| message(parent).to_string());
            format!("({}, '{id}', '{OWNER}', {parent}, 'user', 'complete', '{place}', now(), now())", message(place))
        })
        .collect();
    as_owner(
        database,
        &format!(
            "INSERT INTO messages (id, conversation_id, user_id, parent_id, sender, status, content, \"timestamp\", created_at)
             OVERRIDING SYSTEM VALUE VALUES {}",
            rows.join(", ")
        ),
    )
    .await;
    (0..parents.len()).map(|place| message(place).into()).collect()
}

fn branch(parents: &Parents, leaf: usize) -> Vec<usize> {
    let mut branch: Vec<_> = std::iter::successors(Some(leaf), |place| parents[*place]).collect();
    branch.reverse();
    branch
}

/// Shows a branch that may end above others.
async fn show(database: &Database, id: ConversationId, leaf: MessageId) {
    as_owner(database, &format!("UPDATE conversations SET leaf_id = {leaf} WHERE id = '{id}'")).await;
}

/// All pages from the newest to the root, joined.
async fn backwards(store: &Store, id: ConversationId, limit: u16) -> Vec<MessageId> {
    let (mut joined, mut range) = (Vec::new(), HistoryRange::Newest);
    loop {
        let (_, page) = store.history(OWNER, id, range, limit).await.unwrap();
        assert!(page.items.len() <= usize::from(limit));
        assert!(page.next.is_none_or(|next| next == page.items[0].id));
        joined.splice(0..0, page.items.iter().map(|message| message.id));
        match page.next {
            Some(next) => range = HistoryRange::Before(next),
            None => return joined,
        }
    }
}

/// All pages after a message, joined.
async fn forwards(store: &Store, id: ConversationId, after: MessageId, limit: u16) -> Vec<MessageId> {
    let (mut joined, mut range) = (Vec::new(), HistoryRange::After(after));
    loop {
        let (_, page) = store.history(OWNER, id, range, limit).await.unwrap();
        assert!(page.items.len() <= usize::from(limit));
        joined.extend(page.items.iter().map(|message| message.id));
        match page.next {
            Some(next) => range = HistoryRange::After(next),
            None => return joined,
        }
    }
}

#[test]
fn pages_joined_are_the_branch() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let database = runtime.block_on(Database::new());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(24));
    runner
        .run(&(trees(), any::<Index>(), any::<Index>(), 1_u16..9), |(parents, leaf, after, limit)| {
            runtime.block_on(async {
                let (store, id) = (&database.store, conversation(&database.store).await.id);
                let messages = plant(&database, id, &parents).await;
                let leaf = leaf.index(messages.len());
                show(&database, id, messages[leaf]).await;
                let expected: Vec<_> = branch(&parents, leaf).into_iter().map(|place| messages[place]).collect();

                prop_assert_eq!(&backwards(store, id, limit).await, &expected);
                let at = after.index(expected.len());
                prop_assert_eq!(&forwards(store, id, expected[at], limit).await, &expected[at + 1..]);
                Ok(())
            })
        })
        .unwrap();
}

#[tokio::test]
async fn a_long_branch_is_read_whole() {
    let database = Database::new().await;
    let (store, id) = (&database.store, conversation(&database.store).await.id);
    let line: Parents = (0..LARGEST).map(|place| place.checked_sub(1)).collect();
    let messages = plant(&database, id, &line).await;
    show(&database, id, messages[LARGEST - 1]).await;

    assert_eq!(backwards(store, id, 100).await, messages);
    assert_eq!(forwards(store, id, messages[0], 100).await, messages[1..]);
}
