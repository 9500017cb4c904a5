use std::convert::Infallible;

use axum::extract::FromRequestParts;
use domain::{CredentialId, Fault, Identity, Role, Scope, SessionId, UserId};
use http::request::Parts;

use crate::{Access, Rejection};

/// The person who asks. Having it in a handler's signature is the access rule: without a person the handler does not run.
///
/// A key has to be good for it: for reading where the method only reads, for chatting where it changes something.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// Who it is.
    pub id: UserId,
    /// What they showed.
    pub credential: CredentialId,
}

/// A person in a browser, with a session: what concerns the account itself is not for keys.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn {
    /// Who it is.
    pub id: UserId,
    /// Which of their browsers.
    pub session: SessionId,
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

async fn identity(parts: &Parts) -> Result<Identity, Fault> {
    // `app` puts it there: routes that are served without it let nobody in.
    let access = parts.extensions.get::<Access>().ok_or_else(|| Fault::internal("routes are served through `app`"))?;
    access.identify(&parts.headers).await
}

const NOT_IN_SCOPE: Fault = Fault::Forbidden("This API key is not good for that");

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        let identity = identity(parts).await?;
        let scope = if parts.method.is_safe() { Scope::Read } else { Scope::Chat };
        if !identity.may(scope) {
            return Err(NOT_IN_SCOPE.into());
        }
        Ok(Self { id: identity.user_id, credential: identity.credential })
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        let identity = identity(parts).await?;
        match identity.credential {
            CredentialId::Session(session) => Ok(Self { id: identity.user_id, session }),
            CredentialId::ApiKey(_) => {
                Err(Fault::Forbidden("This is done in a browser that is signed in, and not with an API key").into())
            }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        let identity = identity(parts).await?;
        if identity.role != Role::Admin {
            return Err(Fault::Forbidden("Only an admin of this portal may do that").into());
        }
        if !identity.may(Scope::Admin) {
            return Err(NOT_IN_SCOPE.into());
        }
        Ok(Self { id: identity.user_id })
    }
}

impl<S: Sync> FromRequestParts<S> for Anyone {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}
