use anyhow::{Context as _, Result};

use crate::throwaway::{Portal, Servers};

/// What runs beside the tests: started for the first stage that needs it, stopped after the last one.
#[derive(Debug, Default)]
pub(super) struct Beside {
    servers: Option<Servers>,
    portal: Option<Portal>,
}

impl Beside {
    /// A Postgres and a pooler.
    pub(super) async fn servers(&mut self) -> Result<&Servers> {
        if self.servers.is_none() {
            self.servers = Some(Servers::start().await.context("Postgres for the tests cannot be started")?);
        }
        self.servers.as_ref().context("it was started")
    }

    /// A portal with a scripted peer in OpenAI's place.
    pub(super) async fn portal(&mut self) -> Result<&mut Portal> {
        if self.portal.is_none() {
            self.portal = Some(Portal::start(true).await.context("the local cloud cannot be started")?);
        }
        self.portal.as_mut().context("it was started")
    }

    /// Stops what runs. The logs of a portal are kept when something failed.
    pub(super) async fn stop(self, green: bool) {
        if let Some(portal) = self.portal {
            portal.stop(green).await;
        }
        if let Some(servers) = self.servers {
            servers.stop().await;
        }
    }
}
