//! The size of gradients against the rounding that they are computed with.

use super::networks::{Stack, function};
use super::sentence::{EFFECT, sentence};
use crate::data::{Targets, noise};
use crate::engine::{Answers, Init, Loss, Net, Rule};
use crate::statistics::median;
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Said of vanishing gradients: 0.25^10 is 1e-6, and single precision has seven digits.
    ///
    /// Floating point has digits relative to each number: a gradient is lost in noise when its rounding error is as large as itself,
    /// not when it is small. So the gradient of the first of ten sigmoid layers, weights by Glorot, is computed in single precision
    /// and again in double precision, and the difference is set against the gradient. Also noted: a step of plain gradient descent
    /// with rate 0.1, over half a unit in the last place of the weight that it is added to; below 1 the step is rounded away.
    ///
    /// Source: the arithmetic in many lecture notes; Goldberg, *What every computer scientist should know about floating-point
    /// arithmetic*, 1991.
    pub(super) static FLOAT_NOISE {
        name: "float noise",
        said: "After 10 sigmoid layers gradients are below floating-point noise.",
        effect: "rounding error / gradient, of the first layer's weights",
        criterion: Criterion::Above(1.0),
        measure: measure,
    }
}

const LAYERS: usize = 10;
const WIDTH: usize = 64;
const SAMPLES: usize = 64;

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let stack = Stack {
        inputs: WIDTH,
        depth: LAYERS,
        width: WIDTH,
        function: function("sigmoid")?,
        init: Init::new(Rule::Glorot),
        outputs: 2,
    };
    let mut net = stack.build(run.init_seed());
    let inputs = noise(SAMPLES, WIDTH, run.data_seed()).inputs;
    let coin = |index| usize::from(run.data_seed().stream(7).uniform(index as u64) < 0.5);
    let classes: Vec<usize> = (0..SAMPLES).map(coin).collect();
    let exact = gradients(&net, &stack, &inputs, &classes);
    let answers = Answers::of(
        &Targets::classes(2, classes),
        &(0..SAMPLES).collect::<Vec<_>>(),
    );
    let single = net
        .gradients(&inputs, &answers, Loss::CrossEntropy, None)?
        .of;
    let of_layer = |layer: usize| (&single[2 * layer], &exact[layer]);
    let size = |layer| length(of_layer(layer).1.iter().copied());
    let error = |layer| {
        let (single, exact) = of_layer(layer);
        let difference = single.iter().zip(exact).map(|(s, e)| f64::from(*s) - e);
        length(difference)
    };
    let mut measured = Measured::default();
    measured.set(EFFECT, error(0) / size(0));
    measured.set("gradient, first / last layer", size(0) / size(LAYERS - 1));
    let weights = net.weights[0].values.iter().zip(&exact[0]);
    let lasts = weights.map(|(w, g)| 0.1 * g.abs() / (f64::from(w.abs()) * half_unit()));
    measured.set(
        "step of rate 0.1 / half a unit in the last place",
        median(&lasts.collect::<Vec<_>>()),
    );
    let last = size(LAYERS - 1);
    let along = |of: &dyn Fn(usize) -> f64| {
        (0..LAYERS)
            .map(|layer| (layer as f64 + 1.0, of(layer) / last))
            .collect::<Vec<_>>()
    };
    measured.curve("gradient", along(&size));
    measured.curve("rounding error", along(&error));
    Ok(measured)
}

/// Half a unit in the last place of 1 in single precision.
fn half_unit() -> f64 {
    f64::from(f32::EPSILON) / 2.0
}

fn length(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|x| x * x).sum::<f64>().sqrt()
}

/// The gradient of each layer's matrix in double precision, for the mean cross-entropy.
fn gradients(net: &Net, stack: &Stack, inputs: &[f32], classes: &[usize]) -> Vec<Vec<f64>> {
    let matrices: Vec<Vec<f64>> = net
        .weights
        .iter()
        .map(|one| one.values.iter().map(|w| f64::from(*w)).collect())
        .collect();
    let shapes: Vec<[usize; 2]> = net.matrices().iter().map(|one| one.shape).collect();
    // What enters each layer, and what its function is given.
    let mut entering = vec![inputs.iter().map(|x| f64::from(*x)).collect::<Vec<f64>>()];
    let mut given: Vec<Vec<f64>> = Vec::new();
    for (layer, [rows, units]) in shapes.iter().copied().enumerate() {
        let z: Vec<f64> = entering[layer]
            .chunks_exact(rows)
            .flat_map(|x| affine(x, &matrices[2 * layer], &matrices[2 * layer + 1], units))
            .collect();
        entering.push(z.iter().map(|z| stack.function.value(*z)).collect());
        given.push(z);
    }
    let logits = &given[shapes.len() - 1];
    let mut upstream: Vec<f64> = logits
        .chunks_exact(2)
        .zip(classes)
        .flat_map(|(row, class)| {
            let second = 1.0 / (1.0 + (row[0] - row[1]).exp());
            let probabilities = [1.0 - second, second];
            [0, 1].map(|at| {
                (probabilities[at] - f64::from(u8::from(at == *class))) / classes.len() as f64
            })
        })
        .collect();
    let mut made = vec![Vec::new(); shapes.len()];
    for (layer, [rows, units]) in shapes.iter().copied().enumerate().rev() {
        let mut gradient = vec![0.0; rows * units];
        for (x, dy) in entering[layer]
            .chunks_exact(rows)
            .zip(upstream.chunks_exact(units))
        {
            for (x, row) in x.iter().zip(gradient.chunks_exact_mut(units)) {
                row.iter_mut().zip(dy).for_each(|(sum, dy)| *sum += x * dy);
            }
        }
        made[layer] = gradient;
        if layer > 0 {
            let back = upstream.chunks_exact(units).flat_map(|dy| {
                let rows = matrices[2 * layer].chunks_exact(units);
                rows.map(move |row| row.iter().zip(dy).map(|(w, dy)| w * dy).sum::<f64>())
            });
            let slopes = given[layer - 1]
                .iter()
                .map(|z| stack.function.derivative(*z));
            upstream = back.zip(slopes).map(|(back, slope)| back * slope).collect();
        }
    }
    made
}

fn affine(x: &[f64], weight: &[f64], bias: &[f64], units: usize) -> Vec<f64> {
    let mut y = bias.to_vec();
    for (x, row) in x.iter().zip(weight.chunks_exact(units)) {
        y.iter_mut().zip(row).for_each(|(sum, w)| *sum += x * w);
    }
    y
}
