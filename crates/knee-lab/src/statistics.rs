//! Medians, and intervals that hold for any distribution.

/// The median; of an even number of values the mean of the two in the middle. NaN sorts above infinity; of nothing it is NaN.
pub fn median(values: &[f64]) -> f64 {
    let sorted = sorted(values);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => {
            let (low, high) = (sorted[n / 2 - 1], sorted[n / 2]);
            if low == high {
                low
            } else {
                f64::midpoint(low, high)
            }
        }
    }
}

/// The smallest and the largest value; NaN of nothing.
pub fn range(values: &[f64]) -> (f64, f64) {
    let sorted = sorted(values);
    match (sorted.first(), sorted.last()) {
        (Some(low), Some(high)) => (*low, *high),
        _ => (f64::NAN, f64::NAN),
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(a.is_nan().cmp(&b.is_nan())));
    sorted
}

/// The least confidence that is aimed at.
pub const CONFIDENCE: f64 = 0.9;

/// An interval for the median of the distribution that the values were drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The probability that such an interval covers the median, whatever the distribution.
    pub confidence: f64,
}

/// The narrowest pair of order statistics, as far from one end as from the other, that covers the median with a probability of
/// [`CONFIDENCE`] at least; the smallest and the largest value if there are too few for that. Of five values these are the ends,
/// with a probability of 1 - 2/32 = 0.9375.
///
/// Source: Thompson, "On confidence ranges for the median and other expectation distributions", 1936.
pub fn interval(values: &[f64]) -> Interval {
    let sorted = sorted(values);
    let n = sorted.len();
    if n == 0 {
        return Interval {
            low: f64::NAN,
            high: f64::NAN,
            confidence: 0.0,
        };
    }
    // The median lies below the value of rank r (counted from 0) with the probability of at most r heads in n throws.
    let mut below = (0..n).fold(1.0, |share, _| share / 2.0);
    let mut outside = below;
    let mut rank = 0;
    for r in 1..n.div_ceil(2) {
        below *= (n - r + 1) as f64 / r as f64;
        if 1.0 - 2.0 * (outside + below) < CONFIDENCE {
            break;
        }
        outside += below;
        rank = r;
    }
    Interval {
        low: sorted[rank],
        high: sorted[n - 1 - rank],
        confidence: (1.0 - 2.0 * outside).max(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_values_give_their_ends_with_fifteen_sixteenths() {
        let five = interval(&[3.0, 1.0, 2.0, 5.0, 4.0]);
        assert_eq!((five.low, five.high, five.confidence), (1.0, 5.0, 0.9375));
    }

    #[test]
    fn more_values_give_a_narrower_interval() {
        let values: Vec<f64> = (0..20).map(f64::from).collect();
        let twenty = interval(&values);
        // Ranks 6 and 15 of 20: 1 - 2 P(at most 5 heads) = 0.9586.
        assert_eq!((twenty.low, twenty.high), (5.0, 14.0));
        assert!((twenty.confidence - 0.9586).abs() < 1e-4);
    }

    #[test]
    fn never_is_a_value_like_any_other() {
        assert_eq!(median(&[1.0, f64::INFINITY, f64::INFINITY]), f64::INFINITY);
        assert_eq!(median(&[f64::INFINITY, f64::INFINITY]), f64::INFINITY);
        assert!(median(&[f64::NAN, f64::NAN, 1.0]).is_nan());
        assert_eq!(interval(&[7.0]).confidence, 0.0);
    }
}
