//! Signs of weight gradients behind an activation that is never negative.

use knee::Function;
use knee_figure::{Axis, Figure, percent, short};

use crate::data::{self, Dataset};
use crate::engine::{Init, Loss, Net, Optimizer, Rule, State};
use crate::experiment::experiment;
use crate::experiments::shared::plain::Plain;
use crate::experiments::shared::scoring::answers;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// Do all incoming weights of a unit move in the same direction when what feeds them is never negative, and does it cost steps?
    ///
    /// ## Set-up
    ///
    /// Handwritten digits; two hidden layers with Glorot's weights and biases 0; cross-entropy from logits. The functions are sigmoid, its
    /// zero-centred twin `2 sigmoid(z) - 1 = tanh(z / 2)`, and tanh. The twin differs from sigmoid in its scale as well: so there is a
    /// fourth arm, sigmoid with the weights behind it doubled and their sums taken off the biases, which computes the same as the
    /// twin at the start, from parameters that are not centred. Gradient descent on the whole training part at once, without
    /// momentum, so that the only zig-zag is that of the method. Each arm has the best of its learning rates.
    ///
    /// ## Prediction
    ///
    /// The gradient of the weight from unit `i` to unit `j` is `delta_j a_i` for one sample. With sigmoid all `a_i` are positive, so
    /// that the gradients of all incoming weights of a unit have the sign of `delta_j`. The gradient of a mini-batch is a mean over samples
    /// whose `delta_j` have both signs, and need not have one sign. Sigmoid takes more steps than tanh.
    ///
    /// ## Measure
    ///
    /// Over the units of the second hidden layer and the output, the share whose incoming weight gradients, biases apart, have one
    /// sign, at the start, by the size of the mini-batch. Steps to the training loss aimed at, at the best of the learning rates.
    /// The mean cosine between the gradients of neighbouring steps there: below 0 they zig-zag.
    ///
    /// ## Source
    ///
    /// LeCun, Bottou, Orr, Müller, *Efficient `BackProp`*, 1998, section 4.3.
    pub struct ZeroCentred {
        name: "zero-centred",
        title: "gradients of one sign, and the zig-zag",
        sentence: "Since sigmoid is not zero-centred, all weights of a unit move in one direction at a time, and training zig-zags.",
        own_data: false,
        parameters: {
            width: Count(2, 1024), "32", quick "32", "Units of each hidden layer.";
            samples: Count(20, 1500), "512", quick "256", "Digits to train on.";
            steps: Count(10, 100_000), "600", quick "400", "The most steps.";
            target: Real(0.01, 2.0), "0.5", quick "0.5", "Training loss to reach; an untrained network has 2.3.";
            rates: Count(1, 6), "6", quick "5", "How many learning rates to choose from: 1, 0.3, 3, 0.1, 10, 30.";
        }
    }
}

/// Arms, with their functions.
const CASES: [(&str, &str); 4] = [
    ("sigmoid", "sigmoid"),
    ("sigmoid as the twin", "sigmoid"),
    ("twin 2 sigmoid - 1", "scaled_tanh(alpha=1, beta=0.5)"),
    ("tanh", "tanh"),
];

/// The arm that begins with the function of the twin.
const AS_TWIN: usize = 1;

/// Learning rates to choose from.
const RATES: [f64; 6] = [1.0, 0.3, 3.0, 0.1, 10.0, 30.0];

/// Sizes of mini-batches.
const SIZES: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

fn arms(_: &Settings) -> Vec<String> {
    CASES.map(|(arm, _)| arm.to_owned()).to_vec()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let function =
        Function::parse(CASES[run.arm].1).map_err(|error| Stop::Impossible(error.to_string()))?;
    let split = data::digits().split(0.1, run.data_seed()).standardised();
    let all: Vec<usize> = (0..run.settings.count("samples").min(split.train.samples())).collect();
    let train = split.train.select(&all);
    let plain = Plain {
        depth: 2,
        width: run.settings.count("width"),
        function,
        init: Init::new(Rule::Glorot),
    };
    let mut net = plain.build(train.width(), train.targets.outputs(), run.init_seed());
    if run.arm == AS_TWIN {
        behind_twice(&mut net);
    }
    let mut measured = Measured::default();
    let shares: Vec<(f64, f64)> = SIZES
        .iter()
        .map(|size| Ok((*size as f64, one_sign(&net, &train, *size)?)))
        .collect::<Result<_, Stop>>()?;
    for (size, share) in &shares {
        measured.set(format!("units with one sign, batch of {size}"), *share);
    }
    measured.curve("one sign", shares);
    let rates = &RATES[..run.settings.count("rates").min(RATES.len())];
    let mut best: Option<Descent> = None;
    for (index, rate) in rates.iter().enumerate() {
        run.at(index as f64 / rates.len() as f64, None, "")?;
        // Who takes longer than the best so far is not better.
        let limit = best.as_ref().map_or(f64::INFINITY, |best| best.steps);
        let limit = (limit.min(run.settings.real("steps"))) as usize;
        let descent = Descent::of(&net, &train, (*rate, limit), run)?;
        if best.as_ref().is_none_or(|best| descent.is_better(best)) {
            best = Some(descent);
        }
    }
    if let Some(best) = best {
        measured.set("steps to the target", best.steps);
        measured.set("best rate", best.rate);
        measured.set("cosine of neighbouring gradients", best.cosine);
        measured.set("share of steps that turn back", best.back);
        measured.curve("loss", best.loss);
    }
    Ok(measured)
}

/// Gives a sigmoid network what makes it compute the same as the network of its twin with these weights: `W (2 s - 1) + b` is
/// `2 W s + (b - sum of W)`.
fn behind_twice(net: &mut Net) {
    for layer in 1..net.weights.len() / 2 {
        let [weights, biases] = &mut net.weights[2 * layer..2 * layer + 2] else {
            return;
        };
        for row in weights.values.chunks_exact_mut(biases.values.len()) {
            for (weight, bias) in row.iter_mut().zip(&mut biases.values) {
                *bias -= *weight;
                *weight *= 2.0;
            }
        }
    }
}

/// The share of units, over mini-batches of that size, whose incoming weight gradients all have one sign.
fn one_sign(net: &Net, train: &Dataset, size: usize) -> Result<f64, Stop> {
    /// Samples that are looked at.
    const SEEN: usize = 128;
    let (mut units, mut one) = (0, 0);
    let order: Vec<usize> = (0..SEEN.min(train.samples())).collect();
    for batch in order.chunks_exact(size) {
        let part = train.select(batch);
        let made =
            net.clone()
                .gradients(&part.inputs, &answers(&part), Loss::CrossEntropy, None)?;
        for matrix in [2, 4] {
            let columns = net.weights[matrix].shape[1];
            for unit in 0..columns {
                let incoming = || made.of[matrix].iter().skip(unit).step_by(columns);
                let (up, down) = (incoming().any(|g| *g > 0.0), incoming().any(|g| *g < 0.0));
                // A unit without any gradient says nothing.
                units += usize::from(up || down);
                one += usize::from(up != down);
            }
        }
    }
    Ok(one as f64 / units.max(1) as f64)
}

/// Gradient descent at one learning rate.
struct Descent {
    rate: f64,
    steps: f64,
    cosine: f64,
    back: f64,
    loss: Vec<(f64, f64)>,
}

impl Descent {
    fn of(
        net: &Net,
        train: &Dataset,
        (rate, limit): (f64, usize),
        run: &Run<'_>,
    ) -> Result<Self, Stop> {
        let target = run.settings.real("target");
        let mut net = net.clone();
        let mut state = State::default();
        let answers = answers(train);
        let (mut loss, mut cosines, mut before) = (Vec::new(), Vec::new(), Vec::new());
        let (mut steps, mut next) = (f64::INFINITY, 0);
        for step in 0..=limit {
            let made = net.gradients(&train.inputs, &answers, Loss::CrossEntropy, None)?;
            let reached = f64::from(made.loss) <= target;
            if step >= next || reached {
                loss.push((step as f64, f64::from(made.loss)));
                next = step + 1 + limit / 150;
            }
            let now = made.of[2..].concat();
            if let Some(cosine) = cosine(&before, &now) {
                cosines.push(cosine);
            }
            if reached {
                steps = step as f64;
            }
            if reached || !made.loss.is_finite() {
                break;
            }
            before = now;
            state.step(
                Optimizer::Sgd {
                    rate,
                    momentum: 0.0,
                },
                &mut net.weights,
                &made.of,
            );
            if step % 50 == 0 {
                run.at(step as f64 / limit as f64, Some(f64::from(made.loss)), "")?;
            }
        }
        let count = cosines.len().max(1) as f64;
        let back = cosines.iter().filter(|cosine| **cosine < 0.0).count();
        Ok(Self {
            rate,
            steps,
            cosine: cosines.iter().sum::<f64>() / count,
            back: back as f64 / count,
            loss,
        })
    }

    /// Whether the target is reached earlier; where neither reaches it, whether the last loss is lower.
    fn is_better(&self, other: &Self) -> bool {
        let last = |one: &Self| one.loss.last().map_or(f64::INFINITY, |(_, loss)| *loss);
        match (self.steps.is_finite(), other.steps.is_finite()) {
            (false, false) => last(self) < last(other),
            _ => self.steps < other.steps,
        }
    }
}

/// The cosine between two gradients; none before the first step.
fn cosine(one: &[f32], other: &[f32]) -> Option<f64> {
    if one.is_empty() {
        return None;
    }
    let dot = |a: &[f32], b: &[f32]| {
        a.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum::<f64>()
    };
    let cosine = dot(one, other) / (dot(one, one) * dot(other, other)).sqrt();
    cosine.is_finite().then_some(cosine)
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let [sigmoid, as_twin, twin, tanh] = CASES.map(|(arm, _)| arm);
    let share = |arm, size: usize| {
        let measure = format!("units with one sign, batch of {size}");
        Effect::new("share of units", results.measures(arm, &measure))
    };
    let ratio = |slow, fast| {
        let values = results.paired(slow, fast, "steps to the target", |slow, fast| slow / fast);
        Effect::new(format!("steps, {slow} / {fast}"), values)
    };
    vec![
        Claim::new(
            "For one sample, with sigmoid, all incoming weight gradients of a unit have one sign.",
            share(sigmoid, 1),
            Criterion::Above(0.999),
        ),
        Claim::new(
            "With tanh they do not.",
            share(tanh, 1),
            Criterion::Below(0.01),
        ),
        Claim::new(
            "It holds for the gradient of a mini-batch of 32 as well.",
            share(sigmoid, 32),
            Criterion::Above(0.999),
        ),
        Claim::new(
            "Sigmoid takes more steps than tanh to the same loss.",
            ratio(sigmoid, tanh),
            Criterion::Above(1.0),
        ),
        Claim::new(
            "It takes more than its zero-centred twin.",
            ratio(sigmoid, twin),
            Criterion::Above(1.0),
        ),
        Claim::new(
            "It takes more than the twin from the same function at the start too, so that centring itself saves steps.",
            ratio(as_twin, twin),
            Criterion::Above(1.0),
        ),
        Claim::new(
            "At its best learning rate, sigmoid turns back more often than tanh: the gradients of more pairs of neighbouring steps point apart.",
            Effect::new(
                "share of steps that turn back, sigmoid - tanh",
                results.paired(
                    sigmoid,
                    tanh,
                    "share of steps that turn back",
                    |sigmoid, tanh| sigmoid - tanh,
                ),
            ),
            Criterion::Above(0.0),
        ),
    ]
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let arms = CASES.map(|(arm, _)| arm);
    let signs = Figure::new(
        "zero-centred-signs",
        "Units whose incoming weights all move in one direction",
        Axis::log("samples of the mini-batch"),
        Axis::linear("share of units").range(0.0, 1.05),
    );
    let words = arms.map(|arm| {
        let at = |size: usize| {
            percent(results.median(arm, &format!("units with one sign, batch of {size}")))
        };
        format!("{arm}: {} for one sample, {} for 32", at(1), at(32))
    });
    let loss = Figure::new(
        "zero-centred-loss",
        "Gradient descent at the best learning rate",
        Axis::linear("step"),
        Axis::linear("training loss").range(0.0, 2.5),
    );
    let steps = arms.map(|arm| {
        let of = |measure| short(results.median(arm, measure));
        format!(
            "{arm}: {} steps at {}, cosine {}",
            of("steps to the target"),
            of("best rate"),
            of("cosine of neighbouring gradients")
        )
    });
    let loss = arms.iter().enumerate().fold(loss, |figure, (index, arm)| {
        let points = results
            .curves(arm, "loss")
            .first()
            .map(|curve| curve.points())
            .unwrap_or_default();
        figure.with(knee_figure::Line {
            label: (*arm).to_owned(),
            points,
            ink: knee_figure::Ink::series(index),
            markers: false,
        })
    });
    vec![
        results.draw(signs, "one sign", &arms).describe(format!(
            "The share of units whose incoming weight gradients have one sign, at the start, by the size of the mini-batch. {}.",
            words.join("; ")
        )),
        loss.describe(format!("Training loss by step, the first seed. Medians over seeds: {}.", steps.join("; "))),
    ]
}
