//! Tables and text in Markdown.

use crate::Table;
use crate::text::clean;

/// A row of a table, with its line feed. The cells are Markdown; a bar in them stays in its cell.
///
/// ```
/// assert_eq!(knee_figure::markdown::row(&["`a`", "|x|"]), "| `a` | \\|x\\| |\n");
/// ```
pub fn row<S: AsRef<str>>(cells: &[S]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| cell.as_ref().replace('|', "\\|"))
        .collect();
    format!("| {} |\n", cells.join(" | "))
}

/// The names of the columns, and the line below them.
///
/// ```
/// assert_eq!(knee_figure::markdown::header(&["a", "b"]), "| a | b |\n|---|---|\n");
/// ```
pub fn header<S: AsRef<str>>(names: &[S]) -> String {
    format!("{}|{}\n", row(names), "---|".repeat(names.len()))
}

/// Text from outside that Markdown shall not read as markup. A bar is left to [`row`].
///
/// ```
/// assert_eq!(knee_figure::markdown::escape("a*b < c_d"), "a\\*b &lt; c_d");
/// ```
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in clean(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '[' | ']' | '$' => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}

impl Table {
    /// A Markdown table without its caption.
    pub fn markdown(&self) -> String {
        let escaped =
            |cells: &[String]| -> Vec<String> { cells.iter().map(|cell| escape(cell)).collect() };
        let rows: String = self.rows.iter().map(|cells| row(&escaped(cells))).collect();
        header(&escaped(&self.header)) + &rows
    }
}
