use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::Instant;

use super::{Cloud, emulator, front_door, functions, stack};
use crate::steps::step;

/// More ends than this within [`WINDOW`] are no accident.
const MOST: usize = 5;
const WINDOW: Duration = Duration::from_mins(1);

/// What ended by itself.
enum Ended {
    Postgres,
    Emulator,
    Functions,
    FrontDoor,
}

impl Cloud {
    /// Starts again what ends by itself; returns when it keeps ending. The emulator comes back with the template deployed anew: what
    /// people wrote is in Postgres.
    pub(crate) async fn supervise(&mut self) -> Result<()> {
        let mut ends: Vec<Instant> = Vec::new();
        loop {
            let ended = tokio::select! {
                () = self.sources.changed() => {
                    self.renew_functions().await?;
                    continue;
                }
                _ = self.postgres.daemon.ended() => Ended::Postgres,
                _ = self.emulator.ended() => Ended::Emulator,
                _ = self.functions.ended() => Ended::Functions,
                _ = self.front_door.ended() => Ended::FrontDoor,
            };
            ends.retain(|end| end.elapsed() < WINDOW);
            ends.push(Instant::now());
            let daemon = match ended {
                Ended::Postgres => &self.postgres.daemon,
                Ended::Emulator => &self.emulator,
                Ended::Functions => &self.functions,
                Ended::FrontDoor => &self.front_door,
            };
            if ends.len() > MOST {
                bail!("{} keeps ending:\n{}", daemon.name(), daemon.last_words());
            }
            println!("  ! {} ended and is started again", daemon.name());
            self.restart(&ended).await?;
        }
    }

    /// Builds the functions anew and hosts those instead. What does not compile changes nothing.
    async fn renew_functions(&mut self) -> Result<()> {
        println!("  · a function has changed");
        if step("Functions, built", functions::build(self.plan.peer)).await.is_err() {
            println!("  ! those from before go on");
            return Ok(());
        }
        self.functions.stop().await;
        self.functions = step("Functions, hosted", functions::host(&self.plan, &self.stack)).await?;
        step("Database, migrated", functions::migrate(&self.plan)).await?;
        step("Functions, warm", functions::warm(&self.plan, &self.stack)).await
    }

    async fn restart(&mut self, ended: &Ended) -> Result<()> {
        match ended {
            Ended::Postgres => self.postgres = self.plan.start_postgres().await?,
            Ended::Emulator => {
                self.emulator = emulator::start(&self.plan).await?;
                self.stack = stack::deploy(&self.plan, &self.postgres).await?;
            }
            Ended::Functions => {
                self.functions = functions::host(&self.plan, &self.stack).await?;
                functions::warm(&self.plan, &self.stack).await?;
            }
            Ended::FrontDoor => (self.front_door, self.url) = front_door::start(&self.plan, &self.stack).await?,
        }
        Ok(())
    }
}
