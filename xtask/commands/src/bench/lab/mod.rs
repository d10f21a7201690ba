//! Training steps of the lab's networks beside PyTorch's.

mod page;

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX};
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use super::plan::{Pace, cell};
use super::record::{Machine, Record};
use super::sessions::{build, session};
use super::{Peers, keep};
use crate::process::{self, root};
use crate::python;

/// The record of the last full run.
pub(super) const RECORD: &str = "docs/benchmarks/lab.json";
const PAGE: &str = "docs/benchmarks/lab.md";

/// The networks as `bench/lab` names them, with the samples of a batch, and the aim: PyTorch's time by the lab's.
const NETWORKS: [(&str, u64, f64); 5] = [
    ("mlp of 2 inputs", 32, 1.5),
    ("mlp of digits", 32, 1.5),
    ("mlp of 20 layers", 32, 1.5),
    ("cnn", 32, 1.0),
    ("transformer", 32, 1.0),
];

/// Measures. A full run beside PyTorch rewrites the record and its page; any other leaves both in `target/bench`.
pub(super) fn run(peers: Peers, pace: Pace) -> Result<(), String> {
    let folder = root().join("target/bench");
    let target = folder.join("portable");
    // As any user builds it.
    process::run(build("lab", &target).env_remove("RUSTFLAGS"))?;
    let built = target.join("release");
    let library = built.join(format!("{DLL_PREFIX}lab{DLL_SUFFIX}"));
    let (program, library) = if peers == Peers::All {
        let mut script = python::interpreter_with("bench/python/requirements.txt")?;
        script.arg(root().join("bench/python/training.py"));
        (script, Some(library.as_path()))
    } else {
        (Command::new(built.join(format!("lab{EXE_SUFFIX}"))), None)
    };
    let part = session(program, "lab", 1, &plan(pace), library, &folder)?;
    let record = Record::of(Machine::here()?, pace == Pace::Quick, vec![part]);
    let whole = pace == Pace::Full && peers == Peers::All;
    keep(whole, RECORD, &record, &pages(&record))
}

/// As the programs read it: `bench/session/src/plan.rs` and `bench/python/training.py`.
fn plan(pace: Pace) -> Value {
    let quick = pace == Pace::Quick;
    let rounds = if quick { 3 } else { 11 };
    let cells =
        NETWORKS.map(|(network, batch, _)| cell(network, "step", "f32", batch, None, "step"));
    json!({
        "name": "lab, 1 thread",
        "networks": "lab_networks",
        "sides": ["knee lab"],
        "peers": true,
        "threads": 1,
        "rounds": rounds,
        "rounds_large": rounds,
        "shortest_ns": if quick { 25_000_000 } else { 100_000_000 },
        "slow_ns": 2_000_000_000_u64,
        "sample": 0,
        "reach": 0.0,
        "cells": cells,
        "errors": [],
    })
}

/// The page of a record.
pub(super) fn pages(record: &Record) -> Vec<(PathBuf, String)> {
    vec![(PAGE.into(), page::page(record))]
}
