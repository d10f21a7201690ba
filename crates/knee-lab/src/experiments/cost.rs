//! The time that activations take of a training step.

use std::time::Instant;

use knee::Function;
use knee_figure::{Axis, Bars, Figure, Ink, short};

use crate::data::{self, Targets};
use crate::engine::{Answers, Builder, Init, Loss, Net, Optimizer, Rule, State};
use crate::experiment::experiment;
use crate::statistics::median;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// Which share of a training step is the activation's, is leaky ReLU as fast as ReLU, and how dear is an exponential?
    ///
    /// ## Set-up
    ///
    /// Three networks: dense with 32 units, dense with 128 units, and convolutions with 8 channels on images of 16 by 16. One training step
    /// of each, forward, backward and Adam, on one thread, with each function and with none. Within a run the functions take turns,
    /// beginning with another one in every round, so that whatever else the machine does hits all of them alike. The first rounds are not
    /// counted.
    ///
    /// ## Prediction
    ///
    /// A matrix product takes the width as many operations for each number that is activated: with 128 units the activation hardly
    /// counts, with 32 units or few channels it does. Leaky ReLU is as fast as ReLU. An exponential adds a few nanoseconds to each
    /// number, a few percent of a step, where it is computed eight or sixteen at a time.
    ///
    /// ## Measure
    ///
    /// The time of a step by function, below which a tenth of its steps stay since other programs only make steps longer; its ratio to
    /// that of another function or of none in the same run. Times are not a function of the specification: they depend on the
    /// machine, and another run gives others.
    ///
    /// ## Source
    ///
    /// Glorot, Bordes, Bengio, *Deep sparse rectifier neural networks*, 2011: there is no need for computing the exponential function in
    /// activations.
    pub struct Cost {
        name: "cost",
        title: "seconds of a training step by function",
        sentence: "ReLU is cheap and the exponential of sigmoid and tanh makes training slow.",
        own_data: false,
        parameters: {
            functions: Functions, "relu,leaky_relu,sigmoid,tanh,gelu,silu", quick "relu,leaky_relu,sigmoid,tanh,gelu,silu", "Functions; the first is what the others are compared with.";
            batch: Count(1, 10_000), "64", quick "64", "Samples of a step; a quarter as many images.";
            rounds: Count(1, 100_000), "100", quick "60", "Steps with each function that are counted; twice as many with 128 units, ten times with 32.";
        }
    }
}

/// The networks: name, and units or channels.
const NETWORKS: [(&str, usize); 3] = [
    ("dense, 32 units", 32),
    ("dense, 128 units", 128),
    ("convolution, 8 channels", 8),
];

/// What the step without an activation is called.
const NOTHING: &str = "nothing";

/// What the time with a function is called.
fn step(function: &str) -> String {
    format!("a step with {function}")
}

/// Pixels of an image along one side.
const SIDE: usize = 16;

const CLASSES: usize = 10;

fn arms(_: &Settings) -> Vec<String> {
    NETWORKS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect()
}

fn network(arm: usize, function: Option<Function>, run: &Run<'_>) -> Net {
    let (_, units) = NETWORKS[arm];
    let init = Init::new(Rule::He);
    let activate = |builder: Builder| match function {
        Some(function) => builder.activation(function),
        None => builder,
    };
    if arm == 2 {
        let mut builder = Builder::image(SIDE, SIDE, run.init_seed());
        for layer in 0..3 {
            builder = activate(builder.convolution(units, 3, init));
            if layer < 2 {
                builder = builder.max_pool();
            }
        }
        return builder.flatten().dense(CLASSES, init).build();
    }
    let mut builder = Builder::new(units, run.init_seed());
    for _ in 0..4 {
        builder = activate(builder.dense(units, init));
    }
    builder.dense(CLASSES, init).build()
}

/// Numbers that go through an activation in a step, for each sample.
fn activated(arm: usize) -> usize {
    let (_, units) = NETWORKS[arm];
    if arm == 2 {
        units * (SIDE * SIDE + SIDE * SIDE / 4 + SIDE * SIDE / 16)
    } else {
        4 * units
    }
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let functions = run.settings.functions("functions");
    // Short steps are interrupted less often, and can be many: fewer images, and more rounds of the narrow network.
    let batch = run
        .settings
        .count("batch")
        .div_ceil(if run.arm == 2 { 4 } else { 1 });
    let rounds = run.settings.count("rounds") * [10, 2, 1][run.arm];
    let width = if run.arm == 2 {
        SIDE * SIDE
    } else {
        NETWORKS[run.arm].1
    };
    let inputs = data::noise(batch, width, run.data_seed()).inputs;
    let targets = Targets::classes(CLASSES, (0..batch).map(|sample| sample % CLASSES).collect());
    let all: Vec<usize> = (0..batch).collect();
    let answers = Answers::of(&targets, &all);
    let variants = std::iter::once(None).chain(functions.iter().copied().map(Some));
    let mut nets: Vec<(Net, State)> = variants
        .map(|function| (network(run.arm, function, run), State::default()))
        .collect();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); nets.len()];
    let warm = rounds.div_ceil(10);
    for round in 0..warm + rounds {
        for turn in 0..nets.len() {
            let at = (turn + round) % nets.len();
            let (net, state) = &mut nets[at];
            let start = Instant::now();
            let gradients = net.gradients(&inputs, &answers, Loss::CrossEntropy, None)?;
            state.step(
                Optimizer::Adam { rate: 1e-4 },
                &mut net.weights,
                &gradients.of,
            );
            if round >= warm {
                times[at].push(start.elapsed().as_secs_f64());
            }
        }
        run.at((round + 1) as f64 / (warm + rounds) as f64, None, "")?;
    }
    let mut measured = Measured::default();
    measured.set(
        "numbers activated in a step",
        (batch * activated(run.arm)) as f64,
    );
    measured.set("weights", nets[0].0.parameters() as f64);
    let names =
        std::iter::once(NOTHING.to_owned()).chain(functions.iter().map(ToString::to_string));
    for (name, times) in names.zip(&times) {
        measured.time(step(&name), undisturbed(times));
    }
    Ok(measured)
}

/// The time that a tenth of the steps stay below: whatever else the machine does makes steps longer, and none shorter.
fn undisturbed(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 10).copied().unwrap_or(f64::NAN)
}

/// The time of one function over that of another in the same run.
fn ratio(results: &Results<'_>, arm: &str, one: &str, other: &str) -> Vec<f64> {
    let (one, other) = (
        results.seconds(arm, &step(one)),
        results.seconds(arm, &step(other)),
    );
    one.iter()
        .zip(other)
        .map(|(one, other)| one / other)
        .collect()
}

/// Whether the function is made of straight lines, judged by its slopes between the kinks that such functions have.
fn is_straight(function: Function) -> bool {
    let slope = |x: f64| function.derivative(x);
    [(0.25, 0.75), (-0.75, -0.25)]
        .into_iter()
        .all(|(one, other)| slope(one) == slope(other))
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let functions = results.settings.functions("functions");
    let first = functions[0].to_string();
    let mut claims = Vec::new();
    for (arm, _) in NETWORKS {
        let share = ratio(results, arm, NOTHING, &first)
            .into_iter()
            .map(|share| 1.0 - share);
        claims.push(Claim::new(
            format!("{arm}: {first} takes less than a tenth of a training step."),
            Effect::new(
                format!("share of the step, 1 - time with nothing / time with {first}"),
                share.collect(),
            ),
            Criterion::Below(0.1),
        ));
        for other in &functions[1..] {
            let effect = Effect::new(
                format!("time with {other} / time with {first}"),
                ratio(results, arm, &other.to_string(), &first),
            );
            let (sentence, criterion) = if is_straight(*other) {
                (
                    format!("{arm}: {other} is as fast as {first}, within 5 %."),
                    Criterion::Between(0.95, 1.05),
                )
            } else {
                (
                    format!(
                        "{arm}: with {other} a step takes at least a quarter longer than with {first}."
                    ),
                    Criterion::Above(1.25),
                )
            };
            claims.push(Claim::new(sentence, effect, criterion));
        }
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let functions = results.settings.functions("functions");
    let names: Vec<String> = functions.iter().map(ToString::to_string).collect();
    let mut figure = Figure::new(
        "cost",
        "What an activation adds to a training step",
        Axis::linear("added to the step without activations").unit("%"),
        Axis::categories("", names.clone()),
    );
    let mut said = Vec::new();
    for (index, (arm, _)) in NETWORKS.into_iter().enumerate() {
        let added = |name: &String| 100.0 * (median(&ratio(results, arm, name, NOTHING)) - 1.0);
        let values: Vec<f64> = names.iter().map(added).collect();
        let list: Vec<String> = names
            .iter()
            .zip(&values)
            .map(|(name, value)| format!("{name} {} %", short(*value)))
            .collect();
        let alone = 1e6 * median(&results.seconds(arm, &step(NOTHING)));
        said.push(format!(
            "{arm}, {} microseconds without: {}",
            short(alone),
            list.join(", ")
        ));
        figure = figure.with(Bars {
            label: arm.to_owned(),
            values,
            ink: Ink::series(index),
        });
    }
    vec![figure.describe(format!(
        "Median over runs of the ratio within a run. {}.",
        said.join("; ")
    ))]
}
