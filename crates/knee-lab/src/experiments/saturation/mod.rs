//! One neuron, its gradient in closed form, and the way out of saturation.

mod neuron;

use knee::Function;
use knee_figure::{Axis, Figure, short};

use crate::engine::{Loss, Optimizer, State};
use crate::experiment::experiment;
use crate::experiments::shared::worst::most;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};
use neuron::{Neuron, steps};

experiment! {
    /// ## Question
    ///
    /// How much of the gradient does a saturated neuron pass on, and how long does it take to get out of saturation?
    ///
    /// ## Set-up
    ///
    /// One neuron: `a = f(z)` with `z = w x + b`, and a loss against a target `t`. `x` and `w` are drawn from the seed, and `b` makes `z` what is
    /// asked for. Sigmoid and ReLU with the squared error `(a - t)^2`, and sigmoid with binary cross-entropy. The target is 1 at
    /// `z = 0` and `z = -10`, and 0 for the sigmoid that is saturated at 0.99. From `z = -10`, gradient descent on `w` and `b` until
    /// `a` is at least 0.5.
    ///
    /// ## Prediction
    ///
    /// With the squared error `dL/dz = 2 (a - t) f'(z)`. Sigmoid's slope `a (1 - a)` is 0.25 at 0, 0.0099 at an output of 0.99, and
    /// 0.0000454 at -10, so that the way out takes thousands of steps. Cross-entropy cancels the slope, `dL/dz = a - t`, and takes a
    /// few. ReLU's slope is 0 at -10, and at 0 as well, where it is a convention: it never moves.
    ///
    /// ## Measure
    ///
    /// `dL/dz` and `dL/dw` in closed form, by the automatic differentiation that trains all networks here, and by central differences in f64;
    /// the steps until `a` is at least 0.5.
    ///
    /// ## Source
    ///
    /// Nielsen, *Neural networks and deep learning*, 2015, chapter 3; Goodfellow, Bengio, Courville, *Deep Learning*, 2016, section 6.2.2.
    pub struct Saturation {
        name: "saturation",
        title: "one neuron and its gradient, step by step",
        sentence: "A saturated sigmoid learns slowly with the squared error and quickly with cross-entropy; a ReLU whose input is negative does not learn.",
        own_data: false,
        parameters: {
            rate: Real(1e-3, 10.0), "0.5", quick "0.5", "Learning rate of gradient descent.";
            limit: Count(10, 1_000_000), "50000", quick "50000", "Steps after which a neuron counts as stuck.";
        }
    }
}

/// The function, its loss, and the name of the two.
const CASES: [(&str, &str, Loss); 3] = [
    ("sigmoid, squared error", "sigmoid", Loss::Mse),
    ("sigmoid, cross-entropy", "sigmoid", Loss::Bce),
    ("relu, squared error", "relu", Loss::Mse),
];

/// The logarithm of 99: where sigmoid is 0.99.
const AT_99: f64 = 4.59511985013459;

/// What a point is called, its pre-activation, and its target.
const POINTS: [(&str, f64, f64); 3] = [
    ("z = 0", 0.0, 1.0),
    ("z = -10", -10.0, 1.0),
    ("a = 0.99", AT_99, 0.0),
];

fn arms(_: &Settings) -> Vec<String> {
    CASES.map(|(name, ..)| name.to_owned()).to_vec()
}

/// The points that an arm is asked at: only a function that saturates at 1 can be saturated at 0.99.
fn points(function: &str) -> &'static [(&'static str, f64, f64)] {
    if function == "sigmoid" {
        &POINTS
    } else {
        &POINTS[..2]
    }
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (_, name, loss) = CASES[run.arm];
    let function = Function::parse(name).map_err(|error| Stop::Impossible(error.to_string()))?;
    let drawn = [
        0.5 + 1.5 * run.data_seed().uniform(0),
        run.init_seed().normal(0),
    ];
    let mut measured = Measured::default();
    let (mut engine, mut differences) = (0.0_f64, 0.0_f64);
    for (point, z, target) in points(name) {
        let mut neuron = Neuron::new(function, loss, drawn, *z, *target);
        let closed = neuron.closed();
        let (_, gradients) = neuron.automatic()?;
        let automatic = f64::from(gradients[1][0]);
        measured.set(format!("dL/dz, {point}"), automatic);
        measured.set(format!("dL/dw, {point}"), f64::from(gradients[0][0]));
        measured.set(format!("f'(z), {point}"), function.derivative(neuron.z()));
        engine = engine.max(relative(automatic, closed));
        let kinks = function.facts().kinks;
        if kinks.iter().all(|kink| (kink.at - neuron.z()).abs() > 1e-3) {
            differences = differences.max(relative(neuron.difference(), closed));
        }
        measured.text(*point, steps(&neuron, &gradients));
    }
    measured.set("autodiff beside closed form", engine);
    measured.set("differences beside closed form", differences);
    let gradient = (-120..=60).map(|tenth| {
        let z = f64::from(tenth) / 10.0;
        let gradient = Neuron::new(function, loss, [1.0, 1.0], z, 1.0).closed();
        (z, -gradient)
    });
    measured.curve("gradient", gradient);
    escape(
        run,
        Neuron::new(function, loss, drawn, -10.0, 1.0),
        &mut measured,
    )?;
    Ok(measured)
}

/// The difference of two numbers relative to the second; 0 where both are 0.
fn relative(one: f64, other: f64) -> f64 {
    if one == other {
        0.0
    } else {
        (one - other).abs() / other.abs()
    }
}

/// Gradient descent until the output is at least 0.5.
fn escape(run: &Run<'_>, mut neuron: Neuron, measured: &mut Measured) -> Result<(), Stop> {
    let rate = run.settings.real("rate");
    let limit = run.settings.count("limit");
    let optimizer = Optimizer::Sgd {
        rate,
        momentum: 0.0,
    };
    let mut state = State::default();
    let (mut outputs, mut next, mut taken) = (Vec::new(), 0, f64::INFINITY);
    for step in 0..=limit {
        let (output, gradients) = neuron.automatic()?;
        let out = output >= 0.5;
        // Without a gradient the neuron stays where it is.
        let stuck = gradients.iter().flatten().all(|gradient| *gradient == 0.0);
        if step >= next || out {
            outputs.push((step as f64, output));
            next = step + 1 + step / 12;
            run.at(step as f64 / limit as f64, None, "")?;
        }
        if out {
            taken = step as f64;
            break;
        }
        if stuck {
            outputs.push((limit as f64, output));
            break;
        }
        state.step(optimizer, &mut neuron.net.weights, &gradients);
    }
    measured.set("steps out of saturation", taken);
    measured.curve("output", outputs);
    Ok(())
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let arms = CASES.map(|(name, ..)| name);
    let [squared, cross, relu] = arms;
    let worst = |name| most(results, &arms.map(str::to_owned), name);
    let slope = |arm, point: &str| results.measures(arm, &format!("f'(z), {point}"));
    let size = |arm, point: &str| -> Vec<f64> {
        results
            .measures(arm, &format!("dL/dz, {point}"))
            .iter()
            .map(|gradient| gradient.abs())
            .collect()
    };
    vec![
        Claim::new(
            "The engine's gradient is that of the closed form, to rounding in f32.",
            Effect::new(
                "largest relative difference",
                worst("autodiff beside closed form"),
            ),
            Criterion::Below(1e-5),
        ),
        Claim::new(
            "So is the central difference in f64, away from the kink.",
            Effect::new(
                "largest relative difference",
                worst("differences beside closed form"),
            ),
            Criterion::Below(1e-5),
        ),
        Claim::new(
            "At z = 0, where its slope is largest, sigmoid passes on a quarter of the gradient.",
            Effect::new("slope", slope(squared, "z = 0")),
            Criterion::Between(0.2499, 0.25),
        ),
        Claim::new(
            "A sigmoid saturated at 0.99 passes on 1 % of it.",
            Effect::new("slope", slope(squared, "a = 0.99")),
            Criterion::Between(0.0095, 0.0105),
        ),
        Claim::new(
            "At z = -10 sigmoid passes on less than a ten-thousandth.",
            Effect::new("slope", slope(squared, "z = -10")),
            Criterion::Below(1e-4),
        ),
        Claim::new(
            "With cross-entropy the gradient at z = -10 is not small: more than 0.99.",
            Effect::new("|dL/dz|", size(cross, "z = -10")),
            Criterion::Above(0.99),
        ),
        Claim::new(
            "From z = -10, the squared error takes sigmoid more than a hundred times as many steps as cross-entropy.",
            Effect::new(
                "steps with squared error / steps with cross-entropy",
                results.paired(
                    squared,
                    cross,
                    "steps out of saturation",
                    |squared, cross| squared / cross,
                ),
            ),
            Criterion::Above(100.0),
        ),
        Claim::new(
            "ReLU at z = -10 has no gradient at all, and never moves.",
            Effect::new("steps", results.measures(relu, "steps out of saturation")),
            Criterion::Above(results.settings.real("limit")),
        ),
        Claim::new(
            "At z = 0, its kink, ReLU passes on nothing either: the declared slope is 0.",
            Effect::new("|dL/dz|", size(relu, "z = 0")),
            Criterion::Between(0.0, 0.0),
        ),
    ]
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let names = CASES.map(|(name, ..)| name);
    let gradient = Figure::new(
        "saturation-gradient",
        "The pull towards an output of 1",
        Axis::linear("pre-activation z"),
        Axis::linear("-dL/dz, target 1").range(-1.0, 2.1),
    );
    let at = |arm, z: f64| {
        let curve = results.median_curve(arm, "gradient");
        let point = curve.iter().find(|point| point.0 == z);
        short(point.map_or(f64::NAN, |point| point.1))
    };
    let words = names.map(|arm| format!("{arm}: {} at -10, {} at 0", at(arm, -10.0), at(arm, 0.0)));
    let gradient = results.draw(gradient, "gradient", &names).describe(format!(
        "The negative gradient of the loss with respect to the pre-activation, for a target of 1. {}. Positive values raise z.",
        words.join("; ")
    ));
    let escape = Figure::new(
        "saturation-escape",
        "The way out of saturation by gradient descent",
        Axis::log("steps, plus 1"),
        Axis::linear("output a, target 1").range(0.0, 0.6),
    );
    let steps = names.map(|arm| {
        let steps = results.median(arm, "steps out of saturation");
        if steps.is_finite() {
            format!("{arm} {} steps", short(steps))
        } else {
            format!("{arm} never")
        }
    });
    let escape = names
        .iter()
        .enumerate()
        .fold(escape, |figure, (index, arm)| {
            // The first seed: seeds take different numbers of steps, so that there is no median at a step.
            let points = results
                .curves(arm, "output")
                .first()
                .map(|curve| curve.points())
                .unwrap_or_default();
            figure.with(knee_figure::Line {
                label: (*arm).to_owned(),
                points: points
                    .iter()
                    .map(|(step, output)| (step + 1.0, *output))
                    .collect(),
                ink: knee_figure::Ink::series(index),
                markers: false,
            })
        });
    vec![
        gradient,
        escape.describe(format!(
            "From z = -10 to an output of 0.5, the first seed. Medians over seeds: {}.",
            steps.join("; ")
        )),
    ]
}
