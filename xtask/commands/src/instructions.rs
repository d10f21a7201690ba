//! `cargo xtask instructions`: the instructions of every kernel's loop, recorded.

use crate::process::{cargo, run};

/// Has the test that compares them write what it finds to docs/instructions.tsv.
pub(crate) fn record() -> Result<(), String> {
    let test = ["test", "--package", "knee", "--lib", "every_kernel"];
    run(cargo().args(test).env("KNEE_RECORD_INSTRUCTIONS", "1"))
}
