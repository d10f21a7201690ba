//! The figures of the experiment.

use knee_figure::{Axis, Bars, Figure, Ink, Line, percent, short};

use super::{PARTS, SWEEP, part};
use crate::Results;
use crate::experiments::shared::rates::at;

/// What there is to see.
pub(super) fn figures(results: &Results<'_>) -> Vec<Figure> {
    vec![sweep(results), cures(results)]
}

fn sweep(results: &Results<'_>) -> Figure {
    let rates = PARTS.map(|share| part(results.settings, share));
    let along = |measure: &str| -> Vec<(f64, f64)> {
        rates
            .iter()
            .map(|rate| (*rate, 100.0 * results.median(&at(SWEEP, *rate), measure)))
            .collect()
    };
    let x = Axis::log("learning rate of SGD");
    let y = Axis::linear("share").unit("%").range(0.0, 100.0);
    let mut figure = Figure::new(
        "dead-units-sweep",
        "Dead ReLU units and wrong answers after training",
        x,
        y,
    );
    let mut said = Vec::new();
    for (index, (label, measure)) in [
        ("dead units", "never above 0"),
        ("test error", "test error"),
    ]
    .into_iter()
    .enumerate()
    {
        let points = along(measure);
        let list = points
            .iter()
            .map(|(rate, share)| format!("{} at {}", percent(share / 100.0), short(*rate)));
        said.push(format!("{label}: {}", list.collect::<Vec<_>>().join(", ")));
        figure = figure.with(Line {
            label: label.to_owned(),
            points,
            ink: Ink::series(index),
            markers: true,
        });
    }
    figure.describe(format!("Median over seeds. {}.", said.join("; ")))
}

fn cures(results: &Results<'_>) -> Figure {
    let killed = at(SWEEP, part(results.settings, 1.0));
    let arms: Vec<String> = std::iter::once(killed)
        .chain(results.arms().iter().skip(PARTS.len()).cloned())
        .collect();
    let mut names = arms.clone();
    "checkpoint".clone_into(&mut names[0]);
    let x = Axis::linear("share").unit("%").range(0.0, 100.0);
    let mut figure = Figure::new(
        "dead-units-cures",
        "What becomes of a network with dead units",
        x,
        Axis::categories("", names.clone()),
    );
    let mut said = Vec::new();
    for (index, (label, measure)) in [
        ("units never above 0", "never above 0"),
        ("test error", "test error"),
    ]
    .into_iter()
    .enumerate()
    {
        let values: Vec<f64> = arms
            .iter()
            .map(|arm| 100.0 * results.median(arm, measure))
            .collect();
        let list = names
            .iter()
            .zip(&values)
            .map(|(name, value)| format!("{name} {}", percent(value / 100.0)));
        said.push(format!("{label}: {}", list.collect::<Vec<_>>().join(", ")));
        figure = figure.with(Bars {
            label: label.to_owned(),
            values,
            ink: Ink::series(index),
        });
    }
    figure.describe(format!("Median over seeds. {}.", said.join("; ")))
}
