//! Sentences on trial: one file for each, or for two that belong together, one list, one loop.

mod centred;
mod figures;
mod float_noise;
mod framework_defaults;
mod gelu_transformer;
mod leaky_formula;
mod leaky_wins;
mod mismatch;
mod networks;
mod range;
mod recovery;
mod sentence;
mod six_times;
mod softmax_twice;
mod ten_sigmoids;
mod zeros;

use crate::experiment::experiment;
use crate::{Claim, Measured, Results, Run, Settings, Stop};

use figures::figures;
pub use sentence::Sentence;

experiment! {
    /// ## Question
    ///
    /// Which of the sentences that are handed on about activation functions hold as they are said?
    ///
    /// ## Set-up
    ///
    /// Each sentence is an arm with a small measurement of its own: networks of a few layers on handwritten digits, on points in the
    /// plane or on text, or a function's declared facts and its values where the sentence is about the function alone. What is
    /// compared within a run has the same data, the same order, and the same initial numbers. The page of each sentence says how it
    /// is read. Fuller experiments on several of them stand beside this one.
    ///
    /// ## Prediction
    ///
    /// Each sentence is taken at its word.
    ///
    /// ## Measure
    ///
    /// For each sentence one effect, and a bar that it has to pass. The figure shows the effect as a multiple of the bar.
    ///
    /// ## Source
    ///
    /// Textbooks, lecture notes, papers and answers on the web; the page of each sentence names its own.
    pub struct Sentences {
        name: "sentences",
        title: "sentences on trial",
        sentence: "What is said about activation functions holds as it is said.",
        own_data: false,
        parameters: {
            samples: Count(200, 1797), "1797", quick "800", "Handwritten digits, a quarter of them for testing.";
            epochs: Count(1, 1000), "15", quick "8", "Times that each digit is seen, where training has a fixed length.";
            steps: Count(50, 100_000), "3000", quick "1200", "Steps after which a race is given up.";
        }
    }
}

/// Every sentence, in the order of the report.
static ALL: [&Sentence; 14] = [
    &float_noise::FLOAT_NOISE,
    &six_times::SIX_TIMES,
    &range::RANGE,
    &framework_defaults::FRAMEWORK_DEFAULTS,
    &softmax_twice::SOFTMAX_TWICE,
    &zeros::ZEROS_ARE_DEAD,
    &zeros::HALF_OFF,
    &leaky_formula::LEAKY_FORMULA,
    &mismatch::MISMATCH,
    &centred::CENTRED,
    &leaky_wins::LEAKY_WINS,
    &gelu_transformer::GELU_TRANSFORMER,
    &recovery::RECOVERY,
    &ten_sigmoids::TEN_SIGMOIDS,
];

impl Sentences {
    /// Every sentence, in the order of the report.
    pub fn all() -> &'static [&'static Sentence] {
        &ALL
    }
}

fn arms(_: &Settings) -> Vec<String> {
    ALL.iter().map(|one| one.name.to_owned()).collect()
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    (ALL[run.arm].measure)(run)
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    ALL.iter().map(|one| one.claim(results)).collect()
}
