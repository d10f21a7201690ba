//! The gated units: one half of the features, through an activation, multiplies the other. Their own list: one line here and
//! one file beside it make a function.
//!
//! Which half is the gate is no property of the function but of the code that a network was trained with: see [`Layout`].
//!
//! ```
//! use knee::gated::{GatedFunction, Layout};
//! let x = [3.0_f32, 5.0, -1.0, 2.0];
//! let mut y = [0.0; 2];
//! // Gate -1 and 2, as in PyTorch; gate 3 and 5, as in most language models.
//! GatedFunction::Reglu.forward_packed(&x, 4, Layout::TORCH, &mut y);
//! assert_eq!(y, [0.0, 10.0]);
//! GatedFunction::Reglu.forward_packed(&x, 4, Layout::GATE_FIRST, &mut y);
//! assert_eq!(y, [-3.0, 10.0]);
//! ```

use core::fmt;
use core::str::FromStr;

use alloc::vec::Vec;

use crate::activation::{About, Budget, Declared, Parameter};
use crate::element::Element;
use crate::error::{ParameterError, ParseError};
use crate::foreign::{Foreign, Framework};
use crate::lane::Lane;
use crate::parameters;
use crate::simd::{Input, Output};
use crate::slice::same_lengths;

mod layout;
mod packed;
mod pieces;
mod product;

pub use layout::{Half, Layout};

/// A gated unit: everything that is to be known about it is in the one file that implements this.
pub trait GatedActivation: Declared {
    /// The public name, which is also the name of its file.
    const NAME: &'static str;
    /// Other names under which it is known.
    const ALIASES: &'static [&'static str] = &[];
    /// The formula in LaTeX.
    const LATEX: &'static str;
    /// What other frameworks call it.
    const FOREIGN: &'static [Foreign] = &[];
    /// The error allowed, of a value and of each of the two gradients.
    const BUDGET: Budget = Budget::ROUNDED;

    /// The value.
    fn forward<L: Lane>(&self, gate: L, up: L) -> L;
    /// `factor` times the derivative of the activation at the gate.
    fn slope_times<L: Lane>(&self, gate: L, factor: L) -> L;
    /// The gradients of the gate and of the other half, which enters as a factor unless a function says otherwise.
    #[inline(always)]
    fn gradients<L: Lane>(&self, gate: L, up: L, dy: L) -> (L, L) {
        (self.slope_times(gate, up * dy), self.forward(gate, dy))
    }
}

/// What [`GatedActivation`] and [`Declared`] say about a type.
const fn about<F: GatedActivation>() -> About {
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

/// The function itself: the one that the variant holds, or the only one there is.
macro_rules! inner {
    ($name:ident) => {
        &mut $crate::gated::$name::default()
    };
    ($name:ident $own:ident) => {
        $own
    };
}

macro_rules! gated {
    ($d:tt $($module:ident :: $name:ident $(($own:ident: $parametrised:ident))?),+ $(,)?) => {
        $(mod $module; pub use $module::$name;)+

        /// A gated unit with its parameters: a function of a gate and of what it lets through.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum GatedFunction {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name $(($parametrised))?,)+
        }

        impl GatedFunction {
            /// Every gated unit, with its default parameters.
            pub const ALL: &'static [Self] = &[$(Self::$name $(($parametrised::DEFAULT))?),+];

            /// What can be said about it.
            pub fn about(&self) -> &'static About {
                match self {
                    $(Self::$name { .. } => const { &about::<$name>() },)+
                }
            }
        }

        /// Evaluates an expression with the function inside of a [`GatedFunction`], which is `&mut`.
        macro_rules! each {
            ($d function:expr, $d inner:ident => $d result:expr) => {
                match $d function {
                    $($crate::gated::GatedFunction::$name $(($own))? => {
                        let $d inner: &mut $crate::gated::$name = inner!($name $($own)?);
                        $d result
                    })+
                }
            };
        }
    };
}

gated! { $
    glu::Glu,
    bilinear::Bilinear,
    reglu::Reglu,
    geglu::Geglu,
    swiglu::Swiglu,
    swiglu_oai::SwigluOai(own: SwigluOai),
}

// It uses the macro above.
mod evaluate;

pub use evaluate::EvaluateGated;
#[cfg(test)]
pub(crate) use evaluate::{gradients, values};

impl GatedFunction {
    /// The public name.
    pub fn name(&self) -> &'static str {
        self.about().name
    }

    /// The parameters with their values.
    pub fn parameters(mut self) -> Vec<Parameter> {
        each!(&mut self, f => parameters::list(f))
    }

    /// The same function with another value of a parameter.
    pub fn with(self, parameter: &str, value: f64) -> Result<Self, ParameterError> {
        self.with_all(&[(parameter, value)])
    }

    /// The same function with other values of several parameters.
    pub fn with_all(mut self, settings: &[(&str, f64)]) -> Result<Self, ParameterError> {
        let about = self.about();
        each!(&mut self, f => parameters::set(f, about, settings))?;
        Ok(self)
    }

    /// The gated unit that a framework's operator is, or `None` if there is none. Which half is the gate is [`Layout`]'s.
    pub fn from_foreign(framework: Framework, op: &str) -> Option<Self> {
        let named = |f: &Self| f.about().foreign.iter().any(|row| row.is(framework, op));
        Self::ALL.iter().copied().find(named)
    }

    /// The gated unit that a text names, by its name or an alias, with parameters in parentheses.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let (name, settings) = parameters::parse(text)?;
        let function = parameters::find(Self::ALL, Self::about, name)?;
        Ok(function.with_all(&settings)?)
    }

    /// The value for one gate and what it lets through.
    pub fn value<T: Element>(mut self, gate: T, up: T) -> T {
        each!(&mut self, f => T::narrow(f.forward(gate.widen(), up.widen())))
    }

    /// Writes the value at each element to `y`, from the gate and the other half as two slices. Panics if the lengths differ.
    #[track_caller]
    pub fn forward<T: Element>(self, gate: &[T], up: &[T], y: &mut [T]) {
        same_lengths(("up", up.len()), ("gate", gate.len()));
        same_lengths(("y", y.len()), ("gate", gate.len()));
        T::gated(self, [Input::new(gate), Input::new(up)], Output::new(y));
    }

    /// Writes the gradients of the two halves, each rounded once. Panics if the lengths differ.
    #[track_caller]
    pub fn backward<T: Element>(
        self,
        gate: &[T],
        up: &[T],
        dy: &[T],
        dgate: &mut [T],
        dup: &mut [T],
    ) {
        for (name, length) in [
            ("up", up.len()),
            ("dy", dy.len()),
            ("dgate", dgate.len()),
            ("dup", dup.len()),
        ] {
            same_lengths((name, length), ("gate", gate.len()));
        }
        let inputs = [Input::new(gate), Input::new(up), Input::new(dy)];
        T::gated_gradients(self, inputs, [Output::new(dgate), Output::new(dup)]);
    }
}

impl fmt::Display for GatedFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        parameters::write(f, self.name(), &self.parameters())
    }
}

impl FromStr for GatedFunction {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}
