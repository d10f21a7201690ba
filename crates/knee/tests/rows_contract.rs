//! The functions of rows: special rows, layouts, identities, errors.

use half::{bf16, f16};
use knee::{Axis, Element, LogSumExp, ParameterError, ParseError, RowFunction};
use knee_oracle::{Measured, same};
use proptest::prelude::*;

use crate::support::points::Random;

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

fn parse(text: &str) -> RowFunction {
    RowFunction::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn values<T: Element>(function: RowFunction, row: &[f64]) -> Vec<f64> {
    let x: Vec<T> = row.iter().map(|x| T::from_f64(*x)).collect();
    let mut y = vec![T::default(); x.len()];
    function.forward(&x, x.len(), &mut y);
    y.into_iter().map(T::to_f64).collect()
}

/// The same as text, in which all NaN are equal.
fn shown<T: Element>(function: RowFunction, row: &[f64]) -> String {
    format!("{:?}", values::<T>(function, row))
}

fn special_rows<T: Element>() {
    for function in RowFunction::ALL.iter().copied() {
        // NaN anywhere is NaN everywhere, beside an infinity as well.
        for place in 0..4 {
            for other in [0.5, -INF, INF] {
                let mut row = [0.5, -1.0, other, 2.0];
                row[place] = NAN;
                assert_eq!(
                    shown::<T>(function, &row),
                    "[NaN, NaN, NaN, NaN]",
                    "{function} of {row:?} in {}",
                    T::NAME
                );
            }
        }
        // -0.0 is 0.0.
        let (zero, negative) = (
            values::<T>(function, &[0.0, 1.0]),
            values::<T>(function, &[-0.0, 1.0]),
        );
        assert_eq!(zero, negative, "{function}");
    }
    let nan = "[NaN, NaN, NaN]";
    let infinite = [[INF, 0.0, 1.0], [0.0, INF, INF], [INF, -INF, 0.0]];
    for row in infinite {
        for name in [
            "softmax",
            "log_softmax",
            "softmax_one",
            "sparsemax",
            "entmax15",
        ] {
            assert_eq!(shown::<T>(parse(name), &row), nan, "{name} of {row:?}");
        }
        let negated = row.map(|x| -x);
        assert_eq!(shown::<T>(parse("softmin"), &negated), nan, "{negated:?}");
    }
    for name in [
        "softmax",
        "log_softmax",
        "sparsemax",
        "entmax15",
        "softmax_one(denominator_bias=0)",
    ] {
        assert_eq!(shown::<T>(parse(name), &[-INF; 3]), nan, "{name}");
    }
    assert_eq!(shown::<T>(parse("softmin"), &[INF; 3]), nan);
    assert_eq!(values::<T>(parse("softmax_one"), &[-INF; 3]), [0.0; 3]);
    assert_eq!(values::<T>(parse("hardmax"), &[-INF; 3]), [1.0, 0.0, 0.0]);
    assert_eq!(
        values::<T>(parse("hardmax"), &[0.0, INF, INF]),
        [0.0, 1.0, 0.0]
    );
    assert_eq!(
        values::<T>(parse("hardmax"), &[2.0, 3.0, 3.0]),
        [0.0, 1.0, 0.0]
    );
    // One element has the whole share, however small it is.
    for x in [-INF, -1e4, -0.0, 5.0] {
        let whole = if x == -INF { "[NaN]" } else { "[1.0]" };
        for name in ["softmax", "sparsemax", "entmax15"] {
            assert_eq!(shown::<T>(parse(name), &[x]), whole, "{name} of {x}");
        }
    }
    assert_eq!(values::<T>(parse("log_softmax"), &[5.0]), [0.0]);
    // An element that is -inf has no share and changes nothing for the others.
    for name in ["softmax", "sparsemax", "entmax15", "softmax_one"] {
        let with = values::<T>(parse(name), &[0.5, -INF, 0.25]);
        let without = values::<T>(parse(name), &[0.5, 0.25]);
        assert_eq!(with, [without[0], 0.0, without[1]], "{name}");
    }
}

#[test]
fn special_rows_are_as_documented() {
    special_rows::<f32>();
    special_rows::<f64>();
    special_rows::<f16>();
    special_rows::<bf16>();
}

#[test]
fn logsumexp_has_the_limits() {
    let sum = |row: &[f64]| {
        let mut y = [0.0];
        LogSumExp::forward(row, row.len(), &mut y);
        y[0]
    };
    assert_eq!(sum(&[-INF, -INF]), -INF);
    assert_eq!(sum(&[]), -INF);
    assert_eq!(sum(&[1.0, INF]), INF);
    assert_eq!(sum(&[INF, -INF]), INF);
    assert!(sum(&[INF, NAN]).is_nan() && sum(&[NAN, 0.0]).is_nan());
    assert_eq!(sum(&[-3.5]), -3.5);
    assert_eq!(sum(&[1000.0, -INF]), 1000.0);
    let mut dx = [0.0; 2];
    LogSumExp::backward(&[0.0, 0.0], &[4.0], 2, &mut dx);
    assert_eq!(dx, [2.0, 2.0]);
    LogSumExp::backward(&[-INF, -INF], &[1.0], 2, &mut dx);
    assert!(dx.iter().all(|dx| dx.is_nan()));
}

#[test]
fn each_row_is_on_its_own() {
    let (a, b) = ([1.0_f32, 2.0, 4.0], [-3.0, 0.0, f32::NAN]);
    for function in RowFunction::ALL {
        let (mut alone, mut both) = ([0.0; 3], [0.0; 6]);
        function.forward(&a, 3, &mut alone);
        function.forward(&[a, b].concat(), 3, &mut both);
        assert!(
            alone.iter().zip(&both).all(|(x, y)| same(*x, *y)),
            "{function}"
        );
    }
}

/// A tensor of rows that lie across and the same rows one after the other: same bits, forward, in place and backward.
fn layouts<T: Measured>() {
    let mut random = Random(77);
    let (outer, length, stride) = (3, 7, 5);
    let axis = Axis { length, stride };
    let mut draw = || -> Vec<T> {
        let numbers = (0..outer * length * stride).map(|_| T::from_f64(random.between(-4.0, 4.0)));
        numbers.collect()
    };
    let (x, dy) = (draw(), draw());
    let rows_first = |x: &[T]| -> Vec<T> {
        let at = |index: usize| {
            let (row, element) = (index / length, index % length);
            x[(row / stride * length + element) * stride + row % stride]
        };
        (0..x.len()).map(at).collect()
    };
    let equal = |across: &[T], along: &[T]| {
        let pairs = rows_first(across);
        assert!(pairs.iter().zip(along).all(|(a, b)| same(*a, *b)));
    };
    for function in RowFunction::ALL {
        let (mut across, mut along) = (vec![T::default(); x.len()], vec![T::default(); x.len()]);
        function.forward(&x, axis, &mut across);
        function.forward(&rows_first(&x), length, &mut along);
        equal(&across, &along);
        let mut in_place = x.clone();
        function.forward_in_place(&mut in_place, axis);
        equal(&in_place, &along);
        in_place = rows_first(&x);
        function.forward_in_place(&mut in_place, length);
        assert!(in_place.iter().zip(&along).all(|(a, b)| same(*a, *b)));
        let (y, y_along) = (across.clone(), along.clone());
        function.backward_from_output(&y, &dy, axis, &mut across);
        function.backward_from_output(&y_along, &rows_first(&dy), length, &mut along);
        equal(&across, &along);
    }
    let rows = outer * stride;
    let (mut across, mut along) = (vec![T::default(); rows], vec![T::default(); rows]);
    LogSumExp::forward(&x, axis, &mut across);
    LogSumExp::forward(&rows_first(&x), length, &mut along);
    assert!(across.iter().zip(&along).all(|(a, b)| same(*a, *b)));
    let (mut dx, mut dx_along) = (x.clone(), x.clone());
    LogSumExp::backward(&x, &dy[..rows], axis, &mut dx);
    LogSumExp::backward(&rows_first(&x), &dy[..rows], length, &mut dx_along);
    equal(&dx, &dx_along);
}

#[test]
fn a_row_has_the_same_bits_wherever_it_lies() {
    layouts::<f32>();
    layouts::<f64>();
    layouts::<f16>();
}

/// On any number of threads, and into storage that was not initialised: along an axis with few rows and one with many.
#[test]
fn a_row_has_the_same_bits_on_any_number_of_threads() {
    let seed = knee::random::Seed::new(2);
    let x: Vec<f32> = (0..60_000).map(|i| 3.0 * seed.normal(i) as f32).collect();
    let dy: Vec<f32> = (60_000..120_000).map(|i| seed.normal(i) as f32).collect();
    let axes = [
        Axis::from(50),
        Axis::from(30_000),
        Axis {
            length: 20,
            stride: 300,
        },
    ];
    for (function, rows) in RowFunction::ALL
        .iter()
        .flat_map(|f| axes.map(|axis| (f, axis)))
    {
        let (mut y, mut dx) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        function.forward(&x, rows, &mut y);
        function.backward_from_output(&y, &dy, rows, &mut dx);
        let mut storage = vec![std::mem::MaybeUninit::uninit(); x.len()];
        assert_eq!(
            function.forward_uninit(&x, rows, &mut storage),
            y,
            "{function}"
        );
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let (mut found, mut gradient) = (vec![0.0; x.len()], vec![0.0; x.len()]);
            pool.expect("a pool").install(|| {
                function.parallel().forward(&x, rows, &mut found);
                function
                    .parallel()
                    .backward_from_output(&y, &dy, rows, &mut gradient);
                let (mut own, mut own_gradient) = (x.clone(), dy.clone());
                let parallel = function.parallel();
                parallel.forward_in_place(&mut own, rows);
                parallel.backward_from_output_in_place(&y, &mut own_gradient, rows);
                assert!(
                    own == found && own_gradient == gradient,
                    "{function} in place"
                );
            });
            assert!(
                found == y && gradient == dx,
                "{function} on {threads} threads"
            );
        }
    }
}

#[test]
fn an_axis_of_a_shape() {
    assert_eq!(
        Axis::of(&[2, 3, 4], 0),
        Some(Axis {
            length: 2,
            stride: 12
        })
    );
    assert_eq!(Axis::of(&[2, 3, 4], 2), Some(Axis::from(4)));
    assert_eq!(Axis::of(&[2, 3, 4], 3), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn shares_sum_to_1_and_do_not_see_a_shift(
        x in prop::collection::vec(-300..300_i32, 1..40),
        shift in -1000..1000_i32,
    ) {
        let row = |shift: i32| -> Vec<f64> { x.iter().map(|x| f64::from(x + 10 * shift) / 8.0).collect() };
        for name in ["softmax", "softmin", "sparsemax", "entmax15", "hardmax"] {
            let (y, shifted) = (values::<f64>(parse(name), &row(0)), values::<f64>(parse(name), &row(shift)));
            prop_assert_eq!(&y, &shifted, "{}", name);
            let sum = y.iter().sum::<f64>();
            prop_assert!((sum - 1.0).abs() <= f64::EPSILON * x.len() as f64, "{}: {}", name, sum);
            prop_assert!(y.iter().all(|y| (0.0..=1.0).contains(y)), "{}: {:?}", name, y);
        }
        prop_assert_eq!(
            values::<f64>(parse("log_softmax"), &row(0)),
            values::<f64>(parse("log_softmax"), &row(shift))
        );
    }

    #[test]
    fn softmin_is_the_softmax_of_the_negated(x in prop::collection::vec(-30.0..30.0_f32, 1..20)) {
        let wide: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
        let negated: Vec<f64> = wide.iter().map(|x| -x).collect();
        prop_assert_eq!(values::<f32>(parse("softmin"), &wide), values::<f32>(parse("softmax"), &negated));
    }

    /// One more element of value 0 that is left out of the result.
    #[test]
    fn softmax_one_is_a_softmax_with_a_zero_more(x in prop::collection::vec(-80.0..80.0_f64, 1..20)) {
        let mut more = x.clone();
        more.push(0.0);
        let with_zero = values::<f64>(parse("softmax"), &more);
        for (a, b) in values::<f64>(parse("softmax_one"), &x).iter().zip(&with_zero) {
            prop_assert!((a - b).abs() <= f64::EPSILON * b, "{} and {}", a, b);
        }
        let without = values::<f64>(parse("softmax_one(denominator_bias=0)"), &x);
        for (a, b) in without.iter().zip(values::<f64>(parse("softmax"), &x)) {
            prop_assert!((a - b).abs() <= f64::EPSILON * b, "{} and {}", a, b);
        }
    }

    /// Two elements: the closed forms of both projections.
    #[test]
    fn sparsemax_of_two_is_a_hard_sigmoid(d in -3.0..3.0_f64) {
        let y = values::<f64>(parse("sparsemax"), &[d, 0.0]);
        prop_assert!((y[0] - (d / 2.0 + 0.5).clamp(0.0, 1.0)).abs() <= f64::EPSILON);
        let y = values::<f64>(parse("entmax15"), &[d, 0.0]);
        // (d/4 + s)^2 + (d/4 - s)^2 = 1 where both have a share.
        let root = (0.5 - d * d / 16.0).max(0.0).sqrt() + d / 4.0;
        let expected = if d >= 2.0 { 1.0 } else if d <= -2.0 { 0.0 } else { root * root };
        prop_assert!((y[0] - expected).abs() <= 8.0 * f64::EPSILON, "{} and {}", y[0], expected);
    }

    /// The derivative of the logarithm of a sum is the softmax, and the sum of the exponentials of what is left is 1.
    #[test]
    fn logsumexp_is_what_log_softmax_takes_away(x in prop::collection::vec(-30.0..30.0_f64, 1..20)) {
        let mut sum = [0.0];
        LogSumExp::forward(&x, x.len(), &mut sum);
        for (x, y) in x.iter().zip(values::<f64>(parse("log_softmax"), &x)) {
            prop_assert!((x - sum[0] - y).abs() <= 64.0 * f64::EPSILON);
        }
        let mut dx = vec![0.0; x.len()];
        LogSumExp::backward(&x, &[1.0], x.len(), &mut dx);
        prop_assert_eq!(dx, values::<f64>(parse("softmax"), &x));
    }
}

#[test]
fn empty_rows_are_allowed() {
    for function in RowFunction::ALL {
        function.forward::<f32>(&[], 0, &mut []);
        function.forward::<f64>(&[], 5, &mut []);
        function.forward::<f64>(
            &[],
            Axis {
                length: 3,
                stride: 0,
            },
            &mut [],
        );
        function.backward_from_output::<f32>(&[], &[], 0, &mut []);
        function.forward_in_place::<f32>(&mut [], 0);
        assert!(function.jacobian::<f32>(&[]).is_empty());
    }
    let mut y = [0.0_f32; 2];
    LogSumExp::forward(&[], 0, &mut y);
    assert_eq!(y, [f32::NEG_INFINITY; 2]);
}

#[test]
#[should_panic(expected = "a slice of 5 elements is not made of whole rows of 3")]
fn a_part_of_a_row_is_refused() {
    RowFunction::Softmax.forward(&[0.0_f32; 5], 3, &mut [0.0; 5]);
}

#[test]
#[should_panic(expected = "a slice of 6 elements is not made of whole rows of 2, 2 apart")]
fn a_part_of_a_block_is_refused() {
    RowFunction::Softmax.forward_in_place(
        &mut [0.0_f32; 6],
        Axis {
            length: 2,
            stride: 2,
        },
    );
}

#[test]
#[should_panic(expected = "`y` has 4 elements and `x` has 6; both must have the same length")]
fn lengths_that_differ_are_refused() {
    RowFunction::Softmax.forward(&[0.0_f32; 6], 3, &mut [0.0; 4]);
}

#[test]
#[should_panic(expected = "`y` has 3 elements and `the rows` has 2")]
fn a_reduction_has_one_number_for_each_row() {
    LogSumExp::forward(&[0.0_f32; 6], 3, &mut [0.0; 3]);
}

#[test]
fn names_lead_to_the_functions() {
    for function in RowFunction::ALL {
        let names = function
            .about()
            .aliases
            .iter()
            .chain([&function.about().name]);
        for name in names {
            assert_eq!(RowFunction::parse(name), Ok(*function));
        }
        assert!(function.about().title.len() > 10 && !function.about().latex.is_empty());
    }
    assert_eq!(
        parse("softmax1( denominator_bias = 2 )").to_string(),
        "softmax_one(denominator_bias=2)"
    );
}

#[test]
fn parameters_out_of_their_domain_are_refused() {
    for value in ["-1", "nan", "inf"] {
        let error = RowFunction::parse(&format!("softmax_one(denominator_bias={value})"));
        assert!(
            matches!(
                &error,
                Err(ParseError::Parameter(ParameterError::OutOfDomain {
                    parameter: "denominator_bias",
                    ..
                }))
            ),
            "{error:?}"
        );
    }
    let error = RowFunction::Softmax
        .with("alpha", 1.0)
        .expect_err("no parameter");
    assert!(
        error
            .to_string()
            .starts_with("softmax: unknown parameter `alpha`")
    );
}
