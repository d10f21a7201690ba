//! Nanoseconds per element, every way in turn.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use crate::FUNCTIONS;
use crate::way::{Compiled, Level};

/// Elements: arrays that fit in L1 and in L2.
const SIZES: [(usize, &str); 2] = [(4 * 1024, "4 Ki"), (64 * 1024, "64 Ki")];
const REPETITIONS: usize = 41;
/// Elements that are worked on between two looks at the clock.
const BATCH: usize = 1 << 20;

/// The medians as a table: one line per function, level and size, one column per way.
pub(crate) fn table(ways: &[Compiled]) -> String {
    let mut names = ways.iter().map(|compiled| compiled.way).collect::<Vec<_>>();
    // The levels of a way are neighbours.
    names.dedup();
    let mut table = format!(
        "| function | level | elements | {} | slowest / fastest |\n|---|---|---|{}---|\n",
        names.join(" | "),
        "---|".repeat(names.len()),
    );
    for (function, name) in FUNCTIONS.iter().enumerate() {
        for level in Level::ALL {
            let compiled = ways
                .iter()
                .filter(|compiled| compiled.level == level)
                .collect::<Vec<_>>();
            if compiled.is_empty() {
                continue;
            }
            for (size, shown) in SIZES {
                let medians = medians(&compiled, function, size);
                let cells = medians
                    .iter()
                    .map(|ns| format!("{ns:.3}"))
                    .collect::<Vec<_>>();
                let slowest = medians.iter().copied().fold(0.0, f64::max);
                let fastest = medians.iter().copied().fold(f64::INFINITY, f64::min);
                writeln!(
                    table,
                    "| {name} | {} | {shown} | {} | {:.2} |",
                    level.name(),
                    cells.join(" | "),
                    slowest / fastest,
                )
                .expect("a string takes everything");
            }
        }
    }
    table
}

/// Median nanoseconds per element of each way; the ways take turns.
fn medians(ways: &[&Compiled], function: usize, size: usize) -> Vec<f64> {
    // A spread of arguments on both sides of zero, where the functions bend.
    let x = (0..size)
        .map(|i| 3.0 * (i as f32 * 0.7).sin())
        .collect::<Vec<_>>();
    let mut y = vec![0.0; size];
    let mut samples = vec![Vec::new(); ways.len()];
    for repetition in 0..=REPETITIONS {
        for (compiled, samples) in ways.iter().zip(&mut samples) {
            let calls = BATCH / size;
            let start = Instant::now();
            for _ in 0..calls {
                (compiled.functions[function])(black_box(&x), black_box(&mut y));
            }
            let spent = start.elapsed().as_secs_f64() * 1e9;
            // The first round warms up.
            if repetition > 0 {
                samples.push(spent / (calls * size) as f64);
            }
        }
    }
    samples
        .iter_mut()
        .map(|samples| {
            samples.sort_by(f64::total_cmp);
            samples[samples.len() / 2]
        })
        .collect()
}
