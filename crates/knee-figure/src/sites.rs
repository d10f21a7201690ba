//! Figures with one line per site of a network, from the input down to the output.

use std::fmt::Write as _;

use crate::number::{percent, short};
use crate::{Axis, Bars, Figure, Ink, Line, Note, Table};

/// One number per site; `None` where it was not measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What was measured.
    pub label: String,
    /// The numbers, in the order of the sites.
    pub values: Vec<Option<f64>>,
}

impl Series {
    /// A series from its name and numbers.
    pub fn new(label: impl Into<String>, values: Vec<Option<f64>>) -> Self {
        Self {
            label: label.into(),
            values,
        }
    }

    fn is_measured(&self) -> bool {
        self.values.iter().any(Option::is_some)
    }
}

/// A quantity by depth on a logarithmic axis: how gradients vanish or explode. `measure` is what the axis shows.
///
/// A value that has no place on such an axis (0, negative, not finite) is written out at the edge: it is often the finding.
///
/// # Panics
/// If a series is not as long as `sites`.
pub fn by_depth(
    slug: impl Into<String>,
    title: impl Into<String>,
    measure: impl Into<String>,
    sites: &[String],
    series: &[Series],
) -> Figure {
    check_lengths(sites, series);
    let mut axis = Axis::log(measure);
    axis.range = range_with_edges(series);
    let mut figure = Figure::new(slug, title, axis, Axis::categories("", sites.to_vec()));
    let measured = || {
        series
            .iter()
            .enumerate()
            .filter(|(_, one)| one.is_measured())
    };
    for (index, one) in measured() {
        let points = one.values.iter().enumerate().map(|(site, value)| {
            let value = value.filter(|value| *value > 0.0 && value.is_finite());
            (value.unwrap_or(f64::NAN), site as f64)
        });
        figure = figure.with(Line {
            label: one.label.clone(),
            points: points.collect(),
            ink: Ink::series(index),
            markers: true,
        });
    }
    for site in 0..sites.len() {
        for (infinite, edge) in [(false, f64::NEG_INFINITY), (true, f64::INFINITY)] {
            let off: Vec<String> = series
                .iter()
                .filter_map(|one| one.values[site].map(|value| (one, value)))
                .filter(|(_, value)| {
                    !(*value > 0.0 && value.is_finite()) && (*value == f64::INFINITY) == infinite
                })
                .map(|(one, value)| {
                    if measured().count() > 1 {
                        format!("{} = {}", one.label, short(value))
                    } else {
                        short(value)
                    }
                })
                .collect();
            if !off.is_empty() {
                figure = figure.with(Note {
                    text: off.join(", "),
                    at: (if infinite { edge } else { 0.0 }, site as f64),
                });
            }
        }
    }
    figure.description = series
        .iter()
        .map(|one| ends(one, sites))
        .collect::<Vec<_>>()
        .join(" ");
    figure.numbers = Some(table(&figure.title, sites, series, short));
    figure
}

/// Shares (0 to 1) as bars by site: zeros, dead, saturated.
///
/// # Panics
/// If a series is not as long as `sites`.
pub fn bars_by_site(
    slug: impl Into<String>,
    title: impl Into<String>,
    sites: &[String],
    series: &[Series],
) -> Figure {
    check_lengths(sites, series);
    let axis = Axis::linear("share").unit("%").range(0.0, 100.0);
    let mut figure = Figure::new(slug, title, axis, Axis::categories("", sites.to_vec()));
    for (index, one) in series
        .iter()
        .enumerate()
        .filter(|(_, one)| one.is_measured())
    {
        let values = one
            .values
            .iter()
            .map(|share| share.map_or(f64::NAN, |share| 100.0 * share));
        figure = figure.with(Bars {
            label: one.label.clone(),
            values: values.collect(),
            ink: Ink::series(index),
        });
    }
    figure.description = series
        .iter()
        .map(|one| largest(one, sites))
        .collect::<Vec<_>>()
        .join(" ");
    figure.numbers = Some(table(&figure.title, sites, series, percent));
    figure
}

/// The decades of the data, with room for what is written at their edges.
fn range_with_edges(series: &[Series]) -> Option<(f64, f64)> {
    let values = || {
        series
            .iter()
            .flat_map(|one| one.values.iter().copied().flatten())
    };
    let places = || values().filter(|value| *value > 0.0 && value.is_finite());
    let low = places().reduce(f64::min)?.log10().floor();
    let high = places().reduce(f64::max)?.log10().ceil().max(low + 1.0);
    let edge = |is_written: bool| (high - low) * if is_written { 0.2 } else { 0.03 };
    let below = values().any(|value| value.is_nan() || value <= 0.0);
    let above = values().any(|value| value == f64::INFINITY);
    Some((
        10f64.powf(low - edge(below)),
        10f64.powf(high + edge(above)),
    ))
}

fn check_lengths(sites: &[String], series: &[Series]) {
    for one in series {
        assert_eq!(
            one.values.len(),
            sites.len(),
            "the series \"{}\" has {} values for {} sites",
            one.label,
            one.values.len(),
            sites.len()
        );
    }
}

/// The first and the last measured value, and their ratio.
fn ends(series: &Series, sites: &[String]) -> String {
    let mut measured = series
        .values
        .iter()
        .zip(sites)
        .filter_map(|(value, site)| value.map(|value| (value, site)));
    let label = &series.label;
    match (measured.next(), measured.next_back()) {
        (Some((first, from)), Some((last, to))) => {
            let mut text = format!(
                "{label}: {} at {from}, {} at {to}",
                short(first),
                short(last)
            );
            if first > 0.0 && last > 0.0 && (first / last).is_finite() {
                let _ = write!(text, " (ratio {} to 1)", short(first / last));
            }
            text.push('.');
            text
        }
        (Some((value, site)), None) => format!("{label}: {} at {site}.", short(value)),
        (None, _) => format!("{label}: not measured."),
    }
}

/// The site with the largest share.
fn largest(series: &Series, sites: &[String]) -> String {
    let measured = series
        .values
        .iter()
        .zip(sites)
        .filter_map(|(share, site)| share.map(|share| (share, site)));
    let label = &series.label;
    match measured
        .filter(|(share, _)| !share.is_nan())
        .max_by(|a, b| a.0.total_cmp(&b.0))
    {
        Some((share, site)) => format!("{label}: at most {}, at {site}.", percent(share)),
        None => format!("{label}: not measured."),
    }
}

fn table(caption: &str, sites: &[String], series: &[Series], text: fn(f64) -> String) -> Table {
    let names = series.iter().map(|one| one.label.clone());
    Table {
        caption: caption.to_string(),
        header: std::iter::once("site".to_string()).chain(names).collect(),
        rows: sites
            .iter()
            .enumerate()
            .map(|(index, site)| {
                let cells = series
                    .iter()
                    .map(|one| one.values[index].map_or_else(|| "not measured".to_string(), text));
                std::iter::once(site.clone()).chain(cells).collect()
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Charset;

    fn sites(count: usize) -> Vec<String> {
        (1..=count).map(|site| format!("act{site}")).collect()
    }

    #[test]
    fn zeros_and_infinities_are_written_out() {
        let series = Series::new(
            "gradient",
            vec![
                Some(1.0),
                Some(0.0),
                Some(f64::INFINITY),
                Some(f64::NAN),
                None,
            ],
        );
        let figure = by_depth(
            "depth",
            "Gradient by depth",
            "gradient",
            &sites(5),
            &[series],
        );
        let text = figure.terminal(60, 0, Charset::Ascii, false);
        let rows: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("act"))
            .collect();
        assert!(rows[1].contains("|  0"), "{text}");
        assert!(rows[2].ends_with("inf"), "{text}");
        assert!(rows[3].contains("|  NaN"), "{text}");
        assert_eq!(rows[4].trim_end(), "act5 |");
        assert_eq!(figure.table().rows[4], ["act5", "not measured"]);
    }

    #[test]
    fn descriptions_hold_the_numbers() {
        let vanishing = Series::new(
            "gradient",
            (0..4).map(|depth| Some(10f64.powi(depth - 3))).collect(),
        );
        let figure = by_depth(
            "depth",
            "Gradient by depth",
            "gradient",
            &sites(4),
            &[vanishing],
        );
        assert_eq!(
            figure.description,
            "gradient: 0.001 at act1, 1 at act4 (ratio 0.001 to 1)."
        );
        let dead = Series::new("dead", vec![Some(0.25), Some(0.75), None]);
        let figure = bars_by_site("dead", "Dead units", &sites(3), &[dead]);
        assert_eq!(figure.description, "dead: at most 75 %, at act2.");
    }

    #[test]
    #[should_panic(expected = "the series \"dead\" has 1 values for 2 sites")]
    fn lengths_that_differ_panic() {
        let _ = bars_by_site("a", "b", &sites(2), &[Series::new("dead", vec![None])]);
    }
}
