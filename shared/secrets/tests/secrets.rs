//! Keys read from a peer that speaks as much of Secrets Manager as is used, over a real socket.

use std::net::Ipv4Addr;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_secretsmanager::config::Credentials;
use axum::Router;
use axum::routing::post;
use http::StatusCode;
use secrets::{Secrets, SecretsError};

/// A client's configuration for a Secrets Manager that answers this.
async fn answering(status: StatusCode, body: &'static str) -> SdkConfig {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let router =
        Router::new().route("/", post(async move || (status, [("content-type", "application/x-amz-json-1.1")], body)));
    #[expect(clippy::disallowed_methods, reason = "the peer lives beside the test")]
    tokio::spawn(async move { axum::serve(listener, router).await });
    let defaults = aws_config::defaults(BehaviorVersion::latest()).region(Region::new("us-east-1")).endpoint_url(url);
    defaults.credentials_provider(Credentials::new("test", "test", None, None, "test")).load().await
}

async fn read(status: StatusCode, body: &'static str) -> Result<Secrets, SecretsError> {
    Secrets::read_with(&answering(status, body).await, "recollect/keys".to_owned()).await
}

#[tokio::test]
async fn an_object_of_keys_is_read_and_shown_by_names_only() {
    let body =
        r#"{"Name":"recollect/keys","SecretString":"{\"OPENAI_API_KEY\":\"sk-hidden\",\"GEMINI_API_KEY\":\"\"}"}"#;
    let secrets = read(StatusCode::OK, body).await.expect("it is an object");
    assert_eq!(secrets.get("OPENAI_API_KEY").as_deref(), Some("sk-hidden"));
    assert_eq!((secrets.get("GEMINI_API_KEY"), secrets.get("ANTHROPIC_API_KEY")), (None, None));
    assert_eq!(format!("{secrets:?}"), r#"{"GEMINI_API_KEY", "OPENAI_API_KEY"}"#);
}

#[tokio::test]
async fn what_is_no_object_is_refused_without_being_repeated() {
    for body in [r#"{"SecretString":"sk-hidden"}"#, r#"{"SecretString":"{\"a\":{\"b\":\"sk-hidden\"}}"}"#, "{}"] {
        let error = read(StatusCode::OK, body).await.expect_err("no object");
        assert!(error.to_string().contains("recollect/keys must be a JSON object"), "{error}");
        assert!(!format!("{error} {error:?}").contains("sk-hidden"));
    }
}

#[tokio::test]
async fn a_secret_that_is_not_given_is_named() {
    let body = r#"{"__type":"ResourceNotFoundException","Message":"Secrets Manager can't find the specified secret."}"#;
    let error = read(StatusCode::BAD_REQUEST, body).await.expect_err("there is none").to_string();
    assert!(error.starts_with("the secret recollect/keys cannot be read"), "{error}");
    assert!(error.contains("ResourceNotFoundException"), "{error}");
}

#[tokio::test]
async fn without_a_name_nothing_is_asked() {
    assert_eq!(Secrets::read(None).await.expect("nothing is read").get("OPENAI_API_KEY"), None);
}
