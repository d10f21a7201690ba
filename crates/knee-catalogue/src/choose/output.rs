//! The output of a network: its function, its number of units and its loss follow from the task.

use super::{Part, Question, Task, Unanswerable};

/// What a task asks of the output.
struct Output {
    task: Task,
    function: (&'static str, &'static str, &'static str),
    units: (&'static str, &'static str),
    loss: (&'static str, &'static str, &'static str),
}

const OUTPUTS: &[Output] = &[
    Output {
        task: Task::Regression,
        function: (
            "identity",
            "a number of any sign and size: nothing may limit it",
            "standardise the target, so that outputs and errors are of size 1",
        ),
        units: (
            "one number per sample",
            "one unit per number, if there are several",
        ),
        loss: (
            "mse",
            "its minimum is the mean of the target given the input",
            "a few large errors rule it: huber, or mae for the median",
        ),
    },
    Output {
        task: Task::Positive,
        function: (
            "softplus",
            "every value is above 0, and its slope tends to 1 on the right: large targets are learned as quickly as small ones",
            "near 0 it learns slowly; exp, or the logarithm of the target with the identity, where ratios matter; relu can die at the output",
        ),
        units: (
            "one number per sample",
            "one unit per number, if there are several",
        ),
        loss: (
            "mse",
            "its minimum is the mean of the target given the input",
            "over several orders of magnitude the large targets rule it: then the loss of the logarithm, or huber",
        ),
    },
    Output {
        task: Task::Bounded,
        function: (
            "sigmoid",
            "values between 0 and 1; a + (b - a) * sigmoid(x) lies between a and b. tanh is the same for -1 to 1",
            "the ends are reached at infinity only; hard_sigmoid reaches them and has slope 0 beyond",
        ),
        units: (
            "one number per sample",
            "one unit per number, if there are several",
        ),
        loss: (
            "mse",
            "its minimum is the mean of the target given the input",
            "bce_with_logits on the target scaled to 0..1 has the same minimum, and its gradient does not vanish where the sigmoid saturates",
        ),
    },
    Output {
        task: Task::Binary,
        function: (
            "sigmoid",
            "a probability of yes; the sigmoid of the logit, which the loss takes inside",
            "apply it for predictions only: with it before bce_with_logits the network would have two",
        ),
        units: (
            "the probability of yes; that of no is the rest",
            "two units with softmax say the same with twice the weights",
        ),
        loss: (
            "bce_with_logits",
            "cross-entropy from the logit: no logarithm of 0, and the gradient is p - y",
            "rare yes: a weight for it, or a threshold other than 0.5 for predictions",
        ),
    },
    Output {
        task: Task::Multiclass,
        function: (
            "softmax",
            "positive numbers with sum 1: one class of several; the softmax of the logits, which the loss takes inside",
            "apply it for predictions only: before cross_entropy it would be there twice. It says nothing about inputs of no class",
        ),
        units: (
            "one logit per class",
            "for two classes, one unit with a sigmoid does",
        ),
        loss: (
            "cross_entropy",
            "from logits with a stable log_softmax inside; the gradient is p - y",
            "label smoothing where labels are noisy, class weights where classes are rare",
        ),
    },
    Output {
        task: Task::Multilabel,
        function: (
            "sigmoid",
            "each label has its own probability, and any number of them can be true; one sigmoid per label, inside the loss",
            "labels count as independent given the input; softmax would make them compete",
        ),
        units: (
            "one logit per label",
            "labels that exclude each other belong into a softmax of their own",
        ),
        loss: (
            "bce_with_logits",
            "cross-entropy from each logit: no logarithm of 0, and the gradient is p - y",
            "with many labels most are false: a weight for true ones, and a threshold for each label",
        ),
    },
];

/// So many classes make the output layer the largest part of many networks.
const MANY: u64 = 1000;

/// The function of the output, the number of units and the loss.
pub(super) fn of(question: &Question) -> Result<(Part, Part, Part), Unanswerable> {
    let count = units(question)?;
    let Some(output) = OUTPUTS.iter().find(|output| output.task == question.task) else {
        return Err(Unanswerable("nothing is known about this task".to_string()));
    };
    let (function, reason, trade_off) = output.function;
    let part = Part::new(function, reason, trade_off);
    let (reason, trade_off) = output.units;
    let mut units = Part::new(count.to_string(), reason, trade_off);
    if question.task == Task::Multiclass && count >= MANY {
        units.trade_off = format!(
            "{count} rows of weights: a large part of the network; far more classes need a sampled or hierarchical softmax"
        );
    }
    let (loss, reason, trade_off) = output.loss;
    let mut loss = Part::new(loss, reason, trade_off);
    if question.task == Task::Multiclass && count >= MANY {
        loss.trade_off =
            "label smoothing of 0.1 is usual with so many classes; class weights where some are rare"
                .to_string();
    }
    Ok((part, units, loss))
}

/// The number of output units, from the task and the number of classes.
fn units(question: &Question) -> Result<u64, Unanswerable> {
    let problem = |text: String| Err(Unanswerable(text));
    match (question.task, question.classes) {
        (Task::Multiclass, None) => {
            problem("--task multiclass needs the number of classes: add --classes K".to_string())
        }
        (Task::Multilabel, None) => {
            problem("--task multilabel needs the number of labels: add --classes K".to_string())
        }
        (Task::Multiclass, Some(classes)) if classes < 2 => problem(format!(
            "--classes is {classes}; --task multiclass needs at least 2"
        )),
        (Task::Multilabel, Some(0)) => {
            problem("--classes is 0; --task multilabel needs at least 1".to_string())
        }
        (Task::Multiclass | Task::Multilabel, Some(classes)) => Ok(classes),
        (Task::Binary, Some(classes)) if classes != 2 => problem(format!(
            "--classes {classes} contradicts --task binary, which has 2; take --task multiclass, or --task multilabel if several can be true"
        )),
        (Task::Binary, _) | (_, None) => Ok(1),
        (_, Some(classes)) => problem(format!(
            "--classes {classes} is for classes and labels; this task predicts a number, leave it out"
        )),
    }
}
