//! The task of experiments that run on the user's own data as well: handwritten digits where none is given.

use crate::data::{Dataset, Split, Targets, digits};
use crate::engine::{Flow, Loss, Net, Optimizer, Training, fit};
use crate::experiments::shared::scoring::{test_accuracy, test_loss, test_rmse};
use crate::{Measured, Run, Stop};

/// Samples in three parts that share none, with standardised inputs, and what follows from their answers.
#[derive(Clone, Debug)]
pub(in crate::experiments) struct Task {
    /// What networks are trained on: 60 % of the samples.
    pub(in crate::experiments) train: Dataset,
    /// What learning rates are chosen by: 15 %.
    pub(in crate::experiments) validation: Dataset,
    /// What they are judged by: 25 %.
    pub(in crate::experiments) test: Dataset,
    /// Cross-entropy for classes, mean squared error for numbers.
    pub(in crate::experiments) loss: Loss,
}

impl Task {
    /// The task of a run.
    pub(in crate::experiments) fn of(run: &Run<'_>) -> Result<Self, Stop> {
        let data = run.data.cloned().unwrap_or_else(digits);
        let loss = loss(&data)?;
        let split = data.split(0.25, run.data_seed()).standardised();
        let (split, _) = split.standardised_targets();
        let test = split.test;
        let Split {
            train,
            test: validation,
        } = split.train.split(0.2, run.data_seed().stream(1));
        Ok(Self {
            train,
            validation,
            test,
            loss,
        })
    }

    /// Numbers of a sample.
    pub(in crate::experiments) fn inputs(&self) -> usize {
        self.train.width()
    }

    /// Numbers that a network has to put out.
    pub(in crate::experiments) fn outputs(&self) -> usize {
        self.train.targets.outputs()
    }

    /// The share of test samples with a wrong answer; where answers are numbers, the root of the mean squared error in standard
    /// deviations of the target.
    pub(in crate::experiments) fn error(&self, net: &Net) -> f64 {
        self.error_on(net, &self.test)
    }

    fn error_on(&self, net: &Net, part: &Dataset) -> f64 {
        match self.loss {
            Loss::CrossEntropy => 1.0 - test_accuracy(net, part, 0.5),
            _ => or_infinite(test_rmse(net, part)),
        }
    }

    /// Trains a network on the training part, and notes its loss by epoch and its scores.
    pub(in crate::experiments) fn train(
        &self,
        net: &mut Net,
        optimizer: Optimizer,
        run: &Run<'_>,
    ) -> Result<Measured, Stop> {
        let (epochs, batch) = (run.settings.count("epochs"), run.settings.count("batch"));
        let training = Training::new(self.loss, optimizer, epochs, batch);
        let history = fit(net, &self.train, &training, run, |_| Flow::On)?;
        let mut measured = Measured::default();
        self.score(net, &mut measured)?;
        measured.curve("loss", thinned(&history.loss));
        measured.sightings = history.sightings;
        Ok(measured)
    }

    /// Notes the losses on all parts and the errors on those for validation and testing. A loss that is no number is infinite.
    pub(in crate::experiments) fn score(
        &self,
        net: &Net,
        measured: &mut Measured,
    ) -> Result<(), Stop> {
        let parts = [
            ("training loss", &self.train),
            ("validation loss", &self.validation),
            ("test loss", &self.test),
        ];
        for (name, part) in parts {
            measured.set(name, or_infinite(test_loss(net, part, self.loss)?));
        }
        measured.set("validation error", self.error_on(net, &self.validation));
        measured.set("test error", self.error(net));
        Ok(())
    }
}

fn or_infinite(loss: f64) -> f64 {
    if loss.is_nan() { f64::INFINITY } else { loss }
}

fn loss(data: &Dataset) -> Result<Loss, Stop> {
    let refuse = |found: &str| {
        Err(Stop::Impossible(format!(
            "{} has {found}; this experiment trains dense networks on rows of numbers with one class or some numbers to answer each: \
             give it such rows, or leave out the data to run on digits",
            data.name
        )))
    };
    match &data.targets {
        _ if data.symbols.is_some() => refuse("symbols as inputs"),
        Targets::Classes { per_sample: 1, .. } => Ok(Loss::CrossEntropy),
        Targets::Classes { .. } => refuse("several classes for each sample"),
        Targets::Values { width: 0, .. } => refuse("nothing to answer"),
        Targets::Values { .. } => Ok(Loss::Mse),
    }
}

/// At most 200 points of a curve, evenly spaced, with the first and the last one.
pub(in crate::experiments) fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    const MOST: usize = 200;
    if points.len() <= MOST {
        return points.to_vec();
    }
    let at = |index: usize| points[index * (points.len() - 1) / (MOST - 1)];
    (0..MOST).map(at).collect()
}
