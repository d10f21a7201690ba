//! `knee choose`: functions, loss and initialisation for a task.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use knee_catalogue::choose::{Advice, Architecture, Constraint, Part, Question, Task, choose};
use knee_catalogue::{Entry, words};
use serde_json::{Map, Value, json};

use super::{Format, named};
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee choose --task binary                                  a spam filter
  knee choose --task multiclass --classes 10 --arch cnn      handwritten digits
  knee choose --task positive                                house prices
  knee choose --task multilabel --classes 40 --constraint edge
  knee choose --task binary --arch gan                       a discriminator
  knee choose --task regression --arch rnn --format json     LSTM gates
  knee choose --task regression --hidden tanh                an old network";

/// Choose the hidden function, the output, the loss and the initialisation for a task
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Choose {
    /// What the network predicts
    #[arg(long, value_enum)]
    task: TaskName,

    /// The number of classes or labels
    #[arg(long, value_name = "K")]
    classes: Option<u64>,

    /// The number of hidden layers
    #[arg(long, value_name = "N")]
    depth: Option<u64>,

    /// How the network is built
    #[arg(long, value_enum, default_value = "mlp")]
    arch: ArchitectureName,

    /// What the hidden function must have; may be given several times
    #[arg(long, value_enum)]
    constraint: Vec<ConstraintName>,

    /// A hidden function that is settled; what goes with it follows
    #[arg(long, value_name = "NAME")]
    hidden: Option<String>,

    /// How the advice is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TaskName {
    /// A number of any sign
    Regression,
    /// A number above zero: a price, a duration
    Positive,
    /// A number between two ends: a share, a pixel
    Bounded,
    /// Yes or no
    Binary,
    /// One of K classes
    Multiclass,
    /// Any number of K labels
    Multilabel,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ArchitectureName {
    /// Dense layers
    Mlp,
    /// Convolutions
    Cnn,
    /// Attention and dense blocks
    Transformer,
    /// Recurrent cells with gates, such as LSTM
    Rnn,
    /// The discriminator of a generative adversarial network
    Gan,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ConstraintName {
    /// Cheap on small devices and in fixed point: no exponential
    Edge,
    /// Values between two numbers
    Bounded,
    /// Continuous derivatives
    Smooth,
}

impl Choose {
    /// Writes the advice.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let question = self.question()?;
        let advice = choose(&question)?;
        let text = match self.format {
            Format::Text => in_words(&advice, terminal),
            Format::Json => format!("{:#}\n", in_json(&advice)),
        };
        terminal.print(&text)?;
        Ok(Outcome::Fine)
    }

    fn question(&self) -> Result<Question, Failure> {
        let constraint = |name: &ConstraintName| match name {
            ConstraintName::Edge => Constraint::Edge,
            ConstraintName::Bounded => Constraint::Bounded,
            ConstraintName::Smooth => Constraint::Smooth,
        };
        let hidden: Option<Entry> = self.hidden.as_deref().map(named).transpose()?;
        Ok(Question {
            task: match self.task {
                TaskName::Regression => Task::Regression,
                TaskName::Positive => Task::Positive,
                TaskName::Bounded => Task::Bounded,
                TaskName::Binary => Task::Binary,
                TaskName::Multiclass => Task::Multiclass,
                TaskName::Multilabel => Task::Multilabel,
            },
            classes: self.classes,
            depth: self.depth,
            architecture: match self.arch {
                ArchitectureName::Mlp => Architecture::Mlp,
                ArchitectureName::Cnn => Architecture::Cnn,
                ArchitectureName::Transformer => Architecture::Transformer,
                ArchitectureName::Rnn => Architecture::Rnn,
                ArchitectureName::Gan => Architecture::Gan,
            },
            constraints: self.constraint.iter().map(constraint).collect(),
            hidden,
        })
    }
}

/// What a part is called in front of its choice.
fn label(name: &str) -> &str {
    match name {
        "hidden" => "Hidden layers",
        "gates" => "Gates",
        "output" => "Output",
        "units" => "Output units",
        "loss" => "Loss",
        _ => "Weights",
    }
}

/// Width of the names on the left.
const NAMES: usize = 15;

fn in_words(advice: &Advice, terminal: &Terminal) -> String {
    let mut text = String::new();
    let room = terminal.width() - NAMES;
    for (name, part) in advice.parts() {
        let Part {
            choice,
            reason,
            trade_off,
        } = part;
        let name = label(name);
        _ = writeln!(text, "{name:NAMES$}{}", terminal.bold(choice));
        for (word, sentence) in [("why", reason), ("but", trade_off)] {
            let mut margin = format!("{:NAMES$}{word}  ", "");
            for line in words::wrapped(sentence, room - 5) {
                _ = writeln!(text, "{margin}{line}");
                margin = " ".repeat(NAMES + 5);
            }
        }
    }
    text
}

fn in_json(advice: &Advice) -> Value {
    let parts = advice.parts().into_iter().map(|(name, part)| {
        let value = json!({
            "choice": part.choice,
            "reason": part.reason,
            "trade_off": part.trade_off,
        });
        (name.to_string(), value)
    });
    let mut advice: Map<String, Value> = parts.collect();
    if let Some(units) = advice.get_mut("units")
        && let Some(count) = units["choice"]
            .as_str()
            .and_then(|text| text.parse::<u64>().ok())
    {
        units["choice"] = json!(count);
    }
    Value::Object(advice)
}
