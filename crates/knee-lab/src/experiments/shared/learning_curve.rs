//! Training that is tested after every epoch.

use crate::data::Split;
use crate::engine::{Flow, History, Net, Training, fit};
use crate::experiments::shared::scoring::test_accuracy;
use crate::{Run, Stop};

/// What training left, and the accuracy on the test set after each epoch.
#[derive(Clone, Debug)]
pub(in crate::experiments) struct LearningCurve {
    /// What training left.
    pub(in crate::experiments) history: History,
    /// Epoch, and share of right answers; epoch 0 is the untrained network.
    pub(in crate::experiments) accuracy: Vec<(f64, f64)>,
}

impl LearningCurve {
    /// Trains, and tests after every epoch.
    pub(in crate::experiments) fn of(
        net: &mut Net,
        split: &Split,
        training: &Training,
        run: &Run<'_>,
    ) -> Result<Self, Stop> {
        let mut accuracy = vec![(0.0, test_accuracy(net, &split.test, training.threshold))];
        let history = fit(net, &split.train, training, run, |epoch| {
            let share = test_accuracy(epoch.net, &split.test, training.threshold);
            accuracy.push((epoch.epoch as f64, share));
            Flow::On
        })?;
        Ok(Self { history, accuracy })
    }

    /// The first epoch after which the accuracy is as high; infinite if none.
    pub(in crate::experiments) fn reaches(&self, target: f64) -> f64 {
        let first = self.accuracy.iter().find(|(_, share)| *share >= target);
        first.map_or(f64::INFINITY, |(epoch, _)| *epoch)
    }

    /// The accuracy after the last epoch.
    pub(in crate::experiments) fn last(&self) -> f64 {
        self.accuracy.last().map_or(f64::NAN, |(_, share)| *share)
    }
}
