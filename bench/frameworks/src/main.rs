//! Times knee in Burn and in candle beside their own functions: `frameworks PLAN OUT`
//!
//! PLAN names the cells and how long each is timed. Writes the versions and the times in ns to OUT.

use std::error::Error;
use std::time::Instant;

use boundary::timer::boundary_pin;
use frameworks::{operations, training};
use serde_json::json;
use session::Plan;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [plan, out] = arguments.as_slice() else {
        return Err("frameworks PLAN OUT".into());
    };
    let plan = Plan::read(&std::fs::read_to_string(plan)?)?;
    if plan.threads == 1 {
        boundary_pin(std::thread::available_parallelism()?.get() as u64 - 1);
    }
    frameworks::keep_memory();
    let start = Instant::now();
    let mut cells = Vec::new();
    for (index, cell) in plan.cells.iter().enumerate() {
        cells.push(if cell.form == "step" {
            training::time(cell, &plan)?
        } else {
            operations::time(cell, &plan)
        });
        if index % 20 == 0 {
            let (seconds, cells) = (start.elapsed().as_secs(), plan.cells.len());
            eprintln!("{seconds:6} s  {} of {cells}", index + 1);
        }
    }
    let record = json!({
        "name": plan.name,
        "seconds": start.elapsed().as_secs(),
        "versions": {
            "burn": session::version("burn"),
            "candle": session::version("candle-core"),
        },
        "cells": cells,
        "errors": [],
    });
    std::fs::write(out, record.to_string())?;
    Ok(())
}
