//! Identities between functions, which no single formula knows of.
//!
//! Both sides are rounded, so they may differ by a few units where one side is formed from rounded numbers.

use knee::{Element, Function, RowFunction};
use proptest::prelude::*;

fn function(text: &str) -> Function {
    Function::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Whether two numbers differ by at most that many of the `f64` steps at the larger one.
fn near(a: f64, b: f64, steps: f64) -> bool {
    a == b || (a - b).abs() <= steps * f64::EPSILON * a.abs().max(b.abs()) + f64::from_bits(1)
}

proptest! {
    #[test]
    fn tanh_is_a_stretched_sigmoid(z in -20.0..20.0_f64) {
        let stretched = 2.0 * function("sigmoid").value(2.0 * z) - 1.0;
        prop_assert!((function("tanh").value(z) - stretched).abs() <= 2.0 * f64::EPSILON);
    }

    #[test]
    fn the_slope_of_softplus_is_the_sigmoid(z in -800.0..800.0_f64) {
        prop_assert_eq!(function("softplus").derivative(z), function("sigmoid").value(z));
    }

    #[test]
    fn the_slope_of_the_sigmoid_is_s_times_1_minus_s(z in -700.0..700.0_f64) {
        let sigmoid = function("sigmoid");
        prop_assert!(near(sigmoid.derivative(z), sigmoid.value(z) * sigmoid.value(-z), 4.0));
    }

    #[test]
    fn a_sigmoid_and_its_mirror_image_sum_to_1(z in -40.0..40.0_f64) {
        let sigmoid = function("sigmoid");
        prop_assert!(near(sigmoid.value(z) + sigmoid.value(-z), 1.0, 2.0));
    }

    #[test]
    fn log_sigmoid_is_minus_softplus_of_minus_z(z in -800.0..800.0_f64) {
        prop_assert_eq!(function("log_sigmoid").value(z), -function("softplus").value(-z));
    }

    #[test]
    fn softplus_minus_its_mirror_image_is_the_identity(z in -30.0..30.0_f64) {
        let softplus = function("softplus");
        prop_assert!((softplus.value(z) - softplus.value(-z) - z).abs() <= 4.0 * f64::EPSILON * z.abs().max(1.0));
    }

    #[test]
    fn gated_functions_differ_from_their_mirror_image_by_the_identity(z in -30.0..30.0_f64) {
        for name in ["silu", "gelu", "gelu_tanh", "quick_gelu", "hard_swish", "swish_beta(beta=3)"] {
            let gated = function(name);
            prop_assert!((gated.value(z) - gated.value(-z) - z).abs() <= 4.0 * f64::EPSILON * z.abs(), "{}", name);
            prop_assert!((gated.derivative(z) + gated.derivative(-z) - 1.0).abs() <= 4.0 * f64::EPSILON, "{}", name);
        }
    }

    #[test]
    fn silu_is_z_times_sigmoid(z in -700.0..700.0_f64) {
        prop_assert!(near(function("silu").value(z), z * function("sigmoid").value(z), 3.0));
        prop_assert_eq!(function("silu").value(z), function("swish_beta(beta=1)").value(z));
    }

    #[test]
    fn quick_gelu_is_swish_with_beta_1_702(z in -500.0..500.0_f64) {
        let (quick, swish) = (function("quick_gelu"), function("swish_beta(beta=1.702)"));
        prop_assert_eq!((quick.value(z), quick.derivative(z)), (swish.value(z), swish.derivative(z)));
    }

    #[test]
    fn swish_runs_from_half_the_identity_to_relu(z in -1e3..1e3_f32) {
        prop_assert_eq!(function("swish_beta(beta=0)").value(z), 0.5 * z);
        let sharp = function("swish_beta(beta=1e6)").value(z);
        prop_assert!((sharp - function("relu").value(z)).abs() <= 1e-6);
    }

    #[test]
    fn mish_is_z_times_tanh_of_softplus(z in -30.0..700.0_f64) {
        let inner = function("tanh").value(function("softplus").value(z));
        prop_assert!(near(function("mish").value(z), z * inner, 4.0));
    }

    #[test]
    fn gelu_is_made_of_erf_on_the_right(z in 0.0..30.0_f64) {
        let textbook = 0.5 * z * (1.0 + function("erf").value(z / 2.0_f64.sqrt()));
        prop_assert!(near(function("gelu").value(z), textbook, 4.0));
    }

    #[test]
    fn the_family_of_elu_agrees(z in -800.0..100.0_f64) {
        prop_assert_eq!(function("elu").value(z), function("celu").value(z));
        prop_assert_eq!(function("elu").value(z), function("selu(alpha=1, scale=1)").value(z));
        prop_assert!(z > 0.0 || near(function("elu").value(z) + 1.0, function("exp").value(z), 2.0 / function("exp").value(z).max(1e-300)));
    }

    #[test]
    fn limits_are_compositions(z in -10.0..10.0_f64) {
        prop_assert_eq!(function("relu6").value(z), function("hard_tanh(min_val=0, max_val=6)").value(z));
        prop_assert_eq!(function("leaky_relu(negative_slope=0)").value(z), function("relu").value(z));
        prop_assert_eq!(function("leaky_relu(negative_slope=1)").value(z), z);
        prop_assert!(near(function("hard_swish").value(z), z * function("hard_sigmoid").value(z), 3.0));
    }

    #[test]
    fn sine_and_its_slope_are_on_a_circle(z in -1e9..1e9_f64) {
        let sine = function("sine(w0=1)");
        prop_assert!((sine.value(z).powi(2) + sine.derivative(z).powi(2) - 1.0).abs() <= 4.0 * f64::EPSILON);
    }

    #[test]
    fn softmax_of_z_and_0_is_the_sigmoid(z in -700.0..700.0_f64) {
        let mut p = [0.0; 2];
        RowFunction::Softmax.forward(&[z, 0.0], 2, &mut p);
        prop_assert_eq!(p[0], function("sigmoid").value(z));
        RowFunction::LogSoftmax.forward(&[z, 0.0], 2, &mut p);
        prop_assert_eq!(p[0], function("log_sigmoid").value(z));
    }

    #[test]
    fn log_softmax_is_the_logarithm_of_softmax(x in prop::collection::vec(-30.0..30.0_f64, 1..20)) {
        let (mut p, mut log) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        RowFunction::Softmax.forward(&x, x.len(), &mut p);
        RowFunction::LogSoftmax.forward(&x, x.len(), &mut log);
        for (p, log) in p.iter().zip(&log) {
            prop_assert!(near(*p, function("exp").value(*log), 2.0 + 2.0 * log.abs()));
        }
    }

    #[test]
    fn softmax_sums_to_1_and_does_not_see_a_shift(x in prop::collection::vec(-30..30_i32, 1..40), shift in -1000..1000_i32) {
        let row = |shift: i32| -> Vec<f64> { x.iter().map(|x| f64::from(x + shift)).collect() };
        let (mut p, mut shifted) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        RowFunction::Softmax.forward(&row(0), x.len(), &mut p);
        RowFunction::Softmax.forward(&row(shift), x.len(), &mut shifted);
        prop_assert_eq!(&p, &shifted);
        prop_assert!((p.iter().sum::<f64>() - 1.0).abs() <= f64::EPSILON * x.len() as f64);
    }
}

/// The derivative is the derivative of the value: differences of values in pairs, where they have digits to spare.
#[test]
fn derivatives_are_the_slopes_of_the_values() {
    use knee::{Lane, Pair, Smoothness};
    for function in Function::all() {
        let facts = function.facts();
        for step in -600..=600 {
            let x = f64::from(step) / 97.0;
            let h = (-20.0_f64).exp2();
            let kinked = facts.kinks.iter().any(|kink| (kink.at - x).abs() < 3.0 * h);
            // At 0, and where a parabola ends, the second derivative jumps, which differences do not forgive.
            let slopes = [x - 3.0 * h, x, x + 3.0 * h].map(|x| function.derivative(x));
            let jumps = (slopes[0] - 2.0 * slopes[1] + slopes[2]).abs() > 1e-8;
            if kinked || ((x == 0.0 || jumps) && facts.smoothness != Smoothness::Infinite) {
                continue;
            }
            let at = |x: f64| function.evaluate(x.widen()).0;
            // Across a jump there is no slope.
            let step = (at(x + 3.0 * h) - at(x - 3.0 * h)).head().abs();
            if facts.smoothness == Smoothness::Discontinuous && step > 0.1 {
                continue;
            }
            // Differences over h, 2h and 3h, combined so that the error is of the order of h^6.
            let difference = |k: f64| (at(x + k * h) - at(x - k * h)) / Pair::of(2.0 * k * h);
            let slope = Pair::of(1.5) * difference(1.0) - Pair::of(0.6) * difference(2.0)
                + Pair::of(0.1) * difference(3.0);
            let (slope, derivative) = (slope.head(), function.derivative(x));
            assert!(
                (slope - derivative).abs() <= 1e-10 * derivative.abs().max(1e-2),
                "{function}'({x}): {derivative}, slope {slope}"
            );
        }
    }
}

/// The derivative that is declared is the one that the formula of the value has: by dual numbers, beside kinks and seams.
#[test]
fn derivatives_are_those_of_the_formulas() {
    use knee::Dual;
    for function in Function::all() {
        for step in -3000..=3000 {
            let x = (f64::from(step) + 0.25) / 150.0;
            let (value, _) = function.evaluate(Dual::variable(x));
            let derivative = function.derivative(x);
            let scale = derivative.abs().max(1e-3);
            assert!(
                (value.slope - derivative).abs() <= 1e-8 * scale,
                "{function}'({x}): {derivative}, the formula has {}",
                value.slope
            );
        }
    }
}
