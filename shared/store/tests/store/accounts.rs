//! Accounts: made by a code or an invitation, by exactly one; changed, and gone without a trace but the audit.

use domain::{
    AccountPatch, Conflict, Credential, Deleted, Email, Fault, Instructions, Patch, Role, TimeZone, TokenHash, UserId,
};
use futures::future::join_all;
use sqlx::Row as _;
use store::{NewInvitation, Registration, Store};
use testkit::{Database, Person};

use crate::scene::{OWNER, acting, conversation, exchange};

fn email(text: &str) -> Email {
    Email::parse("email", text).unwrap()
}

fn registration(address: &str, invitation: Option<TokenHash>) -> Registration {
    Registration { email: email(address), password_hash: "hash".to_owned(), invitation }
}

async fn invited(store: &Store, admin: UserId, number: u8, only: Option<&str>, role: Role) -> TokenHash {
    let token = TokenHash::new([number; 32]);
    store.create_invitation(admin, NewInvitation { token, email: only.map(email), role }, None).await.unwrap();
    token
}

#[tokio::test]
async fn of_two_that_set_up_at_once_exactly_one_wins() {
    let database = Database::new().await;
    let store = &database.store;
    let code = TokenHash::new([1; 32]);
    assert!(store.create_setup_code(code).await.unwrap());

    let shared = &database;
    let attempts = (0..8).map(|number| async move {
        let store = Store::connect(&shared.app_url, shared.clock.clone()).await.unwrap();
        store.set_up(code, &email(&format!("ada{number}@example.com")), "hash", None).await
    });
    let results = join_all(attempts).await;

    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert!(results.iter().all(|result| matches!(result, Ok(OWNER) | Err(Fault::Forbidden(_)))), "{results:?}");
    assert_eq!(store.account(OWNER).await.unwrap().role, Role::Admin);
    assert!(!store.create_setup_code(TokenHash::new([2; 32])).await.unwrap(), "no code is made any more");
}

#[tokio::test]
async fn a_code_is_good_once_and_the_last_one_counts() {
    let database = Database::new().await;
    let store = &database.store;
    let (first, last) = (TokenHash::new([1; 32]), TokenHash::new([2; 32]));
    store.create_setup_code(first).await.unwrap();
    store.create_setup_code(last).await.unwrap();
    for code in [first, TokenHash::new([3; 32])] {
        let refused = store.set_up(code, &email("ada@example.com"), "hash", None).await;
        assert!(matches!(refused, Err(Fault::Forbidden(_))), "{refused:?}");
    }
    store.set_up(last, &email("ada@example.com"), "hash", None).await.unwrap();
    assert!(store.set_up(last, &email("eve@example.com"), "hash", None).await.is_err());
    assert_eq!(store.account(OWNER).await.unwrap().email, "ada@example.com");
}

#[tokio::test]
async fn the_first_account_has_what_the_built_in_person_had() {
    let database = Database::new().await;
    let store = &database.store;
    let before = conversation(store).await;
    let code = TokenHash::new([1; 32]);
    store.create_setup_code(code).await.unwrap();
    let owner = store.set_up(code, &email("ada@example.com"), "hash", None).await.unwrap();
    assert_eq!(store.conversation(owner, before.id).await.unwrap(), before);
}

#[tokio::test]
async fn an_invitation_lets_exactly_one_in() {
    let database = Database::new().await;
    let store = &database.store;
    let admin = Person::admin(store).await;
    let token = invited(store, admin.id, 1, None, Role::User).await;

    let shared = &database;
    let attempts = (0..8).map(|number| async move {
        let store = Store::connect(&shared.app_url, shared.clock.clone()).await.unwrap();
        store.register(registration(&format!("guest{number}@example.com"), Some(token)), None).await
    });
    let results = join_all(attempts).await;

    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert!(store.invitations(admin.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_invitation_for_an_address_is_for_no_other_and_gives_its_role() {
    let database = Database::new().await;
    let store = &database.store;
    let admin = Person::admin(store).await;
    let token = invited(store, admin.id, 1, Some("Grace@example.com"), Role::Admin).await;
    let refused = store.register(registration("eve@example.com", Some(token)), None).await;
    assert!(matches!(refused, Err(Fault::Forbidden(_))), "{refused:?}");
    let id = store.register(registration("grace@example.com", Some(token)), None).await.unwrap();
    assert_eq!(store.account(id).await.unwrap().role, Role::Admin);
}

#[tokio::test]
async fn an_address_has_one_account_whatever_its_case_and_a_refused_invitation_stays_good() {
    let database = Database::new().await;
    let store = &database.store;
    let admin = Person::admin(store).await;
    let token = invited(store, admin.id, 1, None, Role::User).await;
    let refused = store.register(registration(&admin.email.to_uppercase(), Some(token)), None).await;
    assert!(matches!(refused, Err(Fault::Conflict(Conflict::EmailTaken))), "{refused:?}");
    store.register(registration("free@example.com", Some(token)), None).await.unwrap();
}

#[tokio::test]
async fn settings_are_changed_one_by_one() {
    let database = Database::new().await;
    let store = &database.store;
    let person = Person::new(store).await;
    let set = AccountPatch {
        instructions: Patch::Set(Instructions::parse("instructions", "Be brief.").unwrap()),
        time_zone: Patch::Set(TimeZone::parse("time_zone", "Europe/Berlin").unwrap()),
        language: Patch::Keep,
    };
    let account = store.update_account(person.id, &set, None).await.unwrap();
    assert_eq!(
        (account.instructions.as_deref(), account.time_zone.as_deref()),
        (Some("Be brief."), Some("Europe/Berlin"))
    );
    let cleared = AccountPatch { instructions: Patch::Clear, ..AccountPatch::default() };
    let account = store.update_account(person.id, &cleared, None).await.unwrap();
    assert_eq!((account.instructions, account.time_zone.as_deref()), (None, Some("Europe/Berlin")));
    let nowhere = AccountPatch {
        time_zone: Patch::Set(TimeZone::parse("time_zone", "Mars/Olympus").unwrap()),
        ..AccountPatch::default()
    };
    assert!(matches!(store.update_account(person.id, &nowhere, None).await, Err(Fault::Invalid(_))));
}

#[tokio::test]
async fn a_new_password_signs_the_others_out() {
    let database = Database::new().await;
    let store = &database.store;
    let person = Person::new(store).await;
    let here = Person::signed_in(store, person.id, person.email.clone()).await;
    let good = async |hash| store.identify(Credential::Session(hash)).await.unwrap().is_some();
    let keep = store.identify(Credential::Session(here.session.hash())).await.unwrap().unwrap();
    let domain::CredentialId::Session(keep) = keep.credential else { panic!("a session") };
    store.change_password(person.id, "another", keep, None).await.unwrap();
    assert!(good(here.session.hash()).await);
    assert!(!good(person.session.hash()).await);
    assert_eq!(store.own_password(person.id).await.unwrap(), (person.email, Some("another".to_owned())));
}

#[tokio::test]
async fn a_reset_link_sets_a_password_once_and_ends_everything() {
    let database = Database::new().await;
    let store = &database.store;
    let (admin, person) = (Person::admin(store).await, Person::new(store).await);
    let (first, last) = (TokenHash::new([1; 32]), TokenHash::new([2; 32]));
    store.create_reset_link(admin.id, &email(&person.email), first, None).await.unwrap();
    store.create_reset_link_as_operator(&email(&person.email), last).await.unwrap();
    assert!(store.reset_password(first, "another", None).await.is_err(), "a later one makes it void");
    assert_eq!(store.address_of_reset_link(last).await.unwrap(), person.email);

    let at_once = join_all((0..4).map(|_| store.reset_password(last, "another", None))).await;
    assert_eq!(at_once.iter().filter(|result| result.is_ok()).count(), 1, "{at_once:?}");
    for credential in [Credential::Session(person.session.hash()), Credential::ApiKey(person.key.hash())] {
        assert_eq!(store.identify(credential).await.unwrap(), None);
    }
    let refused = store.create_reset_link(person.id, &email(&admin.email), first, None).await;
    assert!(matches!(refused, Err(Fault::NotFound(_))), "somebody who is no admin: {refused:?}");
}

#[tokio::test]
async fn an_account_that_is_deleted_leaves_nothing_but_its_audit() {
    let database = Database::new().await;
    let store = &database.store;
    let (admin, person) = (Person::admin(store).await, Person::new(store).await);
    let theirs = store.create_conversation(person.id, store::NewConversation::default()).await.unwrap();
    store.commit_prompt(person.id, crate::scene::prompt(theirs.id, "one")).await.unwrap();
    let others = conversation(store).await;
    exchange(store, others.id, "one").await;

    let receipt = store.delete_account(person.id, None).await.unwrap();

    let counted = Deleted {
        conversations: 1,
        messages: 2,
        sessions: 1,
        api_keys: 1,
        invitations: 0,
        audit_kept: receipt.audit_kept,
    };
    assert_eq!(receipt, counted);
    let mut owner = crate::scene::connect(&database.owner_url).await;
    for table in ["users", "sessions", "api_keys", "invitations", "reset_links", "conversations", "messages"] {
        let column = if table == "users" { "id" } else { "user_id" };
        let sql = format!("SELECT count(*) FROM {table} WHERE {column} = '{}'", person.id);
        assert_eq!(acting(&mut owner, Some(person.id), &sql).await.unwrap()[0].get::<i64, _>(0), 0, "{table}");
    }
    let audit = store.audit_of(person.id).await.unwrap();
    assert_eq!(
        (audit.len(), audit[0].action.as_str()),
        (usize::try_from(receipt.audit_kept).unwrap(), "account.deleted")
    );
    let purge =
        acting(&mut owner, Some(person.id), "SELECT kind FROM jobs WHERE conversation_id IS NULL").await.unwrap();
    assert_eq!(purge[0].get::<String, _>(0), "purge");
    assert_eq!(crate::scene::shown(store, others.id).await.len(), 2, "what is somebody else's stays");
    assert!(store.delete_account(admin.id, None).await.is_ok(), "nobody else is left but the built-in person");
}

#[tokio::test]
async fn the_only_admin_does_not_leave_the_others_alone_and_of_two_only_one_leaves() {
    let database = Database::new().await;
    let store = &database.store;
    let (one, other) = (Person::admin(store).await, Person::admin(store).await);
    Person::new(store).await;
    let (left, stayed) = futures::join!(store.delete_account(one.id, None), store.delete_account(other.id, None));
    let refused =
        [&left, &stayed].into_iter().filter(|result| matches!(result, Err(Fault::Conflict(Conflict::LastAdmin))));
    assert_eq!(refused.count(), 1, "{left:?} {stayed:?}");
}

#[tokio::test]
async fn a_stranger_manages_nothing_of_anothers() {
    let database = Database::new().await;
    let store = &database.store;
    let (owner, stranger) = (Person::admin(store).await, Person::admin(store).await);
    invited(store, owner.id, 1, None, Role::User).await;
    let (session, key) = (store.sessions(owner.id).await.unwrap()[0].id, store.api_keys(owner.id).await.unwrap()[0].id);
    let invitation = store.invitations(owner.id).await.unwrap()[0].id;

    let revoked = store.revoke_session(stranger.id, session, store::Action::SessionRevoked, None).await;
    assert!(matches!(revoked, Err(Fault::NotFound(_))), "{revoked:?}");
    let revoked = store.revoke_api_key(stranger.id, key, None).await;
    assert!(matches!(revoked, Err(Fault::NotFound(_))), "{revoked:?}");
    let revoked = store.revoke_invitation(stranger.id, invitation, None).await;
    assert!(matches!(revoked, Err(Fault::NotFound(_))), "{revoked:?}");

    assert_eq!(store.sessions(owner.id).await.unwrap()[0].id, session);
    assert_eq!(store.api_keys(owner.id).await.unwrap()[0].id, key);
    assert_eq!(store.invitations(owner.id).await.unwrap()[0].id, invitation);
}
