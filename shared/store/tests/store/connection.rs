//! The store outlives the connections that it uses.

use std::pin::pin;
use std::task::Poll;

use domain::{Clock, ConversationFilter, Fault};
use futures::future::{join, join_all, poll_fn};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::Row as _;
use store::Store;
use testkit::{Database, until};

use crate::proxy::Proxy;
use crate::scene::{OWNER, acting, connect, conversation, prompt, shown};

fn unavailable<T: std::fmt::Debug>(result: Result<T, Fault>) -> u32 {
    match result {
        Err(Fault::Unavailable { dependency: "The database", retry_after, source: Some(_) }) => retry_after,
        other => panic!("{other:?}"),
    }
}

/// Ends the server's side of every connection of the functions to this database, and waits until they are gone.
async fn end_connections(database: &Database) {
    let mut app = database.app_connection().await;
    let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user";
    let rows = acting(&mut app, None, &format!("{sql} AND pid <> pg_backend_pid()")).await.unwrap();
    let pids: Vec<_> = rows.iter().map(|row| row.get::<i32, _>(0).to_string()).collect();
    let pids = pids.join(", ");
    assert!(!pids.is_empty(), "the store has a connection");
    acting(&mut app, None, &format!("SELECT pg_terminate_backend(pid) FROM unnest(array[{pids}]) AS pid"))
        .await
        .unwrap();
    let gone = format!("SELECT count(*) FROM pg_stat_activity WHERE pid IN ({pids})");
    until(async || {
        let left = acting(&mut connect(&database.owner_url).await, None, &gone).await.unwrap();
        (left[0].get::<i64, _>(0) == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_down_is_unavailable_and_works_when_it_is_back() {
    let database = Database::new().await;
    let proxy = Proxy::to(&database.app_url).await;
    let store = Store::connect(&proxy.url, Clock::system()).await.unwrap();
    let id = conversation(&store).await.id;

    proxy.cut();
    assert_eq!(unavailable(store.conversation(OWNER, id).await), 5);
    assert_eq!(unavailable(store.commit_prompt(OWNER, prompt(id, "one")).await), 5);
    assert_eq!(unavailable(store.ping().await), 5);
    assert_eq!(unavailable(store.history(OWNER, id, store::HistoryRange::Newest, 10).await), 5);
    proxy.mend();

    store.ping().await.unwrap();
    assert!(!store.commit_prompt(OWNER, prompt(id, "one")).await.unwrap().repeated);
    assert_eq!(shown(&database.store, id).await.len(), 2);
}

#[tokio::test]
async fn a_function_starts_while_its_database_is_down() {
    let database = Database::new().await;
    let proxy = Proxy::to(&database.app_url).await;
    proxy.cut();

    let store = Store::connect(&proxy.url, Clock::system()).await.unwrap();
    assert_eq!(unavailable(store.ping().await), 5);

    proxy.mend();
    store.ping().await.unwrap();
    conversation(&store).await;
}

#[tokio::test]
async fn a_url_of_something_else_is_refused_at_once() {
    for url in ["mysql://app@127.0.0.1/app", "127.0.0.1", ""] {
        let refused = Store::connect(&SecretString::from(url), Clock::system()).await;
        assert!(matches!(refused, Err(Fault::Internal(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn the_password_is_shown_nowhere() {
    let database = Database::new().await;
    let proxy = Proxy::to(&database.app_url).await;
    proxy.cut();
    let store = Store::connect(&proxy.url, Clock::system()).await.unwrap();

    let fault = store.ping().await.unwrap_err();

    let url: url::Url = proxy.url.expose_secret().parse().unwrap();
    let shown = format!("{fault:?} {store:?} {database:?} {proxy:?}");
    assert!(!shown.contains(url.password().unwrap()), "{shown}");
}

#[tokio::test]
async fn connections_that_the_server_ended_while_they_were_idle_are_replaced() {
    let database = Database::new().await;
    let store = &database.store;
    let id = conversation(store).await.id;
    // Both of the pool.
    let (one, other) = join(store.conversation(OWNER, id), store.conversation(OWNER, id)).await;
    assert_eq!(one.unwrap(), other.unwrap());

    end_connections(&database).await;

    for _ in 0..3 {
        store.conversation(OWNER, id).await.unwrap();
    }
    let (one, other) = join(store.commit_prompt(OWNER, prompt(id, "one")), store.conversation(OWNER, id)).await;
    assert!(!one.unwrap().repeated);
    other.unwrap();
}

#[tokio::test]
async fn connections_that_broke_while_they_were_idle_are_replaced() {
    let database = Database::new().await;
    let proxy = Proxy::to(&database.app_url).await;
    let store = Store::connect(&proxy.url, Clock::system()).await.unwrap();
    let id = conversation(&store).await.id;

    for _ in 0..3 {
        proxy.cut();
        proxy.mend();
        store.conversation(OWNER, id).await.unwrap();
    }
}

#[tokio::test]
async fn a_sandbox_has_two_connections_at_most() {
    let database = Database::new().await;
    let proxy = Proxy::to(&database.app_url).await;
    let store = Store::connect(&proxy.url, Clock::system()).await.unwrap();
    let id = conversation(&store).await.id;

    for result in join_all((0..40).map(|_| store.conversation(OWNER, id))).await {
        result.unwrap();
    }

    assert!(proxy.connections() <= 2, "{}", proxy.connections());
}

/// Drives a future until it has waited so many times, and drops it there.
async fn dropped_after<T>(waits: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut waited = 0;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if waited == waits => Poll::Ready(None),
        Poll::Pending => {
            waited += 1;
            Poll::Pending
        }
    })
    .await
}

#[tokio::test]
async fn a_caller_that_goes_away_at_any_moment_leaves_the_store_as_it_was() {
    let database = Database::new().await;
    let stranger = database.add_person().await;
    let store = &database.store;
    let mut dropped = 0;
    for waits in 0..24 {
        let id = conversation(store).await.id;
        let whole = dropped_after(waits, store.commit_prompt(OWNER, prompt(id, "one"))).await;

        // The next one who gets the connection acts for himself.
        let theirs = store.conversations(stranger, &ConversationFilter::default(), None, 10).await.unwrap();
        assert!(theirs.items.is_empty(), "after {waits} waits");
        let messages = until(async || {
            // A transaction that was dropped may still be rolled back, and holds its lock until then.
            let refused = store.commit_prompt(OWNER, prompt(id, "two")).await;
            let messages = shown(store, id).await;
            assert!(refused.is_ok() || messages[0].client_id.as_deref() == Some("one"), "{refused:?}");
            (!messages.is_empty()).then_some(messages)
        })
        .await;
        assert_eq!(messages.len(), 2, "a prompt and its answer, or neither: after {waits} waits");
        match whole {
            Some(whole) => assert!(!whole.unwrap().repeated),
            None => dropped += 1,
        }
    }
    assert!(dropped > 0);
}

#[tokio::test]
async fn many_at_once_share_the_connections() {
    let database = Database::new().await;
    let stores = join_all((0..8).map(|_| Store::connect(&database.app_url, Clock::system()))).await;

    let work = stores.iter().map(async |store| {
        let store = store.as_ref().unwrap();
        let id = conversation(store).await.id;
        for number in 0..5 {
            crate::scene::exchange(store, id, &number.to_string()).await;
        }
        shown(store, id).await.len()
    });

    assert_eq!(join_all(work).await, [10; 8]);
}
