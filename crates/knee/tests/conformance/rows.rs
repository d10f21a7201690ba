//! Rows in tensors, and the textbook formulas of rows in `f64`, which is enough to judge an `f32`.

/// The positions of each row of a tensor: all elements that differ only in their index on the axis.
pub(super) fn along(shape: &[usize], axis: f64) -> Vec<Vec<usize>> {
    // A number counts as one row.
    if shape.is_empty() {
        return vec![vec![0]];
    }
    let axis = if axis < 0.0 {
        shape.len() - (-axis) as usize
    } else {
        axis as usize
    };
    let inner: usize = shape[axis + 1..].iter().product();
    let outer: usize = shape[..axis].iter().product();
    let row = |start: usize| {
        (0..shape[axis])
            .map(|index| start + index * inner)
            .collect()
    };
    (0..outer)
        .flat_map(|o| (0..inner).map(move |i| o * shape[axis] * inner + i))
        .map(row)
        .collect()
}

/// Applies a function of a row to every row of a tensor.
pub(super) fn each<T: Copy>(
    x: &[T],
    rows: &[Vec<usize>],
    function: impl Fn(&[T]) -> Vec<T>,
) -> Vec<T> {
    let mut y = x.to_vec();
    for row in rows {
        let values: Vec<T> = row.iter().map(|&index| x[index]).collect();
        for (&index, value) in row.iter().zip(function(&values)) {
            y[index] = value;
        }
    }
    y
}

/// The index of the first largest element.
fn winner(x: &[f64]) -> usize {
    (1..x.len()).fold(
        0,
        |best, index| if x[index] > x[best] { index } else { best },
    )
}

/// The largest element, and the logarithm of the sum of all exponentials less that element.
fn parts(x: &[f64]) -> (f64, f64) {
    let best = winner(x);
    let others = x.iter().enumerate().filter(|&(index, _)| index != best);
    (
        x[best],
        others
            .map(|(_, other)| (other - x[best]).exp())
            .sum::<f64>()
            .ln_1p(),
    )
}

/// `exp(x_i) / sum_j exp(x_j)`.
pub(super) fn softmax(x: &[f64]) -> Vec<f64> {
    log_softmax(x).into_iter().map(f64::exp).collect()
}

/// `x_i - log(sum_j exp(x_j))`.
pub(super) fn log_softmax(x: &[f64]) -> Vec<f64> {
    if x.is_empty() {
        return Vec::new();
    }
    let (top, rest) = parts(x);
    x.iter().map(|x| (x - top) - rest).collect()
}

/// `log(sum_j exp(x_j))`.
pub(super) fn log_sum_exp(x: &[f64]) -> f64 {
    if x.is_empty() {
        return f64::NEG_INFINITY;
    }
    let (top, rest) = parts(x);
    if top.is_infinite() { top } else { top + rest }
}

/// 1 at the first largest element, else 0.
pub(super) fn hardmax(x: &[f64]) -> Vec<f64> {
    let best = winner(x);
    (0..x.len())
        .map(|index| f64::from(u8::from(index == best)))
        .collect()
}
