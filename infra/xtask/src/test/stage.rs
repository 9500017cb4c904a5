use clap::ValueEnum;

/// A part of what CI runs. They run in this order: what is quick and what others need first.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Stage {
    /// What the tests need on this machine
    Tools,
    /// Rust is formatted
    Format,
    /// The rules of the project's shape
    Tidy,
    /// Rust without warnings
    Lint,
    /// .sqlx describes the queries and migrations as they are
    Queries,
    /// The API's description is what the pages' types come from
    ApiTypes,
    /// The references in Rust's documentation lead somewhere
    Rustdoc,
    /// Known vulnerabilities and packages in several versions
    Dependencies,
    /// Everything compiled
    Build,
    /// Rust: units, properties, the store and the functions on a real Postgres
    Tests,
    /// Rust: the store again, through a pooler in transaction mode
    Pooler,
    /// Rust: the examples in the documentation
    DocTests,
    /// Python: our patches of the AWS emulator
    Emulator,
    /// JavaScript: the front door, CloudFront's and the local one
    FrontDoor,
    /// The pages: types, lint, format
    PagesCheck,
    /// The pages: their tests
    PagesTest,
    /// The pages: built
    PagesBuild,
    /// The deployed portal on a local cloud of its own
    Portal,
    /// The portal in a browser
    Browser,
}

impl Stage {
    /// What it is called on the command line.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    pub(super) fn what(self) -> String {
        self.to_possible_value().and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }

    /// The stages without which it cannot work.
    pub(super) fn needs(self) -> &'static [Self] {
        match self {
            Self::Tools
            | Self::Format
            | Self::Tidy
            | Self::Lint
            | Self::Queries
            | Self::Rustdoc
            | Self::Dependencies => &[],
            Self::Build
            | Self::ApiTypes
            | Self::Emulator
            | Self::FrontDoor
            | Self::PagesCheck
            | Self::PagesTest
            | Self::PagesBuild => &[Self::Tools],
            Self::Tests | Self::Pooler | Self::DocTests => &[Self::Tools, Self::Build],
            Self::Portal | Self::Browser => &[Self::Tools, Self::Build, Self::PagesBuild],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_runs_after_those_that_it_needs_and_says_what_it_is() {
        let stages = Stage::value_variants();
        for (place, stage) in stages.iter().enumerate() {
            assert!(!stage.what().is_empty(), "{stage:?}");
            for needed in stage.needs() {
                assert!(stages[..place].contains(needed), "{stage:?} needs {needed:?}");
            }
        }
    }
}
