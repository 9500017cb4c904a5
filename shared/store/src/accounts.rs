use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{
    Account, AccountPatch, Conflict, Deleted, Email, Fault, Instructions, Language, Role, SessionId, TimeZone, UserId,
};
use uuid::Uuid;

use crate::connection::ask;
use crate::fault::{email_fault, fault};
use crate::transaction::Transaction;
use crate::{Action, Registration, Store};

/// What is kept of the password of a person who may sign in.
#[derive(Clone, Debug)]
pub struct StoredPassword {
    /// Whose it is.
    pub user_id: UserId,
    /// The hash, as it was given to the store.
    pub hash: String,
}

struct AccountRow {
    id: Uuid,
    email: Option<String>,
    role: String,
    instructions: Option<String>,
    time_zone: Option<String>,
    language: Option<String>,
    created_at: DateTime<Utc>,
}

impl TryFrom<AccountRow> for Account {
    type Error = Fault;

    fn try_from(row: AccountRow) -> Result<Self, Fault> {
        let AccountRow { id, email, role, instructions, time_zone, language, created_at } = row;
        let (email, role) = (email.unwrap_or_default(), role.parse().map_err(Fault::internal)?);
        Ok(Self { id: id.into(), email, role, instructions, time_zone, language, created_at })
    }
}

impl Store {
    /// What to compare a password with, by the address that somebody signs in with.
    pub async fn password_of(&self, email: &Email) -> Result<Option<StoredPassword>, Fault> {
        let found = ask!(self, nobody => sqlx::query!(
                    r#"SELECT user_id AS "user_id!", password_hash AS "hash!" FROM find_password($1::text::citext)"#,
                    email.as_str()
                ).fetch_optional(nobody))?;
        Ok(found.map(|found| StoredPassword { user_id: found.user_id.into(), hash: found.hash }))
    }

    /// What to compare a password with, of somebody who is signed in, and their address.
    pub async fn own_password(&self, owner: UserId) -> Result<(String, Option<String>), Fault> {
        let mut transaction = self.begin(owner).await?;
        let row = sqlx::query!(
            r#"SELECT coalesce(email::text, '') AS "email!", password_hash FROM users WHERE id = $1"#,
            owner.as_uuid()
        )
        .fetch_optional(&mut transaction)
        .await
        .map_err(fault)?
        .ok_or(Fault::NotFound("account"))?;
        transaction.commit().await?;
        Ok((row.email, row.password_hash))
    }

    /// A person's account.
    pub async fn account(&self, owner: UserId) -> Result<Account, Fault> {
        let mut transaction = self.begin(owner).await?;
        let account = read(&mut transaction, owner).await?;
        transaction.commit().await?;
        Ok(account)
    }

    /// Changes settings of an account.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when there is no such time zone.
    pub async fn update_account(
        &self,
        owner: UserId,
        patch: &AccountPatch,
        address: Option<IpAddr>,
    ) -> Result<Account, Fault> {
        let mut transaction = self.begin(owner).await?;
        if let Some(zone) = patch.time_zone.value() {
            let known = sqlx::query_scalar!(
                r#"SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1) AS "known!""#,
                zone.as_str()
            )
            .fetch_one(&mut transaction)
            .await
            .map_err(fault)?;
            if !known {
                return Err(TimeZone::unknown("time_zone"));
            }
        }
        sqlx::query!(
            r#"UPDATE users
               SET instructions = CASE WHEN $2 THEN $3 ELSE instructions END,
                   settings = jsonb_strip_nulls(settings
                       || CASE WHEN $4 THEN jsonb_build_object('time_zone', $5::text) ELSE '{}' END
                       || CASE WHEN $6 THEN jsonb_build_object('language', $7::text) ELSE '{}' END)
               WHERE id = $1"#,
            owner.as_uuid(),
            !patch.instructions.is_keep(),
            patch.instructions.value().map(Instructions::as_str),
            !patch.time_zone.is_keep(),
            patch.time_zone.value().map(TimeZone::as_str),
            !patch.language.is_keep(),
            patch.language.value().map(Language::as_str),
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        let account = read(&mut transaction, owner).await?;
        if *patch != AccountPatch::default() {
            transaction.audit(owner, Action::AccountChanged, Some(owner.to_string()), address).await?;
        }
        transaction.commit().await?;
        Ok(account)
    }

    /// Sets another password, and signs out every browser but one.
    pub async fn change_password(
        &self,
        owner: UserId,
        password_hash: &str,
        keep: SessionId,
        address: Option<IpAddr>,
    ) -> Result<(), Fault> {
        let mut transaction = self.begin(owner).await?;
        transaction.set_password(owner, password_hash).await?;
        transaction.end_sessions(owner, Some(keep), self.clock.now()).await?;
        transaction.audit(owner, Action::PasswordChanged, Some(owner.to_string()), address).await?;
        transaction.commit().await
    }

    /// Deletes an account with all that is the person's, for good, and leaves a job that clears the vector store of it.
    ///
    /// # Errors
    /// [`Conflict::LastAdmin`] when nobody would be left to let people in.
    pub async fn delete_account(&self, owner: UserId, address: Option<IpAddr>) -> Result<Deleted, Fault> {
        let mut transaction = self.begin(owner).await?;
        // Two admins that leave at once would each see the other.
        sqlx::query!(r#"SELECT pg_advisory_xact_lock(hashtext('recollect admins')) AS "locked: ()""#)
            .fetch_one(&mut transaction)
            .await
            .map_err(fault)?;
        let last = sqlx::query_scalar!(r#"SELECT is_last_admin() AS "last!""#)
            .fetch_one(&mut transaction)
            .await
            .map_err(fault)?;
        if last {
            return Err(Conflict::LastAdmin.into());
        }
        let counted = sqlx::query!(
            r#"SELECT (SELECT count(*) FROM conversations WHERE user_id = $1) AS "conversations!",
                      (SELECT count(*) FROM messages WHERE user_id = $1) AS "messages!",
                      (SELECT count(*) FROM sessions WHERE user_id = $1) AS "sessions!",
                      (SELECT count(*) FROM api_keys WHERE user_id = $1) AS "api_keys!",
                      (SELECT count(*) FROM invitations WHERE user_id = $1) AS "invitations!",
                      (SELECT count(*) FROM audit WHERE user_id = $1) AS "audit!""#,
            owner.as_uuid(),
        )
        .fetch_one(&mut transaction)
        .await
        .map_err(fault)?;
        let deleted = sqlx::query!("DELETE FROM conversations WHERE user_id = $1", owner.as_uuid())
            .execute(&mut transaction)
            .await
            .map_err(fault)?;
        sqlx::query!(
            "INSERT INTO jobs (user_id, kind, run_after, created_at) VALUES ($1, 'purge', $2, $2)",
            owner.as_uuid(),
            self.clock.now(),
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.audit(owner, Action::AccountDeleted, Some(owner.to_string()), address).await?;
        sqlx::query!("DELETE FROM users WHERE id = $1", owner.as_uuid())
            .execute(&mut transaction)
            .await
            .map_err(fault)?;
        transaction.commit().await?;
        Ok(Deleted {
            conversations: i64::try_from(deleted.rows_affected()).unwrap_or(counted.conversations),
            messages: counted.messages,
            sessions: counted.sessions,
            api_keys: counted.api_keys,
            invitations: counted.invitations,
            audit_kept: counted.audit + 1,
        })
    }
}

impl Transaction {
    pub(crate) async fn set_password(&mut self, person: UserId, hash: &str) -> Result<(), Fault> {
        sqlx::query!("UPDATE users SET password_hash = $2 WHERE id = $1", person.as_uuid(), hash)
            .execute(self)
            .await
            .map(drop)
            .map_err(fault)
    }

    /// Ends every session, but one that is to be kept.
    pub(crate) async fn end_sessions(
        &mut self,
        person: UserId,
        keep: Option<SessionId>,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        sqlx::query!(
            "UPDATE sessions SET revoked_at = $3 WHERE user_id = $1 AND id IS DISTINCT FROM $2 AND revoked_at IS NULL",
            person.as_uuid(),
            keep.map(SessionId::as_uuid),
            now,
        )
        .execute(self)
        .await
        .map(drop)
        .map_err(fault)
    }

    /// Ends every key.
    pub(crate) async fn end_api_keys(&mut self, person: UserId, now: DateTime<Utc>) -> Result<(), Fault> {
        sqlx::query!(
            "UPDATE api_keys SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL",
            person.as_uuid(),
            now
        )
        .execute(self)
        .await
        .map(drop)
        .map_err(fault)
    }
}

/// Adds a person to those who have an account.
pub(crate) async fn insert_account(
    transaction: &mut Transaction,
    id: UserId,
    role: Role,
    new: &Registration,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO users (id, email, password_hash, role, created_at) VALUES ($1, $2::text::citext, $3, $4, $5)",
        id.as_uuid(),
        new.email.as_str(),
        new.password_hash,
        role.as_str(),
        now,
    )
    .execute(transaction)
    .await
    .map(drop)
    .map_err(email_fault)
}

async fn read(transaction: &mut Transaction, owner: UserId) -> Result<Account, Fault> {
    sqlx::query_as!(
        AccountRow,
        r#"SELECT id, email::text AS email, role, instructions, settings->>'time_zone' AS time_zone, settings->>'language' AS language,
                  created_at
           FROM users WHERE id = $1"#,
        owner.as_uuid(),
    )
    .fetch_optional(&mut *transaction)
    .await
    .map_err(fault)?
    .ok_or(Fault::NotFound("account"))?
    .try_into()
}
