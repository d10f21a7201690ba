//! The inputs that PyTorch tests its functions of rows, `prelu` and the losses of classes with, judged by the
//! textbook in `f64`.

use knee::learned::{Channels, Prelu};
use knee::{Framework, LogSumExp, RowFunction};

use super::cases::{Case, Kind, Value, read};
use super::judge::{Answer, within_units};
use super::opinfo::{Measurement, SHAPED, is_refused, of};
use super::{losses, rows};

/// The rows of the input: along one axis, or the whole tensor if several are given.
fn lines(case: &Case) -> Vec<Vec<usize>> {
    let x = &case.inputs[0];
    match case.attributes.iter().find(|(name, _)| name == "dim") {
        Some((_, Value::Number(axis))) => rows::along(&x.shape, *axis),
        Some((_, Value::Text(axes))) => match axes.parse() {
            Ok(axis) => rows::along(&x.shape, axis),
            Err(_) => vec![(0..x.data.len()).collect()],
        },
        None => panic!("{}: `dim` is missing", case.name),
    }
}

/// What knee finds, and what is true.
type Results = (Vec<f64>, Vec<f64>);

fn row_wise(case: &Case, function: RowFunction) -> Results {
    let (x, lines) = (&case.inputs[0], lines(case));
    let found = rows::each(&x.singles(), &lines, |row| {
        let mut y = vec![0.0; row.len()];
        function.forward(row, row.len(), &mut y);
        y
    });
    let negated = |row: &[f64]| rows::softmax(&row.iter().map(|x| -x).collect::<Vec<_>>());
    let truth = rows::each(&x.data, &lines, |row| match case.op.as_str() {
        "softmax" => rows::softmax(row),
        "log_softmax" => rows::log_softmax(row),
        "softmin" => negated(row),
        op => panic!("the textbook formula of {op} is missing here"),
    });
    (found.into_iter().map(f64::from).collect(), truth)
}

fn log_sum_exp(case: &Case) -> Results {
    let x = &case.inputs[0];
    let value = |line: Vec<usize>| {
        let row: Vec<f64> = line.into_iter().map(|index| x.data[index]).collect();
        let singles: Vec<f32> = row.iter().map(|&x| x as f32).collect();
        let mut found = [0.0_f32];
        LogSumExp::forward(&singles, singles.len(), &mut found);
        (f64::from(found[0]), rows::log_sum_exp(&row))
    };
    lines(case).into_iter().map(value).unzip()
}

/// PyTorch's slope is one, or one for each index of the second axis.
fn prelu(case: &Case) -> Results {
    let (x, slope) = (&case.inputs[0], &case.inputs[1]);
    let channels = Channels {
        count: x.shape.get(1).copied().unwrap_or(1),
        inner: x.shape.iter().skip(2).product(),
    };
    let mut y = vec![0.0_f32; x.data.len()];
    Prelu::forward(&x.singles(), &slope.singles(), channels, &mut y);
    let truth = |(index, &x): (usize, &f64)| {
        let slope =
            slope.data[index / channels.inner.max(1) % channels.count.max(1) % slope.data.len()];
        if x > 0.0 { x } else { x * slope }
    };
    (
        y.into_iter().map(f64::from).collect(),
        x.data.iter().enumerate().map(truth).collect(),
    )
}

fn loss(case: &Case) -> Result<Results, String> {
    let answer = match case.op.as_str() {
        "nll_loss" => losses::negative_log_likelihood(case),
        _ => losses::softmax_cross_entropy(case).map(|mut answers| answers.swap_remove(0)),
    };
    let Answer { found, truth } = answer.map_err(|error| error.to_string())?;
    let truth = (0..found.len()).map(truth).collect();
    Ok((found, truth))
}

/// knee's answer and the truth, or why there is none.
fn results(case: &Case) -> Result<Results, String> {
    match case.op.as_str() {
        "prelu" => Ok(prelu(case)),
        "logsumexp" => Ok(log_sum_exp(case)),
        "cross_entropy" | "nll_loss" => loss(case),
        op => match RowFunction::from_foreign(Framework::Torch, op) {
            Some(function) => Ok(row_wise(case, function)),
            None => Err("knee does not know the operator".to_owned()),
        },
    }
}

/// Runs the samples that keep their shapes; fails with the list of those that are more than one unit off.
pub(super) fn run() -> Vec<Measurement> {
    let (mut measurements, mut failures) = (Vec::<Measurement>::new(), Vec::new());
    for case in read("opinfo")
        .1
        .iter()
        .filter(|case| SHAPED.contains(&case.op.as_str()))
    {
        let measured = of(&mut measurements, &case.op);
        let (found, truth) = match results(case) {
            Ok(results) if !is_refused(case) => results,
            Err(_) if is_refused(case) => {
                measured.refused += 1;
                continue;
            }
            other => {
                failures.push(format!("{}: {:?}", case.name, other.err()));
                continue;
            }
        };
        for (index, (&found, &truth)) in found.iter().zip(&truth).enumerate() {
            if !within_units(Kind::Single, found, truth) {
                failures.push(format!(
                    "{} at {index}: {found:e}, true {truth:e}",
                    case.name
                ));
            }
            if found != truth && truth.is_finite() {
                let error = (found - truth).abs() / Kind::Single.unit(truth);
                measured.value = measured.value.max(error);
            }
        }
        measured.cases += 1;
        measured.points += found.len();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    measurements
}

#[test]
fn samples_with_shapes_are_within_one_unit() {
    assert_eq!(run().len(), SHAPED.len());
}
