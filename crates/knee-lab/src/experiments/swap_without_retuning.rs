//! Another function in a network whose learning rate was chosen for the first one.

use knee::Function;
use knee_figure::{Axis, Figure, Ink, Line, short};

use crate::engine::{Init, Optimizer, Rule};
use crate::experiment::experiment;
use crate::experiments::shared::plain::Plain;
use crate::experiments::shared::rates::{at, best};
use crate::experiments::shared::task::Task;
use crate::experiments::shared::together::together;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// A network was tuned with ReLU. Is it enough to put GELU in its place, or must the learning rate be chosen again?
    ///
    /// ## Set-up
    ///
    /// A plain network on handwritten digits, or on your own data, by SGD without momentum, which does not adapt to the size of
    /// gradients as Adam does. ReLU is trained from its own start, `gain^2 / fan_in`, at each of seven rates. The other function
    /// takes its place twice: with the weights as they begin for ReLU, and with those of its own gain. The rate of each is the best
    /// by the median validation loss over seeds; test samples have no part in that choice.
    ///
    /// ## Prediction
    ///
    /// GELU has smaller slopes than ReLU near 0, so its best rate may be higher. Near the best rate the loss is flat: at ReLU's
    /// rate GELU should lose little.
    ///
    /// ## Measure
    ///
    /// The loss and the error on test samples, seed by seed: the new function at the old rate against itself at its own best rate,
    /// and against ReLU. The ratio of the best rates.
    ///
    /// ## Source
    ///
    /// Hendrycks and Gimpel, *Gaussian error linear units*, 2016, who chose a rate for each function; Sivaprasad et al., *Optimizer
    /// benchmarking needs to account for hyperparameter tuning*, 2020.
    pub struct SwapWithoutRetuning {
        name: "swap-without-retuning",
        title: "GELU in the place of ReLU at the same learning rate",
        sentence: "Whoever swaps the activation must tune the learning rate again.",
        own_data: true,
        parameters: {
            old: Functions, "relu", quick "relu", "The function that the network was tuned with; the first counts.";
            new: Functions, "gelu", quick "gelu", "Functions that take its place.";
            depth: Count(1, 100), "4", quick "4", "Hidden layers.";
            width: Count(1, 1024), "64", quick "64", "Units of each hidden layer.";
            epochs: Count(1, 10_000), "20", quick "15", "Times that each sample is seen.";
            batch: Count(1, 10_000), "32", quick "32", "Samples of a step.";
        }
    }
}

/// Learning rates, about twice the one before.
const RATES: [f64; 7] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8];

/// Whose gain the weights begin with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weights {
    Old,
    Own,
}

fn old(settings: &Settings) -> Function {
    settings.functions("old")[0]
}

fn swapped(function: &Function, old: &Function, weights: Weights) -> String {
    match weights {
        Weights::Old => format!("{function}, weights for {old}"),
        Weights::Own => format!("{function}, own weights"),
    }
}

fn networks(settings: &Settings) -> Vec<(String, Function, Weights)> {
    let old = old(settings);
    let mut networks = vec![(old.to_string(), old, Weights::Own)];
    for new in settings.functions("new") {
        networks.extend(
            [Weights::Old, Weights::Own]
                .map(|weights| (swapped(&new, &old, weights), new, weights)),
        );
    }
    networks
}

fn cases(settings: &Settings) -> Vec<(String, Function, Weights, f64)> {
    let networks = networks(settings).into_iter();
    networks
        .flat_map(|(name, function, weights)| {
            RATES.map(|rate| (at(&name, rate), function, weights, rate))
        })
        .collect()
}

fn arms(settings: &Settings) -> Vec<String> {
    cases(settings).into_iter().map(|(arm, ..)| arm).collect()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (_, function, weights, rate) = cases(run.settings).swap_remove(run.arm);
    let task = Task::of(run)?;
    let old = old(run.settings);
    let plain = Plain {
        depth: run.settings.count("depth"),
        width: run.settings.count("width"),
        function: if weights == Weights::Old {
            old
        } else {
            function
        },
        init: Init::new(Rule::Exact),
    };
    let net = plain.build(task.inputs(), task.outputs(), run.init_seed());
    let mut net = if weights == Weights::Old {
        net.swapped(old, function)
    } else {
        net
    };
    let optimizer = Optimizer::Sgd {
        rate,
        momentum: 0.0,
    };
    task.train(&mut net, optimizer, run)
}

/// The arm of a network at its best rate.
fn tuned(results: &Results<'_>, network: &str) -> String {
    best(results, network, &RATES, "validation loss")
}

fn rate_of(results: &Results<'_>, network: &str) -> f64 {
    let tuned = tuned(results, network);
    let found = RATES.into_iter().find(|rate| at(network, *rate) == tuned);
    found.unwrap_or(f64::NAN)
}

/// For each seed the rate of the least validation loss.
fn own_rates(results: &Results<'_>, network: &str) -> Vec<f64> {
    let arms = RATES.map(|rate| at(network, rate));
    let least = |row: Vec<f64>| {
        let pairs = RATES.into_iter().zip(row);
        pairs
            .min_by(|one, other| one.1.total_cmp(&other.1))
            .map_or(f64::NAN, |pair| pair.0)
    };
    together(results, &arms, "validation loss")
        .into_iter()
        .map(least)
        .collect()
}

/// How many times the larger of the best rates of two networks is the smaller, seed by seed.
fn apart(results: &Results<'_>, one: &str, other: &str) -> Vec<f64> {
    let pairs = own_rates(results, one)
        .into_iter()
        .zip(own_rates(results, other));
    pairs
        .map(|(one, other)| one.max(other) / one.min(other))
        .collect()
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let old = old(results.settings).to_string();
    let (before, rate) = (tuned(results, &old), rate_of(results, &old));
    let mut claims = Vec::new();
    for (network, ..) in networks(results.settings).into_iter().skip(1) {
        let (same, own) = (at(&network, rate), tuned(results, &network));
        claims.push(Claim::new(
            format!("{network}: at the rate of {old} ({rate}) the test loss is more than 5 % above that at its own best rate ({}).", rate_of(results, &network)),
            Effect::new("loss at the old rate / at its own", results.paired(&same, &own, "test loss", |same, own| same / own)),
            Criterion::Above(1.05),
        ));
        claims.push(Claim::new(
            format!("{network}: its best rate is at least twice or at most half that of {old}."),
            Effect::new(
                "the larger of the two best rates / the smaller",
                apart(results, &old, &network),
            ),
            Criterion::Above(1.9),
        ));
        claims.push(Claim::new(
            format!("{network}: at the rate of {old} it is worse than {old}."),
            Effect::new(
                format!("test loss / that of {old}"),
                results.paired(&same, &before, "test loss", |same, before| same / before),
            ),
            Criterion::Above(1.0),
        ));
        claims.push(Claim::new(
            format!("{network}: at its own rate it is better than {old}."),
            Effect::new(
                format!("test loss / that of {old}"),
                results.paired(&own, &before, "test loss", |own, before| own / before),
            ),
            Criterion::Below(1.0),
        ));
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    [
        ("validation loss", "Loss on validation samples", 1.0, ""),
        ("test error", "Test error", 100.0, "%"),
    ]
    .into_iter()
    .map(|(measure, words, factor, unit)| {
        one(results, measure, Axis::log(words).unit(unit), factor)
    })
    .collect()
}

/// A measure of each network along the rates.
fn one(results: &Results<'_>, measure: &str, y: Axis, factor: f64) -> Figure {
    let networks: Vec<String> = networks(results.settings)
        .into_iter()
        .map(|(network, ..)| network)
        .take(4)
        .collect();
    let title = format!("{} by learning rate", y.label);
    let slug = format!("swap-without-retuning-{}", measure.replace(' ', "-"));
    let mut figure = Figure::new(slug, title, Axis::log("learning rate of SGD"), y);
    let mut said = Vec::new();
    for (index, network) in networks.iter().enumerate() {
        let value = |rate: &f64| (*rate, factor * results.median(&at(network, *rate), measure));
        let points: Vec<(f64, f64)> = RATES.iter().map(value).collect();
        let rate = rate_of(results, network);
        said.push(format!(
            "{network}: best rate {}, {measure} there {}",
            short(rate),
            short(value(&rate).1)
        ));
        figure = figure.with(Line {
            label: network.clone(),
            points,
            ink: Ink::series(index),
            markers: true,
        });
    }
    figure.describe(format!(
        "Median over seeds; the best rate is that of the least validation loss. {}.",
        said.join("; ")
    ))
}
