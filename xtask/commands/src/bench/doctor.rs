//! The diagnosis of a ResNet-18-shaped network beside its forward and backward alone.

use crate::process::{self, cargo};
use crate::python;

/// Measures and prints the ratios.
pub(super) fn run(without_python: bool) -> Result<(), String> {
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
