use chrono::{DateTime, Duration, Utc};
use domain::{Credential, CredentialId, Fault, Identity, SESSION_IDLE, SESSION_LIFE, TokenHash, UserId};

use crate::Store;
use crate::connection::ask;
use crate::fault::fault;

/// How exactly it is known when a credential was last used: a request that only reads does not write, but for once an hour.
const USE_NOTED: Duration = Duration::hours(1);

impl Store {
    /// Who shows this credential; `None` when it is not, or not any more, good. A session that is used lives on.
    pub async fn identify(&self, credential: Credential) -> Result<Option<Identity>, Fault> {
        match credential {
            Credential::Session(hash) => self.identify_session(hash).await,
            Credential::ApiKey(hash) => self.identify_api_key(hash).await,
        }
    }

    async fn identify_session(&self, hash: TokenHash) -> Result<Option<Identity>, Fault> {
        let now = self.clock.now();
        let found = ask!(self, nobody => sqlx::query!(
                    r#"SELECT session_id AS "session_id!", user_id AS "user_id!", role AS "role!", last_used_at AS "last_used_at!"
                       FROM find_session($1, $2)"#,
                    hash.as_bytes(),
                    now,
                ).fetch_optional(nobody))?;
        let Some(found) = found else { return Ok(None) };
        let identity = Identity {
            user_id: found.user_id.into(),
            role: found.role.parse().map_err(Fault::internal)?,
            credential: CredentialId::Session(found.session_id.into()),
            scopes: Vec::new(),
        };
        if is_stale(Some(found.last_used_at), now) {
            self.note_use(&identity, now).await?;
        }
        Ok(Some(identity))
    }

    async fn identify_api_key(&self, hash: TokenHash) -> Result<Option<Identity>, Fault> {
        let now = self.clock.now();
        let found = ask!(self, nobody => sqlx::query!(
                    r#"SELECT api_key_id AS "api_key_id!", user_id AS "user_id!", role AS "role!", scopes AS "scopes!", last_used_at
                       FROM find_api_key($1, $2)"#,
                    hash.as_bytes(),
                    now,
                ).fetch_optional(nobody))?;
        let Some(found) = found else { return Ok(None) };
        let scopes = found.scopes.iter().map(|scope| scope.parse());
        let identity = Identity {
            user_id: found.user_id.into(),
            role: found.role.parse().map_err(Fault::internal)?,
            credential: CredentialId::ApiKey(found.api_key_id.into()),
            scopes: scopes.collect::<Result<_, _>>().map_err(Fault::internal)?,
        };
        if is_stale(found.last_used_at, now) {
            self.note_use(&identity, now).await?;
        }
        Ok(Some(identity))
    }

    /// Whether a credential that was good a while ago still is: for a socket, which shows it only once.
    pub async fn is_good(&self, owner: UserId, credential: CredentialId) -> Result<bool, Fault> {
        let (session, key) = match credential {
            CredentialId::Session(id) => (Some(id.as_uuid()), None),
            CredentialId::ApiKey(id) => (None, Some(id.as_uuid())),
        };
        let mut transaction = self.begin(owner).await?;
        let good = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM users WHERE id = $1 AND disabled_at IS NULL)
                  AND (EXISTS (SELECT FROM sessions WHERE id = $2 AND user_id = $1 AND revoked_at IS NULL AND expires_at > $4)
                    OR EXISTS (SELECT FROM api_keys WHERE id = $3 AND user_id = $1 AND revoked_at IS NULL
                                 AND (expires_at IS NULL OR expires_at > $4))) AS "good!""#,
            owner.as_uuid(),
            session,
            key,
            self.clock.now(),
        )
        .fetch_one(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        Ok(good)
    }

    async fn note_use(&self, identity: &Identity, now: DateTime<Utc>) -> Result<(), Fault> {
        let owner = identity.user_id;
        let mut transaction = self.begin(owner).await?;
        match identity.credential {
            CredentialId::Session(id) => sqlx::query!(
                "UPDATE sessions SET last_used_at = $3, expires_at = least($4, created_at + make_interval(secs => $5))
                 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
                id.as_uuid(),
                owner.as_uuid(),
                now,
                now + SESSION_IDLE,
                SESSION_LIFE.as_secs_f64(),
            )
            .execute(&mut transaction)
            .await
            .map_err(fault)?,
            CredentialId::ApiKey(id) => sqlx::query!(
                "UPDATE api_keys SET last_used_at = $3 WHERE id = $1 AND user_id = $2",
                id.as_uuid(),
                owner.as_uuid(),
                now
            )
            .execute(&mut transaction)
            .await
            .map_err(fault)?,
        };
        transaction.commit().await
    }
}

fn is_stale(last_used_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    last_used_at.is_none_or(|last| now - last >= USE_NOTED)
}
