use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use domain::{Fault, UserId};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnection, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use crate::connection::options;
use crate::fault::fault;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// Names what the migrations of this version make: it changes with any of them.
pub fn schema_version() -> u64 {
    let mut hasher = DefaultHasher::new();
    for migration in MIGRATIONS.iter() {
        (migration.version, &migration.checksum).hash(&mut hasher);
    }
    hasher.finish()
}

/// Brings the database to this version, makes the login role of the functions, and the built-in person.
///
/// `owner_url` is for the database's owner, who may make roles and needs to be neither superuser nor exempt from row-level
/// security; it must not go through a transaction-mode pooler. `app_url` is what the functions connect with: its user is made, or
/// gets the password that the URL has now.
///
/// # Errors
/// [`Fault::Unavailable`] when the database does not answer; [`Fault::Internal`] when a URL is not one or a statement is refused.
pub async fn migrate(owner_url: &SecretString, app_url: &SecretString) -> Result<(), Fault> {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options(owner_url)?).await.map_err(fault)?;
    MIGRATIONS.run(&pool).await.map_err(Fault::internal)?;
    let mut connection = pool.acquire().await.map_err(fault)?;
    grant_login(&mut connection, app_url).await?;
    add_built_in_person(&mut connection).await?;
    connection.close().await.map_err(fault)
}

/// Roles belong to the server, where no lock of ours reaches beyond one database: whoever meets another migration at the same
/// role tries again, and each time one of them is through.
async fn grant_login(connection: &mut PgConnection, app_url: &SecretString) -> Result<(), Fault> {
    let user = options(app_url)?.get_username().to_owned();
    let password = password(app_url)?;
    let mut patience = 20;
    loop {
        match try_grant_login(connection, &user, &password).await {
            Err(error) if patience > 0 && met_another(&error) => patience -= 1,
            result => return result.map_err(fault),
        }
    }
}

/// Postgres takes neither a role's name nor a password as a parameter, so `format` quotes them on the server.
async fn try_grant_login(
    connection: &mut PgConnection,
    user: &str,
    password: &SecretString,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let exists = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS "exists!""#, user)
        .fetch_one(&mut *transaction)
        .await?;
    let verb = if exists { "ALTER" } else { "CREATE" };
    let statements = sqlx::query_scalar!(
        r#"SELECT format($1 || ' ROLE %I LOGIN PASSWORD %L', $2::text, $3::text) || format('; GRANT recollect_app TO %I', $2::text)
                  -- A sandbox that is frozen does not close its connections.
                  || format('; ALTER ROLE %I SET idle_session_timeout = ''60s''', $2::text) AS "statements!""#,
        verb,
        user,
        password.expose_secret(),
    )
    .fetch_one(&mut *transaction)
    .await?;
    // Made by the server's own `format`.
    transaction.execute(AssertSqlSafe(statements)).await?;
    transaction.commit().await
}

fn met_another(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| match error.code().as_deref() {
        // The role, or its membership, was made in between.
        Some("42710" | "23505") => true,
        // It was altered in between; Postgres has no code for it.
        Some("XX000") => error.message() == "tuple concurrently updated",
        _ => false,
    })
}

async fn add_built_in_person(connection: &mut PgConnection) -> Result<(), Fault> {
    let begin = AssertSqlSafe(format!("BEGIN; SET LOCAL app.user_id = '{}'", UserId::BUILT_IN));
    let mut transaction = connection.begin_with(begin).await.map_err(fault)?;
    sqlx::query!(
        "INSERT INTO users (id, role) VALUES ($1, 'admin') ON CONFLICT DO NOTHING",
        UserId::BUILT_IN.as_uuid()
    )
    .execute(&mut *transaction)
    .await
    .map_err(fault)?;
    transaction.commit().await.map_err(fault)
}

fn password(url: &SecretString) -> Result<SecretString, Fault> {
    let url: url::Url = url.expose_secret().parse().map_err(Fault::internal)?;
    let encoded = url.password().ok_or_else(|| Fault::internal("the URL of the functions has no password"))?;
    let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8().map_err(Fault::internal)?;
    Ok(decoded.into_owned().into())
}
