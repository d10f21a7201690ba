//! `cargo xtask bench`: every ratio has both sides measured in one run on one machine.

mod doctor;
mod figure;
mod groups;
mod number;
mod page;
mod plan;
mod reasons;
mod record;
mod sessions;
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
    /// beside its forward and backward alone; `ways`: four ways to make vectors of one formula, writes docs/architecture.md
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

/// Measures. A full run beside everybody rewrites the record and its page; any other leaves both in `target/bench`.
pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let name = arguments.name.as_deref();
    if name == Some("doctor") {
        return doctor::run(arguments.without_python || arguments.peers != Peers::All);
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
    if let Some(name) = name {
        let known = Function::parse(name).is_ok() || RowFunction::parse(name).is_ok();
        if !known {
            return Err(format!(
                "there is nothing called `{name}` to measure; expected a function, `doctor` or `ways`"
            ));
        }
    }
    let pace = if arguments.quick {
        Pace::Quick
    } else {
        Pace::Full
    };
    let record = sessions::run(name, arguments.peers, pace)?;
    let whole = name.is_none() && !arguments.quick && arguments.peers == Peers::All;
    let folder = if whole {
        root()
    } else {
        root().join("target/bench")
    };
    write(&folder.join(RECORD), &record.json())?;
    let pages = pages(&record);
    for (path, text) in &pages {
        write(&folder.join(path), text)?;
    }
    if !whole {
        print!("{}", pages[0].1);
    }
    eprintln!("wrote {}", folder.join(PAGE).display());
    Ok(())
}

/// The page and the figure of the record in the repository; none before there is a record.
pub(crate) fn recorded() -> Result<Vec<(PathBuf, String)>, String> {
    let path = root().join(RECORD);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(pages(&Record::read(&text)?))
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
