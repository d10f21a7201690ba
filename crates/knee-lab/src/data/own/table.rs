//! What either reader hands over, and what becomes of it.

use std::path::Path;

use super::{LEAST_ROWS, columns, labels};
use crate::data::dataset::Dataset;
use crate::data::error::Error;

/// Rows of finite numbers, and their labels.
pub(super) struct Table {
    /// The file.
    pub(super) path: String,
    pub(super) rows: usize,
    /// The numbers, row by row.
    pub(super) values: Vec<f64>,
    /// The shape of a row.
    pub(super) shape: Vec<usize>,
    /// The names of the columns; none where they have no names.
    pub(super) columns: Vec<String>,
    /// What the label is called.
    pub(super) label: String,
    pub(super) answers: Answers,
    /// The lines in which the rows stand; none where the file has no lines.
    pub(super) lines: Vec<u64>,
    pub(super) notes: Vec<String>,
}

/// The labels of a table, as they stand there.
pub(super) enum Answers {
    Text(Vec<String>),
    Numbers { width: usize, of: Vec<f64> },
}

impl Table {
    /// Where a row stands.
    pub(super) fn row(&self, row: usize) -> String {
        match self.lines.get(row) {
            Some(line) => format!("line {line}"),
            None => format!("row {row} (counted from 0)"),
        }
    }

    pub(super) fn dataset(mut self) -> Result<Dataset, Error> {
        if self.rows < LEAST_ROWS {
            return Err(Error::TooFew {
                path: self.path,
                rows: self.rows,
                least: LEAST_ROWS,
            });
        }
        let (targets, note) = labels::targets(&self)?;
        self.notes.push(note);
        let inputs = columns::single(&self.values, &self.columns, &mut self.notes);
        Ok(Dataset {
            name: file_name(&self.path),
            inputs,
            shape: self.shape,
            symbols: None,
            targets,
            notes: self.notes,
        })
    }
}

fn file_name(path: &str) -> String {
    let name = Path::new(path).file_name();
    name.map_or_else(|| path.to_owned(), |name| name.display().to_string())
}
