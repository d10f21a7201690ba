//! Gated units, from one tensor or from two.

use candle_core::{
    CpuStorage, CudaStorage, CustomOp1, CustomOp2, CustomOp3, Layout, MetalStorage, Module, Result,
    Shape, Tensor, shape::Dim,
};
use knee::Axis;
use knee::gated::{GatedFunction, Layout as Halves};

use crate::numbers::{alike, each_float, zeros};
use crate::places::dense;
use crate::refusal::{Refusal, only_on_the_cpu};

/// A gated unit of two tensors, the gate and what it lets through, as an operation with its own backward.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gated(pub GatedFunction);

/// Refuses tensors of different shapes.
fn same_shape(operation: &'static str, expected: &Layout, found: &Layout) -> Result<()> {
    let (expected, found) = (expected.shape().clone(), found.shape().clone());
    if expected == found {
        Ok(())
    } else {
        Err(Refusal::Shapes { expected, found }.of(operation))
    }
}

impl CustomOp2 for Gated {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn cpu_fwd(
        &self,
        gate: &CpuStorage,
        gate_layout: &Layout,
        up: &CpuStorage,
        up_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        same_shape(self.name(), gate_layout, up_layout)?;
        let y = each_float!(self.name(), gate, gate => {
            let up = dense(alike(self.name(), gate, up)?, up_layout);
            let gate = dense(gate, gate_layout);
            let mut y = zeros(&gate, gate.len());
            self.0.forward(&gate, &up, &mut y);
            y
        })?;
        Ok((y, gate_layout.shape().clone()))
    }

    fn bwd(
        &self,
        gate: &Tensor,
        up: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let both = gate.apply_op3_no_bwd(up, dy, &Gradients(self.0))?;
        Ok((Some(both.get(0)?), Some(both.get(1)?)))
    }

    only_on_the_cpu! { CustomOp2(_gate, _up) }
}

/// The gradients of the gate and of the other tensor, one after the other along a first axis.
struct Gradients(GatedFunction);

impl CustomOp3 for Gradients {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn cpu_fwd(
        &self,
        gate: &CpuStorage,
        gate_layout: &Layout,
        up: &CpuStorage,
        up_layout: &Layout,
        dy: &CpuStorage,
        dy_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let both = each_float!(self.name(), gate, gate => {
            let up = dense(alike(self.name(), gate, up)?, up_layout);
            let dy = dense(alike(self.name(), gate, dy)?, dy_layout);
            let gate = dense(gate, gate_layout);
            let mut both = zeros(&gate, 2 * gate.len());
            let (dgate, dup) = both.split_at_mut(gate.len());
            self.0.backward(&gate, &up, &dy, dgate, dup);
            both
        })?;
        let shape: Vec<usize> = [&[2], gate_layout.dims()].concat();
        Ok((both, shape.into()))
    }

    only_on_the_cpu! { CustomOp3(_gate, _up, _dy) }
}

/// A gated unit of the two halves of an axis, as an operation with its own backward.
///
/// Which half is the gate is not the function's to know: see [`Layout`](knee::gated::Layout).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GatedPacked {
    function: GatedFunction,
    halves: Halves,
    dim: usize,
}

impl GatedPacked {
    /// The unit on the halves of the axis `dim`, laid out as `halves` says.
    pub fn new(function: GatedFunction, halves: Halves, dim: usize) -> Self {
        Self {
            function,
            halves,
            dim,
        }
    }

    /// How the rows of a contiguous input lie, and the shape of the output.
    fn rows(&self, shape: &Shape) -> Result<(Axis, Shape)> {
        let dim = self.dim.to_index(shape, CustomOp1::name(self))?;
        let mut dims = shape.dims().to_vec();
        let length = dims[dim];
        if !length.is_multiple_of(2) {
            let shape = shape.clone();
            return Err(Refusal::NoHalves { shape, dim }.of(CustomOp1::name(self)));
        }
        let stride = dims[dim + 1..].iter().product();
        dims[dim] = length / 2;
        Ok((Axis { length, stride }, dims.into()))
    }
}

impl Module for GatedPacked {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        x.apply_op1(*self)
    }
}

impl CustomOp1 for GatedPacked {
    fn name(&self) -> &'static str {
        self.function.name()
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (rows, shape) = self.rows(layout.shape())?;
        let y = each_float!(self.name(), x, x => {
            let x = dense(x, layout);
            let mut y = zeros(&x, x.len() / 2);
            self.function.forward_packed(&x, rows, self.halves, &mut y);
            y
        })?;
        Ok((y, shape))
    }

    fn bwd(&self, x: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        x.apply_op2_no_bwd(dy, &PackedGradient(*self)).map(Some)
    }

    only_on_the_cpu! { CustomOp1(_x) }
}

/// The gradient of both halves.
struct PackedGradient(GatedPacked);

impl CustomOp2 for PackedGradient {
    fn name(&self) -> &'static str {
        self.0.function.name()
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        dy: &CpuStorage,
        dy_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let GatedPacked {
            function, halves, ..
        } = self.0;
        let (rows, _) = self.0.rows(x_layout.shape())?;
        let dx = each_float!(self.name(), x, x => {
            let dy = dense(alike(self.name(), x, dy)?, dy_layout);
            let x = dense(x, x_layout);
            let mut dx = zeros(&x, x.len());
            function.backward_packed(&x, &dy, rows, halves, &mut dx);
            dx
        })?;
        Ok((dx, x_layout.shape().clone()))
    }

    only_on_the_cpu! { CustomOp2(_x, _dy) }
}
