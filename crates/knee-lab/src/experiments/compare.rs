//! The same network with one function after the other.

use knee::{Function, Monotone, Tail};
use knee_figure::{Axis, Bars, Figure, Ink, short};

use crate::engine::{Init, Optimizer, Rule};
use crate::experiment::experiment;
use crate::experiments::shared::plain::Plain;
use crate::experiments::shared::rates::{at, best};
use crate::experiments::shared::task::Task;
use crate::experiments::shared::together::together;
use crate::statistics::range;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// How does the same network learn with sigmoid, tanh, ReLU and the functions that came after it, and how much of the
    /// difference is the start of the weights and the learning rate?
    ///
    /// ## Set-up
    ///
    /// A plain network of dense layers on handwritten digits, or on your own data, by SGD with momentum 0.9: Adam would hide the
    /// size of the gradients, which is what the functions differ in. Each function has the same samples in the same order. It is
    /// trained three ways: with one start for all, the one that PyTorch's layers have; with its own start, `gain^2 / fan_in` with
    /// the exact gain of the function; and with its own start and its own learning rate, the best of a quarter of the rate, the
    /// rate, four times and 16 times the rate by the median error on validation samples over seeds; test samples have no part in
    /// that choice.
    ///
    /// ## Prediction
    ///
    /// With one start for all, sigmoid is far behind. With a start of its own it comes nearer, and with its own rate as well the
    /// functions lie close together on test samples. Whether GELU, SiLU and Mish are better than ReLU then is open.
    ///
    /// ## Measure
    ///
    /// The loss on training samples after the same epochs, and the share of test samples with a wrong answer; for numbers the root
    /// of the mean squared error in standard deviations of the target. Comparisons are made seed by seed.
    ///
    /// ## Source
    ///
    /// Glorot, Bordes, Bengio, *Deep sparse rectifier neural networks*, 2011; Ramachandran, Zoph, Le, *Searching for activation
    /// functions*, 2017, table 1.
    pub struct Compare {
        name: "compare",
        title: "one network, eight functions",
        sentence: "Hidden layers learn faster with ReLU and its kin than with sigmoid, and GELU, SiLU and Mish are better than ReLU.",
        own_data: true,
        parameters: {
            functions: Functions, "sigmoid,tanh,relu,leaky_relu,elu,gelu,silu,mish", quick "sigmoid,tanh,relu,leaky_relu,elu,gelu,silu,mish", "Hidden functions.";
            depth: Count(1, 100), "4", quick "4", "Hidden layers.";
            width: Count(1, 1024), "64", quick "64", "Units of each hidden layer.";
            epochs: Count(1, 10_000), "20", quick "15", "Times that each sample is seen.";
            rate: Real(1e-6, 10.0), "0.02", quick "0.02", "Learning rate; for the own rate a quarter of it, four times and 16 times it are tried too.";
            batch: Count(1, 10_000), "32", quick "32", "Samples of a step.";
        }
    }
}

/// How a function is trained, in words.
const ONE: &str = "one start";
const OWN: &str = "own start";
const TUNED: &str = "own start and rate";

/// How the weights begin.
const STARTS: [(&str, Rule); 2] = [(ONE, Rule::Framework), (OWN, Rule::Exact)];

/// What the rate is multiplied by where a function may choose its own.
const FACTORS: [f64; 4] = [1.0, 0.25, 4.0, 16.0];

fn case(function: &str, start: &str) -> String {
    format!("{function}, {start}")
}

fn rates(settings: &Settings) -> [f64; 4] {
    FACTORS.map(|factor| factor * settings.real("rate"))
}

fn cases(settings: &Settings) -> Vec<(Function, &'static str, Rule, f64)> {
    let mut cases = Vec::new();
    for function in settings.functions("functions") {
        for (start, rule) in STARTS {
            let rates = rates(settings);
            let tried = if start == OWN {
                &rates[..]
            } else {
                &rates[..1]
            };
            cases.extend(tried.iter().map(|rate| (function, start, rule, *rate)));
        }
    }
    cases
}

fn arms(settings: &Settings) -> Vec<String> {
    let arm = |(function, start, _, rate): &(Function, &str, Rule, f64)| {
        at(&case(&function.to_string(), start), *rate)
    };
    cases(settings).iter().map(arm).collect()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (function, _, rule, rate) = cases(run.settings)[run.arm];
    let task = Task::of(run)?;
    let plain = Plain {
        depth: run.settings.count("depth"),
        width: run.settings.count("width"),
        function,
        init: Init::new(rule),
    };
    let mut net = plain.build(task.inputs(), task.outputs(), run.init_seed());
    let optimizer = Optimizer::Sgd {
        rate,
        momentum: 0.9,
    };
    task.train(&mut net, optimizer, run)
}

/// The arm of a function in one of the three ways.
fn arm_of(results: &Results<'_>, function: &str, way: &str) -> String {
    if way == TUNED {
        best(
            results,
            &case(function, OWN),
            &rates(results.settings),
            "validation error",
        )
    } else {
        at(&case(function, way), results.settings.real("rate"))
    }
}

fn names(settings: &Settings, meets: impl Fn(&Function) -> bool) -> Vec<String> {
    let functions = settings.functions("functions").into_iter();
    functions
        .filter(|function| meets(function))
        .map(|function| function.to_string())
        .collect()
}

/// Whether the function grows to the right, as ReLU does.
fn is_unbounded(function: &Function) -> bool {
    !matches!(function.facts().right, Tail::Saturates { .. })
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let mut claims = speed(results);
    claims.extend(spread(results));
    claims.extend(smooth(results));
    claims
}

/// The slowest function that is unbounded against each one that is not.
fn speed(results: &Results<'_>) -> Vec<Claim> {
    let unbounded = names(results.settings, is_unbounded);
    let bounded = names(results.settings, |function| !is_unbounded(function));
    let mut claims = Vec::new();
    if unbounded.is_empty() {
        return claims;
    }
    for (way, words) in [(ONE, "one start for all"), (OWN, "a start of its own")] {
        for function in &bounded {
            let arms = std::iter::once(function)
                .chain(&unbounded)
                .map(|name| arm_of(results, name, way))
                .collect::<Vec<_>>();
            let rows = together(results, &arms, "training loss");
            claims.push(Claim::new(
                format!(
                    "With {words}, {} end with a lower training loss than {function}.",
                    unbounded.join(", ")
                ),
                Effect::new(
                    format!("loss of {function} / largest loss of the others"),
                    rows.iter().map(|row| row[0] / range(&row[1..]).1).collect(),
                ),
                Criterion::Above(1.0),
            ));
        }
    }
    claims
}

/// How far the functions lie apart on test samples.
fn spread(results: &Results<'_>) -> Vec<Claim> {
    let functions = names(results.settings, |_| true);
    let apart = |way: &str| -> Vec<f64> {
        let arms: Vec<String> = functions
            .iter()
            .map(|name| arm_of(results, name, way))
            .collect();
        let rows = together(results, &arms, "test error");
        rows.iter()
            .map(|row| 100.0 * (range(row).1 - range(row).0))
            .collect()
    };
    let (one, own, tuned) = (apart(ONE), apart(OWN), apart(TUNED));
    let nearer = one.iter().zip(&own).map(|(one, own)| own / one).collect();
    vec![
        Claim::new(
            "With starts of their own, the best and the worst function lie closer together on test samples than with one start for all.",
            Effect::new("distance with their own / with one", nearer),
            Criterion::Below(1.0),
        )
        .beside(),
        Claim::new(
            "With starts and rates of their own, the best and the worst function lie within 3 points on test samples.",
            Effect::new("largest - smallest error, points", tuned),
            Criterion::Below(3.0),
        )
        .beside(),
    ]
}

/// The functions with a dip against ReLU.
fn smooth(results: &Results<'_>) -> Vec<Claim> {
    let functions = names(results.settings, |_| true);
    if !functions.iter().any(|name| name == "relu") {
        return Vec::new();
    }
    let with_dip = names(results.settings, |function| {
        function.facts().monotone == Monotone::No && is_unbounded(function)
    });
    let claim = |name: &String| {
        let (relu, other) = (arm_of(results, "relu", TUNED), arm_of(results, name, TUNED));
        Claim::new(
            format!(
                "With its own start and rate, {name} gives fewer wrong answers on test samples than relu with its own."
            ),
            Effect::new(
                format!("error of relu - error of {name}, points"),
                results.paired(&relu, &other, "test error", |relu, other| {
                    100.0 * (relu - other)
                }),
            ),
            Criterion::Above(0.0),
        )
    };
    with_dip.iter().map(claim).collect()
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let functions = names(results.settings, |_| true);
    let mut figures = vec![errors(results, &functions)];
    for way in [ONE, OWN, TUNED] {
        let parts = functions.chunks(4).enumerate();
        figures.extend(parts.map(|(part, functions)| curves(results, way, part, functions)));
    }
    figures
}

fn errors(results: &Results<'_>, functions: &[String]) -> Figure {
    let mut figure = Figure::new(
        "compare-errors",
        "Wrong answers on test samples",
        Axis::linear("test error").unit("%"),
        Axis::categories("", functions.to_vec()),
    );
    let mut said = Vec::new();
    for (index, way) in [ONE, OWN, TUNED].into_iter().enumerate() {
        let error =
            |name: &String| 100.0 * results.median(&arm_of(results, name, way), "test error");
        let values: Vec<f64> = functions.iter().map(error).collect();
        let list = functions
            .iter()
            .zip(&values)
            .map(|(name, value)| format!("{name} {}", short(*value)));
        said.push(format!("{way}: {}", list.collect::<Vec<_>>().join(", ")));
        figure = figure.with(Bars {
            label: way.to_owned(),
            values,
            ink: Ink::series(index),
        });
    }
    figure.describe(format!("Median over seeds in %. {}.", said.join("; ")))
}

fn curves(results: &Results<'_>, way: &str, part: usize, functions: &[String]) -> Figure {
    let arms: Vec<String> = functions
        .iter()
        .map(|name| arm_of(results, name, way))
        .collect();
    let labelled: Vec<(&str, &str)> = functions
        .iter()
        .map(String::as_str)
        .zip(arms.iter().map(String::as_str))
        .collect();
    let figure = Figure::new(
        format!("compare-{}-{part}", way.replace(' ', "-")),
        format!("Training loss with {way}: {}", functions.join(", ")),
        Axis::linear("epoch"),
        Axis::log("mean loss of the epoch"),
    );
    let last: Vec<String> = labelled
        .iter()
        .map(|(name, arm)| {
            let loss = results
                .median_curve(arm, "loss")
                .last()
                .map_or(f64::NAN, |point| point.1);
            format!("{name} {}", short(loss))
        })
        .collect();
    results.draw_as(figure, "loss", &labelled).describe(format!(
        "Median over seeds, the band from the smallest to the largest. In the last epoch: {}.",
        last.join(", ")
    ))
}
