use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{Email, Fault, RESET_LINK_LIFE, TokenHash, UserId};

use crate::connection::ask;
use crate::fault::fault;
use crate::transaction::Transaction;
use crate::{Action, Store};

/// What is said of every link that does not work: which of the reasons it was is not told.
pub(crate) const LINK_NOT_GOOD: &str =
    "This link does not work: it was used or taken back, it has expired, or it was not copied as a whole";

impl Store {
    /// Makes a link that sets the password of whoever has this address, in an admin's name. Links made before are void.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when nobody has it, or `admin` is none.
    pub async fn create_reset_link(
        &self,
        admin: UserId,
        email: &Email,
        token: TokenHash,
        address: Option<IpAddr>,
    ) -> Result<DateTime<Utc>, Fault> {
        let mut transaction = self.begin(admin).await?;
        let person = sqlx::query_scalar!("SELECT find_person($1::text::citext)", email.as_str())
            .fetch_one(&mut transaction)
            .await
            .map_err(fault)?
            .ok_or(Fault::NotFound("account"))?;
        transaction.audit(admin, Action::ResetLinkCreated, Some(person.to_string()), address).await?;
        let expires_at = self.insert_reset_link(&mut transaction, person.into(), token).await?;
        transaction.commit().await?;
        Ok(expires_at)
    }

    /// The same in the operator's name, who has the database.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when nobody has this address.
    pub async fn create_reset_link_as_operator(&self, email: &Email, token: TokenHash) -> Result<DateTime<Utc>, Fault> {
        let person = self.password_of(email).await?.ok_or(Fault::NotFound("account"))?.user_id;
        let mut transaction = self.begin(person).await?;
        transaction.audit(person, Action::ResetLinkCreated, Some(person.to_string()), None).await?;
        let expires_at = self.insert_reset_link(&mut transaction, person, token).await?;
        transaction.commit().await?;
        Ok(expires_at)
    }

    /// The address whose password a link sets.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] when the link is not good.
    pub async fn address_of_reset_link(&self, token: TokenHash) -> Result<String, Fault> {
        let now = self.clock.now();
        let found = ask!(self, nobody => sqlx::query_scalar!("SELECT email::text FROM find_reset_link($1, $2)", token.as_bytes(), now).fetch_optional(nobody))?;
        found.flatten().ok_or(Fault::Forbidden(LINK_NOT_GOOD))
    }

    /// Sets a password with a link, once, and signs everything out: keys too, because whoever knew the old password may have made one.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] when the link is not good.
    pub async fn reset_password(
        &self,
        token: TokenHash,
        password_hash: &str,
        address: Option<IpAddr>,
    ) -> Result<UserId, Fault> {
        let now = self.clock.now();
        let found = ask!(self, nobody => sqlx::query!(
                    r#"SELECT reset_link_id AS "id!", user_id AS "user_id!" FROM find_reset_link($1, $2)"#,
                    token.as_bytes(),
                    now
                ).fetch_optional(nobody))?
        .ok_or(Fault::Forbidden(LINK_NOT_GOOD))?;
        let person = UserId::from(found.user_id);
        let mut transaction = self.begin(person).await?;
        let used = sqlx::query!(
            "UPDATE reset_links SET used_at = $3 WHERE id = $1 AND user_id = $2 AND used_at IS NULL AND expires_at > $3",
            found.id,
            found.user_id,
            now,
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        if used.rows_affected() == 0 {
            return Err(Fault::Forbidden(LINK_NOT_GOOD));
        }
        transaction.set_password(person, password_hash).await?;
        transaction.end_sessions(person, None, now).await?;
        transaction.end_api_keys(person, now).await?;
        transaction.audit(person, Action::PasswordReset, Some(person.to_string()), address).await?;
        transaction.commit().await?;
        Ok(person)
    }

    async fn insert_reset_link(
        &self,
        transaction: &mut Transaction,
        person: UserId,
        token: TokenHash,
    ) -> Result<DateTime<Utc>, Fault> {
        let now = self.clock.now();
        let expires_at = now + RESET_LINK_LIFE;
        transaction.act_for(person).await?;
        sqlx::query!(
            "UPDATE reset_links SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL",
            person.as_uuid(),
            now
        )
        .execute(&mut *transaction)
        .await
        .map_err(fault)?;
        sqlx::query!(
            "INSERT INTO reset_links (id, user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
            self.clock.new_id(),
            person.as_uuid(),
            token.as_bytes(),
            now,
            expires_at,
        )
        .execute(&mut *transaction)
        .await
        .map_err(fault)?;
        Ok(expires_at)
    }
}
