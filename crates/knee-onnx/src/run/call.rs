//! One call of an operator: its inputs, its attributes, and the errors it can raise.

use super::budget::Budget;
use super::compute::{Compute, Float};
use super::gates::Gates;
use super::host::Host;
use super::shape;
use super::value::{self, Value};
use crate::attributes::Attributes;
use crate::error::{Error, Result};

/// What an operator is called with.
pub(super) struct Call<'a, C: Compute> {
    /// The node's name, for errors.
    pub(super) name: &'a str,
    pub(super) op: &'a str,
    pub(super) domain: &'a str,
    /// The version of the operator set that the node belongs to.
    pub(super) opset: i64,
    pub(super) attributes: Attributes<'a>,
    pub(super) inputs: Vec<Option<Value<C>>>,
    /// Which outputs somebody reads.
    pub(super) wanted: Vec<bool>,
    pub(super) budget: &'a Budget,
    /// Where recurrent operators report their gates.
    pub(super) gates: Option<Gates<'a, C>>,
}

/// What an operator answers.
pub(super) type Answer<C> = Result<Vec<Value<C>>>;

/// One value as an answer.
#[expect(clippy::unnecessary_wraps, reason = "the last line of most operators")]
pub(super) fn one<C: Compute>(value: Value<C>) -> Answer<C> {
    Ok(vec![value])
}

/// One float tensor as an answer.
pub(super) fn float<C: Compute>(value: Float<C>) -> Answer<C> {
    one(Value::Float(value))
}

impl<C: Compute> Call<'_, C> {
    /// The call cannot be computed: what is wrong with it, and what would be right.
    pub(super) fn wrong(&self, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error::graph(
            format!("node \"{}\" ({})", self.name, self.op),
            found,
            format!("expected {}", expected.into()),
        )
    }

    /// The call is valid ONNX that this interpreter does not compute.
    pub(super) fn unsupported(&self, cause: impl Into<String>) -> Error {
        Error::Unsupported {
            node: self.name.to_owned(),
            op: self.op.to_owned(),
            domain: self.domain.to_owned(),
            cause: format!(
                "{}; the network cannot be run, rules on its graph and weights still work",
                cause.into()
            ),
        }
    }

    /// Announces a result of this shape in the precision of floats.
    pub(super) fn reserve(&self, shape: &[usize]) -> Result<()> {
        // Integers take 8 bytes, and 16 more while they are moved.
        let host = matches!(
            self.inputs.first(),
            Some(Some(Value::Int(_) | Value::Bool(_)))
        );
        let double = self
            .inputs
            .iter()
            .flatten()
            .any(|v| matches!(v, Value::Float(x) if value::is_double::<C>(x)));
        self.budget.announce(
            self.name,
            shape,
            if host {
                24
            } else if double {
                8
            } else {
                4
            },
        )
    }

    /// Tells the budget that the tape keeps `times` tensors like this one.
    pub(super) fn keeps(&self, like: &Float<C>, times: usize) {
        let elements: usize = value::dims::<C>(like).iter().product();
        let width = if value::is_double::<C>(like) { 8 } else { 4 };
        self.budget.tape((elements * width * times) as u64);
    }

    pub(super) fn wants(&self, output: usize) -> bool {
        self.wanted.get(output).copied().unwrap_or(false)
    }

    pub(super) fn has(&self, index: usize) -> bool {
        matches!(self.inputs.get(index), Some(Some(_)))
    }

    pub(super) fn optional(&self, index: usize) -> Option<&Value<C>> {
        self.inputs.get(index).and_then(Option::as_ref)
    }

    pub(super) fn input(&self, index: usize) -> Result<&Value<C>> {
        self.optional(index)
            .ok_or_else(|| self.wrong(format!("input {index} is missing"), "a value for it"))
    }

    /// Moves an input out, so that its buffer can be reused.
    pub(super) fn take(&mut self, index: usize) -> Result<Value<C>> {
        match self.inputs.get_mut(index).and_then(Option::take) {
            Some(value) => Ok(value),
            None => Err(self.wrong(format!("input {index} is missing"), "a value for it")),
        }
    }

    /// Moves a float input out; integers are converted.
    pub(super) fn float(&mut self, index: usize) -> Result<Float<C>> {
        match self.take(index)? {
            Value::Float(x) => Ok(x),
            _ => Err(self.wrong(
                format!("input {index} is not a floating-point tensor"),
                "floats",
            )),
        }
    }

    pub(super) fn optional_float(&mut self, index: usize) -> Result<Option<Float<C>>> {
        if self.has(index) {
            self.float(index).map(Some)
        } else {
            Ok(None)
        }
    }

    pub(super) fn int(&self, index: usize) -> Result<&Host<i64>> {
        match self.input(index)? {
            Value::Int(x) => Ok(x),
            _ => Err(self.wrong(
                format!("input {index} is not an integer tensor"),
                "integers",
            )),
        }
    }

    /// The integers of an input, or `None` where it is left out.
    pub(super) fn optional_ints(&self, index: usize) -> Result<Option<Vec<i64>>> {
        match self.optional(index) {
            None => Ok(None),
            Some(Value::Int(x)) => Ok(Some(x.data.to_vec())),
            Some(_) => Err(self.wrong(
                format!("input {index} is not an integer tensor"),
                "integers",
            )),
        }
    }

    /// What was an attribute in older operator sets and is an input in newer ones.
    pub(super) fn ints_or_input(&self, attribute: &str, index: usize) -> Result<Option<Vec<i64>>> {
        match self.attributes.ints(attribute) {
            Some(ints) => Ok(Some(ints.to_vec())),
            None => self.optional_ints(index),
        }
    }

    /// The single number of an input.
    pub(super) fn optional_number(&self, index: usize) -> Result<Option<f64>> {
        let number = match self.optional(index) {
            None => return Ok(None),
            Some(Value::Float(x)) => value::as_f64(&value::on_host::<C>(x)).first().copied(),
            Some(Value::Int(x)) => x.data.first().map(|&i| i as f64),
            Some(Value::Bool(x)) => x.data.first().map(|&b| f64::from(u8::from(b))),
        };
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(self.wrong(format!("input {index} is empty"), "one number")),
        }
    }

    /// The numbers of an input.
    pub(super) fn optional_numbers(&self, index: usize) -> Option<Vec<f64>> {
        match self.optional(index)? {
            Value::Float(x) => Some(value::as_f64(&value::on_host::<C>(x))),
            Value::Int(x) => Some(x.data.iter().map(|&i| i as f64).collect()),
            Value::Bool(x) => Some(x.data.iter().map(|&b| f64::from(u8::from(b))).collect()),
        }
    }

    /// An axis that may count from the last.
    pub(super) fn axis(&self, axis: i64, rank: usize) -> Result<usize> {
        shape::axis(axis, rank).ok_or_else(|| {
            self.wrong(
                format!("axis {axis}"),
                format!("an axis of a tensor that has {rank}"),
            )
        })
    }

    /// Axes that may count from the last, sorted.
    pub(super) fn axes(&self, axes: &[i64], rank: usize) -> Result<Vec<usize>> {
        let mut found = axes
            .iter()
            .map(|&a| self.axis(a, rank))
            .collect::<Result<Vec<_>>>()?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The shape that two operands broadcast to, announced.
    pub(super) fn broadcast(&self, a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
        let to = shape::broadcast(a, b).ok_or_else(|| {
            self.wrong(
                format!("shapes {a:?} and {b:?}"),
                "axes that are equal, or 1 in one of the two",
            )
        })?;
        self.reserve(&to)?;
        Ok(to)
    }
}
