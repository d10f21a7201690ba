//! Builds the programs that measure, runs them, and puts together what they wrote.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::plan::{Pace, Share, plan};
use super::record::{Machine, Part, Record};
use super::{Peers, write};
use crate::process::{self, cargo, root};
use crate::python;

/// Runs everything that the peers ask for.
pub(super) fn run(name: Option<&str>, peers: Peers, pace: Pace) -> Result<Record, String> {
    let folder = root().join("target/bench");
    let library = boundary(&folder)?;
    let rust = rust_peers(&folder, peers != Peers::None)?;
    let share = if peers == Peers::All {
        Share::Crates
    } else {
        Share::Whole
    };
    let mut parts = vec![session(
        Command::new(&rust),
        "rust",
        1,
        &plan(name, 1, pace, share),
        Some(&library),
        &folder,
    )?];
    if peers == Peers::All {
        for threads in [1, 2] {
            let mut script = python::interpreter_with("bench/python/requirements.txt")?;
            script.arg(root().join("bench/python/session.py"));
            let plan = plan(name, threads, pace, Share::Whole);
            parts.push(session(
                script,
                "python",
                threads,
                &plan,
                Some(&library),
                &folder,
            )?);
        }
    } else {
        parts.push(session(
            Command::new(&rust),
            "rust",
            2,
            &plan(name, 2, pace, share),
            Some(&library),
            &folder,
        )?);
    }
    Ok(Record::of(Machine::here()?, pace == Pace::Quick, parts))
}

/// The library with the C boundary, built as any user builds knee.
fn boundary(folder: &Path) -> Result<PathBuf, String> {
    let target = folder.join("portable");
    process::run(build("boundary", &target).env_remove("RUSTFLAGS"))?;
    Ok(target.join(format!("release/{DLL_PREFIX}boundary{DLL_SUFFIX}")))
}

/// The program with the Rust peers.
fn rust_peers(folder: &Path, with_peers: bool) -> Result<PathBuf, String> {
    let features: &[&str] = if with_peers { &["peers"] } else { &[] };
    let built = native("rust-peers", features, folder)?;
    Ok(built.join(format!("rust-peers{EXE_SUFFIX}")))
}

/// Where a package is, built for this processor: some peers are several times slower otherwise.
pub(super) fn native(package: &str, features: &[&str], folder: &Path) -> Result<PathBuf, String> {
    let target = folder.join("native");
    let mut build = build(package, &target);
    for feature in features {
        build.args(["--features", feature]);
    }
    process::run(build.env("RUSTFLAGS", "-C target-cpu=native"))?;
    Ok(target.join("release"))
}

/// Builds a package in `target`.
pub(super) fn build(package: &str, target: &Path) -> Command {
    let mut build = cargo();
    build
        .args([
            "build",
            "--release",
            "--quiet",
            "--locked",
            "--package",
            package,
        ])
        .args(["--manifest-path", "bench/Cargo.toml", "--target-dir"])
        .arg(target);
    build
}

/// One process with its number of threads, and with the library that it loads.
pub(super) fn session(
    mut program: Command,
    kind: &str,
    threads: u64,
    plan: &Value,
    library: Option<&Path>,
    folder: &Path,
) -> Result<Part, String> {
    eprintln!("== {kind}, {threads} of 2 threads");
    let file = |what: &str| folder.join(format!("{kind}-{threads}-{what}.json"));
    let (plan_file, out) = (file("plan"), file("times"));
    write(&plan_file, &plan.to_string())?;
    for variable in ["RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"] {
        program.env(variable, threads.to_string());
    }
    // Milliseconds for which MKL's threads wait for more work on a processor that others need meanwhile.
    program.env("KMP_BLOCKTIME", "1");
    process::run(
        program
            .current_dir(root())
            .arg(plan_file)
            .args(library)
            .arg(&out),
    )?;
    let text = fs::read_to_string(&out)
        .map_err(|error| format!("cannot read {}: {error}", out.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", out.display()))
}
