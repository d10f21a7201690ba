//! What a straight line can tell apart, and what it cannot.

use knee::random::Seed;
use knee_lab::data::{self, Dataset, Targets};

/// The share of the samples of two classes that the least-squares line tells apart.
fn linear(set: &Dataset) -> f64 {
    let Targets::Classes { of, .. } = &set.targets else {
        panic!("{} has no classes", set.name);
    };
    let width = set.width() + 1;
    let row = |sample: usize| {
        let inputs = set.sample(sample).iter().map(|x| f64::from(*x));
        inputs.chain([1.0]).collect::<Vec<f64>>()
    };
    let sign = |sample: usize| if of[sample] == 0 { -1.0 } else { 1.0 };
    // The normal equations, with the right side as the last column.
    let mut system = vec![vec![0.0; width + 1]; width];
    for sample in 0..set.samples() {
        let row = row(sample);
        for i in 0..width {
            for j in 0..width {
                system[i][j] += row[i] * row[j];
            }
            system[i][width] += row[i] * sign(sample);
        }
    }
    let weights = solved(system);
    let right = (0..set.samples()).filter(|sample| {
        let score: f64 = row(*sample).iter().zip(&weights).map(|(x, w)| x * w).sum();
        score * sign(*sample) > 0.0
    });
    right.count() as f64 / set.samples() as f64
}

/// By Gauss and Jordan; the matrix is positive definite.
fn solved(mut system: Vec<Vec<f64>>) -> Vec<f64> {
    let size = system.len();
    for pivot in 0..size {
        let scaled: Vec<f64> = system[pivot]
            .iter()
            .map(|x| x / system[pivot][pivot])
            .collect();
        for (at, row) in system.iter_mut().enumerate() {
            if at == pivot {
                row.clone_from(&scaled);
            } else {
                let factor = row[pivot];
                row.iter_mut()
                    .zip(&scaled)
                    .for_each(|(x, s)| *x -= factor * s);
            }
        }
    }
    system.iter().map(|row| row[size]).collect()
}

#[test]
fn no_line_separates_xor_rings_and_spirals() {
    for seed in [1, 2, 3].map(Seed::new) {
        let sets = [
            data::xor(2000, 0.2, seed),
            data::rings(2000, 2, 0.05, seed),
            data::spirals(2000, 2, 1.5, 0.02, seed),
        ];
        for set in sets {
            let share = linear(&set);
            assert!((0.35..0.7).contains(&share), "{}: {share}", set.name);
        }
    }
}

#[test]
fn a_line_separates_distant_gaussians() {
    for seed in [1, 2, 3].map(Seed::new) {
        let far = linear(&data::gaussian_mixture(2000, 2, 10, 6.0, seed));
        let same = linear(&data::gaussian_mixture(2000, 2, 10, 0.0, seed));
        assert!(far > 0.97, "{far}");
        assert!((0.45..0.6).contains(&same), "{same}");
    }
}

#[test]
fn a_line_separates_most_of_the_moons() {
    let share = linear(&data::moons(2000, 0.1, Seed::new(1)));
    assert!((0.8..0.95).contains(&share), "{share}");
}
