//! What a function of this crate declares about itself.

use alloc::string::String;
use alloc::vec::Vec;

use crate::facts::Facts;
use crate::foreign::Foreign;
use crate::lane::Lane;

/// Which values a parameter may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Every number and both infinities, not NaN.
    Extended,
    /// Every finite number.
    Finite,
    /// Finite and not negative.
    NonNegative,
    /// Finite and greater than zero.
    Positive,
}

impl Domain {
    /// Whether a value lies in the domain.
    pub fn contains(self, value: f64) -> bool {
        match self {
            Self::Extended => !value.is_nan(),
            Self::Finite => value.is_finite(),
            Self::NonNegative => value.is_finite() && value >= 0.0,
            Self::Positive => value.is_finite() && value > 0.0,
        }
    }

    /// The domain in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Extended => "a number",
            Self::Finite => "a finite number",
            Self::NonNegative => "a finite number that is not negative",
            Self::Positive => "a finite number greater than 0",
        }
    }
}

/// What a function declares about one of its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// The public name.
    pub name: &'static str,
    /// The value that holds if none is given.
    pub default: f64,
    /// Which values are allowed.
    pub domain: Domain,
    /// What it does, as written in the source.
    pub doc: &'static str,
}

/// A parameter with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// The public name.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// The value that holds if none is given.
    pub default: f64,
}

/// How far a result may be from the true one, in units in the last place of the result's type.
///
/// A budget is the worst case that the tests measure, rounded up to two digits; one that is too loose fails as well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Of the value.
    pub forward: f64,
    /// Of the derivative.
    pub derivative: f64,
}

impl Budget {
    /// Both results are the true one, rounded once.
    pub const EXACT: Self = Self {
        forward: 0.5,
        derivative: 0.5,
    };
    /// A rounding, and the error of an evaluation in a wider type.
    pub const ROUNDED: Self = Self {
        forward: 0.51,
        derivative: 0.51,
    };
}

/// What a function's formulas give in the arithmetic of `f32`, as it is in the fast tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InSingle {
    /// Errors of more than 4 units in the last place somewhere: the fast tier is the exact one.
    Coarse,
    /// Within 4 units in the last place, tails included.
    Fast,
    /// The exact result, because nothing is rounded: the exact tier uses it as well.
    Exact,
}

/// The part of a function's declaration that the macro `declare!` writes.
pub trait Declared: Copy + Default + PartialEq {
    /// The function with the default parameters.
    const DEFAULT: Self;
    /// The first line of the documentation.
    const TITLE: &'static str;
    /// The rest of the documentation, with its headings.
    const DOC: &'static str;
    /// The parameters in order.
    const PARAMETERS: &'static [Declaration];

    /// The value of the parameter at an index.
    fn parameter(&self, index: usize) -> f64;
    /// Puts a value at an index without checking it.
    fn set_parameter(&mut self, index: usize, value: f64);
}

/// An element-wise function: everything that is to be known about it is in the one file that implements this.
pub trait Activation: Declared {
    /// The public name, which is also the name of its file.
    const NAME: &'static str;
    /// Other names under which it is known.
    const ALIASES: &'static [&'static str] = &[];
    /// The formula in LaTeX.
    const LATEX: &'static str;
    /// What other frameworks call it.
    const FOREIGN: &'static [Foreign] = &[];
    /// The error allowed.
    const BUDGET: Budget = Budget::ROUNDED;

    /// What the formulas give in the arithmetic of `f32`.
    const IN_SINGLE: InSingle = InSingle::Coarse;

    /// What is known about the function with these parameters.
    fn facts(&self) -> Facts;
    /// The value.
    fn forward<L: Lane>(&self, x: L) -> L;
    /// The derivative; at a kink the declared one.
    fn derivative<L: Lane>(&self, x: L) -> L;

    /// For a function whose derivative is a function of its value: the error allowed of [`Activation::derivative_from_output`].
    const FROM_OUTPUT: Option<f64> = None;

    /// The derivative as a function of the value `y = f(x)`, where there is one: see [`Activation::FROM_OUTPUT`].
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        y * L::of(f64::NAN)
    }

    /// What is wrong with a combination of parameters that are each in their domain.
    fn conflict(&self) -> Option<&'static str> {
        None
    }
}

/// What can be said about a function without its parameters' values.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The public name.
    pub name: &'static str,
    /// What it is, in one line.
    pub title: &'static str,
    /// Other names under which it is known.
    pub aliases: &'static [&'static str],
    /// The formula in LaTeX.
    pub latex: &'static str,
    /// What other frameworks call it.
    pub foreign: &'static [Foreign],
    /// The parameters.
    pub parameters: &'static [Declaration],
    /// The error allowed.
    pub budget: Budget,
    /// The error allowed of a derivative from the output, where there is one.
    pub from_output: Option<f64>,
    /// The documentation as written in the source, with its headings.
    pub doc: &'static str,
}

impl About {
    /// What [`Activation`] and [`Declared`] say about a type.
    pub(crate) const fn of<F: Activation>() -> Self {
        Self {
            name: F::NAME,
            title: F::TITLE.trim_ascii(),
            aliases: F::ALIASES,
            latex: F::LATEX,
            foreign: F::FOREIGN,
            parameters: F::PARAMETERS,
            budget: F::BUDGET,
            from_output: F::FROM_OUTPUT,
            doc: F::DOC,
        }
    }

    /// The formula in plain text.
    pub fn formula(&self) -> String {
        self.section("Formula")
    }

    /// The derivative in plain text, with its value at a kink.
    pub fn derivative(&self) -> String {
        self.section("Derivative")
    }

    /// How the function is computed, and why so.
    pub fn numerics(&self) -> String {
        self.section("Numerics")
    }

    /// Who described it first, and where.
    pub fn origin(&self) -> String {
        self.section("Origin")
    }

    /// The text under a heading, its lines joined; empty if there is no such heading.
    pub fn section(&self, heading: &str) -> String {
        let mut lines = self
            .doc
            .lines()
            .map(str::trim)
            .skip_while(|line| line.strip_prefix("# ") != Some(heading));
        lines.next();
        let text: Vec<&str> = lines
            .take_while(|line| !line.starts_with("# "))
            .filter(|line| !line.is_empty())
            .collect();
        text.join(" ")
    }
}
