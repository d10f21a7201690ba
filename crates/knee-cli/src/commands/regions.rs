//! `knee regions`: a network of straight pieces as what it is: intervals, convex regions, or the affine map around a point.

use std::path::PathBuf;
use std::time::Instant;

use clap::{ArgGroup, Args};
use knee_figure::Figure;
use knee_lab::geometry::{self as geometry, Network, Window};
use knee_lab::trained::{Shape, trained};
use knee_onnx::Model;
use serde_json::Value;

use super::Format;
use crate::drawing;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
Examples:
  knee regions --example hinges                three formulas, kinks at -1 and 1
  knee regions --example lines --output lines.svg
  knee regions --train spirals --width 12
  knee regions --train sine --depth 1
  knee regions model.onnx --x=-3:3 --y=-3:3
  knee regions model.onnx --at 0.5,1.2,-3      any number of inputs

Dense layers with ReLU, leaky ReLU, PReLU, ReLU6, hard tanh and other functions of straight pieces.";

/// Compute the affine pieces of a ReLU network: hinges, regions, the map around a point
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, allow_negative_numbers = true, group(ArgGroup::new("network").required(true)))]
pub(crate) struct Regions {
    /// An ONNX file
    #[arg(group = "network", value_name = "MODEL.onnx")]
    model: Option<PathBuf>,

    /// A network that comes with the program: hinges, tent or lines
    #[arg(long, group = "network", value_name = "NAME")]
    example: Option<String>,

    /// Train a network first: spirals, rings, xor, moons or sine
    #[arg(long, group = "network", value_name = "TASK")]
    train: Option<String>,

    /// Hidden layers of the network to train
    #[arg(long, default_value = "2", requires = "train", value_parser = clap::value_parser!(u16).range(1..=8))]
    depth: u16,

    /// Units of each hidden layer of the network to train
    #[arg(long, default_value = "8", requires = "train", value_parser = clap::value_parser!(u16).range(1..=256))]
    width: u16,

    /// The seed of the network to train
    #[arg(long, default_value = "1", requires = "train")]
    seed: u64,

    /// The range of the first input
    #[arg(long, value_name = "LOW:HIGH", value_parser = range, allow_hyphen_values = true)]
    x: Option<(f64, f64)>,

    /// The range of the second input
    #[arg(long, value_name = "LOW:HIGH", value_parser = range, allow_hyphen_values = true)]
    y: Option<(f64, f64)>,

    /// Show the affine map around this point instead
    #[arg(
        long,
        value_name = "X,X,..",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    at: Vec<f64>,

    /// More regions than this are an error
    #[arg(long, value_name = "N", default_value_t = geometry::LIMIT)]
    limit: usize,

    /// Rows of the table of pieces or regions
    #[arg(long, value_name = "N", default_value_t = 20)]
    rows: usize,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Write the figure to this file, in the format of its extension
    #[arg(long, short, value_name = "FILE.svg|FILE.png", conflicts_with = "at")]
    output: Option<PathBuf>,
}

/// Reads `low:high`.
fn range(text: &str) -> Result<(f64, f64), String> {
    let ends = text
        .split_once(':')
        .and_then(|(low, high)| Some((low.trim().parse().ok()?, high.trim().parse().ok()?)));
    ends.ok_or_else(|| format!("\"{text}\" is no range; expected two numbers, such as -2:2"))
}

/// A network and where to look at it.
struct Subject {
    name: String,
    network: Network,
    x: Option<(f64, f64)>,
    y: Option<(f64, f64)>,
}

/// What was found, in the two forms and as a figure.
struct Found {
    text: String,
    json: Value,
    figure: Option<Figure>,
}

impl Regions {
    /// Computes and writes what was asked for.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let subject = self.subject()?;
        let start = Instant::now();
        let found = self.look(&subject)?;
        let seconds = start.elapsed().as_secs_f64();
        match (&found.figure, &self.output) {
            (Some(figure), Some(path)) => drawing::write(figure, path, terminal)?,
            (Some(figure), None) if self.format == Format::Text => {
                drawing::draw(figure, None, terminal)?;
            }
            _ => {}
        }
        terminal.print(&match self.format {
            Format::Text => found.text,
            Format::Json => format!("{:#}\n", found.json),
        })?;
        if seconds > 1.0 {
            terminal.warn(&format!("computed in {seconds:.1} s"));
        }
        Ok(Outcome::Fine)
    }

    fn subject(&self) -> Result<Subject, Failure> {
        if let Some(name) = &self.example {
            let network = geometry::example(name)?;
            let (x, y) = match name.as_str() {
                "tent" => (Some((0.0, 1.0)), None),
                "lines" => (Some((-2.0, 2.0)), Some((-2.0, 2.0))),
                _ => (None, None),
            };
            return Ok(Subject {
                name: name.clone(),
                network,
                x,
                y,
            });
        }
        if let Some(task) = &self.train {
            let shape = Shape {
                depth: self.depth.into(),
                width: self.width.into(),
                seed: self.seed,
            };
            let made = trained(task, shape)?;
            let name = format!("{task}, {} x {} ReLU units", self.depth, self.width);
            return Ok(Subject {
                name,
                network: made.network,
                x: Some(made.x),
                y: made.window.map(|window| window.y),
            });
        }
        let path = self
            .model
            .as_deref()
            .ok_or_else(|| Failure::new("no network was given"))?;
        let place = path.display().to_string();
        let about = |error: &dyn std::fmt::Display| Failure::new(format!("{place}: {error}"));
        let model = Model::open(path).map_err(|error| about(&error))?;
        let network = Network::of(model.network()).map_err(|error| about(&error))?;
        Ok(Subject {
            name: place,
            network,
            x: None,
            y: None,
        })
    }

    fn look(&self, subject: &Subject) -> Result<Found, Failure> {
        let network = &subject.network;
        if !self.at.is_empty() {
            let local = geometry::affine_at(network, &self.at)?;
            return Ok(Found {
                text: geometry::text_at(network, &self.at, &local, self.rows),
                json: geometry::json_at(network, &self.at, &local),
                figure: None,
            });
        }
        let x = self.x.or(subject.x);
        if network.inputs() == 1 {
            let found = geometry::pieces(network, x, self.limit)?;
            let title = format!("The straight pieces of {}", subject.name);
            return Ok(Found {
                text: geometry::text_one(network, &found, self.rows),
                json: geometry::json_one(network, &found),
                figure: Some(geometry::figure_one("regions", &title, network, &found)),
            });
        }
        if network.inputs() > 2 {
            return Err(Failure::new(format!(
                "{}: it has {} inputs; regions are listed and drawn for one and two. Name a point with --at for the affine map around it",
                subject.name,
                network.inputs(),
            )));
        }
        let y = self.y.or(subject.y);
        let window = Window::new(x.unwrap_or((-1.0, 1.0)), y.unwrap_or((-1.0, 1.0)))?;
        let found = geometry::partition(network, window, self.limit)?;
        let title = format!("The linear regions of {}", subject.name);
        Ok(Found {
            text: geometry::text_two(network, &found, self.rows),
            json: geometry::json_two(network, &found),
            figure: Some(geometry::figure_two("regions", &title, network, &found)),
        })
    }
}
