//! Nobody sees or changes past the store what is somebody else's: row-level security holds for plain SQL, in every owned table,
//! for the role of the functions and for the owner of the tables.

use domain::UserId;
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use testkit::Database;
use uuid::Uuid;

use crate::scene::{OWNER, acting, connect, conversation};

/// Every owned table, with a row of `$person`'s in `$conversation`.
const OWNED: [(&str, &str); 11] = [
    ("users", "INSERT INTO users (id) VALUES ('$person') ON CONFLICT DO NOTHING"),
    (
        "sessions",
        "INSERT INTO sessions (id, user_id, token_hash, expires_at)
         VALUES (gen_random_uuid(), '$person', uuid_send(gen_random_uuid()), now())",
    ),
    (
        "api_keys",
        "INSERT INTO api_keys (id, user_id, name, key_hash)
         VALUES (gen_random_uuid(), '$person', 'laptop', uuid_send(gen_random_uuid()))",
    ),
    (
        "invitations",
        "INSERT INTO invitations (id, user_id, token_hash, expires_at)
         VALUES (gen_random_uuid(), '$person', uuid_send(gen_random_uuid()), now())",
    ),
    (
        "reset_links",
        "INSERT INTO reset_links (id, user_id, token_hash, created_at, expires_at)
         VALUES (gen_random_uuid(), '$person', uuid_send(gen_random_uuid()), now(), now())",
    ),
    (
        "setup_codes",
        "INSERT INTO setup_codes (id, user_id, token_hash, created_at)
         VALUES (gen_random_uuid(), '$person', uuid_send(gen_random_uuid()), now())",
    ),
    (
        "conversations",
        "INSERT INTO conversations (id, user_id, created_at, updated_at) VALUES (gen_random_uuid(), '$person', now(), now())",
    ),
    (
        "messages",
        "INSERT INTO messages (conversation_id, user_id, sender, status, \"timestamp\", created_at)
         VALUES ('$conversation', '$person', 'user', 'complete', now(), now())",
    ),
    (
        "conversation_embeddings",
        "INSERT INTO conversation_embeddings (conversation_id, user_id, model, dimension, content_hash, points)
         VALUES ('$conversation', '$person', gen_random_uuid()::text, 384, '', 1)",
    ),
    (
        "jobs",
        "INSERT INTO jobs (user_id, conversation_id, kind, run_after, created_at)
         VALUES ('$person', '$conversation', 'purge', now(), now())",
    ),
    ("audit", "INSERT INTO audit (user_id, action) VALUES ('$person', 'looked')"),
];

/// The owned tables that the functions may use.
const GRANTED: [&str; 10] = [
    "users",
    "sessions",
    "api_keys",
    "invitations",
    "reset_links",
    "setup_codes",
    "conversations",
    "messages",
    "jobs",
    "audit",
];

/// The tables that the functions with rights of their own look things up in.
const LOOKED_UP: [&str; 5] = ["users", "sessions", "api_keys", "invitations", "reset_links"];

struct Tables {
    database: Database,
    stranger: UserId,
    /// A conversation of [`OWNER`]'s.
    conversation: String,
}

impl Tables {
    /// With a row of [`OWNER`]'s in every table.
    async fn filled() -> Self {
        let database = Database::new().await;
        let stranger = database.add_person().await;
        let conversation = conversation(&database.store).await.id.to_string();
        let tables = Self { database, stranger, conversation };
        let mut owner = tables.owner().await;
        for (table, insert) in OWNED {
            acting(&mut owner, Some(OWNER), &tables.sql(insert, OWNER)).await.unwrap();
            assert!(count(&mut owner, Some(OWNER), table).await.unwrap() > 0, "{table}");
        }
        tables
    }

    fn sql(&self, insert: &str, person: UserId) -> String {
        insert.replace("$person", &person.to_string()).replace("$conversation", &self.conversation)
    }

    async fn owner(&self) -> PgConnection {
        connect(&self.database.owner_url).await
    }

    async fn app(&self) -> PgConnection {
        self.database.app_connection().await
    }
}

async fn count(connection: &mut PgConnection, person: Option<UserId>, table: &str) -> Result<i64, sqlx::Error> {
    let rows = acting(connection, person, &format!("SELECT count(*) FROM {table}")).await?;
    Ok(rows[0].get(0))
}

fn owner_column(table: &str) -> &'static str {
    if table == "users" { "id" } else { "user_id" }
}

/// What a refused statement was refused for.
fn refusal<T: std::fmt::Debug>(result: Result<T, sqlx::Error>) -> String {
    result.unwrap_err().as_database_error().expect("Postgres refuses it").message().to_owned()
}

#[tokio::test]
async fn every_table_forces_row_level_security_and_is_known_here() {
    let database = Database::new().await;
    let mut owner = connect(&database.owner_url).await;
    let rows = acting(
        &mut owner,
        None,
        "SELECT relname::text, relrowsecurity AND relforcerowsecurity,
                array(SELECT concat(polname, ' ', polcmd, ' ', pg_get_expr(polqual, polrelid)) FROM pg_policy
                      WHERE polrelid = pg_class.oid ORDER BY polname)
         FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relname <> '_sqlx_migrations'",
    )
    .await
    .unwrap();

    let mut names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    names.sort();
    let mut known = OWNED.map(|(table, _)| table);
    known.sort_unstable();
    assert_eq!(names, known, "a new table needs row-level security and a row in these tests");
    for row in rows {
        let (name, forced, policies): (String, bool, Vec<String>) = (row.get(0), row.get(1), row.get(2));
        assert!(forced, "{name} does not force row-level security");
        let lookup =
            LOOKED_UP.contains(&&*name).then(|| "lookup r (CURRENT_USER = 'recollect_lookup'::name)".to_owned());
        let own = format!("own * ({} = acting_user())", owner_column(&name));
        assert_eq!(policies, lookup.into_iter().chain([own]).collect::<Vec<_>>(), "{name}");
    }
}

#[tokio::test]
async fn without_a_person_nothing_is_seen() {
    let tables = Tables::filled().await;
    let (mut owner, mut app) = (tables.owner().await, tables.app().await);
    for (table, _) in OWNED {
        assert_eq!(count(&mut owner, None, table).await.unwrap(), 0, "{table}");
        if GRANTED.contains(&table) {
            assert_eq!(count(&mut app, None, table).await.unwrap(), 0, "{table}");
            // As a `SET LOCAL` of an earlier transaction leaves it behind.
            let emptied = format!("SET LOCAL app.user_id = ''; SELECT count(*) FROM {table}");
            assert_eq!(acting(&mut app, None, &emptied).await.unwrap()[0].get::<i64, _>(0), 0, "{table}");
        } else {
            assert_eq!(refusal(count(&mut app, None, table).await), format!("permission denied for table {table}"));
        }
    }
}

#[tokio::test]
async fn a_stranger_sees_nothing() {
    let tables = Tables::filled().await;
    let (mut owner, mut app) = (tables.owner().await, tables.app().await);
    for (table, _) in OWNED {
        let others = format!("SELECT count(*) FROM {table} WHERE {} <> '{}'", owner_column(table), tables.stranger);
        let seen = acting(&mut owner, Some(tables.stranger), &others).await.unwrap();
        assert_eq!(seen[0].get::<i64, _>(0), 0, "{table}");
        if GRANTED.contains(&table) {
            let seen = acting(&mut app, Some(tables.stranger), &others).await.unwrap();
            assert_eq!(seen[0].get::<i64, _>(0), 0, "{table}");
            assert!(count(&mut app, Some(OWNER), table).await.unwrap() > 0, "{table}: the owner sees it");
        }
    }
}

#[tokio::test]
async fn a_stranger_inserts_nothing_in_anothers_name() {
    let tables = Tables::filled().await;
    let (mut owner, mut app) = (tables.owner().await, tables.app().await);
    let somebody = UserId::from(Uuid::new_v4());
    for (table, insert) in OWNED {
        let insert = tables.sql(insert, if table == "users" { somebody } else { OWNER });
        let refused = format!("new row violates row-level security policy for table \"{table}\"");
        for person in [None, Some(tables.stranger)] {
            assert_eq!(refusal(acting(&mut owner, person, &insert).await), refused);
            if GRANTED.contains(&table) {
                assert_eq!(refusal(acting(&mut app, person, &insert).await), refused);
            } else {
                let denied = format!("permission denied for table {table}");
                assert_eq!(refusal(acting(&mut app, person, &insert).await), denied);
            }
        }
    }
}

#[tokio::test]
async fn a_stranger_changes_and_deletes_nothing_of_anothers() {
    let tables = Tables::filled().await;
    let mut owner = tables.owner().await;
    for person in [None, Some(tables.stranger)] {
        for (table, _) in OWNED {
            let column = owner_column(table);
            let mine = format!("{column} = '{OWNER}'");
            for change in [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")] {
                let sql = format!("WITH changed AS ({change} WHERE {mine} RETURNING 1) SELECT count(*) FROM changed");
                let changed = acting(&mut owner, person, &sql).await.unwrap();
                assert_eq!(changed[0].get::<i64, _>(0), 0, "{table}: {change}");
            }
        }
    }
    let mut app = tables.app().await;
    for table in ["conversations", "messages"] {
        for change in [format!("UPDATE {table} SET created_at = now()"), format!("DELETE FROM {table}")] {
            let sql = format!("WITH changed AS ({change} RETURNING 1) SELECT count(*) FROM changed");
            let changed = acting(&mut app, Some(tables.stranger), &sql).await.unwrap();
            assert_eq!(changed[0].get::<i64, _>(0), 0, "{table}: {change}");
        }
        assert!(count(&mut app, Some(OWNER), table).await.unwrap() > 0, "{table}");
    }
}

#[tokio::test]
async fn nothing_is_given_away() {
    let tables = Tables::filled().await;
    let mut owner = tables.owner().await;
    for (table, _) in OWNED {
        // A finished message does not change at all.
        if table != "messages" {
            let sql = format!("UPDATE {table} SET {} = '{}'", owner_column(table), tables.stranger);
            let refused = format!("new row violates row-level security policy for table \"{table}\"");
            assert_eq!(refusal(acting(&mut owner, Some(OWNER), &sql).await), refused);
        }
    }
}

#[tokio::test]
async fn a_message_of_ones_own_cannot_be_put_into_anothers_conversation() {
    let tables = Tables::filled().await;
    let mut app = tables.app().await;
    let (_, insert) = OWNED.into_iter().find(|(table, _)| *table == "messages").unwrap();

    let refused = refusal(acting(&mut app, Some(tables.stranger), &tables.sql(insert, tables.stranger)).await);

    assert!(refused.contains("messages_conversation"), "{refused}");
}
