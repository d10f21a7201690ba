//! Tables as text, with a line for each row.

use csv::{ByteRecord, ErrorKind, ReaderBuilder, Trim};

use super::table::{Answers, Table};
use super::{MOST_NUMBERS, no_label};
use crate::data::error::{Error, quoted};

/// Bytes with which text in UTF-8 and in UTF-16 may begin.
const UTF_8: &[u8] = b"\xef\xbb\xbf";
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// What stands for a missing value, in lower case.
const MISSING: [&str; 11] = [
    "", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-", ".",
];

/// Reads the rows. All cells but those of the label are finite numbers then.
pub(super) fn table(path: &str, bytes: &[u8], label: Option<&str>) -> Result<Table, Error> {
    let bytes = bytes.strip_prefix(UTF_8).unwrap_or(bytes);
    if UTF_16.iter().any(|mark| bytes.starts_with(mark)) {
        return Err(Error::format(
            path,
            "the text is in UTF-16",
            "save it as UTF-8",
        ));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::format(
            path,
            "the file is empty",
            "expected a line that names the columns, and a line for each row",
        ));
    }
    let separator = separator(bytes);
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .trim(Trim::All)
        .from_reader(bytes);
    let header = reader.byte_headers().map_err(|e| broken(path, &e))?;
    let names = names(path, header, label)?;
    let at = label
        .and_then(|label| names.iter().position(|name| name == label))
        .ok_or_else(|| no_label(path, label, &names))?;
    if names.len() < 2 {
        return Err(Error::Names {
            path: path.to_owned(),
            found: format!("the label {} is the only column", quoted(&names[at])),
            expected: "expected columns to predict it from, separated by comma, semicolon or tab"
                .into(),
        });
    }
    let mut table = Table {
        path: path.to_owned(),
        rows: 0,
        values: Vec::new(),
        shape: vec![names.len() - 1],
        columns: names.clone(),
        label: names[at].clone(),
        answers: Answers::Text(Vec::new()),
        lines: Vec::new(),
        notes: Vec::new(),
    };
    table.columns.remove(at);
    let mut answers = Vec::new();
    let mut record = ByteRecord::new();
    while reader
        .read_byte_record(&mut record)
        .map_err(|e| broken(path, &e))?
    {
        let line = record.position().map_or(0, csv::Position::line);
        for (column, cell) in record.iter().enumerate() {
            let read = if column == at {
                text(cell).map(|text| answers.push(text.to_owned()))
            } else {
                number(cell, separator).map(|x| table.values.push(x))
            };
            read.map_err(|(found, expected)| Error::Cell {
                path: path.to_owned(),
                row: format!("line {line}"),
                column: quoted(&names[column]),
                found,
                expected,
            })?;
        }
        table.rows += 1;
        table.lines.push(line);
        if table.values.len() as u64 > MOST_NUMBERS {
            return Err(Error::Limit {
                place: path.to_owned(),
                found: format!("it has more than {MOST_NUMBERS} numbers"),
                expected: "use fewer rows or columns".into(),
            });
        }
    }
    table.answers = Answers::Text(answers);
    without_counter(&mut table);
    Ok(table)
}

/// The separator that the first line has most of, outside of quotes.
fn separator(bytes: &[u8]) -> u8 {
    let start = bytes.trim_ascii_start();
    let line = start.split(|b| matches!(b, b'\n' | b'\r')).next();
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in line.unwrap_or_default() {
        quoted ^= *byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(!quoted && byte == separator);
        }
    }
    // The first of those that are equal.
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(separator, _)| *separator)
}

/// The names of the columns, each another one.
fn names(path: &str, header: &ByteRecord, label: Option<&str>) -> Result<Vec<String>, Error> {
    let error = |found: String, expected: &str| Error::Names {
        path: path.to_owned(),
        found,
        expected: expected.to_owned(),
    };
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (column, name) in header.iter().enumerate() {
        let name = str::from_utf8(name).map_err(|_| {
            error(
                format!("the name of column {} is not UTF-8", column + 1),
                "save the file as UTF-8",
            )
        })?;
        names.push(name.to_owned());
    }
    let all_numbers = names.iter().all(|name| name.parse::<f64>().is_ok());
    if all_numbers && !names.iter().any(|name| Some(name.as_str()) == label) {
        return Err(error(
            "the first line holds numbers only".into(),
            "expected the names of the columns there; add such a line",
        ));
    }
    let mut sorted: Vec<(&String, usize)> = names.iter().zip(1..).collect();
    sorted.sort();
    match sorted.array_windows().find(|[a, b]| a.0 == b.0) {
        Some([(name, first), (_, second)]) => Err(error(
            format!(
                "columns {first} and {second} are both called {}",
                quoted(name)
            ),
            "expected different names; rename or remove one",
        )),
        None => Ok(names),
    }
}

/// What is wrong with a cell, and what was expected.
type Wrong = (String, String);

fn text(cell: &[u8]) -> Result<&str, Wrong> {
    let text = str::from_utf8(cell).map_err(|_| {
        let shown = quoted(&String::from_utf8_lossy(cell));
        (
            format!("the text {shown} is not UTF-8"),
            "save the file as UTF-8".to_owned(),
        )
    })?;
    if MISSING.contains(&text.to_ascii_lowercase().as_str()) {
        let found = match text {
            "" => "the cell is empty".to_owned(),
            text => format!("{} stands for a missing value", quoted(text)),
        };
        let expected = "fill it in, or remove the row or the column";
        return Err((found, expected.to_owned()));
    }
    Ok(text)
}

fn number(cell: &[u8], separator: u8) -> Result<f64, Wrong> {
    let text = text(cell)?;
    let Ok(number) = text.parse::<f64>() else {
        let expected = if separator != b',' && text.replacen(',', ".", 1).parse::<f64>().is_ok() {
            "expected a number with a decimal point, as 1.5"
        } else {
            "expected a number; write categories as columns of 0 and 1, or remove the column"
        };
        return Err((format!("{} is text", quoted(text)), expected.to_owned()));
    };
    if (number as f32).is_finite() {
        Ok(number)
    } else {
        Err((
            format!("{} is not finite in single precision", quoted(text)),
            format!("expected a number of at most {:e}", f32::MAX),
        ))
    }
}

/// Leaves out a nameless first column that counts the rows from 0 or 1: pandas writes one, and where rows are sorted by their
/// label it gives the label away.
fn without_counter(table: &mut Table) {
    let width = table.columns.len();
    let nameless = |name: &String| name.is_empty() || name == "Unnamed: 0";
    if width < 2 || table.rows < 2 || !table.columns.first().is_some_and(nameless) {
        return;
    }
    let first = table.values[0];
    let mut counted = table.values.iter().step_by(width).zip(0_u32..);
    if (first == 0.0 || first == 1.0) && counted.all(|(x, k)| *x == first + f64::from(k)) {
        let mut column = 0..;
        table.values.retain(|_| {
            column
                .next()
                .is_some_and(|at: usize| !at.is_multiple_of(width))
        });
        table.columns.remove(0);
        table.shape = vec![width - 1];
        table
            .notes
            .push("The first column has no name and counts the rows; it was left out.".to_owned());
    }
}

fn broken(path: &str, error: &csv::Error) -> Error {
    match error.kind() {
        ErrorKind::UnequalLengths {
            pos,
            expected_len,
            len,
        } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            Error::format(
                format!("{path}, line {line}"),
                format!("there are {len} cells"),
                format!(
                    "expected {expected_len}, as in the first line; a cell that holds a separator must be in quotes"
                ),
            )
        }
        _ => Error::format(path, error.to_string(), "expected a CSV file"),
    }
}
