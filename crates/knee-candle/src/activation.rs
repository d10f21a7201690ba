//! Element-wise functions.

use std::borrow::Cow;
use std::str::FromStr;

use candle_core::{
    CpuStorage, CudaStorage, CustomOp1, CustomOp2, InplaceOp1, Layout, MetalStorage, Module,
    Result, Shape, Tensor,
};
use knee::{Element, Function, Kernel, ParseError};

use crate::blocks::computed;
use crate::numbers::{alike, each_float, each_float_in_place};
use crate::places::{dense, gathered, runs_in_any_order};
use crate::refusal::{Refusal, only_on_the_cpu};

/// An element-wise function as an operation with its own backward.
///
/// As [`CustomOp1`] for [`Tensor::apply_op1`], as [`InplaceOp1`] for [`Tensor::inplace_op1`], and as [`Module`]. Any strides are
/// accepted; the output is contiguous.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use knee_candle::Activation;
///
/// let x = Tensor::new(&[[1.0_f32, -2.0], [3.0, -4.0]], &Device::Cpu)?;
/// let leaky: Activation = "leaky_relu(negative_slope=0.25)".parse().unwrap();
/// assert_eq!(x.t()?.apply_op1(leaky)?.to_vec2::<f32>()?, [[1.0, 3.0], [-0.5, -1.0]]);
/// # Ok::<(), candle_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Activation {
    kernel: Kernel,
}

impl Activation {
    /// The kernel that computes it.
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    fn values<T: Element>(self, x: &[T], layout: &Layout) -> Vec<T> {
        let kernel = self.kernel.parallel();
        match dense(x, layout) {
            Cow::Borrowed(x) => computed(x.len(), 1, |own, y| kernel.forward(&x[own], y)),
            Cow::Owned(mut x) => {
                kernel.forward_in_place(&mut x);
                x
            }
        }
    }
}

impl From<Kernel> for Activation {
    fn from(kernel: Kernel) -> Self {
        Self { kernel }
    }
}

impl From<Function> for Activation {
    fn from(function: Function) -> Self {
        function.kernel().into()
    }
}

impl FromStr for Activation {
    type Err = ParseError;

    fn from_str(text: &str) -> std::result::Result<Self, ParseError> {
        Function::parse(text).map(Self::from)
    }
}

impl TryFrom<&str> for Activation {
    type Error = ParseError;

    fn try_from(text: &str) -> std::result::Result<Self, ParseError> {
        text.parse()
    }
}

impl Module for Activation {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        x.apply_op1(*self)
    }
}

impl CustomOp1 for Activation {
    fn name(&self) -> &'static str {
        self.kernel.function().name()
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let y = each_float!(CustomOp1::name(self), x, x => self.values(x, layout))?;
        Ok((y, layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        x.apply_op2_no_bwd(dy, &Gradient(self.kernel)).map(Some)
    }

    only_on_the_cpu! { CustomOp1(_x) }
}

impl InplaceOp1 for Activation {
    fn name(&self) -> &'static str {
        self.kernel.function().name()
    }

    fn cpu_fwd(&self, x: &mut CpuStorage, layout: &Layout) -> Result<()> {
        each_float_in_place!(InplaceOp1::name(self), x, x => {
            for run in runs_in_any_order(layout) {
                self.kernel.parallel().forward_in_place(&mut x[run]);
            }
        });
        Ok(())
    }

    only_on_the_cpu! { in place }
}

/// `dy * f'(x)`.
struct Gradient(Kernel);

impl CustomOp2 for Gradient {
    fn name(&self) -> &'static str {
        self.0.function().name()
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        dy: &CpuStorage,
        dy_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let dx = each_float!(self.name(), x, x => {
            let dy = alike(self.name(), x, dy)?;
            let (x, kernel) = (dense(x, x_layout), self.0.parallel());
            if let Some((start, end)) = dy_layout.contiguous_offsets() {
                let dy = &dy[start..end];
                computed(dy.len(), 1, |own, dx| {
                    kernel.backward(&x[own.clone()], &dy[own], dx);
                })
            } else {
                let mut dy = gathered(dy, dy_layout);
                kernel.backward_in_place(&x, &mut dy);
                dy
            }
        })?;
        Ok((dx, x_layout.shape().clone()))
    }

    only_on_the_cpu! { CustomOp2(_x, _dy) }
}
