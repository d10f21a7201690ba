//! The same operations recorded on Burn's tape, each with its handwritten backward.

use burn::backend::Autodiff;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use knee::{Kernel, RowFunction, learned::Channels};

use crate::{KneeKernels, KneeOps, Sink};

/// Backward of an element-wise function: needs its input, or its output where that has the same derivative.
#[derive(Debug)]
struct Activation;

impl<B: KneeKernels> Backward<B, 1> for Activation {
    type State = (B::FloatTensorPrimitive, Kernel);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (x, kernel) = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |dy| {
            B::function_backward(x, dy, kernel)
        });
    }
}

/// Backward of a row function: needs its output.
#[derive(Debug)]
struct Rows;

impl<B: KneeKernels> Backward<B, 1> for Rows {
    type State = (B::FloatTensorPrimitive, RowFunction, usize);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (y, function, dim) = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |dy| {
            B::rows_backward(y, dy, function, dim)
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

/// Whether `f'(f(x))` is `f'(x)` for every `x`, bit for bit. Then the output is kept instead of the input, whose buffer the output
/// can be written to, and which the next layer keeps anyway.
fn output_has_the_slope(kernel: &Kernel) -> bool {
    const NAMES: [&str; 4] = ["identity", "relu", "relu6", "hard_shrink"];
    NAMES.contains(&kernel.function().name())
}

impl<B: KneeKernels, C: CheckpointStrategy> KneeOps for Autodiff<B, C> {
    fn knee_activation(x: FloatTensor<Self>, kernel: Kernel) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        match Activation.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) if output_has_the_slope(&kernel) => {
                let y = B::function_forward(x, kernel);
                prep.finish((y.clone(), kernel), y)
            }
            OpsKind::Tracked(prep) => {
                prep.finish((x.clone(), kernel), B::function_forward(x, kernel))
            }
            OpsKind::UnTracked(prep) => prep.finish(B::function_forward(x, kernel)),
        }
    }

    fn knee_rows(x: FloatTensor<Self>, function: RowFunction, dim: usize) -> FloatTensor<Self> {
        let (x, node) = x.into_parts();
        match Rows.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let y = B::rows_forward(x, function, dim);
                prep.finish((y.clone(), function, dim), y)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::rows_forward(x, function, dim)),
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

#[cfg(test)]
mod tests {
    use super::output_has_the_slope;
    use knee::{Function, Kinks, Tier};

    #[test]
    fn a_function_of_which_only_the_output_is_kept_has_the_same_slope_there() {
        let parametrised = ["hard_shrink(lambd=0)", "hard_shrink(lambd=3)"]
            .map(|text| Function::parse(text).unwrap());
        let kept = |function: &Function| output_has_the_slope(&function.kernel());
        let functions: Vec<_> = Function::all()
            .into_iter()
            .chain(parametrised)
            .filter(kept)
            .collect();
        assert_eq!(functions.len(), 6);
        let points: Vec<f32> = (-80..=80).map(|k| k as f32 / 8.0).collect();
        let special = [
            0.0,
            -0.0,
            1e-45,
            -1e-45,
            f32::MAX,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
        ];
        let points = [&points[..], &special].concat();
        for function in functions {
            for kinks in [Kinks::Torch, Kinks::Jax] {
                for tier in [Tier::Exact, Tier::Fast] {
                    let kernel = function.kernel().kinks(kinks).tier(tier);
                    let mut y = points.clone();
                    kernel.forward_in_place(&mut y);
                    let [mut at_input, mut at_output] = [(); 2].map(|()| vec![0.0; points.len()]);
                    kernel.derivatives(&points, &mut at_input);
                    kernel.derivatives(&y, &mut at_output);
                    let bits =
                        |slopes: Vec<f32>| slopes.into_iter().map(f32::to_bits).collect::<Vec<_>>();
                    assert_eq!(bits(at_input), bits(at_output), "{function} {kinks:?}");
                }
            }
        }
    }
}
