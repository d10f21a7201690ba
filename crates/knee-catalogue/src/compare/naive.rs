//! A formula evaluated as it is written: each step in the type, each result rounded.

use std::ops::{Add, Div, Mul, Neg, Sub};

use knee::{Element, Erf, Function};
use knee_oracle::Truth;
use knee_oracle::formula::{Call, Comparison, Node};

/// What the mathematics library of a platform offers for a type.
pub(super) trait Float:
    Element
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    fn exp(self) -> Self;
    fn ln(self) -> Self;
    fn sqrt(self) -> Self;
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    fn tanh(self) -> Self;
    fn atan(self) -> Self;
    fn power(self, exponent: i32) -> Self;
}

macro_rules! float {
    ($type:ident) => {
        impl Float for $type {
            fn exp(self) -> Self {
                $type::exp(self)
            }
            fn ln(self) -> Self {
                $type::ln(self)
            }
            fn sqrt(self) -> Self {
                $type::sqrt(self)
            }
            fn sin(self) -> Self {
                $type::sin(self)
            }
            fn cos(self) -> Self {
                $type::cos(self)
            }
            fn tanh(self) -> Self {
                $type::tanh(self)
            }
            fn atan(self) -> Self {
                $type::atan(self)
            }
            fn power(self, exponent: i32) -> Self {
                $type::powi(self, exponent)
            }
        }
    };
}
float!(f32);
float!(f64);

/// The value of the formula at `x`.
///
/// The oracle's graph has functions of its own for `exp(u) - 1`, `log(1 + u)` and the like; here they are taken apart again.
pub(super) fn value<T: Float>(formula: &Truth, x: T) -> T {
    let root = formula.roots()[0];
    let nodes = formula.expression().nodes();
    let mut values: Vec<T> = Vec::with_capacity(root + 1);
    for node in &nodes[..=root] {
        let result = step(node, &values, formula.parameters(), x);
        values.push(result);
    }
    values[root]
}

fn step<T: Float>(node: &Node, values: &[T], parameters: &[f64], x: T) -> T {
    let number = T::from_f64;
    match *node {
        Node::Float(bits) => number(f64::from_bits(bits)),
        // A decimal as a program has it: the nearest number.
        Node::Decimal(digits, power) => {
            number(format!("{digits}e{power}").parse().unwrap_or(f64::NAN))
        }
        Node::X => x,
        Node::Parameter(index) | Node::Exact(index) => number(parameters[index]),
        Node::Pi => number(std::f64::consts::PI),
        Node::Add(a, b) => values[a] + values[b],
        Node::Sub(a, b) => values[a] - values[b],
        Node::Mul(a, b) => values[a] * values[b],
        Node::Div(a, b) => values[a] / values[b],
        Node::Neg(a) => -values[a],
        Node::Power(a, exponent) => values[a].power(exponent),
        Node::Call(call, a) => called(call, values[a]),
        Node::Min(a, b) => smaller(values[a], values[b]),
        Node::Max(a, b) => -smaller(-values[a], -values[b]),
        Node::If {
            comparison,
            a,
            b,
            yes,
            no,
        } => {
            let holds = match comparison {
                Comparison::Less => values[a] < values[b],
                Comparison::AtMost => values[a] <= values[b],
            };
            if holds { values[yes] } else { values[no] }
        }
    }
}

fn smaller<T: Float>(a: T, b: T) -> T {
    if b < a { b } else { a }
}

fn called<T: Float>(call: Call, x: T) -> T {
    let number = T::from_f64;
    let (zero, one) = (number(0.0), number(1.0));
    match call {
        Call::Exp => x.exp(),
        Call::ExpM1 => x.exp() - one,
        Call::Log => x.ln(),
        Call::Log1p => (one + x).ln(),
        Call::Sqrt => x.sqrt(),
        Call::Sin => x.sin(),
        Call::Cos => x.cos(),
        Call::Tanh => x.tanh(),
        Call::SechSquared => one - x.tanh() * x.tanh(),
        Call::Atan => x.atan(),
        Call::Erf => Function::from(Erf {}).value(x),
        Call::Abs => -smaller(x, -x),
        Call::Sign if x < zero => -one,
        Call::Sign if x > zero => one,
        Call::Sign => x,
        Call::Sigmoid => one / (one + (-x).exp()),
        Call::Softplus => (one + x.exp()).ln(),
        Call::Normal => {
            let root = number(std::f64::consts::SQRT_2);
            number(0.5) * (one + Function::from(Erf {}).value(x / root))
        }
        Call::Density => {
            let root = number(2.0 * std::f64::consts::PI).sqrt();
            (-(x * x) / number(2.0)).exp() / root
        }
    }
}
