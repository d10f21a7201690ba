//! `cargo xtask`: builds the project's own commands, and runs them.
//!
//! They are built with `--workspace`: a package that is built alone has fewer features, and knee, which takes minutes, would be built twice
//! for `cargo xtask test`.

use std::path::Path;
use std::process::{Command, ExitCode};

/// The package and its program.
const COMMANDS: &str = "xtask-commands";

fn main() -> ExitCode {
    run().unwrap_or_else(|message| {
        eprintln!("error: {message}");
        ExitCode::from(2)
    })
}

/// The exit code of the commands.
fn run() -> Result<ExitCode, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let status = Command::new(&cargo)
        .args(["build", "--quiet", "--workspace", "--bin", COMMANDS])
        .current_dir(&root)
        .status()
        .map_err(|error| format!("{}: {error}", cargo.display()))?;
    if !status.success() {
        return Err(format!("{COMMANDS} was not built"));
    }
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = own.with_file_name(format!("{COMMANDS}{}", std::env::consts::EXE_SUFFIX));
    let status = Command::new(&program)
        .args(std::env::args_os().skip(1))
        .status()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
