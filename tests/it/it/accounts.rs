//! The life of an account over HTTP.

use auth::{Token, TokenKind};
use axum::body::Body;
use domain::{Clock, SignUp, UserId};
use http::{Method, Request};
use serde_json::{Value, json};
use testkit::Person;

use crate::portal::{Answer, KEY, Portal, anonymous, browser, page};

const PASSWORD: &str = "correct horse battery staple";

fn form(method: Method, path: &str, body: &Value) -> Request<Body> {
    with(page(method, path), body)
}

fn with(request: http::request::Builder, body: &Value) -> Request<Body> {
    request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
}

/// The session that an answer gave.
fn session(answer: &Answer) -> Token {
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.ends_with("; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax"), "{cookie}");
    let value = cookie.strip_prefix("recollect-8787=").unwrap().split(';').next().unwrap();
    Token::parse(TokenKind::Session, value).unwrap()
}

async fn set_up(portal: &Portal) -> Token {
    let code = Token::generate(TokenKind::SetUp).unwrap();
    assert!(portal.database.store.create_setup_code(code.hash()).await.unwrap());
    let body = json!({"code": code.expose(), "email": "ada@example.com", "password": PASSWORD});
    let answer = portal.send(form(Method::POST, "/api/auth/setup/", &body)).await;
    let session = session(&answer);
    assert_eq!(answer.expect(201)["role"], "admin");
    session
}

async fn sign_in(portal: &Portal, email: &str, password: &str) -> Answer {
    portal.send(form(Method::POST, "/api/auth/login/", &json!({"email": email, "password": password}))).await
}

#[tokio::test]
async fn an_account_lives_from_its_set_up_to_its_end() {
    let portal = Portal::new().await;
    let status = portal.send(anonymous(Method::GET, "/api/auth/setup/").body(Body::empty()).unwrap()).await.expect(200);
    assert_eq!(status, json!({"set_up": false, "sign_up": "closed"}));
    let admin = set_up(&portal).await;
    let as_admin = |method, path: &str, body: &Value| with(browser(method, path, &admin), body);

    // Somebody is invited, registers and signs in elsewhere.
    let invitation =
        portal.send(as_admin(Method::POST, "/api/admin/invitations/", &json!({"email": "grace@example.com"}))).await;
    let token = invitation.expect(201)["token"].clone();
    let body = json!({"email": "Grace@example.com", "password": PASSWORD, "invitation": token});
    let registered = portal.send(form(Method::POST, "/api/auth/register/", &body)).await;
    let first = session(&registered);
    assert_eq!(registered.expect(201)["role"], "user");
    let second = session(&sign_in(&portal, "GRACE@example.com", PASSWORD).await);
    assert_ne!(first.hash(), second.hash());

    // Settings, sessions, keys.
    let me =
        with(browser(Method::PATCH, "/api/auth/me/", &first), &json!({"instructions": "Be brief.", "language": "de"}));
    assert_eq!(portal.send(me).await.expect(200)["instructions"], "Be brief.");
    let list = browser(Method::GET, "/api/auth/sessions/", &first).body(Body::empty()).unwrap();
    let list = portal.send(list).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let made =
        with(browser(Method::POST, "/api/auth/api_keys/", &first), &json!({"name": "laptop", "scopes": ["read"]}));
    let made = portal.send(made).await.expect(201);
    let listed =
        portal.send(browser(Method::GET, "/api/auth/api_keys/", &first).body(Body::empty()).unwrap()).await.expect(200);
    assert!(!listed.to_string().contains(made["key"].as_str().unwrap()), "a key is shown once");
    let key = Token::parse(TokenKind::ApiKey, made["key"].as_str().unwrap()).unwrap();
    let read = crate::callers::program(Method::GET, "/api/auth/me/", &key).body(Body::empty()).unwrap();
    assert_eq!(portal.send(read).await.expect(200)["email"], "Grace@example.com");

    // Another password signs the other browser out.
    let body = json!({"current_password": PASSWORD, "new_password": "a longer sentence than before"});
    assert_eq!(portal.send(with(browser(Method::POST, "/api/auth/password/", &first), &body)).await.status, 204);
    let gone = browser(Method::GET, "/api/auth/me/", &second).body(Body::empty()).unwrap();
    portal.send(gone).await.problem(401, "unauthenticated");
    sign_in(&portal, "grace@example.com", PASSWORD).await.problem(401, "sign-in-failed");

    // Forgotten: an admin makes a link, once.
    let link =
        portal.send(as_admin(Method::POST, "/api/admin/reset_links/", &json!({"email": "grace@example.com"}))).await;
    let reset = json!({"token": link.expect(201)["token"], "new_password": PASSWORD});
    assert_eq!(portal.send(form(Method::POST, "/api/auth/reset/", &reset)).await.status, 204);
    portal.send(form(Method::POST, "/api/auth/reset/", &reset)).await.problem(403, "forbidden");
    let read = crate::callers::program(Method::GET, "/api/auth/me/", &key).body(Body::empty()).unwrap();
    portal.send(read).await.problem(401, "unauthenticated");

    // Signed in again, and gone.
    let again = session(&sign_in(&portal, "grace@example.com", PASSWORD).await);
    let wrong = with(browser(Method::DELETE, "/api/auth/me/", &again), &json!({"password": "not the password"}));
    portal.send(wrong).await.problem(403, "forbidden");
    let delete = with(browser(Method::DELETE, "/api/auth/me/", &again), &json!({"password": PASSWORD}));
    let receipt = portal.send(delete).await;
    assert!(receipt.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(receipt.expect(200)["api_keys"], 1);
    sign_in(&portal, "grace@example.com", PASSWORD).await.problem(401, "sign-in-failed");
}

#[tokio::test]
async fn of_two_set_ups_at_once_exactly_one_wins() {
    let portal = Portal::new().await;
    let code = Token::generate(TokenKind::SetUp).unwrap();
    portal.database.store.create_setup_code(code.hash()).await.unwrap();
    let body =
        |number: u8| json!({"code": code.expose(), "email": format!("ada{number}@example.com"), "password": PASSWORD});
    let attempts = (0..2).map(|number| portal.send(form(Method::POST, "/api/auth/setup/", &body(number))));
    let mut statuses: Vec<_> =
        futures::future::join_all(attempts).await.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let portal = Portal::new().await;
    set_up(&portal).await;
    let wrong = sign_in(&portal, "ada@example.com", "not the password").await;
    let unknown = sign_in(&portal, "nobody@example.com", "not the password").await;
    let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&wrong), names(&unknown));
    assert_eq!(wrong.problem(401, "sign-in-failed"), unknown.problem(401, "sign-in-failed"));
    for password in ["", " "] {
        sign_in(&portal, "ada@example.com", password).await.problem(401, "sign-in-failed");
    }
    // Both are written down: to leave one out would be faster.
    let failed =
        |lines: Vec<store::AuditLine>| lines.iter().filter(|line| line.action == "session.sign_in_failed").count();
    assert_eq!(failed(portal.database.store.audit_of(UserId::BUILT_IN).await.unwrap()), 3);
    assert_eq!(failed(portal.database.store.audit_of(UserId::NOBODY).await.unwrap()), 1);
}

/// Neither is much faster than the other: a hash is computed for both. The medians of a few turns, by turns.
#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_take_the_same_time() {
    let hash =
        auth::PasswordHash::of(&auth::Password::parse("password", PASSWORD, "ada@example.com").unwrap()).unwrap();
    let presented = auth::PresentedPassword::new("not the password");
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    presented.proves(None);
    for _ in 0..9 {
        for (hash, times) in [(Some(&hash), &mut known), (None, &mut unknown)] {
            let begun = std::time::Instant::now();
            assert!(!presented.proves(hash));
            times.push(begun.elapsed());
        }
    }
    known.sort_unstable();
    unknown.sort_unstable();
    let ratio = known[4].as_secs_f64() / unknown[4].as_secs_f64();
    assert!((0.5..2.0).contains(&ratio), "{:?} and {:?}", known[4], unknown[4]);
}

#[tokio::test]
async fn sign_up_is_closed_unless_it_was_opened() {
    let body = json!({"email": "grace@example.com", "password": PASSWORD});
    let closed = Portal::new().await;
    set_up(&closed).await;
    let refused = closed.send(form(Method::POST, "/api/auth/register/", &body)).await.problem(403, "forbidden");
    assert!(refused["detail"].as_str().unwrap().contains("invitation"), "{refused}");

    let open = Portal::of(Clock::system(), SignUp::Open).await;
    open.send(form(Method::POST, "/api/auth/register/", &body)).await.problem(403, "forbidden");
    set_up(&open).await;
    assert_eq!(open.send(form(Method::POST, "/api/auth/register/", &body)).await.expect(201)["role"], "user");
    open.send(form(Method::POST, "/api/auth/register/", &body)).await.problem(409, "email-taken");
}

#[tokio::test]
async fn what_does_not_fit_is_named_and_a_password_is_never_repeated() {
    let portal = Portal::new().await;
    let person = Person::new(&portal.database.store).await;
    let sign_in = |field: &str, value: &str| {
        let mut body = json!({"email": "ada@example.com", "password": PASSWORD});
        body[field] = json!(value);
        body
    };
    for address in
        ["ada", "@example.com", "ada@", "a b@example.com", "ada@example.com\r\nBcc: eve@example.com", &"x".repeat(300)]
    {
        let body = sign_in("email", address);
        portal.send(form(Method::POST, "/api/auth/login/", &body)).await.refuses("email", "must be an e-mail address");
    }
    for (password, reason) in
        [("short", "10 to 200"), ("1234567890", "guessed first"), ("ada@example.com", "e-mail address")]
    {
        let body = sign_in("password", password);
        let mut register = body.clone();
        register["invitation"] = json!(Token::generate(TokenKind::Invitation).unwrap().expose());
        let answer = portal.send(form(Method::POST, "/api/auth/register/", &register)).await;
        assert!(password.contains('@') || !answer.body.to_string().contains(password), "{}", answer.body);
        answer.refuses("password", reason);
    }
    let patch = |body: Value| with(browser(Method::PATCH, "/api/auth/me/", &person.session), &body);
    portal.send(patch(json!({"time_zone": "Mars/Olympus"}))).await.refuses("time_zone", "IANA");
    portal.send(patch(json!({"language": "German"}))).await.refuses("language", "language tag");
    portal.send(patch(json!({"instructions": "x".repeat(8_001)}))).await.refuses("instructions", "at most 8000");
    // CVE-2026-45350: a field that nobody had thought of was taken, and had an effect.
    portal.send(patch(json!({"role": "admin"}))).await.refuses("role", "is not a field");
    let key = |body: Value| with(browser(Method::POST, "/api/auth/api_keys/", &person.session), &body);
    portal.send(key(json!({"name": "laptop", "scopes": []}))).await.refuses("scopes", "one or more");
    portal.send(key(json!({"name": "laptop", "scopes": ["read", "read"]}))).await.refuses("scopes", "each once");
    portal.send(key(json!({"name": "laptop", "scopes": ["everything"]}))).await.refuses("scopes[0]", "unknown variant");
    portal.send(key(json!({"name": "a\nb", "scopes": ["read"]}))).await.refuses("name", "one line");
}

#[tokio::test]
async fn what_changes_something_needs_our_page_or_a_key() {
    let portal = Portal::new().await;
    let person = Person::new(&portal.database.store).await;
    let cookie = format!("recollect-8787={}", person.session.expose());
    let body = json!({"language": "de"});
    let request = |headers: &[(&str, &str)]| {
        let request = anonymous(Method::PATCH, "/api/auth/me/").header("cookie", &cookie);
        with(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)), &body)
    };
    let ours = ("origin", crate::portal::ORIGIN);
    portal.send(request(&[ours, ("x-csrf-protection", "1")])).await.expect(200);
    portal.send(request(&[])).await.problem(403, "forbidden");
    portal.send(request(&[ours])).await.problem(403, "forbidden");
    portal.send(request(&[("x-csrf-protection", "1")])).await.problem(403, "forbidden");
    for foreign in ["https://evil.example", "null", "http://127.0.0.1:8788"] {
        portal.send(request(&[("origin", foreign), ("x-csrf-protection", "1")])).await.problem(403, "forbidden");
    }
    // Who signs in for somebody else gives them a session that is not theirs.
    let login = with(anonymous(Method::POST, "/api/auth/login/"), &json!({"email": "a@b.c", "password": PASSWORD}));
    portal.send(login).await.problem(403, "forbidden");
    // A page of another origin that asks first is not told that it may.
    let preflight = anonymous(Method::OPTIONS, "/api/auth/me/")
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "PATCH")
        .body(Body::empty())
        .unwrap();
    let answer = portal.send(preflight).await;
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{:?}", answer.headers);
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host_and_without_it_there_is_none() {
    let portal = Portal::new().await;
    set_up(&portal).await;
    let request = |origin: &str| {
        let mut request =
            form(Method::POST, "/api/auth/login/", &json!({"email": "ada@example.com", "password": PASSWORD}));
        request.headers_mut().insert("origin", origin.parse().unwrap());
        request.headers_mut().insert("x-public-origin", origin.parse().unwrap());
        request
    };
    let answer = portal.send(request("https://chat.example.com")).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-recollect=rcs_") && cookie.ends_with("; Secure"), "{cookie}");
    portal.send(request("http://chat.example.com")).await.problem(403, "forbidden");
}

#[tokio::test]
async fn what_was_done_is_in_the_audit() {
    let portal = Portal::new().await;
    let admin = set_up(&portal).await;
    sign_in(&portal, "ada@example.com", "not the password").await;
    let invited = with(browser(Method::POST, "/api/admin/invitations/", &admin), &json!({}));
    portal.send(invited).await.expect(201);
    portal.send(browser(Method::POST, "/api/auth/logout/", &admin).body(Body::empty()).unwrap()).await;
    let lines = portal.database.store.audit_of(UserId::BUILT_IN).await.unwrap();
    let done: Vec<_> = lines.iter().rev().map(|line| line.action.as_str()).collect();
    let expected = [
        "api_key.created",
        "portal.set_up",
        "session.signed_in",
        "session.sign_in_failed",
        "invitation.created",
        "session.signed_out",
    ];
    assert_eq!(done, expected);
    assert!(lines[..5].iter().all(|line| line.address.as_deref() == Some("192.0.2.7")), "{lines:?}");
    let written = format!("{lines:?}");
    assert!(!written.contains("ada@example.com") && !written.contains(PASSWORD) && !written.contains(KEY), "{written}");
}
