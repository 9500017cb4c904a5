use domain::{Clock, SignUp};
use limits::{Limits, Rate};
use realtime::Announcer;
use runtime::Env;
use store::Store;

/// What a function may touch that takes secrets from whoever comes.
#[derive(Clone, Debug)]
pub struct Guarded {
    /// Where accounts are.
    pub store: Store,
    /// How often somebody has tried.
    pub limits: Limits,
    /// How often they may.
    pub rates: Rates,
}

/// What a function may touch that ends sessions or keys.
#[derive(Clone, Debug)]
pub struct Closing {
    /// Where accounts are.
    pub store: Store,
    /// Closes their sockets.
    pub announcer: Announcer,
}

/// Both.
#[derive(Clone, Debug)]
pub struct GuardedClosing {
    /// What takes secrets.
    pub guarded: Guarded,
    /// What ends sessions.
    pub announcer: Announcer,
}

/// How often somebody may try, as the operator set it.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Signing in to one account, from wherever.
    pub sign_in_per_account: Rate,
    /// Signing in from one address, to whatever account.
    pub sign_in_per_address: Rate,
    /// Making accounts from one address.
    pub registrations_per_address: Rate,
}

impl Guarded {
    pub(crate) async fn connect(env: &Env) -> anyhow::Result<Self> {
        let limits = Limits::new(&realtime::aws_config().await, env.required("RATE_LIMITS_TABLE")?, Clock::system());
        let rates = Rates {
            sign_in_per_account: env.parsed("SIGN_IN_PER_ACCOUNT")?,
            sign_in_per_address: env.parsed("SIGN_IN_PER_ADDRESS")?,
            registrations_per_address: env.parsed("REGISTRATIONS_PER_ADDRESS")?,
        };
        Ok(Self { store: connect(env).await?, limits, rates })
    }
}

impl Closing {
    pub(crate) async fn connect(env: &Env) -> anyhow::Result<Self> {
        Ok(Self { store: connect(env).await?, announcer: announcer(env).await? })
    }
}

impl GuardedClosing {
    pub(crate) async fn connect(env: &Env) -> anyhow::Result<Self> {
        Ok(Self { guarded: Guarded::connect(env).await?, announcer: announcer(env).await? })
    }
}

pub(crate) async fn connect(env: &Env) -> anyhow::Result<Store> {
    Ok(Store::connect(&env.secret("DATABASE_URL")?, Clock::system()).await?)
}

async fn announcer(env: &Env) -> anyhow::Result<Announcer> {
    let (table, endpoint) = (env.required("CONNECTIONS_TABLE")?, env.required("WS_MANAGEMENT_ENDPOINT")?);
    Ok(Announcer::new(&realtime::aws_config().await, table, &endpoint, Clock::system()))
}

/// Who may make an account.
pub(crate) fn sign_up(env: &Env) -> anyhow::Result<SignUp> {
    Ok(env.parsed("SIGN_UP")?)
}
