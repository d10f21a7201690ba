//! The tables that all reports share.

use std::collections::BTreeSet;

use knee_figure::{Table, short};

use super::{Summary, words};
use crate::record::Record;
use crate::statistics::{median, range};

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The claims, each with what decides and its verdict.
pub(super) fn claims(summary: &Summary<'_>) -> Table {
    let rows = summary.claims.iter().map(|claim| {
        vec![
            words::claim(claim),
            claim.effect.what.clone(),
            short(claim.effect.median()),
            words::interval(&claim.effect.interval()),
            words::criterion(claim.criterion),
            claim.verdict().words().to_owned(),
        ]
    });
    Table {
        caption: format!("What is claimed, and what {} say", words::seeds(summary)),
        header: header(&[
            "claim",
            "effect",
            "median",
            "interval (confidence)",
            "asked for",
            "verdict",
        ]),
        rows: rows.collect(),
    }
}

/// One table for each measure: median, smallest and largest value of each arm that has it. Times come last.
pub(super) fn measures(summary: &Summary<'_>) -> Vec<Table> {
    let measured = |record: &Record, name: &str| record.measured.measures.get(name).copied();
    let timed = |record: &Record, name: &str| record.measured.seconds.get(name).copied();
    let names: BTreeSet<&str> = summary
        .records
        .iter()
        .flat_map(|record| record.measured.measures.keys())
        .map(String::as_str)
        .collect();
    let times: BTreeSet<&str> = summary
        .records
        .iter()
        .flat_map(|record| record.measured.seconds.keys())
        .map(String::as_str)
        .collect();
    let measures = names
        .into_iter()
        .map(|name| by_arm(summary, name.to_owned(), |record| measured(record, name)));
    let times = times.into_iter().map(|name| {
        by_arm(summary, format!("time of {name} in seconds"), |record| {
            timed(record, name)
        })
    });
    measures.chain(times).collect()
}

fn by_arm(summary: &Summary<'_>, caption: String, value: impl Fn(&Record) -> Option<f64>) -> Table {
    let rows = summary.arms.iter().filter_map(|arm| {
        let of_arm = summary.records.iter().filter(|record| record.arm == *arm);
        let values: Vec<f64> = of_arm.filter_map(|record| value(record)).collect();
        let (low, high) = range(&values);
        let row = vec![
            arm.clone(),
            short(median(&values)),
            short(low),
            short(high),
            values.len().to_string(),
        ];
        (!values.is_empty()).then_some(row)
    });
    Table {
        caption,
        header: header(&["arm", "median", "smallest", "largest", "seeds"]),
        rows: rows.collect(),
    }
}

/// In how many runs of each arm the doctor said what. Empty where it said nothing.
pub(super) fn sightings(summary: &Summary<'_>) -> Table {
    let found = summary.sightings();
    let rows = found.iter().flat_map(|(rule, arms)| {
        arms.iter().map(|(arm, runs)| {
            vec![
                (*rule).to_owned(),
                (*arm).to_owned(),
                format!("{runs} of {}", summary.runs(arm)),
            ]
        })
    });
    Table {
        caption: "Warnings and errors while training".to_owned(),
        header: header(&["rule", "arm", "runs"]),
        rows: rows.collect(),
    }
}

/// The parameters with their values.
pub(super) fn parameters(summary: &Summary<'_>) -> Table {
    let quick = summary.settings.quick();
    let rows = summary.meta.parameters.iter().map(|parameter| {
        let default = if quick {
            parameter.quick
        } else {
            parameter.default
        };
        let value = summary
            .settings
            .values()
            .get(parameter.name)
            .map(ToString::to_string);
        vec![
            parameter.name.to_owned(),
            value.unwrap_or_default(),
            default.to_owned(),
            parameter.about.to_owned(),
        ]
    });
    Table {
        caption: "Set one with --set NAME=VALUE".to_owned(),
        header: header(&[
            "name",
            "value",
            if quick { "quick default" } else { "default" },
            "what it is",
        ]),
        rows: rows.collect(),
    }
}
