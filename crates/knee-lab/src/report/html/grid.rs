//! Tables with columns of words, numbers and markup.

use knee_figure::Table;
use knee_figure::page::{Page, escape};

/// A column of a table.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    name: &'a str,
    class: &'static str,
}

impl<'a> Column<'a> {
    /// Numbers, to the right.
    pub(super) fn number(name: &'a str) -> Self {
        Self { name, class: "" }
    }

    /// Short text on one line.
    pub(super) fn text(name: &'a str) -> Self {
        Self {
            name,
            class: " class=\"text\"",
        }
    }

    /// Sentences, on as many lines as they take.
    pub(super) fn words(name: &'a str) -> Self {
        Self {
            name,
            class: " class=\"words\"",
        }
    }
}

/// A table in a box that scrolls. The cells are HTML; the first of each row names it.
pub(super) fn grid(
    page: &mut Page,
    label: &str,
    caption: &str,
    columns: &[Column<'_>],
    rows: &[Vec<String>],
) {
    page.open_scroll(label);
    page.raw("<table><caption>");
    page.text(caption);
    page.raw("</caption>\n<thead><tr>");
    for Column { name, class } in columns {
        page.raw(&format!("<th scope=\"col\"{class}>{}</th>", escape(name)));
    }
    page.raw("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.raw("<tr>");
        for (index, (cell, Column { class, .. })) in row.iter().zip(columns).enumerate() {
            if index == 0 {
                page.raw(&format!("<th scope=\"row\"{class}>{cell}</th>"));
            } else {
                page.raw(&format!("<td{class}>{cell}</td>"));
            }
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div>\n");
}

/// A table of text with a kind for each of its columns, and its last cells as they come out of `last`.
pub(super) fn table(
    page: &mut Page,
    label: &str,
    table: &Table,
    kinds: &[fn(&'static str) -> Column<'static>],
    last: impl Fn(usize) -> Option<String>,
) {
    let columns: Vec<Column<'_>> = table
        .header
        .iter()
        .zip(kinds)
        .map(|(name, kind)| Column { name, ..kind("") })
        .collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let mut cells: Vec<String> = row.iter().map(|cell| escape(cell)).collect();
            if let (Some(cell), Some(own)) = (cells.last_mut(), last(index)) {
                *cell = own;
            }
            cells
        })
        .collect();
    grid(page, label, &table.caption, &columns, &rows);
}
