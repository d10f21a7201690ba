//! The command line tool `knee`: activation functions computed, shown and diagnosed.

mod commands;
mod drawing;
mod outcome;
mod terminal;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

use commands::Command;
use terminal::{Colour, Terminal};

const EXAMPLES: &str = "\
Examples:
  knee doctor                    diagnose an embedded example network
  knee doctor model.onnx --input batch.npz --loss cross-entropy
  knee list                      every activation function
  knee show gelu                 formula, derivative, facts and plot of one
  knee show gelu --output gelu.svg
  knee show 'leaky_relu(negative_slope=0.2)'

`knee COMMAND --help` has more examples.
Exit code: 0 done, 1 the diagnosis found something, 2 bad usage or input.";

/// Activation functions of neural networks: show them, and diagnose them in a network
#[derive(Parser, Debug)]
#[command(version, about, after_help = EXAMPLES, max_term_width = 100)]
struct Knee {
    #[command(subcommand)]
    command: Command,

    /// Write results only: no notes, no progress
    #[arg(long, short, global = true, help_heading = "Options of every command")]
    quiet: bool,

    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Options of every command"
    )]
    color: Colour,

    /// Draw with ASCII characters only
    #[arg(long, global = true, help_heading = "Options of every command")]
    ascii: bool,
}

fn main() -> ExitCode {
    let arguments = Knee::parse();
    let terminal = Terminal::new(arguments.quiet, arguments.color, arguments.ascii);
    match arguments.command.run(&terminal) {
        Ok(outcome) => outcome.code(),
        Err(failure) => {
            // Nobody is left to be told when standard error is closed.
            let _ = writeln!(
                std::io::stderr(),
                "error: {}",
                terminal::clean(&failure.to_string())
            );
            ExitCode::from(2)
        }
    }
}
