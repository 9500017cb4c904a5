use std::net::IpAddr;

use domain::{Email, Fault, Role, TokenHash, UserId};

use crate::connection::ask;
use crate::fault::{email_fault, fault};
use crate::reset_links::LINK_NOT_GOOD;
use crate::{Action, Store};

impl Store {
    /// Whether anybody has an account.
    pub async fn accounts_exist(&self) -> Result<bool, Fault> {
        ask!(self, nobody => sqlx::query_scalar!(r#"SELECT accounts_exist() AS "exist!""#).fetch_one(nobody))
    }

    /// Makes the code that the first account needs, in place of those made before; `false` when there is an account, and none is
    /// made.
    pub async fn create_setup_code(&self, token: TokenHash) -> Result<bool, Fault> {
        if self.accounts_exist().await? {
            return Ok(false);
        }
        let (owner, now) = (UserId::BUILT_IN, self.clock.now());
        let mut transaction = self.begin(owner).await?;
        // The last person may have deleted their account.
        sqlx::query!(
            "INSERT INTO users (id, role, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            owner.as_uuid(),
            Role::Admin.as_str(),
            now
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        sqlx::query!(
            "UPDATE setup_codes SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL",
            owner.as_uuid(),
            now
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        sqlx::query!(
            "INSERT INTO setup_codes (id, user_id, token_hash, created_at) VALUES ($1, $2, $3, $4)",
            self.clock.new_id(),
            owner.as_uuid(),
            token.as_bytes(),
            now,
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Makes the first account, an admin's, with a code; what the built-in person has becomes theirs. Of any number at once exactly one
    /// succeeds.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] when the code is not good, or there is an account.
    pub async fn set_up(
        &self,
        token: TokenHash,
        email: &Email,
        password_hash: &str,
        address: Option<IpAddr>,
    ) -> Result<UserId, Fault> {
        let (owner, now) = (UserId::BUILT_IN, self.clock.now());
        if self.accounts_exist().await? {
            return Err(Fault::Forbidden(LINK_NOT_GOOD));
        }
        let mut transaction = self.begin(owner).await?;
        let used = sqlx::query!(
            "UPDATE setup_codes SET used_at = $3 WHERE token_hash = $1 AND user_id = $2 AND used_at IS NULL",
            token.as_bytes(),
            owner.as_uuid(),
            now,
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        // Whoever comes second waits for the row, and then finds an address in it.
        let made = sqlx::query!(
            "UPDATE users SET email = $2::text::citext, password_hash = $3 WHERE id = $1 AND email IS NULL AND role = 'admin'",
            owner.as_uuid(),
            email.as_str(),
            password_hash,
        )
        .execute(&mut transaction)
        .await
        .map_err(email_fault)?;
        if used.rows_affected() == 0 || made.rows_affected() == 0 {
            return Err(Fault::Forbidden(LINK_NOT_GOOD));
        }
        transaction.audit(owner, Action::SetUp, Some(owner.to_string()), address).await?;
        transaction.commit().await?;
        Ok(owner)
    }
}
