//! The cloud on this machine: Postgres, the AWS emulator with the template deployed to it, the functions, the front door.

mod emulator;
mod front_door;
mod functions;
mod pages;
mod peer;
mod plan;
mod sources;
mod stack;
mod supervise;

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use crate::postgres::Postgres;
use crate::process::Daemon;
use crate::steps::step;
use crate::tools;

pub(crate) use functions::write_secret;
pub(crate) use plan::{Plan, Ports, Secrets};
use sources::Sources;
use stack::Stack;

/// A cloud that runs.
#[derive(Debug)]
pub(crate) struct Cloud {
    plan: Plan,
    stack: Stack,
    postgres: Postgres,
    emulator: Daemon,
    functions: Daemon,
    front_door: Daemon,
    sources: Sources,
    vite: Option<Daemon>,
    peer: Option<peer::Peer>,
    /// The one origin.
    pub(crate) url: String,
}

impl Cloud {
    /// Sets up what is missing and starts everything; a line of progress a step.
    pub(crate) async fn start(mut plan: Plan) -> Result<Self> {
        step("Tools: the emulator, cargo-lambda, the AWS command line", tools::python()).await?;
        step("Packages of the front door and of the pages", async {
            tools::npm("infra/local").await?;
            tools::npm("frontend").await
        })
        .await?;
        step("Functions, built", functions::build(plan.peer)).await?;
        if !plan.watch {
            step("Pages, built", pages::build()).await?;
        }
        let peer = if plan.peer {
            Some(step("Scripted peer in OpenAI's place", peer::Peer::start(&mut plan)).await?)
        } else {
            None
        };
        let postgres = step("Postgres", plan.start_postgres()).await?;
        let emulator = step("AWS emulator", emulator::start(&plan)).await?;
        let stack = step("template.yaml, deployed", stack::deploy(&plan, &postgres)).await?;
        let functions = step("Functions, hosted", functions::host(&plan, &stack)).await?;
        step("Database, migrated", functions::migrate(&plan)).await?;
        step("Functions, warm", functions::warm(&plan, &stack)).await?;
        let vite = if plan.watch { Some(step("Pages, served by Vite", pages::serve(&mut plan)).await?) } else { None };
        let (front_door, url) = step("Front door", front_door::start(&plan, &stack)).await?;
        let sources = if plan.watch { Sources::watched()? } else { Sources::unwatched() };
        Ok(Self { plan, stack, postgres, emulator, functions, front_door, sources, vite, peer, url })
    }

    /// Where everything is, for the tests.
    pub(crate) fn endpoints(&self) -> String {
        let gateway = |id: &str| format!("{}/_aws/execute-api/{id}", self.plan.emulator_url());
        json!({
            "portal_url": self.url,
            "api_url": gateway(&self.stack.rest_api),
            "websocket_url": gateway(&self.stack.websocket_api),
            "emulator_url": self.plan.emulator_url(),
            "emulator_pid": self.emulator.pid(),
            "region": stack::REGION,
            "stage": self.plan.stage,
            "connections_table": self.stack.connections_table,
            "database_url": self.plan.database_url(&self.postgres),
            "database_direct_url": self.plan.database_direct_url(&self.postgres),
            "origin_secret": self.plan.secrets.origin,
            "peer_url": self.peer.as_ref().map(|peer| peer.url.as_str()),
            "peer_control_url": self.peer.as_ref().map(|peer| peer.control_url.as_str()),
        })
        .to_string()
    }

    /// What runs, for the next start to end if this one is killed.
    pub(crate) fn pids(&self) -> Vec<i32> {
        let others = self.vite.iter().chain(self.peer.iter().map(|peer| &peer.daemon));
        let all = [&self.front_door, &self.functions, &self.emulator, &self.postgres.daemon];
        all.into_iter().chain(others).map(Daemon::pid).collect()
    }

    /// Stops everything, what depends on others before them.
    pub(crate) async fn stop(mut self) {
        self.front_door.stop().await;
        if let Some(vite) = &mut self.vite {
            vite.stop().await;
        }
        self.functions.stop().await;
        self.emulator.stop().await;
        if let Some(peer) = &mut self.peer {
            peer.daemon.stop().await;
        }
        self.postgres.daemon.stop().await;
    }
}

impl Plan {
    fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }
}
