//! Makes the code that the first account needs, while there is none; invoked by the operator, who hands it over as a link.

use auth::{Token, TokenKind};
use domain::Clock;
use runtime::{Env, Handler, Invocation};
use serde::{Deserialize, Serialize};
use store::Store;

/// Builds the function from its environment.
pub async fn function(env: Env) -> anyhow::Result<SetupLink> {
    Ok(SetupLink { store: Store::connect(&env.secret("DATABASE_URL")?, Clock::system()).await? })
}

/// The function.
#[derive(Debug)]
pub struct SetupLink {
    /// Where accounts are.
    pub store: Store,
}

/// Nothing is asked.
#[derive(Debug, Deserialize)]
pub struct Request {}

/// The end of a link: a secret.
#[derive(Serialize)]
pub struct Link {
    /// The path with the code, or nothing when there is an account.
    path: Option<String>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Link")
    }
}

impl Handler for SetupLink {
    type Event = Request;
    type Output = Link;

    async fn handle(&self, _: Request, _: Invocation) -> anyhow::Result<Link> {
        let token = Token::generate(TokenKind::SetUp)?;
        let made = self.store.create_setup_code(token.hash()).await?;
        // Behind a #, which no browser sends and no log has.
        Ok(Link { path: made.then(|| format!("/setup#{}", token.expose())) })
    }
}
