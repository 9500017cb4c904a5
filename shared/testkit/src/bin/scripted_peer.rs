//! The scripted peer as a process: it prints one line of JSON with `url` and `control_url` when it listens, and serves until it is
//! ended by a signal.

use std::io::Write as _;

use serde_json::json;
use testkit::peer::Peer;
use testkit::peer::control::Control;

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let peer = Peer::start().await;
        let control = Control::bind(peer.clone()).await;
        let url = |url: &url::Url| url.as_str().trim_end_matches('/').to_owned();
        let line = json!({"url": url(&peer.url()), "control_url": url(&control.url)});
        let mut stdout = std::io::stdout();
        writeln!(stdout, "{line}")?;
        stdout.flush()?;
        control.serve().await?;
        Ok(())
    })
}
