use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::time::timeout;

use super::Plan;
use crate::process::{Daemon, guarded, piped};
use crate::workspace::binary;

/// The scripted peer that stands in for OpenAI, Anthropic and Gemini.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) daemon: Daemon,
    pub(super) url: String,
    pub(super) control_url: String,
}

#[derive(Deserialize)]
struct Started {
    url: String,
    control_url: String,
}

impl Peer {
    /// Starts it and points the portal's settings at it.
    pub(super) async fn start(plan: &mut Plan) -> Result<Self> {
        let mut command = guarded(binary("scripted_peer"), false);
        let mut daemon = Daemon::start("the scripted peer", piped(&mut command), plan.log("peer"))?;
        let stdout = daemon.stdout().context("its output is read")?;
        let line = timeout(Duration::from_secs(20), BufReader::new(stdout).lines().next_line()).await??;
        let started: Started = serde_json::from_str(&line.unwrap_or_default()).with_context(|| daemon.last_words())?;
        let url = started.url.trim_end_matches('/').to_owned();
        plan.settings.set("OPENAI_BASE_URL", format!("{url}/v1"));
        plan.settings.set("OPENAI_API_KEY", "of-the-scripted-peer");
        // It speaks all dialects: each of its places has the same models.
        plan.settings.set("ANTHROPIC_BASE_URL", format!("{url}/v1"));
        plan.settings.set("ANTHROPIC_API_KEY", "of-the-scripted-peer");
        plan.settings.set("GEMINI_BASE_URL", format!("{url}/v1beta"));
        plan.settings.set("GEMINI_API_KEY", "of-the-scripted-peer");
        Ok(Self { daemon, url, control_url: started.control_url.trim_end_matches('/').to_owned() })
    }
}
