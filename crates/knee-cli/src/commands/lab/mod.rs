//! `knee lab`: what is said about activation functions, measured.

mod compare;
mod date;
mod list;
mod progress;
mod report;
mod run;
mod show;
mod written;

use clap::{Args, Subcommand};

use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee lab list
  knee lab run dead-units
  knee lab run depth --set depth=40 --seeds 3
  knee lab run all --quick --output results
  knee lab report results
  knee lab compare results other";

/// Measure what is said about activation functions, in experiments
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Lab {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    List(list::List),
    Show(show::Show),
    Run(run::RunCommand),
    Report(report::Report),
    Compare(compare::Compare),
}

impl Lab {
    /// Does what is asked.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        match &self.command {
            Command::List(command) => command.run(terminal),
            Command::Show(command) => command.run(terminal),
            Command::Run(command) => command.run(terminal),
            Command::Report(command) => command.run(terminal),
            Command::Compare(command) => command.run(terminal),
        }
    }
}
