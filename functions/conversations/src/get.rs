//! `GET /api/conversations/{conversation_id}/`: a conversation with its newest messages.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::{Conversation, ConversationId, ConversationUsage, Message, Page};
use serde::Serialize;
use store::{HistoryRange, Store};
use utoipa::ToSchema;
use web::{Caller, IfNoneMatch, Path, Rejection, Tagged};

/// How many messages come with a conversation.
const NEWEST: u16 = 50;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let store = crate::connect(&env).await?;
    crate::serve(&env, store.clone(), routes(store))
}

/// The route alone.
pub fn routes(store: Store) -> Router {
    web::route(Router::new(), "/api/conversations/{conversation_id}", get(handler)).with_state(store)
}

/// A conversation and the newest messages of its shown branch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConversationWithMessages {
    #[serde(flatten)]
    conversation: Conversation,
    /// What its answers used so far.
    usage: ConversationUsage,
    /// Oldest first; `next_cursor` is the `before` of the messages that come before them.
    messages: Page<Message>,
}

/// Read a conversation
///
/// With the newest 50 messages of the branch that is shown.
#[utoipa::path(
    get,
    path = "/api/conversations/{conversation_id}/",
    operation_id = "getConversation",
    tag = "conversations",
    params(("conversation_id" = ConversationId, Path)),
    responses(
        (status = 200, body = ConversationWithMessages, headers(("ETag" = String, description = "Begins with the version: fit for `If-Match`"))),
        (status = 304, description = "It is the one you have"),
    ),
)]
pub(crate) async fn handler(
    State(store): State<Store>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    known: IfNoneMatch,
) -> Result<Tagged<ConversationWithMessages>, Rejection> {
    let (conversation, messages) = store.history(caller.id, id, HistoryRange::Newest, NEWEST).await?;
    let usage = store.conversation_usage(caller.id, id).await?;
    let version = conversation.version;
    Ok(Tagged::versioned(ConversationWithMessages { conversation, usage, messages: messages.into() }, version, known))
}
