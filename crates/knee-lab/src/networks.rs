//! The shapes of networks that several experiments train, and that `cargo xtask bench lab` times beside PyTorch.

use knee::Function;
use knee::random::Seed;

use crate::engine::{Builder, Init, Net, Rule};

/// Dense layers with one function between them.
pub fn mlp(
    inputs: usize,
    hidden: &[usize],
    outputs: usize,
    function: Function,
    init: Init,
    seed: Seed,
) -> Net {
    let mut builder = Builder::new(inputs, seed);
    for units in hidden {
        builder = builder.dense(*units, init).activation(function);
    }
    builder.dense(outputs, init).build()
}

/// Four convolutions of 3 by 3 on a grey square image, the first with `channels` channels and the others with twice as many; the
/// largest of 2 by 2 pixels after each of the first three; and a dense layer.
pub fn cnn(
    side: usize,
    channels: usize,
    classes: usize,
    function: Function,
    init: Init,
    seed: Seed,
) -> Net {
    let mut builder = Builder::image(side, side, seed);
    for layer in 0..4 {
        let channels = if layer == 0 { channels } else { 2 * channels };
        builder = builder.convolution(channels, 3, init).activation(function);
        if layer < 3 {
            builder = builder.max_pool();
        }
    }
    builder.flatten().dense(classes, init).build()
}

/// The shape of a Transformer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transformer {
    /// Symbols that are read and named.
    pub symbols: usize,
    /// Positions of a sequence.
    pub length: usize,
    /// Numbers of a position; a multiple of the heads.
    pub width: usize,
    /// Blocks of attention and of a dense network four times as wide.
    pub blocks: usize,
    /// Heads of the attention.
    pub heads: usize,
}

/// A Transformer that names a symbol at each position from those up to it, with normalisation before each branch.
pub fn transformer(shape: Transformer, function: Function, seed: Seed) -> Net {
    let Transformer {
        symbols,
        length,
        width,
        blocks,
        heads,
    } = shape;
    let init = Init::new(Rule::LeCun);
    let mut builder = Builder::sequence(length, 1, seed)
        .embedding(symbols, width, 1.0)
        .positions(1.0);
    for _ in 0..blocks {
        builder = builder
            .residual(|branch| branch.layer_norm().attention(heads, init))
            .residual(|branch| {
                let wide = branch.layer_norm().dense(4 * width, init);
                wide.activation(function).dense(width, init)
            });
    }
    builder.layer_norm().dense(symbols, init).build()
}
