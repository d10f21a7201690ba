//! What several experiments measure of a trained network in the same way.

use crate::Stop;
use crate::data::Dataset;
use crate::engine::{Answers, Loss, Net, wrong};

/// The share of the rows of a test set that are answered rightly; NaN where the answers are numbers.
pub(in crate::experiments) fn test_accuracy(net: &Net, test: &Dataset, threshold: f32) -> f64 {
    let outputs = net.infer(&test.inputs);
    let rows = outputs.len() / net.outputs();
    let wrong = wrong(&outputs, net.outputs(), &answers(test), threshold);
    wrong.map_or(f64::NAN, |wrong| 1.0 - wrong as f64 / rows.max(1) as f64)
}

/// The root of the mean squared error on a test set.
pub(in crate::experiments) fn test_rmse(net: &Net, test: &Dataset) -> f64 {
    let outputs = net.infer(&test.inputs);
    let wanted = answers(test).values(net.outputs());
    let squares = outputs
        .iter()
        .zip(&wanted)
        .map(|(y, t)| f64::from(y - t).powi(2));
    (squares.sum::<f64>() / wanted.len().max(1) as f64).sqrt()
}

/// The mean loss on a test set.
pub(in crate::experiments) fn test_loss(
    net: &Net,
    test: &Dataset,
    loss: Loss,
) -> Result<f64, Stop> {
    let outputs = net.infer(&test.inputs);
    let (loss, _) = loss.evaluate(&outputs, net.outputs(), &answers(test))?;
    Ok(f64::from(loss))
}

/// All answers of a data set.
pub(in crate::experiments) fn answers(data: &Dataset) -> Answers {
    let all: Vec<usize> = (0..data.samples()).collect();
    Answers::of(&data.targets, &all)
}
