//! `cargo xtask exhaustive`: every function at every number against the truth, in a program built for this processor.

use crate::process::{self, cargo};

/// Builds the program in a target folder of its own and hands it the arguments.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let target = process::root().join("target/native");
    process::run(
        cargo()
            .args(["run", "--release", "--quiet", "--package", "knee-oracle"])
            .args(["--example", "exhaustive", "--target-dir"])
            .arg(target)
            .arg("--")
            .args(arguments)
            .env("RUSTFLAGS", "-C target-cpu=native"),
    )
}
