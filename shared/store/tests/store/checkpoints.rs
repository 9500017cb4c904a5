//! An answer grows by checkpoints, each written once however often it is sent.

use domain::MessageStatus;
use proptest::prelude::*;
use store::{Growth, Store};
use testkit::Database;

use crate::scene::{OWNER, claimed, conversation, outcome};

fn text(at: usize, text: &str, last_seq: i64) -> Growth {
    Growth { text: text.to_owned(), text_at: i32::try_from(at).unwrap(), last_seq, ..Growth::default() }
}

async fn content(store: &Store, claim: &store::Claim) -> String {
    store.message(OWNER, claim.message_id).await.unwrap().content
}

#[tokio::test]
async fn text_is_added_to_text() {
    let database = Database::new().await;
    let store = &database.store;
    let claim = claimed(store, conversation(store).await.id, "one").await.claim;

    assert!(store.checkpoint(&claim, &text(0, "Zoë 🙂", 3)).await.unwrap().is_held());
    // Offsets count code points: neither bytes nor UTF-16 code units.
    assert!(store.checkpoint(&claim, &text(5, "👩‍👩‍👧‍👦 e\u{301}", 5)).await.unwrap().is_held());
    assert!(store.checkpoint(&claim, &text(15, "\t\\ ' \" % — 漢字", 8)).await.unwrap().is_held());

    let stored = store.message(OWNER, claim.message_id).await.unwrap();
    assert_eq!(stored.content, "Zoë 🙂👩‍👩‍👧‍👦 e\u{301}\t\\ ' \" % — 漢字");
    assert_eq!((stored.last_seq, stored.status, stored.thinking), (8, MessageStatus::Streaming, None));
}

#[tokio::test]
async fn thinking_is_kept_apart() {
    let database = Database::new().await;
    let store = &database.store;
    let claim = claimed(store, conversation(store).await.id, "one").await.claim;
    let think = |at, thinking: &str| Growth {
        thinking: thinking.to_owned(),
        thinking_at: at,
        last_seq: 1,
        ..Growth::default()
    };

    store.checkpoint(&claim, &think(0, "Hm 🤔")).await.unwrap();
    store.checkpoint(&claim, &think(4, ", so")).await.unwrap();
    store.checkpoint(&claim, &think(4, ", so")).await.unwrap();
    let last = Growth { text: "Yes.".to_owned(), ..think(8, "!") };
    store.finish_answer(&claim, &last, &outcome(MessageStatus::Complete)).await.unwrap().unwrap();

    let stored = store.message(OWNER, claim.message_id).await.unwrap();
    assert_eq!((stored.thinking.as_deref(), stored.content.as_str()), (Some("Hm 🤔, so!"), "Yes."));
}

#[tokio::test]
async fn one_that_is_sent_twice_is_written_once() {
    let database = Database::new().await;
    let store = &database.store;
    let claim = claimed(store, conversation(store).await.id, "one").await.claim;
    store.checkpoint(&claim, &text(0, "Well", 1)).await.unwrap();

    for _ in 0..3 {
        assert!(store.checkpoint(&claim, &text(4, ", yes", 2)).await.unwrap().is_held());
    }
    // The reply to the first was lost; meanwhile the answer grew.
    assert!(store.checkpoint(&claim, &text(4, ", yes, of course", 4)).await.unwrap().is_held());

    assert_eq!(content(store, &claim).await, "Well, yes, of course");
}

#[tokio::test]
async fn one_without_text_leaves_the_text() {
    let database = Database::new().await;
    let store = &database.store;
    let claim = claimed(store, conversation(store).await.id, "one").await.claim;
    store.checkpoint(&claim, &text(0, "Well", 1)).await.unwrap();

    assert!(store.checkpoint(&claim, &text(4, "", 1)).await.unwrap().is_held());

    assert_eq!(content(store, &claim).await, "Well");
}

#[tokio::test]
async fn a_hundred_thousand_characters_are_written_in_pieces() {
    let database = Database::new().await;
    let store = &database.store;
    let claim = claimed(store, conversation(store).await.id, "one").await.claim;
    let piece = "漢🙂é ".repeat(2_500);
    for number in 0..10_i64 {
        let at = usize::try_from(number).unwrap() * 10_000;
        assert!(store.checkpoint(&claim, &text(at, &piece, number + 1)).await.unwrap().is_held());
    }
    let long = Growth { text: "x".repeat(100_000), text_at: 100_000, last_seq: 11, ..Growth::default() };
    store.finish_answer(&claim, &long, &outcome(MessageStatus::Complete)).await.unwrap().unwrap();

    let stored = content(store, &claim).await;
    assert_eq!(stored.chars().count(), 200_000);
    assert!(stored.starts_with(&piece.repeat(10)) && stored.ends_with(&long.text));
}

#[test]
fn any_pieces_joined_are_the_answer() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let database = runtime.block_on(Database::new());
    let piece = proptest::string::string_regex("[^\0]{0,8}").unwrap();
    let pieces = prop::collection::vec((piece, any::<bool>()), 1..8);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(24));
    runner
        .run(&pieces, |pieces| {
            runtime.block_on(async {
                let store = &database.store;
                let claim = claimed(store, conversation(store).await.id, "one").await.claim;
                let (mut whole, mut seq) = (String::new(), 0);
                for (piece, twice) in &pieces {
                    seq += 1;
                    let grown = text(whole.chars().count(), piece, seq);
                    for _ in 0..=usize::from(*twice) {
                        prop_assert!(store.checkpoint(&claim, &grown).await.unwrap().is_held());
                    }
                    whole.push_str(piece);
                }
                prop_assert_eq!(content(store, &claim).await, whole);
                Ok(())
            })
        })
        .unwrap();
}
