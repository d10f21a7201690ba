//! Numbers as text: few digits, the same bytes on every machine.

/// A number in at most four significant digits: `0.25`, `12340`, `1.5e-7`, `inf`, `NaN`.
///
/// ```
/// assert_eq!(knee_figure::short(0.0447151), "0.04472");
/// assert_eq!(knee_figure::short(-2.0), "-2");
/// assert_eq!(knee_figure::short(1.5e-7), "1.5e-7");
/// ```
pub fn short(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return special(value);
    }
    let exponent = exponent(value);
    if (-3..5).contains(&exponent) {
        let decimals = usize::try_from(3 - exponent).unwrap_or(0);
        trim_zeros(&format!("{value:.decimals$}"))
    } else {
        scientific(value, 3)
    }
}

/// A share between 0 and 1 as a percentage: `43.1 %`, `100 %`, `<0.1 %`, and `-` where it was not measured (NaN).
///
/// A share that is not 0 never reads as `0 %`, and one below 1 never as `100 %`.
///
/// ```
/// assert_eq!(knee_figure::percent(0.4312), "43.1 %");
/// assert_eq!(knee_figure::percent(0.00001), "<0.1 %");
/// assert_eq!(knee_figure::percent(0.99999), ">99.9 %");
/// ```
pub fn percent(share: f64) -> String {
    let percentage = share * 100.0;
    if percentage.is_nan() {
        "-".to_string()
    } else if percentage > 0.0 && percentage < 0.1 {
        "<0.1 %".to_string()
    } else if percentage > 99.9 && percentage < 100.0 {
        ">99.9 %".to_string()
    } else if percentage.is_infinite() {
        format!("{} %", special(percentage))
    } else {
        format!("{} %", trim_zeros(&format!("{percentage:.1}")))
    }
}

/// A coordinate with at most two decimals and no negative zero.
pub(crate) fn pixels(value: f64) -> String {
    trim_zeros(&format!("{value:.2}"))
}

/// A number with this many decimals behind the first digit of its mantissa.
pub(crate) fn scientific(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trim_zeros(mantissa)),
        None => text,
    }
}

/// The decimal exponent of a finite number other than 0. Read from its digits, so that no machine rounds a logarithm differently.
pub(crate) fn exponent(value: f64) -> i32 {
    let text = format!("{value:e}");
    text.split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0)
}

/// `fixed` without the zeros behind its last digit; `-0` becomes `0`.
pub(crate) fn trim_zeros(fixed: &str) -> String {
    let trimmed = if fixed.contains('.') {
        fixed.trim_end_matches('0').trim_end_matches('.')
    } else {
        fixed
    };
    if trimmed == "-0" { "0" } else { trimmed }.to_string()
}

fn special(value: f64) -> String {
    if value.is_nan() {
        "NaN"
    } else if value == 0.0 {
        "0"
    } else if value > 0.0 {
        "inf"
    } else {
        "-inf"
    }
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-0.2784645, "-0.2785"),
            (99999.0, "99999"),
            (100_000.0, "1e5"),
            (0.001, "0.001"),
            (0.000_999_99, "1e-3"),
            (f64::MIN_POSITIVE, "2.225e-308"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "NaN"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn shares_never_round_to_none_or_all() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(1e-9), "<0.1 %");
        assert_eq!(percent(0.9995), ">99.9 %");
        assert_eq!(percent(f64::NAN), "-");
    }

    #[test]
    fn coordinates_have_no_negative_zero() {
        assert_eq!(pixels(-0.001), "0");
        assert_eq!(pixels(12.5), "12.5");
        assert_eq!(pixels(12.346), "12.35");
    }
}
