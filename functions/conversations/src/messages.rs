//! `GET /api/conversations/{conversation_id}/messages/`: page through the messages of a conversation.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::{ConversationId, Fault, Message, MessageId, Page};
use serde::Deserialize;
use store::{HistoryRange, Store};
use utoipa::IntoParams;
use web::{Caller, IfNoneMatch, Path, Query, Rejection, Tagged, page_limit};

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let store = crate::connect(&env).await?;
    crate::serve(&env, store.clone(), routes(store))
}

/// The route alone.
pub fn routes(store: Store) -> Router {
    web::route(Router::new(), "/api/conversations/{conversation_id}/messages", get(handler)).with_state(store)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Only messages before this one, the newest of them.
    #[param(value_type = Option<MessageId>)]
    before: Option<String>,
    /// Only messages after this one, the oldest of them.
    #[param(value_type = Option<MessageId>)]
    after: Option<String>,
    /// How many, 30 unless told.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

impl Parameters {
    fn range(&self) -> Result<HistoryRange, Fault> {
        match (&self.before, &self.after) {
            (None, None) => Ok(HistoryRange::Newest),
            (Some(before), None) => MessageId::parse("before", before).map(HistoryRange::Before),
            (None, Some(after)) => MessageId::parse("after", after).map(HistoryRange::After),
            (Some(_), Some(_)) => Err(Fault::invalid("after", "must not be given together with `before`")),
        }
    }
}

/// Page through messages
///
/// Those of the branch that is shown, oldest first. `next_cursor` goes on in the direction that was asked: it is the next `before`,
/// or the next `after`.
#[utoipa::path(
    get,
    path = "/api/conversations/{conversation_id}/messages/",
    operation_id = "listMessages",
    tag = "conversations",
    params(("conversation_id" = ConversationId, Path), Parameters),
    responses((status = 200, body = Page<Message>, headers(("ETag" = String))), (status = 304, description = "It is the one you have")),
)]
pub(crate) async fn handler(
    State(store): State<Store>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    known: IfNoneMatch,
    Query(parameters): Query<Parameters>,
) -> Result<Tagged<Page<Message>>, Rejection> {
    let range = parameters.range()?;
    let limit = page_limit(parameters.limit.as_deref())?;
    let (_, page) = store.history(caller.id, id, range, limit).await?;
    Ok(Tagged::new(page.into(), known))
}
