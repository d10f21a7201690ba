//! Width against the error of approximation.

use knee::Function;
use knee_figure::{Axis, Figure, Ink, Line, short};

use crate::data::regression::{self, Curve};
use crate::engine::{Init, Loss, Net, Optimizer, Rule, State};
use crate::experiment::experiment;
use crate::experiments::shared::broken_line;
use crate::experiments::shared::plain::Plain;
use crate::experiments::shared::scoring::answers;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// How does the error of a network with one hidden layer fall with its width, and is it the width that limits it?
    ///
    /// ## Set-up
    ///
    /// One hidden layer of ReLU, tanh or GELU learns three functions of one variable: `sin(x)` over two turns, a wave packet, and `|x|`.
    /// Weights and biases begin as PyTorch's layers do, so that the kinks of ReLU are spread over the interval. Adam on all samples at
    /// once, with a learning rate that falls linearly to 0. No noise.
    ///
    /// ## Prediction
    ///
    /// A ReLU network of `n` units on a line is a broken line with at most `n` knots. The best one errs by an amount of the order of
    /// `1 / n^2` on a smooth function. The theorem says that good weights exist, not that training finds them: the error of trained
    /// networks falls at first and then stays well above the best. Tanh and GELU are better than ReLU on smooth functions, ReLU on `|x|`.
    ///
    /// ## Measure
    ///
    /// The largest and the root mean square error on a fine grid, by width. Beside them the broken line with as many knots that
    /// interpolates best, found by dynamic programming over all choices of knots on a grid of 384 intervals, for each of the two errors.
    ///
    /// ## Source
    ///
    /// Cybenko, *Approximation by superpositions of a sigmoidal function*, 1989; Leshno, Lin, Pinkus, Schocken, *Multilayer feedforward
    /// networks with a nonpolynomial activation function can approximate any function*, 1993.
    pub struct Universal {
        name: "universal",
        title: "width against the error of approximation",
        sentence: "One hidden layer approximates any continuous function as well as one likes, if only it is wide enough.",
        own_data: false,
        parameters: {
            functions: Functions, "relu,tanh,gelu", quick "relu,tanh,gelu", "Hidden functions.";
            widths: Count(2, 8), "6", quick "5", "How many widths: 4, 8, 16 and so on.";
            samples: Count(10, 10_000), "256", quick "128", "Samples of the function.";
            steps: Count(10, 100_000), "2500", quick "1200", "Steps of Adam.";
            rate: Real(1e-6, 1.0), "0.01", quick "0.01", "Learning rate at the first step.";
        }
    }
}

const TARGETS: [Curve; 3] = [Curve::Sine, Curve::Packet, Curve::Absolute];

/// Intervals of the grid on which errors are measured.
const GRID: usize = 384;

/// The standard deviation of what is spread evenly between -1 and 1 is one over this.
const SCALE: f64 = 1.7320508075688772;

fn widths(settings: &Settings) -> Vec<usize> {
    (0..settings.count("widths"))
        .map(|power| 4 << power)
        .collect()
}

fn arm(target: Curve, function: &str) -> String {
    format!("{}, {function}", target.name())
}

fn cases(settings: &Settings) -> Vec<(Curve, Function)> {
    let functions = settings.functions("functions");
    TARGETS
        .iter()
        .flat_map(|target| functions.iter().map(|function| (*target, *function)))
        .collect()
}

fn arms(settings: &Settings) -> Vec<String> {
    cases(settings)
        .iter()
        .map(|(target, function)| arm(*target, &function.to_string()))
        .collect()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let (target, function) = cases(run.settings)[run.arm];
    let widths = widths(run.settings);
    let mut measured = Measured::default();
    let (mut largest, mut rms) = (Vec::new(), Vec::new());
    let total: usize = widths.iter().sum();
    let mut done = 0;
    for width in &widths {
        let plain = Plain {
            depth: 1,
            width: *width,
            function,
            init: Init::new(Rule::Framework),
        };
        let mut net = plain.build(1, 1, run.init_seed());
        train(&mut net, target, run, done as f64 / total as f64)?;
        done += width;
        let (worst, mean) = errors(&net, target);
        largest.push((*width as f64, worst));
        rms.push((*width as f64, mean));
    }
    measured.set("exponent of the rms error", exponent(&rms));
    for (place, index) in [("narrowest", 0), ("widest", widths.len() - 1)] {
        measured.set(format!("rms error, {place}"), rms[index].1);
        measured.set(format!("largest error, {place}"), largest[index].1);
    }
    measured.curve("largest error", largest);
    measured.curve("rms error", rms);
    let values: Vec<f64> = grid().map(|x| target.value(x * target.reach())).collect();
    let best = broken_line::best(&values, widths.last().map_or(1, |width| width + 1));
    let at = |width: &usize| best[(width + 1).min(best.len()) - 1];
    if let Some(widest) = widths.last() {
        measured.set("rms error of the best line, widest", at(widest).1);
    }
    measured.curve(
        "largest error of the best line",
        widths.iter().map(|width| (*width as f64, at(width).0)),
    );
    measured.curve(
        "rms error of the best line",
        widths.iter().map(|width| (*width as f64, at(width).1)),
    );
    Ok(measured)
}

/// From -1 to 1.
fn grid() -> impl Iterator<Item = f64> {
    (0..=GRID).map(|at| 2.0 * at as f64 / GRID as f64 - 1.0)
}

fn train(net: &mut Net, target: Curve, run: &Run<'_>, before: f64) -> Result<(), Stop> {
    let (steps, rate) = (run.settings.count("steps"), run.settings.real("rate"));
    let samples = regression::curve(run.settings.count("samples"), target, 0.0, run.data_seed());
    let scale = SCALE / target.reach();
    let inputs: Vec<f32> = samples
        .inputs
        .iter()
        .map(|x| (f64::from(*x) * scale) as f32)
        .collect();
    let answers = answers(&samples);
    let mut state = State::default();
    for step in 0..steps {
        let made = net.gradients(&inputs, &answers, Loss::Mse, None)?;
        let left = 1.0 - step as f64 / steps as f64;
        state.step(
            Optimizer::Adam { rate: rate * left },
            &mut net.weights,
            &made.of,
        );
        if step % 100 == 0 {
            run.at(before, Some(f64::from(made.loss)), "")?;
        }
    }
    Ok(())
}

/// The largest and the root mean square error on the grid.
fn errors(net: &Net, target: Curve) -> (f64, f64) {
    let inputs: Vec<f32> = grid().map(|x| (x * SCALE) as f32).collect();
    let outputs = net.infer(&inputs);
    let errors = outputs
        .iter()
        .zip(grid())
        .map(|(y, x)| f64::from(*y) - target.value(x * target.reach()));
    let (worst, squares) = errors.fold((0.0_f64, 0.0), |(worst, squares), error| {
        (worst.max(error.abs()), squares + error * error)
    });
    (worst, (squares / (GRID + 1) as f64).sqrt())
}

/// The slope of the logarithm of the error over that of the width, by least squares.
fn exponent(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let count = logs.len() as f64;
    let (x, y) = logs.iter().fold((0.0, 0.0), |(x, y), point| {
        (x + point.0 / count, y + point.1 / count)
    });
    let (above, below) = logs.iter().fold((0.0, 0.0), |(above, below), point| {
        (
            above + (point.0 - x) * (point.1 - y),
            below + (point.0 - x).powi(2),
        )
    });
    above / below
}

/// The ratio of two measures of the same runs.
fn ratio(results: &Results<'_>, arm: &str, above: &str, below: &str) -> Vec<f64> {
    let (above, below) = (results.measures(arm, above), results.measures(arm, below));
    above
        .iter()
        .zip(below)
        .map(|(above, below)| above / below)
        .collect()
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let widths = widths(results.settings);
    let (least, most) = (widths[0], widths[widths.len() - 1]);
    let (narrow, wide) = ("rms error, narrowest", "rms error, widest");
    let mut claims = Vec::new();
    for name in results
        .settings
        .functions("functions")
        .iter()
        .map(Function::to_string)
    {
        claims.push(Claim::new(
            format!("On the sine, {name} errs less than a tenth as much with {most} units as with {least}."),
            Effect::new("rms error, widest / narrowest", ratio(results, &arm(Curve::Sine, &name), wide, narrow)),
            Criterion::Below(0.1),
        ));
    }
    let has = |arm: &str| !results.of(arm).is_empty();
    let relu = |target| arm(target, "relu");
    if has(&relu(Curve::Sine)) {
        claims.push(Claim::new(
            "On the sine, the error of ReLU falls with the square of the width, as that of the best broken line does.",
            Effect::new("exponent", results.measures(&relu(Curve::Sine), "exponent of the rms error")),
            Criterion::Between(-2.5, -1.5),
        ).beside());
        let line = "rms error of the best line, widest";
        claims.push(Claim::new(
            format!("With {most} units, width is what limits ReLU: it errs at most twice as much as the best broken line."),
            Effect::new("rms error, relu / best line", ratio(results, &relu(Curve::Sine), wide, line)),
            Criterion::Below(2.0),
        ).beside());
    }
    for (words, target, criterion) in [
        (
            "On the sine, which is smooth, tanh errs less than ReLU",
            Curve::Sine,
            Criterion::Below(1.0),
        ),
        (
            "On |x|, which has a kink, tanh errs more than ReLU",
            Curve::Absolute,
            Criterion::Above(1.0),
        ),
    ] {
        let tanh = arm(target, "tanh");
        if has(&tanh) && has(&relu(target)) {
            let values = results.paired(&tanh, &relu(target), wide, |tanh, relu| tanh / relu);
            claims.push(Claim::new(
                format!("{words} with {most} units."),
                Effect::new("rms error, tanh / relu", values),
                criterion,
            ).beside());
        }
    }
    claims
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let widest = widths(results.settings).last().copied().unwrap_or(1);
    let mut drawn = Vec::new();
    for target in TARGETS {
        let names = results.settings.functions("functions");
        let all: Vec<String> = names
            .iter()
            .map(|function| arm(target, &function.to_string()))
            .collect();
        let arms: Vec<&str> = all.iter().take(4).map(String::as_str).collect();
        for (error, words) in [
            ("rms error", "Root mean square error"),
            ("largest error", "Largest error"),
        ] {
            let figure = Figure::new(
                format!("universal-{}-{}", target.name(), error.replace(' ', "-")),
                format!("{words} by width, {}", target.name()),
                Axis::log("units of the hidden layer").range(3.0, 1.25 * widest as f64),
                Axis::log(error),
            );
            let best = format!("{error} of the best line");
            let line = results
                .curves(arms[0], &best)
                .first()
                .map(|curve| curve.points())
                .unwrap_or_default();
            // What is met but for rounding has no place on a logarithmic axis.
            let line: Vec<(f64, f64)> = line
                .into_iter()
                .map(|(width, error)| (width, if error < 1e-12 { 0.0 } else { error }))
                .collect();
            let ends = |points: &[(f64, f64)]| {
                let word = |point: Option<&(f64, f64)>| {
                    point.map_or_else(String::new, |(width, error)| {
                        format!("{} at {width}", short(*error))
                    })
                };
                format!("{}, {}", word(points.first()), word(points.last()))
            };
            let mut list: Vec<String> = arms
                .iter()
                .map(|arm| format!("{arm}: {}", ends(&results.median_curve(arm, error))))
                .collect();
            list.push(format!(
                "the best broken line with as many knots: {}",
                ends(&line)
            ));
            let line = Line {
                label: "best broken line".to_owned(),
                points: line,
                ink: Ink::Grey,
                markers: false,
            };
            drawn.push(results.draw(figure, error, &arms).with(line).describe(format!(
                "Error by width, median over seeds, the band from the smallest to the largest. {}.",
                list.join("; ")
            )));
        }
    }
    drawn
}
