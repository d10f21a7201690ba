//! Compares functions with the truth at every number of a type, and records the worst errors; `cargo xtask exhaustive` runs it.

mod points;
mod record;
mod state;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::Parser;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use knee::{Function, Kernel, Level, Tier};
use knee_oracle::Truth;
use knee_oracle::sweep::{PARTS, Report, Sweep};

use points::Dtype;
use record::Records;
use state::State;

/// Compare functions with the truth at every number of a type.
#[derive(Parser)]
struct Arguments {
    /// Names of functions, with parameters if need be
    names: Vec<String>,
    /// Every function of the list
    #[arg(long)]
    all: bool,
    /// The types
    #[arg(long, value_enum, num_args = 1.., default_values_t = [Dtype::F32])]
    dtype: Vec<Dtype>,
    /// Only every n-th bit pattern of `f32`
    #[arg(long, default_value_t = 1)]
    every: u32,
    /// The instructions: `baseline`, `avx2`, `avx512`; the best that the processor has if none are named
    #[arg(long, value_parser = level)]
    level: Option<Level>,
    /// The tier; the record is of the exact one
    #[arg(long, value_enum, default_value = "exact")]
    tier: Tiers,
    /// Threads
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Where interrupted runs are continued from
    #[arg(long, default_value = "target/exhaustive")]
    state: PathBuf,
    /// Where `accuracy.md` and `accuracy.tsv` are written
    #[arg(long, default_value = "docs")]
    docs: PathBuf,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Tiers {
    Exact,
    Fast,
}

/// A level of this processor by its name.
fn level(name: &str) -> Result<Level, String> {
    let available = Level::available();
    available
        .iter()
        .copied()
        .find(|level| level.name() == name)
        .ok_or_else(|| {
            let names: Vec<&str> = available.iter().map(|level| level.name()).collect();
            format!(
                "this processor has no level `{name}`; it has {}",
                names.join(", ")
            )
        })
}

impl Arguments {
    fn kernel(&self, function: Function) -> Kernel {
        let tier = match self.tier {
            Tiers::Exact => Tier::Exact,
            Tiers::Fast => Tier::Fast,
        };
        let kernel = function.kernel().tier(tier);
        self.level.map_or(kernel, |level| kernel.level(level))
    }

    /// A whole run of what users get by default is what is recorded.
    fn recorded(&self, function: Function) -> bool {
        let default = self.kernel(function) == function.kernel();
        default && self.every == 1 && function.to_string() == function.name()
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every function keeps its contract.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let mut functions = Vec::new();
    for name in &arguments.names {
        functions.push(Function::parse(name).map_err(|error| error.to_string())?);
    }
    if arguments.all {
        let all = Function::all();
        functions.extend(
            all.into_iter()
                .filter(|f| !arguments.names.contains(&f.name().to_string())),
        );
    }
    if functions.is_empty() {
        return Err("no function is named; name some, or all of them with --all".to_string());
    }
    let mut kept = true;
    for function in functions {
        for &dtype in &arguments.dtype {
            let start = Instant::now();
            let truth = Truth::of(&function).map_err(|error| error.to_string())?;
            let report = examine(arguments, function, &truth, dtype)?;
            let [value, slope] = &report.tallies;
            eprintln!(
                "{function} {}: {} inputs in {:.0} s, value {:.6} ulp, derivative {:.6} ulp, asked {} times",
                dtype.name(),
                report.inputs,
                start.elapsed().as_secs_f64(),
                value.worst,
                slope.worst,
                report.asked,
            );
            for line in &report.broken {
                eprintln!("  broken: {line}");
            }
            kept &= report.broken.is_empty();
            if report.broken.is_empty() && arguments.recorded(function) {
                let mut records = Records::read(&arguments.docs)?;
                records.set(function.name(), dtype, &report);
                records.write(&arguments.docs)?;
            }
        }
    }
    Ok(kept)
}

/// All parts of a function's run, over the threads; parts that an earlier run has done are not repeated.
fn examine(
    arguments: &Arguments,
    function: Function,
    truth: &Truth,
    dtype: Dtype,
) -> Result<Report, String> {
    let parts: u32 = if dtype == Dtype::F32 {
        PARTS
    } else {
        dtype.parts()
    };
    let kernel = arguments.kernel(function);
    let mut name = format!("{function} {} {}", dtype.name(), arguments.every);
    if kernel != function.kernel() {
        let level = arguments.level.map_or("best", Level::name);
        name = format!("{name} {level} {:?}", kernel.precision());
    }
    let state = Mutex::new(State::open(&arguments.state, &name)?);
    let centres = if dtype == Dtype::F64 {
        points::centres(&function, truth)
    } else {
        Vec::new()
    };
    let sweep = Sweep::of(kernel, truth.clone());
    // The parts near 1 take longest, and say first whether something is wrong.
    let mut order: Vec<u32> = (0..parts).collect();
    order.sort_by_key(|part| (part % (PARTS / 2)).abs_diff(127));
    order.retain(|part| {
        !state
            .lock()
            .is_ok_and(|state| state.done.contains_key(part))
    });
    let bar = ProgressBar::with_draw_target(Some(parts.into()), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} parts, {eta} left")
    {
        bar.set_style(style);
    }
    bar.set_message(format!("{function} {}", dtype.name()));
    bar.set_position(u64::from(parts) - order.len() as u64);
    let next = AtomicUsize::new(0);
    let failure = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..arguments.threads.max(1) {
            scope.spawn(|| {
                while let Some(&part) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let report = if dtype == Dtype::F32 {
                        sweep.part(part, arguments.every)
                    } else {
                        points::part(&kernel, truth, &centres, dtype, part)
                    };
                    bar.inc(1);
                    let Ok(mut state) = state.lock() else { return };
                    if let Err(error) = state.add(part, report)
                        && let Ok(mut failure) = failure.lock()
                    {
                        *failure = Some(error);
                    }
                }
            });
        }
    });
    bar.finish_and_clear();
    if let Some(error) = failure.into_inner().ok().flatten() {
        return Err(error);
    }
    let state = state
        .into_inner()
        .map_err(|_| "a thread has stopped".to_string())?;
    let mut report = Report::default();
    points::specials(&function, dtype, &mut report);
    for part in state.done.values() {
        report.merge(part);
    }
    state.finish(report.broken.is_empty())?;
    Ok(report)
}
