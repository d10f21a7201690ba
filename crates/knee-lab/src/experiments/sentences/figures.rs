//! What there is to see: all sentences against their bars, and three of them more closely.

use knee_figure::{At, Axis, Bars, Figure, Ink, Line, Points, Reference, short};

use super::sentence::{EFFECT, Sentence, score};
use super::{ALL, float_noise, zeros};
use crate::statistics::interval;
use crate::verdict::Verdict;
use crate::{Claim, Results};

/// Beyond this many times the bar, or below its inverse, the figure does not tell effects apart.
const FAR: f64 = 100.0;

pub(super) fn figures(results: &Results<'_>) -> Vec<Figure> {
    vec![docket(results), noise(results), off(results)]
}

/// Every sentence: its effect as a multiple of the bar.
fn docket(results: &Results<'_>) -> Figure {
    let mut judged: Vec<(&Sentence, Claim, [f64; 3])> = ALL
        .iter()
        .map(|one| {
            let values = results.measures(one.name, EFFECT);
            let ends = interval(&values);
            let claim = one.claim(results);
            let at = [ends.low, claim.effect.median(), ends.high]
                .map(|value| score(one.criterion, value).clamp(1.0 / FAR, FAR));
            (*one, claim, at)
        })
        .collect();
    judged.sort_by(|a, b| b.2[1].total_cmp(&a.2[1]));
    let names = judged
        .iter()
        .map(|(one, _, _)| one.name.to_owned())
        .collect();
    let x = Axis::log("effect, as a multiple of what the sentence needs").range(1.0 / FAR, FAR);
    let mut figure = Figure::new(
        "sentences-docket",
        "Sentences on trial: right of 1 the measurement speaks for the sentence",
        x,
        Axis::categories("", names),
    );
    for (place, (_, _, [low, _, high])) in judged.iter().enumerate() {
        let y = place as f64;
        figure = figure.with(Line {
            label: String::new(),
            points: vec![(*low, y), (*high, y)],
            ink: Ink::Grey,
            markers: false,
        });
    }
    let verdicts = [
        (Verdict::Confirmed, Ink::Blue),
        (Verdict::Depends, Ink::Green),
        (Verdict::NotConfirmed, Ink::Vermilion),
    ];
    let mut words = Vec::new();
    for (verdict, ink) in verdicts {
        let of = || {
            judged
                .iter()
                .enumerate()
                .filter(|(_, (_, claim, _))| claim.verdict() == verdict)
        };
        let points: Vec<(f64, f64)> = of()
            .map(|(place, (_, _, at))| (at[1], place as f64))
            .collect();
        let said: Vec<String> = of()
            .map(|(_, (one, claim, _))| {
                format!("\"{}\" {}", one.said, short(claim.effect.median()))
            })
            .collect();
        if said.is_empty() {
            continue;
        }
        words.push(format!(
            "{} {}: {}",
            said.len(),
            verdict.words(),
            said.join("; ")
        ));
        figure = figure.with(Points {
            label: verdict.words().to_owned(),
            points,
            ink,
        });
    }
    figure
        .with(Reference { label: String::new(), at: At::X(1.0) })
        .describe(format!(
            "For each sentence the median effect over seeds, divided by what the sentence needs or the other way round, so that right of 1 speaks for \
             it; the line spans the interval. What lies beyond a factor of {FAR} stands at the edge. Median effects: {}.",
            words.join(". ")
        ))
}

/// The gradient of ten sigmoid layers and its rounding error.
fn noise(results: &Results<'_>) -> Figure {
    let name = float_noise::FLOAT_NOISE.name;
    let (gradient, error) = (
        results.median_curve(name, "gradient"),
        results.median_curve(name, "rounding error"),
    );
    let first = |curve: &[(f64, f64)]| curve.first().map_or(f64::NAN, |point| point.1);
    let description = format!(
        "Sizes relative to the gradient of the tenth hidden layer, median over seeds. At the first layer the gradient is {} and its \
         rounding error {}, a share of {}.",
        short(first(&gradient)),
        short(first(&error)),
        short(first(&error) / first(&gradient))
    );
    Figure::new(
        "sentences-float-noise",
        "The gradient of ten sigmoid layers, and its rounding error",
        Axis::linear("layer, 1 is next to the input"),
        Axis::log("size / gradient of the tenth layer"),
    )
    .with(Line {
        label: "gradient".to_owned(),
        points: gradient,
        ink: Ink::Blue,
        markers: true,
    })
    .with(Line {
        label: "its rounding error".to_owned(),
        points: error,
        ink: Ink::Vermilion,
        markers: true,
    })
    .describe(description)
}

/// Zeros before and after training, and dead units, layer by layer.
fn off(results: &Results<'_>) -> Figure {
    let name = zeros::HALF_OFF.name;
    let curves = [
        "zeros before training",
        "zeros after training",
        "dead units after training",
    ];
    let values = curves.map(|curve| results.median_curve(name, curve));
    let layers = values[0]
        .iter()
        .map(|(layer, _)| format!("hidden layer {layer}"))
        .collect();
    let mut figure = Figure::new(
        "sentences-zeros",
        "Zeros and dead units, layer by layer",
        Axis::linear("share").unit("%").range(0.0, 100.0),
        Axis::categories("", layers),
    );
    let mut words = Vec::new();
    for (index, (curve, values)) in curves.iter().zip(values).enumerate() {
        let values: Vec<f64> = values.iter().map(|(_, share)| 100.0 * share).collect();
        let list: Vec<String> = values.iter().map(|share| short(*share)).collect();
        words.push(format!("{curve}: {} %", list.join(", ")));
        figure = figure.with(Bars {
            label: (*curve).to_owned(),
            values,
            ink: Ink::series(index),
        });
    }
    figure.describe(format!(
        "Median over seeds in hidden layers 1 to 3. {}.",
        words.join("; ")
    ))
}
