use std::time::Duration;

use domain::{Clock, Fault, UserId};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{AssertSqlSafe, Connection as _};

use crate::fault::{ended, fault};
use crate::transaction::{Nobody, Transaction};

/// A sandbox serves one request at a time; the second connection lets a long read and a checkpoint overlap.
pub(crate) const CONNECTIONS: u32 = 2;

/// A connection that lay idle for longer may have been ended by the server while the sandbox was frozen.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);

/// Asks one question in nobody's name, in one round trip where there is no pooler; again where it met a connection that had been ended while it was idle. (A
/// function that takes an asynchronous closure is not `Send` for every lifetime, as of Rust 1.95.)
macro_rules! ask {
    ($store:expr, $nobody:ident => $question:expr) => {{
        let mut suspects = crate::connection::CONNECTIONS;
        loop {
            let asked = async {
                let mut connection = $store.nobody().await?;
                let $nobody = &mut connection;
                let answer = $question.await?;
                connection.end().await?;
                Ok(answer)
            };
            match asked.await {
                Err(error) if suspects > 0 && crate::fault::ended(&error) => suspects -= 1,
                result => break result.map_err(crate::fault::fault),
            }
        }
    }};
}
pub(crate) use ask;

/// The database, as the functions use it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
    named_statements: bool,
    pub(crate) clock: Clock,
}

impl Store {
    /// Prepares the pool and opens its first connection. A database that does not answer is no error here: a function has to
    /// start in order to say so.
    ///
    /// # Errors
    /// [`Fault::Internal`] when `url` is not a Postgres URL.
    pub async fn connect(url: &SecretString, clock: Clock) -> Result<Self, Fault> {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire(false)
            .before_acquire(|connection, known| {
                Box::pin(async move {
                    if known.idle_for > TRUSTED_IDLE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options(url)?);
        if let Err(error) = pool.acquire().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the database does not answer yet");
        }
        Ok(Self { pool, named_statements: named_statements(url)?, clock })
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when there is none.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.on_a_living_connection(|| async { self.pool.acquire().await?.ping().await }).await
    }

    /// Opens a transaction that acts for `owner`, in one round trip.
    pub(crate) async fn begin(&self, owner: UserId) -> Result<Transaction, Fault> {
        let transaction = self
            .on_a_living_connection(|| {
                // A UUID that was parsed: nothing of a request's text is in the statement.
                self.pool.begin_with(AssertSqlSafe(format!("BEGIN; SET LOCAL app.user_id = '{owner}'")))
            })
            .await?;
        Ok(Transaction::new(transaction, self.named_statements))
    }

    /// A connection that acts for nobody, for one statement.
    pub(crate) async fn nobody(&self) -> Result<Nobody, sqlx::Error> {
        Nobody::of(&self.pool, self.named_statements).await
    }

    /// Does what may be done twice, again where it met a connection that had been ended while it was idle: every one of the pool
    /// may have been.
    async fn on_a_living_connection<T, F>(&self, mut attempt: impl FnMut() -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        let mut suspects = CONNECTIONS;
        loop {
            match attempt().await {
                Err(error) if suspects > 0 && ended(&error) => suspects -= 1,
                result => return result.map_err(fault),
            }
        }
    }
}

/// Reads a URL; a server that is not on this machine must show a certificate that holds for its name.
pub(crate) fn options(url: &SecretString) -> Result<PgConnectOptions, Fault> {
    // The driver reads any scheme.
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.expose_secret().starts_with(scheme)) {
        return Err(Fault::internal("the database's URL must begin with postgres:// or postgresql://"));
    }
    let options: PgConnectOptions = url.expose_secret().parse().map_err(Fault::internal)?;
    let local = options.get_socket().is_some() || matches!(options.get_host(), "127.0.0.1" | "::1" | "localhost");
    // Poolers refuse start-up parameters that they do not know.
    let options = options.extra_float_digits(None).application_name("recollect");
    Ok(if local { options } else { options.ssl_mode(PgSslMode::VerifyFull) })
}

/// Whether the server remembers a statement by its name; the URL of a transaction-mode pooler says `statement-cache-capacity=0`.
fn named_statements(url: &SecretString) -> Result<bool, Fault> {
    let url: url::Url = url.expose_secret().parse().map_err(Fault::internal)?;
    Ok(!url.query_pairs().any(|(name, value)| name == "statement-cache-capacity" && value == "0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_must_prove_who_it_is() {
        let mode =
            |url: &str| options(&SecretString::from(url)).map(|options| format!("{:?}", options.get_ssl_mode())).ok();
        assert_eq!(mode("postgres://app@db.example.com/app?sslmode=disable").as_deref(), Some("VerifyFull"));
        assert_eq!(mode("postgres://app@127.0.0.1/app").as_deref(), Some("Prefer"));
        assert_eq!(mode("mysql://"), None);
    }
}
