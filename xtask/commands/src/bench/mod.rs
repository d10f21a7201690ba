//! `cargo xtask bench`: every ratio has both sides measured in one run on one machine.

mod doctor;
mod figure;
mod frameworks;
mod fusions;
mod groups;
mod lab;
mod number;
mod origin;
mod page;
mod plan;
mod reasons;
mod record;
mod sessions;
mod table;
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use knee::{Function, RowFunction};

use crate::process::{self, cargo, root};
use plan::Pace;
use record::Record;

/// Whom knee is timed beside.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Peers {
    /// Rust crates and Python packages (makes its own Python environment)
    All,
    /// Rust crates
    Rust,
    /// Nobody: copy loops only
    None,
}

/// What is measured, and beside whom.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A function such as `gelu`; without it every kernel of the core set. Or `doctor`: the diagnosis of a ResNet-18-shaped network
    /// beside its forward and backward alone; `frameworks`: Burn and candle with knee's functions in place of their own; `fusions`: fused operations
    /// beside their separate steps; `lab`: training steps of the lab's networks; `ways`: four ways to make vectors of one formula, writes docs/architecture.md
    #[arg(value_parser = measurable)]
    name: Option<String>,
    /// Whom knee is timed beside
    #[arg(long, value_enum, default_value = "all")]
    peers: Peers,
    /// Fewer and shorter repetitions, f32 and bf16, two sizes
    #[arg(long)]
    quick: bool,
    /// `--peers none` for `doctor`: needs no Python
    #[arg(long)]
    without_python: bool,
}

/// The record of the last full run, the page made from it, and its figure.
pub(crate) const RECORD: &str = "docs/benchmarks.json";
const PAGE: &str = "docs/benchmarks.md";
const FIGURE: &str = "docs/images/benchmarks.svg";

/// A name of something to measure.
fn measurable(name: &str) -> Result<String, String> {
    let whole = ["doctor", "frameworks", "fusions", "lab", "ways"].contains(&name);
    if whole || Function::parse(name).is_ok() || RowFunction::parse(name).is_ok() {
        return Ok(name.to_owned());
    }
    Err("expected a function, `doctor`, `frameworks`, `fusions`, `lab` or `ways`".to_owned())
}

/// Measures. A full run beside everybody rewrites the record and its page; any other leaves both in `target/bench`.
pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let name = arguments.name.as_deref();
    let pace = if arguments.quick {
        Pace::Quick
    } else {
        Pace::Full
    };
    if name == Some("doctor") {
        return doctor::run(arguments.without_python || arguments.peers != Peers::All);
    }
    if name == Some("fusions") {
        return fusions::run(pace);
    }
    if name == Some("ways") {
        let ways = [
            "run",
            "--release",
            "--manifest-path",
            "bench/ways/Cargo.toml",
        ];
        return process::run(cargo().args(ways));
    }
    if name == Some("frameworks") {
        return frameworks::run(arguments.peers, pace);
    }
    if name == Some("lab") {
        return lab::run(arguments.peers, pace);
    }
    let record = sessions::run(name, arguments.peers, pace)?;
    let whole = name.is_none() && !arguments.quick && arguments.peers == Peers::All;
    keep(whole, RECORD, &record, &pages(&record))
}

/// Writes a record and its pages, the first of them the one to read: a whole one into the repository, any other into
/// `target/bench`.
fn keep(
    whole: bool,
    path: &str,
    record: &Record,
    pages: &[(PathBuf, String)],
) -> Result<(), String> {
    let folder = if whole {
        root()
    } else {
        root().join("target/bench")
    };
    write(&folder.join(path), &record.json())?;
    for (path, text) in pages {
        write(&folder.join(path), text)?;
    }
    if !whole {
        print!("{}", pages[0].1);
    }
    eprintln!("wrote {}", folder.join(&pages[0].0).display());
    Ok(())
}

/// The pages and the figure of the records in the repository; none of a record that is not there.
pub(crate) fn recorded() -> Result<Vec<(PathBuf, String)>, String> {
    let mut found = made_from(RECORD, pages)?;
    found.extend(made_from(frameworks::RECORD, frameworks::pages)?);
    found.extend(made_from(fusions::RECORD, fusions::pages)?);
    found.extend(made_from(lab::RECORD, lab::pages)?);
    Ok(found)
}

/// What is made from the record at a path; nothing before there is one.
fn made_from(
    path: &str,
    pages: fn(&Record) -> Vec<(PathBuf, String)>,
) -> Result<Vec<(PathBuf, String)>, String> {
    let path = root().join(path);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let record = Record::read(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(pages(&record))
}

fn pages(record: &Record) -> Vec<(PathBuf, String)> {
    let reasons = reasons::all();
    let mut pages = vec![(PAGE.into(), page::page(record, &reasons))];
    if let Some(figure) = figure::figure(record) {
        pages.push((FIGURE.into(), figure.svg()));
    }
    pages
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all);
    written
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}
