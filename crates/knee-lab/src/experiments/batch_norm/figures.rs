//! The figures of the experiment.

use knee_figure::{Axis, Bars, Figure, Ink, Line, percent, short};

use super::{NORMED, PLAIN, RATES, case};
use crate::experiments::shared::rates::at;
use crate::statistics::median;
use crate::{Results, Settings};

fn all_cases(settings: &Settings) -> Vec<String> {
    let functions = settings.functions("functions");
    functions
        .iter()
        .flat_map(|function| [PLAIN, NORMED].map(|norm| case(function, norm)))
        .take(4)
        .collect()
}

/// What there is to see.
pub(super) fn figures(results: &Results<'_>) -> Vec<Figure> {
    vec![by_rate(results), by_layer(results), units(results)]
}

fn by_rate(results: &Results<'_>) -> Figure {
    let x = Axis::log("learning rate of SGD");
    let y = Axis::linear("test error").unit("%").range(0.0, 100.0);
    let depth = results.settings.count("depth");
    let mut figure = Figure::new(
        "batch-norm-rates",
        format!("Wrong answers of {depth} hidden layers by learning rate"),
        x,
        y,
    );
    let mut said = Vec::new();
    for (index, case) in all_cases(results.settings).into_iter().enumerate() {
        let points: Vec<(f64, f64)> = RATES
            .iter()
            .map(|rate| {
                (
                    *rate,
                    100.0 * results.median(&at(&case, *rate), "test error"),
                )
            })
            .collect();
        let list: Vec<String> = points.iter().map(|(_, error)| short(*error)).collect();
        said.push(format!("{case}: {}", list.join(", ")));
        figure = figure.with(Line {
            label: case,
            points,
            ink: Ink::series(index),
            markers: true,
        });
    }
    figure.describe(format!(
        "Median over seeds in %, at the rates {}. {}.",
        RATES.map(short).join(", "),
        said.join("; ")
    ))
}

fn by_layer(results: &Results<'_>) -> Figure {
    let cases = all_cases(results.settings);
    let arms: Vec<String> = cases.iter().map(|case| at(case, RATES[0])).collect();
    let labelled: Vec<(&str, &str)> = cases
        .iter()
        .map(String::as_str)
        .zip(arms.iter().map(String::as_str))
        .collect();
    let figure = Figure::new(
        "batch-norm-gradient",
        "Gradient by layer before training",
        Axis::linear("layer, 1 is next to the input"),
        Axis::log("|dL/da| relative to the last hidden layer"),
    );
    let ends: Vec<String> = labelled
        .iter()
        .map(|(case, arm)| {
            format!(
                "{case} {}",
                short(results.median(arm, "gradient at the start, first / last layer"))
            )
        })
        .collect();
    results.draw_as(figure, "gradient", &labelled).describe(format!(
        "Median over seeds, the band from the smallest to the largest. First layer relative to the last: {}.",
        ends.join("; ")
    ))
}

/// Dead or saturated units at the rates.
fn units(results: &Results<'_>) -> Figure {
    let x = Axis::linear("share of hidden units").unit("%");
    let rows = RATES.map(|rate| format!("rate {}", short(rate)));
    let mut figure = Figure::new(
        "batch-norm-units",
        "Dead and saturated units after training",
        x,
        Axis::categories("", rows.to_vec()),
    );
    let mut said = Vec::new();
    let cases = all_cases(results.settings).into_iter().enumerate();
    for (index, case) in cases {
        for (measure, words) in [("dead units", "dead"), ("saturated units", "saturated")] {
            let values =
                RATES.map(|rate| 100.0 * median(&results.measures(&at(&case, rate), measure)));
            if values.iter().all(|value| value.is_nan()) {
                continue;
            }
            let label = format!("{case}, {words}");
            said.push(format!(
                "{label}: {}",
                values.map(|value| percent(value / 100.0)).join(", ")
            ));
            figure = figure.with(Bars {
                label,
                values: values.to_vec(),
                ink: Ink::series(index),
            });
        }
    }
    figure.describe(format!(
        "Median over seeds, at the rates {}. {}.",
        RATES.map(short).join(", "),
        said.join("; ")
    ))
}
