//! The formula language: what stands first under the heading Formula of a function's documentation.
//!
//! ```text
//! x if x > 0 else alpha * (exp(x) - 1)
//! ```
//!
//! - decimal numbers, which are exact; `x`, the names of parameters, `pi`
//! - `+ - * /`, `^` with an integer exponent, unary minus, parentheses, `|e|`
//! - `exp log sqrt sin cos tanh atan erf abs sign sigmoid softplus Phi phi gelu relu`, `min(a, b)`, `max(a, b)`,
//!   `clip(value, low, high)`; `Phi` and `phi` are the distribution function and the density of the standard normal
//! - `exact(p)`: `1/n` if the parameter `p` is the number nearest to `1/n`, else `p`
//! - `A if C else B` with one comparison `< <= > >=` in `C`, also chained: `A if C else B if D else E`
//!
//! An [`Expression`] is a graph in which equal subexpressions are one node, with the values and the derivatives side by side.

mod derive;
mod parse;

use std::collections::HashMap;
use std::fmt;

use crate::ball::{Ball, Precision};

pub use derive::Variable;
pub use parse::Names;

/// What is wrong with a formula, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaError {
    /// The formula.
    pub formula: String,
    /// The byte at which it is not understood.
    pub at: usize,
    /// What was found and what was expected.
    pub reason: String,
}

impl fmt::Display for FormulaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            formula,
            at,
            reason,
        } = self;
        write!(formatter, "formula `{formula}`, byte {at}: {reason}")
    }
}

impl std::error::Error for FormulaError {}

/// A node of an [`Expression`].
pub type Id = usize;

/// A function of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// `exp(x)`.
    Exp,
    /// `exp(x) - 1`.
    ExpM1,
    /// The natural logarithm.
    Log,
    /// `log(1 + x)`.
    Log1p,
    /// The square root.
    Sqrt,
    /// The sine.
    Sin,
    /// The cosine.
    Cos,
    /// The hyperbolic tangent.
    Tanh,
    /// `1 / cosh(x)^2`, the slope of tanh.
    SechSquared,
    /// The inverse tangent.
    Atan,
    /// The error function.
    Erf,
    /// The absolute value.
    Abs,
    /// `-1`, `0` or `1`.
    Sign,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `log(1 + exp(x))`.
    Softplus,
    /// The distribution function of the standard normal, `Phi`.
    Normal,
    /// The density of the standard normal, `phi`.
    Density,
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `a < b`.
    Less,
    /// `a <= b`.
    AtMost,
}

/// An operation and its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// The bits of an `f64`: the value of a parameter that is infinite.
    Float(u64),
    /// A decimal number, its digits and the power of ten.
    Decimal(u128, i32),
    /// The variable.
    X,
    /// The parameter at an index.
    Parameter(usize),
    /// The parameter at an index, read as `1/n` if it is the number nearest to that.
    Exact(usize),
    /// The circle's.
    Pi,
    /// `a + b`.
    Add(Id, Id),
    /// `a - b`.
    Sub(Id, Id),
    /// `a * b`.
    Mul(Id, Id),
    /// `a / b`.
    Div(Id, Id),
    /// `-a`.
    Neg(Id),
    /// `a^n`.
    Power(Id, i32),
    /// A function of one argument.
    Call(Call, Id),
    /// The smaller.
    Min(Id, Id),
    /// The larger.
    Max(Id, Id),
    /// `yes` where `a` compares with `b`, else `no`.
    If {
        /// How.
        comparison: Comparison,
        /// The left side.
        a: Id,
        /// The right side.
        b: Id,
        /// Where the comparison holds.
        yes: Id,
        /// Where it does not.
        no: Id,
    },
}

/// A graph of nodes. The operands of a node stand before it.
#[derive(Clone, Debug, Default)]
pub struct Expression {
    nodes: Vec<Node>,
    known: HashMap<Node, Id>,
}

impl Expression {
    /// The nodes; the operands of each stand before it.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Whether there is a sine or a cosine in it.
    pub(crate) fn oscillates(&self) -> bool {
        let turning = |node: &Node| matches!(node, Node::Call(Call::Sin | Call::Cos, _));
        self.nodes.iter().any(turning)
    }

    fn decimal(&mut self, value: u32) -> Id {
        self.push(Node::Decimal(value.into(), 0))
    }

    fn is(&self, id: Id, value: u32) -> bool {
        self.nodes[id] == Node::Decimal(value.into(), 0)
    }

    fn infinity(&self, id: Id) -> Option<f64> {
        match self.nodes[id] {
            Node::Float(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// The node, or one of the same value that is simpler: sums with 0 and products with 0 and 1 are left out, and
    /// `exp(u) - 1`, `log(1 + u)` and `log(1 + exp(u))` become functions of their own, which saves digits.
    fn push(&mut self, node: Node) -> Id {
        if let Some(simpler) = self.simpler(node) {
            return simpler;
        }
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        self.nodes.push(node);
        self.known.insert(node, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    fn simpler(&mut self, node: Node) -> Option<Id> {
        let call = |this: &Self, id: Id, wanted: Call| match this.nodes[id] {
            Node::Call(call, inner) if call == wanted => Some(inner),
            _ => None,
        };
        match node {
            Node::Add(a, b) if self.is(a, 0) => Some(b),
            Node::Add(a, b) | Node::Sub(a, b) if self.is(b, 0) => Some(a),
            Node::Sub(a, b) if self.is(a, 0) => Some(self.push(Node::Neg(b))),
            Node::Sub(a, b) if self.is(b, 1) => {
                let inner = call(self, a, Call::Exp)?;
                Some(self.push(Node::Call(Call::ExpM1, inner)))
            }
            Node::Sub(a, b) if self.is(a, 1) => {
                let inner = call(self, b, Call::Exp)?;
                let difference = self.push(Node::Call(Call::ExpM1, inner));
                Some(self.push(Node::Neg(difference)))
            }
            Node::Mul(a, b) if self.is(a, 0) || self.is(b, 1) => Some(a),
            Node::Mul(a, b) if self.is(b, 0) || self.is(a, 1) => Some(b),
            Node::Div(a, b) if self.is(a, 0) || self.is(b, 1) => Some(a),
            Node::Power(a, 1) => Some(a),
            Node::Power(_, 0) => Some(self.decimal(1)),
            Node::Neg(a) if self.is(a, 0) => Some(a),
            Node::Neg(a) => match self.nodes[a] {
                Node::Neg(inner) => Some(inner),
                _ => None,
            },
            Node::Call(Call::Log, a) => {
                let (one, other) = match self.nodes[a] {
                    Node::Add(a, b) if self.is(a, 1) => (a, b),
                    Node::Add(a, b) if self.is(b, 1) => (b, a),
                    Node::Sub(a, b) if self.is(a, 1) => (a, self.push(Node::Neg(b))),
                    _ => return None,
                };
                debug_assert!(self.is(one, 1));
                Some(match call(self, other, Call::Exp) {
                    Some(inner) => self.push(Node::Call(Call::Softplus, inner)),
                    None => self.push(Node::Call(Call::Log1p, other)),
                })
            }
            Node::Min(a, b) => self.limit(a, b, f64::INFINITY),
            Node::Max(a, b) => self.limit(a, b, f64::NEG_INFINITY),
            Node::If { yes, no, .. } if yes == no => Some(yes),
            Node::If { a, b, yes, no, .. } => {
                let (left, right) = (self.infinity(a), self.infinity(b));
                let holds = match (left, right) {
                    (None, None) => return None,
                    (Some(left), None) => left < 0.0,
                    (None, Some(right)) => right > 0.0,
                    (Some(left), Some(right)) => left < right,
                };
                Some(if holds { yes } else { no })
            }
            _ => None,
        }
    }

    /// The smaller or larger of two numbers one of which is infinite; `neutral` leaves the other.
    fn limit(&self, a: Id, b: Id, neutral: f64) -> Option<Id> {
        match (self.infinity(a), self.infinity(b)) {
            (Some(left), _) => Some(if left == neutral { b } else { a }),
            (_, Some(right)) => Some(if right == neutral { a } else { b }),
            _ => None,
        }
    }
}

/// One evaluation: the values of the nodes that were needed.
pub(crate) struct Evaluation<'a> {
    pub(crate) expression: &'a Expression,
    pub(crate) parameters: &'a [f64],
    pub(crate) x: f64,
    values: Vec<Option<Ball>>,
    /// Whether a comparison that cannot be decided is one of equal numbers.
    last: bool,
    /// Whether two numbers that were compared are equal.
    tied: bool,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(
        expression: &'a Expression,
        parameters: &'a [f64],
        x: f64,
        last: bool,
    ) -> Self {
        Self {
            expression,
            parameters,
            x,
            values: vec![None; expression.nodes.len()],
            last,
            tied: false,
        }
    }

    /// Whether the argument is where two branches meet.
    pub(crate) fn is_tied(&self) -> bool {
        self.tied
    }

    /// The sign of a number that a branch hangs on.
    fn side(&mut self, number: &Ball) -> Option<i8> {
        let sign = number.sign().or(self.last.then_some(0));
        self.tied |= sign == Some(0);
        sign
    }

    /// The value of a node; branches that are not taken are not evaluated.
    pub(crate) fn value(&mut self, id: Id, precision: &mut Precision) -> Ball {
        if let Some(value) = &self.values[id] {
            return value.clone();
        }
        let value = self.compute(id, precision);
        self.values[id] = Some(value.clone());
        value
    }

    fn compute(&mut self, id: Id, precision: &mut Precision) -> Ball {
        let node = self.expression.nodes[id];
        let mut of = |id: Id| self.value(id, precision);
        match node {
            Node::Float(bits) => Ball::float(f64::from_bits(bits)),
            Node::Decimal(digits, power) => decimal(digits, power, precision),
            Node::X => Ball::float(self.x),
            Node::Parameter(index) => Ball::float(self.parameters[index]),
            Node::Exact(index) => {
                let p = self.parameters[index];
                let n = (1.0 / p).round();
                if n.abs() < 1e9 && 1.0 / n == p {
                    precision.div(&Ball::integer(1), &Ball::float(n))
                } else {
                    Ball::float(p)
                }
            }
            Node::Pi => precision.pi(),
            Node::Add(a, b) => {
                let (a, b) = (of(a), of(b));
                precision.add(&a, &b)
            }
            Node::Sub(a, b) => {
                let (a, b) = (of(a), of(b));
                precision.sub(&a, &b)
            }
            Node::Mul(a, b) => {
                let (a, b) = (of(a), of(b));
                precision.mul(&a, &b)
            }
            Node::Div(a, b) => {
                let (a, b) = (of(a), of(b));
                precision.div(&a, &b)
            }
            Node::Neg(a) => of(a).neg(),
            Node::Power(a, n) => {
                let a = of(a);
                precision.power(&a, n)
            }
            Node::Min(a, b) => of(a).min(of(b)),
            Node::Max(a, b) => of(a).max(of(b)),
            Node::If {
                comparison,
                a,
                b,
                yes,
                no,
            } => {
                let (a, b) = (of(a), of(b));
                let holds = match (self.side(&precision.sub(&a, &b)), comparison) {
                    (None, _) => return Ball::unknown(),
                    (Some(sign), Comparison::Less) => sign < 0,
                    (Some(sign), Comparison::AtMost) => sign <= 0,
                };
                self.value(if holds { yes } else { no }, precision)
            }
            Node::Call(call, a) => {
                let a = of(a);
                self.call(call, &a, precision)
            }
        }
    }

    fn call(&mut self, call: Call, a: &Ball, precision: &mut Precision) -> Ball {
        match call {
            Call::Exp => precision.exp(a),
            Call::ExpM1 => precision.exp_m1(a),
            Call::Log => precision.log(a),
            Call::Log1p => precision.log_1p(a),
            Call::Sqrt => precision.sqrt(a),
            Call::Sin => precision.sin(a),
            Call::Cos => precision.cos(a),
            Call::Tanh => precision.tanh(a),
            Call::SechSquared => precision.sech_squared(a),
            Call::Atan => precision.atan(a),
            Call::Erf => precision.erf(a),
            Call::Abs => a.clone().abs(),
            Call::Sign => match self.side(a) {
                Some(sign) => Ball::integer(sign.into()),
                None => Ball::unknown(),
            },
            Call::Sigmoid => precision.sigmoid(a),
            Call::Softplus => precision.softplus(a),
            Call::Normal => precision.normal(a),
            Call::Density => precision.density(a),
        }
    }
}

fn decimal(digits: u128, power: i32, precision: &mut Precision) -> Ball {
    let digits = Ball::exact(dashu_float::FBig::from_parts(digits.into(), 0));
    if power == 0 {
        return digits;
    }
    let scale = precision.power(&Ball::integer(10), power.abs());
    if power > 0 {
        precision.mul(&digits, &scale)
    } else {
        precision.div(&digits, &scale)
    }
}
