//! What a network feeds a function, under the function's own curve.

use std::fmt::Write as _;

use knee::Function;

use crate::number::{percent, short};
use crate::plot::{Plot, in_words, shaded};
use crate::still::saturation_slope;
use crate::{Area, Figure, Ink, Line, Stillness, Table};

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
}
