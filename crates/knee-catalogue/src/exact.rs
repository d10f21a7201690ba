//! The true value of a function, whatever its kind, in words and numbers.

use knee::{Facts, Tail};
use knee_oracle::{Big, Truth};

use crate::Entry;

/// Digits with which true values are written.
pub(crate) const DIGITS: usize = 30;

/// The formula of a function of one number, ready to be evaluated; `None` where there is none that can be.
pub(crate) fn truth(entry: &Entry) -> Option<Truth> {
    match entry {
        Entry::Element(function) => Truth::of(function).ok(),
        Entry::Learned(_) => {
            let parameters = entry.parameters();
            let parameters: Vec<(&str, f64)> =
                parameters.iter().map(|p| (p.name, p.value)).collect();
            Truth::documented(entry.about(), &parameters).ok()
        }
        _ => Truth::of(&entry.curve()?).ok(),
    }
}

/// What a function and its derivative are at an infinity, from the facts; `None` where the facts do not say it.
pub(crate) fn limit(facts: &Facts, x: f64) -> Option<(f64, f64)> {
    if x.is_nan() {
        return Some((f64::NAN, f64::NAN));
    }
    match if x > 0.0 { facts.right } else { facts.left } {
        Tail::Saturates { limit } => Some((limit, 0.0)),
        Tail::Linear { slope } => Some((slope * x, slope)),
        Tail::Oscillates => Some((f64::NAN, f64::NAN)),
        Tail::Grows | Tail::Sublinear => None,
    }
}

/// A number in decimal with 30 digits, with a power of ten where it is very large or very small.
pub(crate) fn decimal(number: &Big) -> String {
    let text = format!("{number:.DIGITS$}");
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => ("-", text),
        None => ("", text.as_str()),
    };
    let (mantissa, power) = text.split_once(['e', 'E', '@']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all: String = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    if digits.is_empty() {
        return "0".to_string();
    }
    let skipped = all.len() - digits.len();
    // The power of ten of the first digit.
    let places = |digits: usize| i64::try_from(digits).unwrap_or(i64::MAX);
    let exponent = places(whole.len()) - 1 - places(skipped) + power.parse::<i64>().unwrap_or(0);
    let digits = &digits[..digits.len().min(DIGITS)];
    let digits = digits.trim_end_matches('0');
    let text = match exponent {
        0..DIGITS_BEFORE => {
            let point = exponent as usize + 1;
            let padded = format!("{digits:0<point$}");
            let (whole, fraction) = padded.split_at(point);
            match fraction {
                "" => whole.to_string(),
                fraction => format!("{whole}.{fraction}"),
            }
        }
        ZEROS..0 => format!("0.{}{digits}", "0".repeat((-1 - exponent) as usize)),
        _ => {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            format!("{first}{point}{rest}e{exponent}")
        }
    };
    format!("{sign}{text}")
}

/// Numbers with so many digits before the point, or zeros behind it, are written without a power of ten.
const DIGITS_BEFORE: i64 = 16;
const ZEROS: i64 = -4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_thirty_digits() {
        let cases = [
            (0.0, "0"),
            (-8.0, "-8"),
            (0.5, "0.5"),
            (0.1, "0.100000000000000005551115123126"),
            (1200.0, "1200"),
            (-2f64.powi(-40), "-9.094947017729282379150390625e-13"),
            (1e300, "1.0000000000000000525047602552e300"),
        ];
        for (number, text) in cases {
            assert_eq!(decimal(&Big::of(number)), text);
        }
        let third = Big::of(1.0) / Big::of(3.0);
        assert_eq!(decimal(&third), "0.333333333333333333333333333333");
    }
}
