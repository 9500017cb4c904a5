//! What our roles may do.

use sqlx::Row as _;
use testkit::Database;

use crate::scene::{acting, connect};

async fn texts(database: &Database, sql: &str) -> Vec<String> {
    let mut owner = connect(&database.owner_url).await;
    acting(&mut owner, None, sql).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn no_role_of_ours_is_exempt_from_anything() {
    let database = Database::new().await;
    let roles = texts(
        &database,
        "SELECT concat_ws(' ', rolname, CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolbypassrls THEN 'bypassrls' END,
                CASE WHEN rolreplication THEN 'replication' END, CASE WHEN rolcreaterole THEN 'createrole' END,
                CASE WHEN rolcanlogin THEN 'login' END)
         FROM pg_roles WHERE rolname LIKE 'recollect\\_test\\_%' OR rolname = 'recollect_app' ORDER BY rolname",
    )
    .await;
    assert_eq!(roles, ["recollect_app", "recollect_test_app login", "recollect_test_owner createrole login"]);
}

#[tokio::test]
async fn the_login_role_is_what_the_group_is() {
    let database = Database::new().await;
    let groups = texts(
        &database,
        "SELECT roleid::regrole::text || CASE WHEN admin_option THEN ' with admin option' ELSE '' END
         FROM pg_auth_members WHERE member = 'recollect_test_app'::regrole",
    )
    .await;
    assert_eq!(groups, ["recollect_app"]);
    let owned =
        texts(&database, "SELECT relname::text FROM pg_class WHERE relowner = 'recollect_test_app'::regrole").await;
    assert!(owned.is_empty(), "{owned:?}");
}

#[tokio::test]
async fn the_functions_may_do_no_more_than_they_do() {
    let database = Database::new().await;
    let granted = texts(
        &database,
        "SELECT relname || ' to ' || coalesce(nullif(grantee, 0)::regrole::text, 'everybody') || ': '
                || string_agg(privilege_type, ', ' ORDER BY privilege_type)
         FROM pg_class, aclexplode(relacl)
         WHERE relnamespace = 'public'::regnamespace AND grantee <> relowner
         GROUP BY relname, grantee ORDER BY relname",
    )
    .await;
    assert_eq!(
        granted,
        [
            "conversations to recollect_app: DELETE, INSERT, SELECT, UPDATE",
            "jobs to recollect_app: INSERT, SELECT",
            "messages to recollect_app: DELETE, INSERT, SELECT, UPDATE",
            "users to recollect_app: SELECT",
        ]
    );
    let by_column = texts(
        &database,
        "SELECT attrelid::regclass || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace AND attacl IS NOT NULL",
    )
    .await;
    assert!(by_column.is_empty(), "{by_column:?}");
}

#[tokio::test]
async fn no_function_of_the_database_runs_with_anothers_rights() {
    let database = Database::new().await;
    let definers =
        texts(&database, "SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef")
            .await;
    assert!(definers.is_empty(), "{definers:?}");
}

#[tokio::test]
async fn the_functions_make_nothing_in_the_schema() {
    let database = Database::new().await;
    let mut app = database.app_connection().await;
    for statement in
        ["CREATE TABLE mine (id bigint)", "CREATE SCHEMA mine", "ALTER TABLE messages DISABLE ROW LEVEL SECURITY"]
    {
        let refused = acting(&mut app, None, statement).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("42501"), "{statement}");
    }
}
