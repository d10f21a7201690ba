//! The symbolic derivative.

use super::{Call, Expression, Id, Node};

/// What a derivative is taken with respect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// The argument.
    X,
    /// The parameter at an index.
    Parameter(usize),
}

impl Expression {
    /// The derivative of a node with respect to a variable.
    ///
    /// Minimum, maximum and `if` have the derivative of the branch they choose, `|u|` that of `sign(u) u`.
    pub fn derivative(&mut self, id: Id, variable: Variable) -> Id {
        let zero = self.decimal(0);
        match self.nodes[id] {
            Node::Float(_) | Node::Decimal(..) | Node::Pi => zero,
            Node::X => self.decimal((variable == Variable::X).into()),
            Node::Parameter(index) | Node::Exact(index) => {
                self.decimal((variable == Variable::Parameter(index)).into())
            }
            Node::Add(a, b) => {
                let (da, db) = (self.derivative(a, variable), self.derivative(b, variable));
                self.push(Node::Add(da, db))
            }
            Node::Sub(a, b) => {
                let (da, db) = (self.derivative(a, variable), self.derivative(b, variable));
                self.push(Node::Sub(da, db))
            }
            Node::Neg(a) => {
                let da = self.derivative(a, variable);
                self.push(Node::Neg(da))
            }
            Node::Mul(a, b) => {
                let (da, db) = (self.derivative(a, variable), self.derivative(b, variable));
                let (left, right) = (self.push(Node::Mul(da, b)), self.push(Node::Mul(a, db)));
                self.push(Node::Add(left, right))
            }
            Node::Div(a, b) => {
                // (a' - (a / b) b') / b
                let (da, db) = (self.derivative(a, variable), self.derivative(b, variable));
                let product = self.push(Node::Mul(id, db));
                let numerator = self.push(Node::Sub(da, product));
                self.push(Node::Div(numerator, b))
            }
            Node::Power(a, n) => {
                let da = self.derivative(a, variable);
                let power = self.push(Node::Power(a, n - 1));
                let factor = self.decimal(n.unsigned_abs());
                let product = self.push(Node::Mul(factor, power));
                let product = self.push(Node::Mul(product, da));
                if n < 0 {
                    self.push(Node::Neg(product))
                } else {
                    product
                }
            }
            Node::Min(a, b) => self.chosen([a, b], [a, b], variable),
            Node::Max(a, b) => self.chosen([b, a], [a, b], variable),
            Node::If {
                comparison,
                a,
                b,
                yes,
                no,
            } => {
                let (yes, no) = (
                    self.derivative(yes, variable),
                    self.derivative(no, variable),
                );
                self.push(Node::If {
                    comparison,
                    a,
                    b,
                    yes,
                    no,
                })
            }
            Node::Call(call, a) => {
                let da = self.derivative(a, variable);
                if self.is(da, 0) {
                    return zero;
                }
                let outer = self.outer(call, a, id);
                self.push(Node::Mul(outer, da))
            }
        }
    }

    /// The derivative of `a` where `low < high`, else of `b`: at a limit, which stands second, that of the limit.
    fn chosen(&mut self, [low, high]: [Id; 2], [a, b]: [Id; 2], variable: Variable) -> Id {
        let (da, db) = (self.derivative(a, variable), self.derivative(b, variable));
        self.push(Node::If {
            comparison: super::Comparison::Less,
            a: low,
            b: high,
            yes: da,
            no: db,
        })
    }

    /// The derivative of a function with respect to its argument `a`; `id` is its value.
    fn outer(&mut self, call: Call, a: Id, id: Id) -> Id {
        let one = self.decimal(1);
        match call {
            Call::Exp => id,
            Call::ExpM1 => self.push(Node::Call(Call::Exp, a)),
            Call::Log => self.push(Node::Div(one, a)),
            Call::Log1p => {
                let sum = self.push(Node::Add(one, a));
                self.push(Node::Div(one, sum))
            }
            Call::Sqrt => {
                let two = self.decimal(2);
                let twice = self.push(Node::Mul(two, id));
                self.push(Node::Div(one, twice))
            }
            Call::Sin => self.push(Node::Call(Call::Cos, a)),
            Call::Cos => {
                let sine = self.push(Node::Call(Call::Sin, a));
                self.push(Node::Neg(sine))
            }
            Call::Tanh => self.push(Node::Call(Call::SechSquared, a)),
            Call::SechSquared => {
                let tanh = self.push(Node::Call(Call::Tanh, a));
                let product = self.push(Node::Mul(tanh, id));
                let two = self.decimal(2);
                let twice = self.push(Node::Mul(two, product));
                self.push(Node::Neg(twice))
            }
            Call::Atan => {
                let square = self.push(Node::Power(a, 2));
                let sum = self.push(Node::Add(one, square));
                self.push(Node::Div(one, sum))
            }
            Call::Erf => {
                let square = self.push(Node::Power(a, 2));
                let negative = self.push(Node::Neg(square));
                let e = self.push(Node::Call(Call::Exp, negative));
                let (two, pi) = (self.decimal(2), self.push(Node::Pi));
                let root = self.push(Node::Call(Call::Sqrt, pi));
                let twice = self.push(Node::Mul(two, e));
                self.push(Node::Div(twice, root))
            }
            Call::Abs => self.push(Node::Call(Call::Sign, a)),
            Call::Sign => self.decimal(0),
            Call::Sigmoid => {
                let negative = self.push(Node::Neg(a));
                let other = self.push(Node::Call(Call::Sigmoid, negative));
                self.push(Node::Mul(id, other))
            }
            Call::Softplus => self.push(Node::Call(Call::Sigmoid, a)),
            Call::Normal => self.push(Node::Call(Call::Density, a)),
            Call::Density => {
                let product = self.push(Node::Mul(a, id));
                self.push(Node::Neg(product))
            }
        }
    }
}
