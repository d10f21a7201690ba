//! A user's own data: a CSV file or an `.npz` archive.
//!
//! # CSV
//!
//! The first line names the columns. They are separated by comma, semicolon or tab, whichever the first line has most of; cells
//! may be in quotes, lines may end as on Windows, and the text is UTF-8. One column is the label, and all others are numbers
//! with a decimal point. A nameless first column that counts the rows, as pandas writes it, is left out with a note.
//!
//! # `.npz`
//!
//! What `numpy.savez` or `numpy.savez_compressed` writes, with the samples in an array `x`, `X` or `inputs`, one sample for each
//! index of the first axis, and the label in an array of the name that is asked for, else `y`, `labels` or `label`.
//!
//! # Labels
//!
//! Text is classes, and so are whole numbers with at most 20 different values that come three times each in the mean. All
//! other numbers are numbers to answer. A note of the set says which it was.
//!
//! # Numbers
//!
//! A column whose values are large beside their differences, such as a time in seconds since 1970, would lose them in single
//! precision. Its smallest value is taken off before, with a note. Otherwise the values remain as they are;
//! [`Split::standardised`](super::Split::standardised) scales them, by the training part alone.

mod columns;
mod labels;
mod npy;
mod npz;
mod table;
mod text;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::dataset::Dataset;
use super::error::{Error, quoted};
use table::Table;

/// With fewer rows a part for testing says nothing.
pub const LEAST_ROWS: usize = 20;

/// The largest file that is read, in bytes.
pub const MOST_BYTES: u64 = 1 << 30;

/// The most numbers in a table.
pub const MOST_NUMBERS: u64 = 1 << 26;

/// Reads a `.csv`, `.tsv`, `.txt` or `.npz` file. The label is the name of a column or array; in an archive it may be `None`.
pub fn read<'a>(
    path: impl AsRef<Path>,
    label: impl Into<Option<&'a str>>,
) -> Result<Dataset, Error> {
    let path = path.as_ref();
    let shown = path.display().to_string();
    let file = |cause: String, advice: &str| Error::File {
        path: shown.clone(),
        cause,
        advice: advice.to_owned(),
    };
    let failed = |e: std::io::Error| {
        file(
            e.to_string(),
            "check the path, and that the file may be read",
        )
    };
    let archive = is_archive(path)
        .ok_or_else(|| file(unknown(path), "expected a .csv, .tsv, .txt or .npz file"))?;
    if std::fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(file("it is a directory".into(), "name a file in it"));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::Limit {
            place: shown,
            found: format!("it has more than {MOST_BYTES} bytes"),
            expected: "use fewer rows".into(),
        });
    }
    if archive {
        from_npz(&shown, &bytes, label)
    } else {
        from_csv(&shown, &bytes, label)
    }
}

/// Reads the bytes of a CSV file; `place` is what messages call it.
pub fn from_csv<'a>(
    place: &str,
    bytes: &[u8],
    label: impl Into<Option<&'a str>>,
) -> Result<Dataset, Error> {
    text::table(place, bytes, label.into()).and_then(Table::dataset)
}

/// Reads the bytes of an `.npz` archive; `place` is what messages call it.
pub fn from_npz<'a>(
    place: &str,
    bytes: &[u8],
    label: impl Into<Option<&'a str>>,
) -> Result<Dataset, Error> {
    npz::table(place, bytes, label.into()).and_then(Table::dataset)
}

/// Whether a file is an archive or text, by its name; `None` where it is neither. A directory may have any name.
fn is_archive(path: &Path) -> Option<bool> {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.to_str() {
        Some("npz") => Some(true),
        Some("csv" | "tsv" | "txt") => Some(false),
        _ if path.is_dir() || !path.exists() => Some(false),
        _ => None,
    }
}

fn unknown(path: &Path) -> String {
    match path.extension() {
        Some(extension) => format!(
            "files that end in {} are not read",
            quoted(&format!(".{}", extension.display()))
        ),
        None => "its name has no ending that says what it is".to_owned(),
    }
}

/// The error for a label that is not there.
fn no_label(path: &str, label: Option<&str>, names: &[String]) -> Error {
    let nearest = label.and_then(|label| {
        let distance = |name: &&String| {
            strsim::damerau_levenshtein(&name.to_lowercase(), &label.to_lowercase())
        };
        names
            .iter()
            .min_by_key(distance)
            // Far from every name, no name was meant.
            .filter(|name| distance(name) <= label.chars().count() / 2)
    });
    Error::NoLabel {
        path: path.to_owned(),
        label: label.map(str::to_owned),
        names: names.to_vec(),
        nearest: nearest.cloned(),
    }
}
