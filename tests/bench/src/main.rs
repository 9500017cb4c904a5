//! `make bench`: what the portal adds to a call, as a ratio to the same call made straight to the provider's scripted peer, in the
//! same run and by turns, so that a noisy machine is noisy for both. It prints Markdown; nothing here is a limit that a test enforces.

mod at_once;
mod client;
mod figures;
mod first_delta;
mod rest;
mod sign_in;

use testkit::Cloud;

#[expect(clippy::disallowed_macros, reason = "a program of its own, no function")]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let client = client::Client::new(Cloud::signed_in().await)?;
    sign_in::measure(&client.cloud).await?;
    rest::measure(&client).await?;
    first_delta::measure(&client).await?;
    at_once::measure(&client).await
}
