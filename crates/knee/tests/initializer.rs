//! Weights that are drawn: their moments, their bounds, the same bits however they are split.

use half::bf16;
use knee::random::Seed;
use knee::{Distribution, Element, Fan, Initializer};

const ALL: [Distribution; 3] = [
    Distribution::Uniform,
    Distribution::Normal,
    Distribution::TruncatedNormal,
];

fn drawn<T: Element>(initializer: Initializer, count: usize, seed: Seed) -> Vec<T> {
    let mut weights = vec![T::default(); count];
    initializer
        .fill(&mut weights, seed)
        .expect("a good variance");
    weights
}

/// Mean, variance and fourth moment are the distribution's to five standard errors, which follow from its own moments: the mean of
/// `n` draws of `x^k` has the variance `(E x^2k - (E x^k)^2) / n`.
#[test]
fn the_moments_are_the_distributions() {
    // E x^2, E x^4, E x^6 and E x^8 in units of the variance. For the truncated normal E z^(k+2) = (k + 1) E z^k - 2^(k+2) q with
    // q = phi(2) / erf(sqrt(2)).
    let q = (-2.0_f64).exp() / std::f64::consts::TAU.sqrt() / 0.9544997361036416;
    let v = 1.0 - 4.0 * q;
    let fourth = 3.0 * v - 16.0 * q;
    let sixth = 5.0 * fourth - 64.0 * q;
    let eighth = 7.0 * sixth - 256.0 * q;
    let truncated = [
        1.0,
        fourth / v.powi(2),
        sixth / v.powi(3),
        eighth / v.powi(4),
    ];
    let moments = [
        [1.0, 9.0 / 5.0, 27.0 / 7.0, 9.0],
        [1.0, 3.0, 15.0, 105.0],
        truncated,
    ];
    let (count, variance) = (200_000, 0.02_f64);
    for (distribution, moments) in ALL.into_iter().zip(moments) {
        let weights: Vec<f64> = drawn(
            Initializer {
                distribution,
                variance,
            },
            count,
            Seed::new(3),
        );
        let unit = variance.sqrt();
        let mean =
            |power: i32| weights.iter().map(|w| (w / unit).powi(power)).sum::<f64>() / count as f64;
        let near = |found: f64, expected: f64, square: f64| {
            let bound = 5.0 * ((square - expected * expected) / count as f64).sqrt();
            assert!(
                (found - expected).abs() < bound,
                "{distribution:?}: {found} and {expected}, within {bound}"
            );
        };
        near(mean(1), 0.0, moments[0]);
        near(mean(2), moments[0], moments[1]);
        near(mean(3), 0.0, moments[2]);
        near(mean(4), moments[1], moments[3]);
        // Neighbours are not correlated: the product of two draws has the variance 1.
        let product = weights
            .windows(2)
            .map(|w| w[0] * w[1] / variance)
            .sum::<f64>()
            / count as f64;
        near(product, 0.0, 1.0);
    }
}

#[test]
fn the_bounds_hold() {
    let variance = Fan::dense(64, 64).glorot();
    for (distribution, bound) in [
        (Distribution::Uniform, (3.0 * variance).sqrt()),
        (
            Distribution::TruncatedNormal,
            2.0 * variance.sqrt() / 0.879_625_661_034_239_8,
        ),
    ] {
        let weights: Vec<f64> = drawn(
            Initializer {
                distribution,
                variance,
            },
            100_000,
            Seed::new(1),
        );
        let largest = weights.iter().fold(0.0, |m: f64, w| m.max(w.abs()));
        assert!(
            largest <= bound * (1.0 + 1e-15) && largest > 0.999 * bound,
            "{distribution:?}: {largest} and {bound}"
        );
    }
}

/// The same bits in one piece, in pieces of any length, and backwards; other bits in another stream and with another seed.
#[test]
fn the_bits_do_not_depend_on_the_split() {
    for distribution in ALL {
        let initializer = Initializer {
            distribution,
            variance: 2.0 / 300.0,
        };
        let seed = Seed::new(42).stream(5);
        let whole: Vec<f32> = drawn(initializer, 1000, seed);
        for piece in [1, 7, 64, 999] {
            let mut parts = vec![0.0_f32; 1000];
            for (index, part) in parts
                .chunks_mut(piece)
                .enumerate()
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
            {
                initializer
                    .fill_from(part, seed, (index * piece) as u64)
                    .expect("a good variance");
            }
            assert!(
                parts
                    .iter()
                    .zip(&whole)
                    .all(|(a, b)| a.to_bits() == b.to_bits()),
                "{distribution:?}, {piece}"
            );
        }
        for other in [Seed::new(42), Seed::new(43).stream(5)] {
            let other: Vec<f32> = drawn(initializer, 1000, other);
            assert!(
                other.iter().zip(&whole).filter(|(a, b)| a == b).count() < 5,
                "{distribution:?}"
            );
        }
    }
}

/// Every type has the same draw, rounded.
#[test]
fn types_differ_by_their_rounding_only() {
    for distribution in ALL {
        let initializer = Initializer {
            distribution,
            variance: 0.5,
        };
        let wide: Vec<f64> = drawn(initializer, 500, Seed::new(9));
        let single: Vec<f32> = drawn(initializer, 500, Seed::new(9));
        let half: Vec<bf16> = drawn(initializer, 500, Seed::new(9));
        for (index, w) in wide.iter().enumerate() {
            assert_eq!(single[index], *w as f32);
            assert_eq!(half[index], bf16::from_f64(*w));
        }
    }
}

#[test]
fn a_variance_that_is_none_is_refused() {
    for (variance, found) in [
        (-1.0, "-1"),
        (f64::NAN, "NaN"),
        (Fan::dense(0, 3).he(), "inf"),
    ] {
        let initializer = Initializer {
            distribution: Distribution::Normal,
            variance,
        };
        let error = initializer
            .fill(&mut [0.0_f32], Seed::new(0))
            .expect_err("a bad variance");
        assert_eq!(
            error.to_string(),
            format!(
                "initializer: `variance` is {found}; expected a finite number that is not negative"
            )
        );
    }
    let zero = Initializer {
        distribution: Distribution::Uniform,
        variance: 0.0,
    };
    assert_eq!(drawn::<f32>(zero, 3, Seed::new(0)), [0.0; 3]);
}
