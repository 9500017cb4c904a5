use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{ApiKeyId, Fault, KeyName, Scope, StoredApiKey, TokenHash, UserId};
use uuid::Uuid;

use crate::fault::fault;
use crate::{Action, Store};

/// A key to be stored.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What is kept of it.
    pub hash: TokenHash,
    /// What the person calls it.
    pub name: KeyName,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// When it ends; absent means not by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

struct ApiKeyRow {
    id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
}

impl TryFrom<ApiKeyRow> for StoredApiKey {
    type Error = Fault;

    fn try_from(row: ApiKeyRow) -> Result<Self, Fault> {
        let ApiKeyRow { id, name, scopes, created_at, last_used_at, expires_at } = row;
        let scopes = scopes.iter().map(|scope| scope.parse()).collect::<Result<_, _>>().map_err(Fault::internal)?;
        Ok(Self { id: id.into(), name, scopes, created_at, last_used_at, expires_at })
    }
}

impl Store {
    /// Stores a key.
    pub async fn create_api_key(
        &self,
        owner: UserId,
        new: NewApiKey,
        address: Option<IpAddr>,
    ) -> Result<StoredApiKey, Fault> {
        let (id, now) = (ApiKeyId::new(&self.clock), self.clock.now());
        let scopes: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let mut transaction = self.begin(owner).await?;
        sqlx::query!(
            "INSERT INTO api_keys (id, user_id, name, key_hash, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            id.as_uuid(),
            owner.as_uuid(),
            new.name.as_str(),
            new.hash.as_bytes(),
            &scopes,
            now,
            new.expires_at,
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.audit(owner, Action::ApiKeyCreated, Some(id.to_string()), address).await?;
        transaction.commit().await?;
        let (name, scopes, expires_at) = (new.name.into(), new.scopes, new.expires_at);
        Ok(StoredApiKey { id, name, scopes, created_at: now, last_used_at: None, expires_at })
    }

    /// The keys that are good, the newest first.
    pub async fn api_keys(&self, owner: UserId) -> Result<Vec<StoredApiKey>, Fault> {
        let mut transaction = self.begin(owner).await?;
        let rows = sqlx::query_as!(
            ApiKeyRow,
            "SELECT id, name, scopes, created_at, last_used_at, expires_at FROM api_keys
             WHERE user_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
             ORDER BY id DESC LIMIT 1000",
            owner.as_uuid(),
            self.clock.now(),
        )
        .fetch_all(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        rows.into_iter().map(StoredApiKey::try_from).collect()
    }

    /// Revokes a key, from this moment on.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such key that is good.
    pub async fn revoke_api_key(&self, owner: UserId, id: ApiKeyId, address: Option<IpAddr>) -> Result<(), Fault> {
        let mut transaction = self.begin(owner).await?;
        let revoked = sqlx::query!(
            "UPDATE api_keys SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
            id.as_uuid(),
            owner.as_uuid(),
            self.clock.now(),
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        if revoked.rows_affected() == 0 {
            return Err(Fault::NotFound("API key"));
        }
        transaction.audit(owner, Action::ApiKeyRevoked, Some(id.to_string()), address).await?;
        transaction.commit().await
    }
}
