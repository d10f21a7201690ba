//! The ruler itself, before anything is measured with it.

use knee_oracle::{Big, Measured, Truth, distance, same, ulps};

#[test]
fn neighbours_are_one_apart_in_both_types() {
    assert_eq!(distance(1.0_f32, 1.0 + f32::EPSILON), Some(1));
    assert_eq!(distance(1.0_f64, 1.0 - f64::EPSILON / 2.0), Some(1));
    assert_eq!(distance(f32::MAX, f32::INFINITY), Some(1));
    assert_eq!(distance(f64::from_bits(1), 0.0), Some(1));
}

#[test]
fn distance_crosses_zero_and_counts_both_zeros_as_one() {
    let smallest = f32::from_bits(1);
    assert_eq!(distance(0.0_f32, -0.0), Some(0));
    assert_eq!(distance(smallest, -smallest), Some(2));
    assert_eq!(distance(-1.0_f64, 1.0), Some(2 * 1.0_f64.to_bits()));
}

#[test]
fn distance_counts_subnormal_numbers_and_crosses_into_the_normal_ones() {
    let normal = f32::MIN_POSITIVE;
    assert_eq!(
        distance(normal, f32::from_bits(normal.to_bits() - 1)),
        Some(1)
    );
    assert_eq!(distance(0.0, normal), Some(1 << 23));
}

#[test]
fn nan_is_only_near_nan() {
    assert_eq!(distance(f32::NAN, -f32::NAN), Some(0));
    assert_eq!(distance(f32::NAN, 0.0), None);
    assert_eq!(distance(f64::INFINITY, f64::NAN), None);
    assert!(same(f64::NAN, -f64::NAN) && !same(f64::NAN, f64::INFINITY));
}

#[test]
fn same_tells_the_zeros_apart() {
    assert!(same(0.0_f32, 0.0) && !same(0.0_f32, -0.0));
}

#[test]
fn order_comes_back() {
    for x in [
        -f32::INFINITY,
        -1.5,
        -f32::from_bits(1),
        0.0,
        f32::MIN_POSITIVE,
        7.25,
        f32::INFINITY,
    ] {
        assert_eq!(f32::from_ordered(x.ordered()), x);
    }
    for x in [-f64::MAX, -1e-320, 0.0, 3.5e300] {
        assert_eq!(f64::from_ordered(x.ordered()), x);
    }
}

#[test]
fn errors_are_in_units_of_the_true_value() {
    let third = || Big::of(1.0) / Big::of(3.0);
    // 1/3 lies between two numbers whose distance is 2^-25 for f32; the nearest is 1/3 of that above it.
    assert!((ulps(1.0_f32 / 3.0, &third()) - 1.0 / 3.0).abs() < 1e-9);
    assert!(
        (ulps(f32::from_ordered((1.0_f32 / 3.0).ordered() - 1), &third()) - 2.0 / 3.0).abs() < 1e-9
    );
    // Just below a power of two the unit is that of the lower binade.
    let below = Big::of(1.0) - Big::power_of_two(-60);
    assert!((ulps(1.0_f64, &below) - (-7.0_f64).exp2()).abs() < 1e-12);
    assert!(ulps(-1.0_f32, &Big::of(1.0)) > 1e6, "a wrong sign is far");
    assert!(ulps(f32::NAN, &Big::of(1.0)).is_infinite());
}

#[test]
fn subnormal_numbers_have_one_unit() {
    let unit = Big::power_of_two(-149);
    assert_eq!(ulps(0.0_f32, &(unit.clone() * Big::of(0.25))), 0.25);
    assert_eq!(ulps(f32::from_bits(3), &(unit * Big::of(2.5))), 0.5);
    assert_eq!(ulps(0.0_f64, &Big::power_of_two(-1075)), 0.5);
    assert_eq!(ulps(0.0_f64, &Big::of(0.0)), 0.0);
}

#[test]
fn overflow_begins_half_a_unit_beyond_the_largest_number() {
    let unit = Big::power_of_two(104);
    let beyond = Big::of(f64::from(f32::MAX)) + unit.clone() * Big::of(0.75);
    assert_eq!(ulps(f32::INFINITY, &beyond), 0.0);
    assert_eq!(ulps(f32::MAX, &beyond), 0.75);
    assert!(ulps(f32::INFINITY, &Big::of(f64::from(f32::MAX))).is_infinite());
    assert!(ulps(f32::NEG_INFINITY, &beyond).is_infinite());
    assert_eq!(ulps(f64::NEG_INFINITY, &-Big::power_of_two(1500)), 0.0);
}

#[test]
fn the_oracle_agrees_with_known_digits() {
    // Abramowitz and Stegun, tables 7.1 and 26.1, and pi.
    let near = |formula: &str, x: f64, digits: f64| {
        let found = Truth::parse(formula, &[]).expect(formula).value(x).to_f64();
        assert!(
            (found - digits).abs() <= digits.abs() * 1e-15,
            "{formula}: {found} and {digits}"
        );
    };
    near("pi * x", 1.0, std::f64::consts::PI);
    near("erf(x)", 0.5, 0.5204998778130465);
    near("erf(x)", 2.0, 0.9953222650189527);
    near("1 - erf(x)", 3.0, 2.209049699858544e-5);
    near("2 * Phi(-sqrt(2) * x)", 3.0, 2.209049699858544e-5);
    near("sin(x)", 1e22, -0.8522008497671888);
}

#[test]
fn the_oracles_two_ways_to_the_normal_distribution_meet() {
    let fraction = Truth::parse("Phi(-x)", &[]).expect("a formula");
    let series = Truth::parse("(1 - erf(x / sqrt(2))) / 2", &[]).expect("a formula");
    for x in [0.5, 2.0, 5.0, 9.0, 20.0, 37.0] {
        let (fraction, series) = (fraction.value(x), series.value(x));
        let error = ((fraction - series.clone()) / series).to_f64().abs();
        assert!(error < 1e-30, "{x}: {error:e}");
    }
}
