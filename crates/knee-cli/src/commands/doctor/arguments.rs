//! The arguments of `knee doctor`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use knee_doctor::{LossKind, rules};

use super::memory::Memory;

const EXAMPLES: &str = "\
Examples:
  knee doctor                                     the embedded example, with faults planted in it
  knee doctor model.onnx                          what graph and weights show
  knee doctor model.onnx --input batch.npz        and dead or saturated units, non-finite values
  knee doctor model.onnx --input batch.npz --loss cross-entropy
                                                  and gradients, output against loss
  knee doctor model.onnx --input batch.npz --loss mse --format html --output report.html
  knee doctor --explain dead-units                what a rule checks, why, and what to do

An .npz holds one array per graph input, by its name, and `labels`: class indices, or one row per
sample. A network with one input also takes an .npy.

Exit code: 0 nothing at or above --fail-on, 1 something, 2 bad usage or input.";

/// The examples, and the rules that there are.
fn after_help() -> String {
    let slugs: Vec<&str> = rules::all().iter().map(|rule| rule.meta().slug).collect();
    format!("{EXAMPLES}\n\nRules: {}.", slugs.join(", "))
}

/// Diagnose the activations of a network
#[derive(Args, Debug)]
#[command(after_help = after_help())]
pub(crate) struct Doctor {
    /// The network, an ONNX file; without it an embedded example
    pub(super) model: Option<PathBuf>,

    /// Inputs and labels: .npz, or .npy for a network with one input
    #[arg(long, value_name = "FILE")]
    pub(super) input: Option<PathBuf>,

    /// The loss that the network is trained with; with labels it also gives gradients
    #[arg(long, value_name = "LOSS", value_parser = loss)]
    pub(super) loss: Option<LossKind>,

    /// The weights are the initial ones: check the initialisation too
    #[arg(long)]
    pub(super) at_init: bool,

    /// Inputs that run at once; evidence does not depend on it
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = positive)]
    pub(super) batch_size: usize,

    /// Use only N of the inputs, evenly spaced
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(super) samples: Option<usize>,

    /// The output that enters the loss, where the network has several
    #[arg(long, value_name = "NAME")]
    pub(super) output_name: Option<String>,

    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,

    /// Where the report is written; without it standard output
    #[arg(long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,

    /// The level from which on a finding makes the exit code 1 [default: error; an example: never]
    #[arg(long, value_enum)]
    pub(super) fail_on: Option<FailOn>,

    /// Ask only these rules
    #[arg(long, value_name = "SLUG", value_delimiter = ',')]
    pub(super) only: Vec<String>,

    /// Do not ask these rules
    #[arg(long, value_name = "SLUG", value_delimiter = ',')]
    pub(super) skip: Vec<String>,

    /// Change a threshold; may be repeated
    #[arg(long, value_name = "SLUG.PARAM=VALUE")]
    pub(super) set: Vec<String>,

    /// Explain a rule and its parameters instead
    #[arg(long, value_name = "SLUG")]
    pub(super) explain: Option<String>,

    /// Refuse a run that needs more memory, such as 512MiB or 8GiB
    #[arg(long, value_name = "SIZE", default_value = "8GiB")]
    pub(super) max_memory: Memory,

    /// Use an embedded example network
    #[arg(long, value_name = "NAME", value_enum, conflicts_with_all = ["model", "input"])]
    pub(super) example: Option<Example>,

    /// Keep what was seen in this file, to be merged later
    #[arg(long, value_name = "FILE")]
    pub(super) evidence_out: Option<PathBuf>,

    /// Take what was seen from these evidence files of one network
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["input", "example"])]
    pub(super) merge: Vec<PathBuf>,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading in a terminal
    Text,
    /// For programs; the schema is docs/report.schema.json
    Json,
    /// One self-contained page
    Html,
}

/// From which level on a finding fails the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// The network cannot be right
    Error,
    /// It costs accuracy, speed or capacity
    Warn,
    /// Anything worth knowing
    Info,
    /// Always exit with 0
    Never,
}

/// An embedded network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Example {
    /// Trained on digits, with several faults planted
    Sick,
    /// Trained on digits; nothing to find
    Healthy,
}

fn loss(text: &str) -> Result<LossKind, String> {
    text.parse()
        .map_err(|error: knee_doctor::Error| error.to_string())
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".into()),
        Ok(number) => Ok(number),
        Err(_) => Err("it must be a whole number, at least 1".into()),
    }
}
