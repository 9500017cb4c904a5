use std::ffi::OsStr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

use crate::workspace::root;

/// An editor that saves several files is done when it saved none for so long.
const QUIET: Duration = Duration::from_millis(200);

/// What the functions are made of.
const FOLDERS: [&str; 2] = ["functions", "shared"];
/// The kinds of files that are compiled, or compiled in.
const KINDS: [&str; 4] = ["rs", "sql", "toml", "json"];

/// The sources of the functions.
#[derive(Debug)]
pub(super) struct Sources {
    changes: UnboundedReceiver<()>,
    _sender: UnboundedSender<()>,
    _watcher: Option<RecommendedWatcher>,
}

impl Sources {
    /// Nobody looks at them: they never change.
    pub(super) fn unwatched() -> Self {
        let (sender, changes) = unbounded_channel();
        Self { changes, _sender: sender, _watcher: None }
    }

    /// They are watched from now on.
    pub(super) fn watched() -> Result<Self> {
        let (sender, changes) = unbounded_channel();
        let noticed = sender.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| counts(&event)) {
                let _ = noticed.send(());
            }
        })?;
        for folder in FOLDERS {
            let folder = root().join(folder);
            watcher
                .watch(&folder, RecursiveMode::Recursive)
                .with_context(|| format!("{} cannot be watched", folder.display()))?;
        }
        Ok(Self { changes, _sender: sender, _watcher: Some(watcher) })
    }

    /// Waits until something has changed, and nothing has for a moment.
    pub(super) async fn changed(&mut self) {
        let _ = self.changes.recv().await;
        while timeout(QUIET, self.changes.recv()).await.is_ok_and(|change| change.is_some()) {}
    }
}

fn counts(event: &Event) -> bool {
    let written = matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_));
    let kind = |path: &std::path::PathBuf| path.extension().and_then(OsStr::to_str).map(str::to_owned);
    written && event.paths.iter().filter_map(kind).any(|kind| KINDS.contains(&kind.as_str()))
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind, ModifyKind};

    use super::*;

    #[test]
    fn only_what_is_compiled_counts_and_only_when_it_is_written() {
        let event = |kind, path: &str| Event::new(kind).add_path(path.into());
        assert!(counts(&event(EventKind::Modify(ModifyKind::Any), "shared/domain/src/text.rs")));
        assert!(counts(&event(EventKind::Create(CreateKind::File), "shared/store/migrations/0002_more.sql")));
        assert!(!counts(&event(EventKind::Access(AccessKind::Any), "shared/domain/src/text.rs")));
        assert!(!counts(&event(EventKind::Modify(ModifyKind::Any), "functions/chat/src/reply.rs~")));
    }
}
