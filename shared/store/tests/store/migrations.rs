//! The database is brought to its version from anywhere, by any number at once.

use futures::future::join_all;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Row as _};
use store::{NewConversation, Store};
use testkit::Database;
use url::Url;
use uuid::Uuid;

use crate::scene::{OWNER, acting, connect};

/// A login of this test's own: roles belong to the server that all tests share.
struct Login {
    name: String,
}

impl Login {
    fn new() -> Self {
        Self { name: format!("login_{}", Uuid::new_v4().simple()) }
    }

    fn url(&self, database: &Database, password: &str) -> SecretString {
        let mut url: Url = database.owner_url.expose_secret().parse().unwrap();
        url.set_username(&self.name).unwrap();
        url.set_password(Some(password)).unwrap();
        url.to_string().into()
    }
}

async fn people(database: &Database) -> Vec<(Uuid, String)> {
    let mut owner = connect(&database.owner_url).await;
    let rows = acting(&mut owner, Some(OWNER), "SELECT id::text, role FROM users").await.unwrap();
    rows.iter().map(|row| (row.get::<String, _>(0).parse().unwrap(), row.get(1))).collect()
}

#[tokio::test]
async fn an_empty_database_becomes_one_that_works() {
    let database = Database::empty().await;
    let url = Login::new().url(&database, "first");

    store::migrate(&database.owner_url, &url).await.unwrap();

    let store = Store::connect(&url, database.clock.clone()).await.unwrap();
    store.ping().await.unwrap();
    let conversation = store.create_conversation(OWNER, NewConversation::default()).await.unwrap();
    assert_eq!(store.conversation(OWNER, conversation.id).await.unwrap(), conversation);
    assert_eq!(people(&database).await, [(OWNER.as_uuid(), "admin".to_owned())]);
}

#[tokio::test]
async fn a_second_time_changes_nothing() {
    let database = Database::empty().await;
    let url = Login::new().url(&database, "same");

    store::migrate(&database.owner_url, &url).await.unwrap();
    let store = Store::connect(&url, database.clock.clone()).await.unwrap();
    let conversation = store.create_conversation(OWNER, NewConversation::default()).await.unwrap();
    store::migrate(&database.owner_url, &url).await.unwrap();

    assert_eq!(store.conversation(OWNER, conversation.id).await.unwrap(), conversation);
    assert_eq!(people(&database).await.len(), 1);
    connect(&url).await.close().await.unwrap();
}

#[tokio::test]
async fn many_at_once_take_turns() {
    let database = Database::empty().await;
    let url = Login::new().url(&database, "same");

    for result in join_all((0..6).map(|_| store::migrate(&database.owner_url, &url))).await {
        result.unwrap();
    }

    connect(&url).await.close().await.unwrap();
    assert_eq!(people(&database).await.len(), 1);
}

#[tokio::test]
async fn databases_of_one_server_are_migrated_at_once() {
    let databases = join_all((0..6).map(|_| Database::empty())).await;
    let login = Login::new();

    let migrations =
        databases.iter().map(async |database| store::migrate(&database.owner_url, &login.url(database, "same")).await);
    for result in join_all(migrations).await {
        result.unwrap();
    }

    for database in &databases {
        connect(&login.url(database, "same")).await.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_changed_password_takes_effect() {
    let database = Database::empty().await;
    let login = Login::new();
    let (old, new) = (login.url(&database, "old"), login.url(&database, "new"));

    store::migrate(&database.owner_url, &old).await.unwrap();
    connect(&old).await.close().await.unwrap();
    store::migrate(&database.owner_url, &new).await.unwrap();

    connect(&new).await.close().await.unwrap();
    let refused = PgConnection::connect(old.expose_secret()).await;
    assert!(refused.is_err(), "the old password is accepted: either it was kept, or this server asks for none");
}

#[tokio::test]
async fn names_and_passwords_are_quoted() {
    let database = Database::empty().await;
    let login = Login { name: format!("o'brien \"{}\"", Uuid::new_v4().simple()) };
    let url = login.url(&database, "'; DROP ROLE x; -- \\ % \" é");

    store::migrate(&database.owner_url, &url).await.unwrap();

    connect(&url).await.close().await.unwrap();
}

#[tokio::test]
async fn sandboxes_that_are_frozen_lose_their_connections() {
    let database = Database::empty().await;
    let url = Login::new().url(&database, "same");
    store::migrate(&database.owner_url, &url).await.unwrap();

    let rows = acting(&mut connect(&url).await, None, "SHOW idle_session_timeout").await.unwrap();

    assert_eq!(rows[0].get::<String, _>(0), "1min");
}

#[tokio::test]
async fn a_url_without_a_password_is_refused_by_name() {
    let database = Database::empty().await;
    let mut url: Url = database.owner_url.expose_secret().parse().unwrap();
    url.set_password(None).unwrap();

    let refused = store::migrate(&database.owner_url, &url.to_string().into()).await.unwrap_err();

    let domain::Fault::Internal(source) = refused else { panic!("{refused:?}") };
    assert_eq!(source.to_string(), "the URL of the functions has no password");
}
