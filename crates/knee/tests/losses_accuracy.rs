//! Losses and their gradients are within their budgets of the truth, which has 320 bits.

use half::{bf16, f16};
use knee::losses::{
    Bce, BceWithLogits, CrossEntropy, Huber, LossError, Mae, Mse, Reduction, Target,
};
use knee_oracle::{Big, Measured, ulps};

use crate::support::points::Random;

const EACH: Reduction = Reduction::None;

fn big<T: Measured>(x: T) -> Big {
    Big::of(x.to_f64())
}

/// `exp(x)` for a difference of logits; what is far below every number is 0.
fn exp(x: Big) -> Big {
    if x < Big::of(-5000.0) {
        Big::of(0.0)
    } else {
        x.exp()
    }
}

/// The error of `p t - y` in units in the last place at the larger of `p` and `y`.
fn error_at_larger<T: Measured>(found: T, p: &Big, y: &Big, truth: &Big) -> f64 {
    let larger = if p > y { p } else { y };
    let exponent = larger
        .exponent()
        .map_or(T::SMALLEST, |e| (e - T::DIGITS + 1).max(T::SMALLEST));
    ((big(found) - truth.clone()) / Big::power_of_two(exponent))
        .to_f64()
        .abs()
}

/// Rows with near winners, huge and excluded logits, several lengths and spreads.
fn rows<T: Measured>() -> Vec<Vec<T>> {
    let mut random = Random(21);
    let large = T::LARGEST.min(1e8) / 2.0;
    let mut rows = vec![
        vec![0.0, -17.5, -40.0],
        vec![0.0, -104.0, -740.0, -1000.0],
        vec![large, large - large / 1024.0, -large],
        vec![large, large],
        vec![7.0],
        vec![3.0, 3.0, 3.0],
        vec![f64::NEG_INFINITY, 0.0, 1.0, f64::NEG_INFINITY],
        vec![1e-3, 0.0, -1e-3],
    ];
    for (length, spread) in [(2, 1.0), (16, 1.0), (100, 9.0), (60, 40.0), (20, 300.0)] {
        rows.push(
            (0..length)
                .map(|_| random.between(-spread, spread))
                .collect(),
        );
    }
    rows.into_iter()
        .map(|row| row.into_iter().map(T::from_f64).collect())
        .collect()
}

/// `log(sum_j exp(x_j)) - x_c` and the softmax, by the textbook.
fn truth<T: Measured>(row: &[T]) -> (Vec<Option<Big>>, Vec<Big>) {
    let best = (0..row.len()).fold(0, |best, c| if row[c] > row[best] { c } else { best });
    let difference = |x: &T| x.to_f64().is_finite().then(|| big(*x) - big(row[best]));
    let exponentials: Vec<Big> = row
        .iter()
        .map(|x| difference(x).map_or(Big::of(0.0), exp))
        .collect();
    let others = exponentials.iter().enumerate().filter(|(c, _)| *c != best);
    let rest = others.fold(Big::of(0.0), |sum, (_, e)| sum + e.clone());
    let logarithm = rest.clone().ln_1p();
    let sum = rest + Big::of(1.0);
    (
        row.iter()
            .map(|x| difference(x).map(|d| logarithm.clone() - d))
            .collect(),
        exponentials.into_iter().map(|e| e / sum.clone()).collect(),
    )
}

fn cross_entropy_accuracy<T: Measured>() {
    let each = CrossEntropy {
        reduction: EACH,
        ..Default::default()
    };
    for row in rows::<T>() {
        let (losses, p) = truth(&row);
        for label in [0, row.len() / 2, row.len() - 1] {
            let (mut loss, mut gradient) = ([T::default()], vec![T::default(); row.len()]);
            let target = Target::Classes(&[label]);
            each.loss_and_gradient(&row, row.len(), target, &mut loss, &mut gradient)
                .expect("good input");
            let at = || format!("{} {row:?}, label {label}", T::NAME);
            match &losses[label] {
                Some(truth) => {
                    let error = ulps(loss[0], truth);
                    assert!(error <= 1.0, "{}: loss {:?}, {error} ulp", at(), loss[0]);
                }
                None => assert_eq!(loss[0].to_f64(), f64::INFINITY, "{}", at()),
            }
            for (class, (found, p)) in gradient.iter().zip(&p).enumerate() {
                let y = Big::of(f64::from(u8::from(class == label)));
                let truth = p.clone() - y.clone();
                let error = error_at_larger(*found, p, &y, &truth);
                assert!(
                    error <= 1.0,
                    "{}: gradient {class} is {found:?}, {error} ulp",
                    at()
                );
            }
        }
    }
}

#[test]
fn cross_entropy_is_within_its_budget() {
    cross_entropy_accuracy::<f32>();
    cross_entropy_accuracy::<f64>();
    cross_entropy_accuracy::<f16>();
    cross_entropy_accuracy::<bf16>();
}

/// A winner's own gradient keeps its digits where `p - 1` would have none.
#[test]
fn a_confident_and_right_row_has_a_small_loss_and_gradient() {
    let (mut loss, mut gradient) = ([0.0_f64], [0.0; 3]);
    CrossEntropy::default()
        .loss_and_gradient(
            &[0.0, -17.5, -40.0],
            3,
            Target::Classes(&[0]),
            &mut loss,
            &mut gradient,
        )
        .expect("good input");
    let rest = (-17.5_f64).exp() + (-40.0_f64).exp();
    assert!((loss[0] / rest.ln_1p() - 1.0).abs() < 1e-15, "{}", loss[0]);
    assert!((gradient[0] / (-rest / (1.0 + rest)) - 1.0).abs() < 1e-15);
}

/// `log(1 + exp(x))`.
fn softplus(x: &Big) -> Big {
    let positive = if *x > Big::of(0.0) {
        x.clone()
    } else {
        Big::of(0.0)
    };
    positive + exp(-x.clone().abs()).ln_1p()
}

/// `1 / (1 + exp(-x))`.
fn sigmoid(x: &Big) -> Big {
    let one = Big::of(1.0);
    let e = exp(-x.clone().abs());
    let larger = one.clone() / (one + e.clone());
    if *x < Big::of(0.0) {
        larger * e
    } else {
        larger
    }
}

fn bce_with_logits_accuracy<T: Measured>() {
    let mut random = Random(13);
    let mut points = vec![
        0.0,
        1e-30,
        17.5,
        40.0,
        88.0,
        103.5,
        700.0,
        740.0,
        1e8,
        T::LARGEST,
    ];
    points.extend((0..40).map(|_| random.between(0.0, 30.0)));
    let weight = [T::from_f64(2.5)];
    for x in points
        .iter()
        .flat_map(|&x| [T::from_f64(x), T::from_f64(-x)])
    {
        if !x.to_f64().is_finite() {
            continue;
        }
        for y in [0.0, 1.0, 0.3, 1e-4].map(T::from_f64) {
            for pos_weight in [None, Some(&weight[..])] {
                let options = BceWithLogits {
                    pos_weight,
                    reduction: EACH,
                    ..Default::default()
                };
                let (mut loss, mut gradient) = ([T::default()], [T::default()]);
                options
                    .loss_and_gradient(&[x], &[y], &mut loss, &mut gradient)
                    .expect("good input");
                let positive = big(y) * Big::of(pos_weight.map_or(1.0, |_| 2.5));
                let negative = Big::of(1.0) - big(y);
                let truth =
                    positive.clone() * softplus(&-big(x)) + negative.clone() * softplus(&big(x));
                let error = ulps(loss[0], &truth);
                assert!(
                    error <= 1.0,
                    "{} at {x:?}, {y:?}: {:?}, {error} ulp",
                    T::NAME,
                    loss[0]
                );
                let (up, down) = (negative * sigmoid(&big(x)), positive * sigmoid(&-big(x)));
                let error = error_at_larger(gradient[0], &up, &down, &(up.clone() - down.clone()));
                assert!(
                    error <= 1.0,
                    "{} at {x:?}, {y:?}: gradient {:?}, {error} ulp",
                    T::NAME,
                    gradient[0]
                );
            }
        }
    }
}

#[test]
fn bce_with_logits_is_within_its_budget() {
    bce_with_logits_accuracy::<f32>();
    bce_with_logits_accuracy::<f64>();
    bce_with_logits_accuracy::<f16>();
    bce_with_logits_accuracy::<bf16>();
}

fn single_elements_accuracy<T: Measured>() {
    let mut random = Random(17);
    for _ in 0..200 {
        let scale = random.between(-20.0, 8.0).exp2();
        let (x, y) = (
            T::from_f64(random.between(-scale, scale)),
            T::from_f64(random.between(-scale, scale)),
        );
        let error = big(x) - big(y);
        let size = error.clone().abs();
        let square = error.clone() * error.clone();
        let (half, delta) = (Big::of(0.5), Big::of(0.75));
        let huber = if size > delta {
            (
                delta.clone() * (size.clone() - delta.clone() * half),
                if error > Big::of(0.0) { delta } else { -delta },
            )
        } else {
            (square.clone() * half, error.clone())
        };
        let sign = Big::of(if x == y { 0.0 } else { error.to_f64().signum() });
        let check =
            |name: &str, found: Result<(), LossError>, loss: T, gradient: T, truth: (Big, Big)| {
                found.expect(name);
                let errors = (ulps(loss, &truth.0), ulps(gradient, &truth.1));
                assert!(
                    errors.0 <= 0.51 && errors.1 <= 0.51,
                    "{name} {} of {x:?}, {y:?}: {errors:?} ulp",
                    T::NAME
                );
            };
        let (mut l, mut g) = ([T::default()], [T::default()]);
        let found = Mse::default().loss_and_gradient(&[x], &[y], &mut l, &mut g);
        check("mse", found, l[0], g[0], (square, error.clone() + error));
        let found = Mae::default().loss_and_gradient(&[x], &[y], &mut l, &mut g);
        check("mae", found, l[0], g[0], (size, sign));
        let found = Huber {
            delta: 0.75,
            ..Default::default()
        }
        .loss_and_gradient(&[x], &[y], &mut l, &mut g);
        check("huber", found, l[0], g[0], huber);
    }
    // The logarithm of a probability, from the smallest that counts to the last below 1.
    let one = T::from_f64(1.0).ordered();
    let mut points: Vec<T> = (1..40).map(|k| T::from_ordered(one - k * k * k)).collect();
    points.extend((0..100).map(|_| T::from_f64(random.between(-140.0, 0.0).exp2())));
    points.retain(|p| p.to_f64() > 0.0);
    for p in points {
        for y in [0.0, 1.0, 0.3].map(T::from_f64) {
            let (mut l, mut g) = ([T::default()], [T::default()]);
            Bce::default()
                .loss_and_gradient(&[p], &[y], &mut l, &mut g)
                .expect("good input");
            let one = Big::of(1.0);
            let other = one.clone() - big(p);
            let truth =
                -(big(y) * (big(p) - one.clone()).ln_1p() + (one - big(y)) * (-big(p)).ln_1p());
            let error = ulps(l[0], &truth);
            assert!(error <= 1.0, "bce {} of {p:?}, {y:?}: {error} ulp", T::NAME);
            let product = big(p) * other;
            if product.to_f64() > 1e-11 {
                let error = ulps(g[0], &((big(p) - big(y)) / product));
                assert!(
                    error <= 1.0,
                    "bce {} gradient of {p:?}, {y:?}: {error} ulp",
                    T::NAME
                );
            }
        }
    }
}

#[test]
fn losses_of_single_elements_are_within_their_budgets() {
    single_elements_accuracy::<f32>();
    single_elements_accuracy::<f64>();
    single_elements_accuracy::<f16>();
    single_elements_accuracy::<bf16>();
}
