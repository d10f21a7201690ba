//! knee in Burn and in candle beside the frameworks' own functions, and training steps beside PyTorch's.

mod page;
mod plan;

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX};
use std::path::PathBuf;
use std::process::Command;

use super::plan::Pace;
use super::record::{Machine, Record};
use super::sessions::{native, session};
use super::{Peers, keep};
use crate::process::root;
use crate::python;

/// The record of the last full run.
pub(super) const RECORD: &str = "docs/benchmarks/frameworks.json";
const PAGE: &str = "docs/benchmarks/frameworks.md";

/// Measures. A full run beside everybody rewrites the record and its page; any other leaves both in `target/bench`.
pub(super) fn run(peers: Peers, pace: Pace) -> Result<(), String> {
    let folder = root().join("target/bench");
    let built = native("frameworks", &[], &folder)?;
    let program = || Command::new(built.join(format!("frameworks{EXE_SUFFIX}")));
    let library = built.join(format!("{DLL_PREFIX}frameworks{DLL_SUFFIX}"));

    let operations = plan::operations(pace, peers != Peers::None);
    let mut parts = vec![session(
        program(),
        "operations",
        1,
        &operations,
        None,
        &folder,
    )?];
    for threads in [1, 2] {
        let training = plan::training(threads, pace, peers != Peers::None);
        let (program, library) = if peers == Peers::All {
            let mut script = python::interpreter_with("bench/python/requirements.txt")?;
            script.arg(root().join("bench/python/training.py"));
            (script, Some(library.as_path()))
        } else {
            (program(), None)
        };
        parts.push(session(
            program, "training", threads, &training, library, &folder,
        )?);
    }
    let record = Record::of(Machine::here()?, pace == Pace::Quick, parts);
    let whole = pace == Pace::Full && peers == Peers::All;
    keep(whole, RECORD, &record, &pages(&record))
}

/// The page of a record.
pub(super) fn pages(record: &Record) -> Vec<(PathBuf, String)> {
    vec![(PAGE.into(), page::page(record))]
}
