//! `POST /api/conversations/`: start a conversation.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use domain::{Conversation, Fault, Instructions, ModelId, Title};
use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use store::NewConversation;
use utoipa::ToSchema;
use web::{Caller, Json, Rejection};

use crate::Deps;

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let deps = Deps::connect(&env).await?;
    crate::serve(&env, deps.store.clone(), routes(deps))
}

/// The route alone.
pub fn routes(deps: Deps) -> Router {
    web::route(Router::new(), "/api/conversations", post(handler)).with_state(deps)
}

/// What a conversation starts with; everything may be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewConversation)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// One line; without it the first prompt names the conversation.
    #[schema(max_length = 200)]
    title: Option<String>,
    /// As `openai/gpt-5-mini`; without it the portal's default answers.
    #[schema(max_length = 200)]
    model: Option<String>,
    /// What every answer is asked to heed.
    #[schema(max_length = 8000)]
    instructions: Option<String>,
}

impl TryFrom<Body> for NewConversation {
    type Error = Fault;

    fn try_from(body: Body) -> Result<Self, Fault> {
        Ok(Self {
            title: body.title.map(|title| Title::parse("title", &title)).transpose()?,
            model: body.model.map(|model| ModelId::parse("model", &model)).transpose()?,
            instructions: body.instructions.map(|text| Instructions::parse("instructions", &text)).transpose()?,
        })
    }
}

/// Start a conversation
#[utoipa::path(
    post,
    path = "/api/conversations/",
    operation_id = "createConversation",
    tag = "conversations",
    request_body = Body,
    responses((status = 201, body = Conversation, headers(("Location" = String, description = "The conversation's path")))),
)]
pub(crate) async fn handler(
    State(deps): State<Deps>,
    caller: Caller,
    Json(body): Json<Body>,
) -> Result<(StatusCode, [(http::HeaderName, String); 1], Json<Conversation>), Rejection> {
    let conversation = deps.store.create_conversation(caller.id, body.try_into()?).await?;
    deps.announcer.conversation_changed(caller.id, &conversation).await;
    let location = format!("/api/conversations/{}/", conversation.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(conversation)))
}
