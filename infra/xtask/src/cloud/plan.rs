use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ports;
use crate::postgres::{Durability, Postgres};
use crate::settings::Settings;

const DATABASE: &str = "recollect";
const OWNER: &str = "recollect_owner";
const APP: &str = "recollect_functions";

/// What is to be started, and where.
#[derive(Debug)]
pub(crate) struct Plan {
    /// A name that all resources begin with.
    pub(crate) stage: &'static str,
    /// Rebuild on changes.
    pub(crate) watch: bool,
    /// With a scripted peer in OpenAI's place.
    pub(crate) peer: bool,
    pub(crate) settings: Settings,
    pub(crate) secrets: Secrets,
    pub(crate) ports: Ports,
    pub(crate) logs: PathBuf,
    /// Generated files.
    pub(crate) work: PathBuf,
    database: PathBuf,
    durability: Durability,
}

/// Made once, kept where only their owner can read them, never printed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Secrets {
    pub(crate) postgres: String,
    pub(crate) owner: String,
    pub(crate) app: String,
    pub(crate) origin: String,
}

/// Where everything listens.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Ports {
    pub(crate) postgres: u16,
    pub(crate) emulator: u16,
    pub(crate) functions: u16,
    pub(crate) front_door: u16,
    #[serde(default)]
    pub(crate) vite: u16,
}

impl Secrets {
    pub(crate) fn generate() -> Self {
        let secret = || Uuid::new_v4().simple().to_string() + &Uuid::new_v4().simple().to_string();
        Self { postgres: secret(), owner: secret(), app: secret(), origin: secret() }
    }
}

impl Ports {
    /// Free ports, those of the last start where they are free again.
    pub(crate) fn choose(last: Option<Self>, front_door: Option<u16>) -> Result<Self> {
        let last = last.unwrap_or_default();
        let free =
            |port: u16, usual: u16| ports::free(Some(if port == 0 { usual } else { port }).filter(|port| *port > 0));
        Ok(Self {
            postgres: free(last.postgres, 0)?,
            emulator: free(last.emulator, 0)?,
            functions: free(last.functions, 0)?,
            front_door: ports::free(front_door)?,
            vite: free(last.vite, 0)?,
        })
    }
}

impl Plan {
    /// A cloud in a temporary folder.
    pub(crate) fn throwaway(folder: &Path, settings: Settings, peer: bool) -> Result<Self> {
        Ok(Self {
            stage: "test",
            watch: false,
            peer,
            settings,
            secrets: Secrets::generate(),
            ports: Ports::choose(None, None)?,
            logs: folder.to_path_buf(),
            work: folder.to_path_buf(),
            database: folder.join("postgres"),
            durability: Durability::ThrownAway,
        })
    }

    /// The cloud of this clone, with its data in `database`.
    pub(crate) fn lasting(
        local: &Path,
        database: PathBuf,
        settings: Settings,
        secrets: Secrets,
        ports: Ports,
        watch: bool,
    ) -> Self {
        Self {
            stage: "local",
            watch,
            peer: false,
            settings,
            secrets,
            ports,
            logs: local.join("logs"),
            work: local.join("run"),
            database,
            durability: Durability::Kept,
        }
    }

    /// Limits other than the template's own. Tests are many people at one address, and some of them talk as fast as they can.
    pub(super) fn rates(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        const UNLIMITED: &str = "100000/60";
        let loosened: &[_] = match self.durability {
            Durability::Kept => &[],
            Durability::ThrownAway => &["SignInPerAddress", "RegistrationsPerAddress", "MessagesPerPerson"],
        };
        loosened.iter().map(|name| (*name, UNLIMITED))
    }

    pub(crate) fn emulator_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.emulator)
    }

    pub(super) fn functions_url(&self, function: &str) -> String {
        format!("http://127.0.0.1:{}/2015-03-31/functions/{function}/invocations", self.ports.functions)
    }

    pub(super) async fn start_postgres(&self) -> Result<Postgres> {
        std::fs::create_dir_all(&self.work).with_context(|| format!("cannot write to {}", self.work.display()))?;
        let log = self.log("postgres");
        let postgres =
            Postgres::start(&self.database, self.ports.postgres, &self.secrets.postgres, log, self.durability).await?;
        postgres.database(DATABASE, OWNER, &self.secrets.owner).await?;
        Ok(postgres)
    }

    pub(super) fn database_url(&self, postgres: &Postgres) -> String {
        postgres.url(APP, &self.secrets.app, DATABASE)
    }

    pub(super) fn database_direct_url(&self, postgres: &Postgres) -> String {
        postgres.url(OWNER, &self.secrets.owner, DATABASE)
    }
}
