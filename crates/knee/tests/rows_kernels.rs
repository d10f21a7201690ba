//! Functions of rows in whole registers: the same bits at every level, the budget of the fast tier, scaled elements, long rows.

use half::bf16;
use knee::losses::{CrossEntropy, Reduction, Target};
use knee::{Element, Level, RowFunction, RowKernel, Tier};
use knee_oracle::{Big, Measured, distance, same, ulps};

use crate::support::points::Random;

const INF: f64 = f64::INFINITY;

/// Normal numbers around an offset.
fn row<T: Element>(length: usize, deviation: f64, offset: f64, stream: u64) -> Vec<T> {
    let seed = knee::random::Seed::new(3).stream(stream);
    let number = |index| T::from_f64(offset + deviation * seed.normal(index as u64));
    (0..length).map(number).collect()
}

/// Rows of lengths that fill registers, parts of them, chunks and several chunks; of spreads and offsets of every kind.
fn rows<T: Element>() -> Vec<Vec<T>> {
    let lengths = (1..40).chain([63, 64, 65, 100, 1000, 2047, 2048, 2049, 4096, 5003]);
    let shapes = [
        (1.0, 0.0),
        (3.0, 0.0),
        (30.0, 0.0),
        (0.01, 90.0),
        (10.0, -300.0),
        (40.0, 2500.0),
        (2.0, -60000.0),
    ];
    let all = lengths.enumerate().map(|(index, length)| {
        let (deviation, offset) = shapes[index % shapes.len()];
        row(length, deviation, offset, index as u64)
    });
    all.collect()
}

fn kernels() -> Vec<RowKernel> {
    let one = RowFunction::parse("softmax_one(denominator_bias=3)").expect("a function");
    let functions = RowFunction::ALL.iter().copied().chain([one]);
    let kernels = functions.map(RowFunction::kernel);
    let scaled = [0.125, 0.3, 7.0].map(|scale| RowFunction::Softmax.kernel().scale(scale));
    kernels
        .chain(scaled)
        .chain([RowFunction::LogSoftmax.kernel().temperature(3.0)])
        .collect()
}

fn forward<T: Element>(kernel: RowKernel, x: &[T]) -> Vec<T> {
    let mut y = vec![T::default(); x.len()];
    kernel.forward(x, x.len(), &mut y);
    y
}

fn gradient<T: Element>(kernel: RowKernel, y: &[T], dy: &[T]) -> Vec<T> {
    let mut dx = vec![T::default(); y.len()];
    kernel.backward_from_output(y, dy, y.len(), &mut dx);
    dx
}

fn levels<T: Measured>() {
    for x in rows::<T>() {
        let dy = row::<T>(x.len(), 1.0, 0.0, 99);
        for kernel in kernels() {
            for tier in [Tier::Exact, Tier::Fast] {
                let at = |level| {
                    let kernel = kernel.tier(tier).level(level);
                    let y = forward(kernel, &x);
                    let dx = gradient(kernel, &y, &dy);
                    [y, dx].concat()
                };
                let expected = at(Level::BASELINE);
                for level in Level::available() {
                    let found = at(level);
                    let place = (0..found.len()).find(|&i| !same(found[i], expected[i]));
                    assert_eq!(
                        place,
                        None,
                        "{kernel:?} {tier:?} {} of {} elements at {}",
                        T::NAME,
                        x.len(),
                        level.name()
                    );
                }
            }
        }
    }
}

#[test]
fn every_level_gives_the_bits_of_the_first() {
    levels::<f32>();
    levels::<f64>();
    levels::<bf16>();
}

/// Values, and the gradient of softmax where its terms do not cancel further than the inputs' own digits.
#[test]
fn the_fast_tier_is_within_4_ulp_of_the_exact_one() {
    let mut worst = 0;
    for x in rows::<f32>() {
        for kernel in kernels() {
            let (exact, fast) = (forward(kernel, &x), forward(kernel.tier(Tier::Fast), &x));
            for (index, (a, b)) in exact.iter().zip(&fast).enumerate() {
                let apart = distance(*a, *b).unwrap_or(u64::MAX);
                worst = worst.max(apart);
                assert!(
                    apart <= 3,
                    "{kernel:?} of {} elements at {index}: {a:e} and {b:e}",
                    x.len()
                );
            }
            let dy = row::<f32>(x.len(), 1.0, 0.0, 98);
            let (a, b) = (
                gradient(kernel, &exact, &dy),
                gradient(kernel.tier(Tier::Fast), &exact, &dy),
            );
            for (index, (a, b)) in a.iter().zip(&b).enumerate() {
                let apart = distance(*a, *b).unwrap_or(u64::MAX);
                assert!(
                    apart <= 4,
                    "{kernel:?} of {} elements, gradient at {index}: {a:e} and {b:e}",
                    x.len()
                );
            }
        }
    }
    assert!(worst > 0, "the fast tier is another one");
}

#[test]
fn special_rows_are_the_same_in_the_fast_tier() {
    let nan = f64::NAN;
    let specials = [
        vec![0.5, nan, 2.0],
        vec![nan, INF, 0.0],
        vec![INF, 0.0, 1.0],
        vec![INF, -INF, 0.0],
        vec![-INF, -INF],
        vec![-INF, 1.0, 0.25, -INF],
        vec![f64::from(f32::MAX), -f64::from(f32::MAX)],
        vec![1e-40, 0.0, -0.0],
    ];
    for special in specials {
        for length in [special.len(), 17, 4500] {
            let filling = special[special.len() - 1];
            let mut x: Vec<f32> = special.iter().map(|x| *x as f32).collect();
            x.resize(length.max(x.len()), filling as f32);
            for kernel in kernels() {
                let (exact, fast) = (forward(kernel, &x), forward(kernel.tier(Tier::Fast), &x));
                for (a, b) in exact.iter().zip(&fast) {
                    let near = distance(*a, *b).is_some_and(|apart| apart <= 3);
                    assert!(near, "{kernel:?} of {special:?}: {a} and {b}");
                }
            }
        }
    }
}

/// `exp(scale x)` as if the product had not been rounded.
fn scaled<T: Measured>(budget: f64) {
    for (scale, deviation) in [(0.125, 30.0), (0.3, 40.0), (7.0, 3.0), (1.0 / 3.0, 200.0)] {
        for (length, stream) in [(5, 1), (33, 2), (300, 3), (2500, 4)] {
            let x = row::<T>(length, deviation, 0.0, stream);
            let z = |x: &T| Big::of(x.to_f64()) * Big::of(scale);
            let top = x.iter().map(z).reduce(|a, b| if b > a { b } else { a });
            let top = top.expect("an element");
            let terms: Vec<Big> = x.iter().map(|x| (z(x) - top.clone()).exp()).collect();
            let sum = terms.iter().fold(Big::of(0.0), |sum, e| sum + e.clone());
            let kernel = RowFunction::Softmax.kernel().scale(scale);
            let fast = forward(kernel.tier(Tier::Fast), &x);
            for (index, found) in forward(kernel, &x).into_iter().enumerate().step_by(7) {
                let truth = terms[index].clone() / sum.clone();
                let errors = [ulps(found, &truth), ulps(fast[index], &truth)];
                assert!(
                    errors[0] <= budget && errors[1] <= 4.0,
                    "{scale} {length} {}: {errors:?}",
                    T::NAME
                );
            }
        }
    }
}

#[test]
fn scaled_elements_are_not_rounded() {
    scaled::<f32>(0.501);
    scaled::<f64>(0.501);
}

/// Chunks without any share, or with a share that is far below that of others, change nothing.
#[test]
fn a_long_row_of_excluded_elements_has_the_shares_of_the_others() {
    for offset in [0.0_f64, -700.0, 300.0, 80.0] {
        let others = row::<f32>(40, 2.0, offset, 7);
        let mut x = vec![f32::NEG_INFINITY; 6000];
        x[5000..5040].copy_from_slice(&others);
        x[10] = (offset - 3000.0) as f32;
        for kernel in kernels() {
            if matches!(
                kernel.function(),
                RowFunction::Softmin | RowFunction::Hardmax
            ) {
                continue;
            }
            for tier in [Tier::Exact, Tier::Fast] {
                let kernel = kernel.tier(tier);
                let (found, expected) = (forward(kernel, &x), forward(kernel, &others));
                let allowed = if tier == Tier::Exact { 1 } else { 4 };
                for (a, b) in found[5000..5040].iter().zip(&expected) {
                    let near = distance(*a, *b).is_some_and(|apart| apart <= allowed);
                    assert!(near, "{kernel:?} {offset}: {a:e} and {b:e}");
                }
            }
        }
    }
}

/// A result beyond the caches is written around them, and is the same.
#[test]
fn large_results_are_those_of_their_rows() {
    let (length, rows) = (1000, 2200);
    let x = row::<f32>(length * rows, 3.0, 0.0, 5);
    let mut all = vec![0.0; x.len()];
    RowFunction::Softmax.forward(&x, length, &mut all);
    for index in [0, 1, 777, rows - 1] {
        let run = index * length..(index + 1) * length;
        assert_eq!(
            all[run.clone()],
            forward(RowFunction::Softmax.kernel(), &x[run])
        );
    }
}

/// The loss and the gradient of rows that are several chunks long, against sums with many digits.
#[test]
fn cross_entropy_of_a_large_vocabulary_is_within_its_budget() {
    let classes = 5003;
    for (deviation, offset, smoothing) in [(3.0, 0.0, 0.0), (3.0, 500.0, 0.1), (20.0, -80.0, 0.3)] {
        let x = row::<f32>(classes, deviation, offset, 12);
        let top = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let big = |x: f32| Big::of(f64::from(x));
        let shares: Vec<Big> = x.iter().map(|x| (big(*x) - big(top)).exp()).collect();
        let sum = shares.iter().fold(Big::of(0.0), |sum, e| sum + e.clone());
        let logarithm = (sum.clone() - Big::of(1.0)).ln_1p();
        let winner = x.iter().position(|x| *x == top).expect("it is there");
        for label in [0, 2048, classes - 1, winner] {
            let loss = CrossEntropy {
                label_smoothing: smoothing,
                reduction: Reduction::None,
                ..Default::default()
            };
            let (mut value, mut gradient) = ([0.0], vec![0.0; classes]);
            loss.loss_and_gradient(
                &x,
                classes,
                Target::Classes(&[label]),
                &mut value,
                &mut gradient,
            )
            .expect("good input");
            let spread = Big::of(smoothing) / Big::of(classes as f64);
            let wanted = |class: usize| {
                let hit = if class == label { 1.0 - smoothing } else { 0.0 };
                Big::of(hit) + spread.clone()
            };
            let mut truth = Big::of(0.0);
            for (class, x) in x.iter().enumerate() {
                let term = logarithm.clone() - (big(*x) - big(top));
                truth = truth + wanted(class) * term;
            }
            assert!(
                ulps(value[0], &truth) <= 1.0,
                "{deviation} {label}: {}",
                value[0]
            );
            for class in (0..classes).step_by(97).chain([label, winner]) {
                let p = shares[class].clone() / sum.clone();
                let truth = p.clone() - wanted(class);
                let larger = if p > wanted(class) { p } else { wanted(class) };
                let unit = larger.exponent().map_or(-149, |e| (e - 23).max(-149));
                let error = (big(gradient[class]) - truth) / Big::power_of_two(unit);
                assert!(error.to_f64().abs() <= 1.0, "{deviation} {label} {class}");
            }
        }
    }
}

/// Whatever the layout of the work, the bits of a row's loss are its own.
#[test]
fn a_row_has_the_same_loss_alone_and_among_others() {
    let (classes, rows) = (37, 9);
    let x = row::<f32>(classes * rows, 4.0, 0.0, 30);
    let mut random = Random(2);
    let labels: Vec<usize> = (0..rows)
        .map(|_| random.next() as usize % classes)
        .collect();
    let each = CrossEntropy {
        reduction: Reduction::None,
        ignore_index: Some(labels[3]),
        ..Default::default()
    };
    let (mut losses, mut gradients) = (vec![0.0; rows], vec![1.0; x.len()]);
    each.loss_and_gradient(
        &x,
        classes,
        Target::Classes(&labels),
        &mut losses,
        &mut gradients,
    )
    .expect("good input");
    for index in 0..rows {
        let run = index * classes..(index + 1) * classes;
        let (mut loss, mut gradient) = ([0.0], vec![1.0; classes]);
        let target = Target::Classes(&labels[index..=index]);
        each.loss_and_gradient(&x[run.clone()], classes, target, &mut loss, &mut gradient)
            .expect("good input");
        assert_eq!(loss[0], losses[index]);
        assert_eq!(gradient, gradients[run]);
    }
}

#[test]
#[should_panic(expected = "the scale is -1; it must be finite and greater than 0")]
fn a_scale_that_is_not_positive_is_refused() {
    let _ = RowFunction::Softmax.kernel().scale(-1.0);
}

#[test]
#[should_panic(expected = "the temperature is 0; it must be finite and greater than 0")]
fn a_temperature_of_0_is_refused() {
    let _ = RowFunction::Softmax.kernel().temperature(0.0);
}
