//! The same operations recorded on Burn's tape, each with its handwritten backward.

use burn::backend::Autodiff;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use knee::{Function, RowFunction, learned::Channels};

use crate::{KneeKernels, KneeOps, Sink};

/// Backward of an element-wise function: needs its input.
#[derive(Debug)]
struct Activation;

impl<B: KneeKernels> Backward<B, 1> for Activation {
    type State = (B::FloatTensorPrimitive, Function);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (x, function) = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |dy| {
            B::function_backward(x, dy, function)
        });
    }
}

/// Backward of a row function: needs its output.
#[derive(Debug)]
struct Rows;

impl<B: KneeKernels> Backward<B, 1> for Rows {
    type State = (B::FloatTensorPrimitive, RowFunction);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (y, function) = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |dy| {
            B::rows_backward(y, dy, function)
        });
    }
}

/// Backward of PReLU: needs its input and its slope.
#[derive(Debug)]
struct Prelu;

impl<B: KneeKernels> Backward<B, 2> for Prelu {
    type State = (B::FloatTensorPrimitive, B::FloatTensorPrimitive, Channels);

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (x, slope, channels) = ops.state;
        let dy = grads.consume::<B>(&ops.node);
        let (of_x, of_slope) = B::prelu_backward(x, dy, slope, channels);
        let [x, slope] = ops.parents;
        if let Some(x) = x {
            grads.register::<B>(x.id, of_x);
        }
        if let Some(slope) = slope {
            grads.register::<B>(slope.id, of_slope);
        }
    }
}

/// Backward of the identity that hands its gradient to a sink.
#[derive(Debug)]
struct Observe;

impl<B: KneeKernels> Backward<B, 1> for Observe {
    type State = Sink;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let sink = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |dy| {
            sink.hand_over(B::host_values(dy.clone()));
            dy
        });
    }
}

impl<B: KneeKernels, C: CheckpointStrategy> KneeOps for Autodiff<B, C> {
    fn knee_activation(x: FloatTensor<Self>, function: Function) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        match Activation.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                prep.finish((x.clone(), function), B::function_forward(x, function))
            }
            OpsKind::UnTracked(prep) => prep.finish(B::function_forward(x, function)),
        }
    }

    fn knee_rows(x: FloatTensor<Self>, function: RowFunction) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        match Rows.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let y = B::rows_forward(x, function);
                prep.finish((y.clone(), function), y)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::rows_forward(x, function)),
        }
    }

    fn knee_prelu(
        x: FloatTensor<Self>,
        slope: FloatTensor<Self>,
        channels: Channels,
    ) -> FloatTensor<Self> {
        let (x, x_node) = x.into_parts();
        let (slope, slope_node) = slope.into_parts();
        match Prelu
            .prepare::<C>([x_node, slope_node])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish(
                (x.clone(), slope.clone(), channels),
                B::prelu_forward(x, slope, channels),
            ),
            OpsKind::UnTracked(prep) => prep.finish(B::prelu_forward(x, slope, channels)),
        }
    }

    fn knee_observe(x: FloatTensor<Self>, sink: Sink) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        match Observe.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(sink, x),
            OpsKind::UnTracked(prep) => prep.finish(x),
        }
    }
}
