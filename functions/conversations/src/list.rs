//! `GET /api/conversations/`: a page of the caller's conversations.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::{ConversationCursor, ConversationFilter, ConversationItem, Fault, Page, SearchText, Status};
use serde::Deserialize;
use store::Store;
use utoipa::IntoParams;
use web::{Caller, IfNoneMatch, Query, Rejection, Tagged, page_limit, yes_or_no};

/// Builds the function from its environment.
pub async fn function(env: runtime::Env) -> anyhow::Result<Router> {
    let store = crate::connect(&env).await?;
    crate::serve(&env, store.clone(), routes(store))
}

/// The route alone.
pub fn routes(store: Store) -> Router {
    web::route(Router::new(), "/api/conversations", get(handler)).with_state(store)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Only these.
    #[param(value_type = Option<Status>)]
    status: Option<String>,
    /// Those put away instead of the others.
    #[param(value_type = Option<bool>)]
    archived: Option<String>,
    /// Words that the title must contain, whatever their case.
    #[param(max_length = 200)]
    q: Option<String>,
    /// How many, 30 unless told.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Parameters {
    fn filter(&self) -> Result<ConversationFilter, Fault> {
        let status = self.status.as_deref().map(str::parse::<Status>);
        Ok(ConversationFilter {
            status: status.transpose().map_err(|_| Fault::invalid("status", "must be `active` or `ended`"))?,
            archived: yes_or_no("archived", self.archived.as_deref())?,
            text: self.q.as_deref().map_or(Ok(None), |text| SearchText::parse("q", text))?,
        })
    }
}

/// List conversations
///
/// Pinned ones first, then the last changed.
#[utoipa::path(
    get,
    path = "/api/conversations/",
    operation_id = "listConversations",
    tag = "conversations",
    params(Parameters),
    responses((status = 200, body = Page<ConversationItem>, headers(("ETag" = String))), (status = 304, description = "It is the one you have")),
)]
pub(crate) async fn handler(
    State(store): State<Store>,
    caller: Caller,
    known: IfNoneMatch,
    Query(parameters): Query<Parameters>,
) -> Result<Tagged<Page<ConversationItem>>, Rejection> {
    let filter = parameters.filter()?;
    let after = parameters.cursor.as_deref().map(|cursor| ConversationCursor::parse("cursor", cursor)).transpose()?;
    let limit = page_limit(parameters.limit.as_deref())?;
    let page = store.conversations(caller.id, &filter, after, limit).await?;
    Ok(Tagged::new(page, known))
}
