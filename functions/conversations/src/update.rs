//! `PATCH /api/conversations/{conversation_id}/`: change some fields of a conversation.

use axum::Router;
use axum::extract::State;
use axum::routing::patch;
use domain::{Conversation, ConversationId, ConversationPatch, Fault, Instructions, MessageId, ModelId, Patch, Title};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Caller, IfMatch, Json, Path, Rejection};

use crate::Deps;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    crate::serve(&env, routes(Deps::connect(&env).await?))
}

/// The route alone.
pub fn routes(deps: Deps) -> Router {
    web::route(Router::new(), "/api/conversations/{conversation_id}", patch(handler)).with_state(deps)
}

/// What is to change; what is left out stays, what is `null` is cleared.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ConversationChanges)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// One line; `null` gives the choice back to the model.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    title: Patch<String>,
    /// As `openai/gpt-5-mini`; `null` means the portal's default.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    model: Patch<String>,
    /// What every answer is asked to heed.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 8000)]
    instructions: Patch<String>,
    /// Another branch to show: the newest one that this message is on.
    #[schema(value_type = Option<MessageId>, nullable = false)]
    leaf_id: Option<MessageId>,
    /// Put away, or taken back.
    #[schema(nullable = false)]
    archived: Option<bool>,
    /// Pinned to the top of lists, or unpinned.
    #[schema(nullable = false)]
    pinned: Option<bool>,
}

impl TryFrom<Body> for ConversationPatch {
    type Error = Fault;

    fn try_from(body: Body) -> Result<Self, Fault> {
        Ok(Self {
            title: body.title.try_map(|title| Title::parse("title", &title))?,
            model: body.model.try_map(|model| ModelId::parse("model", &model))?,
            instructions: body.instructions.try_map(|text| Instructions::parse("instructions", &text))?,
            leaf_id: body.leaf_id,
            archived: body.archived,
            pinned: body.pinned,
        })
    }
}

/// Change a conversation
///
/// With `If-Match` only if it still has that version.
#[utoipa::path(
    patch,
    path = "/api/conversations/{conversation_id}/",
    operation_id = "updateConversation",
    tag = "conversations",
    params(("conversation_id" = ConversationId, Path), ("If-Match" = Option<String>, Header, description = "The version, as `\"3\"`, or the `ETag`")),
    request_body = Body,
    responses((status = 200, body = Conversation), (status = 412, description = "It was changed since", body = domain::Problem)),
)]
pub(crate) async fn handler(
    State(deps): State<Deps>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    IfMatch(version): IfMatch,
    Json(body): Json<Body>,
) -> Result<Json<Conversation>, Rejection> {
    let conversation = deps.store.update_conversation(caller.id, id, &body.try_into()?, version).await?;
    deps.announcer.conversation_changed(caller.id, &conversation).await;
    Ok(Json(conversation))
}
