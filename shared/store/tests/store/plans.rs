//! Reading costs what is read, not what is stored: no table is scanned, however many rows it has.

use domain::{ConversationCursor, ConversationFilter, ConversationId, MessageId};
use sqlx::Row as _;
use store::{HistoryRange, Store};
use testkit::{Database, until};

use crate::scene::{OWNER, acting, as_owner, connect, prompt};

/// More reads in a row than Postgres plans with their parameters before it may settle for one plan for all.
const READS: usize = 12;

/// 5,000 conversations; the first 400 have a branch of 50 messages each.
async fn fill(database: &Database) -> Vec<(ConversationId, MessageId)> {
    as_owner(
        database,
        &format!(
            "INSERT INTO conversations (id, user_id, title, created_at, updated_at)
             SELECT gen_random_uuid(), '{OWNER}', 'Number ' || n, now(), now() - n * interval '1 second'
             FROM generate_series(1, 5000) AS n;
             INSERT INTO messages (id, conversation_id, user_id, parent_id, sender, status, content, \"timestamp\", created_at)
             OVERRIDING SYSTEM VALUE
             SELECT number * 50 + place, conversation.id, '{OWNER}', CASE WHEN place > 1 THEN number * 50 + place - 1 END,
                    'user', 'complete', repeat('x', 200), now(), now()
             FROM (SELECT id, row_number() OVER (ORDER BY updated_at DESC) AS number FROM conversations LIMIT 400) AS conversation,
                  generate_series(1, 50) AS place;
             SELECT setval(pg_get_serial_sequence('messages', 'id'), max(id)) FROM messages;
             UPDATE conversations SET leaf_id = leaf.id
             FROM (SELECT conversation_id, max(id) AS id FROM messages GROUP BY conversation_id) AS leaf
             WHERE conversations.id = leaf.conversation_id"
        ),
    )
    .await;
    let mut owner = connect(&database.owner_url).await;
    sqlx::raw_sql("ANALYZE").execute(&mut owner).await.unwrap();
    let sql = "SELECT id::text, leaf_id FROM conversations WHERE leaf_id IS NOT NULL ORDER BY updated_at DESC LIMIT 20";
    let rows = acting(&mut owner, Some(OWNER), sql).await.unwrap();
    rows.iter().map(|row| (row.get::<String, _>(0).parse().unwrap(), row.get::<i64, _>(1).into())).collect()
}

/// How often each table has been scanned from end to end by now. A server process reports when it ends.
async fn scans(database: &Database) -> Vec<(String, i64)> {
    let mut app = database.app_connection().await;
    let others = "FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()";
    acting(&mut app, None, &format!("SELECT pg_terminate_backend(pid) {others}")).await.unwrap();
    until(async || {
        let left = acting(
            &mut connect(&database.owner_url).await,
            None,
            &format!("SELECT count(*) {}", others.replace("current_user", "'recollect_test_app'")),
        )
        .await
        .unwrap();
        (left[0].get::<i64, _>(0) <= 1).then_some(())
    })
    .await;
    let mut owner = connect(&database.owner_url).await;
    let sql = "SELECT relname::text, coalesce(seq_scan, 0) FROM pg_stat_user_tables
               WHERE relname IN ('conversations', 'messages') ORDER BY relname";
    let rows = acting(&mut owner, None, sql).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn read(store: &Store, conversations: &[(ConversationId, MessageId)]) {
    let mut after = None;
    for _ in 0..READS {
        let page = store.conversations(OWNER, &ConversationFilter::default(), after, 30).await.unwrap();
        after = page.next_cursor.map(|cursor| ConversationCursor::parse("cursor", &cursor).unwrap());
        assert!(after.is_some());
    }
    for (id, leaf) in &conversations[..READS] {
        for range in
            [HistoryRange::Newest, HistoryRange::Before(*leaf), HistoryRange::After((leaf.as_i64() - 20).into())]
        {
            let (_, page) = store.history(OWNER, *id, range, 10).await.unwrap();
            assert_eq!(page.items.len(), 10);
        }
        store.message(OWNER, *leaf).await.unwrap();
        let reply = store.commit_prompt(OWNER, prompt(*id, "one")).await.unwrap().reply.id;
        store.commit_prompt(OWNER, prompt(*id, "one")).await.unwrap();
        store.claim_answer(OWNER, reply).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn no_table_is_scanned() {
    let database = Database::new().await;
    let conversations = fill(&database).await;
    let store = Store::connect(&database.app_url, database.clock.clone()).await.unwrap();
    let before = scans(&database).await;

    read(&store, &conversations).await;

    assert_eq!(scans(&database).await, before);
}
