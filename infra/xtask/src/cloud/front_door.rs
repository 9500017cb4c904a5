use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;
use tokio::net::TcpStream;

use super::Plan;
use super::functions::write_secret;
use super::stack::Stack;
use crate::process::{Daemon, guarded};
use crate::workspace::root;

/// Starts what CloudFront is in AWS, and tells its address.
pub(super) async fn start(plan: &Plan, stack: &Stack) -> Result<(Daemon, String)> {
    let port = plan.ports.front_door;
    let gateway = |id: &str| format!("{}/_aws/execute-api/{id}", plan.emulator_url());
    let pages = if plan.watch {
        json!({"vite": format!("http://127.0.0.1:{}", plan.ports.vite)})
    } else {
        json!({"directory": "frontend/dist"})
    };
    let config = json!({
        "port": port,
        "stage": plan.stage,
        "api_url": gateway(&stack.rest_api),
        "websocket_url": gateway(&stack.websocket_api),
        "origin_secret": plan.secrets.origin,
        "template": "infra/front-door/template.yaml",
        "pages": pages,
    });
    let file = plan.work.join("front-door.json");
    write_secret(&file, &config.to_string()).context("the front door cannot be configured")?;
    let mut command = guarded("node", false);
    command.arg("infra/local/front_door.mjs").arg(file).current_dir(root());
    let mut daemon = Daemon::start("the front door", &mut command, plan.log("front-door"))?;
    daemon.ready(Duration::from_secs(20), async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await?;
    Ok((daemon, format!("http://127.0.0.1:{port}")))
}
