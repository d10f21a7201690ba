//! Seconds to compile, one way at a time.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The features of this package, one for each way.
const FEATURES: [(&str, &str); 4] = [
    ("autovectorised", "autovectorised"),
    ("pulp", "pulp"),
    ("fearless", "fearless_simd"),
    ("own", "own types"),
];

/// Seconds for a release build with one way: everything from nothing, and this package alone.
pub(crate) fn table() -> Result<String, String> {
    let mut table =
        "| way | with its dependencies, s | the three functions alone, s |\n|---|---|---|\n"
            .to_owned();
    for (feature, name) in FEATURES {
        let folder = folder(feature);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .map_err(|error| format!("cannot empty {}: {error}", folder.display()))?;
        }
        let all = build(feature, &folder)?;
        run(&mut cargo(
            &folder,
            &["clean", "--release", "--package", env!("CARGO_PKG_NAME")],
        ))?;
        let alone = build(feature, &folder)?;
        writeln!(table, "| {name} | {all:.1} | {alone:.1} |").expect("a string takes everything");
    }
    Ok(table)
}

/// Where a way is built: beside this program.
fn folder(feature: &str) -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program
        .parent()
        .unwrap_or(Path::new("."))
        .join("ways-compile")
        .join(feature)
}

fn build(feature: &str, folder: &Path) -> Result<f64, String> {
    let start = Instant::now();
    // One job: the wall clock then tells of the work.
    run(&mut cargo(
        folder,
        &[
            "build",
            "--release",
            "--jobs",
            "1",
            "--no-default-features",
            "--features",
            feature,
        ],
    ))?;
    Ok(start.elapsed().as_secs_f64())
}

fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(arguments)
        .arg("--quiet")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", folder)
        .stdout(Stdio::null());
    command
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("cargo ended with {status}"))
    }
}
