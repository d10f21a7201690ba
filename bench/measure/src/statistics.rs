//! What is kept of repeated times.

/// The median of repeated measurements and the quartiles around it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Spread {
    /// Half of the measurements lie below.
    pub median: f64,
    /// A quarter of the measurements lies below.
    pub low: f64,
    /// A quarter of the measurements lies above.
    pub high: f64,
}

impl Spread {
    /// The spread of measurements; NaN if there are none.
    ///
    /// ```
    /// use measure::Spread;
    /// let spread = Spread::of(&[5.0, 1.0, 2.0, 4.0, 3.0]);
    /// assert_eq!((spread.low, spread.median, spread.high), (2.0, 3.0, 4.0));
    /// ```
    pub fn of(samples: &[f64]) -> Self {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            median: quantile(&sorted, 0.5),
            low: quantile(&sorted, 0.25),
            high: quantile(&sorted, 0.75),
        }
    }
}

/// The quantile of sorted numbers, linear between neighbours.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = share * last as f64;
    let below = position.floor() as usize;
    let above = position.ceil() as usize;
    sorted[below] + (sorted[above] - sorted[below]) * (position - below as f64)
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn one_measurement_is_its_own_spread() {
        let spread = Spread::of(&[7.0]);
        assert_eq!((spread.low, spread.median, spread.high), (7.0, 7.0, 7.0));
    }

    #[test]
    fn between_neighbours_a_quantile_is_linear() {
        let spread = Spread::of(&[4.0, 1.0]);
        assert_eq!((spread.low, spread.median, spread.high), (1.75, 2.5, 3.25));
    }

    #[test]
    fn no_measurement_has_no_median() {
        assert!(Spread::of(&[]).median.is_nan());
    }
}
