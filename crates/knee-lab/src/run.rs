//! One run: what it is given, and how it says how far it is.

use std::sync::atomic::{AtomicBool, Ordering};

use knee::random::Seed;

use crate::data::Dataset;
use crate::parameter::Settings;
use crate::record::Seeds;

/// Hears how far a run is. Called from the run's thread.
pub trait Progress: Sync {
    /// A share of the run is done; `loss` is the training loss there, and `seen` what the doctor sees in a few words.
    fn at(&self, share: f64, loss: Option<f64>, seen: &str);
}

/// Nobody listens.
impl Progress for () {
    fn at(&self, _: f64, _: Option<f64>, _: &str) {}
}

/// Why a run did not finish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Somebody asked it to stop.
    Asked,
    /// It cannot be made: the settings or the data do not allow it.
    Impossible(String),
}

/// What a run is given.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The parameters.
    pub settings: &'a Settings,
    /// Index of its arm.
    pub arm: usize,
    /// Where its random numbers come from.
    pub seeds: Seeds,
    /// The user's own data, where given.
    pub data: Option<&'a Dataset>,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) stop: &'a AtomicBool,
}

impl<'a> Run<'a> {
    /// A run that nobody watches and nobody stops, for tests and for code of one's own.
    pub fn alone(settings: &'a Settings, arm: usize, seeds: Seeds) -> Self {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Self {
            settings,
            arm,
            seeds,
            data: None,
            progress: &(),
            stop: &NEVER,
        }
    }

    /// The seed of the data.
    pub fn data_seed(&self) -> Seed {
        Seed::new(self.seeds.data)
    }

    /// The seed of the initial weights.
    pub fn init_seed(&self) -> Seed {
        Seed::new(self.seeds.init)
    }

    /// The seed of the order of the samples, and of whatever is drawn while training.
    pub fn order_seed(&self) -> Seed {
        Seed::new(self.seeds.order)
    }

    /// Says how far the run is, and learns whether it shall stop.
    pub fn at(&self, share: f64, loss: Option<f64>, seen: &str) -> Result<(), Stop> {
        self.progress.at(share, loss, seen);
        if self.stop.load(Ordering::Relaxed) {
            return Err(Stop::Asked);
        }
        Ok(())
    }
}
