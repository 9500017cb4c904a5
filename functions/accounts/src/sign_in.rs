use auth::{SessionCookie, Token, TokenKind};
use axum::response::{IntoResponse, Response};
use domain::{Account, Email, Fault, UserId};
use http::header::SET_COOKIE;
use http::{HeaderValue, StatusCode};
use limits::Subject;
use store::Store;
use web::{Json, Viewer};

use crate::Guarded;

impl Guarded {
    /// Counts an attempt to get into an account. Nobody is let in while nobody can count.
    pub(crate) async fn count_attempt(&self, email: &Email, viewer: &Viewer) -> Result<(), Fault> {
        self.count_guess(viewer).await?;
        self.limits.take("sign_in", &Subject::account(email), self.rates.sign_in_per_account).await
    }

    /// Counts an attempt to guess a link's secret.
    pub(crate) async fn count_guess(&self, viewer: &Viewer) -> Result<(), Fault> {
        self.limits.take("sign_in", &Subject::address(viewer.address), self.rates.sign_in_per_address).await
    }
}

/// Signs a browser in: the account, and the cookie beside it.
pub(crate) async fn sign_in(
    store: &Store,
    owner: UserId,
    viewer: &Viewer,
    cookie: &SessionCookie,
    status: StatusCode,
) -> Result<Response, Fault> {
    let token = Token::generate(TokenKind::Session)?;
    store.create_session(owner, token.hash(), viewer.user_agent.as_ref(), Some(viewer.address)).await?;
    let account: Account = store.account(owner).await?;
    let mut cookie = HeaderValue::try_from(cookie.set(&token)).map_err(Fault::internal)?;
    cookie.set_sensitive(true);
    Ok((status, [(SET_COOKIE, cookie)], Json(account)).into_response())
}

/// Says that something is done, and takes the cookie away.
pub(crate) fn signed_out(cookie: &SessionCookie) -> Result<[(http::HeaderName, HeaderValue); 1], Fault> {
    Ok([(SET_COOKIE, HeaderValue::try_from(cookie.clear()).map_err(Fault::internal)?)])
}
