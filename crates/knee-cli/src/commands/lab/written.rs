//! How results are written.

use clap::ValueEnum;
use knee_lab::Record;
use knee_lab::report::{self, Look};

use crate::outcome::Failure;
use crate::terminal::Terminal;

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Written {
    /// For people
    #[default]
    Text,
    /// For programs; numbers that are not finite are strings
    Json,
    /// One page that needs nothing else
    Html,
}

/// The results in a format.
pub(super) fn written(
    records: &[Record],
    format: Written,
    terminal: &Terminal,
) -> Result<String, Failure> {
    let summaries = report::summaries(records)?;
    Ok(match format {
        Written::Json => format!("{:#}\n", report::json(&summaries)),
        Written::Html => report::html(&summaries),
        Written::Text => {
            let look = Look {
                width: terminal.width(),
                charset: terminal.charset(),
                colour: terminal.has_colour(),
            };
            let mut texts: Vec<String> = summaries
                .iter()
                .map(|summary| report::text(summary, look))
                .collect();
            if summaries.len() > 1 {
                texts.push(report::table(&summaries));
            }
            texts.join("\n")
        }
    })
}
