//! Brings the database to this version; invoked once by every deployment, before its functions take requests.

use runtime::{Env, Handler, Invocation};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// Builds the function from its environment.
#[expect(clippy::unused_async, reason = "`runtime` awaits what builds a function")]
pub async fn function(env: Env) -> anyhow::Result<Migrate> {
    Ok(Migrate { owner_url: env.secret("DATABASE_DIRECT_URL")?, app_url: env.secret("DATABASE_URL")? })
}

/// The function.
#[derive(Debug)]
pub struct Migrate {
    owner_url: SecretString,
    app_url: SecretString,
}

/// Nothing is asked: the database and the roles come from the environment.
#[derive(Debug, Deserialize)]
pub struct Request {}

/// What the database is at now.
#[derive(Debug, Serialize)]
pub struct Migrated {
    /// Changes with any migration.
    schema_version: String,
}

impl Handler for Migrate {
    type Event = Request;
    type Output = Migrated;

    async fn handle(&self, _: Request, _: Invocation) -> anyhow::Result<Migrated> {
        store::migrate(&self.owner_url, &self.app_url).await?;
        Ok(Migrated { schema_version: format!("{:x}", store::schema_version()) })
    }
}
