//! The gradient on its way back through many layers.

use std::collections::BTreeMap;

use knee::Function;
use knee_figure::{Axis, Figure, Ink, Line};

use crate::data::{self, Targets};
use crate::engine::{Answers, Init, Loss, Rule, Watch};
use crate::experiment::experiment;
use crate::networks::mlp;
use crate::statistics::median;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// How does the gradient shrink or grow from layer to layer on its way to the input, and is the bound `0.25^n` the reason for
    /// what sigmoid does?
    ///
    /// ## Set-up
    ///
    /// An untrained network with `depth` hidden layers, once for each function, on standard normal inputs with random labels. Weights
    /// have the variance of Glorot, as a textbook gives sigmoid, and in a second arm `gain^2 / fan_in` with the exact gain of the
    /// function. One step forward and backward.
    ///
    /// ## Prediction
    ///
    /// With sigmoid the gradient shrinks by a factor of about 4 or more for each layer. `0.25^n` is no bound on it: each layer multiplies
    /// by its slope (at most 0.25) times what its weights do, which is bounded by their spectral norm. With ReLU and the exact gain
    /// the gradient keeps its size.
    ///
    /// ## Measure
    ///
    /// The norm of `dL/da` of each hidden layer, averaged over samples, relative to that of the last one; the ratio of the first to the last;
    /// the product of 0.25 and the spectral norm of each layer's weights, by power iteration.
    ///
    /// ## Source
    ///
    /// Hochreiter, *Untersuchungen zu dynamischen neuronalen Netzen*, 1991; Glorot and Bengio, *Understanding the difficulty of training
    /// deep feedforward neural networks*, 2010.
    pub struct Depth {
        name: "depth",
        title: "gradients in a network of 20 layers",
        sentence: "In a deep sigmoid network the gradient vanishes like 0.25^n; with ReLU it does not.",
        own_data: false,
        parameters: {
            depth: Count(2, 200), "20", quick "20", "Hidden layers.";
            width: Count(2, 1024), "64", quick "64", "Units of each hidden layer.";
            samples: Count(1, 10_000), "256", quick "128", "Samples of the step.";
            functions: Functions, "sigmoid,tanh,relu,gelu,silu,selu", quick "sigmoid,tanh,relu,gelu,silu,selu", "Hidden functions.";
        }
    }
}

const RULES: [(&str, Rule); 2] = [("glorot", Rule::Glorot), ("exact gain", Rule::Exact)];

fn cases(settings: &Settings) -> Vec<(Function, &'static str, Rule)> {
    let functions = settings.functions("functions").into_iter();
    functions
        .flat_map(|function| RULES.map(|(name, rule)| (function, name, rule)))
        .collect()
}

fn arms(settings: &Settings) -> Vec<String> {
    cases(settings)
        .iter()
        .map(|(function, rule, _)| format!("{function}, {rule}"))
        .collect()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (function, _, rule) = cases(run.settings)[run.arm];
    let (depth, width) = (run.settings.count("depth"), run.settings.count("width"));
    let init = Init::new(rule);
    let mut net = mlp(width, &vec![width; depth], 2, function, init, run.init_seed());
    let inputs = data::noise(run.settings.count("samples"), width, run.data_seed());
    let classes = (0..inputs.samples()).map(|index| usize::from(run.data_seed().stream(7).uniform(index as u64) < 0.5));
    let targets = Targets::classes(2, classes.collect());
    let all: Vec<usize> = (0..inputs.samples()).collect();
    let answers = Answers::of(&targets, &all);
    let mut watch = Watch::new(&net, Some(Loss::CrossEntropy));
    net.gradients(&inputs.inputs, &answers, Loss::CrossEntropy, Some(&mut watch))?;
    let gradients = by_layer(&watch, depth);
    let last = gradients[depth - 1];
    let mut measured = Measured::default();
    measured.set("first / last", gradients[0] / last);
    measured.set("factor of a layer", (gradients[0] / last).powf(1.0 / (depth - 1) as f64));
    let relative = gradients.iter().map(|gradient| gradient / last);
    measured.curve("gradient", (1..=depth).map(|layer| layer as f64).zip(relative));
    let norms: Vec<f64> = net.matrices()[1..depth].iter().map(|weights| spectral_norm(&weights.values, weights.shape)).collect();
    let slope = function.facts().lipschitz.unwrap_or(f64::NAN);
    let bound = |layer: usize| norms[layer - 1..].iter().map(|norm| slope * norm).product::<f64>();
    measured.set("true bound, first / last", bound(1));
    measured.curve("bound", (1..=depth).map(|layer| (layer as f64, bound(layer))));
    let diagnosis = watch.diagnosis(true);
    measured.sightings = diagnosis
        .findings
        .iter()
        .map(|finding| crate::Sighting {
            rule: finding.rule.to_owned(),
            level: finding.severity.word().to_owned(),
            site: finding.site.clone(),
            epoch: 0,
        })
        .collect();
    Ok(measured)
}

/// The norm of the gradient of each hidden layer's output, averaged over samples.
fn by_layer(watch: &Watch, depth: usize) -> Vec<f64> {
    let norm = |site| watch.evidence().site(site).and_then(|seen| seen.gradient());
    (0..depth).map(|site| norm(site).map_or(f64::NAN, |norms| norms.mean)).collect()
}

/// The largest singular value, by power iteration on `W^T W`.
fn spectral_norm(weights: &[f32], [inputs, units]: [usize; 2]) -> f64 {
    let mut x: Vec<f64> = (0..units).map(|unit| 1.0 + 0.1 * unit as f64).collect();
    let mut norm = 0.0;
    for _ in 0..200 {
        let rows = weights.chunks_exact(units);
        let y: Vec<f64> = rows.map(|row| row.iter().zip(&x).map(|(w, x)| f64::from(*w) * x).sum()).collect();
        let mut back = vec![0.0; units];
        for (row, y) in weights.chunks_exact(units).zip(&y) {
            back.iter_mut().zip(row).for_each(|(sum, w)| *sum += f64::from(*w) * y);
        }
        let length = back.iter().map(|x| x * x).sum::<f64>().sqrt();
        norm = length.sqrt();
        x = back.iter().map(|x| x / length.max(f64::MIN_POSITIVE)).collect();
    }
    debug_assert!(inputs > 0, "a layer has inputs");
    norm
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let mut claims = Vec::new();
    let factor = |arm: &str| results.measures(arm, "factor of a layer");
    if !results.of("sigmoid, glorot").is_empty() {
        claims.push(Claim::new(
            "With sigmoid and Glorot's weights, each layer divides the gradient by 3 or more.",
            Effect::new("factor of a layer", factor("sigmoid, glorot")),
            Criterion::Below(1.0 / 3.0),
        ));
        let depth = results.settings.count("depth");
        let bound = 0.25_f64.powf((depth - 1) as f64);
        let below = results.measures("sigmoid, exact gain", "first / last");
        claims.push(Claim::new(
            "0.25^n bounds the gradient of a sigmoid network whatever its weights, here with the exact gain.",
            Effect::new("gradient, first / last layer, over 0.25^(n-1)", below.iter().map(|ratio| ratio / bound).collect()),
            Criterion::Below(1.0),
        ));
        let share = |record: &&crate::Record| {
            let value = |name: &str| record.measured.measures.get(name).copied().unwrap_or(f64::NAN);
            value("first / last") / value("true bound, first / last")
        };
        claims.push(Claim::new(
            "The product of 0.25 and the spectral norm of each layer's weights bounds it.",
            Effect::new(
                "gradient, first / last layer, over the true bound",
                results.of("sigmoid, exact gain").iter().map(share).collect(),
            ),
            Criterion::Below(1.0),
        ).beside());
    }
    if !results.of("relu, exact gain").is_empty() {
        claims.push(Claim::new(
            "With ReLU and its exact gain the gradient keeps its size within a factor of 1.2 for each layer.",
            Effect::new("factor of a layer", factor("relu, exact gain")),
            Criterion::Between(1.0 / 1.2, 1.2),
        ));
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let depth = results.settings.count("depth");
    RULES
        .iter()
        .flat_map(|(rule, _)| {
            let arms: Vec<&str> = results.arms().iter().map(String::as_str).filter(|arm| arm.ends_with(rule)).collect();
            let drawn: Vec<Vec<&str>> = arms.chunks(3).map(<[&str]>::to_vec).collect();
            drawn.into_iter().enumerate().map(move |(index, arms)| one(results, rule, index, &arms, depth))
        })
        .collect()
}

fn one(results: &Results<'_>, rule: &str, index: usize, arms: &[&str], depth: usize) -> Figure {
    let mut figure = Figure::new(
        format!("depth-{}-{index}", rule.replace(' ', "-")),
        format!("Gradient by layer, weights by {rule}"),
        Axis::linear("layer, 1 is next to the input"),
        Axis::log("|dL/da| relative to the last hidden layer"),
    );
    figure = results.draw(figure, "gradient", arms);
    if arms.iter().any(|arm| arm.starts_with("sigmoid")) {
        let points = (1..=depth).map(|layer| (layer as f64, 0.25_f64.powf((depth - layer) as f64)));
        figure = figure.with(Line { label: "0.25^n".to_owned(), points: points.collect(), ink: Ink::Grey, markers: false });
        let sigmoid = format!("sigmoid, {rule}");
        figure = figure.with(Line {
            label: "0.25 |W| for each layer".to_owned(),
            points: results.median_curve(&sigmoid, "bound"),
            ink: Ink::Grey,
            markers: false,
        });
    }
    let ends: BTreeMap<&str, f64> = arms.iter().map(|arm| (*arm, median(&results.measures(arm, "first / last")))).collect();
    let words: Vec<String> = ends.iter().map(|(arm, ratio)| format!("{arm} {}", knee_figure::short(*ratio))).collect();
    figure.describe(format!(
        "Median over seeds, the band from the smallest to the largest. First layer relative to the last: {}.",
        words.join("; ")
    ))
}
