//! Fused operations give the bits of the separate steps.

use knee::{Element, Function, Level};

fn numbers<T: Element>(count: usize, seed: u64) -> Vec<T> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((state >> 40) as f64 / f64::from(1 << 24) - 0.5) * 16.0
    };
    (0..count).map(|_| T::from_f64(next())).collect()
}

fn bits<T: Element>(slice: &[T]) -> Vec<u64> {
    slice.iter().map(|x| x.to_f64().to_bits()).collect()
}

/// The sum of two numbers, rounded to the type.
fn sum<T: Element>(a: T, b: T) -> T {
    T::from_f64(a.to_f64() + b.to_f64())
}

fn check<T: Element>(name: &str, rows: usize, length: usize) {
    let function = Function::parse(name).expect(name);
    let kernel = function.kernel();
    let (x, dy) = (
        numbers::<T>(rows * length, 1),
        numbers::<T>(rows * length, 2),
    );
    let (bias, residual) = (numbers::<T>(length, 3), numbers::<T>(rows * length, 4));
    let zero = T::default();
    let (mut separate, mut expected, mut found) = (
        vec![zero; x.len()],
        vec![zero; x.len()],
        vec![zero; x.len()],
    );

    for (index, slot) in separate.iter_mut().enumerate() {
        *slot = sum(x[index], bias[index % length]);
    }
    function.forward(&separate, &mut expected);
    kernel.forward_biased(&x, &bias, &mut found);
    assert_eq!(
        bits(&found),
        bits(&expected),
        "{name} {} with a bias",
        T::NAME
    );

    let mut dbias = vec![zero; length];
    function.backward(&separate, &dy, &mut expected);
    kernel.backward_biased(&x, &bias, &dy, &mut found, &mut dbias);
    assert_eq!(
        bits(&found),
        bits(&expected),
        "{name} {} backward with a bias",
        T::NAME
    );
    for (column, dbias) in dbias.iter().enumerate() {
        let total = (0..rows).fold(0.0, |total, row| {
            total + expected[row * length + column].to_f64()
        });
        assert_eq!(
            dbias.to_f64().to_bits(),
            T::from_f64(total).to_f64().to_bits(),
            "{name} bias {column}"
        );
    }

    for (index, slot) in separate.iter_mut().enumerate() {
        *slot = sum(x[index], residual[index]);
    }
    function.forward(&separate, &mut expected);
    kernel.forward_sum(&x, &residual, &mut found);
    assert_eq!(bits(&found), bits(&expected), "{name} {} of a sum", T::NAME);
    function.backward(&separate, &dy, &mut expected);
    kernel.backward_sum(&x, &residual, &dy, &mut found);
    assert_eq!(
        bits(&found),
        bits(&expected),
        "{name} {} of a sum, backward",
        T::NAME
    );

    function.forward(&x, &mut expected);
    let seen = kernel.forward_observed(&x, &mut found);
    assert_eq!(bits(&found), bits(&expected), "{name} {} observed", T::NAME);
    let zeros = expected.iter().filter(|y| y.to_f64() == 0.0).count();
    assert_eq!((seen.count, seen.zeros), (x.len(), zeros), "{name}");
    let mean = |values: &[T]| values.iter().map(|x| x.to_f64()).sum::<f64>() / values.len() as f64;
    for (moments, values) in [(seen.input, &x), (seen.output, &expected)] {
        let (mean, count) = (mean(values), values.len());
        let variance = values
            .iter()
            .map(|x| (x.to_f64() - mean).powi(2))
            .sum::<f64>()
            / count as f64;
        assert!(
            (moments.mean(count) - mean).abs() < 1e-12 * (1.0 + mean.abs()),
            "{name} mean"
        );
        assert!(
            (moments.variance(count) - variance).abs() < 1e-10 * (1.0 + variance),
            "{name} variance"
        );
    }
    for level in Level::available() {
        assert_eq!(
            kernel.level(level).forward_observed(&x, &mut found),
            seen,
            "{name} at {}",
            level.name()
        );
    }
}

#[test]
fn fused_operations_are_the_separate_steps() {
    for name in ["gelu", "silu", "relu", "tanh", "leaky_relu"] {
        for (rows, length) in [(1, 1), (3, 7), (5, 64), (2, 2049), (300, 3), (40, 100)] {
            check::<f32>(name, rows, length);
            check::<f64>(name, rows, length);
        }
        check::<half::f16>(name, 4, 515);
        check::<half::bf16>(name, 4, 515);
        check::<half::bf16>(name, 300, 3);
    }
}

/// Results of 8 MiB and more are written around the caches.
#[test]
fn large_fused_operations_are_the_separate_steps() {
    check::<f32>("relu", 700, 3001);
    check::<f64>("relu", 350, 3001);
    check::<half::bf16>("relu", 1400, 3001);
    check::<f32>("relu", 700_001, 3);
}

#[test]
fn nothing_is_a_row_of_nothing() {
    let relu = Function::parse("relu").expect("a function").kernel();
    relu.forward_biased::<f32>(&[], &[], &mut []);
    relu.backward_biased::<f32>(&[], &[1.0], &[], &mut [], &mut [9.0]);
    assert_eq!(relu.forward_observed::<f32>(&[], &mut []).count, 0);
}

#[test]
#[should_panic(expected = "`x` has 3 elements and `bias` has 2")]
fn a_broken_row_is_refused_with_both_lengths() {
    let relu = Function::parse("relu").expect("a function").kernel();
    relu.forward_biased(&[1.0_f32; 3], &[1.0; 2], &mut [0.0; 3]);
}
