//! Labels that keep clear of each other.

/// Rows for labels that stand above their x: each as near to its x as the borders allow, none over another.
///
/// `labels` are (middle, width); the answer is (left, row) for each.
pub(crate) fn stacked(labels: &[(f64, f64)], available: f64, gap: f64) -> Vec<(f64, usize)> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|&a, &b| labels[a].0.total_cmp(&labels[b].0));
    let mut ends: Vec<f64> = Vec::new();
    let mut placed = vec![(0.0, 0); labels.len()];
    for index in order {
        let (middle, width) = labels[index];
        let left = (middle - width / 2.0).min(available - width).max(0.0);
        let row = ends
            .iter()
            .position(|end| left >= end + gap)
            .unwrap_or(ends.len());
        if row == ends.len() {
            ends.push(0.0);
        }
        ends[row] = left + width;
        placed[index] = (left, row);
    }
    placed
}

/// Positions at least `apart` from each other and within `low..=high`, as near to the wanted ones as pushing allows.
pub(crate) fn spread(wanted: &[f64], apart: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]).then(a.cmp(&b)));
    let mut placed = wanted.to_vec();
    let mut lowest = low;
    for &index in &order {
        placed[index] = placed[index].max(lowest);
        lowest = placed[index] + apart;
    }
    let mut highest = high;
    for &index in order.iter().rev() {
        placed[index] = placed[index].min(highest);
        highest = placed[index] - apart;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_above_do_not_overlap() {
        assert_eq!(
            stacked(&[(10.0, 30.0), (30.0, 30.0), (95.0, 30.0)], 100.0, 4.0),
            [(0.0, 0), (15.0, 1), (70.0, 0)]
        );
    }

    #[test]
    fn labels_at_ends_are_pushed_apart() {
        assert_eq!(
            spread(&[50.0, 52.0, 99.0], 14.0, 0.0, 100.0),
            [50.0, 64.0, 99.0]
        );
        assert_eq!(spread(&[98.0, 99.0], 14.0, 0.0, 100.0), [86.0, 100.0]);
    }
}
