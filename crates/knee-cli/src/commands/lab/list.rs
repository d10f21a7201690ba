//! `knee lab list`: the experiments.

use clap::Args;
use knee_lab::experiments;
use knee_lab::report;
use serde_json::{Value, json};

use crate::commands::Format;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

/// List the experiments, each with the sentence that it measures
#[derive(Args, Debug)]
pub(super) struct List {
    /// How the list is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl List {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let text = match self.format {
            Format::Text => report::list(experiments::all()),
            Format::Json => {
                let list: Vec<Value> = experiments::all()
                    .iter()
                    .map(|one| super::show::json(one.meta()))
                    .collect();
                format!("{:#}\n", json!(list))
            }
        };
        terminal.print(&text)?;
        Ok(Outcome::Fine)
    }
}
