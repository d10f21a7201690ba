//! Whose activations a network has.

use burn::tensor::activation as act;
use burn::tensor::{Int, Tensor};
use knee::{Function, Gelu, Silu, Tier};

/// Whose activations, softmax and loss. The rest of a network is Burn's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    /// Burn's own.
    Burn,
    /// knee's.
    Knee(Tier),
    /// None: what they cost is what is missing. The loss is Burn's own.
    Without,
}

/// The sides by the names in the record.
pub const SIDES: [(&str, Side); 4] = [
    ("burn", Side::Burn),
    ("knee exact", Side::Knee(Tier::Exact)),
    ("knee fast", Side::Knee(Tier::Fast)),
    ("without", Side::Without),
];

impl Side {
    /// The side with this name.
    pub fn of(name: &str) -> Option<Self> {
        let found = SIDES.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, side)| side)
    }

    pub(super) fn gelu<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        self.element(x, act::gelu, Gelu::default().into())
    }

    pub(super) fn silu<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        self.element(x, act::silu, Silu::default().into())
    }

    fn element<const D: usize>(
        self,
        x: Tensor<D>,
        theirs: fn(Tensor<D>) -> Tensor<D>,
        function: Function,
    ) -> Tensor<D> {
        match self {
            Self::Burn => theirs(x),
            Self::Knee(tier) => knee_burn::activation(x, function.kernel().tier(tier)),
            Self::Without => x,
        }
    }

    /// Over the last axis.
    pub(super) fn softmax<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Burn => act::softmax(x, D - 1),
            Self::Knee(_) => knee_burn::softmax(x, D - 1),
            Self::Without => x,
        }
    }

    /// The mean cross-entropy, as Burn's `CrossEntropyLoss` computes it.
    pub(super) fn loss(self, logits: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
        let [batch] = targets.dims();
        let logarithms = match self {
            Self::Knee(_) => knee_burn::log_softmax(logits, 1),
            Self::Burn | Self::Without => act::log_softmax(logits, 1),
        };
        let chosen = logarithms.gather(1, targets.reshape([batch, 1]));
        chosen.mean().neg()
    }
}
