//! A function's own figures: its curve, and what a network feeds it under that curve.

use std::fmt::Write as _;

use knee::{Function, Monotone, Tail};

use crate::number::{percent, short};
use crate::{Area, Axis, Figure, Ink, Line, Points, Span, Table};

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
fn saturation_slope(function: &Function) -> f64 {
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

/// The function and its derivative, with the ranges shaded in which it is flat or saturated.
pub fn curve(function: &Function) -> Figure {
    let reach = reach(function);
    let plot = Plot::new(function, -reach, reach, true);
    let name = function.to_string();
    let mut figure = plot
        .figure(
            slug("curve", function),
            format!("{name} and its derivative"),
            "x",
        )
        .describe(description(function, &plot));
    figure = shaded(figure, function, |range| match range.stillness {
        Stillness::Flat => "flat: f' = 0".to_string(),
        Stillness::Saturated => "saturated".to_string(),
    });
    figure = figure
        .with(Line {
            label: "f(x)".to_string(),
            points: plot.values.clone(),
            ink: Ink::Blue,
            markers: false,
        })
        .with(Line {
            label: match plot.divisor {
                1.0 => "f'(x)".to_string(),
                divisor => format!("f'(x) / {}", short(divisor)),
            },
            points: plot.slopes.clone(),
            ink: Ink::Vermilion,
            markers: false,
        });
    if !plot.jumps.is_empty() {
        figure = figure.with(Points {
            label: "f' where it jumps".to_string(),
            points: plot.jumps.clone(),
            ink: Ink::Vermilion,
        });
    }
    figure.numbers = Some(plot.table(&figure.title));
    figure
}

/// A histogram of pre-activations under the function's own curve, with the ranges shaded in which the function is flat
/// or saturated, and the share of the values that lies there.
///
/// `counts[i]` values lie between `edges[i]` and `edges[i + 1]`; the outermost edges may be infinite. Where a range
/// ends inside a bin, the bin's values count as evenly spread; those of an infinite bin count only if it lies in the
/// range as a whole.
///
/// # Panics
/// If there is not one edge more than there are counts.
pub fn histogram_under_curve(
    slug: impl Into<String>,
    title: impl Into<String>,
    function: &Function,
    edges: &[f64],
    counts: &[u64],
) -> Figure {
    assert_eq!(
        edges.len(),
        counts.len() + 1,
        "{} edges for {} counts: a histogram has one edge more",
        edges.len(),
        counts.len()
    );
    let bins: Vec<(f64, f64, u64)> = edges
        .windows(2)
        .zip(counts)
        .map(|(edges, count)| (edges[0], edges[1], *count))
        .collect();
    let total = counts.iter().copied().fold(0, u64::saturating_add);
    let (low, high) = visible(function, &bins);
    let plot = Plot::new(function, low, high, false);
    let name = function.to_string();

    let mut description = format!("{total} pre-activations of {name}.");
    let mut figure = plot.figure(slug.into(), title.into(), "pre-activation z");
    figure = shaded(figure, function, |range| {
        let share = share_within(&bins, total, range.low, range.high);
        let (label, reason) = match range.stillness {
            Stillness::Flat => ("flat", "the slope is 0".to_string()),
            Stillness::Saturated => (
                "saturated",
                format!("the slope is below {}", short(saturation_slope(function))),
            ),
        };
        let _ = write!(
            description,
            " {} lie {}, where {reason}.",
            percent(share),
            in_words(range.low, range.high)
        );
        format!("{label}: {}", percent(share))
    });
    // Bins of different widths are compared by their density.
    let heights = bins.iter().map(|(low, high, count)| {
        if *count == 0 {
            0.0
        } else {
            *count as f64 / (high - low)
        }
    });
    figure = figure
        .with(Area {
            label: format!("pre-activations z ({total})"),
            edges: edges.to_vec(),
            heights: heights.collect(),
            ink: Ink::Green,
            own_scale: Some(0.8),
        })
        .with(Line {
            label: "f(z)".to_string(),
            points: plot.values.clone(),
            ink: Ink::Blue,
            markers: false,
        });
    for (begin, end, count) in &bins {
        if !(begin.is_finite() && end.is_finite()) && *count > 0 {
            let _ = write!(
                description,
                " {} lie {}, outside the figure.",
                percent(*count as f64 / total as f64),
                in_words(*begin, *end)
            );
        }
    }
    figure.description = description;
    figure.numbers = Some(Table {
        caption: figure.title.clone(),
        header: ["from", "to", "count", "share"]
            .map(str::to_string)
            .to_vec(),
        rows: bins
            .iter()
            .filter(|(_, _, count)| *count > 0)
            .map(|(low, high, count)| {
                vec![
                    short(*low),
                    short(*high),
                    count.to_string(),
                    percent(*count as f64 / total as f64),
                ]
            })
            .collect(),
    });
    figure
}

/// Slopes beyond this are drawn divided by their largest.
const LARGE_SLOPE: f64 = 8.0;

/// How far the curve is shown to both sides of 0: past every kink, or over a few periods.
fn reach(function: &Function) -> f64 {
    let facts = function.facts();
    match (facts.right, facts.lipschitz) {
        // The largest slope of sin(w x) is w.
        (Tail::Oscillates, Some(slope)) if slope > 0.0 => 6.0 / slope,
        _ => facts
            .kinks
            .iter()
            .map(|kink| (kink.at.abs() + 2.0).ceil())
            .fold(6.0, f64::max),
    }
}

/// A function sampled over a range.
struct Plot {
    low: f64,
    high: f64,
    /// Lowest and highest value along y.
    bottom: f64,
    top: f64,
    values: Vec<(f64, f64)>,
    /// The slope, with a gap where it jumps.
    slopes: Vec<(f64, f64)>,
    /// By what slopes are divided, so that they fit beside the values: 1, unless they are very large.
    divisor: f64,
    /// The declared slope where it jumps.
    jumps: Vec<(f64, f64)>,
    function: Function,
}

impl Plot {
    const SAMPLES: u32 = 960;

    fn new(function: &Function, low: f64, high: f64, with_slopes: bool) -> Self {
        let facts = function.facts();
        let mut arguments: Vec<f64> = (0..=Self::SAMPLES)
            .map(|index| low + (high - low) * f64::from(index) / f64::from(Self::SAMPLES))
            .chain(
                facts
                    .kinks
                    .iter()
                    .map(|kink| kink.at)
                    .filter(|at| (low..=high).contains(at)),
            )
            .collect();
        arguments.sort_by(f64::total_cmp);
        arguments.dedup();
        let divisor = facts
            .lipschitz
            .filter(|slope| with_slopes && *slope > LARGE_SLOPE)
            .unwrap_or(1.0);
        let slope = |z: f64| function.derivative(z) / divisor;
        let (mut values, mut slopes, mut jumps) = (Vec::new(), Vec::new(), Vec::new());
        for z in arguments {
            values.push((z, function.value(z)));
            let beside = 1e-9 * z.abs().max(1.0);
            let (before, declared, after) = (slope(z - beside), slope(z), slope(z + beside));
            let at_kink = facts.kinks.iter().any(|kink| kink.at == z);
            if at_kink && (before - after).abs() > 1e-6 {
                slopes.extend([(z, before), (z, f64::NAN), (z, after)]);
                jumps.push((z, declared));
            } else {
                slopes.push((z, declared));
            }
        }
        let limits = [facts.left, facts.right]
            .into_iter()
            .map(|tail| match tail {
                Tail::Saturates { limit } => limit.abs(),
                _ => 0.0,
            });
        // What grows faster than its argument leaves the figure through the top.
        let cap = limits.fold(low.abs().max(high.abs()).max(1.0), f64::max);
        let shown = values
            .iter()
            .chain(if with_slopes { slopes.as_slice() } else { &[] });
        let (bottom, top) = shown
            .map(|point| point.1)
            .filter(|y| y.is_finite())
            .fold((0.0_f64, 0.0_f64), |(bottom, top), y| {
                (bottom.min(y.max(-cap)), top.max(y.min(cap)))
            });
        let margin = if top > bottom {
            0.05 * (top - bottom)
        } else {
            1.0
        };
        Self {
            low,
            high,
            bottom: bottom - margin,
            top: top + margin,
            values,
            slopes,
            divisor,
            jumps,
            function: *function,
        }
    }

    fn figure(&self, slug: String, title: String, variable: &str) -> Figure {
        let x = Axis::linear(variable).range(self.low, self.high);
        Figure::new(
            slug,
            title,
            x,
            Axis::linear("").range(self.bottom, self.top),
        )
    }

    /// Values and slopes at round arguments.
    fn table(&self, caption: &str) -> Table {
        const ROWS: u32 = 24;
        let step = (self.high - self.low) / f64::from(ROWS);
        Table {
            caption: caption.to_string(),
            header: ["x", "f(x)", "f'(x)"].map(str::to_string).to_vec(),
            rows: (0..=ROWS)
                .map(|index| {
                    let z = self.low + f64::from(index) * step;
                    vec![
                        short(z),
                        short(self.function.value(z)),
                        short(self.function.derivative(z)),
                    ]
                })
                .collect(),
        }
    }
}

fn slug(kind: &str, function: &Function) -> String {
    let mut slug = format!("{kind}-{}", function.name());
    for parameter in function.parameters() {
        if parameter.value != parameter.default {
            let _ = write!(slug, "-{}-{}", parameter.name, short(parameter.value));
        }
    }
    slug
}

fn shaded(
    mut figure: Figure,
    function: &Function,
    mut label: impl FnMut(&StillRange) -> String,
) -> Figure {
    for range in still_ranges(function) {
        figure = figure.with(Span {
            label: label(&range),
            low: range.low,
            high: range.high,
        });
    }
    figure
}

/// What the curve shows, in words and numbers.
fn description(function: &Function, plot: &Plot) -> String {
    let facts = function.facts();
    let (value, slope): (f64, f64) = (function.value(0.0), function.derivative(0.0));
    let mut text = format!(
        "{function}: f(0) = {}, f'(0) = {}.",
        short(value),
        short(slope)
    );
    text.push_str(match facts.monotone {
        Monotone::NonDecreasing => " It never falls.",
        Monotone::NonIncreasing => " It never rises.",
        Monotone::No => " It rises and falls.",
    });
    let _ = write!(
        text,
        " Its values lie between {} and {}.",
        short(facts.range.low),
        short(facts.range.high)
    );
    match facts.lipschitz {
        Some(largest) => {
            let _ = write!(text, " Its slope is {} at most.", short(largest));
        }
        None => text.push_str(" Its slope has no bound."),
    }
    for range in still_ranges(function) {
        let place = in_words(range.low, range.high);
        let _ = match range.stillness {
            Stillness::Flat => write!(text, " Flat (slope 0) {place}."),
            Stillness::Saturated => {
                write!(
                    text,
                    " Saturated (slope below {}) {place}.",
                    short(saturation_slope(function))
                )
            }
        };
    }
    for (at, declared) in &plot.jumps {
        let _ = write!(
            text,
            " The slope jumps at {}, where it is taken as {}.",
            short(*at),
            short(*declared)
        );
    }
    text
}

fn in_words(low: f64, high: f64) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("between {} and {}", short(low), short(high)),
        (false, true) => format!("below {}", short(high)),
        (true, false) => format!("above {}", short(low)),
        (false, false) => "anywhere".to_string(),
    }
}

/// The range to show: all values that were counted in finite bins, the knees of the curve, and -3 to 3.
fn visible(function: &Function, bins: &[(f64, f64, u64)]) -> (f64, f64) {
    let counted = bins
        .iter()
        .filter(|(low, high, count)| *count > 0 && low.is_finite() && high.is_finite());
    let (low, high) = counted.fold((-3.0_f64, 3.0_f64), |(low, high), bin| {
        (low.min(bin.0), high.max(bin.1))
    });
    function
        .facts()
        .kinks
        .iter()
        .fold((low, high), |(low, high), kink| {
            (low.min(kink.at - 1.0), high.max(kink.at + 1.0))
        })
}

fn share_within(bins: &[(f64, f64, u64)], total: u64, low: f64, high: f64) -> f64 {
    let within: f64 = bins
        .iter()
        .map(|&(begin, end, count)| {
            let part = if begin >= low && end <= high {
                1.0
            } else if begin.is_finite() && end.is_finite() && end > begin {
                (end.min(high) - begin.max(low)).max(0.0) / (end - begin)
            } else {
                0.0
            };
            part * count as f64
        })
        .sum();
    within / total as f64
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
                            assert!(inside == 0.0 && outside != 0.0, "{function}: {range:?}")
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

    #[test]
    fn shares_are_exact_where_bins_end_with_the_range() {
        let edges = [f64::NEG_INFINITY, -2.0, 0.0, 1.0];
        let figure =
            histogram_under_curve("under", "Under relu", &named("relu"), &edges, &[10, 20, 70]);
        assert_eq!(
            figure.description,
            "100 pre-activations of relu. 30 % lie below 0, where the slope is 0. 10 % lie below -2, outside the figure."
        );
        assert_eq!(figure.table().rows[0], ["-inf", "-2", "10", "10 %"]);
    }

    #[test]
    fn a_histogram_of_nothing_is_still_a_figure() {
        let figure = histogram_under_curve("under", "Under relu", &named("relu"), &[0.0], &[]);
        assert!(figure.svg().contains("flat: -"));
    }

    #[test]
    #[should_panic(expected = "2 edges for 2 counts")]
    fn a_histogram_without_its_last_edge_panics() {
        let _ = histogram_under_curve("under", "Under relu", &named("relu"), &[0.0, 1.0], &[1, 2]);
    }

    #[test]
    fn slugs_tell_parameters_apart() {
        assert_eq!(curve(&named("elu")).slug, "curve-elu");
        assert_eq!(curve(&named("elu(alpha=0.5)")).slug, "curve-elu-alpha-0.5");
    }
}
