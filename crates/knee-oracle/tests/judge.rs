//! The quick oracles agree with the one of many digits, and a sweep finds what is wrong.

use knee::Function;
use knee_oracle::sweep::{PARTS, Report, Sweep};
use knee_oracle::{Judge, Truth, ulps};

fn function(text: &str) -> (Function, Truth) {
    let function = Function::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let truth = Truth::of(&function).unwrap_or_else(|error| panic!("{text}: {error}"));
    (function, truth)
}

/// Wrong results, so that the errors are not all near 0.
#[test]
fn the_judge_measures_what_the_truth_does() {
    for function in Function::all() {
        let truth = Truth::of(&function).unwrap_or_else(|error| panic!("{function}: {error}"));
        let mut judge = Judge::new(&truth);
        for step in -90_i32..90 {
            let size = (f64::from(step.abs()) / 5.0 - 10.0).exp2();
            let x = (if step < 0 { -size } else { size }) + 0.001;
            let found = [function.value(x), function.derivative(x)].map(|y| y * (1.0 + 3e-16));
            let single = found.map(|y| y as f32);
            let (value, slope) = truth.both(x);
            let expected = [ulps(found[0], &value), ulps(found[1], &slope)];
            let expected_single = [ulps(single[0], &value), ulps(single[1], &slope)];
            for (found, expected) in [
                (judge.errors(found, x), expected),
                (judge.errors(single, x), expected_single),
            ] {
                for (found, expected) in found.iter().zip(expected) {
                    assert!(
                        (found - expected).abs() < 1e-6 * expected.max(1.0) || *found == expected,
                        "{function} at {x}: {found} and {expected}"
                    );
                }
            }
        }
    }
}

fn sweep(function: Function, truth: Truth, parts: &[u32], step: u32) -> Report {
    let sweep = Sweep::new(function, truth);
    let mut report = Report::default();
    for part in parts {
        report.merge(&sweep.part(*part, step));
    }
    report
}

/// Binades about 1, on both sides.
const NEAR_ONE: [u32; 8] = [125, 126, 127, 128, 380, 381, 382, 383];

#[test]
fn a_sweep_finds_the_error_that_numbers_one_by_one_have() {
    for name in ["silu", "gelu", "tanh", "elu", "hard_swish", "sine"] {
        let (function, truth) = function(name);
        let step = 40_009;
        let report = sweep(function, truth.clone(), &NEAR_ONE, step);
        assert!(report.broken.is_empty(), "{:?}", report.broken);
        let (mut inputs, mut worst) = (0, [0.0_f64; 2]);
        for part in NEAR_ONE {
            let negative = part >= PARTS / 2;
            let first = (part % (PARTS / 2)) << 23;
            let bits = (first.next_multiple_of(step)..first + (1 << 23)).step_by(step as usize);
            for bits in bits {
                let x = f32::from_bits(bits | u32::from(negative) << 31);
                let (value, slope) = truth.both(x.into());
                worst[0] = worst[0].max(ulps(function.value(x), &value));
                worst[1] = worst[1].max(ulps(function.derivative(x), &slope));
                inputs += 1;
            }
        }
        assert_eq!(report.inputs, inputs, "{name}");
        for (tally, worst) in report.tallies.iter().zip(worst) {
            assert!(
                (tally.worst - worst).abs() < 1e-5,
                "{name}: {} and {worst}",
                tally.worst
            );
        }
    }
}

/// The truth of another function, which differs by little and in few places.
#[test]
fn a_sweep_finds_what_is_wrong() {
    let (silu, _) = function("silu");
    let other = |formula: &str| {
        let truth = Truth::parse(formula, &[]).unwrap_or_else(|error| panic!("{error}"));
        sweep(silu, truth, &NEAR_ONE, 997)
    };
    assert!(other("x * sigmoid(x)").broken.is_empty());
    for wrong in [
        "x * sigmoid(1.0000001 * x)",
        "x * sigmoid(x) * 1.0000001",
        "x * sigmoid(x) if x < 1.5 else x * sigmoid(x) if x > 1.5001 else x",
        "x * sigmoid(x) + 0.0000001 * exp(-1000000 * (x + 1)^2)",
    ] {
        assert!(!other(wrong).broken.is_empty(), "{wrong}");
    }
}
