//! Functions with parameters that are learned, with the gradient of those parameters.
//!
//! A [`LearnedFunction`] is a name and the values of its parameters. It gives values, derivatives and the gradient of each
//! parameter on numbers; on slices the parameters are slices themselves, with one value for all elements or one per channel
//! ([`Channels`]).
//!
//! ```
//! use knee::learned::{Channels, LearnedFunction};
//!
//! let dyt = LearnedFunction::parse("dyt(alpha=1, gamma=2)")?;
//! assert_eq!(dyt.value(0.0_f32), 0.0);
//! assert_eq!(dyt.gradient(0.0_f32), [0.0, 0.0, 1.0], "of alpha, gamma and beta");
//!
//! // One alpha for all, gamma and beta per channel.
//! let channels = Channels { count: 2, inner: 1 };
//! let x = [0.0_f64, 1.0, 0.0, -1.0];
//! let parameters: [&[f64]; 3] = [&[1.0], &[1.0, 3.0], &[0.5, 0.0]];
//! let mut y = [0.0; 4];
//! dyt.forward(&x, &parameters, channels, &mut y);
//! assert_eq!((y[0], y[1]), (0.5, 3.0 * 0.7615941559557649));
//!
//! let mut dx = [0.0; 4];
//! let (mut dalpha, mut dgamma, mut dbeta) = ([0.0], [0.0; 2], [0.0; 2]);
//! dyt.backward(&x, &[1.0; 4], &parameters, channels, &mut dx, &mut [&mut dalpha, &mut dgamma, &mut dbeta]);
//! assert_eq!(dbeta, [2.0, 2.0]);
//! # Ok::<(), knee::ParseError>(())
//! ```
//!
//! # What to expect of a result
//!
//! A value, a derivative and the gradient of a parameter at one element are rounded once from the wider type: within 0.51 ulp, a
//! subnormal `f64` within 2. An inner root whose place depends on the parameters costs an `f64` digits in its neighbourhood, and
//! the section Numerics of a function says where. The tests sample each function with its initial parameters and with one to six
//! others.
//! The gradient of a parameter over a slice is summed in the wider type and rounded once. NaN gives NaN, in `x` and in a
//! parameter. In slices a value outside of its parameter's domain gives NaN for all elements of its channel;
//! [`LearnedFunction::check`] says which it is.
//!
//! # What is left out
//!
//! `meta_acon` and `dy_relu` compute their parameters from the input by a small network of their own, `frelu` is a convolution,
//! and `kan_spline` has a grid of splines per connection: they are layers, not functions of a number.

mod acon_c;
mod cauchy;
mod channels;
mod dyt;
mod erfact;
mod pau;
mod pelu;
mod poly_relu;
mod prelu;
mod sinlu;
mod snake;
mod soft_exponential;
mod star_relu;
mod swish_beta;
mod xielu;

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

pub use channels::Channels;

use crate::activation::{About, Budget, Declared, Parameter};
use crate::element::Element;
use crate::error::{ParameterError, ParseError};
use crate::foreign::{Foreign, Framework};
use crate::init::Moments;
use crate::lane::Lane;
use crate::parameters;
use channels::keep_nan;

/// A function with learned parameters: everything that is to be known about it is in the one file that implements this.
///
/// The parameters are the fields that the macro `declare!` writes; their defaults are the values with which learning begins.
/// NaN in `x` is the caller's to keep.
pub trait LearnedActivation: Declared {
    /// The public name, which is also the name of its file.
    const NAME: &'static str;
    /// Other names under which it is known.
    const ALIASES: &'static [&'static str] = &[];
    /// The formula in LaTeX.
    const LATEX: &'static str;
    /// What other frameworks call it.
    const FOREIGN: &'static [Foreign] = &[];
    /// The error allowed; that of a parameter's gradient at one element is the derivative's.
    const BUDGET: Budget = Budget::ROUNDED;
    /// Where the formula changes, in ascending order.
    const KNOTS: &'static [f64] = &[];

    /// The value.
    fn value<L: Lane>(&self, x: L) -> L;
    /// The derivative in `x`; at a kink the declared one.
    fn derivative<L: Lane>(&self, x: L) -> L;
    /// Writes the derivative in each parameter, in their order.
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]);

    /// What is wrong with a combination of parameters that are each in their domain.
    fn conflict(&self) -> Option<&'static str> {
        None
    }
}

/// What [`LearnedActivation`] and [`Declared`] say about a type.
const fn about<F: LearnedActivation>() -> About {
    About {
        name: F::NAME,
        title: F::TITLE.trim_ascii(),
        aliases: F::ALIASES,
        latex: F::LATEX,
        foreign: F::FOREIGN,
        parameters: F::PARAMETERS,
        budget: F::BUDGET,
        from_output: None,
        doc: F::DOC,
    }
}

macro_rules! learned {
    ($d:tt $($module:ident :: $name:ident),+ $(,)?) => {
        $(pub use $module::$name;)+

        /// A function with learned parameters and their values.
        ///
        /// It is written and read as `pelu(a=2, b=0.5)`; parameters at their initial value are left out.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum LearnedFunction {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)+
        }

        impl LearnedFunction {
            /// Every function with its initial parameters, in the order of the list.
            pub fn all() -> Vec<Self> {
                vec![$(Self::$name($name::default())),+]
            }

            /// What can be said about the function without its parameters' values.
            pub fn about(&self) -> &'static About {
                match self {
                    $(Self::$name(_) => const { &about::<$name>() },)+
                }
            }

            /// Where the formula changes, in ascending order.
            pub fn knots(&self) -> &'static [f64] {
                match self {
                    $(Self::$name(_) => $name::KNOTS,)+
                }
            }

            /// Writes the values to `y`. Each parameter has one value, or one per channel; the function's own values do not
            /// count. Panics if lengths differ or `x` is not made of whole channels.
            pub fn forward<T: Element>(&self, x: &[T], parameters: &[&[T]], channels: Channels, y: &mut [T]) {
                match self {
                    $(Self::$name(_) => channels::forward::<$name, T>(x, parameters, channels, y),)+
                }
            }

            /// Writes the gradient in `x` to `dx` and the gradient of each parameter to its slice of `dparameters`, which has
            /// as many elements as the parameter. Panics if lengths differ or `x` is not made of whole channels.
            pub fn backward<T: Element>(
                &self,
                x: &[T],
                dy: &[T],
                parameters: &[&[T]],
                channels: Channels,
                dx: &mut [T],
                dparameters: &mut [&mut [T]],
            ) {
                match self {
                    $(Self::$name(_) => channels::backward::<$name, T>(x, dy, parameters, channels, dx, dparameters),)+
                }
            }
        }

        $(impl From<$name> for LearnedFunction {
            fn from(function: $name) -> Self {
                Self::$name(function)
            }
        })+

        /// Evaluates an expression with the function inside of a [`LearnedFunction`].
        macro_rules! each {
            ($d function:expr, $d inner:ident => $d result:expr) => {
                match $d function {
                    $(LearnedFunction::$name($d inner) => $d result,)+
                }
            };
        }
    };
}

// The one list: one line here and one file beside it make a function.
learned! { $
    prelu::Prelu,
    swish_beta::SwishBeta,
    pelu::Pelu,
    snake::Snake,
    acon_c::AconC,
    star_relu::StarRelu,
    dyt::Dyt,
    xielu::Xielu,
    soft_exponential::SoftExponential,
    sinlu::Sinlu,
    poly_relu::PolyRelu,
    pau::Pau,
    erfact::Erfact,
    cauchy::Cauchy,
}

impl LearnedFunction {
    /// The function that a text names, by its name or an alias, with parameters in parentheses.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let (name, settings) = parameters::parse(text)?;
        let found = parameters::find(&Self::all(), Self::about, name)?;
        Ok(found.with_all(&settings)?)
    }

    /// The function that a framework's operator is, or `None` if there is none. How its parameters lie on the axes is the
    /// caller's to know.
    pub fn from_foreign(framework: Framework, op: &str) -> Option<Self> {
        let named = |f: &Self| f.about().foreign.iter().any(|row| row.is(framework, op));
        Self::all().into_iter().find(named)
    }

    /// The public name.
    pub fn name(&self) -> &'static str {
        self.about().name
    }

    /// The parameters with their values; the default is the value with which learning begins.
    pub fn parameters(&self) -> Vec<Parameter> {
        each!(self, f => parameters::list(f))
    }

    /// The same function with another value of a parameter.
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

    /// Whether learned values are in the domains of their parameters: the first that is not is the error.
    ///
    /// ```
    /// use knee::learned::LearnedFunction;
    /// let pelu = LearnedFunction::parse("pelu").unwrap();
    /// assert!(pelu.check::<f32>(&[&[1.0], &[1.0, 2.0]]).is_ok());
    /// let error = pelu.check::<f32>(&[&[1.0], &[1.0, -0.5]]).unwrap_err();
    /// assert_eq!(error.to_string(), "pelu: `b` is -0.5; expected a finite number greater than 0");
    /// ```
    pub fn check<T: Element>(self, parameters: &[&[T]]) -> Result<(), ParameterError> {
        let about = self.about();
        let channels = parameters
            .iter()
            .map(|values| values.len())
            .max()
            .unwrap_or(0);
        for channel in 0..channels {
            let settings: Vec<(&str, f64)> = about
                .parameters
                .iter()
                .zip(parameters)
                .filter_map(|(p, values)| {
                    let value = values.get(if values.len() == 1 { 0 } else { channel })?;
                    Some((p.name, value.to_f64()))
                })
                .collect();
            self.with_all(&settings)?;
        }
        Ok(())
    }

    /// The value at `x`.
    pub fn value<T: Element>(&self, x: T) -> T {
        let x = x.widen();
        T::narrow(keep_nan(x, each!(self, f => f.value(x))))
    }

    /// The derivative at `x`; at a kink the declared one.
    pub fn derivative<T: Element>(&self, x: T) -> T {
        let x = x.widen();
        T::narrow(keep_nan(x, each!(self, f => f.derivative(x))))
    }

    /// The derivative in each parameter at `x`, in their order.
    pub fn gradient<T: Element>(&self, x: T) -> Vec<T> {
        let x = x.widen();
        let mut gradient = vec![T::Wide::of(0.0); self.about().parameters.len()];
        each!(self, f => f.gradient(x, &mut gradient));
        gradient
            .into_iter()
            .map(|g| T::narrow(keep_nan(x, g)))
            .collect()
    }

    /// The value and the derivative in any lane.
    pub fn evaluate<L: Lane>(&self, x: L) -> (L, L) {
        each!(self, f => (f.value(x), f.derivative(x)))
    }

    /// The moments of the function on a standard normal variable, by quadrature between its knots.
    pub fn moments(&self) -> Moments {
        Moments::of(self.knots(), 8.0, |z| self.evaluate(z))
    }

    /// The gain of its moments: [`Moments::gain`].
    pub fn gain(&self) -> f64 {
        self.moments().gain()
    }
}

impl FromStr for LearnedFunction {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl fmt::Display for LearnedFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        parameters::write(f, self.name(), &self.parameters())
    }
}
