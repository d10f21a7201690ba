//! The functions of rows: accuracy, against their textbook formulas with 320 bits.

use half::{bf16, f16};
use knee::{LogSumExp, RowFunction};
use knee_oracle::{Big, Measured, ulps};

use crate::support::points::Random;

/// Rows of several lengths and spreads: some with a clear winner, with ties, with masked elements, with few or many shares.
fn rows<T: Measured>() -> Vec<Vec<T>> {
    let mut random = Random(5);
    let mut rows = vec![
        vec![0.0, -17.5, -40.0],
        vec![0.0, -104.0, -740.0, -1000.0],
        vec![7.0],
        vec![-0.0, 0.0],
        vec![1e4, 1e4],
        vec![3.0, 3.0, 3.0],
        vec![1.0, f64::NEG_INFINITY, 0.25, f64::NEG_INFINITY],
        // The last share of sparsemax is 0 exactly, and beside it just not.
        vec![1.0, 0.0],
        vec![0.5, 0.5, -0.5],
        vec![0.5, 0.5, 1e-3 - 0.5],
        vec![0.25, 0.0078125, 0.00390625, 0.0],
        vec![-2000.0, -2001.0],
        vec![-90.0, -91.0, -89.5],
    ];
    for (length, spread) in [
        (2, 1.0),
        (2, 0.01),
        (16, 1.0),
        (40, 0.1),
        (128, 9.0),
        (300, 40.0),
        (50, 300.0),
        (500, 5.0),
    ] {
        let row = |_| random.between(-spread, spread);
        rows.push((0..length).map(row).collect());
    }
    rows.into_iter()
        .map(|row| row.into_iter().map(T::from_f64).collect())
        .collect()
}

/// The elements that take part, as distances from the largest one, which is returned as well.
fn distances<T: Measured>(row: &[T]) -> (Vec<Option<Big>>, Big) {
    let finite = |x: &T| Some(x.to_f64()).filter(|x| x.is_finite()).map(Big::of);
    let top = row
        .iter()
        .filter_map(finite)
        .reduce(|top, x| if x > top { x } else { top });
    let top = top.expect("an element");
    let distances = row.iter().map(|x| finite(x).map(|x| x - top.clone()));
    (distances.collect(), top)
}

fn total<'a>(terms: impl Iterator<Item = &'a Big>) -> Big {
    terms.fold(Big::of(0.0), |sum, term| sum + term.clone())
}

/// The shares `share(d_i - t)` with the sum 1, for `d` between -1 and 0: `t` by bisection, without any sorting.
fn simplex(distances: &[Option<Big>], scale: f64, share: fn(Big) -> Big) -> Vec<Big> {
    let shares = |threshold: &Big| -> Vec<Big> {
        let share = |d: &Option<Big>| match d {
            Some(d) if d.clone() * Big::of(scale) > *threshold => {
                share(d.clone() * Big::of(scale) - threshold.clone())
            }
            _ => Big::of(0.0),
        };
        distances.iter().map(share).collect()
    };
    let (mut low, mut high) = (Big::of(-1.0), Big::of(0.0));
    for _ in 0..280 {
        let middle = (low.clone() + high.clone()) * Big::of(0.5);
        if total(shares(&middle).iter()) > Big::of(1.0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    shares(&low)
}

/// The function of a row by the textbook; `None` for `-inf`.
fn truth<T: Measured>(function: RowFunction, row: &[T]) -> Vec<Option<Big>> {
    let negated: Vec<T> = row.iter().map(|x| T::from_f64(-x.to_f64())).collect();
    let (d, top) = distances(if function == RowFunction::Softmin {
        &negated
    } else {
        row
    });
    let exponentials = d.iter().map(|d| d.clone().map_or(Big::of(0.0), Big::exp));
    let exponentials: Vec<Big> = exponentials.collect();
    let sum = total(exponentials.iter());
    let divided = |by: Big| {
        exponentials
            .iter()
            .map(|e| Some(e.clone() / by.clone()))
            .collect()
    };
    match function {
        RowFunction::Softmax | RowFunction::Softmin => divided(sum),
        RowFunction::LogSoftmax => {
            let logarithm = (sum - Big::of(1.0)).ln_1p();
            let shifted = d.into_iter().map(|d| d.map(|d| d - logarithm.clone()));
            shifted.collect()
        }
        RowFunction::SoftmaxOne(_) => {
            let bias = function.parameters()[0].value;
            divided(sum + Big::of(bias) * (-top).exp())
        }
        RowFunction::Sparsemax => simplex(&d, 1.0, |d| d).into_iter().map(Some).collect(),
        RowFunction::Entmax15 => {
            let shares = simplex(&d, 0.5, |d| d.clone() * d);
            shares.into_iter().map(Some).collect()
        }
        RowFunction::Hardmax => {
            let winner = d
                .iter()
                .position(|d| d.as_ref().is_some_and(|d| *d == Big::of(0.0)));
            let share = |index| Some(Big::of(if Some(index) == winner { 1.0 } else { 0.0 }));
            (0..row.len()).map(share).collect()
        }
        other => panic!("the oracle does not know {other}; add its textbook formula here"),
    }
}

/// Every function and those with other parameters.
fn functions() -> Vec<RowFunction> {
    let others = ["0", "0.001", "30"].map(|bias| {
        let text = format!("softmax_one(denominator_bias={bias})");
        RowFunction::parse(&text).expect("a function")
    });
    RowFunction::ALL.iter().copied().chain(others).collect()
}

fn accuracy<T: Measured>(budget: f64) {
    for row in rows::<T>() {
        for function in functions() {
            if function == RowFunction::Softmin && row.iter().any(|x| x.to_f64().is_infinite()) {
                continue;
            }
            let mut y = vec![T::default(); row.len()];
            function.forward(&row, row.len(), &mut y);
            for (index, (y, truth)) in y.iter().zip(truth(function, &row)).enumerate() {
                let error = match truth {
                    Some(truth) => ulps(*y, &truth),
                    None if y.to_f64() == f64::NEG_INFINITY => 0.0,
                    None => f64::INFINITY,
                };
                assert!(
                    error <= budget,
                    "{function} {} of {} elements, at {index} of {:?}: {error} ulp",
                    T::NAME,
                    row.len(),
                    &row[..row.len().min(5)],
                );
            }
        }
    }
}

#[test]
fn f32_is_rounded_once() {
    accuracy::<f32>(0.501);
}

#[test]
fn f64_is_rounded_once() {
    accuracy::<f64>(0.501);
}

#[test]
fn f16_is_rounded_once() {
    accuracy::<f16>(0.5001);
}

#[test]
fn bf16_is_rounded_once() {
    accuracy::<bf16>(0.5001);
}

/// Long rows with a standard deviation up to 30: the sum of 65,536 terms is right, and so is each share that is looked at.
fn long_rows<T: Measured>(budget: f64) {
    for (deviation, stream) in [(0.1, 1), (3.0, 2), (30.0, 3)] {
        let seed = knee::random::Seed::new(8).stream(stream);
        let row: Vec<T> = (0..65_536)
            .map(|index| T::from_f64(deviation * seed.normal(index)))
            .collect();
        // Terms with 53 bits are enough for a sum of which 24 are needed.
        let wide: Vec<f64> = row.iter().map(|x| x.to_f64()).collect();
        let top = wide.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let term = |x: &f64| Big::of((x - top).exp());
        let sum = wide
            .iter()
            .map(term)
            .fold(Big::of(0.0), |sum, term| sum + term);
        let logarithm = (sum.clone() - Big::of(1.0)).ln_1p();
        let mut softmax = vec![T::default(); row.len()];
        let mut log_softmax = softmax.clone();
        RowFunction::Softmax.forward(&row, row.len(), &mut softmax);
        RowFunction::LogSoftmax.forward(&row, row.len(), &mut log_softmax);
        for index in (0..row.len()).step_by(331) {
            let d = Big::of(wide[index]) - Big::of(top);
            let share = d.clone().exp() / sum.clone();
            let errors = [
                ulps(softmax[index], &share),
                ulps(log_softmax[index], &(d - logarithm.clone())),
            ];
            assert!(
                errors.iter().all(|e| *e <= budget),
                "{} {errors:?}",
                T::NAME
            );
        }
    }
}

#[test]
fn a_row_of_65536_is_rounded_once() {
    long_rows::<f32>(0.501);
    long_rows::<f16>(0.5001);
}

/// The sum of exponentials as one number: rounded once, but where it crosses 0 an error of `2^-64` of the largest element is left.
fn sums<T: Measured>() {
    let mut all = rows::<T>();
    let half = -std::f64::consts::LN_2;
    all.extend([-3, -1, 0, 1, 2].map(|k| {
        let near = T::from_ordered(T::from_f64(half).ordered() + k);
        vec![near, near]
    }));
    for row in all {
        let mut y = [T::default()];
        LogSumExp::forward(&row, row.len(), &mut y);
        let (d, top) = distances(&row);
        let terms: Vec<Big> = d.into_iter().flatten().map(Big::exp).collect();
        let truth = top.clone() + (total(terms.iter()) - Big::of(1.0)).ln_1p();
        let left = ((Big::of(y[0].to_f64()) - truth.clone()) / Big::power_of_two(-64)).to_f64();
        let allowed = top.to_f64().abs();
        assert!(
            ulps(y[0], &truth) <= 0.501 || left.abs() <= allowed,
            "{} {:?}: {} ulp, {left} of {allowed}",
            T::NAME,
            &row[..row.len().min(5)],
            ulps(y[0], &truth)
        );
        assert!(T::DIGITS == 53 || ulps(y[0], &truth) <= 0.501);
    }
}

#[test]
fn logsumexp_is_rounded_once() {
    sums::<f32>();
    sums::<f64>();
    sums::<f16>();
    sums::<bf16>();
}

/// A clear winner keeps its digits: `log(1 + rest)` would be 0.
#[test]
fn the_winner_of_log_softmax_is_not_rounded_to_zero() {
    let mut y = [0.0_f32; 3];
    RowFunction::LogSoftmax.forward(&[0.0, -17.5, -40.0], 3, &mut y);
    assert_eq!(y[0], -2.510999e-8);
}
