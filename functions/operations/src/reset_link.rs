//! Makes a link that sets a forgotten password; invoked by the operator, who hands it over.

use auth::{Token, TokenKind};
use chrono::{DateTime, Utc};
use domain::{Clock, Email};
use runtime::{Env, Handler, Invocation};
use serde::{Deserialize, Serialize};
use store::Store;

/// Builds the function from its environment.
pub async fn function(env: Env) -> anyhow::Result<ResetLink> {
    Ok(ResetLink { store: Store::connect(&env.secret("DATABASE_URL")?, Clock::system()).await? })
}

/// The function.
#[derive(Debug)]
pub struct ResetLink {
    /// Where accounts are.
    pub store: Store,
}

/// Whose password.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    email: String,
}

/// The end of a link: a secret.
#[derive(Serialize)]
pub struct Link {
    /// The path with the token.
    path: String,
    /// When it ends.
    expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Link")
    }
}

impl Handler for ResetLink {
    type Event = Request;
    type Output = Link;

    async fn handle(&self, request: Request, _: Invocation) -> anyhow::Result<Link> {
        let email = Email::parse("email", &request.email)?;
        let token = Token::generate(TokenKind::ResetLink)?;
        let expires_at = self.store.create_reset_link_as_operator(&email, token.hash()).await?;
        Ok(Link { path: format!("/reset#{}", token.expose()), expires_at })
    }
}
