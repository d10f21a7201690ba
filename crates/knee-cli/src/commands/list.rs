//! `knee list`: every activation function on a line.

use clap::Args;
use knee::{Function, Tail};
use knee_figure::{short, sparkline};
use serde_json::Value;

use super::Format;
use crate::catalogue::{self, Entry};
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  knee list
  knee list --format json | jq -r '.[].name'";

/// List the activation functions
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {
    /// How the list is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl List {
    /// Writes the list.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let text = match self.format {
            Format::Text => table(terminal),
            Format::Json => {
                let entries = catalogue::all().iter().map(catalogue::json).collect();
                format!("{:#}\n", Value::Array(entries))
            }
        };
        terminal.print(&text)?;
        Ok(Outcome::Fine)
    }
}

/// Widths of the columns: name, curve, values. The rest of a line says what the function is.
const NAME: usize = 16;
const CURVE: usize = 9;
const VALUES: usize = 15;

fn table(terminal: &Terminal) -> String {
    let line = |name: &str, curve: &str, values: &str, what: &str| {
        let line = format!("{name:NAME$} {curve:CURVE$}  {values:VALUES$} {what}");
        line.trim_end().to_string()
    };
    let mut lines = vec![terminal.bold(&line("NAME", "CURVE", "VALUES", "WHAT IT IS"))];
    let room = terminal.width().saturating_sub(NAME + CURVE + VALUES + 4);
    for entry in catalogue::all() {
        let curve = entry
            .curve()
            .map_or_else(String::new, |function| curve(&function, terminal));
        let values = match &entry {
            Entry::Element(function) => words::interval(&function.facts().range),
            Entry::Prelu => "(-inf, inf)".to_string(),
            Entry::Row(_) => "row by row".to_string(),
        };
        let mut what = words::wrapped(&entry.gist(), room).into_iter();
        lines.push(line(
            entry.name(),
            &curve,
            &values,
            &what.next().unwrap_or_default(),
        ));
        lines.extend(what.map(|rest| line("", "", "", &rest)));
        if let Entry::Element(function) = &entry {
            let settings: Vec<String> = function
                .parameters()
                .iter()
                .map(|parameter| format!("{} = {}", parameter.name, short(parameter.default)))
                .collect();
            if !settings.is_empty() {
                lines.push(line("", "", "", &format!("  {}", settings.join(", "))));
            }
        }
    }
    lines.push("\n`knee show NAME` explains one of them.\n".to_string());
    lines.join("\n")
}

/// The curve in one line of characters.
fn curve(function: &Function, terminal: &Terminal) -> String {
    let facts = function.facts();
    let reach = match (facts.right, facts.lipschitz) {
        // The largest slope of sin(w x) is w: a little less than one period.
        (Tail::Oscillates, Some(slope)) => 2.5 / slope,
        _ => 4.0,
    };
    let values: Vec<f64> = (0..CURVE)
        .map(|index| function.value(reach * (2.0 * index as f64 / (CURVE - 1) as f64 - 1.0)))
        .collect();
    sparkline(&values, terminal.charset())
}
