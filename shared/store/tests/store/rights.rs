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
         FROM pg_roles WHERE rolname LIKE 'recollect\\_test\\_%' OR rolname IN ('recollect_app', 'recollect_lookup') ORDER BY rolname",
    )
    .await;
    assert_eq!(
        roles,
        ["recollect_app", "recollect_lookup", "recollect_test_app login", "recollect_test_owner createrole login"]
    );
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
            "api_keys to recollect_app: INSERT, SELECT, UPDATE",
            "audit to recollect_app: INSERT, SELECT",
            "conversations to recollect_app: DELETE, INSERT, SELECT, UPDATE",
            "invitations to recollect_app: INSERT, SELECT, UPDATE",
            "jobs to recollect_app: INSERT, SELECT",
            "messages to recollect_app: DELETE, INSERT, SELECT, UPDATE",
            "reset_links to recollect_app: INSERT, SELECT, UPDATE",
            "sessions to recollect_app: INSERT, SELECT, UPDATE",
            "setup_codes to recollect_app: INSERT, SELECT, UPDATE",
            "users to recollect_app: DELETE, INSERT, SELECT",
        ]
    );
    let by_column = texts(
        &database,
        "SELECT relname || ' to ' || grantee::regrole || ': ' || privilege_type || ' ' || string_agg(attname, ', ' ORDER BY attname)
         FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl)
         WHERE relnamespace = 'public'::regnamespace AND attacl IS NOT NULL
         GROUP BY relname, grantee, privilege_type ORDER BY 1",
    )
    .await;
    assert_eq!(
        by_column,
        [
            "api_keys to recollect_lookup: SELECT expires_at, id, key_hash, last_used_at, revoked_at, scopes, user_id",
            "invitations to recollect_lookup: SELECT email, expires_at, id, revoked_at, role, taken_at, token_hash, user_id",
            "reset_links to recollect_lookup: SELECT expires_at, id, token_hash, used_at, user_id",
            "sessions to recollect_lookup: SELECT created_at, expires_at, id, last_used_at, revoked_at, token_hash, user_id",
            // A role is given when an account is made, and changed by nobody.
            "users to recollect_app: UPDATE email, instructions, password_hash, settings",
            "users to recollect_lookup: SELECT disabled_at, email, id, password_hash, role",
        ]
    );
}

#[tokio::test]
async fn what_runs_with_other_rights_is_known_fixed_and_for_the_functions_alone() {
    let database = Database::new().await;
    let definers = texts(
        &database,
        "SELECT concat_ws(' ', proname, proowner::regrole, array_to_string(proconfig, ';'),
                (SELECT string_agg(grantee::regrole::text, ',' ORDER BY grantee::regrole::text) FROM aclexplode(proacl)))
         FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1",
    )
    .await;
    let expected = [
        "accounts_exist",
        "find_api_key",
        "find_invitation",
        "find_password",
        "find_person",
        "find_reset_link",
        "find_session",
        "is_last_admin",
    ]
    .map(|name| format!("{name} recollect_lookup search_path=public, pg_temp recollect_app,recollect_lookup"));
    assert_eq!(definers, expected, "one more needs a test in lookups.rs of what it cannot return");
}

#[tokio::test]
async fn nobody_logs_in_as_the_role_of_the_lookups_and_the_functions_cannot_become_it() {
    let database = Database::new().await;
    let mut app = database.app_connection().await;
    for statement in ["SET ROLE recollect_lookup", "SET ROLE recollect_test_owner"] {
        let refused = acting(&mut app, None, statement).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("42501"), "{statement}");
    }
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
