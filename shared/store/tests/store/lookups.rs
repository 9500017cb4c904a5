//! The functions that run with other rights than ours: what each finds, and what it cannot return. They are called as plain SQL, by the
//! role of the functions, as whoever broke into one could.

use chrono::Duration;
use domain::{Credential, CredentialId, Email, Role, Scope, TokenHash, UserId};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use store::{Action, NewInvitation};
use testkit::{Database, Person, key};

use crate::scene::{OWNER, acting, as_owner, at_a_fixed_time};

fn hexadecimal(hash: TokenHash) -> String {
    format!("{hash:x}")
}

async fn rows(connection: &mut PgConnection, person: Option<UserId>, sql: &str) -> usize {
    acting(connection, person, sql).await.unwrap().len()
}

fn call(function: &str, hash: TokenHash, at: &str) -> String {
    format!("SELECT * FROM {function}('\\x{}', {at})", hexadecimal(hash))
}

#[tokio::test]
async fn a_session_is_found_by_its_hash_alone_and_only_while_it_is_good() {
    let database = Database::new().await;
    let (store, mut app) = (&database.store, database.app_connection().await);
    let (one, other) = (Person::new(store).await, Person::new(store).await);
    assert_eq!(rows(&mut app, None, &call("find_session", one.session.hash(), "now()")).await, 1);
    // Nothing by which to find others: neither without a hash, nor with a part of one, nor with another kind's.
    for presented in ["NULL", "''", &format!("'\\x{}'", &hexadecimal(one.session.hash())[..62])] {
        assert_eq!(
            rows(&mut app, None, &format!("SELECT * FROM find_session({presented}, now())")).await,
            0,
            "{presented}"
        );
    }
    assert_eq!(rows(&mut app, None, &call("find_session", one.key.hash(), "now()")).await, 0);
    // It gives away neither the hash, nor the address, nor the password.
    let found = acting(&mut app, None, &call("find_session", one.session.hash(), "now()")).await.unwrap();
    let columns: Vec<_> = found[0].columns().iter().map(|column| sqlx::Column::name(column).to_owned()).collect();
    assert_eq!(columns, ["session_id", "user_id", "role", "last_used_at"]);

    assert_eq!(rows(&mut app, None, &call("find_session", one.session.hash(), "now() + '31 days'::interval")).await, 0);
    store.revoke_all_sessions(one.id, None).await.unwrap();
    assert_eq!(rows(&mut app, None, &call("find_session", one.session.hash(), "now()")).await, 0);
    acting(
        &mut crate::scene::connect(&database.owner_url).await,
        Some(other.id),
        "UPDATE users SET disabled_at = now()",
    )
    .await
    .unwrap();
    assert_eq!(
        rows(&mut app, None, &call("find_session", other.session.hash(), "now()")).await,
        0,
        "a disabled account"
    );
    assert_eq!(rows(&mut app, None, &call("find_api_key", other.key.hash(), "now()")).await, 0, "a disabled account");
}

#[tokio::test]
async fn a_key_is_found_by_its_hash_alone_and_only_while_it_is_good() {
    let database = Database::new().await;
    let (store, mut app) = (&database.store, database.app_connection().await);
    let person = Person::new(store).await;
    let found = acting(&mut app, None, &call("find_api_key", person.key.hash(), "now()")).await.unwrap();
    let columns: Vec<_> = found[0].columns().iter().map(|column| sqlx::Column::name(column).to_owned()).collect();
    assert_eq!(columns, ["api_key_id", "user_id", "role", "scopes", "last_used_at"]);
    assert_eq!(rows(&mut app, None, "SELECT * FROM find_api_key(NULL, now())").await, 0);
    assert_eq!(rows(&mut app, None, &call("find_api_key", person.session.hash(), "now()")).await, 0);

    let id = store.api_keys(person.id).await.unwrap()[0].id;
    store.revoke_api_key(person.id, id, None).await.unwrap();
    assert_eq!(rows(&mut app, None, &call("find_api_key", person.key.hash(), "now()")).await, 0);
}

#[tokio::test]
async fn a_password_is_found_by_its_whole_address_alone() {
    let database = Database::new().await;
    let (store, mut app) = (&database.store, database.app_connection().await);
    let person = Person::new(store).await;
    let call = |address: &str| format!("SELECT * FROM find_password({address})");
    assert_eq!(rows(&mut app, None, &call(&format!("'{}'", person.email))).await, 1);
    assert_eq!(rows(&mut app, None, &call(&format!("'{}'", person.email.to_uppercase()))).await, 1);
    let part = &person.email[1..];
    for address in ["NULL", "''", "'%'", "'%@example.com'", &format!("'{part}'")] {
        assert_eq!(rows(&mut app, None, &call(address)).await, 0, "{address}");
    }
    // The built-in person has no address, and nobody who has none is found.
    acting(
        &mut crate::scene::connect(&database.owner_url).await,
        Some(person.id),
        "UPDATE users SET disabled_at = now()",
    )
    .await
    .unwrap();
    assert_eq!(rows(&mut app, None, &call(&format!("'{}'", person.email))).await, 0, "a disabled account");
}

#[tokio::test]
async fn an_invitation_is_found_once_and_only_of_somebody_who_is_an_admin() {
    let database = Database::new().await;
    let (store, mut app) = (&database.store, database.app_connection().await);
    let (admin, person) = (Person::admin(store).await, Person::new(store).await);
    let invite = async |owner, number: u8| {
        let token = TokenHash::new([number; 32]);
        store.create_invitation(owner, NewInvitation { token, email: None, role: Role::Admin }, None).await.unwrap();
        token
    };
    let good = invite(admin.id, 1).await;
    assert_eq!(rows(&mut app, None, &call("find_invitation", good, "now()")).await, 1);
    assert_eq!(rows(&mut app, None, &call("find_invitation", good, "now() + '8 days'::interval")).await, 0);
    // Rows of somebody who is no admin count for nothing, however they got there.
    let forged = invite(person.id, 2).await;
    assert_eq!(rows(&mut app, None, &call("find_invitation", forged, "now()")).await, 0);
    assert_eq!(rows(&mut app, None, "SELECT * FROM find_invitation(NULL, now())").await, 0);
    let id = store.invitations(admin.id).await.unwrap()[0].id;
    store.revoke_invitation(admin.id, id, None).await.unwrap();
    assert_eq!(rows(&mut app, None, &call("find_invitation", good, "now()")).await, 0);
}

#[tokio::test]
async fn a_reset_link_is_found_once_and_for_an_hour() {
    let database = Database::new().await;
    let (store, mut app) = (&database.store, database.app_connection().await);
    let (admin, person) = (Person::admin(store).await, Person::new(store).await);
    let email = Email::parse("email", &person.email).unwrap();
    let token = TokenHash::new([3; 32]);
    store.create_reset_link(admin.id, &email, token, None).await.unwrap();
    assert_eq!(rows(&mut app, None, &call("find_reset_link", token, "now()")).await, 1);
    assert_eq!(rows(&mut app, None, &call("find_reset_link", token, "now() + '61 minutes'::interval")).await, 0);
    assert_eq!(rows(&mut app, None, "SELECT * FROM find_reset_link(NULL, now())").await, 0);
    store.reset_password(token, "hash", None).await.unwrap();
    assert_eq!(rows(&mut app, None, &call("find_reset_link", token, "now()")).await, 0);
}

#[tokio::test]
async fn whether_there_are_accounts_is_one_bit() {
    let database = Database::new().await;
    let mut app = database.app_connection().await;
    let exist = async |app: &mut PgConnection| -> bool {
        acting(app, None, "SELECT accounts_exist()").await.unwrap()[0].get(0)
    };
    assert!(!exist(&mut app).await, "the built-in person is no account");
    Person::new(&database.store).await;
    assert!(exist(&mut app).await);
}

#[tokio::test]
async fn a_person_is_found_by_an_admin_alone() {
    let database = Database::new().await;
    let (store, mut app) = (&database.store, database.app_connection().await);
    let (admin, person) = (Person::admin(store).await, Person::new(store).await);
    let call = format!("SELECT find_person('{}')::text", person.email);
    let found =
        async |app: &mut PgConnection, who| -> Option<String> { acting(app, who, &call).await.unwrap()[0].get(0) };
    assert_eq!(found(&mut app, Some(admin.id)).await, Some(person.id.to_string()));
    assert_eq!(found(&mut app, Some(person.id)).await, None, "not even oneself");
    assert_eq!(found(&mut app, None).await, None);
}

#[tokio::test]
async fn who_is_the_last_admin_is_said_of_the_acting_person_alone() {
    let database = Database::new().await;
    let (store, mut app) = (&database.store, database.app_connection().await);
    let (admin, person) = (Person::admin(store).await, Person::new(store).await);
    let last = async |app: &mut PgConnection, who| -> bool {
        acting(app, who, "SELECT is_last_admin()").await.unwrap()[0].get(0)
    };
    assert!(last(&mut app, Some(admin.id)).await);
    assert!(!last(&mut app, Some(person.id)).await);
    assert!(!last(&mut app, None).await);
    Person::admin(store).await;
    assert!(!last(&mut app, Some(admin.id)).await);
}

#[tokio::test]
async fn a_lookup_is_not_turned_by_a_schema_of_the_callers() {
    let database = Database::new().await;
    let (store, mut app) = (&database.store, database.app_connection().await);
    let person = Person::new(store).await;
    // Tables of one's own that stand before the real ones, in the one schema where the functions may make something.
    let trap = format!(
        "CREATE TEMPORARY TABLE sessions (id uuid, user_id uuid, token_hash bytea, revoked_at timestamptz, expires_at timestamptz, last_used_at timestamptz);
         INSERT INTO sessions VALUES (gen_random_uuid(), '{}', '\\x00', NULL, now() + '1 day'::interval, now());
         SET LOCAL search_path = pg_temp, public; SELECT * FROM find_session('\\x00', now())",
        person.id
    );
    assert_eq!(rows(&mut app, None, &trap).await, 0);
}

#[tokio::test]
async fn a_session_that_is_used_lives_on_for_thirty_days_and_never_beyond_ninety() {
    let (database, clock) = at_a_fixed_time().await;
    let store = &database.store;
    let person = Person::new(store).await;
    let alive = async || store.identify(Credential::Session(person.session.hash())).await.unwrap().is_some();
    for _ in 0..3 {
        clock.advance(Duration::days(29));
        assert!(alive().await, "it is used within thirty days");
    }
    clock.advance(Duration::days(3) - Duration::seconds(1));
    assert!(alive().await, "a second before the ninetieth day is over");
    clock.advance(Duration::seconds(1));
    assert!(!alive().await);

    let other = Person::new(store).await;
    clock.advance(Duration::days(30));
    assert_eq!(
        store.identify(Credential::Session(other.session.hash())).await.unwrap(),
        None,
        "thirty days without use"
    );
    assert!(
        store.identify(Credential::ApiKey(other.key.hash())).await.unwrap().is_some(),
        "a key ends when it says so"
    );
}

#[tokio::test]
async fn a_credential_that_was_revoked_is_not_good_and_a_strangers_never_is() {
    let database = Database::new().await;
    let store = &database.store;
    let (one, other) = (Person::new(store).await, Person::new(store).await);
    let id = store.identify(Credential::Session(one.session.hash())).await.unwrap().unwrap().credential;
    assert!(store.is_good(one.id, id).await.unwrap());
    assert!(!store.is_good(other.id, id).await.unwrap());
    let CredentialId::Session(session) = id else { panic!("{id:?}") };
    store.revoke_session(one.id, session, Action::SignedOut, None).await.unwrap();
    assert!(!store.is_good(one.id, id).await.unwrap());

    let read_only = key(store, one.id, &[Scope::Read]).await;
    let identity = store.identify(Credential::ApiKey(read_only.hash())).await.unwrap().unwrap();
    assert_eq!(
        (identity.user_id, identity.role, identity.may(Scope::Read), identity.may(Scope::Chat)),
        (one.id, Role::User, true, false)
    );
    // What belongs to the built-in person is not touched by any of it.
    as_owner(&database, "SELECT 1").await;
    assert!(store.sessions(OWNER).await.unwrap().is_empty());
}
