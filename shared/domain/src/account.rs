use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conversation::closed_set;
use crate::text::{not_blank, text, within};
use crate::{ApiKeyId, Fault, Instructions, InvitationId, Patch, SessionId, UserId, utf16_prefix};

closed_set! {
    /// What a person is in this portal.
    Role {
        /// Uses it.
        User = "user",
        /// Runs it: lets people in and helps them back in.
        Admin = "admin",
    }
}

closed_set! {
    /// What an API key is good for. None of them includes another.
    Scope {
        /// Read what is the person's.
        Read = "read",
        /// Change and say something in the person's name.
        Chat = "chat",
        /// What admins do, while the person is one.
        Admin = "admin",
    }
}

closed_set! {
    /// Who may make an account.
    SignUp {
        /// Whoever was invited.
        Closed = "closed",
        /// Everybody.
        Open = "open",
    }
}

text! {
    /// An e-mail address: at most 254 characters without white space, one `@` between two parts that are not empty. Addresses that
    /// differ in case only are the same one.
    Email
}

text! {
    /// What a person calls a key: one line of 1 to 100 UTF-16 code units.
    KeyName
}

text! {
    /// A time zone of the IANA database, as `Europe/Berlin`: its form is checked here, its existence where it is stored.
    TimeZone
}

text! {
    /// A language tag (BCP 47), as `de` or `pt-BR`.
    Language
}

text! {
    /// What a browser says that it is: the first 200 UTF-16 code units of it, without control characters.
    UserAgent
}

impl Email {
    /// Reads an address; white space around it is dropped.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it has not the form of one.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        let value = value.trim();
        let fits = value.len() <= 254 && !value.contains(|char: char| char.is_whitespace() || char.is_control());
        let parts = value.split_once('@').filter(|(name, host)| {
            let labels = || host.split('.');
            !name.is_empty() && name.len() <= 64 && !host.contains('@') && labels().all(|label| !label.is_empty())
        });
        if fits && parts.is_some() {
            Ok(Self(value.to_owned()))
        } else {
            Err(Fault::invalid(field, "must be an e-mail address such as ada@example.com"))
        }
    }
}

impl KeyName {
    /// Reads a name; white space around it is dropped.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it is blank, too long or has a control character.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        let value = value.trim();
        not_blank(field, value)?;
        within(field, value, 100)?;
        if value.chars().any(char::is_control) {
            return Err(Fault::invalid(field, "must be one line without control characters"));
        }
        Ok(Self(value.to_owned()))
    }
}

impl TimeZone {
    /// Reads a time zone's name.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it has not the form of one.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        let part = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
        };
        if value.len() <= 64 && value.split('/').all(part) {
            Ok(Self(value.to_owned()))
        } else {
            Err(Self::unknown(field))
        }
    }

    /// What to say of a name that no time zone has.
    pub fn unknown(field: &'static str) -> Fault {
        Fault::invalid(field, "must be a time zone of the IANA database, such as Europe/Berlin or UTC")
    }
}

impl Language {
    /// Reads a language tag.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it has not the form of one.
    pub fn parse(field: &'static str, value: &str) -> Result<Self, Fault> {
        let mut parts = value.split('-');
        let language = parts
            .next()
            .is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase()));
        let rest =
            parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if value.len() <= 35 && language && rest {
            Ok(Self(value.to_owned()))
        } else {
            Err(Fault::invalid(field, "must be a language tag such as `en` or `pt-BR`"))
        }
    }
}

impl UserAgent {
    /// What is kept of the header; nothing is refused.
    pub fn of(header: &str) -> Option<Self> {
        let printable: String = header.chars().filter(|char| !char.is_control()).collect();
        let kept = utf16_prefix(printable.trim(), 200);
        (!kept.is_empty()).then(|| Self(kept.to_owned()))
    }
}

/// A person's account, as they see it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Account {
    /// Names it.
    pub id: UserId,
    /// What the person signs in with.
    pub email: String,
    /// What they are in this portal.
    pub role: Role,
    /// What every answer is asked to heed.
    pub instructions: Option<String>,
    /// Where plain dates begin and end, as `Europe/Berlin`.
    pub time_zone: Option<String>,
    /// The language of the pages, as `de`.
    pub language: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What to change of an account.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AccountPatch {
    /// What every answer is asked to heed.
    pub instructions: Patch<Instructions>,
    /// A time zone's name.
    pub time_zone: Patch<TimeZone>,
    /// A language tag.
    pub language: Patch<Language>,
}

/// A browser that is signed in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Session {
    /// Names it.
    pub id: SessionId,
    /// What the browser says that it is.
    pub user_agent: Option<String>,
    /// When somebody signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the hour.
    pub last_used_at: DateTime<Utc>,
    /// When it ends, unless it is used before.
    pub expires_at: DateTime<Utc>,
}

/// A program's key, of which only the hash is kept.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct StoredApiKey {
    /// Names it.
    pub id: ApiKeyId,
    /// What the person calls it.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the hour.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it ends; absent means not by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An invitation that has not been taken.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Invitation {
    /// Names it.
    pub id: InvitationId,
    /// The only address that it lets in; absent lets in whoever has the link.
    pub email: Option<String>,
    /// What the person will be.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// What went with an account: how many of each.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Deleted {
    /// Conversations.
    pub conversations: i64,
    /// Messages in them.
    pub messages: i64,
    /// Sessions, those that had ended too.
    pub sessions: i64,
    /// API keys, those that were revoked too.
    pub api_keys: i64,
    /// Invitations that the person had made.
    pub invitations: i64,
    /// Lines of the audit that stay: ids, times and addresses, no text of the person.
    pub audit_kept: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_parts_and_no_space() {
        for value in ["ada@example.com", " ada@example.com ", "a+b@localhost", "ünal@exämple.com"] {
            assert_eq!(Email::parse("email", value).ok().map(String::from).as_deref(), Some(value.trim()));
        }
        let long = format!("{}@example.com", "x".repeat(65));
        for value in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a@b@c",
            "a b@c.com",
            "ada@example..com",
            "a@b\r\nBcc: c@d.e",
            "a\0@b.c",
            &long,
        ] {
            assert!(Email::parse("email", value).is_err(), "{value:?}");
        }
    }

    #[test]
    fn settings_have_the_form_of_what_they_name() {
        for value in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+1"] {
            assert!(TimeZone::parse("time_zone", value).is_ok(), "{value}");
        }
        for value in ["", "Europe/", "Mars'; DROP", "Europe Berlin"] {
            assert!(TimeZone::parse("time_zone", value).is_err(), "{value}");
        }
        for value in ["de", "pt-BR", "zh-Hant-TW"] {
            assert!(Language::parse("language", value).is_ok(), "{value}");
        }
        for value in ["", "German", "d", "de_DE", "de-"] {
            assert!(Language::parse("language", value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_user_agent_is_cut_and_cleaned() {
        let kept = UserAgent::of(&format!("Browser\r\n\u{1b}[31m{}", "x".repeat(300))).map(String::from);
        assert!(kept.is_some_and(|kept| kept.starts_with("Browser[31m") && kept.len() == 200));
        assert_eq!(UserAgent::of(" \t"), None);
    }
}
