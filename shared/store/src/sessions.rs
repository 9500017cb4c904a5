use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{Fault, SESSION_IDLE, Session, SessionId, TokenHash, UserAgent, UserId};
use uuid::Uuid;

use crate::fault::fault;
use crate::{Action, Store};

struct SessionRow {
    id: Uuid,
    user_agent: Option<String>,
    created_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        let SessionRow { id, user_agent, created_at, last_used_at, expires_at } = row;
        Self { id: id.into(), user_agent, created_at, last_used_at, expires_at }
    }
}

impl Store {
    /// Signs a browser in.
    pub async fn create_session(
        &self,
        owner: UserId,
        token: TokenHash,
        user_agent: Option<&UserAgent>,
        address: Option<IpAddr>,
    ) -> Result<SessionId, Fault> {
        let (id, now) = (SessionId::new(&self.clock), self.clock.now());
        let mut transaction = self.begin(owner).await?;
        sqlx::query!(
            "INSERT INTO sessions (id, user_id, token_hash, user_agent, created_at, last_used_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $5, $6)",
            id.as_uuid(),
            owner.as_uuid(),
            token.as_bytes(),
            user_agent.map(UserAgent::as_str),
            now,
            now + SESSION_IDLE,
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.audit(owner, Action::SignedIn, Some(id.to_string()), address).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The browsers that are signed in, the last used first.
    pub async fn sessions(&self, owner: UserId) -> Result<Vec<Session>, Fault> {
        let mut transaction = self.begin(owner).await?;
        let rows = sqlx::query_as!(
            SessionRow,
            "SELECT id, user_agent, created_at, last_used_at, expires_at FROM sessions
             WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
             ORDER BY last_used_at DESC, id DESC LIMIT 1000",
            owner.as_uuid(),
            self.clock.now(),
        )
        .fetch_all(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// Signs one browser out. `action` says whether it was this one or another.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such session that is good.
    pub async fn revoke_session(
        &self,
        owner: UserId,
        id: SessionId,
        action: Action,
        address: Option<IpAddr>,
    ) -> Result<(), Fault> {
        let mut transaction = self.begin(owner).await?;
        let revoked = sqlx::query!(
            "UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
            id.as_uuid(),
            owner.as_uuid(),
            self.clock.now(),
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        if revoked.rows_affected() == 0 {
            return Err(Fault::NotFound("session"));
        }
        transaction.audit(owner, action, Some(id.to_string()), address).await?;
        transaction.commit().await
    }

    /// Signs all browsers of a person out.
    pub async fn revoke_all_sessions(&self, owner: UserId, address: Option<IpAddr>) -> Result<(), Fault> {
        let mut transaction = self.begin(owner).await?;
        transaction.end_sessions(owner, None, self.clock.now()).await?;
        transaction.audit(owner, Action::SignedOutEverywhere, None, address).await?;
        transaction.commit().await
    }
}
