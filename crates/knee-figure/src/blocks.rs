//! Bars and sparklines of one line, for tables of text.

use crate::Charset;

/// A bar of `width` cells filled by `share` (0 to 1), padded with blanks. A share that is not 0 shows at least a sliver;
/// NaN gives blanks.
///
/// ```
/// use knee_figure::{Charset, bar};
/// assert_eq!(bar(0.5, 5, Charset::Braille), "██▌  ");
/// assert_eq!(bar(0.5, 5, Charset::Ascii), "###  ");
/// ```
pub fn bar(share: f64, width: usize, charset: Charset) -> String {
    let parts = match charset {
        Charset::Braille => 8,
        Charset::Ascii => 1,
    };
    let share = if share.is_nan() {
        0.0
    } else {
        share.clamp(0.0, 1.0)
    };
    let mut filled = (share * (width * parts) as f64).round() as usize;
    if share > 0.0 && width > 0 {
        filled = filled.max(1);
    }
    let mut bar = match charset {
        Charset::Braille => "█",
        Charset::Ascii => "#",
    }
    .repeat(filled / parts);
    let mut used = filled / parts;
    let rest = filled % parts;
    if rest > 0 {
        bar.push(['▏', '▎', '▍', '▌', '▋', '▊', '▉'][rest - 1]);
        used += 1;
    }
    bar.push_str(&" ".repeat(width - used));
    bar
}

/// One cell per value, from the lowest to the highest finite one; `?` where a value is not finite.
///
/// ```
/// use knee_figure::{Charset, sparkline};
/// assert_eq!(sparkline(&[0.0, 1.0, 2.0, f64::NAN], Charset::Braille), "▁▅█?");
/// assert_eq!(sparkline(&[0.0, 1.0, 2.0], Charset::Ascii), "_=#");
/// ```
pub fn sparkline(values: &[f64], charset: Charset) -> String {
    let levels: &[char] = match charset {
        Charset::Braille => &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        Charset::Ascii => &['_', '.', '-', '=', '+', '#'],
    };
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let low = finite().fold(f64::INFINITY, f64::min);
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    values
        .iter()
        .map(|value| {
            if !value.is_finite() {
                return '?';
            }
            // Halved before they are subtracted, so that the largest range there is does not overflow.
            let range = high / 2.0 - low / 2.0;
            let height = if range > 0.0 {
                (value / 2.0 - low / 2.0) / range
            } else {
                0.5
            };
            levels[(height * (levels.len() - 1) as f64).round() as usize]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_keep_their_width() {
        for charset in [Charset::Braille, Charset::Ascii] {
            for share in [f64::NAN, -1.0, 0.0, 1e-9, 0.33, 1.0, 7.0, f64::INFINITY] {
                for width in [0, 1, 10] {
                    assert_eq!(
                        bar(share, width, charset).chars().count(),
                        width,
                        "{share} {width}"
                    );
                }
            }
        }
        assert_eq!(bar(1e-9, 3, Charset::Braille), "▏  ");
        assert_eq!(bar(0.0, 3, Charset::Braille), "   ");
    }

    #[test]
    fn sparklines_of_odd_data() {
        assert_eq!(sparkline(&[], Charset::Braille), "");
        assert_eq!(sparkline(&[3.0, 3.0], Charset::Braille), "▅▅");
        assert_eq!(sparkline(&[f64::MIN, f64::MAX], Charset::Braille), "▁█");
    }
}
