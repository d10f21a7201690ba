//! `knee plot`: the curves of one or several functions, on the terminal or in a file.

use std::path::PathBuf;

use clap::Args;
use knee_catalogue::{Entry, figure};
use knee_figure::Ink;

use super::named;
use crate::drawing;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee plot gelu
  knee plot gelu --derivative --output gelu.png
  knee plot relu gelu silu mish --from -4 --to 2
  knee plot relu 'leaky_relu(negative_slope=0.2)' elu --derivative --output slopes.svg";

/// Draw functions on the terminal, or to an SVG or PNG file
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, allow_negative_numbers = true)]
pub(crate) struct Plot {
    /// Their names, with parameters in parentheses where they differ from the defaults
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,

    /// Draw the derivative: beside the values of one function, in place of the values of several
    #[arg(long)]
    derivative: bool,

    /// Write the figure to this file, in the format of its extension, instead of drawing it here
    #[arg(long, short, value_name = "FILE.svg|FILE.png")]
    output: Option<PathBuf>,

    /// Where the x axis begins
    #[arg(long, value_name = "A")]
    from: Option<f64>,

    /// Where the x axis ends
    #[arg(long, value_name = "B")]
    to: Option<f64>,
}

/// So many lines differ in colour and dashes.
const MOST: usize = Ink::SERIES.len();

impl Plot {
    /// Draws the figure.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let entries: Vec<Entry> = self
            .names
            .iter()
            .map(|name| named(name))
            .collect::<Result<_, _>>()?;
        if entries.len() > MOST {
            return Err(Failure::new(format!(
                "a figure tells at most {MOST} functions apart; found {}, draw them in several figures",
                entries.len()
            )));
        }
        let range = self.range(&entries)?;
        let figure = figure(&entries, range, self.derivative).ok_or_else(|| {
            let names: Vec<&str> = entries.iter().map(Entry::name).collect();
            Failure::new(format!("{} has no curve to draw", names.join(", ")))
        })?;
        drawing::draw(&figure, self.output.as_deref(), terminal)?;
        Ok(Outcome::Fine)
    }

    /// The range of the x axis, where any end of it was given.
    fn range(&self, entries: &[Entry]) -> Result<Option<(f64, f64)>, Failure> {
        if self.from.is_none() && self.to.is_none() {
            return Ok(None);
        }
        let usual = knee_catalogue::reach(entries);
        let (low, high) = (self.from.unwrap_or(usual.0), self.to.unwrap_or(usual.1));
        drawing::range(low, high).map(Some)
    }
}
