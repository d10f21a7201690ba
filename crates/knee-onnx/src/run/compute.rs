//! The two backends that a run may use: Flex alone, or Flex under a tape.

use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::flex::{FlexDevice, FlexTensor};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, BackendTypes, Flex};
use knee_burn::{KneeOps, Sink};

/// Flex recording a tape for the backward pass.
pub(super) type Taped = Autodiff<Flex, NoCheckpointing>;

/// A float tensor of the backend.
pub(super) type Float<C> = FloatTensor<C>;

/// What operators compute on. Integers and booleans stay on the host (see `host.rs`), so Flex's
/// integer tensors appear only as indices and masks.
pub(super) trait Compute:
    Backend
    + BackendTypes<
        Device = FlexDevice,
        IntTensorPrimitive = FlexTensor,
        BoolTensorPrimitive = FlexTensor,
    > + KneeOps
{
    /// Whether a tape is recorded.
    const TAPED: bool;

    /// The tensor below the tape.
    fn raw(x: &Float<Self>) -> FlexTensor;

    /// A tensor that no gradient flows to.
    fn constant(x: FlexTensor) -> Float<Self>;

    /// A tensor whose gradient can be asked for after the backward pass.
    fn parameter(x: FlexTensor) -> Float<Self>;

    /// The same values, with a gradient: where they depend on no parameter the tape starts here.
    fn tracked(x: Float<Self>) -> Float<Self>;

    /// The same values, whose gradient is handed to `sink` in the backward pass.
    fn watched(x: Float<Self>, sink: Sink) -> Float<Self> {
        Self::knee_observe(Self::tracked(x), sink)
    }

    /// The same values without a gradient.
    fn detached(x: &Float<Self>) -> Float<Self> {
        Self::constant(Self::raw(x))
    }
}

impl Compute for Flex {
    const TAPED: bool = false;

    fn raw(x: &FlexTensor) -> FlexTensor {
        x.clone()
    }

    fn constant(x: FlexTensor) -> FlexTensor {
        x
    }

    fn parameter(x: FlexTensor) -> FlexTensor {
        x
    }

    fn tracked(x: FlexTensor) -> FlexTensor {
        x
    }
}

impl Compute for Taped {
    const TAPED: bool = true;

    fn raw(x: &Float<Self>) -> FlexTensor {
        x.primitive().clone()
    }

    fn constant(x: FlexTensor) -> Float<Self> {
        <Self as AutodiffBackend>::from_inner(x)
    }

    fn parameter(x: FlexTensor) -> Float<Self> {
        Self::float_set_require_grad(Self::constant(x), true)
    }

    fn tracked(x: Float<Self>) -> Float<Self> {
        if x.is_tracked() {
            x
        } else {
            Self::parameter(Self::raw(&x))
        }
    }
}
