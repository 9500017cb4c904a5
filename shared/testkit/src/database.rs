use domain::{Clock, UserId};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use store::Store;
use url::Url;
use uuid::Uuid;

/// Owns every database of the tests: may make databases and roles, is no superuser and not exempt from row-level security.
const OWNER: &str = "recollect_test_owner";
/// What the functions connect as.
const APP: &str = "recollect_test_app";
/// Both roles live as long as the throwaway server that the tests run on.
const PASSWORD: &str = "only-for-tests";

/// A migrated Postgres database of one test's own.
///
/// It is copied from a template, which takes milliseconds, and is not dropped: the server is thrown away after the run.
#[derive(Debug)]
pub struct Database {
    /// What the functions under test connect with: through the pooler when `TEST_THROUGH_POOLER` is set.
    pub app_url: SecretString,
    /// The owner's, for looking behind the scenes and for `migrate`. It is bound by row-level security like everybody.
    pub owner_url: SecretString,
    /// The clock that [`Database::store`] reads.
    pub clock: Clock,
    /// The store on this database.
    pub store: Store,
}

impl Database {
    /// A new database, read through a store with the system's clock.
    pub async fn new() -> Self {
        Self::with_clock(Clock::system()).await
    }

    /// A new database, read through a store with this clock.
    ///
    /// # Panics
    /// When there is no Postgres for tests.
    pub async fn with_clock(clock: Clock) -> Self {
        let server = Server::from_environment();
        let template = server.template().await;
        let name = format!("test_{}", Uuid::new_v4().simple());
        let mut owner = connect(&url(&server.direct, OWNER, "postgres")).await;
        execute(&mut owner, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        let app_url = server.app_url(&name);
        let store = Store::connect(&app_url, clock.clone()).await.expect("the URL is a Postgres URL");
        Self { app_url, owner_url: url(&server.direct, OWNER, &name), clock, store }
    }

    /// A new database with nothing in it, not migrated: for tests of migrations.
    ///
    /// # Panics
    /// When there is no Postgres for tests.
    pub async fn empty() -> Self {
        let server = Server::from_environment();
        server.template().await;
        let name = format!("test_{}", Uuid::new_v4().simple());
        let mut owner = connect(&url(&server.direct, OWNER, "postgres")).await;
        execute(&mut owner, format!("CREATE DATABASE {name}")).await;
        let (app_url, clock) = (server.app_url(&name), Clock::system());
        let store = Store::connect(&app_url, clock.clone()).await.expect("the URL is a Postgres URL");
        Self { app_url, owner_url: url(&server.direct, OWNER, &name), clock, store }
    }

    /// Adds a person besides the built-in one.
    pub async fn add_person(&self) -> UserId {
        let id = UserId::new(&self.clock);
        self.as_owner(format!("BEGIN; SET LOCAL app.user_id = '{id}'; INSERT INTO users (id) VALUES ('{id}'); COMMIT"))
            .await;
        id
    }

    /// Runs statements as the database's owner, who is bound by row-level security too.
    pub async fn as_owner(&self, statements: impl Into<String>) {
        execute(&mut connect(&self.owner_url).await, statements).await;
    }

    /// A connection of the test's own, as the functions have one. Through the pooler it must not prepare statements: use
    /// `sqlx::raw_sql`.
    pub async fn app_connection(&self) -> PgConnection {
        connect(&self.app_url).await
    }
}

struct Server {
    /// The administrator's URL, straight to Postgres.
    direct: Url,
    /// The same through the pooler, where the functions are to use it.
    pooler: Option<Url>,
}

impl Server {
    #[expect(clippy::disallowed_methods, reason = "tests have no `runtime`")]
    fn from_environment() -> Self {
        let read = |name: &str| std::env::var(name).ok().map(|url| url.parse().expect("a URL"));
        let direct = read("TEST_POSTGRES_URL")
            .expect("these tests need a Postgres: run them with `cargo xtask postgres -- cargo nextest run`");
        let through_pooler = std::env::var_os("TEST_THROUGH_POOLER").is_some();
        let pooler = through_pooler.then(|| read("TEST_POSTGRES_POOLER_URL").expect("TEST_POSTGRES_POOLER_URL is set"));
        Self { direct, pooler }
    }

    /// The migrated template, made by whichever test comes first.
    async fn template(&self) -> String {
        let template = format!("recollect_template_{:x}", store::schema_version());
        let mut admin = connect(&self.direct.as_str().into()).await;
        execute(&mut admin, "SELECT pg_advisory_lock(hashtext('recollect template'))").await;
        let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(&template)
            .fetch_one(&mut admin)
            .await
            .expect("the list of databases");
        if !exists {
            self.make_template(&mut admin, &template).await;
        }
        // The lock goes with the connection.
        admin.close().await.expect("the connection closes");
        template
    }

    async fn make_template(&self, admin: &mut PgConnection, template: &str) {
        let owner: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
            .bind(OWNER)
            .fetch_one(&mut *admin)
            .await
            .expect("the list of roles");
        if !owner {
            execute(
                admin,
                format!("CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD '{PASSWORD}'"),
            )
            .await;
        }
        // Under another name until it is whole: a run that was cut off leaves no half-made template behind.
        let unfinished = format!("unfinished_{}", Uuid::new_v4().simple());
        execute(admin, format!("CREATE DATABASE {unfinished} OWNER {OWNER}")).await;
        let app_url = url(&self.direct, APP, &unfinished);
        store::migrate(&url(&self.direct, OWNER, &unfinished), &app_url).await.expect("the migrations run");
        execute(admin, format!("ALTER DATABASE {unfinished} RENAME TO {template}")).await;
    }

    fn app_url(&self, database: &str) -> SecretString {
        match &self.pooler {
            Some(pooler) => {
                let url = url(pooler, APP, database);
                format!("{}?statement-cache-capacity=0", url.expose_secret()).into()
            }
            None => url(&self.direct, APP, database),
        }
    }
}

fn url(server: &Url, user: &str, database: &str) -> SecretString {
    let mut url = server.clone();
    url.set_username(user).and_then(|()| url.set_password(Some(PASSWORD))).expect("a URL with a host");
    url.set_path(database);
    url.to_string().into()
}

async fn connect(url: &SecretString) -> PgConnection {
    let options: PgConnectOptions = url.expose_secret().parse().expect("a Postgres URL");
    // A pooler refuses start-up parameters that it does not know.
    PgConnection::connect_with(&options.extra_float_digits(None)).await.expect("Postgres answers")
}

async fn execute(connection: &mut PgConnection, statements: impl Into<String>) {
    connection.execute(AssertSqlSafe(statements.into())).await.expect("the statement is accepted");
}
