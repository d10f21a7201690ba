//! Training: epochs of steps, with what the doctor sees on the way.

use std::time::Instant;

use knee_doctor::{Diagnosis, Severity};

use super::loss::{Answers, Loss, wrong};
use super::net::Net;
use super::optimizer::{Optimizer, State};
use super::watch::Watch;
use crate::data::{Dataset, batches};
use crate::record::Sighting;
use crate::run::{Run, Stop};

/// When the doctor looks on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Watching {
    /// Never.
    Never,
    /// In the first and in the last epoch.
    #[default]
    Ends,
    /// In the first epoch, in the last, and each time so many have gone by.
    Every(usize),
}

/// How a network is trained.
#[derive(Clone, Debug)]
pub struct Training {
    /// What is minimised.
    pub loss: Loss,
    /// How weights follow gradients.
    pub optimizer: Optimizer,
    /// Times that each sample is seen.
    pub epochs: usize,
    /// Samples of a step.
    pub batch: usize,
    /// When the doctor looks on.
    pub watching: Watching,
    /// The side of it that a single output lies on is its class.
    pub threshold: f32,
}

impl Training {
    /// Training with Adam, watched at its ends.
    pub fn new(loss: Loss, optimizer: Optimizer, epochs: usize, batch: usize) -> Self {
        Self {
            loss,
            optimizer,
            epochs,
            batch,
            watching: Watching::Ends,
            threshold: if loss == Loss::BceWithLogits {
                0.0
            } else {
                0.5
            },
        }
    }

    fn watches(&self, epoch: usize) -> bool {
        match self.watching {
            Watching::Never => false,
            Watching::Ends => epoch == 1 || epoch == self.epochs,
            Watching::Every(step) => {
                epoch == 1 || epoch == self.epochs || epoch.is_multiple_of(step.max(1))
            }
        }
    }
}

/// An epoch that is over.
pub struct Epoch<'a> {
    /// Its number, from 1.
    pub epoch: usize,
    /// The mean loss of its steps.
    pub loss: f64,
    /// The share of its rows that were answered wrongly, each by the weights of its step; NaN where the answers are numbers.
    pub error: f64,
    /// The network after it.
    pub net: &'a Net,
    /// What the doctor says, where it looked on.
    pub diagnosis: Option<&'a Diagnosis>,
    /// What it saw.
    pub watch: Option<&'a Watch>,
}

/// Whether to go on after an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    On,
    /// Enough.
    Enough,
}

/// What training left.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The mean loss of each epoch.
    pub loss: Vec<(f64, f64)>,
    /// The share of wrong answers of each epoch.
    pub error: Vec<(f64, f64)>,
    /// Whether the loss was not finite at last.
    pub diverged: bool,
    /// What the doctor said, each once.
    pub sightings: Vec<Sighting>,
    /// Seconds.
    pub seconds: f64,
    /// Steps.
    pub steps: usize,
}

/// Trains a network. `each` sees every epoch, and may end the training. A loss that is not finite ends it.
pub fn fit(
    net: &mut Net,
    data: &Dataset,
    training: &Training,
    run: &Run<'_>,
    mut each: impl FnMut(&Epoch<'_>) -> Flow,
) -> Result<History, Stop> {
    let start = Instant::now();
    let mut history = History::default();
    let mut state = State::default();
    let mut seen = String::new();
    for epoch in 1..=training.epochs {
        let mut watch = training
            .watches(epoch)
            .then(|| Watch::new(net, Some(training.loss)));
        let (mut loss, mut errors, mut rows, mut samples) = (0.0, Some(0), 0, 0);
        for batch in batches(data.samples(), training.batch, run.order_seed(), epoch) {
            let part = data.select(&batch);
            let all: Vec<usize> = (0..batch.len()).collect();
            let answers = Answers::of(&part.targets, &all);
            let made = net.gradients(&part.inputs, &answers, training.loss, watch.as_mut())?;
            loss += f64::from(made.loss) * batch.len() as f64;
            samples += batch.len();
            rows += made.outputs.len() / net.outputs();
            let wrong = wrong(&made.outputs, net.outputs(), &answers, training.threshold);
            errors = errors.zip(wrong).map(|(sum, more)| sum + more);
            history.steps += 1;
            if !made.loss.is_finite() {
                history.diverged = true;
                break;
            }
            state.step(training.optimizer, &mut net.weights, &made.of);
        }
        let loss = loss / samples.max(1) as f64;
        let error = errors.map_or(f64::NAN, |errors| errors as f64 / rows.max(1) as f64);
        history.loss.push((epoch as f64, loss));
        history.error.push((epoch as f64, error));
        let diagnosis = watch.as_ref().map(|watch| watch.diagnosis(false));
        if let Some(diagnosis) = &diagnosis {
            seen = note(&mut history.sightings, diagnosis, epoch);
        }
        let words = if seen.is_empty() {
            format!("epoch {epoch} of {}", training.epochs)
        } else {
            format!("epoch {epoch} of {}, {seen}", training.epochs)
        };
        run.at(epoch as f64 / training.epochs as f64, Some(loss), &words)?;
        let flow = each(&Epoch {
            epoch,
            loss,
            error,
            net,
            diagnosis: diagnosis.as_ref(),
            watch: watch.as_ref(),
        });
        if history.diverged || flow == Flow::Enough {
            break;
        }
    }
    history.seconds = start.elapsed().as_secs_f64();
    Ok(history)
}

/// Adds what is new, and says in a few words what is seen now.
fn note(sightings: &mut Vec<Sighting>, diagnosis: &Diagnosis, epoch: usize) -> String {
    let mut rules: Vec<&str> = Vec::new();
    for finding in &diagnosis.findings {
        let level = finding.severity.word();
        if finding.severity != Severity::Info && !rules.contains(&finding.rule) {
            rules.push(finding.rule);
        }
        let known = sightings
            .iter()
            .any(|one| one.rule == finding.rule && one.site == finding.site && one.level == level);
        if !known {
            sightings.push(Sighting {
                rule: finding.rule.to_owned(),
                level: level.to_owned(),
                site: finding.site.clone(),
                epoch: epoch as u64,
            });
        }
    }
    rules.join(", ")
}
