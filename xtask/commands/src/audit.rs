//! `cargo xtask audit`: licences and sources of the dependencies.

use crate::process::{self, cargo};

/// Runs cargo-deny with the workspace's `deny.toml`.
pub(crate) fn run() -> Result<(), String> {
    let installed = cargo()
        .args(["deny", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !installed {
        return Err("cargo-deny is not installed; `cargo install cargo-deny` gets it".into());
    }
    process::run(cargo().args(["deny", "check", "licenses", "bans", "sources"]))
}
