//! The Python environment of the recorded answers and the peers' measurements.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{program, root, run};

/// A Python interpreter that has everything in `xtask/python/requirements.txt`.
///
/// The environment is made once, in the target folder, and kept. PyTorch's package for Linux does
/// not load without the CUDA libraries that it depends on, so they come along: about 5 GB.
pub(crate) fn interpreter() -> Result<Command, String> {
    let environment = root().join("target/python");
    let python = python_of(&environment);
    let ready = environment.join("ready");
    let requirements = root().join("xtask/python/requirements.txt");
    let wanted = std::fs::read_to_string(&requirements)
        .map_err(|error| format!("cannot read {}: {error}", requirements.display()))?;
    if std::fs::read_to_string(&ready).ok().as_deref() != Some(&wanted) {
        run(program("python3").args(["-m", "venv"]).arg(&environment))?;
        run(program(&python)
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(&requirements))?;
        std::fs::write(&ready, wanted)
            .map_err(|error| format!("cannot write {}: {error}", ready.display()))?;
    }
    let mut command = program(python);
    // No `__pycache__` among the sources.
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(command)
}

fn python_of(environment: &std::path::Path) -> PathBuf {
    environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    })
}
