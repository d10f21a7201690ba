//! `knee lab show`: what an experiment asks, does and predicts, and its parameters.

use std::fmt::Write as _;

use clap::Args;
use knee_lab::{Kind, Meta, experiments};
use serde_json::{Value, json};

use crate::commands::Format;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

/// Show what an experiment asks, does and predicts, and its parameters
#[derive(Args, Debug)]
pub(super) struct Show {
    /// The experiment
    name: String,

    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Show {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let meta = experiments::named(&self.name)?.meta();
        terminal.print(&match self.format {
            Format::Text => text(meta, terminal),
            Format::Json => format!("{:#}\n", json(meta)),
        })?;
        Ok(Outcome::Fine)
    }
}

fn text(meta: &Meta, terminal: &Terminal) -> String {
    let mut out = format!(
        "{}: {}\n\"{}\"\n",
        terminal.bold(meta.name),
        meta.title,
        meta.sentence
    );
    for line in meta.prose.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        match line.strip_prefix("## ") {
            Some(heading) => {
                let _ = writeln!(out, "\n{}", terminal.bold(heading));
            }
            None if line.is_empty() => {}
            None => {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
    if !meta.parameters.is_empty() {
        let _ = writeln!(out, "\n{}", terminal.bold("Parameters"));
    }
    for parameter in meta.parameters {
        let quick = if parameter.quick == parameter.default {
            String::new()
        } else {
            format!(", quick {}", parameter.quick)
        };
        let _ = writeln!(
            out,
            "  {}={}{quick}  {} {}",
            parameter.name,
            parameter.default,
            parameter.about,
            range(parameter.kind),
        );
    }
    out
}

fn range(kind: Kind) -> String {
    match kind {
        Kind::Count(low, high) => format!("{low} to {high}."),
        Kind::Real(low, high) => format!("{low} to {high}."),
        Kind::Functions => "Names of functions, separated by commas.".to_owned(),
    }
}

/// An experiment for programs.
pub(super) fn json(meta: &Meta) -> Value {
    let parameters: Vec<Value> = meta
        .parameters
        .iter()
        .map(|parameter| {
            json!({
                "name": parameter.name,
                "default": parameter.default,
                "quick": parameter.quick,
                "about": parameter.about,
                "range": range(parameter.kind),
            })
        })
        .collect();
    json!({
        "name": meta.name,
        "title": meta.title,
        "sentence": meta.sentence,
        "takes_data": meta.own_data,
        "question": meta.part("Question"),
        "setup": meta.part("Set-up"),
        "prediction": meta.part("Prediction"),
        "measure": meta.part("Measure"),
        "source": meta.part("Source"),
        "parameters": parameters,
    })
}
