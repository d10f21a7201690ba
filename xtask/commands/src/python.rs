//! The Python environment of the recorded answers and the peers' measurements.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{program, root, run};

/// The list of what every program here needs.
const REQUIREMENTS: &str = "xtask/python/requirements.txt";

/// A Python interpreter that has everything in `xtask/python/requirements.txt`.
///
/// The environment is made once, in the target folder, and kept. PyTorch's package for Linux does
/// not load without the CUDA libraries that it depends on, so they come along: about 5 GB.
pub(crate) fn interpreter() -> Result<Command, String> {
    install("ready", &[REQUIREMENTS])
}

/// The same with everything in another list as well.
pub(crate) fn interpreter_with(requirements: &str) -> Result<Command, String> {
    let mark = format!("ready-{}", requirements.replace(['/', '.'], "-"));
    install(&mark, &[REQUIREMENTS, requirements])
}

/// Installs what the lists name, unless the mark says that this has been done.
fn install(mark: &str, lists: &[&str]) -> Result<Command, String> {
    let environment = root().join("target/python");
    let python = python_of(&environment);
    let ready = environment.join(mark);
    let mut wanted = String::new();
    for list in lists {
        let path = root().join(list);
        wanted += &std::fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    }
    if std::fs::read_to_string(&ready).ok().as_deref() != Some(&wanted) {
        run(program("python3").args(["-m", "venv"]).arg(&environment))?;
        let mut install = program(&python);
        install.args(["-m", "pip", "install", "--quiet"]);
        for list in lists {
            install.arg("-r").arg(root().join(list));
        }
        run(&mut install)?;
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
