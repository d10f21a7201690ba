//! Columns of text that line up.

use super::style::{Ink, Pen};

/// Where a column's text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// One cell: its text, and what it is.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) ink: Ink,
}

impl Cell {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ink: Ink::Plain,
        }
    }

    pub(super) fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// A table; every row has one cell for each column.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) header: Vec<(&'static str, Align)>,
    pub(super) rows: Vec<Vec<Cell>>,
}

const GAP: &str = "  ";

impl Table {
    fn widths(&self) -> Vec<usize> {
        (0..self.header.len())
            .map(|column| {
                let head = self.header[column].0.chars().count();
                self.rows
                    .iter()
                    .map(|row| row[column].width())
                    .fold(head, usize::max)
            })
            .collect()
    }

    /// Characters that the widest line takes.
    pub(super) fn width(&self) -> usize {
        let widths = self.widths();
        widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1)
    }

    /// Shortens the cells of a column, so that the table fits into `room` characters; never to
    /// fewer than `least`.
    pub(super) fn fit(&mut self, column: usize, least: usize, room: usize, pen: Pen) {
        let excess = self.width().saturating_sub(room);
        if excess == 0 {
            return;
        }
        let target = self.widths()[column].saturating_sub(excess).max(least);
        for row in &mut self.rows {
            row[column].text = pen.elide(&row[column].text, target);
        }
    }

    /// The lines, the header first.
    pub(super) fn lines(&self, pen: Pen) -> Vec<String> {
        let widths = self.widths();
        let header: Vec<Cell> = self
            .header
            .iter()
            .map(|(name, _)| Cell::new(*name).ink(Ink::Dim))
            .collect();
        std::iter::once(&header)
            .chain(&self.rows)
            .map(|row| {
                let mut line = String::new();
                for ((cell, &width), (_, align)) in row.iter().zip(&widths).zip(&self.header) {
                    let space = " ".repeat(width - cell.width());
                    let painted = pen.paint(cell.ink, &cell.text);
                    if !line.is_empty() {
                        line.push_str(GAP);
                    }
                    match align {
                        Align::Left => line.extend([painted, space]),
                        Align::Right => line.extend([space, painted]),
                    }
                }
                line.trim_end().to_owned()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            header: vec![("site", Align::Left), ("units", Align::Right)],
            rows: vec![
                vec![Cell::new("/encoder/layer.0/Relu"), Cell::new("8")],
                vec![Cell::new("/a"), Cell::new("1,024").ink(Ink::Warn)],
            ],
        }
    }

    #[test]
    fn columns_line_up_with_and_without_colour() {
        let plain = table().lines(Pen {
            colour: false,
            ascii: false,
        });
        assert_eq!(plain[0], "site                   units");
        assert_eq!(plain[1], "/encoder/layer.0/Relu      8");
        assert_eq!(plain[2], "/a                     1,024");
        let colour = table().lines(Pen {
            colour: true,
            ascii: false,
        });
        assert_eq!(colour[2], "/a                     \u{1b}[33m1,024\u{1b}[0m");
    }

    #[test]
    fn a_table_that_is_too_wide_loses_the_middle_of_its_names() {
        let pen = Pen {
            colour: false,
            ascii: false,
        };
        let mut table = table();
        table.fit(0, 8, 20, pen);
        assert!(table.width() <= 20);
        assert_eq!(table.rows[0][0].text, "/enc…r.0/Relu");
        table.fit(0, 8, 3, pen);
        assert_eq!(table.rows[0][0].text.chars().count(), 8);
    }
}
