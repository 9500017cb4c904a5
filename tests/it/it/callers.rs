use auth::{Token, TokenKind};
use domain::{Conversation, CredentialId, Role, Scope};
use http::Method;
use http::request::Builder;
use serde_json::{Value, json};
use store::{NewConversation, NewInvitation};
use testkit::{Person, key};

use crate::portal::{Portal, anonymous, browser, page};

/// Who asks, of all that may happen to ask.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Caller {
    Anonymous,
    Stranger,
    Owner,
    Admin,
    ExpiredSession,
    RevokedKey,
    KeyWithoutScope,
    KeyInScope,
}

impl Caller {
    pub(crate) const ALL: [Self; 8] = [
        Self::Anonymous,
        Self::Stranger,
        Self::Owner,
        Self::Admin,
        Self::ExpiredSession,
        Self::RevokedKey,
        Self::KeyWithoutScope,
        Self::KeyInScope,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Stranger => "other user",
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::ExpiredSession => "expired session",
            Self::RevokedKey => "revoked key",
            Self::KeyWithoutScope => "key without the scope",
            Self::KeyInScope => "key with the scope",
        }
    }
}

/// Who is needed for a route, as its handler's signature says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Rule {
    /// `Anyone`.
    Public,
    /// `Caller`, reading.
    Read,
    /// `Caller`, changing something.
    Chat,
    /// `SignedIn`: no key is good for it.
    Browser,
    /// `Admin`.
    Admin,
}

/// People and what is theirs; made anew for each request, because a request may end it.
pub(crate) struct Scene {
    pub(crate) owner: Person,
    pub(crate) stranger: Person,
    pub(crate) admin: Person,
    pub(crate) conversation: Conversation,
    ids: [(&'static str, String); 4],
}

impl Scene {
    pub(crate) async fn new(portal: &Portal) -> Self {
        let store = &portal.database.store;
        let (owner, stranger, admin) = (Person::new(store).await, Person::new(store).await, Person::admin(store).await);
        let conversation = store.create_conversation(owner.id, NewConversation::default()).await.unwrap();
        // A browser and a key besides those that ask.
        Person::signed_in(store, owner.id, owner.email.clone()).await;
        let asking =
            store.identify(domain::Credential::Session(owner.session.hash())).await.unwrap().unwrap().credential;
        let sessions = store.sessions(owner.id).await.unwrap();
        let session = sessions.into_iter().find(|session| CredentialId::Session(session.id) != asking).unwrap().id;
        let invitation = NewInvitation { token: owner.session.hash(), email: None, role: Role::User };
        let invitation = store.create_invitation(admin.id, invitation, None).await.unwrap().id;
        let ids = [
            ("{conversation_id}", conversation.id.to_string()),
            ("{session_id}", session.to_string()),
            ("{api_key_id}", store.api_keys(owner.id).await.unwrap()[0].id.to_string()),
            ("{invitation_id}", invitation.to_string()),
        ];
        Self { owner, stranger, admin, conversation, ids }
    }

    /// The path of a route, at what is the owner's.
    pub(crate) fn path(&self, route: &str) -> String {
        self.ids.iter().fold(route.to_owned(), |path, (name, id)| path.replace(name, id))
    }

    /// A body that would do, at what is the owner's.
    pub(crate) fn body(&self, route: &str) -> Option<Value> {
        let password = "correct horse battery staple";
        Some(match route {
            "POST /api/auth/setup" => {
                json!({"code": token(TokenKind::SetUp), "email": "new@example.com", "password": password})
            }
            "POST /api/auth/register" => json!({"email": "new@example.com", "password": password}),
            "POST /api/auth/login" => json!({"email": self.owner.email, "password": password}),
            "POST /api/auth/reset" => json!({"token": token(TokenKind::ResetLink), "new_password": password}),
            "PATCH /api/auth/me" => json!({"language": "de"}),
            "DELETE /api/auth/me" => json!({"password": password}),
            "POST /api/auth/password" => json!({"current_password": password, "new_password": password}),
            "POST /api/auth/api_keys" => json!({"name": "laptop", "scopes": ["read"]}),
            "POST /api/admin/invitations" | "POST /api/conversations" => json!({}),
            "POST /api/admin/reset_links" => json!({"email": self.owner.email}),
            "PATCH /api/conversations/{conversation_id}" => json!({"title": "Changed"}),
            "POST /api/messages" => {
                json!({"conversation_id": self.conversation.id, "content": "Hello", "client_id": "one"})
            }
            _ => return None,
        })
    }

    /// A request of somebody's to a route.
    pub(crate) async fn request(
        &self,
        portal: &Portal,
        caller: Caller,
        rule: Rule,
        method: Method,
        path: &str,
    ) -> Builder {
        let store = &portal.database.store;
        // What is an admin's own is asked for by its owner, who is one.
        let owner = if rule == Rule::Admin { &self.admin } else { &self.owner };
        match caller {
            Caller::Anonymous => page(method, path),
            Caller::Stranger => browser(method, path, &self.stranger.session),
            Caller::Owner => browser(method, path, &owner.session),
            Caller::Admin => browser(method, path, &Person::admin(store).await.session),
            Caller::ExpiredSession => {
                let session = Person::signed_in(store, owner.id, owner.email.clone()).await.session;
                let hash = session.hash();
                portal
                    .database
                    .as_owner(format!(
                        "BEGIN; SET LOCAL app.user_id = '{}';
                         UPDATE sessions SET expires_at = now() - '1 second'::interval WHERE token_hash = '\\x{hash:x}'; COMMIT",
                        owner.id
                    ))
                    .await;
                browser(method, path, &session)
            }
            Caller::RevokedKey => {
                let revoked = key(store, owner.id, &[Scope::Read, Scope::Chat, Scope::Admin]).await;
                let id = store.api_keys(owner.id).await.unwrap()[0].id;
                store.revoke_api_key(owner.id, id, None).await.unwrap();
                program(method, path, &revoked)
            }
            Caller::KeyWithoutScope => {
                let scopes: &[Scope] = match rule {
                    Rule::Read => &[Scope::Chat, Scope::Admin],
                    Rule::Chat => &[Scope::Read, Scope::Admin],
                    Rule::Admin => &[Scope::Read, Scope::Chat],
                    Rule::Public | Rule::Browser => &[Scope::Read, Scope::Chat, Scope::Admin],
                };
                program(method, path, &key(store, owner.id, scopes).await)
            }
            Caller::KeyInScope => {
                let scopes: &[Scope] = match rule {
                    Rule::Read => &[Scope::Read],
                    Rule::Chat => &[Scope::Chat],
                    Rule::Admin => &[Scope::Admin],
                    Rule::Public | Rule::Browser => &[Scope::Read, Scope::Chat, Scope::Admin],
                };
                program(method, path, &key(store, owner.id, scopes).await)
            }
        }
    }
}

/// A request of a program.
pub(crate) fn program(method: Method, path: &str, key: &Token) -> Builder {
    anonymous(method, path).header("authorization", format!("Bearer {}", key.expose()))
}

/// A token that nobody was given.
fn token(kind: TokenKind) -> String {
    Token::generate(kind).unwrap().expose().to_owned()
}
