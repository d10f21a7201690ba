//! A function that is put together from a small grammar, for searches.

use std::fmt;

use burn::tensor::Tensor;
use knee::{Function, Gaussian, Sigmoid};

/// A piece with one argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unary {
    /// The argument itself.
    Same,
    /// The argument with the other sign.
    Negative,
    /// Its absolute value.
    Absolute,
    /// Its square.
    Square,
    /// The lesser of it and 0.
    Least,
    /// A function of knee.
    Of(Function),
}

/// A piece with two arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `a + b`
    Sum,
    /// `a - b`
    Difference,
    /// `a * b`
    Product,
    /// The greater of the two.
    Greater,
    /// The lesser of the two.
    Lesser,
    /// `sigmoid(a) * b`
    Gate,
}

/// Two unary pieces joined by a binary one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Core {
    /// What joins.
    pub join: Binary,
    /// What is done to the first argument.
    pub left: Unary,
    /// What is done to the second argument.
    pub right: Unary,
}

/// One core, or two of which the second reads the first and the input: the grammar of Ramachandran, Zoph and Le, *Searching for
/// activation functions*, 2017.
///
/// ```
/// use knee_lab::engine::{Binary, Core, Formula, Unary};
///
/// let silu = Formula { first: Core { join: Binary::Gate, left: Unary::Same, right: Unary::Same }, then: None };
/// assert_eq!(silu.to_string(), "sigmoid(x) * x");
/// assert_eq!(silu.value(0.0), 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Formula {
    /// Both arguments are the input.
    pub first: Core,
    /// Its first argument is the result of the first core, its second one the input.
    pub then: Option<Core>,
}

impl Unary {
    fn value(self, x: f64) -> f64 {
        match self {
            Self::Same => x,
            Self::Negative => -x,
            Self::Absolute => x.abs(),
            Self::Square => x * x,
            Self::Least => x.min(0.0),
            Self::Of(function) => function.value(x),
        }
    }

    fn forward(self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Same => x,
            Self::Negative => -x,
            Self::Absolute => x.abs(),
            Self::Square => x.clone() * x,
            Self::Least => x.clamp_max(0.0),
            Self::Of(function) => knee_burn::activation(x, function),
        }
    }

    fn text(self, x: &str) -> String {
        let whole = |x: &str| {
            if x.contains(' ') {
                format!("({x})")
            } else {
                x.to_owned()
            }
        };
        match self {
            Self::Same => whole(x),
            Self::Negative => format!("(-{})", whole(x)),
            Self::Absolute => format!("|{x}|"),
            Self::Square => format!("{}^2", whole(x)),
            Self::Least => format!("min({x}, 0)"),
            Self::Of(function) => format!("{}({x})", function.name()),
        }
    }
}

impl Core {
    fn value(self, a: f64, b: f64) -> f64 {
        let (a, b) = (self.left.value(a), self.right.value(b));
        match self.join {
            Binary::Sum => a + b,
            Binary::Difference => a - b,
            Binary::Product => a * b,
            Binary::Greater => a.max(b),
            Binary::Lesser => a.min(b),
            Binary::Gate => Function::from(Sigmoid {}).value(a) * b,
        }
    }

    fn forward(self, a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
        let (a, b) = (self.left.forward(a), self.right.forward(b));
        match self.join {
            Binary::Sum => a + b,
            Binary::Difference => a - b,
            Binary::Product => a * b,
            Binary::Greater => a.max_pair(b),
            Binary::Lesser => a.min_pair(b),
            Binary::Gate => knee_burn::activation(a, Sigmoid {}) * b,
        }
    }

    fn text(self, a: &str, b: &str) -> String {
        let (a, b) = (self.left.text(a), self.right.text(b));
        match self.join {
            Binary::Sum => format!("{a} + {b}"),
            Binary::Difference => format!("{a} - {b}"),
            Binary::Product => format!("{a} * {b}"),
            Binary::Greater => format!("max({a}, {b})"),
            Binary::Lesser => format!("min({a}, {b})"),
            Binary::Gate => format!("sigmoid({a}) * {b}"),
        }
    }
}

impl Formula {
    /// The value at `x`.
    pub fn value(&self, x: f64) -> f64 {
        let first = self.first.value(x, x);
        self.then.map_or(first, |then| then.value(first, x))
    }

    /// The mean square of the values of a standard normal argument, by the trapezoidal rule on -8 to 8.
    pub fn second_moment(&self) -> f64 {
        let bell = Function::from(Gaussian::default());
        let (mut sum, mut weights) = (0.0, 0.0);
        for step in -800..=800 {
            let x = f64::from(step) / 100.0;
            let weight = bell.value(x);
            sum += weight * self.value(x).powi(2);
            weights += weight;
        }
        sum / weights
    }

    pub(super) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let first = self.first.forward(x.clone(), x.clone());
        match self.then {
            Some(then) => then.forward(first, x),
            None => first,
        }
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.first.text("x", "x");
        match self.then {
            Some(then) => f.write_str(&then.text(&first, "x")),
            None => f.write_str(&first),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tensors::{host, matrix};
    use super::*;

    #[test]
    fn tensors_and_numbers_agree() {
        let of = |name| Unary::Of(Function::parse(name).expect("a name of knee"));
        let joins = [
            Binary::Sum,
            Binary::Difference,
            Binary::Product,
            Binary::Greater,
            Binary::Lesser,
            Binary::Gate,
        ];
        let pieces = [
            Unary::Same,
            Unary::Negative,
            Unary::Absolute,
            Unary::Square,
            Unary::Least,
            of("tanh"),
        ];
        let x = [-1.5_f32, -0.25, 0.0, 0.5, 2.0, 3.0];
        for join in joins {
            for left in pieces {
                let core = Core {
                    join,
                    left,
                    right: of("sine"),
                };
                let formula = Formula {
                    first: core,
                    then: Some(core),
                };
                let y = host(formula.forward(matrix(x.to_vec(), [2, 3], false)));
                for (x, y) in x.iter().zip(y) {
                    let exact = formula.value(f64::from(*x));
                    let near = 1e-6 * (1.0 + exact.abs());
                    assert!((f64::from(y) - exact).abs() < near, "{formula} at {x}");
                }
            }
        }
    }

    #[test]
    fn the_second_moment_of_relu_is_one_half() {
        let relu = Formula {
            first: Core {
                join: Binary::Greater,
                left: Unary::Same,
                right: Unary::Of(Function::parse("relu").expect("a name of knee")),
            },
            then: None,
        };
        assert!((relu.second_moment() - 0.5).abs() < 1e-9);
    }
}
