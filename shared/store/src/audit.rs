use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::{Fault, UserId};

use crate::Store;
use crate::fault::fault;
use crate::transaction::Transaction;

/// What somebody did that is written down: metadata alone, never a text of theirs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// Made the first account.
    SetUp,
    /// Made an account.
    Registered,
    /// Signed in.
    SignedIn,
    /// Was not let in: the password was wrong.
    SignInFailed,
    /// Signed out in one browser.
    SignedOut,
    /// Signed out everywhere.
    SignedOutEverywhere,
    /// Signed out another browser.
    SessionRevoked,
    /// Changed the account's settings.
    AccountChanged,
    /// Chose another password.
    PasswordChanged,
    /// Set a new password with a link.
    PasswordReset,
    /// Deleted the account.
    AccountDeleted,
    /// Made an API key.
    ApiKeyCreated,
    /// Revoked an API key.
    ApiKeyRevoked,
    /// Invited somebody.
    InvitationCreated,
    /// Took an invitation back.
    InvitationRevoked,
    /// Made a link that sets somebody's password.
    ResetLinkCreated,
}

/// A line of the audit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditLine {
    /// What was done, as it is stored.
    pub action: String,
    /// What it was done to: its kind and its id.
    pub object: Option<(String, String)>,
    /// From where.
    pub address: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl Action {
    /// The action as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "portal.set_up",
            Self::Registered => "account.registered",
            Self::SignedIn => "session.signed_in",
            Self::SignInFailed => "session.sign_in_failed",
            Self::SignedOut => "session.signed_out",
            Self::SignedOutEverywhere => "session.signed_out_everywhere",
            Self::SessionRevoked => "session.revoked",
            Self::AccountChanged => "account.changed",
            Self::PasswordChanged => "account.password_changed",
            Self::PasswordReset => "account.password_reset",
            Self::AccountDeleted => "account.deleted",
            Self::ApiKeyCreated => "api_key.created",
            Self::ApiKeyRevoked => "api_key.revoked",
            Self::InvitationCreated => "invitation.created",
            Self::InvitationRevoked => "invitation.revoked",
            Self::ResetLinkCreated => "reset_link.created",
        }
    }

    /// The kind of what it is done to: what stands before the dot.
    fn kind(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }
}

impl Store {
    /// Writes down what changed nothing in the database.
    pub async fn audit(&self, who: UserId, action: Action, address: Option<IpAddr>) -> Result<(), Fault> {
        let mut transaction = self.begin(who).await?;
        transaction.audit(who, action, None, address).await?;
        transaction.commit().await
    }

    /// What a person did, the last first.
    pub async fn audit_of(&self, owner: UserId) -> Result<Vec<AuditLine>, Fault> {
        let mut transaction = self.begin(owner).await?;
        let rows = sqlx::query!(
            "SELECT action, object_kind, object_id, host(address) AS address, created_at FROM audit WHERE user_id = $1
             ORDER BY created_at DESC, id DESC LIMIT 1000",
            owner.as_uuid(),
        )
        .fetch_all(&mut transaction)
        .await
        .map_err(fault)?;
        transaction.commit().await?;
        let line = |row: _| {
            let row: (String, Option<String>, Option<String>, Option<String>, DateTime<Utc>) = row;
            AuditLine { action: row.0, object: row.1.zip(row.2), address: row.3, created_at: row.4 }
        };
        Ok(rows
            .into_iter()
            .map(|row| line((row.action, row.object_kind, row.object_id, row.address, row.created_at)))
            .collect())
    }
}

impl Transaction {
    /// Writes down what this transaction does, so that one is not without the other.
    pub(crate) async fn audit(
        &mut self,
        who: UserId,
        action: Action,
        object: Option<String>,
        address: Option<IpAddr>,
    ) -> Result<(), Fault> {
        let kind = object.as_ref().map(|_| action.kind());
        sqlx::query!(
            "INSERT INTO audit (user_id, action, object_kind, object_id, address) VALUES ($1, $2, $3, $4, $5::text::inet)",
            who.as_uuid(),
            action.as_str(),
            kind,
            object,
            address.map(|address| address.to_string()),
        )
        .execute(self)
        .await
        .map(drop)
        .map_err(fault)
    }
}
