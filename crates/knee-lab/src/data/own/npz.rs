//! Several arrays in a zip archive, as `numpy.savez` writes them.

use std::io::Cursor;

use zip::ZipArchive;

use super::npy::{self, Array, Content};
use super::table::{Answers, Table};
use super::{MOST_NUMBERS, no_label};
use crate::data::error::{Error, list, quoted};

/// The names that the array of the samples may have.
const INPUTS: [&str; 3] = ["x", "X", "inputs"];

/// The names that the array of the labels may have where none was asked for.
const LABELS: [&str; 3] = ["y", "labels", "label"];

/// Reads the array of the samples and that of the labels; others remain unread.
pub(super) fn table(path: &str, bytes: &[u8], label: Option<&str>) -> Result<Table, Error> {
    let broken = |e: zip::result::ZipError| {
        Error::format(
            path,
            format!("it cannot be read as a zip archive ({e})"),
            "expected what numpy.savez writes",
        )
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| name.ok()?.strip_suffix(".npy").map(str::to_owned))
        .collect();
    let there = |name: &&str| names.iter().any(|n| n == name);
    let inputs = INPUTS.into_iter().find(there).ok_or_else(|| Error::Names {
        path: path.to_owned(),
        found: format!("there is no array of the samples among {}", list(&names)),
        expected: "expected an array \"x\", \"X\" or \"inputs\"".into(),
    })?;
    let label_name = match label {
        Some(label) => Some(label).filter(there),
        None => LABELS.into_iter().find(there),
    };
    let label_name = label_name.filter(|name| *name != inputs).ok_or_else(|| {
        let others: Vec<String> = names.iter().filter(|n| *n != inputs).cloned().collect();
        no_label(path, label, &others)
    })?;
    let mut array = |name: &str| {
        let place = format!("{path}, array {}", quoted(name));
        let mut file = archive.by_name(&format!("{name}.npy")).map_err(broken)?;
        npy::read(&place, &mut file, MOST_NUMBERS)
    };
    let (x, y) = (array(inputs)?, array(label_name)?);
    joined(path, (inputs, x), (label_name, y))
}

fn joined(path: &str, x: (&str, Array), y: (&str, Array)) -> Result<Table, Error> {
    let place = |name: &str| format!("{path}, array {}", quoted(name));
    let ((x_name, x), (y_name, y)) = (x, y);
    let [rows, shape @ ..] = x.shape.as_slice() else {
        return Err(shape_error(place(x_name), &x.shape));
    };
    if shape.is_empty() || shape.contains(&0) {
        return Err(shape_error(place(x_name), &x.shape));
    }
    let Content::Numbers(values) = x.content else {
        return Err(Error::format(
            place(x_name),
            "it is an array of text",
            "expected numbers; write categories as columns of 0 and 1",
        ));
    };
    let width = match y.shape.as_slice() {
        [count] if count == rows => 1,
        [count, width] if count == rows && *width > 0 => *width,
        found => {
            return Err(Error::format(
                place(y_name),
                format!("its shape is {found:?}"),
                format!(
                    "expected [{rows}], a label for each row of {}",
                    quoted(x_name)
                ),
            ));
        }
    };
    let per_row: usize = shape.iter().product();
    finite(&place(x_name), &values, per_row)?;
    let answers = match y.content {
        Content::Numbers(of) => {
            finite(&place(y_name), &of, width)?;
            Answers::Numbers { width, of }
        }
        Content::Text(of) if width == 1 => Answers::Text(of),
        Content::Text(_) => {
            return Err(Error::format(
                place(y_name),
                format!("it has {width} texts for each row"),
                "expected one",
            ));
        }
    };
    let columns = match shape {
        [width] => (0..*width).map(|column| column.to_string()).collect(),
        _ => Vec::new(),
    };
    Ok(Table {
        path: path.to_owned(),
        rows: *rows,
        shape: shape.to_vec(),
        columns,
        values,
        label: y_name.to_owned(),
        answers,
        lines: Vec::new(),
        notes: Vec::new(),
    })
}

fn shape_error(place: String, shape: &[usize]) -> Error {
    Error::format(
        place,
        format!("its shape is {shape:?}"),
        "expected [samples, features]; a single feature is x.reshape(-1, 1)",
    )
}

fn finite(place: &str, values: &[f64], width: usize) -> Result<(), Error> {
    let wrong = |x: &f64| !(*x as f32).is_finite();
    match values.iter().position(wrong) {
        Some(at) => Err(Error::Cell {
            path: place.to_owned(),
            row: format!("row {} (counted from 0)", at / width),
            column: (at % width).to_string(),
            found: format!("{} is not finite in single precision", values[at]),
            expected: "fill it in, or remove the row or the column".into(),
        }),
        None => Ok(()),
    }
}
