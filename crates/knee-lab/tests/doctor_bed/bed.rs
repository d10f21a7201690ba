//! Networks to examine, what they are trained on, and what the doctor must say of them.

use knee::Function;
use knee::random::Seed;
use knee_doctor::{Diagnosis, Severity};
use knee_lab::data::{self, Dataset, Targets};
use knee_lab::engine::{
    Answers, Builder, Flow, Init, Loss, Mode, Net, Optimizer, Rule, Tape, Training, Watch,
    Watching, doctor, fit, host,
};
use knee_lab::{Run, Seeds, Settings, experiments};

/// Samples of a step.
const BATCH: usize = 32;

pub(crate) fn function(name: &str) -> Function {
    Function::parse(name).expect("a name of knee")
}

/// All handwritten digits, inputs of mean 0 and standard deviation 1.
pub(crate) fn digits() -> Dataset {
    data::digits().split(0.0, Seed::new(1)).standardised().train
}

/// Whether a digit is odd, as one number.
pub(crate) fn odd_digits() -> Dataset {
    let mut digits = digits();
    if let Targets::Classes { of, .. } = &digits.targets {
        let of = of.iter().map(|digit| (digit % 2) as f32).collect();
        digits.targets = Targets::Values { width: 1, of };
    }
    digits
}

/// A stack of hidden layers for so many inputs, without the last layer.
pub(crate) fn stack(inputs: usize, depth: usize, width: usize, name: &str, init: Init) -> Builder {
    let mut builder = Builder::new(inputs, Seed::new(7));
    for _ in 0..depth {
        builder = builder.dense(width, init).activation(function(name));
    }
    builder
}

/// A classifier of handwritten digits with hidden layers of 64 units.
pub(crate) fn classifier(depth: usize, name: &str, rule: Rule) -> Net {
    let init = Init::new(rule);
    stack(64, depth, 64, name, init).dense(10, init).build()
}

/// Trains a network.
pub(crate) fn train(
    net: &mut Net,
    data: &Dataset,
    loss: Loss,
    optimizer: Optimizer,
    epochs: usize,
) {
    let some = experiments::named("collapse").expect("an experiment of the lab");
    let settings = Settings::new(some.meta(), true, &[]).expect("the defaults are allowed");
    let run = Run::alone(&settings, 0, Seeds::of(0));
    let training = Training {
        watching: Watching::Never,
        ..Training::new(loss, optimizer, epochs, BATCH)
    };
    fit(net, data, &training, &run, |_| Flow::On).expect("the loss can be computed");
}

/// What the doctor says of a network on all samples.
pub(crate) fn examine(net: &Net, data: &Dataset, loss: Loss, at_init: bool) -> Diagnosis {
    let all: Vec<usize> = (0..data.samples()).collect();
    let answers = Answers::of(&data.targets, &all);
    doctor(net, &data.inputs, &answers, loss, at_init).expect("the loss can be computed")
}

/// What the doctor says of a network whose outputs the loss refuses: no answers, no gradients.
pub(crate) fn examine_outputs(net: &Net, data: &Dataset, loss: Loss) -> Diagnosis {
    let mut watch = Watch::new(net, Some(loss));
    let x = net.enter(data.inputs.clone(), false);
    let leaves = net.leaves(false);
    let outputs = net.forward(
        &leaves,
        x,
        Mode::Inference,
        &mut Tape::default(),
        Some(&mut watch),
    );
    watch.finish(data.samples(), &host(outputs), None);
    watch.diagnosis(false)
}

/// The findings that matter, one a line.
fn listed(diagnosis: &Diagnosis) -> String {
    let serious = diagnosis
        .findings
        .iter()
        .filter(|finding| finding.severity >= Severity::Warn);
    let line = |finding: &knee_doctor::Finding| {
        let (rule, level) = (finding.rule, finding.severity.word());
        format!(
            "{level} {rule} at {}: {}\n",
            finding.site.as_deref().unwrap_or("-"),
            finding.cause
        )
    };
    serious.map(line).collect()
}

/// The rule must have a finding of this level or a worse one.
#[track_caller]
pub(crate) fn assert_finds(diagnosis: &Diagnosis, rule: &str, level: Severity) {
    let found = diagnosis
        .findings
        .iter()
        .any(|finding| finding.rule == rule && finding.severity >= level);
    let skipped = diagnosis
        .not_checked
        .iter()
        .find(|skipped| skipped.rule == rule);
    assert!(
        found,
        "{rule} must be {}, but there is only\n{}{skipped:?}",
        level.word(),
        listed(diagnosis)
    );
}

/// There must be nothing that matters.
#[track_caller]
pub(crate) fn assert_healthy(diagnosis: &Diagnosis, when: &str) {
    let found = listed(diagnosis);
    assert!(found.is_empty(), "a healthy network {when} has\n{found}");
}

/// A network must be healthy before and after it is trained by Adam, and learn: its loss is below `loss_after` then.
#[track_caller]
pub(crate) fn assert_healthy_throughout(
    mut net: Net,
    data: &Dataset,
    loss: Loss,
    (rate, epochs): (f64, usize),
    loss_after: f64,
) {
    assert_healthy(&examine(&net, data, loss, true), "before training");
    train(&mut net, data, loss, Optimizer::Adam { rate }, epochs);
    let all: Vec<usize> = (0..data.samples()).collect();
    let answers = Answers::of(&data.targets, &all);
    let outputs = net.infer(&data.inputs);
    let (reached, _) = loss
        .evaluate(&outputs, net.outputs(), &answers)
        .expect("the loss can be computed");
    assert!(
        f64::from(reached) < loss_after,
        "the loss is {reached} after training, so it says nothing about health"
    );
    assert_healthy(&examine(&net, data, loss, false), "after training");
}
