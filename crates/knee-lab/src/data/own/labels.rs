//! Whether labels are classes or numbers.

use std::collections::BTreeMap;

use super::table::{Answers, Table};
use crate::data::dataset::Targets;
use crate::data::error::{Error, list, quoted};

/// Whole numbers with more different values are numbers, not classes.
const MOST_WHOLE: usize = 20;

/// Classes come so often in the mean.
const ROWS_PER_CLASS: usize = 3;

/// The targets, and a note about what they were taken for.
pub(super) fn targets(table: &Table) -> Result<(Targets, String), Error> {
    match &table.answers {
        Answers::Text(cells) => match numbers(cells) {
            Some(of) => of_numbers(table, 1, &of),
            None => of_text(table, cells),
        },
        Answers::Numbers { width, of } => of_numbers(table, *width, of),
    }
}

/// The cells as finite numbers, if all of them are.
fn numbers(cells: &[String]) -> Option<Vec<f64>> {
    let number = |cell: &String| cell.parse().ok().filter(|x: &f64| (*x as f32).is_finite());
    cells.iter().map(number).collect()
}

fn of_text(table: &Table, cells: &[String]) -> Result<(Targets, String), Error> {
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in cells {
        *classes.entry(cell).or_default() += 1;
    }
    if let [(only, _)] = Vec::from_iter(&classes).as_slice() {
        return Err(constant(table, only, ""));
    }
    if classes.len() * ROWS_PER_CLASS > cells.len() {
        let number = |cell: &String| cell.parse::<f64>().is_ok_and(f64::is_finite);
        let text = cells.iter().position(|cell| !number(cell));
        // Mostly numbers: the texts are strays among them.
        if let Some(row) = text
            && cells.iter().filter(|cell| number(cell)).count() * 2 > cells.len()
        {
            return Err(Error::Cell {
                path: table.path.clone(),
                row: table.row(row),
                column: quoted(&table.label),
                found: format!(
                    "the label is {}, and most others are numbers",
                    quoted(&cells[row])
                ),
                expected: "expected a number; correct or remove the row".into(),
            });
        }
        return Err(Error::label(
            &table.path,
            &table.label,
            format!(
                "it has {} different texts in {} rows",
                classes.len(),
                cells.len()
            ),
            format!(
                "expected classes that come {ROWS_PER_CLASS} times or more in the mean; name the column to be predicted"
            ),
        ));
    }
    let names: Vec<String> = classes.keys().map(|&name| name.to_owned()).collect();
    let places: BTreeMap<&str, usize> = classes.keys().copied().zip(0..).collect();
    let of = cells
        .iter()
        .filter_map(|cell| places.get(cell.as_str()).copied());
    let targets = Targets::classes(names.len(), of.collect());
    Ok((targets, note(table, &names, classes.values().copied())))
}

fn of_numbers(table: &Table, width: usize, of: &[f64]) -> Result<(Targets, String), Error> {
    for column in 0..width {
        let mut cells = of.iter().skip(column).step_by(width);
        if let Some(first) = cells.next()
            && cells.all(|x| x == first)
        {
            let place = match width {
                1 => String::new(),
                _ => format!("in column {column} (counted from 0) "),
            };
            return Err(constant(table, &first.to_string(), &place));
        }
    }
    if width == 1
        && let Some(classes) = whole(of)
    {
        let names: Vec<String> = classes.keys().map(ToString::to_string).collect();
        let places: BTreeMap<i64, usize> = classes.keys().copied().zip(0..).collect();
        let places = of.iter().filter_map(|x| places.get(&(*x as i64)).copied());
        let targets = Targets::classes(names.len(), places.collect());
        return Ok((targets, note(table, &names, classes.values().copied())));
    }
    let targets = Targets::Values {
        width,
        of: of.iter().map(|x| *x as f32).collect(),
    };
    let label = quoted(&table.label);
    let note = if width == 1 {
        format!("Label {label} was taken as a number to predict; for classes write it as text.")
    } else {
        format!("Label {label} was taken as {width} numbers to predict.")
    };
    Ok((targets, note))
}

/// Each value and how often it comes, if they are whole numbers with few different values.
fn whole(of: &[f64]) -> Option<BTreeMap<i64, usize>> {
    /// Beyond it not every whole number is a number of `f64`.
    const EXACT: f64 = (1_u64 << 53) as f64;
    let mut values = BTreeMap::new();
    for x in of {
        if x.fract() != 0.0 || x.abs() > EXACT {
            return None;
        }
        *values.entry(*x as i64).or_default() += 1;
        if values.len() > MOST_WHOLE {
            return None;
        }
    }
    (values.len() * ROWS_PER_CLASS <= of.len()).then_some(values)
}

fn note(table: &Table, names: &[String], counts: impl Iterator<Item = usize>) -> String {
    let label = quoted(&table.label);
    let single: Vec<String> = names
        .iter()
        .zip(counts)
        .filter(|(_, count)| *count == 1)
        .map(|(name, _)| name.clone())
        .collect();
    let classes = format!(
        "Label {label} has {} classes: {}.",
        names.len(),
        list(names)
    );
    if single.is_empty() {
        return classes;
    }
    let single = list(&single);
    format!("{classes} Only one row each, so in the training part only: {single}.")
}

fn constant(table: &Table, value: &str, place: &str) -> Error {
    Error::label(
        &table.path,
        &table.label,
        format!(
            "all {} rows {place}have the same value, {}",
            table.rows,
            quoted(value)
        ),
        "there is nothing to learn; name another column as the label",
    )
}
