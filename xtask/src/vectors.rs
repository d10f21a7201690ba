//! `cargo xtask vectors` and `cargo xtask examples`: small files recorded by Python programs.

use crate::process::{root, run};
use crate::python::interpreter;

/// Records what PyTorch and ONNX Runtime answer.
pub(crate) fn record() -> Result<(), String> {
    run(interpreter()?.arg(root().join("xtask/python/vectors.py")))
}

/// Trains and exports the embedded examples.
pub(crate) fn examples() -> Result<(), String> {
    run(interpreter()?.arg(root().join("examples/make.py")))
}
