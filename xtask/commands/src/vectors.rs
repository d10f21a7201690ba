//! `cargo xtask vectors` and `cargo xtask examples`: small files recorded by Python programs.

use crate::process::{root, run};
use crate::python::interpreter;

/// Each program and the folder that it fills.
const RECORDED: [(&str, &str); 6] = [
    ("conformance.py", "crates/knee/tests/conformance"),
    ("functions.py", "crates/knee/tests/vectors"),
    ("operators.py", "crates/knee-onnx/tests/vectors"),
    ("vectors.py", "crates/knee-onnx/tests/vectors"),
    ("healthy.py", "crates/knee-onnx/tests/healthy"),
    ("sick.py", "crates/knee-onnx/tests/sick"),
];

/// Records what PyTorch and ONNX Runtime answer, and the cases of other projects' suites.
pub(crate) fn record() -> Result<(), String> {
    for (script, folder) in RECORDED {
        let script = root().join("xtask/python").join(script);
        run(interpreter()?.arg(script).arg(root().join(folder)))?;
    }
    Ok(())
}

/// Trains and exports the embedded examples.
pub(crate) fn examples() -> Result<(), String> {
    run(interpreter()?
        .env("PYTHONPATH", root().join("xtask/python"))
        .arg(root().join("examples/make.py")))
}
