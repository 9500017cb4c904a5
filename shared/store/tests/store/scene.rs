//! What the tests begin with.

use chrono::{DateTime, TimeZone as _, Utc};
use domain::{ClientId, Clock, Content, Conversation, ConversationId, Message, MessageId, MessageStatus, UserId};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use store::{ClaimedAnswer, Growth, HistoryRange, NewConversation, NewPrompt, Outcome, Store};
use testkit::Database;

/// Whose everything is, unless a test is about strangers.
pub(crate) const OWNER: UserId = UserId::BUILT_IN;

/// The length of a lease, as it is agreed with everybody who waits for an answer.
pub(crate) const LEASE: chrono::Duration = chrono::Duration::seconds(30);

/// When the tests with a fixed clock begin.
pub(crate) fn start() -> DateTime<Utc> {
    Utc.timestamp_micros(1_780_000_000_123_456).unwrap()
}

/// A database whose store reads a clock that stands still.
pub(crate) async fn at_a_fixed_time() -> (Database, Clock) {
    let clock = Clock::fixed(start());
    (Database::with_clock(clock.clone()).await, clock)
}

pub(crate) async fn conversation(store: &Store) -> Conversation {
    store.create_conversation(OWNER, NewConversation::default()).await.unwrap()
}

/// A prompt that says its client id.
pub(crate) fn prompt(conversation_id: ConversationId, client_id: &str) -> NewPrompt {
    NewPrompt {
        conversation_id,
        content: Content::parse("content", client_id).unwrap(),
        client_id: ClientId::parse("client_id", client_id).unwrap(),
        model: None,
    }
}

pub(crate) fn outcome(status: MessageStatus) -> Outcome {
    Outcome::new(status)
}

/// Text at the beginning of an answer.
pub(crate) fn growth(text: &str) -> Growth {
    Growth { text: text.to_owned(), last_seq: 1, ..Growth::default() }
}

/// A prompt with an answer that this test writes.
pub(crate) async fn claimed(store: &Store, conversation: ConversationId, client_id: &str) -> ClaimedAnswer {
    let committed = store.commit_prompt(OWNER, prompt(conversation, client_id)).await.unwrap();
    store.claim_answer(OWNER, committed.reply.id).await.unwrap().expect("nobody else writes it")
}

/// A prompt with its whole answer; gives the ids of both.
pub(crate) async fn exchange(store: &Store, conversation: ConversationId, client_id: &str) -> [MessageId; 2] {
    let answer = claimed(store, conversation, client_id).await;
    let finished =
        store.finish_answer(&answer.claim, &growth("Well."), &outcome(MessageStatus::Complete)).await.unwrap().unwrap();
    [finished.parent_id.unwrap(), finished.id]
}

/// The whole shown branch.
pub(crate) async fn shown(store: &Store, conversation: ConversationId) -> Vec<Message> {
    store.history(OWNER, conversation, HistoryRange::Newest, 1_000).await.unwrap().1.items
}

pub(crate) async fn connect(url: &SecretString) -> PgConnection {
    PgConnection::connect(url.expose_secret()).await.unwrap()
}

/// Runs SQL in a transaction that acts for somebody or for nobody. It is sent without prepared statements, because it may go
/// through the pooler.
pub(crate) async fn acting(
    connection: &mut PgConnection,
    person: Option<UserId>,
    sql: &str,
) -> Result<Vec<PgRow>, sqlx::Error> {
    let acting = person.map(|id| format!("SET LOCAL app.user_id = '{id}';")).unwrap_or_default();
    let rows = sqlx::raw_sql(AssertSqlSafe(format!("BEGIN; {acting} {sql}; COMMIT"))).fetch_all(&mut *connection).await;
    if rows.is_err() {
        connection.execute("ROLLBACK").await.unwrap();
    }
    rows
}

/// Does as the database's owner what no method of the store does yet.
pub(crate) async fn as_owner(database: &Database, sql: &str) {
    acting(&mut connect(&database.owner_url).await, Some(OWNER), sql).await.unwrap();
}

/// Ends a conversation.
pub(crate) async fn end(database: &Database, conversation: ConversationId) {
    as_owner(
        database,
        &format!("UPDATE conversations SET status = 'ended', end_timestamp = now() WHERE id = '{conversation}'"),
    )
    .await;
}
