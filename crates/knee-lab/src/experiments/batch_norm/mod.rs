//! Batch normalisation before the activation.

mod figures;

use knee::{Function, Initialisation};
use knee_doctor::Diagnosis;
use knee_doctor::SiteSummary;

use crate::data::digits;
use crate::engine::{
    Builder, Flow, Init, Loss, Net, Optimizer, Rule, Training, Watch, Watching, fit,
};
use crate::experiment::experiment;
use crate::experiments::shared::looking::{is_finite, sightings, watched};
use crate::experiments::shared::rates::{at, best};
use crate::experiments::shared::scoring::test_accuracy;
use crate::experiments::shared::together::together;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};
use figures::figures;

experiment! {
    /// ## Question
    ///
    /// What does batch normalisation before the activation change: the saturated and the dead units, the gradient from layer to
    /// layer, the learning rates at which a network learns?
    ///
    /// ## Set-up
    ///
    /// Eight dense hidden layers on handwritten digits, with sigmoid and with ReLU, each with and without batch normalisation
    /// between the dense layer and the function, by SGD without momentum at several rates. Weights begin with the variance that is
    /// recommended for the function: Glorot's for sigmoid, He's for ReLU.
    ///
    /// ## Prediction
    ///
    /// Without it eight layers of sigmoid do not learn, and with it they do. Both functions bear a larger rate with it. Dead ReLU
    /// units become fewer, since every unit is centred in every batch. At the start the gradient of sigmoid keeps more of its size;
    /// that of ReLU grows somewhat towards the input, as Yang et al. computed, and with He's weights alone it is even.
    ///
    /// ## Measure
    ///
    /// At the start, on one batch of all training samples: the norm of `dL/da` of the first hidden layer relative to the last.
    /// After training: the share of test samples with a wrong answer, the share of hidden units that are dead and of those that are
    /// saturated, as the doctor counts them on a pass over all training samples; nothing is said of the units of a network that has
    /// diverged. The best rate is that of the least median test error over seeds. A network learns at a rate if it ends with less
    /// than half of the error of guessing, 45 %.
    ///
    /// ## Source
    ///
    /// Ioffe and Szegedy, *Batch normalization*, 2015; Yang et al., *A mean field theory of batch normalization*, 2019.
    pub struct BatchNorm {
        name: "batch-norm",
        title: "batch normalisation before sigmoid and ReLU",
        sentence: "Batch normalisation keeps units from saturating and dying, evens the gradient, and allows a larger learning rate.",
        own_data: false,
        parameters: {
            functions: Functions, "sigmoid,relu", quick "sigmoid,relu", "Hidden functions.";
            depth: Count(2, 100), "8", quick "8", "Hidden layers.";
            width: Count(1, 1024), "48", quick "32", "Units of each hidden layer.";
            epochs: Count(1, 10_000), "15", quick "8", "Times that each sample is seen.";
            batch: Count(2, 10_000), "32", quick "32", "Samples of a step.";
        }
    }
}

/// Learning rates, each about three times the one before.
const RATES: [f64; 5] = [0.03, 0.1, 0.3, 1.0, 3.0];

/// The error below which a network counts as one that learns.
const LEARNS: f64 = 0.45;

const PLAIN: &str = "plain";
const NORMED: &str = "batch norm";

fn case(function: &Function, norm: &str) -> String {
    format!("{function}, {norm}")
}

fn cases(settings: &Settings) -> Vec<(String, Function, bool, f64)> {
    let mut cases = Vec::new();
    for function in settings.functions("functions") {
        for norm in [PLAIN, NORMED] {
            cases.extend(RATES.map(|rate| {
                (
                    at(&case(&function, norm), rate),
                    function,
                    norm == NORMED,
                    rate,
                )
            }));
        }
    }
    cases
}

fn arms(settings: &Settings) -> Vec<String> {
    cases(settings).into_iter().map(|(arm, ..)| arm).collect()
}

/// The start that is recommended for a function.
fn rule(function: &Function) -> Rule {
    match function.facts().initialisation {
        Initialisation::He => Rule::He,
        Initialisation::Glorot => Rule::Glorot,
        Initialisation::LeCun => Rule::LeCun,
        Initialisation::None => Rule::Exact,
    }
}

fn network(function: Function, normed: bool, run: &Run<'_>) -> Net {
    let init = Init::new(rule(&function));
    let mut builder = Builder::new(64, run.init_seed());
    for _ in 0..run.settings.count("depth") {
        builder = builder.dense(run.settings.count("width"), init);
        if normed {
            builder = builder.batch_norm();
        }
        builder = builder.activation(function);
    }
    builder.dense(10, init).build()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (_, function, normed, rate) = cases(run.settings).swap_remove(run.arm);
    let split = digits().split(0.25, run.data_seed()).standardised();
    let mut net = network(function, normed, run);
    let mut measured = Measured::default();
    start(
        &watched(&net, &split.train, Loss::CrossEntropy)?,
        &mut measured,
    );
    let optimizer = Optimizer::Sgd {
        rate,
        momentum: 0.0,
    };
    let training = Training {
        watching: Watching::Never,
        ..Training::new(
            Loss::CrossEntropy,
            optimizer,
            run.settings.count("epochs"),
            run.settings.count("batch"),
        )
    };
    let history = fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
    measured.set(
        "test error",
        1.0 - test_accuracy(&net, &split.test, training.threshold),
    );
    measured.set(
        "training loss",
        history.loss.last().map_or(f64::NAN, |(_, loss)| *loss),
    );
    let watch = watched(&net, &split.train, Loss::CrossEntropy)?;
    let diagnosis = watch.diagnosis(false);
    let judged = |shares: f64| if is_finite(&watch) { shares } else { f64::NAN };
    if !function.facts().flat.is_empty() {
        measured.set("dead units", judged(mean(&diagnosis, |site| site.dead)));
    }
    if diagnosis.sites.iter().any(|site| site.saturated.is_some()) {
        measured.set(
            "saturated units",
            judged(mean(&diagnosis, |site| site.saturated)),
        );
    }
    measured.sightings = sightings(&diagnosis, run.settings.count("epochs"));
    Ok(measured)
}

/// The mean of a share over the hidden layers.
fn mean(diagnosis: &Diagnosis, share: impl Fn(&SiteSummary) -> Option<f64>) -> f64 {
    let shares: Vec<f64> = diagnosis.sites.iter().filter_map(share).collect();
    shares.iter().sum::<f64>() / shares.len() as f64
}

/// Notes the gradient of each layer of the untrained network.
fn start(watch: &Watch, measured: &mut Measured) {
    let sites = watch.network().sites.len();
    let norm = |site| watch.evidence().site(site).and_then(|seen| seen.gradient());
    let norms: Vec<f64> = (0..sites)
        .map(|site| norm(site).map_or(f64::NAN, |norms| norms.mean))
        .collect();
    let (Some(first), Some(last)) = (norms.first(), norms.last()) else {
        return;
    };
    measured.set("gradient at the start, first / last layer", first / last);
    measured.curve(
        "gradient",
        norms
            .iter()
            .enumerate()
            .map(|(layer, norm)| ((layer + 1) as f64, norm / last)),
    );
}

/// The largest rate at which a network learns, for each seed; 0 if there is none.
fn largest(results: &Results<'_>, case: &str) -> Vec<f64> {
    let arms = RATES.map(|rate| at(case, rate));
    let rows = together(results, &arms, "test error").into_iter();
    let largest = |row: Vec<f64>| {
        let learns = RATES
            .into_iter()
            .zip(row)
            .filter(|(_, error)| *error < LEARNS);
        learns.map(|(rate, _)| rate).fold(0.0, f64::max)
    };
    rows.map(largest).collect()
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let functions = results.settings.functions("functions");
    functions
        .iter()
        .flat_map(|function| of_function(results, function))
        .collect()
}

fn of_function(results: &Results<'_>, function: &Function) -> Vec<Claim> {
    let (plain, normed) = (case(function, PLAIN), case(function, NORMED));
    let best_of = |case: &str| best(results, case, &RATES, "test error");
    let points = |one: f64, other: f64| 100.0 * (one - other);
    let rates = largest(results, &plain)
        .into_iter()
        .zip(largest(results, &normed));
    let distance = |ratio: f64| ratio.ln().abs();
    let mut claims = vec![
        Claim::new(
            format!(
                "{function}: with batch normalisation the network learns at a rate that is at least three times as large."
            ),
            Effect::new(
                "largest rate with it / without it",
                rates.map(|(plain, normed)| normed / plain).collect(),
            ),
            Criterion::Above(2.9),
        ),
        Claim::new(
            format!(
                "{function}: each at its best rate, the network with batch normalisation gives fewer wrong answers."
            ),
            Effect::new(
                "error without it - with it, points",
                results.paired(&best_of(&plain), &best_of(&normed), "test error", points),
            ),
            Criterion::Above(0.0),
        ),
        Claim::new(
            format!(
                "{function}: at the start the gradient of the first layer is nearer to that of the last with batch normalisation."
            ),
            Effect::new(
                "|log of first / last| with it - without it",
                results.paired(
                    &at(&normed, RATES[0]),
                    &at(&plain, RATES[0]),
                    "gradient at the start, first / last layer",
                    |normed, plain| distance(normed) - distance(plain),
                ),
            ),
            Criterion::Below(0.0),
        ),
    ];
    for (measure, words) in [("dead units", "dead"), ("saturated units", "saturated")] {
        let less = results.paired(&best_of(&plain), &best_of(&normed), measure, points);
        if less.iter().any(|points| points.is_finite()) {
            claims.push(Claim::new(
                format!("{function}: after training, each at its best rate, fewer units are {words} with batch normalisation."),
                Effect::new(format!("{words} units without it - with it, points"), less),
                Criterion::Above(0.0),
            ));
        }
    }
    claims
}
