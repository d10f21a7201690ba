//! Values that the tests of JAX and of NNlib.jl assert, as a table of facts: a function, an argument, what is true
//! there.
//!
//! `f32` and `f64` must both have them to one unit in the last place. The numbers are the mathematical ones; where
//! a suite asserts something else, it is among the deliberate differences of docs/conformance.md.

use std::f64::consts::LN_2;

use knee::{Element, Function, Kinks, RowFunction};

use super::cases::Kind;
use super::judge::within_units;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// A function with the values at some arguments, and the derivatives at some.
pub(super) struct Published {
    pub(super) source: &'static str,
    function: &'static str,
    values: &'static [(f64, f64)],
    slopes: &'static [(f64, f64)],
}

macro_rules! published {
    ($($source:ident $function:literal: $values:tt $(, slopes $slopes:tt)?;)+) => {
        /// jax: `tests/nn_test.py`. NNlib.jl: `test/activations.jl`.
        pub(super) const TABLE: &[Published] = &[$(Published {
            source: stringify!($source),
            function: $function,
            values: &$values,
            slopes: published!(@ $($slopes)?),
        }),+];
    };
    (@) => { &[] };
    (@ $slopes:tt) => { &$slopes };
}

published! {
    jax "softplus": [(0.0, LN_2), (89.0, 89.0), (-INF, 0.0), (NAN, NAN)], slopes [(INF, 1.0),
        (0.0, 0.5), (1e-8, 0.5000000025), (-INF, 0.0), (NAN, NAN)];
    jax "sparse_plus": [(89.0, 89.0), (-2.0, 0.0)], slopes [(-2.0, 0.0), (0.0, 0.5), (2.0, 1.0)];
    jax "sparse_sigmoid": [(-2.0, 0.0), (2.0, 1.0), (0.0, 0.5)];
    jax "squareplus": [(0.0, 1.0), (1000.0, 1000.000999999), (-INF, 0.0), (NAN, NAN)], slopes
        [(1e-8, 0.5000000025), (0.0, 0.5), (-INF, 0.0), (NAN, NAN)];
    jax "mish": [(0.0, 0.0), (1000.0, 1000.0), (-INF, 0.0), (NAN, NAN)], slopes [(1e-8, 0.6000000064),
        (0.0, 0.6), (-INF, 0.0), (NAN, NAN)];
    jax "relu": [(0.0, 0.0)], slopes [(1.0, 1.0), (-1.0, 0.0), (0.0, 0.0)];
    jax "relu6": [(0.0, 0.0)], slopes [(1.0, 1.0), (-1.0, 0.0), (0.0, 0.0), (6.0, 0.0)];
    jax "elu": [(1e4, 1e4)], slopes [(1e4, 1.0)];
    jax "gelu": [(0.0, 0.0), (-12.0, -2.1317785344932147e-32), (-8.0, -4.976768459417427e-15),
        (-5.0, -1.4332578593959695e-6), (-2.0, -0.04550026389635842), (-1.0, -0.15865525393145707),
        (0.5, 0.34573123063700656), (5.0, 4.999998566742141)];
    jax "gelu_tanh": [(0.0, 0.0), (-1.0, -0.1588080093917233)];
    jax "sigmoid": [(0.0, 0.5)];
    jax "identity": [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)], slopes [(6.0, 1.0)];
    nnlib "sigmoid": [(0.0, 0.5), (1.0, 0.7310585786300049), (-1.0, 0.2689414213699951), (INF, 1.0),
        (-INF, 0.0), (NAN, NAN)];
    nnlib "hard_sigmoid": [(0.0, 0.5), (1.0, 0.6666666666666666), (-1.0, 0.3333333333333333), (0.3, 0.55),
        (-0.3, 0.45), (-1e5, 0.0), (1e5, 1.0), (INF, 1.0), (-INF, 0.0), (NAN, NAN)];
    nnlib "log_sigmoid": [(-1e5, -1e5), (1e5, 0.0), (INF, 0.0), (-INF, -INF), (NAN, NAN)];
    nnlib "hard_tanh": [(0.0, 0.0), (1.0, 1.0), (-1.0, -1.0), (10.0, 1.0), (INF, 1.0), (-INF, -1.0),
        (NAN, NAN)];
    nnlib "relu": [(0.0, 0.0), (1.0, 1.0), (-1.0, 0.0), (INF, INF), (-INF, 0.0), (NAN, NAN)];
    nnlib "leaky_relu": [(0.0, 0.0), (1.0, 1.0), (-1.0, -0.01), (INF, INF), (-INF, -INF), (NAN, NAN)];
    nnlib "leaky_relu(negative_slope=0.3)": [(0.4, 0.4), (-0.4, -0.12)];
    nnlib "relu6": [(0.0, 0.0), (1.0, 1.0), (-1.0, 0.0), (10.0, 6.0), (INF, 6.0), (-INF, 0.0), (NAN, NAN)];
    nnlib "elu": [(0.0, 0.0), (1.0, 1.0), (-1.0, -0.6321205588285577), (42.0, 42.0),
        (-4.0, -0.9816843611112658), (INF, INF), (-INF, -1.0), (NAN, NAN)];
    nnlib "elu(alpha=2)": [], slopes [(1e3, 1.0), (1e4, 1.0), (-1.0, 0.7357588823428847)];
    nnlib "gelu_tanh": [(0.0, 0.0), (1.0, 0.8411919906082767), (-1.0, -0.1588080093917233), (NAN, NAN)];
    nnlib "gelu": [(0.0, 0.0), (1.0, 0.8413447460685429), (-1.0, -0.15865525393145707), (INF, INF),
        (NAN, NAN)];
    nnlib "silu": [(0.0, 0.0), (1.0, 0.7310585786300049), (-1.0, -0.2689414213699951), (INF, INF),
        (NAN, NAN)];
    nnlib "hard_swish": [(0.0, 0.0), (1.0, 0.6666666666666666), (-1.0, -0.3333333333333333), (INF, INF),
        (NAN, NAN)];
    nnlib "lisht": [(0.0, 0.0), (1.0, 0.7615941559557649), (-1.0, 0.7615941559557649),
        (2.5, 2.4665357453785757), (INF, INF), (-INF, INF), (NAN, NAN)];
    nnlib "softplus": [(0.0, LN_2), (1.0, 1.3132616875182228), (-1.0, 0.3132616875182228),
        (1e8, 1e8), (-1e8, 0.0), (INF, INF), (-INF, 0.0), (NAN, NAN)], slopes [(0.0, 0.5)];
    nnlib "softsign": [(0.0, 0.0), (1.0, 0.5), (-1.0, -0.5), (NAN, NAN)];
    nnlib "selu": [(0.0, 0.0), (1.0, 1.0507009873554805), (-1.0, -1.1113307378125628), (INF, INF),
        (NAN, NAN)], slopes [(1e3, 1.0507009873554805), (1e4, 1.0507009873554805)];
    nnlib "celu": [(0.0, 0.0), (1.0, 1.0), (-1.0, -0.6321205588285577), (42.0, 42.0), (INF, INF),
        (-INF, -1.0), (NAN, NAN)];
    nnlib "celu(alpha=0.5)": [(-4.0, -0.49983226868604874)];
    nnlib "thresholded_relu": [(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.5, 0.0), (1.1, 1.1), (INF, INF),
        (-INF, 0.0), (NAN, NAN)];
    nnlib "thresholded_relu(alpha=0.5)": [(0.9, 0.9)];
    nnlib "mish": [(0.0, 0.0), (1.0, 0.8650983882673103), (-1.0, -0.3034014613741089),
        (-5.0, -0.033576237730161704), (9.0, 8.999999725928019), (INF, INF), (NAN, NAN)];
    nnlib "tanh_shrink": [(0.0, 0.0), (1.0, 0.23840584404423512), (-1.0, -0.23840584404423512), (INF, INF),
        (-INF, -INF), (NAN, NAN)];
    nnlib "soft_shrink": [(0.0, 0.0), (1.0, 0.5), (-1.0, -0.5), (INF, INF), (-INF, -INF), (NAN, NAN)];
    nnlib "soft_shrink(lambd=5)": [(15.0, 10.0), (4.0, 0.0), (-15.0, -10.0)];
}

/// How many values and slopes a source contributes.
pub(super) fn count(source: &str) -> usize {
    let rows = TABLE.iter().filter(|row| row.source == source);
    rows.map(|row| row.values.len() + row.slopes.len()).sum()
}

fn check<T: Element>(kind: Kind) {
    let mut wrong = Vec::new();
    for row in TABLE {
        let function = Function::parse(row.function)
            .unwrap_or_else(|error| panic!("{}: {error}", row.function));
        for (what, facts) in [("value", row.values), ("slope", row.slopes)] {
            for &(at, wanted) in facts {
                let x = T::from_f64(at);
                let slope = function.derivative(x);
                let found = if what == "value" {
                    function.value(x)
                } else {
                    slope
                }
                .to_f64();
                // An argument that is no number of the type is rounded first.
                let moved = if at.is_finite() {
                    (slope.to_f64() * (x.to_f64() - at)).abs()
                } else {
                    0.0
                };
                if !(within_units(kind, found, wanted)
                    || (found - wanted).abs() <= kind.unit(wanted) + moved)
                {
                    wrong.push(format!(
                        "{} {what} of {} at {at}, {kind:?}: {found:e}, not {wanted:e}",
                        row.source, row.function
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_hold_in_f32() {
    check::<f32>(Kind::Single);
}

#[test]
fn values_hold_in_f64() {
    check::<f64>(Kind::Double);
}

/// NNlib.jl issue 671: differentiating softplus twice through dual numbers gives 1/4 at the origin.
#[test]
fn the_second_derivative_of_softplus_is_a_quarter_at_the_origin() {
    let softplus = Function::parse("softplus").expect("a name");
    assert!((softplus.second_derivative(0.0) - 0.25).abs() < 1e-15);
}

/// jax: softmax of an empty array is that array.
#[test]
fn rows_may_be_empty() {
    for function in [RowFunction::Softmax, RowFunction::LogSoftmax] {
        function.forward::<f32>(&[], 0, &mut []);
    }
}

/// The slopes that jax 0.10.2 and torch 2.15.0 give at the kinks: function, kink, theirs in that order.
const KINKS: &[(&str, f64, f64, f64)] = &[
    ("relu", 0.0, 0.0, 0.0),
    ("relu6", 0.0, 0.0, 0.0),
    ("relu6", 6.0, 0.0, 0.0),
    ("leaky_relu", 0.0, 1.0, 0.01),
    ("hard_tanh", -1.0, 1.0, 0.0),
    ("hard_tanh", 1.0, 1.0, 0.0),
    ("hard_sigmoid", -3.0, 0.0, 0.0),
    ("hard_sigmoid", 3.0, 0.0, 0.0),
    ("hard_swish", -3.0, 0.0, 0.0),
    ("hard_swish", 3.0, 1.0, 1.0),
    ("elu(alpha=2)", 0.0, 2.0, 2.0),
    ("celu(alpha=2)", 0.0, 1.0, 1.0),
    ("selu", 0.0, 1.7580993408473766, 1.7580993408473766),
    ("softsign", 0.0, 1.0, 1.0),
];

#[test]
fn kinks_have_the_slopes_of_both_frameworks() {
    for &(text, at, jax, torch) in KINKS {
        let kernel = Function::parse(text).expect(text).kernel();
        for (kinks, wanted) in [(Kinks::Jax, jax), (Kinks::Torch, torch)] {
            let mut slope = [0.0];
            kernel.kinks(kinks).derivatives(&[at], &mut slope);
            assert_eq!(slope, [wanted], "{text} at {at}, {kinks:?}");
        }
    }
}

/// What NNlib.jl's tests ask of every activation: NaN stays NaN, and an infinity does not become NaN where there is
/// a limit.
#[test]
fn nan_stays_and_infinities_do_not_become_nan() {
    for function in Function::all() {
        assert!(function.value(f32::NAN).is_nan(), "{function}");
        let facts = function.facts();
        for (x, tail) in [
            (f32::INFINITY, facts.right),
            (f32::NEG_INFINITY, facts.left),
        ] {
            let none = tail == knee::Tail::Oscillates;
            assert_eq!(function.value(x).is_nan(), none, "{function} at {x}");
        }
    }
}
