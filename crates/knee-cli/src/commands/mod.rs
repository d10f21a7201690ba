//! The commands of the program, one file or folder each.

mod choose;
mod compare;
mod completions;
mod doctor;
mod eval;
mod lab;
mod list;
mod plot;
mod regions;
mod show;

use clap::{Subcommand, ValueEnum};

use knee_catalogue::{Entry, Error};

use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

/// What the program is asked to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Doctor(Box<doctor::Doctor>),
    List(list::List),
    Show(show::Show),
    Plot(plot::Plot),
    Eval(eval::Eval),
    Compare(compare::Compare),
    Choose(choose::Choose),
    Lab(Box<lab::Lab>),
    Regions(Box<regions::Regions>),
    Completions(completions::Completions),
}

impl Command {
    /// Does it.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        match self {
            Self::Doctor(command) => command.run(terminal),
            Self::List(command) => command.run(terminal),
            Self::Show(command) => command.run(terminal),
            Self::Plot(command) => command.run(terminal),
            Self::Eval(command) => command.run(terminal),
            Self::Compare(command) => command.run(terminal),
            Self::Choose(command) => command.run(terminal),
            Self::Lab(command) => command.run(terminal),
            Self::Regions(command) => command.run(terminal),
            Self::Completions(command) => command.run(terminal),
        }
    }
}

/// How a result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs; numbers that are not finite are strings
    Json,
}

/// The function that an argument names.
fn named(text: &str) -> Result<Entry, Failure> {
    Entry::parse(text).map_err(|error| match error {
        Error::Unknown { .. } => Failure::new(format!("{error} `knee list` names them all")),
        _ => error.into(),
    })
}
