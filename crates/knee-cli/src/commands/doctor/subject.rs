//! What is diagnosed: a model with its batch, or an embedded example.

use std::path::{Path, PathBuf};

use knee_doctor::LossKind;
use knee_doctor::evidence::Evidence;
use knee_onnx::{Batch, Error, Model, Workbench};

use super::arguments::{Doctor, Example};
use crate::outcome::Failure;

/// A network and what it is run on.
pub(super) struct Subject {
    /// The network.
    pub(super) model: Model,
    /// Its inputs and labels, where there are some.
    pub(super) batch: Option<Batch>,
    /// The loss, where the subject itself knows it.
    pub(super) loss: Option<LossKind>,
    /// What the commands of a report name as `--input`.
    pub(super) input_name: Option<String>,
    /// Which of the networks that come with the program it is, if it is one.
    pub(super) example: Option<Example>,
}

impl Subject {
    /// What the arguments ask for.
    pub(super) fn choose(arguments: &Doctor) -> Result<Self, Failure> {
        let mut subject = match &arguments.model {
            Some(path) => Self::files(path, arguments.input.as_deref())?,
            None if !arguments.merge.is_empty() => Self::files(&recorded_model(arguments)?, None)?,
            None if arguments.input.is_some() => {
                return Err(Failure::new(
                    "--input: no model was given; expected `knee doctor MODEL.onnx --input FILE`",
                ));
            }
            None => Self::embedded(arguments.example.unwrap_or(Example::Sick))?,
        };
        if let Some(name) = &arguments.output_name {
            let file = subject.file().to_owned();
            subject.model = subject
                .model
                .with_output(name)
                .map_err(|error| about(&file, &error))?;
        }
        if let (Some(batch), Some(samples)) = (&mut subject.batch, arguments.samples) {
            *batch = batch.evenly_spaced(samples);
        }
        Ok(subject)
    }

    fn files(model: &Path, input: Option<&Path>) -> Result<Self, Failure> {
        let model =
            Model::open(model).map_err(|error| about(&model.display().to_string(), &error))?;
        let batch = input
            .map(|path| Batch::open(path, model.graph()))
            .transpose()?;
        Ok(Self {
            model,
            batch,
            loss: None,
            input_name: input.map(|path| path.display().to_string()),
            example: None,
        })
    }

    fn embedded(example: Example) -> Result<Self, Failure> {
        let files = example.files();
        let model = Model::from_bytes(files.model)?;
        let batch = Batch::from_npz(files.batch, model.graph())?;
        Ok(Self {
            model,
            batch: Some(batch),
            loss: Some(files.loss),
            input_name: None,
            example: Some(example),
        })
    }

    /// What went wrong with the network, with the file that it was read from.
    pub(super) fn about(&self, error: &Error) -> Failure {
        about(self.file(), error)
    }

    /// What messages call the network's file.
    fn file(&self) -> &str {
        let path = self.model.network().path.as_deref();
        path.unwrap_or("the embedded example")
    }

    /// What can execute something for a rule.
    pub(super) fn workbench(&self, max_memory: u64) -> Option<Workbench<'_>> {
        let batch = self.batch.as_ref()?;
        Some(Workbench::new(&self.model, batch, max_memory))
    }

    /// The name of the embedded example, where it is one.
    pub(super) fn example_name(&self) -> Option<String> {
        self.example.map(|example| example.name().to_owned())
    }
}

/// An error of a model, with the model's file where the message does not name a file itself.
fn about(model: &str, error: &Error) -> Failure {
    match error {
        Error::File { .. } | Error::Batch { .. } => Failure::new(error.to_string()),
        error => Failure::new(format!("{model}: {error}")),
    }
}

/// The model that the first evidence file was taken from.
fn recorded_model(arguments: &Doctor) -> Result<PathBuf, Failure> {
    let first = &arguments.merge[0];
    let recorded = evidence_file(first)?.model().map(PathBuf::from);
    match recorded {
        Some(path) if path.exists() => Ok(path),
        Some(path) => Err(Failure::new(format!(
            "{}: taken from {}, which is not there; expected `knee doctor MODEL.onnx --merge ...`",
            first.display(),
            path.display()
        ))),
        None => Err(Failure::new(format!(
            "{}: it does not say from which model it was taken; expected `knee doctor MODEL.onnx --merge ...`",
            first.display()
        ))),
    }
}

/// Reads an evidence file.
pub(super) fn evidence_file(path: &Path) -> Result<Evidence, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{}: cannot be read: {error}", path.display())))?;
    Evidence::from_json(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}
