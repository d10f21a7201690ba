//! The record of a run: what was measured, where, and by what.

use std::collections::BTreeMap;
use std::fs;

use serde::{Deserialize, Serialize};

use crate::process::program;

/// Everything that a run found.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Record {
    pub(super) machine: Machine,
    /// Whether repetitions were few and short.
    pub(super) quick: bool,
    /// The processes that measured; a cell belongs to one of them.
    pub(super) sessions: Vec<Session>,
    pub(super) cells: Vec<Cell>,
    pub(super) errors: Vec<Error>,
}

/// Where and when it was measured.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Machine {
    pub(super) date: String,
    pub(super) cpu: String,
    pub(super) cores: u64,
    /// Such as `L2 2048K`.
    pub(super) caches: Vec<String>,
    pub(super) memory: String,
    pub(super) kernel: String,
    pub(super) rustc: String,
    pub(super) knee: String,
}

/// A process that measured.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Session {
    pub(super) name: String,
    pub(super) seconds: u64,
    pub(super) versions: BTreeMap<String, String>,
}

/// What a session wrote.
#[derive(Deserialize)]
pub(super) struct Part {
    #[serde(flatten)]
    session: Session,
    cells: Vec<Cell>,
    errors: Vec<Error>,
}

/// A function on arrays of one size, timed by everybody who has it, in turn.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Cell {
    /// The index of the session.
    #[serde(default)]
    pub(super) session: usize,
    pub(super) function: String,
    /// `forward`, `backward` or `from_output`.
    pub(super) direction: String,
    pub(super) dtype: String,
    pub(super) elements: u64,
    pub(super) row: Option<u64>,
    /// `out`, `in_place` or `call`.
    pub(super) form: String,
    #[serde(default)]
    pub(super) threads: u64,
    /// Median, lower and upper quartile: ns per element, ns per call in the form `call`.
    pub(super) ns: BTreeMap<String, [f64; 3]>,
    /// What was subtracted for calling, in ns.
    pub(super) call_ns: BTreeMap<String, f64>,
    /// Whose time is nearly all subtracted, so that nothing is known about the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unresolved: Vec<String>,
}

/// The worst error of one who computes a function.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Error {
    pub(super) function: String,
    pub(super) direction: String,
    pub(super) dtype: String,
    pub(super) who: String,
    /// `None` if there is no number for it: NaN or an infinity in place of a number.
    pub(super) ulp: Option<f64>,
    pub(super) at: f64,
    pub(super) marks: Vec<String>,
}

impl Record {
    pub(super) fn of(machine: Machine, quick: bool, parts: Vec<Part>) -> Self {
        let mut record = Self {
            machine,
            quick,
            sessions: Vec::new(),
            cells: Vec::new(),
            errors: Vec::new(),
        };
        for part in parts {
            let session = record.sessions.len();
            let threads = part.session.threads();
            record.sessions.push(part.session);
            record.cells.extend(part.cells.into_iter().map(|cell| Cell {
                session,
                threads,
                ..cell
            }));
            for error in part.errors {
                // Both sessions judge knee, on the same arguments.
                if record
                    .error(&error.function, &error.direction, &error.dtype, &error.who)
                    .is_none()
                {
                    record.errors.push(error);
                }
            }
        }
        record
    }

    pub(super) fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// JSON with one line for each cell and each error, so that a difference can be read.
    pub(super) fn json(&self) -> String {
        let lines = |values: Vec<String>| values.join(",\n");
        let cells = self.cells.iter().map(line).collect();
        let errors = self.errors.iter().map(line).collect();
        let sessions = self.sessions.iter().map(line).collect();
        format!(
            "{{\n\"machine\": {},\n\"quick\": {},\n\"sessions\": [\n{}\n],\n\"cells\": [\n{}\n],\n\"errors\": [\n{}\n]\n}}\n",
            line(&self.machine),
            self.quick,
            lines(sessions),
            lines(cells),
            lines(errors)
        )
    }

    /// The error of one who computes a function.
    pub(super) fn error(
        &self,
        function: &str,
        direction: &str,
        dtype: &str,
        who: &str,
    ) -> Option<&Error> {
        self.errors.iter().find(|error| {
            error.function == function
                && error.direction == direction
                && error.dtype == dtype
                && error.who == who
        })
    }
}

impl Session {
    /// The threads in its name.
    fn threads(&self) -> u64 {
        let digits = |word: &str| word.parse().ok();
        self.name.split(' ').find_map(digits).unwrap_or(1)
    }
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("numbers, texts and lists of them")
}

impl Machine {
    /// This machine; on other systems than Linux little is known.
    pub(super) fn here() -> Result<Self, String> {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            let value = line.and_then(|line| line.split_once(':'));
            value.map_or_else(String::new, |(_, value)| value.trim().to_owned())
        };
        let cpu = read("/proc/cpuinfo");
        let caches = (0..8).filter_map(|index| {
            let folder = format!("/sys/devices/system/cpu/cpu0/cache/index{index}");
            let value = |name: &str| read(&format!("{folder}/{name}")).trim().to_owned();
            let kind = value("type");
            (!kind.is_empty() && kind != "Instruction")
                .then(|| format!("L{} {}", value("level"), value("size")))
        });
        Ok(Self {
            date: output("date", &["-u", "+%Y-%m-%d"])?,
            cpu: format!(
                "{}, family {} model {} stepping {}",
                field(&cpu, "model name"),
                field(&cpu, "cpu family"),
                field(&cpu, "model\t"),
                field(&cpu, "stepping")
            ),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64),
            caches: caches.collect(),
            memory: gibibytes(&field(&read("/proc/meminfo"), "MemTotal")),
            kernel: output("uname", &["-sr"])?,
            rustc: output("rustc", &["--version"])?,
            knee: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }
}

/// Such as `23.5 GiB`, from `24684092 kB`.
fn gibibytes(kilobytes: &str) -> String {
    let number = kilobytes
        .split(' ')
        .next()
        .and_then(|number| number.parse::<f64>().ok());
    number.map_or_else(String::new, |number| {
        format!("{:.1} GiB", number / f64::from(1 << 20))
    })
}

fn output(name: &str, arguments: &[&str]) -> Result<String, String> {
    let output = program(name)
        .args(arguments)
        .output()
        .map_err(|error| format!("cannot start `{name}`: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A small record with two sessions on one thread and one on two.
#[cfg(test)]
pub(super) fn sample() -> Record {
    Record::read(include_str!("sample.json")).expect("a record")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &str = r#"{"name": "rust, 2 threads", "seconds": 3, "versions": {"rten": "1.2.3"},
        "cells": [{"function": "relu", "direction": "forward", "dtype": "f32", "elements": 64, "row": null, "form": "out",
                   "ns": {"knee exact": [1.0, 0.5, 2.0]}, "call_ns": {}}],
        "errors": [{"function": "relu", "direction": "forward", "dtype": "f32", "who": "rten", "ulp": null, "at": 0.0, "marks": ["NaN"]}]}"#;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let parts = || {
            [PART, PART]
                .map(|part| serde_json::from_str(part).expect("a part"))
                .into()
        };
        let record = Record::of(Machine::default(), true, parts());
        assert_eq!(record.cells.len(), 2);
        assert_eq!((record.cells[1].session, record.cells[1].threads), (1, 2));
        assert_eq!(
            record.errors.len(),
            1,
            "what two sessions judged is kept once"
        );
        let again = Record::read(&record.json()).expect("a record");
        assert_eq!(again.json(), record.json());
        assert_eq!(
            again
                .error("relu", "forward", "f32", "rten")
                .map(|error| error.ulp),
            Some(None)
        );
    }
}
