//! Affine layers without anything between them.

use knee::Function;
use knee_figure::{Axis, Bars, Figure, Ink};

use crate::data::{self, Dataset};
use crate::engine::{Builder, Flow, Init, Loss, Net, Optimizer, Rule, Training, fit};
use crate::experiment::experiment;
use crate::experiments::shared::scoring::test_accuracy;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// Does a deep stack of affine layers compute more than a single one?
    ///
    /// ## Set-up
    ///
    /// Ten dense layers, once with nothing between them and once with ReLU, are trained on three tasks in the plane that no straight
    /// line solves: XOR, rings and spirals. Adam, cross-entropy from logits.
    ///
    /// ## Prediction
    ///
    /// Without a nonlinearity the stack is `W' = W10 ... W1`, `b' = W10 (... (W2 b1 + b2) ...) + b10`, to rounding, and stays near the
    /// accuracy of the best line. With ReLU it solves all three.
    ///
    /// ## Measure
    ///
    /// The largest difference between the trained stack and the one affine layer computed from its weights in f64, relative to the
    /// largest output, on all test samples; the accuracy on test samples.
    ///
    /// ## Source
    ///
    /// Goodfellow, Bengio, Courville, *Deep Learning*, 2016, section 6.1.
    pub struct Collapse {
        name: "collapse",
        title: "ten affine layers are one",
        sentence: "Without a nonlinearity, a network of any depth is one affine layer.",
        own_data: false,
        parameters: {
            depth: Count(2, 50), "10", quick "10", "Dense layers.";
            width: Count(1, 1024), "32", quick "32", "Units of each layer but the last.";
            samples: Count(100, 100_000), "1000", quick "600", "Samples of each task, a quarter of them for testing.";
            epochs: Count(1, 10_000), "120", quick "60", "Times that each sample is seen.";
            rate: Real(1e-6, 1.0), "0.003", quick "0.003", "Learning rate of Adam.";
        }
    }
}

const TASKS: [&str; 3] = ["xor", "rings", "spirals"];

/// What lies between the layers.
const BETWEEN: [Option<&str>; 2] = [None, Some("relu")];

fn arm(task: &str, between: Option<&str>) -> String {
    format!("{task}, {}", between.unwrap_or("nothing"))
}

fn cases() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    TASKS.into_iter().flat_map(|task| BETWEEN.map(|between| (task, between)))
}

fn arms(_: &Settings) -> Vec<String> {
    cases().map(|(task, between)| arm(task, between)).collect()
}

fn task(name: &str, run: &Run<'_>) -> Dataset {
    let (samples, seed) = (run.settings.count("samples"), run.data_seed());
    match name {
        "xor" => data::xor(samples, 0.15, seed),
        "rings" => data::rings(samples, 2, 0.08, seed),
        _ => data::spirals(samples, 2, 1.5, 0.02, seed),
    }
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (name, between) = cases().nth(run.arm).unwrap_or(("xor", None));
    let split = task(name, run).split(0.25, run.data_seed().stream(9));
    let between = between.and_then(|name| Function::parse(name).ok());
    let (depth, width) = (run.settings.count("depth"), run.settings.count("width"));
    let init = Init::new(Rule::Exact);
    let mut builder = Builder::new(2, run.init_seed());
    for _ in 1..depth {
        builder = builder.dense(width, init);
        if let Some(function) = between {
            builder = builder.activation(function);
        }
    }
    let mut net = builder.dense(2, init).build();
    let optimizer = Optimizer::Adam { rate: run.settings.real("rate") };
    let training = Training::new(Loss::CrossEntropy, optimizer, run.settings.count("epochs"), 32);
    let history = fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
    let mut measured = Measured::default();
    measured.set("test accuracy", test_accuracy(&net, &split.test, training.threshold));
    if between.is_none() {
        measured.set("difference", difference(&net, &split.test));
    }
    measured.curve("loss", history.loss);
    measured.sightings = history.sightings;
    Ok(measured)
}

/// The largest difference between the stack and the affine layer that it equals, relative to the largest output.
fn difference(net: &Net, samples: &Dataset) -> f64 {
    let outputs = net.infer(&samples.inputs);
    let (weight, bias) = fused(net);
    let units = bias.len();
    let (mut largest, mut scale) = (0.0_f64, 0.0_f64);
    for (x, y) in samples.inputs.chunks_exact(2).zip(outputs.chunks_exact(units)) {
        for unit in 0..units {
            let one = f64::from(x[0]) * weight[unit] + f64::from(x[1]) * weight[units + unit] + bias[unit];
            largest = largest.max((one - f64::from(y[unit])).abs());
            scale = scale.max(one.abs());
        }
    }
    largest / scale
}

/// The product of all matrices, `[2, units]`, and the bias that comes with it.
fn fused(net: &Net) -> (Vec<f64>, Vec<f64>) {
    let mut weight = vec![1.0, 0.0, 0.0, 1.0];
    let mut bias = vec![0.0, 0.0];
    for pair in net.weights.chunks_exact(2) {
        let [inputs, units] = pair[0].shape;
        let through = |row: &[f64]| -> Vec<f64> {
            let entry = |unit| (0..inputs).map(|k| row[k] * f64::from(pair[0].values[k * units + unit])).sum();
            (0..units).map(entry).collect()
        };
        weight = weight.chunks_exact(inputs).flat_map(through).collect();
        bias = through(&bias);
        bias.iter_mut().zip(&pair[1].values).for_each(|(sum, b)| *sum += f64::from(*b));
    }
    (weight, bias)
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let mut differences = results.measures(&arm(TASKS[0], None), "difference");
    for task in &TASKS[1..] {
        let more = results.measures(&arm(task, None), "difference");
        differences.iter_mut().zip(more).for_each(|(largest, more)| *largest = largest.max(more));
    }
    let mut claims = vec![Claim::new(
        "The trained stack without activations equals the affine layer computed from its weights, to rounding in f32.",
        Effect::new("largest difference / largest output, the worst of the tasks", differences),
        Criterion::Below(1e-4),
    )];
    for task in TASKS {
        claims.push(Claim::new(
            format!("On {task}, the stack without activations stays below 80 % of the test samples."),
            Effect::new("accuracy", results.measures(&arm(task, None), "test accuracy")),
            Criterion::Below(0.8),
        ));
        claims.push(Claim::new(
            format!("On {task}, the same stack with ReLU answers more than 95 % of the test samples."),
            Effect::new("accuracy", results.measures(&arm(task, Some("relu")), "test accuracy")),
            Criterion::Above(0.95),
        ));
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let x = Axis::linear("test accuracy").unit("%").range(0.0, 100.0);
    let y = Axis::categories("", TASKS.map(str::to_owned).to_vec());
    let mut figure = Figure::new("collapse", "What ten layers solve, with and without ReLU", x, y);
    let mut words = Vec::new();
    for (index, between) in BETWEEN.into_iter().enumerate() {
        let values = TASKS.map(|task| 100.0 * results.median(&arm(task, between), "test accuracy"));
        let label = between.unwrap_or("nothing between the layers").to_owned();
        let list = values.map(knee_figure::short).join(", ");
        words.push(format!("{label}: {list} %"));
        figure = figure.with(Bars { label, values: values.to_vec(), ink: Ink::series(index) });
    }
    vec![figure.describe(format!("Median accuracy over seeds on xor, rings and spirals. {}.", words.join("; ")))]
}
