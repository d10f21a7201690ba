//! The command line tool `knee`: activation functions computed, shown, compared, chosen and diagnosed.

mod commands;
mod drawing;
mod outcome;
mod terminal;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

use commands::Command;
use terminal::{Colour, Terminal};

const EXAMPLES: &str = "\
Examples:
  knee doctor                    diagnose an embedded example network
  knee doctor model.onnx --input batch.npz --loss cross-entropy
  knee list --bounded --smooth   the functions with these facts
  knee show gelu                 formula, derivative, facts and plot of one
  knee plot relu gelu --output two.png
  knee eval gelu -8              every type beside the true value
  knee compare gelu --with naive what the textbook formula loses
  knee choose --task binary      functions, loss and initialisation
  knee lab run dead-units        what is said about them, measured

`knee COMMAND --help` has more examples.
Exit code: 0 done, 1 the diagnosis found something, 2 bad usage or input.";

/// Activation functions of neural networks: show, compute, compare and choose them, and diagnose them in a network
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

/// `-inf` in a form that is read as a negative number and not as options.
fn as_number(argument: OsString) -> OsString {
    match argument.to_str() {
        Some("-inf" | "-infinity" | "-Infinity" | "-INF") => "-1e999".into(),
        _ => argument,
    }
}

fn main() -> ExitCode {
    let arguments = Knee::parse_from(std::env::args_os().map(as_number));
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
