//! Times knee's fused operations beside the same work in separate steps, in turn, in one process: `fusions OUT [--quick]`
//!
//! Writes the times in ns per element to OUT. Built as any user builds knee.

mod arrays;
mod case;
mod number;
mod pairs;
mod steps;
mod time;

use std::error::Error;
use std::time::Instant;

use boundary::timer::boundary_pin;
use half::bf16;
use serde_json::json;

use time::Pace;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (out, pace) = match arguments.as_slice() {
        [out] => (out, Pace::FULL),
        [out, quick] if quick == "--quick" => (out, Pace::QUICK),
        _ => return Err("fusions OUT [--quick]".into()),
    };
    boundary_pin(std::thread::available_parallelism()?.get() as u64 - 1);
    let start = Instant::now();
    let mut cells = time::all::<f32>(pace, &pairs::all())?;
    cells.extend(time::all::<bf16>(pace, &pairs::without_tiers())?);
    let times = json!({
        "name": "knee, 1 thread",
        "seconds": start.elapsed().as_secs(),
        "versions": {},
        "cells": cells,
        "errors": [],
    });
    std::fs::write(out, times.to_string())?;
    Ok(())
}
