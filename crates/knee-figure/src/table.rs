//! The numbers behind a figure.

use std::fmt::Write as _;

use crate::axis::Scale;
use crate::number::short;
use crate::text::{cells, clean, escape};
use crate::{Band, Figure, Layer, Polygon};

/// More rows than this are thinned: a table is read, not scrolled through.
const ROWS: usize = 40;

/// A table of numbers as text: the first column names the row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows, each as long as the header.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// An HTML table with a caption and scoped headers.
    pub fn html(&self) -> String {
        let mut html = String::from("<table>");
        if !self.caption.is_empty() {
            let _ = write!(html, "<caption>{}</caption>", escape(&self.caption));
        }
        html.push_str("<thead><tr>");
        for name in &self.header {
            let _ = write!(html, "<th scope=\"col\">{}</th>", escape(name));
        }
        html.push_str("</tr></thead><tbody>");
        for row in &self.rows {
            html.push_str("<tr>");
            for (column, cell) in row.iter().enumerate() {
                if column == 0 {
                    let _ = write!(html, "<th scope=\"row\">{}</th>", escape(cell));
                } else {
                    let _ = write!(html, "<td>{}</td>", escape(cell));
                }
            }
            html.push_str("</tr>");
        }
        html.push_str("</tbody></table>");
        html
    }

    /// Aligned columns for a terminal: names to the left, numbers to the right. Ends with a line break.
    pub fn text(&self) -> String {
        let columns = self.header.len();
        let mut widths = vec![0; columns];
        for row in std::iter::once(&self.header).chain(&self.rows) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cells(&clean(cell)).max(*width);
            }
        }
        let mut text = String::new();
        for row in std::iter::once(&self.header).chain(&self.rows) {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let cell = clean(cell);
                let padding = " ".repeat(width - cells(&cell));
                if column == 0 {
                    let _ = write!(line, "{cell}{padding}");
                } else {
                    let _ = write!(line, "  {padding}{cell}");
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The table that follows from the layers: one row per position, one column per series.
    ///
    /// A figure with polygons has one row for each of them instead.
    pub(crate) fn derived(figure: &Figure) -> Self {
        let polygons: Vec<(&str, &Polygon)> = figure
            .layers
            .iter()
            .filter_map(|layer| match layer {
                Layer::Polygons(polygons) => Some(polygons),
                _ => None,
            })
            .flat_map(|layer| layer.polygons.iter().map(|one| (layer.label.as_str(), one)))
            .collect();
        if polygons.is_empty() {
            Self::of_series(figure)
        } else {
            Self::of_polygons(figure, &polygons)
        }
    }

    fn of_polygons(figure: &Figure, polygons: &[(&str, &Polygon)]) -> Self {
        let header = ["polygon", "layer", "corners"].map(str::to_string).to_vec();
        let every = polygons.len().div_ceil(ROWS).max(1);
        let rows = polygons
            .iter()
            .enumerate()
            .step_by(every)
            .map(|(index, (layer, polygon))| {
                let corners: Vec<String> = polygon
                    .corners
                    .iter()
                    .map(|&(x, y)| format!("({}, {})", short(x), short(y)))
                    .collect();
                let name = if polygon.label.is_empty() {
                    (index + 1).to_string()
                } else {
                    polygon.label.clone()
                };
                vec![name, (*layer).to_string(), corners.join(" ")]
            })
            .collect();
        Self {
            caption: figure.title.clone(),
            header,
            rows,
        }
    }

    fn of_series(figure: &Figure) -> Self {
        // With categories along y the series run downwards, so y is the key and x the value.
        let (names, key, swapped) = match (&figure.y.scale, &figure.x.scale) {
            (Scale::Categories(names), _) => (Some(names), &figure.y, true),
            (_, Scale::Categories(names)) => (Some(names), &figure.x, false),
            _ => (None, &figure.x, false),
        };
        let series: Vec<(String, Vec<(f64, f64)>)> = figure
            .layers
            .iter()
            .flat_map(|layer| match layer {
                Layer::Line(line) => vec![(line.label.clone(), keyed(&line.points, swapped))],
                Layer::Points(points) => {
                    vec![(points.label.clone(), keyed(&points.points, swapped))]
                }
                Layer::Bars(bars) => {
                    let indexed = bars.values.iter().enumerate();
                    vec![(
                        bars.label.clone(),
                        indexed
                            .map(|(index, value)| (index as f64, *value))
                            .collect(),
                    )]
                }
                Layer::Area(area) => vec![(
                    area.label.clone(),
                    area.edges
                        .iter()
                        .copied()
                        .zip(area.heights.iter().copied())
                        .collect(),
                )],
                Layer::Band(band) => vec![
                    (
                        named(whose(figure, band), "low"),
                        band.points.iter().map(|&(x, low, _)| (x, low)).collect(),
                    ),
                    (
                        named(whose(figure, band), "high"),
                        band.points.iter().map(|&(x, _, high)| (x, high)).collect(),
                    ),
                ],
                Layer::Span(_) | Layer::Reference(_) | Layer::Note(_) | Layer::Polygons(_) => {
                    Vec::new()
                }
            })
            .collect();

        let mut keys: Vec<f64> = match names {
            Some(names) => (0..names.len()).map(|index| index as f64).collect(),
            None => series
                .iter()
                .flat_map(|(_, points)| points.iter().map(|point| point.0))
                .collect(),
        };
        keys.retain(|key| !key.is_nan());
        keys.sort_by(f64::total_cmp);
        keys.dedup();
        let every = [1, 2, 5, 10, 20, 50, 100, 200, 500]
            .into_iter()
            .find(|every| names.is_some() || keys.len() / every <= ROWS)
            .unwrap_or(keys.len());

        let mut header = vec![key.caption()];
        header.extend(series.iter().map(|(label, _)| label.clone()));
        let rows = keys
            .iter()
            .step_by(every.max(1))
            .map(|key| {
                let name = names.and_then(|names| names.get(*key as usize));
                let mut row = vec![name.cloned().unwrap_or_else(|| short(*key))];
                row.extend(series.iter().map(|(_, points)| {
                    points
                        .iter()
                        .find(|point| point.0 == *key)
                        .map_or_else(String::new, |point| short(point.1))
                }));
                row
            })
            .collect();
        Self {
            caption: figure.title.clone(),
            header,
            rows,
        }
    }
}

/// The label of a band; one without belongs to the line of its ink.
fn whose<'a>(figure: &'a Figure, band: &'a Band) -> &'a str {
    let line = figure.layers.iter().find_map(|layer| match layer {
        Layer::Line(line) if line.ink == band.ink => Some(line.label.as_str()),
        _ => None,
    });
    let own = Some(band.label.as_str()).filter(|label| !label.is_empty());
    own.or(line).unwrap_or_default()
}

/// The column of one side of a band.
fn named(label: &str, side: &str) -> String {
    if label.is_empty() {
        side.to_string()
    } else {
        format!("{label} {side}")
    }
}

fn keyed(points: &[(f64, f64)], swapped: bool) -> Vec<(f64, f64)> {
    points
        .iter()
        .map(|&(x, y)| if swapped { (y, x) } else { (x, y) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            caption: "Zeros & dead".to_string(),
            header: vec!["site".to_string(), "zeros".to_string()],
            rows: vec![
                vec!["conv1".to_string(), "51.2 %".to_string()],
                vec!["a<b".to_string(), "-".to_string()],
            ],
        }
    }

    #[test]
    fn html_has_scoped_headers_and_no_raw_text() {
        assert_eq!(
            table().html(),
            "<table><caption>Zeros &amp; dead</caption><thead><tr><th scope=\"col\">site</th><th scope=\"col\">zeros</th></tr></thead>\
             <tbody><tr><th scope=\"row\">conv1</th><td>51.2 %</td></tr><tr><th scope=\"row\">a&lt;b</th><td>-</td></tr></tbody></table>"
        );
    }

    #[test]
    fn text_is_aligned() {
        assert_eq!(
            table().text(),
            "site    zeros\nconv1  51.2 %\na<b         -\n"
        );
    }
}
