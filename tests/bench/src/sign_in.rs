use anyhow::ensure;
use auth::{Password, PasswordHash, Token, TokenKind};
use domain::{Email, Role, UserId};
use serde_json::json;
use store::{NewInvitation, Registration};
use testkit::Cloud;
use tokio::time::Instant;

use crate::figures::Figures;

/// As many as one account may at once.
const TURNS: usize = 10;
const ACCOUNTS: usize = 5;
const PASSWORD: &str = "a sentence that nobody guesses";

/// Signing in, with a hash that is made to be expensive, and the memory of the function that computes it.
#[expect(clippy::print_stdout, reason = "this is what the program is for")]
pub(crate) async fn measure(cloud: &Cloud) -> anyhow::Result<()> {
    let (store, http) = (cloud.store().await, reqwest::Client::builder().build()?);
    let mut figures = Figures::default();
    for number in 0..ACCOUNTS {
        let email = format!("bench{number}.{}@example.com", std::process::id());
        let hash = PasswordHash::of(&Password::parse("password", PASSWORD, &email)?)?;
        let token = Token::generate(TokenKind::Invitation)?;
        let invitation = NewInvitation { token: token.hash(), email: None, role: Role::User };
        store.create_invitation(UserId::BUILT_IN, invitation, None).await?;
        let registration = Registration {
            email: Email::parse("email", &email)?,
            password_hash: hash.as_str().to_owned(),
            invitation: Some(token.hash()),
        };
        store.register(registration, None).await?;
        for _ in 0..TURNS {
            let body = json!({"email": email, "password": PASSWORD});
            let request = http.post(cloud.url("/api/auth/login/")).header("origin", &cloud.portal_url);
            let begun = Instant::now();
            let response = request.header("x-csrf-protection", "1").json(&body).send().await?;
            ensure!(response.status().is_success(), "signing in failed: {}", response.status());
            response.bytes().await?;
            figures.add(begun.elapsed());
        }
    }
    let ms = |share| figures.quantile(share).as_secs_f64() * 1e3;
    println!(
        "\n### Signing in, one at a time (argon2id: 19 MiB, 2 passes, 1 lane)\n\n| p50 | p95 | memory of the function, most |\n|---:|---:|---:|"
    );
    println!("| {:.1} ms | {:.1} ms | {} |", ms(0.5), ms(0.95), peak_memory().unwrap_or_else(|| "unknown".to_owned()));
    Ok(())
}

/// The most memory that a process of the function ever had, as the kernel says (`VmHWM`).
fn peak_memory() -> Option<String> {
    let mut most = 0_u64;
    for process in std::fs::read_dir("/proc").ok()?.flatten() {
        let Ok(status) = std::fs::read_to_string(process.path().join("status")) else { continue };
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        if field("Name:") == Some("accounts_login") {
            let kib = field("VmHWM:").and_then(|text| text.trim_end_matches(" kB").trim().parse().ok());
            most = most.max(kib.unwrap_or_default());
        }
    }
    (most > 0).then(|| format!("{} MiB", most / 1024))
}
