use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{Email, Fault, INVITATION_LIFE, Invitation, InvitationId, Role, TokenHash, UserId};
use uuid::Uuid;

use crate::accounts::insert_account;
use crate::fault::fault;
use crate::reset_links::LINK_NOT_GOOD;
use crate::{Action, Store};

/// An invitation to be stored.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// What is kept of its token.
    pub token: TokenHash,
    /// The only address that it lets in; absent lets in whoever has the link.
    pub email: Option<Email>,
    /// What the person will be.
    pub role: Role,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct Registration {
    /// What the person signs in with.
    pub email: Email,
    /// What is kept of their password.
    pub password_hash: String,
    /// The invitation that they take; without one, everybody has to be let in.
    pub invitation: Option<TokenHash>,
}

struct InvitationRow {
    id: Uuid,
    email: Option<String>,
    role: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = Fault;

    fn try_from(row: InvitationRow) -> Result<Self, Fault> {
        let InvitationRow { id, email, role, created_at, expires_at } = row;
        Ok(Self { id: id.into(), email, role: role.parse().map_err(Fault::internal)?, created_at, expires_at })
    }
}

impl Store {
    /// Stores an invitation.
    pub async fn create_invitation(
        &self,
        owner: UserId,
        new: NewInvitation,
        address: Option<IpAddr>,
    ) -> Result<Invitation, Fault> {
        let (id, now) = (InvitationId::new(&self.clock), self.clock.now());
        let expires_at = now + INVITATION_LIFE;
        let mut transaction = self.begin(owner).await?;
        sqlx::query!(
            "INSERT INTO invitations (id, user_id, email, role, token_hash, created_at, expires_at) VALUES ($1, $2, $3::text::citext, $4, $5, $6, $7)",
            id.as_uuid(),
            owner.as_uuid(),
            new.email.as_ref().map(Email::as_str),
            new.role.as_str(),
            new.token.as_bytes(),
            now,
            expires_at,
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.audit(owner, Action::InvitationCreated, Some(id.to_string()), address).await?;
        transaction.commit().await?;
        Ok(Invitation { id, email: new.email.map(String::from), role: new.role, created_at: now, expires_at })
    }

    /// The invitations that can be taken, the newest first.
    pub async fn invitations(&self, owner: UserId) -> Result<Vec<Invitation>, Fault> {
        let mut transaction = self.begin(owner).await?;
        let rows = sqlx::query_as!(
            InvitationRow,
            r#"SELECT id, email::text AS email, role, created_at, expires_at FROM invitations
               WHERE user_id = $1 AND taken_at IS NULL AND revoked_at IS NULL AND expires_at > $2
               ORDER BY id DESC LIMIT 1000"#,
            owner.as_uuid(),
            self.clock.now(),
        )
        .fetch_all(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        rows.into_iter().map(Invitation::try_from).collect()
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when `owner` has no such invitation that can be taken.
    pub async fn revoke_invitation(
        &self,
        owner: UserId,
        id: InvitationId,
        address: Option<IpAddr>,
    ) -> Result<(), Fault> {
        let mut transaction = self.begin(owner).await?;
        let revoked = sqlx::query!(
            "UPDATE invitations SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND taken_at IS NULL",
            id.as_uuid(),
            owner.as_uuid(),
            self.clock.now(),
        )
        .execute(&mut transaction)
        .await
        .map_err(fault)?;
        if revoked.rows_affected() == 0 {
            return Err(Fault::NotFound("invitation"));
        }
        transaction.audit(owner, Action::InvitationRevoked, Some(id.to_string()), address).await?;
        transaction.commit().await
    }

    /// Makes an account. An invitation that is shown is taken by it, by exactly one.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] when the invitation is not good, or not for this address; [`domain::Conflict::EmailTaken`].
    pub async fn register(&self, new: Registration, address: Option<IpAddr>) -> Result<UserId, Fault> {
        let (id, now) = (UserId::new(&self.clock), self.clock.now());
        let mut transaction = self.begin(id).await?;
        let role = match new.invitation {
            None => Role::User,
            Some(token) => {
                let found = sqlx::query!(
                    r#"SELECT invitation_id AS "id!", user_id AS "user_id!", email::text, role AS "role!" FROM find_invitation($1, $2)"#,
                    token.as_bytes(),
                    now,
                )
                .fetch_optional(&mut transaction)
                .await
                .map_err(fault)?
                .ok_or(Fault::Forbidden(LINK_NOT_GOOD))?;
                let fits = found.email.is_none_or(|email| email.to_lowercase() == new.email.as_str().to_lowercase());
                if !fits {
                    return Err(Fault::Forbidden("This invitation is for another e-mail address"));
                }
                transaction.act_for(found.user_id.into()).await?;
                // The row is locked from here on: of two that take it at once, the second finds it taken.
                let claimed = sqlx::query!(
                    "UPDATE invitations SET taken_at = $3 WHERE id = $1 AND user_id = $2 AND taken_at IS NULL AND revoked_at IS NULL",
                    found.id,
                    found.user_id,
                    now,
                )
                .execute(&mut transaction)
                .await
                .map_err(fault)?;
                if claimed.rows_affected() == 0 {
                    return Err(Fault::Forbidden(LINK_NOT_GOOD));
                }
                transaction.act_for(id).await?;
                found.role.parse().map_err(Fault::internal)?
            }
        };
        insert_account(&mut transaction, id, role, &new, now).await?;
        transaction.audit(id, Action::Registered, Some(id.to_string()), address).await?;
        transaction.commit().await?;
        Ok(id)
    }
}
