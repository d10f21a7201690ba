//! Tables of a page.

use knee_figure::markdown;

use super::number::shown;

/// What stands where there is nothing.
pub(super) const NOTHING: &str = "-";

/// A line of a table.
pub(super) fn row(page: &mut String, cells: &[String]) {
    *page += &markdown::row(cells);
}

/// The names of the columns.
pub(super) fn header(page: &mut String, names: &[&str]) {
    *page += &markdown::header(names);
}

/// A number, if there is one.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), shown)
}

/// Fails where a line of a table has more or fewer cells than the one above.
#[cfg(test)]
pub(super) fn check(page: &str) {
    let mut columns = None;
    for line in page.lines() {
        let cells = line.starts_with('|').then(|| line.matches('|').count());
        if let (Some(before), Some(cells)) = (columns, cells) {
            assert_eq!(before, cells, "{line}");
        }
        columns = cells;
    }
}
