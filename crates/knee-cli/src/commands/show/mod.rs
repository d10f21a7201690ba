//! `knee show`: the card of one activation function.

mod card;

use std::path::PathBuf;

use clap::Args;

use knee_catalogue::json;

use super::{Format, named};
use crate::drawing;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee show gelu
  knee show 'leaky_relu(negative_slope=0.2)'
  knee show sigmoid --output sigmoid.svg
  knee show softmax --format json";

/// Show formula, derivative, facts and plot of an activation function
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// Its name, with parameters in parentheses where they differ from the defaults
    name: String,

    /// How the card is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Write the figure to this file, in the format of its extension, instead of drawing it below the card
    #[arg(long, short, value_name = "FILE.svg|FILE.png")]
    output: Option<PathBuf>,
}

impl Show {
    /// Writes the card, and the plot below it or to a file.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let entry = named(&self.name)?;
        let figure = entry.figure();
        if let Some(path) = &self.output {
            let figure = figure.as_ref().ok_or_else(|| {
                Failure::new(format!(
                    "{entry} has no figure to write; leave --output out"
                ))
            })?;
            drawing::write(figure, path, terminal)?;
        }
        let text = match self.format {
            Format::Json => format!("{:#}\n", json(&entry)),
            Format::Text => {
                let mut text = card::card(&entry, terminal);
                if let (Some(figure), None) = (&figure, &self.output) {
                    text.push('\n');
                    text += &figure.terminal(
                        terminal.width(),
                        drawing::HEIGHT,
                        terminal.charset(),
                        terminal.has_colour(),
                    );
                }
                text
            }
        };
        terminal.print(&text)?;
        Ok(Outcome::Fine)
    }
}
