//! `knee show`: the card of one activation function.

mod card;

use std::path::{Path, PathBuf};

use clap::Args;

use super::Format;
use crate::catalogue::{self, Entry};
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

    /// Write the plot to this file as SVG instead of drawing it below the card
    #[arg(long, short, value_name = "FILE.svg")]
    output: Option<PathBuf>,
}

impl Show {
    /// Writes the card, and the plot below it or to a file.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let entry = Entry::parse(&self.name)?;
        if let Some(path) = &self.output {
            write_plot(&entry, path)?;
            terminal.warn(&format!("the plot is in {}", path.display()));
        }
        let text = match self.format {
            Format::Json => format!("{:#}\n", catalogue::json(&entry)),
            Format::Text => {
                let mut text = card::card(&entry, terminal);
                if let (Some(function), None) = (entry.curve(), &self.output) {
                    let figure = knee_figure::curve(&function);
                    text.push('\n');
                    text += &figure.terminal(
                        terminal.width(),
                        20,
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

fn write_plot(entry: &Entry, path: &Path) -> Result<(), Failure> {
    let Some(function) = entry.curve() else {
        return Err(Failure::new(format!(
            "{entry} works on whole rows and has no curve to write; leave --output out"
        )));
    };
    let is_svg = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
    if !is_svg {
        return Err(Failure::new(format!(
            "{}: plots are written as SVG; give a name that ends in .svg",
            path.display()
        )));
    }
    std::fs::write(path, knee_figure::curve(&function).svg())
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}
