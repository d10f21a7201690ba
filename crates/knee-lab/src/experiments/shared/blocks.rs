//! Deep ReLU networks in blocks of two layers, with and without shortcuts and normalisation.

use knee::random::Seed;
use knee::{Function, Relu};

use crate::engine::{Builder, Init, Net, Rule};

/// What goes around the two layers of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shortcut {
    /// Nothing.
    None,
    /// What goes in is added to what comes out.
    Added,
    /// The same, and the last weights of the block begin divided by the root of the number of blocks.
    AddedToLittle,
}

/// A deep network.
#[derive(Clone, Copy, Debug)]
pub(in crate::experiments) struct Case {
    /// What its arms are called.
    pub(in crate::experiments) name: &'static str,
    shortcut: Shortcut,
    /// Whether there is batch normalisation before each ReLU.
    normalised: bool,
    /// Whether it has 10 layers, whatever is asked for.
    shallow: bool,
}

const fn case(name: &'static str, shortcut: Shortcut, normalised: bool) -> Case {
    Case {
        name,
        shortcut,
        normalised,
        shallow: false,
    }
}

pub(in crate::experiments) const PLAIN: Case = case("plain", Shortcut::None, false);
pub(in crate::experiments) const NORMALISED: Case = case("plain, batch norm", Shortcut::None, true);
pub(in crate::experiments) const RESIDUAL: Case = case("residual", Shortcut::Added, false);
pub(in crate::experiments) const SMALL: Case =
    case("residual, small branches", Shortcut::AddedToLittle, false);
pub(in crate::experiments) const BOTH: Case = case("residual, batch norm", Shortcut::Added, true);
const SHALLOW: Case = Case {
    name: "plain, 10 layers",
    shallow: true,
    ..PLAIN
};

/// All of them.
pub(in crate::experiments) const CASES: [Case; 6] =
    [PLAIN, NORMALISED, RESIDUAL, SMALL, BOTH, SHALLOW];

/// A network of pre-activation blocks of two layers, between a first and a last layer.
///
/// `depth` counts matrices, and `ends` are the inputs and the outputs.
pub(in crate::experiments) fn network(
    case: Case,
    depth: usize,
    width: usize,
    ends: [usize; 2],
    seed: Seed,
) -> Net {
    let depth = if case.shallow { 10 } else { depth };
    let init = Init::new(Rule::He);
    let before = |builder: Builder| {
        let builder = if case.normalised {
            builder.batch_norm()
        } else {
            builder
        };
        builder.activation(Function::from(Relu {}))
    };
    let blocks = (depth - 2) / 2;
    let last = if case.shortcut == Shortcut::AddedToLittle {
        Init::new(Rule::Scaled(2.0 / blocks as f64))
    } else {
        init
    };
    let block = |builder: Builder| before(before(builder).dense(width, init)).dense(width, last);
    let mut builder = Builder::new(ends[0], seed).dense(width, init);
    for _ in 0..blocks {
        builder = match case.shortcut {
            Shortcut::None => block(builder),
            Shortcut::Added | Shortcut::AddedToLittle => builder.residual(block),
        };
    }
    before(builder).dense(ends[1], init).build()
}
