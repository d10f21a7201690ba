//! `cargo xtask bench fusions`: fused operations beside the same work in separate steps.

mod page;

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::keep;
use super::plan::Pace;
use super::reasons;
use super::record::{Machine, Record};
use super::sessions::build;
use crate::process::{self, root};

/// The record of the last full run, and the page made from it.
pub(super) const RECORD: &str = "docs/benchmarks/fusions.json";
const PAGE: &str = "docs/benchmarks/fusions.md";

/// Why a fusion does not pay: written by hand, after looking.
const REASONS: &str = include_str!("reasons.tsv");

/// Measures. A full run rewrites the record and its page; a quick one leaves both in `target/bench`.
pub(super) fn run(pace: Pace) -> Result<(), String> {
    let folder = root().join("target/bench");
    // As any user builds knee.
    let target = folder.join("portable");
    process::run(build("fusions", &target).env_remove("RUSTFLAGS"))?;
    let out = folder.join("fusions-times.json");
    let mut program = Command::new(target.join(format!("release/fusions{EXE_SUFFIX}")));
    program.current_dir(root()).arg(&out);
    if pace == Pace::Quick {
        program.arg("--quick");
    }
    process::run(&mut program)?;
    let text = fs::read_to_string(&out)
        .map_err(|error| format!("cannot read {}: {error}", out.display()))?;
    let part =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", out.display()))?;
    let record = Record::of(Machine::here()?, pace == Pace::Quick, vec![part]);
    keep(pace == Pace::Full, RECORD, &record, &pages(&record))
}

/// The page of a record.
pub(super) fn pages(record: &Record) -> Vec<(PathBuf, String)> {
    let text = page::page(record, &reasons::read(REASONS));
    vec![(PAGE.into(), text)]
}
