//! Ranges of pre-activations in which a function passes no gradient, or little.

use knee::{Function, Tail};

/// Where a tail is called saturated: the slope is below this part of its root mean square over `Z ~ N(0, 1)`.
///
/// It is relative to the function's own slope at work, so that a sigmoid, whose slope is 0.25 at most, and an exponential,
/// whose slope has no bound, are judged alike.
pub const SATURATED: f64 = 0.05;

/// Why a range passes no gradient, or little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stillness {
    /// The slope is exactly 0.
    Flat,
    /// The slope is below [`SATURATED`] times its root mean square, from here to infinity.
    Saturated,
}

/// A range of pre-activations that passes no gradient, or little.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StillRange {
    /// Where it begins; may be infinite.
    pub low: f64,
    /// Where it ends; may be infinite.
    pub high: f64,
    /// Why it is one.
    pub stillness: Stillness,
}

/// The ranges in which a function is flat, and the tails in which it is saturated, in ascending order.
///
/// ```
/// use knee::Function;
/// use knee_figure::{Stillness, still_ranges};
///
/// let relu = still_ranges(&Function::parse("relu").unwrap());
/// assert_eq!((relu[0].low, relu[0].high, relu[0].stillness), (f64::NEG_INFINITY, 0.0, Stillness::Flat));
/// let sigmoid = still_ranges(&Function::parse("sigmoid").unwrap());
/// assert!((sigmoid[1].low - 4.5).abs() < 0.1);
/// ```
pub fn still_ranges(function: &Function) -> Vec<StillRange> {
    let facts = function.facts();
    let mut ranges: Vec<StillRange> = facts
        .flat
        .iter()
        .map(|interval| StillRange {
            low: interval.low,
            high: interval.high,
            stillness: Stillness::Flat,
        })
        .collect();
    let threshold = saturation_slope(function);
    for (tail, side) in [(facts.left, -1.0), (facts.right, 1.0)] {
        let flat = facts.flat.iter().find(|flat| {
            if side < 0.0 {
                flat.low == f64::NEG_INFINITY
            } else {
                flat.high == f64::INFINITY
            }
        });
        if !matches!(tail, Tail::Saturates { .. }) || flat.is_some() || !threshold.is_finite() {
            continue;
        }
        if let Some(begin) = tail_below(function, side, threshold) {
            ranges.push(StillRange {
                low: if side < 0.0 { f64::NEG_INFINITY } else { begin },
                high: if side < 0.0 { begin } else { f64::INFINITY },
                stillness: Stillness::Saturated,
            });
        }
    }
    ranges.sort_by(|a, b| a.low.total_cmp(&b.low));
    ranges
}

/// The slope below which a tail is called saturated.
pub(crate) fn saturation_slope(function: &Function) -> f64 {
    SATURATED * function.moments().slope_second.sqrt()
}

/// Where, coming from infinity on one side, the slope reaches `threshold` for the first time.
fn tail_below(function: &Function, side: f64, threshold: f64) -> Option<f64> {
    const STEPS: u32 = 4096;
    let reaches = |distance: f64| {
        let slope: f64 = function.derivative(side * distance);
        slope.abs() >= threshold
    };
    // How far out to begin: a small parameter (beta of swish) stretches the tail.
    let farthest = (3..40)
        .map(|power| 2f64.powi(power))
        .find(|distance| !reaches(*distance) && !reaches(2.0 * distance))?;
    let far = 2.0 * farthest;
    let step = 2.0 * far / f64::from(STEPS);
    let first = (1..=STEPS)
        .map(|index| far - f64::from(index) * step)
        .find(|distance| reaches(*distance))?;
    let (mut inner, mut outer) = (first, first + step);
    for _ in 0..60 {
        let middle = f64::midpoint(inner, outer);
        if reaches(middle) {
            inner = middle;
        } else {
            outer = middle;
        }
    }
    Some(side * outer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Function {
        Function::parse(name).expect("a function")
    }

    #[test]
    fn still_ranges_begin_where_the_slope_says() {
        for function in Function::all() {
            for range in still_ranges(&function) {
                assert!(range.low < range.high, "{function}: {range:?}");
                let ends = [(range.low, 1.0), (range.high, -1.0)]
                    .into_iter()
                    .filter(|(end, _)| end.is_finite());
                for (end, inwards) in ends {
                    let inside: f64 = function.derivative(end + 1e-3 * inwards);
                    let outside: f64 = function.derivative(end - 1e-3 * inwards);
                    match range.stillness {
                        Stillness::Flat => {
                            assert!(inside == 0.0 && outside != 0.0, "{function}: {range:?}");
                        }
                        Stillness::Saturated => {
                            let threshold = saturation_slope(&function);
                            assert!(
                                inside.abs() < threshold && outside.abs() > threshold,
                                "{function}: {range:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn lines_that_go_on_have_no_still_range() {
        assert_eq!(still_ranges(&named("identity")), []);
        assert_eq!(still_ranges(&named("leaky_relu")), []);
        assert_eq!(still_ranges(&named("sine")), []);
    }

    #[test]
    fn a_stretched_tail_is_found() {
        let range = still_ranges(&named("swish_beta(beta=0.01)"))[0];
        assert!(
            range.low == f64::NEG_INFINITY && range.high < -100.0,
            "{range:?}"
        );
    }
}
