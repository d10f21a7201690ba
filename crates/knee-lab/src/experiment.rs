//! What an experiment is.

use knee_figure::Figure;

use crate::error::Error;
use crate::parameter::{Parameter, Settings};
use crate::record::Measured;
use crate::results::Results;
use crate::run::{Run, Stop};
use crate::verdict::Claim;

/// An experiment: what it says of itself, what it runs, and how it judges what was measured.
pub trait Experiment: Sync {
    /// What the experiment says of itself.
    fn meta(&self) -> &'static Meta;

    /// What is compared: one run of each for every seed.
    fn arms(&self, settings: &Settings) -> Vec<String>;

    /// One run: a function of the settings, the arm and the seeds alone.
    fn run(&self, run: &Run<'_>) -> Result<Measured, Stop>;

    /// What follows from the runs.
    fn judge(&self, results: &Results<'_>) -> Vec<Claim>;

    /// What there is to see.
    fn figures(&self, results: &Results<'_>) -> Vec<Figure>;
}

/// What an experiment says of itself.
#[derive(Debug)]
pub struct Meta {
    /// Its public name.
    pub name: &'static str,
    /// One line, for lists.
    pub title: &'static str,
    /// The sentence of the field that is measured.
    pub sentence: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Whether it runs on the user's own data too.
    pub own_data: bool,
    /// The doc comment of the experiment, in Markdown: Question, Set-up, Prediction, Measure, Source.
    pub prose: &'static str,
}

impl Meta {
    /// What the prose says under one of its headings.
    pub fn part(&self, heading: &str) -> &'static str {
        let mut parts = self.prose.split("## ");
        let part = parts.find_map(|part| part.trim_start().strip_prefix(heading));
        part.unwrap_or_default().trim()
    }
}

/// The headings of an experiment's doc comment.
pub const HEADINGS: [&str; 5] = ["Question", "Set-up", "Prediction", "Measure", "Source"];

/// An experiment that can be run on the user's data must say so.
pub(crate) fn takes_data(experiment: &dyn Experiment) -> Result<(), Error> {
    if experiment.meta().own_data {
        return Ok(());
    }
    let takers = crate::experiments::all().iter().map(|one| one.meta());
    Err(Error::NoOwnData {
        experiment: experiment.meta().name.to_owned(),
        takers: takers
            .filter(|meta| meta.own_data)
            .map(|meta| meta.name.to_owned())
            .collect(),
    })
}

/// Declares an experiment: its doc comment is the prose of the report and the page, so it is written once. The module has the
/// functions `arms`, `run`, `judge` and `figures`.
macro_rules! experiment {
    (
        $(#[doc = $prose:literal])+
        pub struct $name:ident {
            name: $slug:literal,
            title: $title:literal,
            sentence: $sentence:literal,
            own_data: $own:literal,
            parameters: {
                $($parameter:ident: $kind:expr, $default:literal, quick $quick:literal, $about:literal;)*
            } $(,)?
        }
    ) => {
        $(#[doc = $prose])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl crate::Experiment for $name {
            fn meta(&self) -> &'static crate::Meta {
                use crate::Kind::*;
                static META: crate::Meta = crate::Meta {
                    name: $slug,
                    title: $title,
                    sentence: $sentence,
                    own_data: $own,
                    parameters: &[$(crate::Parameter {
                        name: stringify!($parameter),
                        kind: $kind,
                        default: $default,
                        quick: $quick,
                        about: $about,
                    }),*],
                    prose: concat!($($prose, "\n"),+),
                };
                &META
            }

            fn arms(&self, settings: &crate::Settings) -> Vec<String> {
                arms(settings)
            }

            fn run(&self, run: &crate::Run<'_>) -> Result<crate::Measured, crate::Stop> {
                measure(run)
            }

            fn judge(&self, results: &crate::Results<'_>) -> Vec<crate::Claim> {
                judge(results)
            }

            fn figures(&self, results: &crate::Results<'_>) -> Vec<knee_figure::Figure> {
                figures(results)
            }
        }
    };
}
pub(crate) use experiment;
