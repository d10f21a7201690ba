//! ONNX's backend node cases: each operator is read as `Function::from_foreign` and its like read it, and evaluated.

use std::cell::OnceCell;

use knee::learned::{Channels, Prelu};
use knee::{Element, Framework, Function, RowFunction};

use super::cases::{Case, Kind, read};
use super::judge::{Answer, Count, Oracle, judge};
use super::{losses, rows};

/// The function of an element-wise operator, with the defaults of its operator set.
pub(super) fn function(case: &Case) -> Option<Function> {
    Function::from_foreign(Framework::Onnx, &case.op, &|name| case.number(name))
}

/// The values of a function at numbers of a type, as numbers.
fn forward<T: Element>(function: &Function, x: &[f64]) -> Vec<f64> {
    let x: Vec<T> = x.iter().map(|&x| T::from_f64(x)).collect();
    let mut y = vec![T::default(); x.len()];
    function.forward(&x, &mut y);
    y.into_iter().map(T::to_f64).collect()
}

fn element_wise(case: &Case, function: Function) -> Answer<'_> {
    let x = &case.inputs[0];
    let found = match x.kind {
        Kind::Single => forward::<f32>(&function, &x.data),
        Kind::Half => forward::<half::f16>(&function, &x.data),
        Kind::Brain => forward::<half::bf16>(&function, &x.data),
        Kind::Double | Kind::Integer => {
            panic!("{}: no function of {:?} is recorded", case.name, x.kind)
        }
    };
    let oracle = OnceCell::new();
    let truth = move |index: usize| {
        oracle
            .get_or_init(|| Oracle::of(&function))
            .value(x.data[index])
    };
    Answer {
        found,
        truth: Box::new(truth),
    }
}

fn row_wise(case: &Case, function: RowFunction) -> Answer<'_> {
    let x = &case.inputs[0];
    // All recorded cases are of opset 13 or later, where the axis is the last one unless it is given.
    let lines = rows::along(&x.shape, case.number("axis").unwrap_or(-1.0));
    let found = rows::each(&x.singles(), &lines, |row| {
        let mut y = vec![0.0; row.len()];
        function.forward(row, row.len(), &mut y);
        y
    });
    let textbook = match function.name() {
        "softmax" => rows::softmax,
        "log_softmax" => rows::log_softmax,
        "hardmax" => rows::hardmax,
        name => panic!("the textbook formula of {name} is missing here"),
    };
    let truth = rows::each(&x.data, &lines, textbook);
    Answer {
        found: found.into_iter().map(f64::from).collect(),
        truth: Box::new(move |index| truth[index]),
    }
}

/// ONNX's slope has the shape of the last axes of the input: then it is one slope for each position on them.
fn prelu(case: &Case) -> Answer<'_> {
    let (x, slope) = (&case.inputs[0], &case.inputs[1]);
    assert!(
        x.shape.ends_with(&slope.shape),
        "{}: a slope of shape {:?}",
        case.name,
        slope.shape
    );
    let channels = Channels {
        count: slope.data.len(),
        inner: 1,
    };
    let mut y = vec![0.0_f32; x.data.len()];
    Prelu::forward(&x.singles(), &slope.singles(), channels, &mut y);
    let truth = |index: usize| {
        let (x, slope) = (x.data[index], slope.data[index % slope.data.len()]);
        if x > 0.0 { x } else { x * slope }
    };
    Answer {
        found: y.into_iter().map(f64::from).collect(),
        truth: Box::new(truth),
    }
}

/// What knee answers to a case, one answer for each recorded output; `None` if it does not know the operator.
fn answers(case: &Case) -> Option<Vec<Answer<'_>>> {
    match case.op.as_str() {
        "PRelu" => Some(vec![prelu(case)]),
        "SoftmaxCrossEntropyLoss" => losses::softmax_cross_entropy(case).ok(),
        "NegativeLogLikelihoodLoss" => losses::negative_log_likelihood(case)
            .ok()
            .map(|answer| vec![answer]),
        op => match RowFunction::from_foreign(Framework::Onnx, op) {
            Some(rows) => Some(vec![row_wise(case, rows)]),
            None => Some(vec![element_wise(case, function(case)?)]),
        },
    }
}

/// What is counted for an operator.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) op: String,
    pub(super) cases: usize,
    pub(super) expanded: usize,
    pub(super) count: Count,
}

/// Runs the cases that are chosen, and fails with the list of those that do not agree.
pub(super) fn run(chosen: impl Fn(&Case) -> bool) -> Vec<Tally> {
    let (mut tallies, mut failures) = (Vec::<Tally>::new(), Vec::new());
    for case in read("onnx").1.iter().filter(|case| chosen(case)) {
        let Some(answers) = answers(case) else {
            failures.push(format!(
                "{}: knee does not know {} with these attributes",
                case.name, case.op
            ));
            continue;
        };
        assert_eq!(answers.len(), case.outputs.len(), "{}: outputs", case.name);
        if tallies.last().is_none_or(|tally| tally.op != case.op) {
            tallies.push(Tally {
                op: case.op.clone(),
                ..Tally::default()
            });
        }
        let tally = tallies.last_mut().expect("it was added");
        tally.cases += 1;
        tally.expanded += case.expanded.len();
        for (output, answer) in case.outputs.iter().zip(&answers) {
            match judge(case, output, answer) {
                Ok(count) => tally.count += count,
                Err(failure) => failures.push(failure),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    tallies
}

fn is_loss(case: &Case) -> bool {
    case.op.ends_with("Loss")
}

/// onnx 1.23.2 has 146 cases of activations, of which six have `int8`, and 104 of losses.
#[test]
fn no_case_is_missing() {
    let cases = read("onnx").1;
    let count = |chosen: fn(&Case) -> bool| -> usize {
        cases
            .iter()
            .filter(|case| chosen(case))
            .map(|case| 1 + case.expanded.len())
            .sum()
    };
    assert_eq!(count(|case| !is_loss(case)), 146 - 6);
    assert_eq!(count(|case| case.op == "SoftmaxCrossEntropyLoss"), 68);
    assert_eq!(count(|case| case.op == "NegativeLogLikelihoodLoss"), 36);
}

#[test]
fn activations_agree() {
    run(|case| !is_loss(case));
}

#[test]
fn losses_agree() {
    run(is_loss);
}
