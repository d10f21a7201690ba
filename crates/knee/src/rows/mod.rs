//! The functions that mix the elements of a row, and their own list.

mod log_softmax;
mod softmax;

use core::fmt;

use alloc::string::String;

pub use log_softmax::LogSoftmax;
pub use softmax::Softmax;

use crate::activation::{About, Budget, Declared};
use crate::element::Element;
use crate::foreign::{Foreign, Framework};
use crate::lane::Lane;

/// A function of whole rows: everything that is to be known about it is in the one file that implements this.
pub trait RowActivation: Declared {
    /// The public name, which is also the name of its file.
    const NAME: &'static str;
    /// The formula in LaTeX.
    const LATEX: &'static str;
    /// What other frameworks call it.
    const FOREIGN: &'static [Foreign];
    /// The error allowed, of a value; the gradient is formed from rounded values and has no budget of its own.
    const BUDGET: Budget = Budget::ROUNDED;

    /// The function on one row that is not empty.
    fn forward<T: Element>(x: &[T], y: &mut [T]);
    /// The gradient of one row from its output and the upstream gradient.
    fn backward_from_output<T: Element>(y: &[T], dy: &[T], dx: &mut [T]);
}

/// What [`RowActivation`] and [`Declared`] say about a type.
const fn about<F: RowActivation>() -> About {
    About {
        name: F::NAME,
        title: F::TITLE.trim_ascii(),
        aliases: &[],
        latex: F::LATEX,
        foreign: F::FOREIGN,
        parameters: F::PARAMETERS,
        budget: F::BUDGET,
        from_output: None,
        doc: F::DOC,
    }
}

macro_rules! rows {
    ($($name:ident),+) => {
        /// A function that mixes the elements of a row.
        ///
        /// A slice holds rows of `row` elements one after the other. A row of `-inf` only, and one with `inf` or NaN in it, gives
        /// NaN. Each element is within 1 ulp of the true one.
        ///
        /// ```
        /// use knee::RowFunction;
        /// let mut p = [0.0_f32; 2];
        /// RowFunction::Softmax.forward(&[1000.0, 1000.0], 2, &mut p);
        /// assert_eq!(p, [0.5, 0.5]);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum RowFunction {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name,)+
        }

        impl RowFunction {
            /// Every row function.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// What can be said about it.
            pub fn about(&self) -> &'static About {
                match self {
                    $(Self::$name => const { &about::<$name>() },)+
                }
            }

            /// Writes the function of each row of `x` to `y`. Panics if the lengths differ or are no multiple of `row`.
            pub fn forward<T: Element>(&self, x: &[T], row: usize, y: &mut [T]) {
                whole_rows(x.len(), row);
                crate::slice::same_length("y", y.len(), x.len());
                if row == 0 {
                    return;
                }
                for (x, y) in x.chunks_exact(row).zip(y.chunks_exact_mut(row)) {
                    match self {
                        $(Self::$name => $name::forward(x, y),)+
                    }
                }
            }

            /// Writes the gradient with respect to the input to `dx`, from the output `y` and the upstream gradient `dy`.
            /// Panics if the lengths differ or are no multiple of `row`.
            pub fn backward_from_output<T: Element>(&self, y: &[T], dy: &[T], row: usize, dx: &mut [T]) {
                whole_rows(y.len(), row);
                crate::slice::same_length("dy", dy.len(), y.len());
                crate::slice::same_length("dx", dx.len(), y.len());
                if row == 0 {
                    return;
                }
                let gradients = dy.chunks_exact(row).zip(dx.chunks_exact_mut(row));
                for (y, (dy, dx)) in y.chunks_exact(row).zip(gradients) {
                    match self {
                        $(Self::$name => $name::backward_from_output(y, dy, dx),)+
                    }
                }
            }
        }
    };
}

rows! { Softmax, LogSoftmax }

impl RowFunction {
    /// The public name.
    pub fn name(&self) -> &'static str {
        self.about().name
    }

    /// The row function that a framework's operator is, or `None` if there is none. Which axis makes the rows is the caller's to
    /// know: in ONNX before opset 13 it is another one.
    pub fn from_foreign(framework: Framework, op: &str) -> Option<Self> {
        let named = |f: &Self| f.about().foreign.iter().any(|row| row.is(framework, op));
        Self::ALL.iter().copied().find(named)
    }

    /// The row function of that name.
    pub fn parse(text: &str) -> Result<Self, crate::ParseError> {
        let found = Self::ALL.iter().find(|f| f.name() == text.trim()).copied();
        found.ok_or_else(|| crate::ParseError::UnknownFunction {
            found: String::from(text),
            nearest: crate::text::nearest(text, Self::ALL.iter().map(Self::name)),
        })
    }
}

impl fmt::Display for RowFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Panics unless a length is made of whole rows.
#[track_caller]
fn whole_rows(length: usize, row: usize) {
    let whole = if row == 0 {
        length == 0
    } else {
        length.is_multiple_of(row)
    };
    assert!(
        whole,
        "a slice of {length} elements is not made of whole rows of {row}"
    );
}

/// The index of the first largest element; the differences to it; NaN takes part only through the differences.
fn winner<T: Element>(x: &[T]) -> usize {
    let mut best = 0;
    for (index, value) in x.iter().enumerate() {
        if *value > x[best] {
            best = index;
        }
    }
    best
}

/// The sum of `exp(x_j - x_winner)` over all but the winner.
fn rest<T: Element>(x: &[T], winner: usize) -> T::Wide {
    let top = x[winner].widen();
    let mut sum = T::Wide::of(0.0);
    for (index, value) in x.iter().enumerate() {
        let term = (value.widen() - top).exp().value();
        // The winner adds 0, or NaN where it is infinite or NaN itself.
        sum = sum
            + if index == winner {
                value.widen() - top
            } else {
                term
            };
    }
    sum
}
