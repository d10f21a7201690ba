//! Smooth functions against ReLU in a small Transformer.

use knee::Function;
use knee_figure::{Axis, Figure, Ink, Points, short};

use crate::data::{self, Dataset, Split};
use crate::engine::{Flow, Loss, Net, Optimizer, Training, fit};
use crate::experiment::experiment;
use crate::experiments::shared::rates::{self, at, best, relabelled};
use crate::experiments::shared::scoring::test_loss;
use crate::networks::{Transformer, transformer};
use crate::statistics::range;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// After the same number of steps, is the test loss of a Transformer lower with GELU than with ReLU?
    ///
    /// ## Set-up
    ///
    /// Two blocks of causal attention with four heads and a dense part four times as wide, layer normalisation before each part, trained by
    /// Adam to name the next symbol. Two tasks: sentences of a small grammar, letter by letter, and random symbols that come twice, where the
    /// second half follows from the first through attention. All functions see the same samples in the same order from the same weights,
    /// `1 / fan_in`. Each function has the best of its learning rates by the median test loss over seeds.
    ///
    /// ## Prediction
    ///
    /// GELU, its tanh form and SiLU end a little below ReLU or not at all, and by less than another seed makes. GELU and its tanh form,
    /// which agree to 0.0005, end with the same loss.
    ///
    /// ## Measure
    ///
    /// Mean cross-entropy on test samples in nats, after the same steps; the difference to ReLU, seed by seed, and relative to the range of ReLU's losses over seeds.
    ///
    /// ## Source
    ///
    /// Hendrycks and Gimpel, *Gaussian error linear units*, 2016; Shazeer, *GLU variants improve Transformer*, 2020, where the feed-forward
    /// parts with ReLU, GELU and Swish have a held-out log-perplexity of 1.997, 1.983 and 1.994.
    pub struct GeluVsRelu {
        name: "gelu-vs-relu",
        title: "ReLU, GELU and SiLU in a small Transformer",
        sentence: "In a Transformer, GELU gives a lower loss than ReLU.",
        own_data: false,
        parameters: {
            functions: Functions, "relu,gelu,gelu_tanh,silu", quick "relu,gelu,gelu_tanh,silu", "Functions; the first is what the others are compared with.";
            rates: Count(1, 3), "2", quick "1", "How many learning rates each function may choose from: 0.01, 0.03, 0.003.";
            width: Count(4, 512), "32", quick "32", "Numbers of a position; a multiple of 4.";
            blocks: Count(1, 12), "2", quick "2", "Blocks.";
            length: Count(4, 256), "24", quick "24", "Symbols of a sample.";
            samples: Count(100, 100_000), "1000", quick "500", "Samples to train on; a quarter as many are for testing.";
            epochs: Count(1, 1000), "10", quick "8", "Times that each sample is seen.";
        }
    }
}

/// Learning rates of Adam.
const RATES: [f64; 3] = [0.01, 0.03, 0.003];

const TASKS: [&str; 2] = ["sentences", "copying"];

/// Symbols of the task of copying.
const SYMBOLS: usize = 8;

fn rates_of(settings: &Settings) -> &'static [f64] {
    &RATES[..settings.count("rates").min(RATES.len())]
}

fn case(task: &str, function: &str) -> String {
    format!("{task}, {function}")
}

fn cases(settings: &Settings) -> Vec<(&'static str, Function, f64)> {
    let functions = settings.functions("functions");
    let mut cases = Vec::new();
    for task in TASKS {
        for function in &functions {
            cases.extend(
                rates_of(settings)
                    .iter()
                    .map(|rate| (task, *function, *rate)),
            );
        }
    }
    cases
}

fn arms(settings: &Settings) -> Vec<String> {
    let arm = |(task, function, rate): &(&str, Function, f64)| {
        at(&case(task, &function.to_string()), *rate)
    };
    cases(settings).iter().map(arm).collect()
}

fn task(name: &str, run: &Run<'_>) -> Split {
    let (samples, length) = (run.settings.count("samples"), run.settings.count("length"));
    let all = samples + samples / 4;
    let data: Dataset = match name {
        "sentences" => data::text::sentences(all, length, run.data_seed()),
        _ => data::text::copying(all, length, SYMBOLS, run.data_seed()),
    };
    data.split(0.2, run.data_seed().stream(9))
}

/// A Transformer that names the next symbol.
fn network(function: Function, data: &Dataset, run: &Run<'_>) -> Net {
    let shape = Transformer {
        symbols: data.targets.outputs(),
        length: data.width(),
        width: run.settings.count("width") / 4 * 4,
        blocks: run.settings.count("blocks"),
        heads: 4,
    };
    transformer(shape, function, run.init_seed())
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (name, function, rate) = cases(run.settings)[run.arm];
    let split = task(name, run);
    let mut net = network(function, &split.train, run);
    let training = Training::new(
        Loss::CrossEntropy,
        Optimizer::Adam { rate },
        run.settings.count("epochs"),
        32,
    );
    let mut curve = Vec::new();
    let mut failure = None;
    let history = fit(&mut net, &split.train, &training, run, |epoch| {
        match test_loss(epoch.net, &split.test, Loss::CrossEntropy) {
            Ok(loss) => curve.push((epoch.epoch as f64, loss)),
            Err(stop) => failure = Some(stop),
        }
        if failure.is_some() {
            Flow::Enough
        } else {
            Flow::On
        }
    })?;
    if let Some(stop) = failure {
        return Err(stop);
    }
    let mut measured = Measured::default();
    measured.set(
        "test loss",
        curve.last().map_or(f64::NAN, |(_, loss)| *loss),
    );
    measured.set(
        "training loss",
        history.loss.last().map_or(f64::NAN, |(_, loss)| *loss),
    );
    measured.curve("test loss", curve);
    measured.sightings = history.sightings;
    Ok(measured)
}

fn names(settings: &Settings) -> (String, Vec<String>) {
    let mut names = settings
        .functions("functions")
        .into_iter()
        .map(|function| function.to_string());
    (names.next().unwrap_or_default(), names.collect())
}

fn best_arm(results: &Results<'_>, task: &str, function: &str) -> String {
    best(
        results,
        &case(task, function),
        rates_of(results.settings),
        "test loss",
    )
}

/// The loss of one function less that of another, each at its best rate.
fn difference(results: &Results<'_>, task: &str, one: &str, other: &str) -> Vec<f64> {
    let arm = |function: &str| best_arm(results, task, function);
    results.paired(&arm(one), &arm(other), "test loss", |one, other| {
        one - other
    })
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let (first, others) = names(results.settings);
    let mut claims = Vec::new();
    for task in TASKS {
        for other in &others {
            let lower = Claim::new(
                format!("On {task}, {other} ends with a lower test loss than {first}."),
                Effect::new(
                    format!("loss of {first} - loss of {other}, nats"),
                    difference(results, task, &first, other),
                ),
                Criterion::Above(0.0),
            );
            claims.push(if other == "gelu" { lower } else { lower.beside() });
        }
        let losses = results.measures(&best_arm(results, task, &first), "test loss");
        let (low, high) = range(&losses);
        for other in others.iter().take(1) {
            let gains = difference(results, task, &first, other);
            claims.push(Claim::new(
                format!("On {task}, {other} gains more than another seed would: than all seeds of {first} differ."),
                Effect::new(
                    format!("loss of {first} - loss of {other}, over the range of {first} over seeds"),
                    gains.iter().map(|gain| gain / (high - low)).collect(),
                ),
                Criterion::Above(1.0),
            ));
        }
        if ["gelu", "gelu_tanh"]
            .iter()
            .all(|name| others.iter().any(|other| other == name))
        {
            claims.push(Claim::new(
                format!("On {task}, GELU and its tanh form end within 0.01 nats of each other."),
                Effect::new(
                    "loss of gelu_tanh - loss of gelu, nats",
                    difference(results, task, "gelu_tanh", "gelu"),
                ),
                Criterion::Between(-0.01, 0.01),
            ).beside());
        }
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let mut figures: Vec<Figure> = TASKS.iter().map(|task| curves(results, task)).collect();
    figures.extend(TASKS.iter().map(|task| seeds(results, task)));
    figures
}

fn all(settings: &Settings) -> Vec<String> {
    let (first, others) = names(settings);
    std::iter::once(first).chain(others).collect()
}

fn curves(results: &Results<'_>, task: &str) -> Figure {
    let arms: Vec<String> = all(results.settings)
        .iter()
        .take(4)
        .map(|name| best_arm(results, task, name))
        .collect();
    let labels: Vec<&str> = arms.iter().map(String::as_str).collect();
    let figure = Figure::new(
        format!("gelu-vs-relu-{task}"),
        format!("Test loss of a small Transformer on {task}"),
        Axis::linear("epoch"),
        Axis::linear("test loss").unit("nats"),
    );
    let last: Vec<String> = arms
        .iter()
        .map(|arm| format!("{arm}: {}", short(results.median(arm, "test loss"))))
        .collect();
    relabelled(results.draw(figure, "test loss", &labels), |arm| {
        let case = rates::case(arm);
        case.strip_prefix(&format!("{task}, ")).unwrap_or(case).to_owned()
    }).describe(format!(
        "Median over seeds, the band from the smallest to the largest; each function at its best rate. At the end: {}.",
        last.join("; ")
    ))
}

/// The difference to the first function, one point for each seed.
fn seeds(results: &Results<'_>, task: &str) -> Figure {
    let (first, others) = names(results.settings);
    let mut figure = Figure::new(
        format!("gelu-vs-relu-{task}-seeds"),
        format!("Test loss below that of {first} on {task}, seed by seed"),
        Axis::linear(format!("loss of {first} - loss of the function")).unit("nats"),
        Axis::categories("", others.clone()),
    );
    let mut said = Vec::new();
    for (index, other) in others.iter().enumerate() {
        let values = difference(results, task, &first, other);
        let effect = Effect::new("", values.clone());
        let interval = effect.interval();
        said.push(format!(
            "{other} {} ({} to {})",
            short(effect.median()),
            short(interval.low),
            short(interval.high)
        ));
        let points = values.iter().map(|value| (*value, index as f64)).collect();
        figure = figure.with(Points {
            label: String::new(),
            points,
            ink: Ink::series(index),
        });
    }
    let zero = knee_figure::Reference {
        label: "no difference".to_owned(),
        at: knee_figure::At::X(0.0),
    };
    figure.with(zero).describe(format!(
        "One point for each seed; right of 0 the function is better than {first}. Median and interval: {}.",
        said.join("; ")
    ))
}
