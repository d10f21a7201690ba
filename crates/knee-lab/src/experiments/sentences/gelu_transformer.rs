//! GELU and ReLU in a small transformer.

use knee::Function;

use super::networks::function;
use super::sentence::{EFFECT, sentence};
use crate::data::{Split, text};
use crate::engine::{Builder, Flow, Init, Loss, Net, Optimizer, Rule, Training, Watching, fit};
use crate::experiments::shared::scoring::answers;
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Said of the function between the two dense layers of a block: GELU is better than ReLU in transformers.
    ///
    /// One block with layer normalisation before attention and before the dense layers, width 32, learns the next character of short
    /// sentences, with GELU and with ReLU from the same weights in the same order, by Adam with the rate 0.003. The sentence holds if GELU has
    /// the lower test loss on every seed that the interval spans. This is a small network and a small text; what it says of large ones is for
    /// larger experiments.
    ///
    /// Source: Hendrycks and Gimpel, *Gaussian error linear units*, 2016, and the transformers that adopted it; Shazeer, *GLU variants
    /// improve transformer*, 2020, finds them nearly equal.
    pub(super) static GELU_TRANSFORMER {
        name: "GELU in transformers",
        said: "GELU is better in Transformers.",
        effect: "test loss of GELU / test loss of ReLU",
        criterion: Criterion::Below(1.0),
        measure: measure,
    }
}

const LENGTH: usize = 16;
const WIDTH: usize = 32;
const WINDOWS: usize = 240;

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let split =
        text::sentences(WINDOWS, LENGTH, run.data_seed()).split(0.25, run.data_seed().stream(9));
    let relu = test_loss(&split, function("relu")?, run)?;
    let gelu = test_loss(&split, function("gelu")?, run)?;
    let mut measured = Measured::default();
    measured.set(EFFECT, gelu / relu);
    measured.set("test loss of ReLU", relu);
    measured.set("test loss of GELU", gelu);
    Ok(measured)
}

fn transformer(function: Function, run: &Run<'_>) -> Net {
    let init = Init::new(Rule::LeCun);
    let symbols = text::ALPHABET.len();
    Builder::sequence(LENGTH, 1, run.init_seed())
        .embedding(symbols, WIDTH, 0.5)
        .positions(0.1)
        .residual(|branch| branch.layer_norm().attention(4, init))
        .residual(|branch| {
            let wide = branch
                .layer_norm()
                .dense(4 * WIDTH, init)
                .activation(function);
            wide.dense(WIDTH, init)
        })
        .layer_norm()
        .dense(symbols, init)
        .build()
}

fn test_loss(split: &Split, function: Function, run: &Run<'_>) -> Result<f64, Stop> {
    let mut net = transformer(function, run);
    let training = Training {
        watching: Watching::Never,
        ..Training::new(
            Loss::CrossEntropy,
            Optimizer::Adam { rate: 0.003 },
            run.settings.count("epochs"),
            16,
        )
    };
    fit(&mut net, &split.train, &training, run, |_| Flow::On)?;
    let outputs = net.infer(&split.test.inputs);
    let (loss, _) = Loss::CrossEntropy.evaluate(&outputs, net.outputs(), &answers(&split.test))?;
    Ok(f64::from(loss))
}
