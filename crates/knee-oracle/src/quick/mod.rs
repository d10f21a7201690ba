//! The same formulas in fewer digits, each result with a bound of its error: quick enough for every `f32`.
//!
//! [`Single`] is an `f64` with the functions of pxfm, [`Double`] the sum of two `f64` with functions of its own. Where a bound is
//! too large for the question at hand, [`Truth`] answers with as many digits as it takes.

mod double;
mod single;

use crate::big::Big;
use crate::formula::{Call, Comparison, Expression, Id, Node};
use crate::truth::Truth;

pub(crate) use double::Double;
pub(crate) use single::Single;

/// A number and a bound of its error.
pub(crate) trait Quick: Copy {
    /// An exact number.
    fn exact(value: f64) -> Self;
    /// `head + tail`, where a bit beyond the tail may be missing.
    fn constant(head: f64, tail: f64) -> Self;
    /// Nothing is known.
    fn unknown() -> Self;
    /// The nearest `f64`.
    fn head(self) -> f64;
    /// The bound of the error.
    fn error(self) -> f64;

    fn neg(self) -> Self;
    fn add(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    fn sqrt(self) -> Self;
    fn exp(self) -> Self;
    fn exp_m1(self) -> Self;
    fn log(self) -> Self;
    fn log_1p(self) -> Self;
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    fn atan(self) -> Self;
    fn erf(self) -> Self;
    fn normal(self) -> Self;

    fn sub(self, other: Self) -> Self {
        self.add(other.neg())
    }

    /// `-1`, `0` or `1`; `None` if the error does not let it be known.
    fn sign(self) -> Option<i8> {
        if self.error() == 0.0 && self.head() == 0.0 {
            Some(0)
        } else if self.head() > 2.0 * self.error() {
            Some(1)
        } else if self.head() < -2.0 * self.error() {
            Some(-1)
        } else {
            None
        }
    }

    fn abs(self) -> Self {
        if self.head() < 0.0 { self.neg() } else { self }
    }

    fn power(self, exponent: i32) -> Self {
        let mut result = Self::exact(1.0);
        for _ in 0..exponent.unsigned_abs() {
            result = result.mul(self);
        }
        if exponent < 0 {
            Self::exact(1.0).div(result)
        } else {
            result
        }
    }

    fn tanh(self) -> Self {
        let e = self.abs().mul(Self::exact(-2.0)).exp_m1();
        let tanh = e.neg().div(e.add(Self::exact(2.0)));
        if self.head() < 0.0 { tanh.neg() } else { tanh }
    }

    fn sech_squared(self) -> Self {
        let e = self.abs().mul(Self::exact(-2.0)).exp();
        let sum = e.add(Self::exact(1.0));
        e.mul(Self::exact(4.0)).div(sum.mul(sum))
    }

    fn sigmoid(self) -> Self {
        let e = self.abs().neg().exp();
        let numerator = if self.head() < 0.0 {
            e
        } else {
            Self::exact(1.0)
        };
        numerator.div(e.add(Self::exact(1.0)))
    }

    fn softplus(self) -> Self {
        let bend = self.abs().neg().exp().log_1p();
        if self.head() < 0.0 {
            bend
        } else {
            self.add(bend)
        }
    }

    fn density(self) -> Self {
        // 1 / sqrt(2 pi)
        let scale = Self::constant(0.3989422804014327, -2.49232720227773e-17);
        self.mul(self).mul(Self::exact(-0.5)).exp().mul(scale)
    }
}

/// The values of the nodes at one argument, and which branches were taken there.
pub(crate) struct Scratch<Q> {
    values: Vec<Option<Q>>,
    /// Differs where branches differ.
    pub(crate) branches: u64,
}

impl<Q> Default for Scratch<Q> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            branches: 0,
        }
    }
}

impl<Q: Quick> Scratch<Q> {
    /// The sign of a number that a branch hangs on.
    fn side(&mut self, number: Q) -> Option<i8> {
        let sign = number.sign();
        let digit = sign.map_or(3, |sign| (sign + 1).unsigned_abs());
        self.branches = self.branches.wrapping_mul(5).wrapping_add(digit.into());
        sign
    }
}

/// A formula with its constants, ready for many arguments.
pub(crate) struct Program<'a> {
    expression: &'a Expression,
    constants: Vec<[f64; 2]>,
}

/// A number as the sum of two `f64`.
pub(crate) fn split(value: &Big) -> [f64; 2] {
    let head = value.to_f64();
    if !head.is_finite() {
        return [head, 0.0];
    }
    [head, (value.clone() - Big::of(head)).to_f64()]
}

impl<'a> Program<'a> {
    pub(crate) fn new(truth: &'a Truth) -> Self {
        let expression = truth.expression();
        let nodes = expression.nodes().iter().enumerate();
        let constants = nodes.map(|(id, node)| match node {
            Node::Parameter(index) => [truth.parameters()[*index], 0.0],
            Node::Decimal(..) | Node::Exact(_) | Node::Pi => split(&truth.constant(id)),
            _ => [0.0; 2],
        });
        Self {
            constants: constants.collect(),
            expression,
        }
    }

    /// Forgets the values at the last argument.
    pub(crate) fn clear<Q: Quick>(&self, scratch: &mut Scratch<Q>) {
        scratch.values.clear();
        scratch.values.resize(self.expression.nodes().len(), None);
        scratch.branches = 1;
    }

    /// The value of a node; `scratch` holds what has been computed at this argument.
    pub(crate) fn value<Q: Quick>(&self, id: Id, x: f64, scratch: &mut Scratch<Q>) -> Q {
        if let Some(value) = scratch.values[id] {
            return value;
        }
        let mut of = |id: Id| self.value(id, x, scratch);
        let value = match self.expression.nodes()[id] {
            Node::Float(_) => Q::unknown(),
            Node::X => Q::exact(x),
            Node::Parameter(_) => Q::exact(self.constants[id][0]),
            Node::Decimal(..) | Node::Exact(_) | Node::Pi => {
                let [head, tail] = self.constants[id];
                Q::constant(head, tail)
            }
            Node::Add(a, b) => of(a).add(of(b)),
            Node::Sub(a, b) => of(a).sub(of(b)),
            Node::Mul(a, b) => of(a).mul(of(b)),
            Node::Div(a, b) => of(a).div(of(b)),
            Node::Neg(a) => of(a).neg(),
            Node::Power(a, n) => of(a).power(n),
            Node::Min(a, b) | Node::Max(a, b) => {
                let (a, b) = (of(a), of(b));
                let least = matches!(self.expression.nodes()[id], Node::Min(..));
                match scratch.side(a.sub(b)) {
                    Some(sign) if (sign < 0) == least => a,
                    Some(_) => b,
                    None => Q::unknown(),
                }
            }
            Node::If {
                comparison,
                a,
                b,
                yes,
                no,
            } => {
                let difference = of(a).sub(of(b));
                match (scratch.side(difference), comparison) {
                    (None, _) => Q::unknown(),
                    (Some(sign), Comparison::Less) => {
                        self.value(if sign < 0 { yes } else { no }, x, scratch)
                    }
                    (Some(sign), Comparison::AtMost) => {
                        self.value(if sign <= 0 { yes } else { no }, x, scratch)
                    }
                }
            }
            Node::Call(Call::Sign, a) => {
                let a = of(a);
                let sign = scratch.side(a);
                sign.map_or(Q::unknown(), |sign| Q::exact(sign.into()))
            }
            Node::Call(Call::Abs, a) => {
                let a = of(a);
                scratch.side(a);
                a.abs()
            }
            Node::Call(call, a) => apply(call, of(a)),
        };
        scratch.values[id] = Some(value);
        value
    }
}

fn apply<Q: Quick>(call: Call, a: Q) -> Q {
    match call {
        // These two are branches.
        Call::Abs | Call::Sign => Q::unknown(),
        Call::Exp => a.exp(),
        Call::ExpM1 => a.exp_m1(),
        Call::Log => a.log(),
        Call::Log1p => a.log_1p(),
        Call::Sqrt => a.sqrt(),
        Call::Sin => a.sin(),
        Call::Cos => a.cos(),
        Call::Tanh => a.tanh(),
        Call::SechSquared => a.sech_squared(),
        Call::Atan => a.atan(),
        Call::Erf => a.erf(),
        Call::Sigmoid => a.sigmoid(),
        Call::Softplus => a.softplus(),
        Call::Normal => a.normal(),
        Call::Density => a.density(),
    }
}
