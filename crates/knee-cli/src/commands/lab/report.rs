//! `knee lab report`: recorded results, judged and shown again.

use std::path::PathBuf;

use clap::Args;
use knee_lab::store;

use super::written::{Written, written};
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee lab report results
  knee lab report results --format html > results.html
  knee lab report one two        the runs of both; the later of two that are the same";

/// Judge and show recorded results again
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Report {
    /// Folders of `knee lab run --output`, or files of records
    #[arg(required = true, value_name = "DIR")]
    from: Vec<PathBuf>,

    /// How the results are written
    #[arg(long, value_enum, default_value_t)]
    format: Written,
}

impl Report {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let mut records = std::collections::BTreeMap::new();
        for path in &self.from {
            let read = store::read(path)?;
            if read.cut {
                terminal.warn(&format!(
                    "{}: the last line was cut off and is left out",
                    path.display()
                ));
            }
            records.extend(
                read.records
                    .into_iter()
                    .map(|record| (record.key(), record)),
            );
        }
        let records: Vec<_> = records.into_values().collect();
        if records.is_empty() {
            return Err(Failure::new(
                "there is no finished run; `knee lab run NAME --output DIR` makes some",
            ));
        }
        terminal.print(&written(&records, self.format, terminal)?)?;
        Ok(Outcome::Fine)
    }
}
