//! What is drawn: the generator's published values, the distributions.

use knee::random::Seed;

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
