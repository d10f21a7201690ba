//! Times training steps of the lab's networks: `lab PLAN OUT`
//!
//! PLAN names the networks and how long each is timed. Writes the versions and the times in ns to OUT.

use std::error::Error;
use std::time::Instant;

use boundary::timer::boundary_pin;
use serde_json::json;
use session::{Plan, Turns};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [plan, out] = arguments.as_slice() else {
        return Err("lab PLAN OUT".into());
    };
    let plan = Plan::read(&std::fs::read_to_string(plan)?)?;
    boundary_pin(std::thread::available_parallelism()?.get() as u64 - 1);
    let start = Instant::now();
    let mut cells = Vec::new();
    for cell in &plan.cells {
        let name = &cell.function;
        let mut training = lab::training(name).ok_or(format!("there is no network `{name}`"))?;
        let run = Box::new(move |calls| {
            for _ in 0..calls {
                std::hint::black_box(training.step());
            }
        });
        let mut turns = Turns::default();
        turns.add("knee lab", run, None);
        cells.push(turns.time(cell, plan.turns(true)));
    }
    let record = json!({
        "name": plan.name,
        "seconds": start.elapsed().as_secs(),
        "versions": { "burn": session::version("burn") },
        "cells": cells,
        "errors": [],
    });
    std::fs::write(out, record.to_string())?;
    Ok(())
}
