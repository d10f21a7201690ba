//! Times knee beside other Rust crates, in turn, in one process: `rust-peers PLAN BOUNDARY OUT`
//!
//! PLAN names the cells and how long each is timed; BOUNDARY is the library of `bench/boundary`, built as any user builds knee, while
//! this program and the peers in it are built for the processor. Writes the versions, the times in ns and the errors in ulp to OUT.

mod boundary;
mod cells;
mod errors;
mod peers;

use std::error::Error;
use std::time::Instant;

use boundary::Boundary;
use serde_json::json;
use session::Plan;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [plan, library, out] = arguments.as_slice() else {
        return Err("rust-peers PLAN BOUNDARY OUT".into());
    };
    let plan = Plan::read(&std::fs::read_to_string(plan)?)?;
    let boundary = Boundary::open(library)?;
    if plan.threads == 1 {
        boundary.pin(std::thread::available_parallelism()?.get() as u64 - 1);
    }
    let start = Instant::now();
    // The peers have no number of threads that could be set for each call.
    let peers = if plan.threads == 1 {
        peers::all()
    } else {
        Vec::new()
    };
    let times = cells::time(&boundary, &plan, &peers, &start)?;
    let errors = errors::judge(&boundary, &plan, &peers)?;
    let versions: serde_json::Map<_, _> = peers
        .iter()
        .map(|peer| (peer.name().to_owned(), json!(peer.version())))
        .collect();
    let name = if plan.threads == 1 {
        "rust, 1 thread"
    } else {
        "rust, 2 threads"
    };
    let record = json!({
        "name": name,
        "seconds": start.elapsed().as_secs(),
        "versions": versions,
        "cells": times,
        "errors": errors,
    });
    std::fs::write(out, record.to_string())?;
    Ok(())
}
