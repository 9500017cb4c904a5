use std::convert::Infallible;

use axum::extract::FromRequestParts;
use domain::UserId;
use http::request::Parts;

use crate::Rejection;

/// The person who asks. Having it in a handler's signature is the access rule: without a person the handler does not run.
///
/// Until there are accounts, everybody is the built-in person.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// Who it is.
    pub id: UserId,
}

/// A person who runs the portal.
#[derive(Clone, Copy, Debug)]
pub struct Admin {
    /// Who it is.
    pub id: UserId,
}

/// Says in a handler's signature that it is for everybody, known or not.
#[derive(Clone, Copy, Debug)]
pub struct Anyone;

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Rejection;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Rejection> {
        Ok(Self { id: UserId::BUILT_IN })
    }
}

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let caller = Caller::from_request_parts(parts, state).await?;
        Ok(Self { id: caller.id })
    }
}

impl<S: Sync> FromRequestParts<S> for Anyone {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}
