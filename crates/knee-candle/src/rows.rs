//! Functions of rows: softmax and its kin.

use candle_core::{
    CpuStorage, CudaStorage, CustomOp1, CustomOp2, InplaceOp1, Layout, MetalStorage, Module,
    Result, Shape, Tensor, shape::Dim,
};
use knee::{Axis, RowFunction};

use crate::blocks::computed;
use crate::numbers::{alike, each_float, each_float_in_place};
use crate::places::{dense, gathered, scatter};
use crate::refusal::{Refusal, only_on_the_cpu};

/// A function of the rows along an axis, as an operation with its own backward.
///
/// As [`CustomOp1`] for [`Tensor::apply_op1`], as [`InplaceOp1`] for [`Tensor::inplace_op1`], and as [`Module`]. Any strides are
/// accepted; the output is contiguous.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use knee::RowFunction;
/// use knee_candle::Rows;
///
/// let x = Tensor::new(&[[1.0_f32, 8.0], [1.0, 8.0]], &Device::Cpu)?;
/// let down = Rows::new(RowFunction::Softmax, 0);
/// assert_eq!(x.apply_op1(down)?.to_vec2::<f32>()?, [[0.5; 2]; 2]);
/// # Ok::<(), candle_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows {
    function: RowFunction,
    dim: usize,
}

impl Rows {
    /// The function of the rows that lie along the axis `dim`.
    pub fn new(function: RowFunction, dim: usize) -> Self {
        Self { function, dim }
    }

    fn name(self) -> &'static str {
        self.function.name()
    }

    /// How the rows of a contiguous tensor lie. An error if it has no such axis.
    fn axis(self, shape: &Shape) -> Result<Axis> {
        let dim = self.dim.to_index(shape, self.name())?;
        let stride = shape.dims()[dim + 1..].iter().product();
        let length = shape.dims()[dim];
        Ok(Axis { length, stride })
    }
}

impl Module for Rows {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        x.apply_op1(*self)
    }
}

impl CustomOp1 for Rows {
    fn name(&self) -> &'static str {
        (*self).name()
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let axis = self.axis(layout.shape())?;
        let y = each_float!((*self).name(), x, x => {
            let x = dense(x, layout);
            let function = self.function.parallel();
            computed(x.len(), axis.length * axis.stride, |own, y| {
                function.forward(&x[own], axis, y);
            })
        })?;
        Ok((y, layout.shape().clone()))
    }

    fn bwd(&self, _x: &Tensor, y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        y.apply_op2_no_bwd(dy, &Gradient(*self)).map(Some)
    }

    only_on_the_cpu! { CustomOp1(_x) }
}

impl InplaceOp1 for Rows {
    fn name(&self) -> &'static str {
        (*self).name()
    }

    fn cpu_fwd(&self, x: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let axis = self.axis(layout.shape())?;
        each_float_in_place!((*self).name(), x, x => {
            if let Some((start, end)) = layout.contiguous_offsets() {
                self.function.forward_in_place(&mut x[start..end], axis);
            } else {
                let mut rows = gathered(x, layout);
                self.function.forward_in_place(&mut rows, axis);
                scatter(&rows, x, layout);
            }
        });
        Ok(())
    }

    only_on_the_cpu! { in place }
}

/// The gradient of the input from the output.
struct Gradient(Rows);

impl CustomOp2 for Gradient {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn cpu_fwd(
        &self,
        y: &CpuStorage,
        y_layout: &Layout,
        dy: &CpuStorage,
        dy_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let axis = self.0.axis(y_layout.shape())?;
        let dx = each_float!(self.name(), y, y => {
            let dy = dense(alike(self.name(), y, dy)?, dy_layout);
            let y = dense(y, y_layout);
            let function = self.0.function.parallel();
            computed(y.len(), axis.length * axis.stride, |own, dx| {
                function.backward_from_output(&y[own.clone()], &dy[own], axis, dx);
            })
        })?;
        Ok((dx, y_layout.shape().clone()))
    }

    only_on_the_cpu! { CustomOp2(_y, _dy) }
}
