//! `knee compare`: how many digits a textbook formula loses.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use knee_catalogue::compare::{Comparison, Dtype, Loss, compare};
use knee_catalogue::words;
use knee_figure::short;

use super::named;
use crate::drawing;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee compare gelu --with naive
  knee compare sigmoid --with naive --dtype f32
  knee compare tanh --with naive --derivative
  knee compare softplus --with naive --from -50 --to 0 --output softplus.png";

/// Show how many digits the textbook formula of a function loses
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, allow_negative_numbers = true)]
pub(crate) struct Compare {
    /// Its name, with parameters in parentheses where they differ from the defaults
    name: String,

    /// What it is compared with
    #[arg(long, value_enum)]
    with: With,

    /// The type in which both are computed
    #[arg(long, value_enum, default_value = "f64")]
    dtype: Type,

    /// Compare the derivative
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum With {
    /// The textbook formula, evaluated step by step
    Naive,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Type {
    F32,
    F64,
}

impl Compare {
    /// Writes the summary and the figure.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let With::Naive = self.with;
        let entry = named(&self.name)?;
        let dtype = match self.dtype {
            Type::F32 => Dtype::F32,
            Type::F64 => Dtype::F64,
        };
        let range = match (self.from, self.to) {
            (None, None) => None,
            (Some(from), Some(to)) => Some(drawing::range(from, to)?),
            _ => {
                return Err(Failure::new(
                    "--from and --to belong together; give both or none",
                ));
            }
        };
        let comparison = compare(&entry, dtype, self.derivative, range)?;
        terminal.print(&summary(&comparison, terminal))?;
        drawing::draw(&comparison.figure, self.output.as_deref(), terminal)?;
        Ok(Outcome::Fine)
    }
}

/// What is lost, in words.
fn summary(comparison: &Comparison, terminal: &Terminal) -> String {
    let mut text = String::new();
    for (index, loss) in comparison.losses.iter().enumerate() {
        let label = match comparison.losses.len() {
            1 => "textbook".to_string(),
            _ => format!("textbook {}", index + 1),
        };
        text += &terminal.bold(&format!("{label}: {}", loss.formula));
        text.push('\n');
        for sentence in sentences(loss, comparison) {
            for line in words::wrapped(&sentence, terminal.width() - 2) {
                _ = writeln!(text, "  {line}");
            }
        }
    }
    text += &terminal.bold("knee");
    _ = writeln!(
        text,
        "\n  is within {} ulp of the true value on all of these x.\n",
        short((comparison.knee * 1000.0).ceil() / 1000.0)
    );
    text
}

fn sentences(loss: &Loss, comparison: &Comparison) -> Vec<String> {
    let all = comparison.dtype.digits();
    let mut sentences = vec![if loss.digits < 1.0 {
        format!("loses less than a digit of {all:.1}.")
    } else {
        let at = short(loss.at);
        if loss.digits >= all {
            format!("loses all {all:.1} digits, nearest to 0 at x = {at}.")
        } else {
            format!(
                "loses {:.1} of {all:.1} digits, worst at x = {at}.",
                loss.digits
            )
        }
    }];
    for broken in &loss.broken {
        let direction = if broken.x < 0.0 {
            "downwards"
        } else {
            "upwards"
        };
        sentences.push(format!(
            "is {} from x = {} {direction}, where the true value is {}.",
            short(broken.found),
            short(broken.x),
            short(broken.exact)
        ));
    }
    sentences
}
