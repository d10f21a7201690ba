//! The worst errors on record: `accuracy.tsv`, which the tests replay, and `accuracy.md` made from it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::ValueEnum;
use knee::Function;
use knee_oracle::Quantity;
use knee_oracle::sweep::Report;

use crate::points::Dtype;

/// A line: what follows function, type and quantity.
struct Record {
    worst: f64,
    at: u64,
    misrounded: u64,
    inputs: u64,
    date: String,
}

/// All lines, by function, type and quantity.
pub(crate) struct Records(BTreeMap<(String, String, String), Record>);

const HEADER: &str = "function\ttype\tquantity\tworst_ulp\tat_bits\tmisrounded\tinputs\tdate";

impl Records {
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join("accuracy.tsv");
        let text = fs::read_to_string(&path).unwrap_or_default();
        let mut records = BTreeMap::new();
        for line in text.lines().skip(1) {
            let record = parse(line).ok_or_else(|| {
                format!(
                    "{}: the line `{line}` has not the form of the first",
                    path.display()
                )
            })?;
            records.insert(record.0, record.1);
        }
        Ok(Self(records))
    }

    pub(crate) fn set(&mut self, function: &str, dtype: Dtype, report: &Report) {
        for (quantity, tally) in Quantity::ALL.iter().zip(&report.tallies) {
            let key = (
                function.to_string(),
                dtype.name().to_string(),
                quantity.name().to_string(),
            );
            let record = Record {
                worst: tally.worst,
                at: tally.at,
                misrounded: tally.misrounded,
                inputs: report.inputs,
                date: today(),
            };
            self.0.insert(key, record);
        }
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), String> {
        let mut table = format!("{HEADER}\n");
        for ((function, dtype, quantity), record) in &self.0 {
            let Record {
                worst,
                at,
                misrounded,
                inputs,
                date,
            } = record;
            let digits = of_name(dtype).map_or(16, Dtype::digits);
            let _ = writeln!(
                table,
                "{function}\t{dtype}\t{quantity}\t{worst:.9}\t{at:0digits$x}\t{misrounded}\t{inputs}\t{date}"
            );
        }
        let save = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
        };
        save("accuracy.tsv", &table)?;
        save("accuracy.md", &self.page())
    }

    /// The page, in the order of the list of functions.
    fn page(&self) -> String {
        let mut page = INTRODUCTION.to_string();
        page += &self.missing();
        page += TABLE;
        let row = |function: &str, dtype: &Dtype, quantity: &Quantity| {
            let key = (
                function.to_string(),
                dtype.name().to_string(),
                quantity.name().to_string(),
            );
            let record = self.0.get(&key)?;
            let right = 1.0 - record.misrounded as f64 / record.inputs.max(1) as f64;
            let at = if record.worst == 0.0 {
                String::new()
            } else {
                format!("{:e}", dtype.number(record.at))
            };
            // Not rounded up to a whole.
            let share = if record.misrounded == 0 {
                "all".to_string()
            } else {
                format!("{:.6} %", (right * 1e8).floor() / 1e6)
            };
            Some(format!(
                "| {function} | {} | {} | {:.6} | {at} | {share} | {} | {} |\n",
                dtype.name(),
                quantity.name(),
                record.worst,
                record.inputs,
                record.date,
            ))
        };
        for function in Function::all() {
            for dtype in Dtype::value_variants() {
                for quantity in &Quantity::ALL {
                    page.extend(row(function.name(), dtype, quantity));
                }
            }
        }
        page
    }

    /// The functions that have not been compared at every `f32`.
    fn missing(&self) -> String {
        let compared = |name: &str| {
            let single = Dtype::F32.name();
            self.0
                .keys()
                .any(|(f, dtype, _)| f == name && dtype == single)
        };
        let all = Function::all();
        let missing: Vec<&str> = all
            .iter()
            .map(Function::name)
            .filter(|f| !compared(f))
            .collect();
        if missing.is_empty() {
            return String::new();
        }
        format!(
            "Not yet compared at every `f32`, but at every 509th bit pattern and at the hard points by the tests: {}.\n\n",
            missing.join(", ")
        )
    }
}

const INTRODUCTION: &str = concat!(
    "# Accuracy\n\n",
    "The largest error of every function at its default parameters, in units in the last place (ulp), where it is, and how many results are the\n",
    "number nearest to the true one. `f32`: every finite number. `f16` and `bf16`: every finite number. `f64`: 1.2 million numbers,\n",
    "among them the neighbours of every root, knot, and limit of overflow and underflow. How the true values are known is\n",
    "described in [numerics.md](numerics.md).\n\n",
    "`cargo xtask exhaustive` has written this page and [accuracy.tsv](accuracy.tsv), with knee ",
    env!("CARGO_PKG_VERSION"),
    ". The tests replay the worst inputs.\n\n",
);

const TABLE: &str = concat!(
    "| function | type | quantity | worst ulp | at | nearest | inputs | date |\n",
    "|---|---|---|---|---|---|---|---|\n",
);

fn of_name(name: &str) -> Option<Dtype> {
    Dtype::value_variants()
        .iter()
        .copied()
        .find(|dtype| dtype.name() == name)
}

fn parse(line: &str) -> Option<((String, String, String), Record)> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [
        function,
        dtype,
        quantity,
        worst,
        at,
        misrounded,
        inputs,
        date,
    ] = fields[..]
    else {
        return None;
    };
    let record = Record {
        worst: worst.parse().ok()?,
        at: u64::from_str_radix(at, 16).ok()?,
        misrounded: misrounded.parse().ok()?,
        inputs: inputs.parse().ok()?,
        date: date.to_string(),
    };
    Some((
        (
            function.to_string(),
            dtype.to_string(),
            quantity.to_string(),
        ),
        record,
    ))
}

/// The date, from the days since 1970 (Hinnant's algorithm for the civil calendar).
fn today() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    let days = (seconds / 86_400).cast_signed() + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
