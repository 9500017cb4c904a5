use std::net::IpAddr;

use auth::SessionCookie;
use axum::extract::FromRequestParts;
use domain::{Fault, UserAgent};
use http::HeaderName;
use http::header::USER_AGENT;
use http::request::Parts;

use crate::{Access, Rejection};

const VIEWER_ADDRESS: HeaderName = HeaderName::from_static("x-viewer-address");

/// Where a request comes from, as the front door says.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The address on the network.
    pub address: IpAddr,
    /// What the browser says that it is.
    pub user_agent: Option<UserAgent>,
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        let text = |name: &HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let address = text(&VIEWER_ADDRESS).and_then(|address| address.parse().ok());
        let address = address.ok_or_else(|| Fault::internal("the front door did not say the viewer's address"))?;
        Ok(Self { address, user_agent: text(&USER_AGENT).and_then(UserAgent::of) })
    }
}

/// The cookie of the origin that the viewer sees.
#[derive(Clone, Debug)]
pub struct Cookie(pub SessionCookie);

impl<S: Sync> FromRequestParts<S> for Cookie {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        Ok(Self(Access::cookie(&parts.headers)?))
    }
}
