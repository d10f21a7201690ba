//! The functions that mix the elements of a row, and their own list. One line here and one file beside it make a function.

use core::fmt;
use core::mem::MaybeUninit;
use core::str::FromStr;

use alloc::vec;
use alloc::vec::Vec;

use crate::activation::{About, Budget, Declared, Parameter};
use crate::axis::Axis;
use crate::element::Element;
use crate::error::{ParameterError, ParseError};
use crate::foreign::{Foreign, Framework};
use crate::lane::Lane;
use crate::parameters;
use crate::rowwise::How;
use crate::simd::{Input, Output};

mod kernel;
mod logsumexp;
mod poly_norm;

pub use kernel::RowKernel;
pub use logsumexp::LogSumExp;
pub use poly_norm::PolyNorm;

/// A function of whole rows: everything that is to be known about it is in the one file that implements this.
pub trait RowActivation: Declared {
    /// The public name, which is also the name of its file.
    const NAME: &'static str;
    /// Other names under which it is known.
    const ALIASES: &'static [&'static str] = &[];
    /// The formula in LaTeX.
    const LATEX: &'static str;
    /// What other frameworks call it.
    const FOREIGN: &'static [Foreign] = &[];
    /// The error allowed, of a value; the gradient is formed from rounded values and has no budget of its own.
    const BUDGET: Budget = Budget::ROUNDED;
    /// The input that takes no share, whatever the other elements are.
    const ABSENT: f64 = f64::NEG_INFINITY;

    /// The function on rows that lie one after the other.
    fn forward<T: Element>(&self, how: How, length: usize, x: Input<'_, T>, y: Output<'_, T>);
    /// The gradients of such rows from their outputs and the upstream gradients.
    fn backward_from_output<T: Element>(
        &self,
        how: How,
        length: usize,
        inputs: [Input<'_, T>; 2],
        dx: Output<'_, T>,
    );

    /// The output that stands for one share in `elements` equal ones, and for none if there are none.
    fn equal_share<L: Lane>(elements: f64) -> L {
        if elements == 0.0 {
            L::of(0.0)
        } else {
            L::of(1.0) / L::of(elements)
        }
    }
}

/// What [`RowActivation`] and [`Declared`] say about a type.
const fn about<F: RowActivation>() -> About {
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
        &mut $name::default()
    };
    ($name:ident $own:ident) => {
        $own
    };
}

macro_rules! rows {
    ($d:tt $($module:ident :: $name:ident $(($own:ident: $parametrised:ident))?),+ $(,)?) => {
        $(mod $module; pub use $module::$name;)+

        /// A function that mixes the elements of a row.
        ///
        /// A slice holds rows one after the other, or across: see [`Axis`]. The bits of a row do not depend on how it lies.
        ///
        /// Wherever the function's own page says nothing else, a row with `inf` or NaN in it and a row of `-inf` only gives NaN;
        /// an element that is `-inf` beside others takes no share. Rows of length 0 are fine. Each element is
        /// within 1 ulp of the true one.
        ///
        /// ```
        /// use knee::RowFunction;
        /// let mut p = [0.0_f32; 2];
        /// RowFunction::Softmax.forward(&[1000.0, 1000.0], 2, &mut p);
        /// assert_eq!(p, [0.5, 0.5]);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum RowFunction {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name $(($parametrised))?,)+
        }

        impl RowFunction {
            /// Every row function, with its default parameters.
            pub const ALL: &'static [Self] = &[$(Self::$name $(($parametrised::DEFAULT))?),+];

            /// What can be said about it.
            pub fn about(&self) -> &'static About {
                match self {
                    $(Self::$name { .. } => const { &about::<$name>() },)+
                }
            }
        }

        /// Evaluates an expression with the function inside of a [`RowFunction`], which is `&mut`.
        macro_rules! each {
            ($d function:expr, $d inner:ident => $d result:expr) => {
                match $d function {
                    $(RowFunction::$name $(($own))? => {
                        let $d inner: &mut $name = inner!($name $($own)?);
                        $d result
                    })+
                }
            };
        }
    };
}

rows! { $
    softmax::Softmax,
    log_softmax::LogSoftmax,
    softmin::Softmin,
    softmax_one::SoftmaxOne(own: SoftmaxOne),
    sparsemax::Sparsemax,
    entmax15::Entmax15,
    hardmax::Hardmax,
}

impl RowFunction {
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

    /// The row function that a framework's operator is, or `None` if there is none. Which axis makes the rows is the caller's to
    /// know: in ONNX before opset 13 it is another one.
    pub fn from_foreign(framework: Framework, op: &str) -> Option<Self> {
        let named = |f: &Self| f.about().foreign.iter().any(|row| row.is(framework, op));
        Self::ALL.iter().copied().find(named)
    }

    /// The row function that a text names, by its name or an alias, with parameters in parentheses.
    ///
    /// ```
    /// use knee::RowFunction;
    /// let quiet = RowFunction::parse("quiet_softmax(denominator_bias=2)")?;
    /// assert_eq!(quiet.to_string(), "softmax_one(denominator_bias=2)");
    /// # Ok::<(), knee::ParseError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let (name, settings) = parameters::parse(text)?;
        let function = parameters::find(Self::ALL, Self::about, name)?;
        Ok(function.with_all(&settings)?)
    }

    /// Writes the function of each row of `x` to `y`. Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn forward<T: Element>(self, x: &[T], rows: impl Into<Axis>, y: &mut [T]) {
        self.kernel().forward(x, rows, y);
    }

    /// Writes the function of each row of `x` to storage that need not be initialised, and returns it. Panics if the lengths
    /// differ or are not made of whole rows.
    #[track_caller]
    pub fn forward_uninit<'y, T: Element>(
        self,
        x: &[T],
        rows: impl Into<Axis>,
        y: &'y mut [MaybeUninit<T>],
    ) -> &'y mut [T] {
        self.kernel().forward_uninit(x, rows, y)
    }

    /// Replaces each row by the function of it. Panics if the slice is not made of whole rows.
    #[track_caller]
    pub fn forward_in_place<T: Element>(self, x: &mut [T], rows: impl Into<Axis>) {
        self.kernel().forward_in_place(x, rows);
    }

    /// Writes the gradient with respect to the input to `dx`, from the output `y` and the upstream gradient `dy`.
    /// Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn backward_from_output<T: Element>(
        self,
        y: &[T],
        dy: &[T],
        rows: impl Into<Axis>,
        dx: &mut [T],
    ) {
        self.kernel().backward_from_output(y, dy, rows, dx);
    }

    /// Replaces each row of `dy` by the gradient with respect to the input, from the output `y`.
    /// Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn backward_from_output_in_place<T: Element>(
        self,
        y: &[T],
        dy: &mut [T],
        rows: impl Into<Axis>,
    ) {
        self.kernel().backward_from_output_in_place(y, dy, rows);
    }

    /// The values of rows that lie one after the other.
    fn values<T: Element>(mut self, how: How, length: usize, x: Input<'_, T>, y: Output<'_, T>) {
        each!(&mut self, f => f.forward(how, length, x, y));
    }

    /// Their gradients.
    fn gradients<T: Element>(
        mut self,
        how: How,
        length: usize,
        inputs: [Input<'_, T>; 2],
        dx: Output<'_, T>,
    ) {
        each!(&mut self, f => f.backward_from_output(how, length, inputs, dx));
    }

    /// The derivatives of every output of one row by every input: `dy_i / dx_j` at `i * x.len() + j`.
    ///
    /// ```
    /// use knee::RowFunction;
    /// assert_eq!(RowFunction::Softmax.jacobian(&[0.0, 0.0]), [0.25, -0.25, -0.25, 0.25]);
    /// ```
    pub fn jacobian<T: Element>(self, x: &[T]) -> Vec<T> {
        let length = x.len();
        let mut y = vec![T::default(); length];
        self.forward(x, length, &mut y);
        let mut unit = vec![T::default(); length];
        let mut jacobian = vec![T::default(); length * length];
        for (index, row) in jacobian.chunks_exact_mut(length.max(1)).enumerate() {
            unit[index] = T::from_f64(1.0);
            self.backward_from_output(&y, &unit, length, row);
            unit[index] = T::default();
        }
        jacobian
    }

    /// The input that takes no share.
    pub(crate) fn absent<T: Element>(mut self) -> T {
        T::from_f64(each!(&mut self, f => absent(f)))
    }

    /// The output that stands for one share in `elements` equal ones, and for none if there are none.
    pub(crate) fn equal_share<T: Element>(mut self, elements: usize) -> T {
        let wide = each!(&mut self, f => equal_share(f, elements as f64));
        T::narrow(wide)
    }
}

fn absent<F: RowActivation>(_: &F) -> f64 {
    F::ABSENT
}

fn equal_share<F: RowActivation, L: Lane>(_: &F, elements: f64) -> L {
    F::equal_share(elements)
}

impl fmt::Display for RowFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        parameters::write(f, self.name(), &self.parameters())
    }
}

impl FromStr for RowFunction {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}
