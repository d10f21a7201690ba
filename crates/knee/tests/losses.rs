//! The losses: options and reductions as `PyTorch` defines them, gradients as slopes, limits, bad input.

use knee::losses::{
    Bce, BceWithLogits, CrossEntropy, Huber, LossError, Mae, Mse, NAMES, Nll, Reduction, Target,
};

use crate::support::points::Random;

const EACH: Reduction = Reduction::None;

/// The textbook with `PyTorch`'s definitions: the label's part and the smooth part apart, each with its weights.
fn textbook(
    x: &[f64],
    classes: usize,
    labels: &[usize],
    options: &CrossEntropy<'_, f64>,
) -> Vec<f64> {
    let weight = |c: usize| options.weights.map_or(1.0, |w| w[c]);
    let rows = x.chunks_exact(classes).zip(labels);
    let (mut losses, mut total) = (Vec::new(), 0.0);
    for (row, &label) in rows {
        if Some(label) == options.ignore_index {
            losses.push(0.0);
            continue;
        }
        let logarithm = row.iter().map(|x| x.exp()).sum::<f64>().ln();
        let log_p: Vec<f64> = row.iter().map(|x| x - logarithm).collect();
        let nll = -weight(label) * log_p[label];
        let smooth: f64 = log_p.iter().enumerate().map(|(c, l)| -weight(c) * l).sum();
        let e = options.label_smoothing;
        losses.push((1.0 - e) * nll + e / classes as f64 * smooth);
        total += weight(label);
    }
    let sum: f64 = losses.iter().sum();
    match options.reduction {
        Reduction::None => losses,
        Reduction::Sum => vec![sum],
        Reduction::Mean => vec![sum / total],
    }
}

const LABELS: [usize; 4] = [2, 0, 1, 2];

fn logits() -> Vec<f64> {
    let mut random = Random(33);
    (0..12).map(|_| random.between(-3.0, 3.0)).collect()
}

#[test]
fn cross_entropy_has_the_options_of_pytorch() {
    let x = logits();
    for weights in [None, Some(&[0.5, 2.0, 1.25][..])] {
        for label_smoothing in [0.0, 0.1, 1.0] {
            for ignore_index in [None, Some(1), Some(100)] {
                for reduction in [Reduction::Mean, Reduction::Sum, EACH] {
                    let options = CrossEntropy {
                        weights,
                        label_smoothing,
                        ignore_index,
                        reduction,
                    };
                    let truth = textbook(&x, 3, &LABELS, &options);
                    let mut loss = vec![0.0; truth.len()];
                    options
                        .loss(&x, 3, Target::Classes(&LABELS), &mut loss)
                        .expect("good input");
                    for (found, truth) in loss.iter().zip(&truth) {
                        assert!(
                            (found - truth).abs() < 1e-14 * truth.abs().max(1.0),
                            "{options:?}"
                        );
                    }
                }
            }
        }
    }
}

/// A label is the distribution with one class; the mean of distributions divides by the rows.
#[test]
fn probabilities_are_soft_labels() {
    let (x, mut y) = (logits(), vec![0.0; 12]);
    for (row, label) in LABELS.iter().enumerate() {
        y[row * 3 + label] = 1.0;
    }
    let options = CrossEntropy {
        label_smoothing: 0.2,
        ..Default::default()
    };
    let [mut soft, mut hard] = [[0.0]; 2];
    let [mut soft_gradient, mut hard_gradient] = [[0.0; 12]; 2];
    options
        .loss_and_gradient(
            &x,
            3,
            Target::Probabilities(&y),
            &mut soft,
            &mut soft_gradient,
        )
        .expect("good input");
    options
        .loss_and_gradient(
            &x,
            3,
            Target::Classes(&LABELS),
            &mut hard,
            &mut hard_gradient,
        )
        .expect("good input");
    assert_eq!((soft, soft_gradient), (hard, hard_gradient));
    // The label's weight is w_y, that of a distribution is w_c for each class: the sums agree, the means do not.
    let weights = [2.0, 2.0, 2.0];
    let weighted = CrossEntropy {
        weights: Some(&weights),
        ..Default::default()
    };
    weighted
        .loss(&x, 3, Target::Probabilities(&y), &mut soft)
        .expect("good input");
    weighted
        .loss(&x, 3, Target::Classes(&LABELS), &mut hard)
        .expect("good input");
    assert!((soft[0] - 2.0 * hard[0]).abs() < 1e-15);
    // A probability of 0 asks nothing of an excluded class.
    CrossEntropy::default()
        .loss(
            &[0.0, f64::NEG_INFINITY],
            2,
            Target::Probabilities(&[1.0, 0.0]),
            &mut soft,
        )
        .expect("good input");
    assert_eq!(soft, [0.0]);
}

/// Writes the loss and the gradient at an input.
type Evaluate<'a> = Box<dyn Fn(&[f64], &mut [f64], &mut [f64]) -> Result<(), LossError> + 'a>;

/// Every loss with and without its options.
fn cases(reduction: Reduction, y: &[f64]) -> Vec<(&'static str, Evaluate<'_>)> {
    const WEIGHTS: [f64; 3] = [0.5, 2.0, 1.25];
    const POSITIVE: [f64; 3] = [3.0, 1.0, 0.25];
    let mut cases: Vec<(&str, Evaluate<'_>)> = Vec::new();
    for (weights, label_smoothing, ignore_index) in [
        (None, 0.0, None),
        (Some(&WEIGHTS[..]), 0.1, Some(0)),
        (Some(&WEIGHTS[..]), 0.5, None),
    ] {
        let options = CrossEntropy {
            weights,
            label_smoothing,
            ignore_index,
            reduction,
        };
        cases.push((
            "labels",
            Box::new(move |x, l, g| {
                options.loss_and_gradient(x, 3, Target::Classes(&LABELS), l, g)
            }),
        ));
        cases.push((
            "probabilities",
            Box::new(move |x, l, g| {
                options.loss_and_gradient(x, 3, Target::Probabilities(y), l, g)
            }),
        ));
        let options = Nll {
            weights,
            ignore_index,
            reduction,
        };
        cases.push((
            "nll",
            Box::new(move |x, l, g| options.loss_and_gradient(x, 3, &LABELS, l, g)),
        ));
    }
    for (weights, pos_weight) in [(None, None), (Some(&WEIGHTS[..]), Some(&POSITIVE[..]))] {
        let options = BceWithLogits {
            weights,
            pos_weight,
            reduction,
        };
        cases.push((
            "bce_with_logits",
            Box::new(move |x, l, g| options.loss_and_gradient(x, y, l, g)),
        ));
    }
    cases.push((
        "mse",
        Box::new(move |x, l, g| Mse { reduction }.loss_and_gradient(x, y, l, g)),
    ));
    cases.push((
        "mae",
        Box::new(move |x, l, g| Mae { reduction }.loss_and_gradient(x, y, l, g)),
    ));
    cases.push((
        "huber",
        Box::new(move |x, l, g| {
            Huber {
                delta: 0.7,
                reduction,
            }
            .loss_and_gradient(x, y, l, g)
        }),
    ));
    // Its input are probabilities.
    let squeeze = |x: &[f64]| -> Vec<f64> { x.iter().map(|x| 0.5 + x / 8.0).collect() };
    cases.push((
        "bce",
        Box::new(move |x, l, g| {
            Bce { reduction }.loss_and_gradient(&squeeze(x), y, l, g)?;
            for g in g {
                *g /= 8.0;
            }
            Ok(())
        }),
    ));
    cases
}

/// Every gradient is the slope of its loss.
#[test]
fn gradients_are_the_slopes_of_the_losses() {
    let mut random = Random(8);
    let y: Vec<f64> = (0..12).map(|_| random.between(0.0, 1.0)).collect();
    let both = [Reduction::Mean, Reduction::Sum].into_iter();
    for (name, evaluate) in both.flat_map(|reduction| cases(reduction, &y)) {
        let x = logits();
        let at = |x: &[f64]| {
            let (mut loss, mut gradient) = ([0.0], vec![0.0; 12]);
            evaluate(x, &mut loss, &mut gradient).expect(name);
            (loss[0], gradient)
        };
        let gradient = at(&x).1;
        for index in 0..12 {
            let moved = |by: f64| {
                let mut x = x.clone();
                x[index] += by;
                at(&x).0
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!(
                (slope - gradient[index]).abs() < 1e-8,
                "{name}[{index}]: {} and {slope}",
                gradient[index]
            );
        }
    }
}

#[test]
fn bce_has_the_limits_of_pytorch() {
    let (mut loss, mut gradient) = ([0.0_f32; 4], [0.0; 4]);
    let (p, y) = ([0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0]);
    Bce { reduction: EACH }
        .loss_and_gradient(&p, &y, &mut loss, &mut gradient)
        .expect("good input");
    assert_eq!(loss, [100.0, 100.0, 0.0, 0.0]);
    assert_eq!(gradient, [-1e12, 1e12, 0.0, 0.0]);
}

#[test]
fn the_limits_of_infinite_logits() {
    let inf = f32::INFINITY;
    let (mut loss, mut gradient) = ([0.0_f32; 5], [0.0; 5]);
    let (x, y) = ([inf, -inf, inf, -inf, f32::NAN], [1.0, 0.0, 0.0, 1.0, 1.0]);
    BceWithLogits {
        reduction: EACH,
        ..Default::default()
    }
    .loss_and_gradient(&x, &y, &mut loss, &mut gradient)
    .expect("good input");
    assert!(
        loss[..4] == [0.0, 0.0, inf, inf] && loss[4].is_nan(),
        "{loss:?}"
    );
    assert!(
        gradient[..4] == [0.0, 0.0, 1.0, -1.0] && gradient[4].is_nan(),
        "{gradient:?}"
    );
    for row in [[inf, 0.0], [-inf, -inf], [f32::NAN, 0.0], [0.0, f32::NAN]] {
        let (mut loss, mut gradient) = ([0.0], [0.0; 2]);
        CrossEntropy::default()
            .loss_and_gradient(&row, 2, Target::Classes(&[1]), &mut loss, &mut gradient)
            .expect("good input");
        assert!(
            loss[0].is_nan() && gradient.iter().all(|g| g.is_nan()),
            "{row:?}: {loss:?}, {gradient:?}"
        );
    }
    // A label that is excluded costs everything; the gradient is finite.
    let (mut loss, mut gradient) = ([0.0], [0.0; 2]);
    CrossEntropy::default()
        .loss_and_gradient(
            &[0.0, -inf],
            2,
            Target::Classes(&[1]),
            &mut loss,
            &mut gradient,
        )
        .expect("good input");
    assert_eq!((loss[0], gradient), (inf, [1.0, -1.0]));
}

#[test]
fn nothing_has_no_mean() {
    let mut loss = [0.0_f32];
    let ignored = CrossEntropy {
        ignore_index: Some(9),
        ..Default::default()
    };
    ignored
        .loss(&[0.0, 1.0], 2, Target::Classes(&[9]), &mut loss)
        .expect("good input");
    assert!(loss[0].is_nan());
    CrossEntropy::<f32>::default()
        .loss(&[], 5, Target::Classes(&[]), &mut loss)
        .expect("good input");
    assert!(loss[0].is_nan());
    Mse::default()
        .loss::<f32>(&[], &[], &mut loss)
        .expect("good input");
    assert!(loss[0].is_nan());
    Mse {
        reduction: Reduction::Sum,
    }
    .loss::<f32>(&[], &[], &mut loss)
    .expect("good input");
    assert_eq!(loss, [0.0]);
    Mse { reduction: EACH }
        .loss::<f32>(&[], &[], &mut [])
        .expect("good input");
    CrossEntropy::<f32>::default()
        .loss(&[], 0, Target::Classes(&[]), &mut loss)
        .expect("good input");
}

/// An error names the loss, the slice or option, the position, what was found and what is expected.
#[test]
fn bad_input_is_named() {
    let x = [0.0_f32; 6];
    let message = |result: Result<(), LossError>| result.expect_err("bad input").to_string();
    let plain = CrossEntropy::<f32>::default();
    let labels = |labels: &[usize]| message(plain.loss(&x, 3, Target::Classes(labels), &mut [0.0]));
    assert_eq!(
        labels(&[1, 3]),
        "cross_entropy: the label at position 1 is 3; expected a class below 3, or the ignored index"
    );
    assert_eq!(
        labels(&[1]),
        "cross_entropy: `labels` has 1 elements; expected 2"
    );
    assert_eq!(
        message(plain.loss(&x, 4, Target::Classes(&[0]), &mut [0.0])),
        "cross_entropy: `logits` has 6 elements; expected whole rows of 4"
    );
    assert_eq!(
        message(plain.loss(&x, 3, Target::Classes(&[0, 0]), &mut [0.0; 2])),
        "cross_entropy: `loss` has 2 elements; expected 1"
    );
    assert_eq!(
        message(plain.loss(
            &x,
            3,
            Target::Probabilities(&[0.0, 1.0, 0.0, 0.0, 0.5, 1.5]),
            &mut [0.0]
        )),
        "cross_entropy: `probabilities` at position 5 is 1.5; expected a number between 0 and 1"
    );
    for (label_smoothing, found) in [(1.5, "1.5"), (-0.1, "-0.1"), (f64::NAN, "NaN")] {
        let bad = CrossEntropy {
            label_smoothing,
            ..plain
        };
        assert_eq!(
            message(bad.loss(&x, 3, Target::Classes(&[0, 0]), &mut [0.0])),
            format!(
                "cross_entropy: `label_smoothing` is {found}; expected a number between 0 and 1"
            )
        );
    }
}

#[test]
fn bad_weights_and_numbers_are_named() {
    let x = [0.0_f32; 6];
    let message = |result: Result<(), LossError>| result.expect_err("bad input").to_string();
    let plain = CrossEntropy::<f32>::default();
    for (bad, found) in [(-1.0, "-1"), (f32::NAN, "NaN"), (f32::INFINITY, "inf")] {
        let weights = [1.0, bad, 1.0];
        let expected = format!(
            "`weights` at position 1 is {found}; expected a finite number that is not negative"
        );
        let nll = Nll {
            weights: Some(&weights),
            ..Default::default()
        };
        assert_eq!(
            message(nll.loss(&x, 3, &[0, 0], &mut [0.0])),
            format!("nll: {expected}")
        );
        let cross_entropy = CrossEntropy {
            weights: Some(&weights),
            ..plain
        };
        let found = cross_entropy.loss(&x, 3, Target::Classes(&[0, 0]), &mut [0.0]);
        assert_eq!(message(found), format!("cross_entropy: {expected}"));
        let bce = BceWithLogits {
            pos_weight: Some(&weights),
            ..Default::default()
        };
        assert_eq!(
            message(bce.loss(&x, &x, &mut [0.0])),
            format!(
                "bce_with_logits: {}",
                expected.replace("weights", "pos_weight")
            )
        );
    }
    let nll = Nll {
        weights: Some(&[1.0]),
        ..Default::default()
    };
    assert_eq!(
        message(nll.loss(&x, 3, &[0, 0], &mut [0.0])),
        "nll: `weights` has 1 elements; expected 3"
    );
    let bce = BceWithLogits {
        pos_weight: Some(&[1.0; 4]),
        ..Default::default()
    };
    assert_eq!(
        message(bce.loss(&x, &x, &mut [0.0])),
        "bce_with_logits: `input` has 6 elements; expected whole rows of 4"
    );
    assert_eq!(
        message(Bce::default().loss(&[0.5_f32, 1.5], &[0.0, 0.0], &mut [0.0])),
        "bce: `input` at position 1 is 1.5; expected a number between 0 and 1"
    );
    assert_eq!(
        message(BceWithLogits::default().loss(&[0.5_f32], &[f32::NAN], &mut [0.0])),
        "bce_with_logits: `target` at position 0 is NaN; expected a number between 0 and 1"
    );
    let huber = Huber {
        delta: 0.0,
        ..Default::default()
    };
    assert_eq!(
        message(huber.loss(&x, &x, &mut [0.0])),
        "huber: `delta` is 0; expected a finite number greater than 0"
    );
    assert_eq!(
        message(Mae::default().loss(&x, &x[1..], &mut [0.0])),
        "mae: `target` has 5 elements; expected 6"
    );
    assert_eq!(
        message(Mse::default().loss_and_gradient(&x, &x, &mut [0.0], &mut [0.0; 2])),
        "mse: `gradient` has 2 elements; expected 6"
    );
}

#[test]
fn every_loss_has_a_name() {
    assert_eq!(
        NAMES,
        [
            "cross_entropy",
            "nll",
            "bce_with_logits",
            "bce",
            "mse",
            "mae",
            "huber"
        ]
    );
}
