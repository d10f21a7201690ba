//! The one list of element-wise functions. One line here and one file beside it make a function.

use alloc::vec::Vec;

use crate::activation::{About, Activation, Parameter};
use crate::declare::registry;
use crate::dual::Dual;
use crate::element::Element;
use crate::error::ParameterError;
use crate::facts::Facts;
use crate::kernel::{Gradient, GradientFromOutput, Kernel, Tier, Value};
use crate::lane::Lane;
use crate::parameters;
use crate::simd::{Body, Lanes};

registry! { $
    identity::Identity,
    relu::Relu,
    leaky_relu::LeakyRelu,
    relu6::Relu6,
    elu::Elu,
    selu::Selu,
    celu::Celu,
    sigmoid::Sigmoid,
    hard_sigmoid::HardSigmoid,
    hard_sigmoid_02::HardSigmoid02,
    tanh::Tanh,
    hard_tanh::HardTanh,
    softplus::Softplus,
    log_sigmoid::LogSigmoid,
    silu::Silu,
    swish_beta::SwishBeta,
    hard_swish::HardSwish,
    gelu::Gelu,
    gelu_tanh::GeluTanh,
    quick_gelu::QuickGelu,
    mish::Mish,
    telu::Telu,
    serf::Serf,
    phish::Phish,
    smish::Smish,
    logish::Logish,
    golu::Golu,
    gish::Gish,
    elish::Elish,
    hard_elish::HardElish,
    colu::Colu,
    dsilu::Dsilu,
    sinc::Sinc,
    gcu::Gcu,
    sine::Sine,
    exp::Exp,
    erf::Erf,
    binary_step::BinaryStep,
    sign::Sign,
    softcap::Softcap,
    scaled_tanh::ScaledTanh,
    softsign::Softsign,
    elliot_positive::ElliotPositive,
    isru::Isru,
    arctan::Arctan,
    sqnl::Sqnl,
    laplace::Laplace,
    symlog::Symlog,
    hard_shrink::HardShrink,
    soft_shrink::SoftShrink,
    shrink::Shrink,
    tanh_shrink::TanhShrink,
    thresholded_relu::ThresholdedRelu,
    threshold::Threshold,
    relu_squared::ReluSquared,
    sparse_plus::SparsePlus,
    sparse_sigmoid::SparseSigmoid,
    smelu::Smelu,
    bent_identity::BentIdentity,
    nlrelu::Nlrelu,
    isrlu::Isrlu,
    shifted_softplus::ShiftedSoftplus,
    sqrt_softplus::SqrtSoftplus,
    squareplus::Squareplus,
    gaussian::Gaussian,
    mexican_hat::MexicanHat,
    cosine::Cosine,
    e_swish::ESwish,
    lisht::Lisht,
    gelu_10::Gelu10,
}

/// The exact tier, on the best instructions there are.
impl<F: Into<Function>> From<F> for Kernel {
    fn from(function: F) -> Self {
        function.into().kernel()
    }
}

impl Function {
    /// The public name.
    pub fn name(&self) -> &'static str {
        self.about().name
    }

    /// The parameters with their values.
    pub fn parameters(&self) -> Vec<Parameter> {
        each!(self, f => parameters::list(f))
    }

    /// The same function with another value of a parameter.
    ///
    /// ```
    /// use knee::Function;
    /// let leaky = Function::parse("leaky_relu").unwrap().with("negative_slope", 0.25).unwrap();
    /// assert_eq!(leaky.value(-2.0_f32), -0.5);
    /// assert!(leaky.with("alpha", 1.0).is_err());
    /// ```
    pub fn with(self, parameter: &str, value: f64) -> Result<Self, ParameterError> {
        self.with_all(&[(parameter, value)])
    }

    /// The same function with other values of several parameters, which are checked together.
    pub fn with_all(mut self, settings: &[(&str, f64)]) -> Result<Self, ParameterError> {
        let about = self.about();
        each!(&mut self, f => parameters::set(f, about, settings))?;
        match each!(&self, f => f.conflict()) {
            Some(reason) => Err(ParameterError::Conflict {
                function: about.name,
                reason,
            }),
            None => Ok(self),
        }
    }

    /// What is known about the function with its parameters.
    pub fn facts(&self) -> Facts {
        each!(self, f => f.facts())
    }

    /// The value at `x`.
    pub fn value<T: Element>(&self, x: T) -> T {
        let mut y = [x];
        self.kernel().forward_in_place(&mut y);
        y[0]
    }

    /// The derivative at `x`; at a kink the declared one.
    pub fn derivative<T: Element>(&self, x: T) -> T {
        let mut slope = [x];
        self.kernel().derivatives(&[x], &mut slope);
        slope[0]
    }

    /// The second derivative at `x`, by dual numbers: right to about 13 digits away from its roots. At a kink it is that of one
    /// side.
    ///
    /// ```
    /// let tanh = knee::Function::parse("tanh").unwrap();
    /// let (t, second) = (tanh.value(0.5), tanh.second_derivative(0.5));
    /// assert!((second + 2.0 * t * (1.0 - t * t)).abs() < 1e-13);
    /// ```
    pub fn second_derivative(&self, x: f64) -> f64 {
        self.evaluate(Dual::variable(x.widen())).1.slope.head()
    }

    /// The value and the derivative in any lane; what tests are made of.
    pub fn evaluate<L: Lane>(&self, x: L) -> (L, L) {
        each!(self, f => (f.forward(x), f.derivative(x)))
    }

    /// Writes the value at each element of `x` to `y`. Panics if the lengths differ.
    pub fn forward<T: Element>(&self, x: &[T], y: &mut [T]) {
        self.kernel().forward(x, y);
    }

    /// Replaces each element by the value there.
    pub fn forward_in_place<T: Element>(&self, x: &mut [T]) {
        self.kernel().forward_in_place(x);
    }

    /// Writes the derivative at each element of `x` to `out`. Panics if the lengths differ.
    pub fn derivatives<T: Element>(&self, x: &[T], out: &mut [T]) {
        self.kernel().derivatives(x, out);
    }

    /// Writes `dy * f'(x)` to `dx`, the product rounded once. Panics if the lengths differ.
    pub fn backward<T: Element>(&self, x: &[T], dy: &[T], dx: &mut [T]) {
        self.kernel().backward(x, dy, dx);
    }
}

impl Kernel {
    /// The loop over the values.
    #[inline(always)]
    pub(crate) fn values<T: Lanes>(&self, tier: Tier) -> Body<'_, T, 1, 1> {
        each!(self.function(), f => Body::new::<Value<_>>(self.instructions(), tier, f))
    }

    /// The loop over the products of gradients and derivatives.
    #[inline(always)]
    pub(crate) fn gradients<T: Lanes>(&self, tier: Tier) -> Body<'_, T, 2, 1> {
        each!(self.function(), f => Body::new::<Gradient<_>>(self.instructions(), tier, f))
    }

    /// The loop over the products of gradients and derivatives, from values.
    #[inline(always)]
    pub(crate) fn gradients_from_output<T: Lanes>(&self, tier: Tier) -> Body<'_, T, 2, 1> {
        each!(self.function(), f => Body::new::<GradientFromOutput<_>>(self.instructions(), tier, f))
    }
}
