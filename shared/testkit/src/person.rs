use auth::{Token, TokenKind};
use domain::{Email, KeyName, Role, Scope, UserId};
use store::{NewApiKey, NewInvitation, Registration, Store};
use uuid::Uuid;

/// A person with an account, who is signed in in a browser and has a key for programs.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who it is.
    pub id: UserId,
    /// What they sign in with; they have no password that could be typed.
    pub email: String,
    /// The session of their browser.
    pub session: Token,
    /// A key that is good for everything.
    pub key: Token,
}

impl Person {
    /// A new person that nobody else uses.
    ///
    /// # Panics
    /// When the database refuses it.
    pub async fn new(store: &Store) -> Self {
        let email = format!("{}@example.com", Uuid::new_v4().simple());
        let registration = Registration {
            email: Email::parse("email", &email).expect("an address"),
            password_hash: String::new(),
            invitation: None,
        };
        let id = store.register(registration, None).await.expect("an account");
        Self::signed_in(store, id, email).await
    }

    /// A new admin.
    ///
    /// # Panics
    /// When the database refuses it.
    pub async fn admin(store: &Store) -> Self {
        let token = Token::generate(TokenKind::Invitation).expect("a token");
        let invitation = NewInvitation { token: token.hash(), email: None, role: Role::Admin };
        store.create_invitation(UserId::BUILT_IN, invitation, None).await.expect("an invitation");
        let email = format!("{}@example.com", Uuid::new_v4().simple());
        let registration = Registration {
            email: Email::parse("email", &email).expect("an address"),
            password_hash: String::new(),
            invitation: Some(token.hash()),
        };
        let id = store.register(registration, None).await.expect("an account");
        Self::signed_in(store, id, email).await
    }

    /// A session and a key for somebody who is there.
    ///
    /// # Panics
    /// When the database refuses them.
    pub async fn signed_in(store: &Store, id: UserId, email: String) -> Self {
        let session = Token::generate(TokenKind::Session).expect("a token");
        store.create_session(id, session.hash(), None, None).await.expect("a session");
        let key = key(store, id, &[Scope::Read, Scope::Chat, Scope::Admin]).await;
        Self { id, email, session, key }
    }
}

/// A key of a person's that is good for these.
///
/// # Panics
/// When the database refuses it.
pub async fn key(store: &Store, id: UserId, scopes: &[Scope]) -> Token {
    let key = Token::generate(TokenKind::ApiKey).expect("a token");
    let name = KeyName::parse("name", "of a test").expect("a name");
    let new = NewApiKey { hash: key.hash(), name, scopes: scopes.to_vec(), expires_at: None };
    store.create_api_key(id, new, None).await.expect("a key");
    key
}
