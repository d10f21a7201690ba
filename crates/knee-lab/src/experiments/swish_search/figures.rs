//! What there is to see: the way of the search, what it promised, and what it found.

use knee_figure::{At, Axis, Figure, Ink, Line, Points, Reference, short};

use super::{ARMS, PROMISED, RELU};
use crate::{Record, Results};

/// The functions found that are drawn, so that each has an ink of its own.
const SHAPES: usize = 4;

pub(super) fn figures(results: &Results<'_>) -> Vec<Figure> {
    vec![way(results), promise(results), shapes(results)]
}

fn formula(record: &Record) -> &str {
    record
        .measured
        .texts
        .get("found")
        .map_or("", String::as_str)
}

/// The best score so far.
fn way(results: &Results<'_>) -> Figure {
    let figure = Figure::new(
        "swish-search-way",
        "The best candidate so far, on the seeds of the search",
        Axis::linear("candidates tried"),
        Axis::log("best loss / loss of ReLU"),
    );
    let last = |arm: &str| short(results.median(arm, PROMISED));
    results
        .draw(figure, "best score", &ARMS)
        .with(Reference { label: "ReLU".to_owned(), at: At::Y(1.0) })
        .describe(format!(
            "Median over runs, the band from the smallest to the largest. At the end the best score relative to ReLU is {} by evolution and {} by random \
             search.",
            last(ARMS[0]),
            last(ARMS[1])
        ))
}

/// What scores promised against what new seeds gave.
fn promise(results: &Results<'_>) -> Figure {
    let mut figure = Figure::new(
        "swish-search-promise",
        "What the search promised and what new seeds kept",
        Axis::linear("loss / ReLU's, on the seeds of the search"),
        Axis::linear("loss / ReLU's, on new seeds and test digits"),
    );
    let mut words = Vec::new();
    for (index, arm) in ARMS.into_iter().enumerate() {
        let (promised, kept) = (results.measures(arm, PROMISED), results.measures(arm, RELU));
        let points: Vec<(f64, f64)> = promised.into_iter().zip(kept).collect();
        for (record, (promised, kept)) in results.of(arm).iter().zip(&points) {
            words.push(format!(
                "{arm}: {} promised {} and gave {}",
                formula(record),
                short(*promised),
                short(*kept)
            ));
        }
        figure = figure.with(Points {
            label: arm.to_owned(),
            points,
            ink: Ink::series(index),
        });
    }
    figure.with(Reference { label: "as good as ReLU".to_owned(), at: At::Y(1.0) }).describe(format!(
        "One point for each run of a search; above the line what was found is worse than ReLU. {}.",
        words.join("; ")
    ))
}

/// The functions that evolution found.
fn shapes(results: &Results<'_>) -> Figure {
    let mut figure = Figure::new(
        "swish-search-shapes",
        "What evolution found",
        Axis::linear("x").range(-4.0, 4.0),
        Axis::linear("f(x)").range(-4.0, 6.0),
    );
    let runs: Vec<&Record> = results.of(ARMS[0]).iter().copied().take(SHAPES).collect();
    for (index, record) in runs.iter().enumerate() {
        let points = record
            .measured
            .curves
            .get("shape")
            .map_or_else(Vec::new, crate::Curve::points);
        figure = figure.with(Line {
            label: formula(record).to_owned(),
            points,
            ink: Ink::series(index),
            markers: false,
        });
    }
    let words: Vec<String> = runs
        .iter()
        .map(|record| {
            let known = record
                .measured
                .texts
                .get("known as")
                .map_or("", String::as_str);
            format!("{} ({known})", formula(record))
        })
        .collect();
    figure.describe(format!(
        "The formulas of the first {} runs: {}.",
        runs.len(),
        words.join("; ")
    ))
}
