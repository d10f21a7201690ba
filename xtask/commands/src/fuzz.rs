//! `cargo xtask fuzz`: mutated model and data files through the readers and through whole runs.

use crate::process::{self, cargo};

/// Runs knee-onnx's fuzz test, optimised, with the given numbers of files.
pub(crate) fn run(reads: u64, runs: u64) -> Result<(), String> {
    process::run(
        cargo()
            .args([
                "test",
                "--release",
                "--package",
                "knee-onnx",
                "--test",
                "fuzz",
            ])
            .args(["--", "--nocapture"])
            .env("KNEE_FUZZ_READS", reads.to_string())
            .env("KNEE_FUZZ_RUNS", runs.to_string()),
    )
}
