//! Numbers as the page shows them, and means.

/// Two decimals, three below 0.1, one from 100 on; in the page 0.995 is 1.00, and it counts as such.
pub(super) fn shown(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude < 0.0995 {
        format!("{value:.3}")
    } else if magnitude < 99.5 {
        format!("{value:.2}")
    } else {
        format!("{value:.0}")
    }
}

/// The value that is shown.
pub(super) fn rounded(value: f64) -> f64 {
    shown(value).parse().unwrap_or(value)
}

/// An error in ulp: few digits, powers of ten where it is large.
pub(super) fn ulps(value: Option<f64>) -> String {
    match value {
        None => "inf".to_owned(),
        Some(value) if value < 9.95 => format!("{value:.1}"),
        Some(value) if value < 999.5 => format!("{value:.0}"),
        Some(value) => format!("{value:.0e}"),
    }
}

/// An error with its unit, or that it was not looked for.
pub(super) fn ulp_words(ulp: Option<f64>) -> String {
    match ulp {
        None => "error not measured".to_owned(),
        Some(ulp) => format!("{} ulp", ulps(ulp.is_finite().then_some(ulp))),
    }
}

/// The geometric mean; `None` of nothing.
pub(super) fn geometric_mean(values: &[f64]) -> Option<f64> {
    let logarithms: f64 = values.iter().map(|value| value.ln()).sum();
    (!values.is_empty()).then(|| (logarithms / values.len() as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_of_ratios_is_geometric() {
        assert_eq!(geometric_mean(&[0.5, 2.0]), Some(1.0));
        assert_eq!(geometric_mean(&[]), None);
    }

    #[test]
    fn digits_follow_the_size() {
        assert_eq!(shown(0.0217), "0.022");
        assert_eq!(shown(0.0996), "0.10");
        assert_eq!(shown(1.2345), "1.23");
        assert_eq!(shown(412.3), "412");
        assert_eq!(rounded(0.9961), 1.0);
        assert_eq!(ulps(Some(0.501)), "0.5");
        assert_eq!(ulps(Some(16_777_216.0)), "2e7");
        assert_eq!(ulps(None), "inf");
    }
}
