//! `knee doctor`: diagnoses the activations of a network.

mod arguments;
mod example;
mod memory;
mod progress;
mod subject;

use std::path::Path;

use knee_doctor::evidence::Evidence;
use knee_doctor::report::{self, HtmlOptions, TextOptions};
use knee_doctor::{Diagnosis, Options, Selection, Settings, Severity, diagnose, meta};
use knee_onnx::{Examination, Model};

pub(crate) use self::arguments::Doctor;
use self::arguments::{FailOn, Format};
use self::subject::Subject;
use crate::outcome::{Failure, Outcome};
use crate::terminal::Terminal;

impl Doctor {
    /// Diagnoses, writes the report, and says whether something at or above `--fail-on` was found.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<Outcome, Failure> {
        if let Some(slug) = &self.explain {
            let options = text_options(terminal, None);
            terminal.print(&report::explain(meta(slug)?, &options))?;
            return Ok(Outcome::Fine);
        }
        let mut options = self.options()?;
        let subject = Subject::choose(self)?;
        options.loss = options.loss.or(subject.loss);
        options.input.clone_from(&subject.input_name);
        options.example = subject.example_name();

        let evidence = self.evidence(&subject, &mut options, terminal)?;
        if let (Some(path), Some(evidence)) = (&self.evidence_out, &evidence) {
            write(path, &evidence.to_json())?;
        }
        let bench = subject.workbench(self.max_memory.0);
        let diagnosis = diagnose(
            subject.model.network(),
            evidence.as_ref(),
            &options,
            bench.as_ref().map(|bench| bench as _),
        );
        self.report(&diagnosis, &subject, terminal)?;
        Ok(self.judge(&diagnosis, &subject))
    }

    fn options(&self) -> Result<Options, Failure> {
        let mut settings = Settings::default();
        for setting in &self.set {
            settings.set(setting)?;
        }
        Ok(Options {
            at_init: self.at_init,
            loss: self.loss,
            selection: Selection::new(&self.only, &self.skip)?,
            settings,
            ..Options::default()
        })
    }

    /// What was seen: merged from files, or taken now. `None` without input, or when the network
    /// cannot be run; then the options say why.
    fn evidence(
        &self,
        subject: &Subject,
        options: &mut Options,
        terminal: &Terminal,
    ) -> Result<Option<Evidence>, Failure> {
        if !self.merge.is_empty() {
            return merged(&self.merge, &subject.model).map(Some);
        }
        let Some(batch) = &subject.batch else {
            return Ok(None);
        };
        let mut bar = progress::Bar::new(terminal, batch.samples);
        let examination = Examination {
            loss: options.loss,
            batch_size: self.batch_size,
            max_memory: self.max_memory.0,
            at_init: options.at_init,
        };
        let seen = examination.run(&subject.model, batch, &mut |done| bar.advance(done));
        bar.finish();
        match seen {
            Ok(evidence) => Ok(Some(evidence)),
            Err(error @ knee_onnx::Error::Unsupported { .. }) => {
                terminal.warn(&subject.about(&error).to_string());
                options.no_values = Some(format!("a run, and {error}"));
                Ok(None)
            }
            Err(error) => Err(subject.about(&error)),
        }
    }

    fn report(
        &self,
        diagnosis: &Diagnosis,
        subject: &Subject,
        terminal: &Terminal,
    ) -> Result<(), Failure> {
        let text = match self.format {
            Format::Json => report::json(diagnosis),
            Format::Html => report::html(
                diagnosis,
                &HtmlOptions {
                    example: subject.example_name(),
                },
            ),
            Format::Text => {
                let mut options = text_options(terminal, subject.example_name());
                options.colour &= self.output.is_none();
                report::text(diagnosis, &options)
            }
        };
        match &self.output {
            Some(path) => write(path, &text),
            None => terminal.print(&text),
        }
    }

    fn judge(&self, diagnosis: &Diagnosis, subject: &Subject) -> Outcome {
        let default = if subject.example.is_some() {
            FailOn::Never
        } else {
            FailOn::Error
        };
        let limit = match self.fail_on.unwrap_or(default) {
            FailOn::Never => return Outcome::Fine,
            FailOn::Error => Severity::Error,
            FailOn::Warn => Severity::Warn,
            FailOn::Info => Severity::Info,
        };
        if diagnosis.findings.iter().any(|f| f.severity >= limit) {
            Outcome::Found
        } else {
            Outcome::Fine
        }
    }
}

/// How a text report looks on this terminal.
fn text_options(terminal: &Terminal, example: Option<String>) -> TextOptions {
    TextOptions {
        width: terminal.width(),
        colour: terminal.has_colour(),
        ascii: terminal.is_ascii(),
        example,
    }
}

/// Evidence files of one network, as one.
fn merged(paths: &[std::path::PathBuf], model: &Model) -> Result<Evidence, Failure> {
    let mut whole: Option<Evidence> = None;
    for path in paths {
        let part = subject::evidence_file(path)?;
        part.belongs_to(model.network())
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        match &mut whole {
            Some(whole) => whole
                .merge(&part)
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?,
            None => whole = Some(part),
        }
    }
    whole.ok_or_else(|| Failure::new("--merge: no evidence file was given"))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| Failure::new(format!("{}: cannot be written: {error}", path.display())))
}
