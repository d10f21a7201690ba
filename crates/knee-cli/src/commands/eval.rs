//! `knee eval`: values and derivatives in every type, beside the true ones.

use std::fmt::Write as _;

use clap::Args;
use knee_catalogue::eval::{AtNumber, AtRow, Found, at_number, at_row};
use knee_catalogue::{Entry, words};
use knee_figure::short;
use serde_json::{Value, json};

use super::{Format, named};
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee eval gelu -8
  knee eval sigmoid -1e3 0.5 nan inf
  knee eval gelu -8 nan -- -1e-3
  knee eval 'elu(alpha=0.5)' -2 --format json
  knee eval softmax 1 2 3 --jacobian";

/// Evaluate a function in every type, beside the true value and the error
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, allow_negative_numbers = true)]
pub(crate) struct Eval {
    /// Its name, with parameters in parentheses where they differ from the defaults
    name: String,

    /// Numbers; for a function of rows they are one row, for a gated one the gate and what it gates
    #[arg(required = true, value_name = "X")]
    x: Vec<f64>,

    /// For a function of rows: the derivatives of every result by every element as well
    #[arg(long)]
    jacobian: bool,

    /// How the results are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Eval {
    /// Writes the results.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let entry = named(&self.name)?;
        let is_of_numbers = at_number(&entry, 0.0).is_some();
        let text = if let Some(types) = at_row(&entry, &self.x) {
            if self.jacobian && types.iter().all(|at| at.jacobian.is_empty()) {
                return Err(Failure::new(format!(
                    "--jacobian is for functions of rows, such as softmax; {entry} has none here, leave it out"
                )));
            }
            match self.format {
                Format::Text => self.row_text(&entry, &types, terminal),
                Format::Json => format!("{:#}\n", self.row_json(&entry, &types)),
            }
        } else if is_of_numbers {
            self.numbers(&entry, terminal)?
        } else {
            return Err(Failure::new(format!(
                "{entry} does not take {} numbers; a gated function takes a gate and what it gates, maxout pairs of channels",
                self.x.len()
            )));
        };
        terminal.print(&text)?;
        Ok(Outcome::Fine)
    }

    fn numbers(&self, entry: &Entry, terminal: &Terminal) -> Result<String, Failure> {
        if self.jacobian {
            return Err(Failure::new(format!(
                "--jacobian is for functions of rows, such as softmax; {entry} takes a number to a number, leave it out"
            )));
        }
        let mut results = Vec::new();
        for &x in &self.x {
            if let Some(types) = at_number(entry, x) {
                results.push((x, types));
            }
        }
        Ok(match self.format {
            Format::Text => {
                let blocks: Vec<String> = results
                    .iter()
                    .map(|(x, types)| number_text(entry, *x, types, terminal))
                    .collect();
                blocks.join("\n")
            }
            Format::Json => {
                let points = results.iter().map(|(x, types)| {
                    json!({ "x": number(*x), "types": types.iter().map(number_json).collect::<Vec<_>>() })
                });
                let value =
                    json!({ "function": entry.to_string(), "points": points.collect::<Vec<_>>() });
                format!("{value:#}\n")
            }
        })
    }

    fn row_text(&self, entry: &Entry, types: &[AtRow], terminal: &Terminal) -> String {
        let list: Vec<String> = self
            .x
            .iter()
            .map(|&x| words::shortest(&format!("{x:?}")))
            .collect();
        let mut text = terminal.bold(&format!("{entry}({})", list.join(", "))) + "\n";
        for AtRow {
            dtype,
            results,
            jacobian,
        } in types
        {
            let mut label = *dtype;
            for result in results {
                text += &line(label, result);
                label = "";
            }
            if self.jacobian {
                let rows: Vec<Vec<String>> = jacobian
                    .iter()
                    .map(|row| row.iter().map(|&slope| short(slope)).collect())
                    .collect();
                let width = rows.iter().flatten().map(String::len).max().unwrap_or(0);
                for (index, row) in rows.iter().enumerate() {
                    let label = if index == 0 { "jacobian" } else { "" };
                    let cells: Vec<String> =
                        row.iter().map(|cell| format!("{cell:>width$}")).collect();
                    _ = writeln!(text, "      {label:9} {}", cells.join("  "));
                }
            }
        }
        text
    }

    fn row_json(&self, entry: &Entry, types: &[AtRow]) -> Value {
        let types = types.iter().map(|at| {
            let mut value = json!({
                "type": at.dtype,
                "results": at.results.iter().map(found_json).collect::<Vec<_>>(),
            });
            if self.jacobian {
                let rows = at
                    .jacobian
                    .iter()
                    .map(|row| row.iter().copied().map(number).collect());
                value["jacobian"] = Value::Array(rows.collect());
            }
            value
        });
        json!({
            "function": entry.to_string(),
            "row": self.x.iter().copied().map(number).collect::<Vec<_>>(),
            "types": types.collect::<Vec<_>>(),
        })
    }
}

fn number_text(entry: &Entry, x: f64, types: &[AtNumber], terminal: &Terminal) -> String {
    let x_text = words::shortest(&format!("{x:?}"));
    let mut text = terminal.bold(&format!("{entry}({x_text})")) + "\n";
    for (heading, part) in [
        ("value", (|at| &at.value) as fn(&AtNumber) -> &Found),
        ("derivative", |at| &at.derivative),
    ] {
        _ = writeln!(text, "  {heading}");
        for at in types {
            text += &line(at.dtype, part(at));
        }
    }
    if let Some(second) = types.iter().find_map(|at| at.second.as_ref()) {
        text += "  second derivative, by dual numbers\n";
        text += &line("f64", second);
    }
    let moved = types.iter().filter(|at| at.x != x && x.is_finite());
    let moved: Vec<String> = moved
        .map(|at| {
            format!(
                "{} in {}",
                words::shortest(&format!("{:?}", at.x)),
                at.dtype
            )
        })
        .collect();
    if !moved.is_empty() {
        let note = format!(
            "{x_text} is {}; each true value is that of its own x.",
            moved.join(", ")
        );
        for part in words::wrapped(&note, terminal.width() - 2) {
            _ = writeln!(text, "  {part}");
        }
    }
    text
}

/// The result, the true value and the error on a line of at most 80 characters.
fn line(label: &str, found: &Found) -> String {
    let (value, exact) = (&found.text, found.exact.as_deref().unwrap_or("-"));
    let error = found
        .ulp
        .map_or_else(String::new, |ulp| format!("{} ulp", error(ulp)));
    let line = format!("    {label:4} {value:23} {exact:36} {error}");
    line.trim_end().to_string() + "\n"
}

/// An error in two decimals; one that is not 0 never reads as 0.
fn error(ulp: f64) -> String {
    if ulp == 0.0 {
        "0".to_string()
    } else if ulp < 0.01 {
        "<0.01".to_string()
    } else if ulp < 1000.0 {
        format!("{ulp:.2}")
    } else {
        short(ulp)
    }
}

fn number_json(at: &AtNumber) -> Value {
    let mut value = json!({
        "type": at.dtype,
        "x": number(at.x),
        "value": found_json(&at.value),
        "derivative": found_json(&at.derivative),
    });
    if let Some(second) = &at.second {
        value["second_derivative"] = found_json(second);
    }
    value
}

fn found_json(found: &Found) -> Value {
    json!({
        "found": number(found.number),
        "exact": found.exact,
        "ulp": found.ulp.map(number),
    })
}

/// A number, or the string that stands for one that is not finite.
fn number(value: f64) -> Value {
    if value.is_finite() {
        json!(value)
    } else {
        json!(short(value))
    }
}
