//! What the two experiments with an activation too many before the loss have in common.

use knee_figure::{At, Axis, Figure, Reference, short};

use crate::data::Split;
use crate::engine::{Net, Optimizer, Training};
use crate::experiments::shared::learning_curve::LearningCurve;
use crate::experiments::shared::scoring::answers;
use crate::{Measured, Results, Run, Settings, Stop};

/// Whether the loss is given logits, or what an activation made of them.
pub(in crate::experiments) const FORMS: [&str; 2] = ["logits", "doubled"];

/// The optimizers, by name.
pub(in crate::experiments) const OPTIMIZERS: [&str; 2] = ["sgd", "adam"];

/// The arm of an optimizer and a form.
pub(in crate::experiments) fn arm(optimizer: &str, form: &str) -> String {
    format!("{optimizer}, {form}")
}

/// Every optimizer with every form.
pub(in crate::experiments) fn arms(_: &Settings) -> Vec<String> {
    let arms = OPTIMIZERS
        .iter()
        .flat_map(|optimizer| FORMS.map(|form| arm(optimizer, form)));
    arms.collect()
}

/// The optimizer of an arm, at the rate of the settings.
pub(in crate::experiments) fn optimizer(run: &Run<'_>) -> Optimizer {
    if run.arm < FORMS.len() {
        Optimizer::Sgd {
            rate: run.settings.real("sgd_rate"),
            momentum: 0.9,
        }
    } else {
        Optimizer::Adam {
            rate: run.settings.real("adam_rate"),
        }
    }
}

/// Whether the loss of an arm is given what an activation made of the logits.
pub(in crate::experiments) fn is_doubled(run: &Run<'_>) -> bool {
    run.arm % FORMS.len() == 1
}

/// The size of the gradient of all weights together, on the training part.
pub(in crate::experiments) fn gradient(
    net: &Net,
    split: &Split,
    training: &Training,
) -> Result<f64, Stop> {
    let mut net = net.clone();
    let made = net.gradients(
        &split.train.inputs,
        &answers(&split.train),
        training.loss,
        None,
    )?;
    let squares = made.of.iter().flatten().map(|g| f64::from(*g).powi(2));
    Ok(squares.sum::<f64>().sqrt())
}

/// Trains, and notes what is the same for both experiments.
pub(in crate::experiments) fn train(
    net: &mut Net,
    split: &Split,
    training: &Training,
    target: f64,
    run: &Run<'_>,
) -> Result<Measured, Stop> {
    let mut measured = Measured::default();
    measured.set("gradient at the start", gradient(net, split, training)?);
    let curve = LearningCurve::of(net, split, training, run)?;
    let least = curve.history.loss.iter().map(|(_, loss)| *loss);
    measured.set("least training loss", least.fold(f64::INFINITY, f64::min));
    measured.set("test accuracy", curve.last());
    measured.set("epochs to the target", curve.reaches(target));
    measured.curve("accuracy", curve.accuracy);
    measured.curve("loss", curve.history.loss);
    measured.sightings = curve.history.sightings;
    Ok(measured)
}

/// The ratio of the doubled form to the right one, seed by seed.
pub(in crate::experiments) fn ratio(
    results: &Results<'_>,
    optimizer: &str,
    measure: &str,
) -> Vec<f64> {
    let [logits, doubled] = FORMS.map(|form| arm(optimizer, form));
    results.paired(&doubled, &logits, measure, |doubled, logits| {
        doubled / logits
    })
}

/// The training loss of every arm by epoch, above the least loss that probabilities can have; the axis ends at `top`.
pub(in crate::experiments) fn floor_figure(
    results: &Results<'_>,
    slug: &str,
    top: f64,
    label: &str,
    floor: f64,
) -> Figure {
    let all = arms(results.settings);
    let arms: Vec<&str> = all.iter().map(String::as_str).collect();
    let least = |arm: &&str| {
        format!(
            "{arm} {}",
            short(results.median(arm, "least training loss"))
        )
    };
    let lowest: Vec<String> = arms.iter().map(least).collect();
    let figure = Figure::new(
        slug,
        "The floor of the loss",
        Axis::linear("epoch"),
        Axis::linear("training loss").range(0.0, top),
    );
    let reference = Reference {
        label: label.to_owned(),
        at: At::Y(floor),
    };
    results.draw(figure, "loss", &arms).with(reference).describe(format!(
        "Training loss by epoch, and the least loss that probabilities can have, {}. The least of all epochs: {}.",
        short(floor),
        lowest.join("; ")
    ))
}
