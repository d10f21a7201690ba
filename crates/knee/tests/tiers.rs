//! The fast tier keeps the contract of the exact one, and derivatives from outputs are those from inputs.

use knee::{Element, Function, Tier};
use knee_oracle::{Big, Measured, same, ulps};

use crate::support::points::hard;
use crate::support::{for_each, variants};

/// Both tiers at the same points: values and derivatives.
fn tiers<T: Measured>(function: &Function, x: &[T]) -> [[Vec<T>; 2]; 2] {
    [Tier::Exact, Tier::Fast].map(|tier| {
        let kernel = function.kernel().tier(tier);
        let (mut y, mut slopes) = (vec![T::default(); x.len()], vec![T::default(); x.len()]);
        kernel.forward(x, &mut y);
        kernel.derivatives(x, &mut slopes);
        [y, slopes]
    })
}

/// Within 4 units of the truth, for which `f64` stands; signs and the range are those of the exact tier.
fn fast(name: &str) {
    for function in variants(name) {
        let mut x = hard::<f32>(&function);
        x.extend((0..20_000).map(|i| (i as f32 - 10_000.0) / 512.0));
        let range = function.facts().range;
        let [exact, fast] = tiers(&function, &x);
        let wide: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
        let [truth, _] = tiers(&function, &wide);
        for (quantity, (exact, (fast, truth))) in ["value", "derivative"]
            .iter()
            .zip(exact.iter().zip(fast.iter().zip(&truth)))
        {
            for ((x, exact), (fast, truth)) in x.iter().zip(exact).zip(fast.iter().zip(truth)) {
                let error = if exact.is_finite() && fast.is_finite() {
                    ulps(*fast, &Big::of(*truth))
                } else if same(*exact, *fast) {
                    0.0
                } else {
                    f64::INFINITY
                };
                assert!(
                    error <= 4.0,
                    "{function} {quantity} at {x:e}: {fast:e} in the fast tier is {error} ulp from {truth:e}"
                );
                assert_eq!(
                    exact.is_sign_negative(),
                    fast.is_sign_negative(),
                    "{function} {quantity} at {x:e}"
                );
            }
        }
        for (x, y) in x.iter().zip(&fast[0]) {
            assert!(
                *y >= range.low as f32 && *y <= range.high as f32,
                "{function} at {x:e}: {y:e} leaves {range:?}"
            );
        }
    }
}

/// NaN, the infinities and zeros of the function at 0 have the same results in both tiers.
fn fast_limits(name: &str) {
    for function in variants(name) {
        let [exact, fast] = tiers(
            &function,
            &[f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0],
        );
        for (exact, fast) in exact.iter().zip(&fast) {
            for (index, (exact, fast)) in exact.iter().zip(fast).enumerate() {
                let number_at_0 = index > 2 && *exact != 0.0;
                assert!(
                    number_at_0 || same(*exact, *fast),
                    "{function}: {fast} and {exact}"
                );
            }
        }
    }
}

/// The derivative from the output is the derivative: as near to it as the rounding of the output allows.
fn from_output(name: &str) {
    for function in variants(name) {
        let Some(budget) = function.about().from_output else {
            continue;
        };
        let x = hard::<f64>(&function);
        // An output that is zero by underflow does not tell the sides of zero apart.
        let underflown = |x: f64| x != 0.0 && function.value(x) == 0.0;
        let x: Vec<f64> = x
            .into_iter()
            .filter(|x| function.value(*x).is_finite() && !underflown(*x))
            .collect();
        let (mut y, mut found) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        function.forward(&x, &mut y);
        let kernel = function.kernel();
        kernel
            .backward_from_output(&y, &vec![1.0; x.len()], &mut found)
            .expect("a form");
        // No form is steeper in `y` than this.
        let steepest = function.parameters().iter().fold(2.0, |steepest: f64, p| {
            steepest.max(1.0 / p.value.abs().max(1e-3))
        });
        for ((x, y), found) in x.iter().zip(&y).zip(&found) {
            let expected = function.derivative(*x);
            let allowed =
                steepest * f64::EPSILON * y.abs().max(expected.abs()).max(f64::MIN_POSITIVE);
            assert!(
                (found - expected).abs() <= allowed,
                "{function} at {x:e}: {found:e} from {y:e}, not {expected:e}"
            );
        }
        // In f32, against f64 on the same outputs.
        let single: Vec<f32> = y
            .iter()
            .map(|y| *y as f32)
            .filter(|y| y.is_finite())
            .collect();
        let double: Vec<f64> = single.iter().map(|y| f64::from(*y)).collect();
        let (mut short, mut long) = (vec![0.0_f32; single.len()], vec![0.0; single.len()]);
        kernel
            .backward_from_output(&single, &vec![1.0; single.len()], &mut short)
            .expect("a form");
        kernel
            .backward_from_output(&double, &vec![1.0; single.len()], &mut long)
            .expect("a form");
        for ((y, short), long) in single.iter().zip(&short).zip(&long) {
            let error = if long.abs() > f64::from(f32::MAX) {
                0.0
            } else {
                ulps(*short, &Big::of(*long))
            };
            assert!(
                error <= budget.max(0.5) + 1e-6,
                "{function} from {y:e}: {error} ulp"
            );
        }
        let mut special = [0.0; 1];
        kernel
            .backward_from_output(&[f64::NAN], &[1.0], &mut special)
            .expect("a form");
        assert!(special[0].is_nan(), "{function} from NaN");
    }
}

/// Every 16-bit number: the result is the one nearest to that of `f64`. Where that is half way between two numbers of 16 bits it
/// cannot decide, and one of its neighbours does.
fn half(name: &str) {
    fn check<T: Element>(function: &Function, from_bits: fn(u16) -> T) {
        let x: Vec<T> = (0..=u16::MAX).map(from_bits).collect();
        let wide: Vec<f64> = x.iter().map(|x| x.to_f64()).collect();
        let (mut y, mut expected) = (vec![T::default(); x.len()], vec![0.0; x.len()]);
        for slope in [false, true] {
            if slope {
                function.derivatives(&x, &mut y);
                function.derivatives(&wide, &mut expected);
            } else {
                function.forward(&x, &mut y);
                function.forward(&wide, &mut expected);
            }
            for ((y, expected), x) in y.iter().zip(&expected).zip(&wide) {
                let near = [expected.next_down(), *expected, expected.next_up()]
                    .map(|near| T::from_f64(near).to_f64());
                let y = y.to_f64();
                assert!(
                    near.iter().any(|near| near.to_bits() == y.to_bits())
                        || (y.is_nan() && expected.is_nan()),
                    "{function} {} at {x:e}, {}: {y:e}, nearest to {expected:e} is {near:?}",
                    T::NAME,
                    if slope { "derivative" } else { "value" }
                );
            }
        }
    }
    let function = Function::parse(name).expect(name);
    check(&function, ::half::f16::from_bits);
    check(&function, ::half::bf16::from_bits);
}

for_each!($ fast, fast_limits, from_output, half);
