//! Shapes: broadcasting, strides, and where the elements of a moved tensor come from.

/// The number of elements; `None` where it does not fit.
pub(super) fn elements(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |n, &d| n.checked_mul(d))
}

/// Row-major strides.
pub(super) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis].max(1);
    }
    strides
}

/// The shape that two shapes broadcast to; `None` when they do not fit.
pub(super) fn broadcast(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let rank = a.len().max(b.len());
    (0..rank)
        .map(|axis| {
            let at = |s: &[usize]| (axis + s.len()).checked_sub(rank).map_or(1, |i| s[i]);
            match (at(a), at(b)) {
                (x, y) if x == y => Some(x),
                (1, y) => Some(y),
                (x, 1) => Some(x),
                _ => None,
            }
        })
        .collect()
}

/// The shape with leading axes of length 1 up to a rank.
pub(super) fn padded(shape: &[usize], rank: usize) -> Vec<usize> {
    let mut padded = vec![1; rank.saturating_sub(shape.len())];
    padded.extend_from_slice(shape);
    padded
}

/// An axis that may count from the last; `None` when there is no such axis.
pub(super) fn axis(axis: i64, rank: usize) -> Option<usize> {
    let rank = rank as i64;
    let at = if axis < 0 { axis + rank } else { axis };
    (0..rank).contains(&at).then_some(at as usize)
}

/// Positions in the source for each element of a result with this shape, when one step along
/// axis `i` of the result moves by `steps[i]` elements in the source.
pub(super) fn walk(shape: &[usize], start: usize, steps: &[isize]) -> Vec<usize> {
    let mut positions = vec![start];
    for (&length, &step) in shape.iter().zip(steps) {
        if length == 1 {
            continue;
        }
        positions = positions
            .iter()
            .flat_map(|&at| (0..length).map(move |k| at.wrapping_add_signed(step * k as isize)))
            .collect();
    }
    positions
}

/// Where each element of a broadcast tensor comes from.
pub(super) fn broadcast_positions(from: &[usize], to: &[usize]) -> Vec<usize> {
    let from = padded(from, to.len());
    let steps: Vec<isize> = from
        .iter()
        .zip(strides(&from))
        .map(|(&length, stride)| if length == 1 { 0 } else { stride as isize })
        .collect();
    walk(to, 0, &steps)
}

/// Where each element of a transposed tensor comes from.
pub(super) fn permute_positions(from: &[usize], axes: &[usize]) -> Vec<usize> {
    let strides = strides(from);
    let shape: Vec<usize> = axes.iter().map(|&a| from[a]).collect();
    let steps: Vec<isize> = axes.iter().map(|&a| strides[a] as isize).collect();
    walk(&shape, 0, &steps)
}

/// The multi-index of a position in row-major order.
pub(super) fn unravel(mut position: usize, shape: &[usize]) -> Vec<usize> {
    let mut index = vec![0; shape.len()];
    for axis in (0..shape.len()).rev() {
        index[axis] = position % shape[axis];
        position /= shape[axis];
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broadcasting_follows_numpy() {
        assert_eq!(broadcast(&[3, 1], &[2]), Some(vec![3, 2]));
        assert_eq!(broadcast(&[], &[2, 0]), Some(vec![2, 0]));
        assert_eq!(broadcast(&[3], &[2]), None);
        assert_eq!(broadcast_positions(&[3, 1], &[3, 2]), [0, 0, 1, 1, 2, 2]);
        assert_eq!(broadcast_positions(&[2], &[2, 2]), [0, 1, 0, 1]);
    }

    #[test]
    fn a_transpose_reads_columns() {
        assert_eq!(permute_positions(&[2, 3], &[1, 0]), [0, 3, 1, 4, 2, 5]);
    }

    #[test]
    fn too_many_elements_are_noticed() {
        assert_eq!(elements(&[1 << 40, 1 << 40]), None);
    }
}
