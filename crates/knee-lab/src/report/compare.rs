//! Two sets of results, run by run and verdict by verdict.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use knee_figure::short;
use serde_json::{Value, json};

use super::summary::summaries;
use crate::error::Error;
use crate::number::Number;
use crate::record::{Key, Record};

/// How two sets of results differ. Times, dates and versions are not compared.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Runs that both have.
    pub shared: usize,
    /// Runs of one set only: experiment, arm, data seed, and whether it is the first set.
    pub alone: Vec<(String, bool)>,
    /// Numbers that differ: the run, the measure, and both values.
    pub numbers: Vec<(String, String, f64, f64)>,
    /// Runs with the same numbers and other curves, words or findings.
    pub details: Vec<String>,
    /// Verdicts that differ: the experiment and both verdicts.
    pub verdicts: Vec<(String, &'static str, &'static str)>,
}

/// Compares two sets of results.
pub fn compare(one: &[Record], other: &[Record]) -> Result<Comparison, Error> {
    let by_key = |records: &'_ [Record]| -> BTreeMap<Key, usize> {
        records
            .iter()
            .enumerate()
            .map(|(index, record)| (record.key(), index))
            .collect()
    };
    let (ours, theirs) = (by_key(one), by_key(other));
    let mut comparison = Comparison::default();
    for (key, &index) in &ours {
        let record = &one[index];
        match theirs.get(key) {
            Some(&twin) => comparison.pair(record, &other[twin]),
            None => comparison.alone.push((name(record), true)),
        }
    }
    let missing = theirs.iter().filter(|(key, _)| !ours.contains_key(key));
    comparison
        .alone
        .extend(missing.map(|(_, &index)| (name(&other[index]), false)));
    for mine in &summaries(one)? {
        for twin in &summaries(other)? {
            let same = mine.meta.name == twin.meta.name
                && mine.settings == twin.settings
                && mine.data == twin.data;
            if same && mine.verdict != twin.verdict {
                let name = mine.meta.name.to_owned();
                comparison
                    .verdicts
                    .push((name, mine.verdict.words(), twin.verdict.words()));
            }
        }
    }
    Ok(comparison)
}

fn name(record: &Record) -> String {
    let seeds = record.seeds;
    format!(
        "{}, {}, seeds {}/{}/{}",
        record.experiment, record.arm, seeds.data, seeds.init, seeds.order
    )
}

impl Comparison {
    fn pair(&mut self, one: &Record, other: &Record) {
        self.shared += 1;
        let (mine, theirs) = (&one.measured.measures, &other.measured.measures);
        let mut names: Vec<&String> = mine.keys().chain(theirs.keys()).collect();
        names.sort();
        names.dedup();
        let before = self.numbers.len();
        for measure in names {
            let value = |of: &BTreeMap<String, f64>| of.get(measure).copied().unwrap_or(f64::NAN);
            let (a, b) = (value(mine), value(theirs));
            if a.to_bits() != b.to_bits() && !(a.is_nan() && b.is_nan()) {
                self.numbers.push((name(one), measure.clone(), a, b));
            }
        }
        let curves = format!("{:?}", one.measured.curves) == format!("{:?}", other.measured.curves);
        let details = curves
            && one.measured.texts == other.measured.texts
            && one.measured.sightings == other.measured.sightings;
        if !details && self.numbers.len() == before {
            self.details.push(name(one));
        }
    }

    /// Whether both sets have the same runs with the same numbers.
    pub fn same(&self) -> bool {
        self.alone.is_empty()
            && self.numbers.is_empty()
            && self.details.is_empty()
            && self.verdicts.is_empty()
    }

    /// The comparison in words.
    pub fn text(&self) -> String {
        let mut out = format!("{} runs in both", self.shared);
        if self.same() {
            return out + ", the same to the last bit\n";
        }
        out.push('\n');
        for (name, first) in &self.alone {
            let _ = writeln!(
                out,
                "only in the {}: {name}",
                if *first { "first" } else { "second" }
            );
        }
        for (name, measure, one, other) in &self.numbers {
            let _ = writeln!(
                out,
                "{name}: {measure} {} and {}",
                short(*one),
                short(*other)
            );
        }
        for name in &self.details {
            let _ = writeln!(out, "{name}: same numbers, other curves, words or findings");
        }
        for (name, one, other) in &self.verdicts {
            let _ = writeln!(out, "{name}: {one} and {other}");
        }
        out
    }

    /// The comparison for programs.
    pub fn json(&self) -> Value {
        let alone: Vec<Value> = self
            .alone
            .iter()
            .map(
                |(run, first)| json!({ "run": run, "in": if *first { "first" } else { "second" } }),
            )
            .collect();
        let numbers: Vec<Value> = self
            .numbers
            .iter()
            .map(|(run, measure, one, other)| json!({ "run": run, "measure": measure, "first": Number(*one), "second": Number(*other) }))
            .collect();
        let verdicts: Vec<Value> = self
            .verdicts
            .iter()
            .map(|(name, one, other)| json!({ "experiment": name, "first": one, "second": other }))
            .collect();
        json!({
            "same": self.same(),
            "shared": self.shared,
            "alone": alone,
            "numbers": numbers,
            "details": self.details,
            "verdicts": verdicts,
        })
    }
}
