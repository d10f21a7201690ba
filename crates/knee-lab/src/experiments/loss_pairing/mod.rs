//! Output units and losses for six tasks: the right pair and wrong ones.

mod tasks;

use knee::{Function, RowFunction};
use knee_figure::{At, Axis, Figure, Ink, Points, Reference, short};

use crate::data::{self, Dataset, Split, Standard, Targets, regression};
use crate::engine::{Builder, Flow, Init, Loss, Net, Optimizer, Rule, Training, fit};
use crate::experiment::experiment;
use crate::experiments::shared::plain::Plain;
use crate::experiments::shared::scoring::{answers, test_accuracy, test_loss, test_rmse};
use crate::statistics::median;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};
use tasks::{Kind, Pair, SIGMOID, TASKS, Task};

experiment! {
    /// ## Question
    ///
    /// What does the wrong output unit, or the wrong loss for it, cost?
    ///
    /// ## Set-up
    ///
    /// Six tasks: numbers of both signs without bounds, two classes, ten classes (handwritten digits), several labels at once,
    /// positive numbers, numbers between 0 and 1. The numbers of the three are the same function `z` of the inputs: as it is,
    /// `exp(z)` and `sigmoid(2 z)`. For each task the pair of output unit and loss that textbooks give, and two that they warn of.
    /// All of them have the same samples and the same hidden layers, and Adam with the same rate for as many epochs. Numbers of
    /// both signs are standardised; positive and bounded ones stay as they are. CE is cross-entropy. A pair that has a logarithm in
    /// its loss takes it from the logits, but for softmax on labels, for which there is no such loss.
    ///
    /// ## Prediction
    ///
    /// Where the unit cannot give the answer, as ReLU for negative numbers and softmax for labels that hold together, the error is
    /// much larger. Where it can, as sigmoid with the squared error, the difference is small. An identity for positive or bounded
    /// numbers answers some of them from outside.
    ///
    /// ## Measure
    ///
    /// One error that both pairs of a task share: the share of wrong classes or labels on test samples; for numbers the root of the
    /// mean squared error, in standard deviations of the target. Seed by seed, the error of the wrong pair over that of the right
    /// one. For classes and labels the mean log loss of the probabilities besides; for numbers the share of outputs that the target
    /// cannot have.
    ///
    /// ## Source
    ///
    /// Bishop, *Neural networks for pattern recognition*, 1995, chapter 6; Goodfellow, Bengio, Courville, *Deep Learning*, 2016,
    /// section 6.2.2.
    pub struct LossPairing {
        name: "loss-pairing",
        title: "output unit and loss for six tasks",
        sentence: "The output unit and the loss follow from the task; another pair costs accuracy.",
        own_data: false,
        parameters: {
            samples: Count(100, 100_000), "2000", quick "1000", "Samples of each task that is made, a quarter of them for testing.";
            width: Count(1, 1024), "32", quick "32", "Units of each of the two hidden layers.";
            epochs: Count(1, 10_000), "40", quick "40", "Times that each sample is seen.";
            rate: Real(1e-6, 1.0), "0.003", quick "0.003", "Learning rate of Adam.";
            batch: Count(1, 10_000), "32", quick "32", "Samples of a step.";
        }
    }
}

fn arm(task: &Task, pair: &Pair) -> String {
    format!("{}: {}", task.name, pair.name)
}

fn cases() -> impl Iterator<Item = (&'static Task, &'static Pair)> {
    TASKS
        .iter()
        .flat_map(|task| task.pairs.iter().map(move |pair| (task, pair)))
}

fn arms(_: &Settings) -> Vec<String> {
    cases().map(|(task, pair)| arm(task, pair)).collect()
}

fn samples(task: &Task, run: &Run<'_>) -> Split {
    let (count, seed) = (run.settings.count("samples"), run.data_seed());
    let made: Dataset = match task.name {
        "binary" => data::moons(count, 0.25, seed),
        "labels" => data::multilabel(count, 10, 5, 0.05, seed),
        "regression" => regression::signed(count, 6, 0.2, seed),
        "positive" => regression::positive(count, 6, 0.2, seed),
        "bounded" => regression::share(count, 6, 0.2, seed),
        _ => data::digits(),
    };
    let split = made.split(0.25, seed.stream(9)).standardised();
    if task.name == "regression" {
        split.standardised_targets().0
    } else {
        split
    }
}

fn network(pair: &Pair, split: &Split, run: &Run<'_>) -> Result<Net, Stop> {
    let impossible = |error: &dyn std::fmt::Display| Stop::Impossible(error.to_string());
    let plain = Plain {
        depth: 2,
        width: run.settings.count("width"),
        function: Function::parse("relu").map_err(|error| impossible(&error))?,
        init: Init::new(Rule::Exact),
    };
    // The probability of one of two classes says all.
    let outputs = match &split.train.targets {
        Targets::Classes { classes: 2, .. } => 1,
        targets => targets.outputs(),
    };
    let builder = plain.builder(split.train.width(), outputs, run.init_seed());
    let Some(unit) = pair.unit else {
        return Ok(builder.build());
    };
    Ok(behind(builder, unit)
        .map_err(|error| impossible(&error))?
        .build())
}

fn behind(builder: Builder, unit: &str) -> Result<Builder, knee::ParseError> {
    match RowFunction::parse(unit) {
        Ok(rows) => Ok(builder.rows(rows)),
        Err(_) => Ok(builder.activation(Function::parse(unit)?)),
    }
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (task, pair) = cases().nth(run.arm).ok_or(Stop::Asked)?;
    let split = samples(task, run);
    let mut net = network(pair, &split, run)?;
    let optimizer = Optimizer::Adam {
        rate: run.settings.real("rate"),
    };
    let training = Training::new(
        pair.loss,
        optimizer,
        run.settings.count("epochs"),
        run.settings.count("batch"),
    );
    let history = fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
    let mut measured = Measured::default();
    score(task, pair, &net, &split, &mut measured)?;
    measured.sightings = history.sightings;
    Ok(measured)
}

fn score(
    task: &Task,
    pair: &Pair,
    net: &Net,
    split: &Split,
    measured: &mut Measured,
) -> Result<(), Stop> {
    let test = &split.test;
    match task.kind {
        Kind::Classes => {
            let threshold = if pair.takes_logits() { 0.0 } else { 0.5 };
            measured.set("error", 1.0 - test_accuracy(net, test, threshold));
        }
        Kind::Labels => {
            measured.set("error", wrong_labels(pair, net, test, 0.5));
            let thresholds = (1..20).map(|twentieth| f64::from(twentieth) / 20.0);
            let errors = thresholds
                .map(|threshold| (threshold, wrong_labels(pair, net, &split.train, threshold)));
            let best = errors
                .min_by(|one, other| one.1.total_cmp(&other.1))
                .map_or(0.5, |best| best.0);
            measured.set(
                "error at the best threshold",
                wrong_labels(pair, net, test, best),
            );
        }
        Kind::Numbers { low, high } => {
            let scale = Standard::of(&answers(test).values(1), 1).deviations[0];
            measured.set("error", test_rmse(net, test) / scale);
            if low.is_finite() || high.is_finite() {
                let outputs = net.infer(&test.inputs);
                let outside = outputs
                    .iter()
                    .filter(|y| !(**y > low && **y < high))
                    .count();
                measured.set("impossible outputs", outside as f64 / outputs.len() as f64);
            }
        }
    }
    // Outputs that are probabilities already have the log loss of probabilities.
    let log_loss = match pair.loss {
        _ if task.kind.is_numbers() => None,
        Loss::CrossEntropy | Loss::BceWithLogits | Loss::Bce => Some(pair.loss),
        _ => (pair.unit == SIGMOID).then_some(Loss::Bce),
    };
    if let Some(loss) = log_loss {
        measured.set("log loss", test_loss(net, test, loss)?);
    }
    Ok(())
}

/// The share of labels that lie on the wrong side of a threshold of the probability.
fn wrong_labels(pair: &Pair, net: &Net, data: &Dataset, threshold: f64) -> f64 {
    let outputs = net.infer(&data.inputs);
    let bound = if pair.takes_logits() {
        (threshold / (1.0 - threshold)).ln()
    } else {
        threshold
    };
    let wanted = answers(data).values(net.outputs());
    let wrong = outputs
        .iter()
        .zip(&wanted)
        .filter(|(y, label)| (f64::from(**y) > bound) != (**label > 0.5));
    wrong.count() as f64 / wanted.len() as f64
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    TASKS
        .iter()
        .flat_map(|task| of_task(results, task))
        .collect()
}

fn of_task(results: &Results<'_>, task: &Task) -> Vec<Claim> {
    let right = arm(task, &task.pairs[0]);
    let mut claims = Vec::new();
    for pair in &task.pairs[1..] {
        let wrong = arm(task, pair);
        let times =
            |measure: &str| results.paired(&wrong, &right, measure, |wrong, right| wrong / right);
        claims.push(Claim::new(
            format!(
                "{}: {} has a larger error on test samples than {}.",
                task.name, pair.name, task.pairs[0].name
            ),
            Effect::new("its error / that of the right pair", times("error")),
            Criterion::Above(1.0),
        ));
        let log_loss = times("log loss");
        if log_loss.iter().any(|ratio| ratio.is_finite()) {
            claims.push(Claim::new(
                format!(
                    "{}: the probabilities of {} have a larger log loss.",
                    task.name, pair.name
                ),
                Effect::new("its log loss / that of the right pair", log_loss),
                Criterion::Above(1.0),
            ));
        }
        let best = times("error at the best threshold");
        if best.iter().any(|ratio| ratio.is_finite()) {
            claims.push(Claim::new(
                format!(
                    "{}: {} has the larger error even if each pair has the threshold that is best on its training samples.",
                    task.name, pair.name
                ),
                Effect::new("its error / that of the right pair", best),
                Criterion::Above(1.0),
            ));
        }
        let outside = results.measures(&wrong, "impossible outputs");
        if outside.iter().any(|share| share.is_finite()) {
            claims.push(Claim::new(
                format!("{}: {} answers more than 1 % of the test samples with a number that the target cannot have.", task.name, pair.name),
                Effect::new("share of test samples", outside),
                Criterion::Above(0.01),
            ));
        }
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let wrong = || cases().filter(|(task, pair)| pair.name != task.pairs[0].name);
    let rows = wrong().map(|(task, pair)| arm(task, pair)).collect();
    let x = Axis::log("error of the wrong pair / that of the right one");
    let mut figure = Figure::new(
        "loss-pairing",
        "What the wrong output unit or loss costs, seed by seed",
        x,
        Axis::categories("", rows),
    );
    let mut said = Vec::new();
    for (task, ink) in TASKS.iter().zip(Ink::SERIES.into_iter().cycle()) {
        let mut points = Vec::new();
        for (row, (of, pair)) in wrong()
            .enumerate()
            .filter(|(_, (of, _))| of.name == task.name)
        {
            let (wrong, right) = (arm(of, pair), arm(of, &of.pairs[0]));
            let times = results.paired(&wrong, &right, "error", |wrong, right| wrong / right);
            said.push(format!("{wrong} {}", short(median(&times))));
            points.extend(times.into_iter().map(|times| (times, row as f64)));
        }
        figure = figure.with(Points {
            label: String::new(),
            points,
            ink,
        });
    }
    let same = Reference {
        label: "no difference".to_owned(),
        at: At::X(1.0),
    };
    vec![figure.with(same).describe(format!(
        "One point for each seed; right of 1 the wrong pair has the larger error on test samples. Medians: {}.",
        said.join("; ")
    ))]
}
