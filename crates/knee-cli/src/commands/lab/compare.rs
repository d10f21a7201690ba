//! `knee lab compare`: two sets of results, run by run.

use std::path::PathBuf;

use clap::Args;
use knee_lab::{report, store};

use crate::commands::Format;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee lab compare before after
  knee lab compare before after --format json

Exit code: 0 the same numbers, 1 some differ.";

/// Compare two sets of results: which runs differ, and which verdicts
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Compare {
    /// A folder of `knee lab run --output`
    one: PathBuf,

    /// Another
    other: PathBuf,

    /// How the comparison is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Compare {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let (one, other) = (store::read(&self.one)?, store::read(&self.other)?);
        let comparison = report::compare(&one.records, &other.records)?;
        terminal.print(&match self.format {
            Format::Text => comparison.text(),
            Format::Json => format!("{:#}\n", comparison.json()),
        })?;
        Ok(if comparison.same() {
            Outcome::Fine
        } else {
            Outcome::Found
        })
    }
}
