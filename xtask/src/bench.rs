//! `cargo xtask bench`: every ratio has both sides measured in one run on one machine.

use clap::ValueEnum;

use crate::process::{self, cargo};
use crate::python;

/// What can be measured.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Subject {
    /// The diagnosis of a ResNet-18-shaped network beside its forward and backward alone
    Doctor,
    /// Four ways to make vectors of one formula, their speed and their compile time; writes docs/architecture.md
    Ways,
}

/// Measures the subject and prints the ratios.
pub(crate) fn run(subject: Subject, without_python: bool) -> Result<(), String> {
    match subject {
        Subject::Doctor => doctor(without_python),
        Subject::Ways => process::run(cargo().args([
            "run",
            "--release",
            "--manifest-path",
            "bench/ways/Cargo.toml",
        ])),
    }
}

fn doctor(without_python: bool) -> Result<(), String> {
    let folder = process::root().join("target/bench-doctor");
    let mut bench = cargo();
    bench.args(["bench", "--package", "knee-onnx", "--bench", "doctor", "--"]);
    if !without_python {
        let script = process::root().join("xtask/python/resnet18.py");
        process::run(python::interpreter()?.arg(script).arg(&folder))?;
        bench.arg(&folder);
    }
    process::run(&mut bench)
}
