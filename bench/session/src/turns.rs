//! The contestants of a cell, and their times as the record has them.

use measure::{Plan, Spread, interleave};
use serde_json::{Map, Value, json};

use crate::Cell;

/// Makes as many calls as it is told.
pub type Run<'a> = Box<dyn FnMut(u64) + 'a>;

/// A time from which another one is subtracted is known if at least this share of it is left.
const RESOLVED: f64 = 0.25;

/// Those who take turns in a cell.
#[derive(Default)]
pub struct Turns<'a> {
    names: Vec<String>,
    runs: Vec<Run<'a>>,
    /// Whose time is to be subtracted from that of the contestant with the index.
    less: Vec<(usize, Run<'a>)>,
}

impl<'a> Turns<'a> {
    /// Adds a contestant, and what it does as well without being asked for.
    pub fn add(&mut self, name: impl Into<String>, run: Run<'a>, without: Option<Run<'a>>) {
        self.less
            .extend(without.map(|without| (self.names.len(), without)));
        self.names.push(name.into());
        self.runs.push(run);
    }

    /// Has something done before each loop of anybody, for which no time is taken.
    pub fn prepared_by(&mut self, prepare: impl Fn() + Copy + 'a) {
        for run in &mut self.runs {
            let mut own = std::mem::replace(run, Box::new(|_| {}));
            *run = Box::new(move |calls| if calls == 0 { prepare() } else { own(calls) });
        }
    }

    /// The cell with median and quartiles of everybody, in ns per element, or per call where the cell asks for that.
    pub fn time(mut self, cell: &Cell, plan: Plan) -> Value {
        let (whose, less): (Vec<usize>, Vec<Run<'a>>) = self.less.into_iter().unzip();
        self.runs.extend(less);
        let spreads = interleave(plan, &mut self.runs);
        record(cell, &self.names, &spreads, &whose)
    }
}

/// What belongs to no contestant but is to be subtracted from one comes last among the spreads. Where that is nearly all of the
/// time, nothing is known about the rest.
fn record(cell: &Cell, names: &[String], spreads: &[Spread], whose: &[usize]) -> Value {
    let unit = if cell.per_call() {
        1.0
    } else {
        cell.elements as f64
    };
    let (mut ns, mut calls, mut unresolved) = (Map::new(), Map::new(), Vec::new());
    for (index, (name, spread)) in names.iter().zip(spreads).enumerate() {
        let place = whose.iter().position(|who| *who == index);
        let less = place.map_or(0.0, |place| spreads[names.len() + place].median);
        let net = [spread.median, spread.low, spread.high].map(|time| digits((time - less) / unit));
        if spread.median - less < RESOLVED * spread.median {
            unresolved.push(name);
        } else {
            ns.insert(name.clone(), json!(net));
        }
        if place.is_some() {
            calls.insert(name.clone(), json!(digits(less)));
        }
    }
    let mut cell = cell.json.clone();
    cell["ns"] = Value::Object(ns);
    cell["call_ns"] = Value::Object(calls);
    cell["unresolved"] = json!(unresolved);
    cell
}

/// Four digits are more than a time has.
pub fn digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_all_subtracted_is_not_resolved() {
        let json = json!({"function": "relu", "elements": 10, "form": "out"});
        let cell = Cell::read(&json);
        let spread = |median| Spread {
            median,
            low: median,
            high: median,
        };
        let names = ["a".to_owned(), "b".to_owned()];
        let spreads = [spread(100.0), spread(100.0), spread(80.0), spread(40.0)];
        let found = record(&cell, &names, &spreads, &[0, 1]);
        assert_eq!(found["unresolved"], json!(["a"]));
        assert_eq!(found["ns"], json!({"b": [6.0, 6.0, 6.0]}));
        assert_eq!(found["call_ns"], json!({"a": 80.0, "b": 40.0}));
    }
}
