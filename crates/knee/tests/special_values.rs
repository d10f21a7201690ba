//! NaN, infinities, signed zeros, subnormal numbers and kinks have the results that the contract promises.

use knee::{Centre, Function, Tail};
use knee_oracle::{Measured, same, ulps};

use crate::support::samples::truth;
use crate::support::{for_each, variants};

fn both_types(name: &str, check: fn(&Function, &str)) {
    for function in variants(name) {
        check(&function, name);
    }
}

fn nan(name: &str) {
    fn check<T: Measured>(function: &Function) {
        let nan = T::from_f64(f64::NAN);
        assert!(
            function.value(nan).to_f64().is_nan(),
            "{function} of NaN, {}",
            T::NAME
        );
        assert!(
            function.derivative(nan).to_f64().is_nan(),
            "{function}' of NaN, {}",
            T::NAME
        );
        let mut dx = [T::from_f64(0.0); 2];
        function.backward(&[nan, T::from_f64(1.0)], &[T::from_f64(1.0), nan], &mut dx);
        assert!(
            dx.iter().all(|dx| dx.to_f64().is_nan()),
            "{function} backward, {}",
            T::NAME
        );
    }
    both_types(name, |function, _| {
        check::<f32>(function);
        check::<f64>(function);
    });
}

/// At an infinity there are the limits that the tails declare.
fn infinities(name: &str) {
    fn check<T: Measured>(function: &Function) {
        let facts = function.facts();
        for (x, tail) in [
            (f64::NEG_INFINITY, facts.left),
            (f64::INFINITY, facts.right),
        ] {
            let (value, slope) = match tail {
                Tail::Saturates { limit } => (limit, 0.0),
                Tail::Linear { slope } => (slope * x, slope),
                Tail::Grows => (x, f64::INFINITY),
                Tail::Sublinear => (x, 0.0),
                Tail::Oscillates => (f64::NAN, f64::NAN),
            };
            let (found, found_slope) = (
                function.value(T::from_f64(x)),
                function.derivative(T::from_f64(x)),
            );
            let equal = |found: T, limit: f64| {
                found == T::from_f64(limit) || (found.to_f64().is_nan() && limit.is_nan())
            };
            assert!(
                equal(found, value),
                "{function}({x}) is {found:?}, the limit is {value}"
            );
            assert!(
                equal(found_slope, slope),
                "{function}'({x}) is {found_slope:?}, the limit is {slope}"
            );
        }
    }
    both_types(name, |function, _| {
        check::<f32>(function);
        check::<f64>(function);
    });
}

/// The gated functions come to zero from below: `-0.0`, as the limit of negative numbers.
#[test]
fn gated_functions_end_at_negative_zero() {
    for name in [
        "silu",
        "gelu",
        "gelu_tanh",
        "quick_gelu",
        "mish",
        "hard_swish",
        "swish_beta",
        "telu",
        "serf",
        "smish",
        "logish",
        "golu",
        "gish",
        "elish",
        "hard_elish",
        "colu",
        "dsilu",
    ] {
        let function = Function::parse(name).expect(name);
        assert!(same(function.value(f32::NEG_INFINITY), -0.0), "{name} f32");
        assert!(same(function.value(f64::NEG_INFINITY), -0.0), "{name} f64");
        assert!(same(function.value(-1e30_f32), -0.0), "{name} far out");
    }
    assert!(same(
        Function::parse("log_sigmoid")
            .expect("a name")
            .value(f64::INFINITY),
        -0.0
    ));
}

/// An odd function keeps the sign of a zero and mirrors every other number; a function with `f(0) = 0` keeps it as
/// well, unless it does not change sign there.
fn zeros(name: &str) {
    fn check<T: Measured>(function: &Function) {
        let (zero, negative) = (T::from_f64(0.0), T::from_f64(-0.0));
        let value = function.value(zero);
        assert!(same(value, value) && !value.to_f64().is_nan());
        if value == zero
            && function
                .parameters()
                .iter()
                .all(|p| p.value > 0.0 || p.name == "min_val")
        {
            assert!(same(value, zero), "{function}(0) = {value:?}");
            // A negative zero stands for a small negative number: where values are positive there, the zero is as well.
            let left = function.value(T::from_f64(-1e-3)).to_f64() > 0.0;
            assert!(
                same(function.value(negative), if left { zero } else { negative }),
                "{function}(-0.0) = {:?}",
                function.value(negative)
            );
        } else {
            assert_eq!(function.value(negative), value, "{function}(-0.0)");
        }
        assert_eq!(
            function.derivative(zero),
            function.derivative(negative),
            "{function}' of both zeros"
        );
        if function.facts().centre == Centre::Odd {
            for x in [1e-40, 0.3, 1.0, 7.5, 80.0] {
                let (right, left) = (
                    function.value(T::from_f64(x)),
                    function.value(T::from_f64(-x)),
                );
                assert_eq!(right.to_f64(), -left.to_f64(), "{function} at {x}");
            }
        }
    }
    both_types(name, |function, _| {
        check::<f32>(function);
        check::<f64>(function);
    });
}

/// Subnormal arguments are numbers like any other: nothing is flushed.
fn subnormals(name: &str) {
    fn check<T: Measured>(function: &Function) {
        let truth = truth(function);
        for ordered in [1, 2, 3, 1000, 12_345, -1, -2, -999_999] {
            let x = T::from_ordered(ordered);
            let (value, derivative) = truth.both(x.to_f64());
            assert!(
                ulps(function.value(x), &value) <= 0.51,
                "{function} at {x:?}"
            );
            assert!(
                ulps(function.derivative(x), &derivative) <= 0.51,
                "{function}' at {x:?}"
            );
        }
    }
    both_types(name, |function, _| {
        check::<f32>(function);
        check::<f64>(function);
    });
}

/// At a kink the derivative is the declared one. With some parameters a knot is no number of the type: then there is none to test.
fn kinks(name: &str) {
    for function in variants(name) {
        let (default, truth) = (Function::parse(name) == Ok(function), truth(&function));
        for kink in function.facts().kinks {
            let declared = truth.derivative(kink.at).to_f64();
            assert!(
                declared == kink.slope || !default,
                "{function}'({})",
                kink.at
            );
            let found = function.derivative(kink.at);
            assert_eq!(found, declared, "{function}'({})", kink.at);
            let single = kink.at as f32;
            if f64::from(single) == kink.at {
                assert_eq!(
                    function.derivative(single),
                    declared as f32,
                    "{function}'({single})"
                );
            }
        }
    }
}

for_each!($ nan, infinities, zeros, subnormals, kinks);

/// The slopes at the knots as `PyTorch` has them: the left one at a lower knot, the right one at an upper knot.
#[test]
fn kinks_have_pytorchs_slopes() {
    let table: &[(&str, &[(f64, f64)])] = &[
        ("relu", &[(0.0, 0.0)]),
        ("relu6", &[(0.0, 0.0), (6.0, 0.0)]),
        ("leaky_relu", &[(0.0, 0.01)]),
        ("hard_tanh", &[(-1.0, 0.0), (1.0, 0.0)]),
        ("hard_sigmoid", &[(-3.0, 0.0), (3.0, 0.0)]),
        ("hard_swish", &[(-3.0, 0.0), (3.0, 1.0)]),
        ("elu(alpha=2)", &[(0.0, 2.0)]),
        ("celu(alpha=2)", &[(0.0, 1.0)]),
        ("selu", &[(0.0, 1.7580993408473766)]),
    ];
    for (text, slopes) in table {
        let function = Function::parse(text).expect(text);
        for &(at, slope) in *slopes {
            assert_eq!(function.derivative(at), slope, "{text}'({at})");
            assert_eq!(
                function.derivative(at as f32),
                slope as f32,
                "{text}'({at}) f32"
            );
        }
    }
}

/// A zero slope times an infinite gradient has no value; a slope that is only small does.
#[test]
fn backward_multiplies_as_ieee_does() {
    let mut dx = [0.0_f32; 3];
    Function::parse("relu").expect("a name").backward(
        &[-1.0, 1.0, -1.0],
        &[f32::INFINITY, f32::INFINITY, 2.0],
        &mut dx,
    );
    assert!(dx[0].is_nan() && dx[1] == f32::INFINITY && dx[2] == 0.0);
    // sigmoid'(-120) is 1e-52, below every f32; times 2^100 it is not.
    let mut dx = [0.0_f32];
    Function::parse("sigmoid")
        .expect("a name")
        .backward(&[-120.0], &[100.0_f32.exp2()], &mut dx);
    assert_eq!(dx[0], 9.71989868299252e-23);
}

#[test]
fn the_product_in_gelu_tanh_meets_no_infinity() {
    let function = Function::parse("gelu_tanh").expect("a name");
    for x in [1e19_f32, 1.9e19, 1e38, f32::MAX] {
        assert_eq!(
            (function.derivative(x), function.derivative(-x)),
            (1.0, 0.0),
            "{x:e}"
        );
    }
}

#[test]
fn hard_swish_does_not_overflow() {
    assert_eq!(
        Function::parse("hard_swish")
            .expect("a name")
            .value(f32::MAX),
        f32::MAX
    );
}
