//! What is drawn: the generator's published values, the distributions, and the functions that draw.

use knee::RowFunction;
use knee::random::{GumbelSoftmax, Rrelu, Seed};

/// The known answers that the authors of Philox publish with it (Random123, `kat_vectors`, philox4x32 with 10 rounds).
#[test]
fn the_generator_gives_its_published_values() {
    let words = |key, stream, index| {
        let [low, high] = Seed::new(key).stream(stream).bits(index);
        [low, low >> 32, high, high >> 32].map(|word| word as u32)
    };
    assert_eq!(
        words(0, 0, 0),
        [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
    );
    assert_eq!(
        words(u64::MAX, u64::MAX, u64::MAX),
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    );
    assert_eq!(
        words(
            0x299f_31d0_a409_3822,
            0x0370_7344_1319_8a2e,
            0x85a3_08d3_243f_6a88
        ),
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    );
}

/// A number for each index.
type Draw<'a> = &'a dyn Fn(u64) -> f64;

/// The mean of `f` over many draws, and how far it may be from the expected one: five standard errors.
fn mean(draw: impl Fn(u64) -> f64, f: impl Fn(f64) -> f64) -> (f64, f64) {
    let count = 200_000;
    let values: Vec<f64> = (0..count).map(|index| f(draw(index))).collect();
    let mean = values.iter().sum::<f64>() / count as f64;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count as f64;
    (mean, 5.0 * (variance / count as f64).sqrt())
}

#[test]
fn the_distributions_have_their_moments() {
    let seed = Seed::new(20);
    let euler = 0.5772156649015329;
    let pi = std::f64::consts::PI;
    let expected: [(&str, Draw, i32, f64); 10] = [
        ("uniform", &|i| seed.uniform(i), 1, 0.5),
        ("uniform", &|i| seed.uniform(i), 2, 1.0 / 3.0),
        ("exponential", &|i| seed.exponential(i), 1, 1.0),
        ("exponential", &|i| seed.exponential(i), 2, 2.0),
        ("gumbel", &|i| seed.gumbel(i), 1, euler),
        (
            "gumbel",
            &|i| seed.gumbel(i),
            2,
            pi * pi / 6.0 + euler * euler,
        ),
        ("normal", &|i| seed.normal(i), 1, 0.0),
        ("normal", &|i| seed.normal(i), 2, 1.0),
        ("normal", &|i| seed.normal(i), 3, 0.0),
        ("normal", &|i| seed.normal(i), 4, 3.0),
    ];
    for (name, draw, power, moment) in expected {
        let (mean, tolerance) = mean(draw, |x| x.powi(power));
        assert!(
            (mean - moment).abs() < tolerance,
            "{name}, moment {power}: {mean}, not {moment} within {tolerance}"
        );
    }
}

/// The 256 cells of each of two dimensions, by the sum of squares that has the chi-square distribution with 255 degrees.
#[test]
fn uniform_numbers_fill_all_cells_alike() {
    for stream in 0..4 {
        let seed = Seed::new(3).stream(stream);
        let mut cells = [0.0_f64; 256];
        let count = 256 * 400;
        for index in 0..count {
            let (a, b) = (seed.uniform(2 * index), seed.uniform(2 * index + 1));
            cells[(a * 16.0) as usize * 16 + (b * 16.0) as usize] += 1.0;
        }
        let square: f64 = cells.iter().map(|n| (n - 400.0).powi(2) / 400.0).sum();
        // Mean 255, standard deviation 22.6.
        assert!((142.0..368.0).contains(&square), "{square}");
    }
}

#[test]
fn no_draw_is_an_end_of_its_range() {
    for stream in 0..3 {
        let seed = Seed::new(u64::MAX).stream(stream);
        for index in (0..100_000).chain(u64::MAX - 1000..=u64::MAX) {
            let u = seed.uniform(index);
            assert!(u > 0.0 && u < 1.0);
            assert!(seed.exponential(index) > 0.0 && seed.exponential(index) < 36.8);
            assert!(seed.gumbel(index) > -3.7 && seed.gumbel(index) < 36.8);
            assert!(seed.normal(index).abs() < 8.6);
        }
    }
}

/// The logarithms against those of the standard library.
#[test]
fn the_logarithms_are_right() {
    let seed = Seed::new(1);
    for index in 0..10_000 {
        let e = -seed.uniform(index).ln();
        assert!((seed.exponential(index) - e).abs() <= 1e-13 * e);
        assert!((seed.gumbel(index) + e.ln()).abs() <= 1e-13 * e.ln().abs().max(1.0));
    }
}

/// A split slice has the draws of the whole one.
#[test]
fn a_part_has_the_draws_of_the_whole() {
    let seed = Seed::new(9).stream(2);
    assert_eq!(seed.after(100).after(20).bits(3), seed.bits(123));
    let x: Vec<f32> = (0_u16..257).map(|i| f32::from(i) / 64.0 - 2.0).collect();
    let rrelu = Rrelu::default();
    let draw = |x: &[f32], seed| {
        let (mut y, mut slopes) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        rrelu.forward_train(x, seed, &mut y, &mut slopes);
        (y, slopes)
    };
    let (y, slopes) = draw(&x, seed);
    assert_eq!(draw(&x, seed), (y.clone(), slopes.clone()), "the same seed");
    assert_ne!(draw(&x, Seed::new(10)).1, slopes, "another seed");
    assert_ne!(draw(&x, seed.stream(3)).1, slopes, "another stream");
    for split in [1, 5, 128, 256] {
        let (head, tail) = (
            draw(&x[..split], seed),
            draw(&x[split..], seed.after(split as u64)),
        );
        assert_eq!([head.0, tail.0].concat(), y);
        assert_eq!([head.1, tail.1].concat(), slopes);
    }
}

#[test]
fn slopes_are_between_their_bounds_and_the_gradient_is_the_slope() {
    let rrelu = Rrelu::new(-0.25, 0.75).expect("bounds in order");
    let x = vec![-2.0_f64; 20_000];
    let (mut y, mut slopes, mut dx) = (x.clone(), x.clone(), x.clone());
    rrelu.forward_train(&x, Seed::new(4), &mut y, &mut slopes);
    assert!(slopes.iter().all(|s| (-0.25..=0.75).contains(s)));
    let mean = slopes.iter().sum::<f64>() / 2e4;
    assert!(
        (mean - 0.25).abs() < 5.0 * (1.0 / 12.0_f64 / 2e4).sqrt(),
        "{mean}"
    );
    assert!(y.iter().zip(&slopes).all(|(y, s)| *y == -2.0 * s));
    Rrelu::backward_train(&slopes, &vec![3.0; x.len()], &mut dx);
    assert!(dx.iter().zip(&slopes).all(|(dx, s)| *dx == 3.0 * s));
    // Zero has a drawn slope, positive numbers 1, NaN NaN.
    let x = [0.0, 1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let (mut y, mut slopes) = ([0.0; 5], [0.0; 5]);
    Rrelu::default().forward_train(&x, Seed::new(4), &mut y, &mut slopes);
    assert!(slopes[0] < 0.34 && slopes[1] == 1.0 && slopes[2].is_nan());
    assert!(
        y[0] == 0.0
            && y[1] == 1.5
            && y[2].is_nan()
            && y[3] == f64::INFINITY
            && y[4] == f64::NEG_INFINITY
    );
}

#[test]
fn rrelu_checks_its_bounds() {
    let message = |lower, upper| {
        Rrelu::new(lower, upper)
            .expect_err("bounds out of order")
            .to_string()
    };
    assert_eq!(
        message(0.5, 0.25),
        "rrelu: `lower` must not be greater than `upper`"
    );
    assert_eq!(
        message(f64::NAN, 1.0),
        "rrelu: `lower` is NaN; expected a finite number"
    );
    assert_eq!(
        message(0.0, f64::INFINITY),
        "rrelu: `upper` is inf; expected a finite number"
    );
    let fixed = Rrelu::new(0.5, 0.5).expect("equal bounds are in order");
    let mut results = ([0.0_f32], [0.0]);
    fixed.forward_train(&[-1.0], Seed::new(0), &mut results.0, &mut results.1);
    assert_eq!(results, ([-0.5], [0.5]));
    let middle = Rrelu::default().eval();
    assert_eq!(middle.name(), "leaky_relu");
    assert_eq!(middle.value(-1.0_f64), -0.22916666666666666);
    let far = Rrelu::new(-1e308, 1.7e308).expect("finite bounds");
    assert!(
        (far.eval().value(-1.0_f64) / -3.5e307 - 1.0).abs() < 1e-12,
        "no overflow on the way"
    );
}

fn samples(tau: f64, x: &[f64], seed: Seed) -> Vec<f64> {
    let mut y = vec![0.0; x.len()];
    let gumbel = GumbelSoftmax::new(tau).expect("a temperature");
    gumbel.forward(x, x.len(), seed, &mut y);
    y
}

/// The largest element of a sample is distributed as the softmax of the logits.
#[test]
fn gumbel_softmax_draws_from_the_categorical_distribution() {
    let logits = [1.0_f64, 0.0, -1.5, f64::NEG_INFINITY];
    let mut expected = [0.0; 4];
    RowFunction::Softmax.forward(&logits, 4, &mut expected);
    let count = 20_000;
    let x = logits.repeat(count);
    let (mut y, mut hard) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    let gumbel = GumbelSoftmax::new(0.7).expect("a temperature");
    gumbel.forward(&x, 4, Seed::new(6), &mut y);
    GumbelSoftmax::harden(&y, 4, &mut hard);
    for (place, p) in expected.iter().enumerate() {
        let share = hard.iter().skip(place).step_by(4).sum::<f64>() / count as f64;
        let error = 5.0 * (p * (1.0 - p) / count as f64).sqrt();
        assert!((share - p).abs() <= error, "{place}: {share}, not {p}");
    }
    for row in y.chunks(4) {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-15 && row[3] == 0.0);
    }
}

#[test]
fn gumbel_softmax_at_the_ends() {
    let (x, seed) = ([0.5, 0.25, -0.5], Seed::new(3));
    let noisy: Vec<f64> = (0_u8..3)
        .map(|i| x[usize::from(i)] + seed.gumbel(u64::from(i)))
        .collect();
    let mut expected = [0.0; 3];
    RowFunction::Softmax.forward(&noisy, 3, &mut expected);
    for (a, b) in samples(1.0, &x, seed).iter().zip(expected) {
        assert!((a - b).abs() <= 4.0 * f64::EPSILON * b);
    }
    // A vanishing temperature gives the largest everything, an endless one the same to all.
    let mut hard = [0.0; 3];
    RowFunction::Hardmax.forward(&noisy, 3, &mut hard);
    assert_eq!(samples(f64::MIN_POSITIVE, &x, seed), hard);
    assert_eq!(samples(1e300, &x, seed), [1.0 / 3.0; 3]);
    for bad in [f64::NAN, f64::INFINITY] {
        assert!(samples(1.0, &[bad, 0.0], seed).iter().all(|y| y.is_nan()));
    }
    assert!(
        samples(1.0, &[f64::NEG_INFINITY; 2], seed)
            .iter()
            .all(|y| y.is_nan())
    );
    for tau in [0.0, -1.0, f64::NAN] {
        let error = GumbelSoftmax::new(tau)
            .expect_err("no temperature")
            .to_string();
        assert!(
            error.contains("expected a finite number greater than 0"),
            "{error}"
        );
    }
}

#[test]
fn the_gradient_of_gumbel_softmax_is_the_slope_of_the_sample() {
    let (x, dy, seed, tau) = (
        [0.5, 0.25, -0.5, 1.0],
        [1.0, -2.0, 0.5, 0.25],
        Seed::new(8),
        0.6,
    );
    let weighted = |x: &[f64]| -> f64 {
        samples(tau, x, seed)
            .iter()
            .zip(&dy)
            .map(|(y, dy)| y * dy)
            .sum()
    };
    let (y, mut dx) = (samples(tau, &x, seed), [0.0; 4]);
    let gumbel = GumbelSoftmax::new(tau).expect("a temperature");
    gumbel.backward_from_output(&y, &dy, 4, &mut dx);
    for index in 0..4 {
        let moved = |by: f64| {
            let mut x = x;
            x[index] += by;
            weighted(&x)
        };
        let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert!(
            (slope - dx[index]).abs() < 1e-9,
            "{slope} and {}",
            dx[index]
        );
    }
}
