//! `knee list`: the functions, one line each, picked by their facts.

use clap::{Args, ValueEnum};
use knee::{Framework, Function, Tail};
use knee_catalogue::{Entry, Fact, Kind, Side, all, json, words};
use knee_figure::sparkline;
use serde_json::Value;

use super::Format;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee list
  knee list --smooth --monotone
  knee list --saturating=both --zero-centred
  knee list --kind row --onnx
  knee list --learned --format json | jq -r '.[].name'";

/// List the activation functions, all or those with the given facts
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {
    /// How the list is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    filter: Filter,
}

/// Facts that a function must have to be listed: all of those given.
#[derive(Args, Debug)]
#[command(next_help_heading = "Only functions")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that is given or not"
)]
struct Filter {
    /// with a tail that approaches a number, so that the slope goes to 0: on any side, the left, the right or both
    #[arg(long, value_enum, value_name = "SIDE", num_args = 0..=1, require_equals = true, default_missing_value = "any")]
    saturating: Option<Tails>,

    /// whose values have mean 0 over a standard normal variable
    #[arg(long, alias = "zero-centered")]
    zero_centred: bool,

    /// that keep order or reverse it
    #[arg(long)]
    monotone: bool,

    /// whose values lie between two numbers
    #[arg(long)]
    bounded: bool,

    /// whose derivatives are all continuous
    #[arg(long)]
    smooth: bool,

    /// that have an interval of slope 0, where a unit can die
    #[arg(long)]
    dead: bool,

    /// with parameters that training changes
    #[arg(long)]
    learned: bool,

    /// of this kind
    #[arg(long, value_enum)]
    kind: Option<KindName>,

    /// that are an operator of ONNX
    #[arg(long)]
    onnx: bool,

    /// that PyTorch has
    #[arg(long)]
    torch: bool,

    /// that JAX has
    #[arg(long)]
    jax: bool,

    /// that Keras has
    #[arg(long)]
    keras: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tails {
    Any,
    Left,
    Right,
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KindName {
    /// A number to a number
    #[value(alias = "element-wise")]
    Element,
    /// A number to a number, by parameters that are learned
    Learned,
    /// Every result depends on the whole row
    #[value(alias = "row-wise")]
    Row,
    /// One half of the input opens a gate for the other
    Gated,
    /// More or fewer channels come out than go in
    Channels,
    /// Drawn from a seed
    Random,
}

impl Filter {
    /// The facts that were asked for.
    fn facts(&self) -> Vec<Fact> {
        let flags = [
            (self.zero_centred, Fact::ZeroCentred),
            (self.monotone, Fact::Monotone),
            (self.bounded, Fact::Bounded),
            (self.smooth, Fact::Smooth),
            (self.dead, Fact::Dead),
            (self.learned, Fact::Learned),
            (self.onnx, Fact::In(Framework::Onnx)),
            (self.torch, Fact::In(Framework::Torch)),
            (self.jax, Fact::In(Framework::Jax)),
            (self.keras, Fact::In(Framework::Keras)),
        ];
        let side = self.saturating.map(|side| match side {
            Tails::Any => Side::Any,
            Tails::Left => Side::Left,
            Tails::Right => Side::Right,
            Tails::Both => Side::Both,
        });
        let kind = self.kind.map(|kind| match kind {
            KindName::Element => Kind::Element,
            KindName::Learned => Kind::Learned,
            KindName::Row => Kind::Row,
            KindName::Gated => Kind::Gated,
            KindName::Channels => Kind::Channels,
            KindName::Random => Kind::Random,
        });
        let flags = flags
            .into_iter()
            .filter_map(|(is_asked, fact)| is_asked.then_some(fact));
        flags
            .chain(side.map(Fact::Saturating))
            .chain(kind.map(Fact::Kind))
            .collect()
    }
}

impl List {
    /// Writes the list.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let facts = self.filter.facts();
        let mut entries = all();
        entries.retain(|entry| facts.iter().all(|fact| fact.holds(entry)));
        let text = match self.format {
            Format::Text => table(&entries, terminal),
            Format::Json => {
                let entries = entries.iter().map(json).collect();
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

fn table(entries: &[Entry], terminal: &Terminal) -> String {
    if entries.is_empty() {
        return "No function has all of these facts.\n".to_string();
    }
    let mut lines = Vec::new();
    let room = terminal.width().saturating_sub(NAME + CURVE + VALUES + 4);
    for kind in Kind::ALL {
        let mut group = entries
            .iter()
            .filter(|entry| entry.kind() == kind)
            .peekable();
        if group.peek().is_none() {
            continue;
        }
        lines.push(terminal.bold(kind.heading()));
        for entry in group {
            let range = |function: Function| words::interval(&function.facts().range);
            let values = entry.curve().map(range).unwrap_or_default();
            let curve = curve(entry, terminal);
            let what = shortened(&entry.gist(), room, terminal);
            let name = entry.name();
            let line = format!("{name:NAME$} {curve:CURVE$}  {values:VALUES$} {what}");
            lines.push(line.trim_end().to_string());
        }
        lines.push(String::new());
    }
    lines.push(match entries.len() {
        1 => "1 function; `knee show NAME` explains it.\n".to_string(),
        count => format!("{count} functions; `knee show NAME` explains one of them.\n"),
    });
    lines.join("\n")
}

/// As many words as have room.
fn shortened(text: &str, room: usize, terminal: &Terminal) -> String {
    let ellipsis = if terminal.is_ascii() { ".." } else { "…" };
    let plain = |letter: char| match letter {
        'é' => 'e',
        letter if letter.is_ascii() => letter,
        _ => '?',
    };
    let text: String = if terminal.is_ascii() {
        text.chars().map(plain).collect()
    } else {
        text.to_string()
    };
    if text.chars().count() <= room {
        return text;
    }
    let lines = words::wrapped(&text, room.saturating_sub(ellipsis.chars().count()));
    match lines.first() {
        Some(line) => format!("{line}{ellipsis}"),
        None => String::new(),
    }
}

/// The curve in one line of characters; empty for a function that is none of one number.
fn curve(entry: &Entry, terminal: &Terminal) -> String {
    let facts = entry.curve().map(|function| function.facts());
    let reach = match facts.map(|facts| (facts.right, facts.lipschitz)) {
        // The largest slope of sin(w x) is w: a little less than one period.
        Some((Tail::Oscillates, Some(slope))) => 2.5 / slope,
        _ => 4.0,
    };
    let at = |index: usize| reach * (2.0 * index as f64 / (CURVE - 1) as f64 - 1.0);
    let values: Option<Vec<f64>> = (0..CURVE).map(|index| entry.value(at(index))).collect();
    values.map_or_else(String::new, |values| sparkline(&values, terminal.charset()))
}
