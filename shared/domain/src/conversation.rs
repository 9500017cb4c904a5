use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ConversationId, Instructions, MessageId, ModelId, Patch, SearchText, Title};

macro_rules! closed_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// The value as it is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                match value {
                    $($text => Ok(Self::$variant),)+
                    other => Err(format!("{other:?} is not one of: {}", [$($text),+].join(", "))),
                }
            }
        }
    };
}
pub(crate) use closed_set;

closed_set! {
    /// What a conversation is for.
    Kind {
        /// Talking with a model.
        Chat = "chat",
        /// A question about past conversations, with its answer.
        Ask = "ask",
    }
}

closed_set! {
    /// Whether a conversation takes more messages.
    Status {
        /// It does.
        Active = "active",
        /// It was ended; it is summarised and found by meaning.
        Ended = "ended",
    }
}

closed_set! {
    /// Who chose the title; a person's own is never overwritten.
    TitleBy {
        /// The person.
        User = "user",
        /// A model, or the first words of the first prompt.
        Model = "model",
    }
}

closed_set! {
    /// How far the summary of an ended conversation is.
    SummaryStatus {
        /// Not asked for.
        None = "none",
        /// Asked for, not made yet.
        Pending = "pending",
        /// Made.
        Ready = "ready",
        /// Could not be made.
        Failed = "failed",
    }
}

closed_set! {
    /// The mood of an ended conversation, where a model judged it.
    Sentiment {
        /// Mostly pleased.
        Positive = "positive",
        /// Neither.
        Neutral = "neutral",
        /// Mostly displeased.
        Negative = "negative",
        /// Both, in parts.
        Mixed = "mixed",
    }
}

/// A conversation as its owner sees it, without its messages.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct Conversation {
    /// Sorts by the time it was created.
    pub id: ConversationId,
    /// What it is for.
    pub kind: Kind,
    /// Absent until the first prompt, unless the person gave one.
    pub title: Option<String>,
    /// Who chose the title.
    pub title_by: TitleBy,
    /// Whether it takes more messages.
    pub status: Status,
    /// What it was about, once ended and summarised.
    pub summary: Option<String>,
    /// How far the summary is.
    pub summary_status: SummaryStatus,
    /// What it was about, in a few words each.
    pub topics: Vec<String>,
    /// Its mood, where a model judged it.
    pub sentiment: Option<Sentiment>,
    /// The model that answers here; absent means the portal's default.
    pub model: Option<String>,
    /// What every answer is asked to heed.
    pub instructions: Option<String>,
    /// The message at the end of the branch that is shown.
    pub leaf_id: Option<MessageId>,
    /// When the first prompt was sent.
    pub start_timestamp: Option<DateTime<Utc>>,
    /// When it was ended.
    pub end_timestamp: Option<DateTime<Utc>>,
    /// When it was put away, if it was.
    pub archived_at: Option<DateTime<Utc>>,
    /// When it was pinned to the top of lists, if it was.
    pub pinned_at: Option<DateTime<Utc>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed or got a message.
    pub updated_at: DateTime<Utc>,
    /// Counts the changes of its own fields; `If-Match` names it.
    pub version: i64,
}

/// A conversation as a line of a list: no instructions, no messages.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct ConversationItem {
    /// The conversation.
    pub id: ConversationId,
    /// What it is for.
    pub kind: Kind,
    /// Absent until the first prompt, unless the person gave one.
    pub title: Option<String>,
    /// Whether it takes more messages.
    pub status: Status,
    /// What it was about, once ended and summarised.
    pub summary: Option<String>,
    /// How far the summary is.
    pub summary_status: SummaryStatus,
    /// What it was about, in a few words each.
    pub topics: Vec<String>,
    /// The model that answers here; absent means the portal's default.
    pub model: Option<String>,
    /// When it was put away, if it was.
    pub archived_at: Option<DateTime<Utc>>,
    /// When it was pinned, if it was.
    pub pinned_at: Option<DateTime<Utc>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed or got a message.
    pub updated_at: DateTime<Utc>,
    /// Counts the changes of its own fields.
    pub version: i64,
}

/// Which conversations a list shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConversationFilter {
    /// Only these; all when absent.
    pub status: Option<Status>,
    /// Whether to show those put away instead of the others.
    pub archived: bool,
    /// Words that the title must contain, whatever their case.
    pub text: Option<SearchText>,
}

/// A partial update of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConversationPatch {
    /// A new title; clearing it gives the choice back to the model.
    pub title: Patch<Title>,
    /// Another model; clearing it means the portal's default.
    pub model: Patch<ModelId>,
    /// Other instructions.
    pub instructions: Patch<Instructions>,
    /// The end of another branch to show.
    pub leaf_id: Option<MessageId>,
    /// Put away, or taken back.
    pub archived: Option<bool>,
    /// Pinned, or unpinned.
    pub pinned: Option<bool>,
}
