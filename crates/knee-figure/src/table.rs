//! The numbers behind a figure.

use std::fmt::Write as _;

use crate::axis::Scale;
use crate::number::short;
use crate::text::{cells, clean, escape};
use crate::{Figure, Layer};

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
    pub(crate) fn derived(figure: &Figure) -> Self {
        // With categories along y the series run downwards, so y is the key and x the value.
        let (names, key, swapped) = match (&figure.y.scale, &figure.x.scale) {
            (Scale::Categories(names), _) => (Some(names), &figure.y, true),
            (_, Scale::Categories(names)) => (Some(names), &figure.x, false),
            _ => (None, &figure.x, false),
        };
        let series: Vec<(String, Vec<(f64, f64)>)> = figure
            .layers
            .iter()
            .filter_map(|layer| match layer {
                Layer::Line(line) => Some((line.label.clone(), keyed(&line.points, swapped))),
                Layer::Points(points) => {
                    Some((points.label.clone(), keyed(&points.points, swapped)))
                }
                Layer::Bars(bars) => {
                    let indexed = bars.values.iter().enumerate();
                    Some((
                        bars.label.clone(),
                        indexed
                            .map(|(index, value)| (index as f64, *value))
                            .collect(),
                    ))
                }
                Layer::Area(area) => Some((
                    area.label.clone(),
                    area.edges
                        .iter()
                        .copied()
                        .zip(area.heights.iter().copied())
                        .collect(),
                )),
                Layer::Span(_) | Layer::Reference(_) | Layer::Note(_) => None,
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
