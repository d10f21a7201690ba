//! ReLU and leaky ReLU in the discriminator of a GAN.

use knee::random::Seed;
use knee_figure::{Axis, Figure, Ink, Points, percent, short};

use crate::data::{self, Dataset};
use crate::experiment::experiment;
use crate::experiments::shared::adversaries::{Pair, dead_shares};
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// Do units of a discriminator die with ReLU, and does a generator learn more from a discriminator with leaky ReLU?
    ///
    /// ## Set-up
    ///
    /// Real points lie about eight centres on a circle. The generator, dense with ReLU in both cases, makes points of noise; the
    /// discriminator has two hidden layers of the function under test and He's weights. Both are trained in turn by Adam, each step on a
    /// fresh batch, with the loss that does not saturate: the generator raises the logit of its points. Data, noise, and initial weights are the
    /// same for both functions.
    ///
    /// ## Prediction
    ///
    /// Some ReLU units of the discriminator are dead on all points, real or made, and more of them later. Leaky ReLU has no flat region, so
    /// none can be. Whether the generator covers more centres for that is another question; the noise of GANs is large.
    ///
    /// ## Measure
    ///
    /// Dead units of the discriminator, alive on none of 1000 real points and 1000 made ones; made points through which no gradient
    /// reaches its first hidden layer; centres with at least a quarter of their share of good points; the share of good points, within
    /// three standard deviations of a centre.
    ///
    /// ## Source
    ///
    /// Radford, Metz, Chintala, *Unsupervised representation learning with deep convolutional GANs*, 2015, for leaky ReLU; Metz and others,
    /// *Unrolled generative adversarial networks*, 2016, for the ring.
    pub struct GanLeaky {
        name: "gan-leaky",
        title: "dead units in the discriminator of a GAN",
        sentence: "In a GAN's discriminator use leaky ReLU: with ReLU units die and the generator gets no gradient.",
        own_data: false,
        parameters: {
            functions: Functions, "relu,leaky_relu(negative_slope=0.2)", quick "relu,leaky_relu(negative_slope=0.2)", "Functions of the discriminator; the first two are compared.";
            width: Count(2, 512), "64", quick "64", "Units of each hidden layer.";
            batch: Count(1, 10_000), "64", quick "64", "Points of a step, real ones and as many made.";
            steps: Count(1, 1_000_000), "10000", quick "4000", "Steps of each network.";
            rate: Real(1e-6, 1.0), "0.001", quick "0.001", "Learning rate of both networks.";
        }
    }
}

const CENTRES: usize = 8;
const RADIUS: f64 = 2.0;
const DEVIATION: f64 = 0.1;

/// Numbers of the noise that a point is made of.
const NOISE: usize = 4;

/// Points of each kind that the doctor sees at a time.
const PROBE: usize = 1000;

/// How often it looks on.
const LOOKS: usize = 25;

fn arms(settings: &Settings) -> Vec<String> {
    settings
        .functions("functions")
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn noise(points: usize, seed: Seed) -> Vec<f32> {
    data::noise(points, NOISE, seed).inputs
}

fn real(points: usize, seed: Seed) -> Dataset {
    data::gaussian_ring(points, CENTRES, RADIUS, DEVIATION, seed)
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let function = run.settings.functions("functions")[run.arm];
    let (batch, steps) = (run.settings.count("batch"), run.settings.count("steps"));
    let mut pair = Pair::new(function, NOISE, run)?;
    let look = steps.div_ceil(LOOKS).max(1);
    let probe = real(PROBE, run.data_seed().stream(1 << 21));
    let latent = noise(PROBE, run.data_seed().stream((1 << 21) + 1));
    let [mut dead, mut cut, mut good, mut covered] = [const { Vec::new() }; 4];
    for step in 0..=steps {
        if step % look == 0 || step == steps {
            let made = pair.generator.infer(&latent);
            let at = step as f64;
            let (units, points) = dead_shares(&pair.discriminator, &probe.inputs, &made)?;
            dead.push((at, units));
            cut.push((at, points));
            let (share, centres) = quality(&made);
            good.push((at, share));
            covered.push((at, centres));
            run.at(at / steps as f64, None, "")?;
        }
        if step == steps {
            break;
        }
        let (batches, latents) = (run.data_seed().stream(step as u64 + 1), run.order_seed());
        let latent = |turn: u64| noise(batch, latents.stream(2 * step as u64 + turn));
        let made = pair.generator.infer(&latent(0));
        pair.judge(&real(batch, batches).inputs, &made)?;
        pair.make(latent(1))?;
    }
    let last = |curve: &[(f64, f64)]| curve.last().map_or(f64::NAN, |(_, y)| *y);
    let late = |curve: &[(f64, f64)]| {
        let late = &curve[curve.len() / 2..];
        late.iter().map(|(_, y)| y).sum::<f64>() / late.len() as f64
    };
    let mut measured = Measured::default();
    measured.set("dead units", last(&dead));
    measured.set("dead units at the start", dead[0].1);
    measured.set("points without gradient", late(&cut));
    measured.set("good points", late(&good));
    measured.set("centres", late(&covered));
    measured.curve("dead units", dead);
    measured.curve("points without gradient", cut);
    measured.curve("good points", good);
    measured.curve("centres", covered);
    let made = pair.generator.infer(&latent);
    measured.curve(
        "points",
        made.chunks_exact(2)
            .take(200)
            .map(|point| (f64::from(point[0]), f64::from(point[1]))),
    );
    Ok(measured)
}

/// The centres.
fn centres() -> Vec<f32> {
    data::gaussian_ring(CENTRES, CENTRES, RADIUS, 0.0, Seed::new(0)).inputs
}

/// The share of points within three standard deviations of a centre, and the centres that have at least a quarter of their share.
fn quality(points: &[f32]) -> (f64, f64) {
    let centres = centres();
    let reach = (3.0 * DEVIATION).powi(2);
    let is_near = |one: &[f32], other: &[f32]| {
        let square = |axis: usize| f64::from(one[axis] - other[axis]).powi(2);
        square(0) + square(1) <= reach
    };
    let near = |centre| {
        points
            .chunks_exact(2)
            .filter(|point| is_near(point, centre))
            .count()
    };
    let near: Vec<usize> = centres.chunks_exact(2).map(near).collect();
    let all = points.len() / 2;
    let good: usize = near.iter().sum();
    let covered = near
        .iter()
        .filter(|count| 4 * CENTRES * **count >= all)
        .count();
    (good as f64 / all.max(1) as f64, covered as f64)
}

fn names(results: &Results<'_>) -> Option<(String, String)> {
    let [one, other, ..] = results.arms() else {
        return None;
    };
    Some((one.clone(), other.clone()))
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let Some((one, other)) = names(results) else {
        return Vec::new();
    };
    let difference = |name: &str, sign: f64| {
        results.paired(&one, &other, name, |one, other| sign * (one - other))
    };
    vec![
        Claim::new(
            format!(
                "With {one}, more than a tenth of the discriminator's hidden units are dead at the end."
            ),
            Effect::new("share of dead units", results.measures(&one, "dead units")),
            Criterion::Above(0.1),
        ),
        Claim::new(
            format!("With {other}, fewer of them are dead than with {one}."),
            Effect::new(
                format!("share of dead units, {one} - {other}"),
                difference("dead units", 1.0),
            ),
            Criterion::Above(0.0),
        ),
        Claim::new(
            format!(
                "With {one}, more than one in a hundred of the points made get no gradient, in the second half of training."
            ),
            Effect::new(
                "share of the points made",
                results.measures(&one, "points without gradient"),
            ),
            Criterion::Above(0.01),
        ),
        Claim::new(
            format!(
                "With {other}, the generator covers more of the {CENTRES} centres, in the second half of training."
            ),
            Effect::new(
                format!("centres, {other} - {one}"),
                difference("centres", -1.0),
            ),
            Criterion::Above(0.0),
        ),
        Claim::new(
            format!(
                "With {other}, more of the generator's points are good, in the second half of training."
            ),
            Effect::new(
                format!("share of good points, {other} - {one}"),
                difference("good points", -1.0),
            ),
            Criterion::Above(0.0),
        ),
    ]
}

fn figures(results: &Results<'_>) -> Vec<Figure> {
    let arms: Vec<&str> = results.arms().iter().take(4).map(String::as_str).collect();
    let curve = |slug: &str, title: &str, name: &str, axis: Axis, say: &dyn Fn(f64) -> String| {
        let when = if name == "dead units" {
            "At the end"
        } else {
            "Mean over the second half"
        };
        let said: Vec<String> = arms
            .iter()
            .map(|arm| format!("{arm}: {}", say(results.median(arm, name))))
            .collect();
        results
            .draw(
                Figure::new(
                    format!("gan-leaky-{slug}"),
                    title,
                    Axis::linear("step"),
                    axis,
                ),
                name,
                &arms,
            )
            .describe(format!(
                "Median over seeds, the band from the smallest to the largest. {when}: {}.",
                said.join("; ")
            ))
    };
    let mut figures = vec![
        curve(
            "dead",
            "Dead units of the discriminator",
            "dead units",
            Axis::linear("share of hidden units"),
            &percent,
        ),
        curve(
            "good",
            "Points of the generator near a centre",
            "good points",
            Axis::linear("share of points").range(0.0, 1.0),
            &percent,
        ),
        curve(
            "centres",
            "Centres that the generator covers",
            "centres",
            Axis::linear("centres of 8").range(0.0, 8.5),
            &short,
        ),
    ];
    figures.push(points(results, &arms));
    figures
}

/// What the generators make at last, on the first seed.
fn points(results: &Results<'_>, arms: &[&str]) -> Figure {
    let mut figure = Figure::new(
        "gan-leaky-points",
        "Points of the generators on the first seed",
        Axis::linear("x").range(-3.0, 3.0),
        Axis::linear("y").range(-3.0, 3.0),
    );
    for (index, arm) in arms.iter().enumerate() {
        let points = results
            .curves(arm, "points")
            .first()
            .map(|curve| curve.points())
            .unwrap_or_default();
        figure = figure.with(Points {
            label: (*arm).to_owned(),
            points,
            ink: Ink::series(index),
        });
    }
    let centres = centres();
    let centres = centres
        .chunks_exact(2)
        .map(|centre| (f64::from(centre[0]), f64::from(centre[1])))
        .collect();
    figure = figure.with(Points {
        label: "centres".to_owned(),
        points: centres,
        ink: Ink::Grey,
    });
    figure.describe(format!("200 points of each generator after training; the {CENTRES} centres of the real points are grey."))
}
