//! The project's own commands. `cargo xtask help` lists them.

mod audit;
mod bench;
mod callgrind;
mod exhaustive;
mod fuzz;
mod generate;
mod instructions;
mod process;
mod python;
mod test;
mod vectors;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Commands of the knee workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every check that must pass: format, lints, tests, docs, generated files
    Test,
    /// Write the generated documentation, or check that it is up to date
    Generate {
        /// Change nothing; fail when a file differs
        #[arg(long)]
        check: bool,
    },
    /// Record what PyTorch and ONNX Runtime answer (makes its own Python environment)
    Vectors,
    /// Train and export the embedded examples again (makes its own Python environment)
    Examples,
    /// Feed mutated files to the readers and to whole runs
    Fuzz {
        /// Mutated files that are only read
        #[arg(long, default_value_t = 1_000_000)]
        reads: u64,
        /// Mutated files that are read and run
        #[arg(long, default_value_t = 20_000)]
        runs: u64,
    },
    /// Measure; both sides of every ratio in one run. A full run writes docs/benchmarks.md
    ///
    /// `cargo xtask bench`, `cargo xtask bench gelu --peers rust`, `cargo xtask bench doctor`.
    Bench(bench::Arguments),
    /// Record the instructions of every kernel's loop, which the tests compare; writes docs/instructions.tsv
    Instructions,
    /// Count the instructions that the kernels run at the AVX2 level, and compare them with docs/callgrind.tsv (needs valgrind)
    Callgrind {
        /// Write docs/callgrind.tsv instead
        #[arg(long)]
        record: bool,
    },
    /// Compare functions with the truth at every number of a type; writes docs/accuracy.md
    ///
    /// `cargo xtask exhaustive --all`, `cargo xtask exhaustive gelu tanh --dtype f32 f64`. What is interrupted is continued.
    Exhaustive {
        /// Names of functions, `--all`, `--dtype f32|f64|f16|bf16`, `--every N`, `--level NAME`, `--tier fast`, `--threads N`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Check licences and sources of all dependencies (needs cargo-deny)
    Audit,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Test => test::run(),
        Command::Generate { check } => generate::run(check),
        Command::Vectors => vectors::record(),
        Command::Examples => vectors::examples(),
        Command::Fuzz { reads, runs } => fuzz::run(reads, runs),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Instructions => instructions::record(),
        Command::Callgrind { record } => callgrind::run(record),
        Command::Exhaustive { arguments } => exhaustive::run(&arguments),
        Command::Audit => audit::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
