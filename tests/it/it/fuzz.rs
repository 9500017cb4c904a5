//! Whatever is sent, nothing breaks: no handler answers with a 5xx, every refusal is a problem document, and what was sent is not in it
//! where it could sign somebody in.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request};
use proptest::prelude::*;
use serde_json::Value;
use testkit::Person;
use tokio::runtime::Runtime;

use crate::portal::{Portal, anonymous};
use crate::template::routes_of_the_template;

/// JSON of any shape, with the names of our fields in it.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        "[a\\x00-\\x1f\\u{7f}-\\u{ff}]{0,10}".prop_map(Value::from),
        Just(Value::from("ada@example.com")),
        Just(Value::from("x".repeat(9_000))),
    ];
    let name = prop_oneof![
        prop::sample::select(vec![
            "email",
            "password",
            "code",
            "token",
            "invitation",
            "new_password",
            "current_password",
            "name",
            "scopes",
            "expires_at",
            "role",
            "instructions",
            "time_zone",
            "language",
            "conversation_id",
            "content",
            "client_id",
            "model",
            "title",
            "leaf_id",
            "archived",
            "pinned",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => json().prop_map(|value| value.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        "[!-~&&[^/?#%\\\\{}|^`<>\"]]{1,40}",
        "%[0-9a-fA-F]{2}",
        Just("01890a5d-ac96-774b-bcce-b302099a8057".to_owned())
    ]
}

fn header() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let names = prop::sample::select(vec![
        "authorization",
        "cookie",
        "origin",
        "content-type",
        "prefer",
        "if-match",
        "if-none-match",
        "user-agent",
        "x-csrf-protection",
        "x-public-origin",
        "accept",
        "x-request-id",
    ]);
    let value = prop_oneof![
        "[ -~]{0,60}".prop_map(String::into_bytes),
        "Bearer [ -~]{0,80}".prop_map(String::into_bytes),
        "recollect-8787=[ -~]{0,80}".prop_map(String::into_bytes),
        prop::collection::vec(0x20_u8..=0xff, 0..40),
    ];
    (names, value)
}

#[derive(Clone, Debug)]
struct Attempt {
    route: usize,
    signed_in: bool,
    segment: String,
    query: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let query = prop_oneof![Just(String::new()), "[a-z_]{0,8}=[!-~&&[^#%\\\\{}|^`<>\"]]{0,30}"];
    (any::<prop::sample::Index>(), any::<bool>(), segment(), query, prop::collection::vec(header(), 0..4), body())
        .prop_map(|(route, signed_in, segment, query, headers, body)| Attempt {
            route: route.index(usize::MAX),
            signed_in,
            segment,
            query,
            headers,
            body,
        })
}

fn request(attempt: &Attempt, person: &Person, number: u32) -> Option<Request<Body>> {
    let routes: Vec<_> = routes_of_the_template().into_iter().collect();
    let (method, path) = routes[attempt.route % routes.len()].split_once(' ')?;
    let path = path
        .split('/')
        .map(|part| if part.starts_with('{') { attempt.segment.as_str() } else { part })
        .collect::<Vec<_>>()
        .join("/");
    let uri = if attempt.query.is_empty() { format!("{path}/") } else { format!("{path}/?{}", attempt.query) };
    uri.parse::<http::Uri>().ok()?;
    let mut request = anonymous(method.parse::<Method>().ok()?, &uri).header("content-type", "application/json");
    if attempt.signed_in {
        request = request.header("authorization", format!("Bearer {}", person.key.expose()));
    }
    let mut request = request.body(Body::from(attempt.body.clone())).ok()?;
    // A network of its own each time, so that what is asked is not only how often.
    request.headers_mut().insert(
        "x-viewer-address",
        HeaderValue::try_from(format!("2001:db8:{:x}:{:x}::1", number >> 16, number & 0xffff)).ok()?,
    );
    for (name, value) in &attempt.headers {
        request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_bytes(value).ok()?);
    }
    Some(request)
}

/// CVE-2026-31949: a body without one field brought the whole process down.
#[test]
fn cve_2026_31949_nothing_that_is_sent_breaks_a_handler() {
    let runtime = Runtime::new().unwrap();
    let (portal, person) = runtime.block_on(async {
        let portal = Portal::new().await;
        let person = Person::admin(&portal.database.store).await;
        (portal, person)
    });
    let number = std::cell::Cell::new(0_u32);
    let config = ProptestConfig {
        cases: 600,
        failure_persistence: Some(Box::new(prop::test_runner::FileFailurePersistence::Direct(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/proptest-regressions/fuzz.txt"
        )))),
        ..ProptestConfig::default()
    };
    proptest!(config, |(attempt in attempt())| {
        number.set(number.get() + 1);
        let Some(request) = request(&attempt, &person, number.get()) else { return Ok(()) };
        let uri = request.uri().clone();
        let answer = runtime.block_on(portal.send(request));
        prop_assert!(answer.status.as_u16() < 500, "{uri}: {} {}", answer.status, answer.body);
        if answer.status.is_client_error() {
            prop_assert_eq!(&answer.headers["content-type"], "application/problem+json", "{}", uri);
            prop_assert!(answer.body["type"].as_str().is_some_and(|kind| kind.starts_with("/problems/")), "{uri}: {}", answer.body);
        }
    });
}
