//! Digits in larger images, at other places and sizes, with noise.

use std::array::from_fn;

use knee::random::Seed;

use super::arithmetic::{below, part};
use super::dataset::{Dataset, Targets};
use super::digits::SIDE;

/// Images of `side` by `side` pixels, `[1, side, side]`, made of digits as [`digits`](super::digits) has them: each digit is as
/// frequent as any other, stretched to between 8 pixels and the whole side, at a random place, with a random contrast, and with
/// normal noise of that standard deviation on a scale on which black is 0 and full contrast is 1.
///
/// An original may be used several times. For a training and a testing part that share no handwriting, split the digits first:
///
/// ```
/// use knee::random::Seed;
/// use knee_lab::data::{digits, images};
/// let originals = digits().split(0.2, Seed::new(1));
/// let train = images(&originals.train, 4000, 16, 0.1, Seed::new(2));
/// let test = images(&originals.test, 1000, 16, 0.1, Seed::new(3));
/// assert_eq!((train.width(), test.samples()), (256, 1000));
/// ```
///
/// A `side` below 8 counts as 8. Without originals of one number for each sample there are no images.
pub fn images(originals: &Dataset, samples: usize, side: usize, noise: f64, seed: Seed) -> Dataset {
    let side = side.max(SIDE);
    let mut by_class: Vec<Vec<usize>> = vec![Vec::new(); originals.targets.outputs()];
    if let Targets::Classes {
        of, per_sample: 1, ..
    } = &originals.targets
        && originals.width() == SIDE * SIDE
    {
        for (sample, class) in of.iter().enumerate() {
            by_class[*class].push(sample);
        }
    }
    let classes: Vec<usize> = (0..by_class.len())
        .filter(|class| !by_class[*class].is_empty())
        .collect();
    let samples = if classes.is_empty() { 0 } else { samples };
    let mut inputs = Vec::with_capacity(samples * side * side);
    let mut of = Vec::with_capacity(samples);
    for sample in 0..samples {
        let class = classes[sample % classes.len()];
        let drawn = below(part(seed, 0), sample as u64, by_class[class].len());
        let original = originals.sample(by_class[class][drawn]);
        draw(original, sample as u64, side, noise, seed, &mut inputs);
        of.push(class);
    }
    let targets = Targets::classes(by_class.len(), of);
    Dataset::made("images", inputs, [1, side, side], targets)
}

/// Adds one image: each of its pixels is found in the original, between its pixels.
fn draw(original: &[f32], sample: u64, side: usize, noise: f64, seed: Seed, out: &mut Vec<f32>) {
    let drawn: [f64; 5] = from_fn(|k| part(seed, 1).uniform(sample * 5 + k as u64));
    let room = (side - SIDE) as f64;
    // Height and width differ, so that digits are narrow and wide.
    let size = [drawn[0], drawn[1]].map(|u| SIDE as f64 + u * room);
    let corner = [0, 1].map(|axis| drawn[2 + axis] * (side as f64 - size[axis]));
    let contrast = 0.5 + 0.5 * drawn[4];
    let place = |axis: usize, pixel: usize| {
        (pixel as f64 + 0.5 - corner[axis]) * SIDE as f64 / size[axis] - 0.5
    };
    for pixel in 0..side * side {
        let grey = between(original, place(0, pixel / side), place(1, pixel % side));
        let at = sample * (side * side) as u64 + pixel as u64;
        out.push((contrast * grey + noise * part(seed, 2).normal(at)) as f32);
    }
}

/// The grey value at a place between pixels, linear along both axes; around the image all is black.
fn between(image: &[f32], row: f64, column: f64) -> f64 {
    let grey = |row: f64, column: f64| {
        let inside = |at: f64| (0.0..SIDE as f64).contains(&at);
        if inside(row) && inside(column) {
            f64::from(image[row as usize * SIDE + column as usize])
        } else {
            0.0
        }
    };
    let (top, left) = (row.floor(), column.floor());
    let (down, right) = (row - top, column - left);
    let along = |row: f64| grey(row, left) * (1.0 - right) + grey(row, left + 1.0) * right;
    along(top) * (1.0 - down) + along(top + 1.0) * down
}
