//! The best broken line between points of a curve.

/// For 1, 2, 3 and so on up to `pieces` straight pieces, the least possible largest error and the least possible root mean square
/// error of a continuous broken line that begins and ends with the values and has its knots on them. The values stand at equal
/// distances.
///
/// Dynamic programming: the best line of `k` pieces up to a point ends with one piece, before which there is a best line of
/// `k - 1` pieces.
pub(in crate::experiments) fn best(values: &[f64], pieces: usize) -> Vec<(f64, f64)> {
    let points = values.len();
    if points < 2 {
        return vec![(0.0, 0.0); pieces.max(1)];
    }
    let piece = piece_errors(values);
    let at = |from: usize, to: usize| piece[from * points + to];
    let mut reached: Vec<(f64, f64)> = (0..points).map(|to| at(0, to)).collect();
    let mut found = Vec::new();
    for _ in 0..pieces.max(1) {
        let (worst, squares) = reached[points - 1];
        found.push((worst, (squares / points as f64).sqrt()));
        reached = (0..points)
            .map(|to| {
                let start = reached[to];
                (1..to).fold(start, |(worst, squares), knot| {
                    let (before, last) = (reached[knot], at(knot, to));
                    (
                        worst.min(before.0.max(last.0)),
                        squares.min(before.1 + last.1),
                    )
                })
            })
            .collect();
    }
    found
}

/// For each pair of points the largest error of the straight piece between them, and the sum of the squares of its errors.
fn piece_errors(values: &[f64]) -> Vec<(f64, f64)> {
    let points = values.len();
    let mut errors = vec![(0.0, 0.0); points * points];
    for from in 0..points {
        for to in from + 2..points {
            let slope = (values[to] - values[from]) / (to - from) as f64;
            let (mut worst, mut squares) = (0.0_f64, 0.0);
            for at in from + 1..to {
                let error = values[from] + slope * (at - from) as f64 - values[at];
                worst = worst.max(error.abs());
                squares += error * error;
            }
            errors[from * points + to] = (worst, squares);
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_is_met_with_as_many_pieces_as_it_has() {
        let values: Vec<f64> = (-10..=10).map(|x| f64::from(x).abs()).collect();
        let found = best(&values, 3);
        assert_eq!(found[0].0, 10.0);
        assert_eq!(found[1], (0.0, 0.0));
        assert_eq!(found[2], (0.0, 0.0));
    }

    /// Equal pieces are best for a parabola, and the largest error of a chord is a quarter of the square of half its length.
    #[test]
    fn a_parabola_is_cut_into_equal_pieces() {
        let values: Vec<f64> = (0..=64).map(|x| (f64::from(x) / 64.0).powi(2)).collect();
        let found = best(&values, 8);
        for pieces in [1_u32, 2, 4, 8] {
            let length = 1.0 / f64::from(pieces);
            let error = found[pieces as usize - 1].0;
            assert!((error - length * length / 4.0).abs() < 1e-12, "{pieces}");
        }
    }
}
