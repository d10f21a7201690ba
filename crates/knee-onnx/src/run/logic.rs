//! Comparisons, booleans, choices and casts.

use burn::backend::{Flex, FloatDType, TensorMetadata};
use knee_burn::{HostTensor, HostValues, KneeKernels};

use super::call::{Answer, Call, float, one};
use super::compute::{Compute, Float};
use super::host::Host;
use super::value::{self, Value, dims};
use crate::tensor::DType as Stored;

/// A predicate over two float tensors of the same shape, compared in f64 (which holds every f32).
pub(super) fn pairs(a: &HostTensor, b: &HostTensor, f: impl Fn(f64, f64) -> bool) -> Vec<bool> {
    match (a.values(), b.values()) {
        (HostValues::F32(a), HostValues::F32(b)) => a
            .iter()
            .zip(b)
            .map(|(&a, &b)| f(f64::from(a), f64::from(b)))
            .collect(),
        (HostValues::F64(a), HostValues::F64(b)) => {
            a.iter().zip(b).map(|(&a, &b)| f(a, b)).collect()
        }
        _ => {
            let (a, b) = (value::as_f64(a), value::as_f64(b));
            a.iter().zip(&b).map(|(&a, &b)| f(a, b)).collect()
        }
    }
}

fn compare<C: Compute>(
    call: &mut Call<C>,
    floats: fn(f64, f64) -> bool,
    ints: fn(i64, i64) -> bool,
) -> Answer<C> {
    let to = call.broadcast(&call.input(0)?.shape(), &call.input(1)?.shape())?;
    let result = match (call.take(0)?, call.take(1)?) {
        (Value::Float(a), Value::Float(b)) => {
            let host = |x: &Float<C>| Flex::host_values(value::expand::<Flex>(C::raw(x), &to));
            Host::new(to.clone(), pairs(&host(&a), &host(&b), floats))
        }
        (Value::Int(a), Value::Int(b)) => a.zip(&b, &to, ints),
        (Value::Bool(a), Value::Bool(b)) => a.zip(&b, &to, |a, b| ints(i64::from(a), i64::from(b))),
        _ => return Err(call.wrong("operands of different types", "the same type for both")),
    };
    one(Value::Bool(result))
}

pub(super) fn equal<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    compare(call, |a, b| a == b, |a, b| a == b)
}

pub(super) fn greater<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    compare(call, |a, b| a > b, |a, b| a > b)
}

pub(super) fn greater_or_equal<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    compare(call, |a, b| a >= b, |a, b| a >= b)
}

pub(super) fn less<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    compare(call, |a, b| a < b, |a, b| a < b)
}

pub(super) fn less_or_equal<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    compare(call, |a, b| a <= b, |a, b| a <= b)
}

fn booleans<C: Compute>(call: &mut Call<C>, f: fn(bool, bool) -> bool) -> Answer<C> {
    let to = call.broadcast(&call.input(0)?.shape(), &call.input(1)?.shape())?;
    match (call.take(0)?, call.take(1)?) {
        (Value::Bool(a), Value::Bool(b)) => one(Value::Bool(a.zip(&b, &to, f))),
        _ => Err(call.wrong("operands that are not boolean", "booleans")),
    }
}

pub(super) fn and<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    booleans(call, |a, b| a & b)
}

pub(super) fn or<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    booleans(call, |a, b| a | b)
}

pub(super) fn xor<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    booleans(call, |a, b| a ^ b)
}

pub(super) fn not<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    match call.take(0)? {
        Value::Bool(x) => one(Value::Bool(x.map(|b| !b))),
        _ => Err(call.wrong("an operand that is not boolean", "booleans")),
    }
}

fn test<C: Compute>(call: &mut Call<C>, f: impl Fn(f64) -> bool) -> Answer<C> {
    let x = call.float(0)?;
    let host = value::on_host::<C>(&x);
    let values: Vec<bool> = match host.values() {
        HostValues::F32(v) => v.iter().map(|&x| f(f64::from(x))).collect(),
        HostValues::F64(v) => v.iter().map(|&x| f(x)).collect(),
    };
    one(Value::Bool(Host::new(dims::<C>(&x), values)))
}

pub(super) fn is_nan<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    test(call, f64::is_nan)
}

pub(super) fn is_inf<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let positive = call.attributes.int("detect_positive") != Some(0);
    let negative = call.attributes.int("detect_negative") != Some(0);
    test(call, move |x| {
        (positive && x == f64::INFINITY) || (negative && x == f64::NEG_INFINITY)
    })
}

pub(super) fn where_<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let values = call.broadcast(&call.input(1)?.shape(), &call.input(2)?.shape())?;
    let to = call.broadcast(&call.input(0)?.shape(), &values)?;
    let Value::Bool(mask) = call.take(0)? else {
        return Err(call.wrong("a condition that is not boolean", "booleans"));
    };
    let mask = mask.broadcast(&to);
    match (call.take(1)?, call.take(2)?) {
        (Value::Float(a), Value::Float(b)) => float(choose::<C>(&mask, a, b)),
        (Value::Int(a), Value::Int(b)) => {
            let (a, b) = (a.broadcast(&to), b.broadcast(&to));
            let picked: Vec<i64> = (0..mask.data.len())
                .map(|i| if mask.data[i] { a.data[i] } else { b.data[i] })
                .collect();
            one(Value::Int(Host::new(to, picked)))
        }
        (Value::Bool(a), Value::Bool(b)) => {
            let (a, b) = (a.broadcast(&to), b.broadcast(&to));
            let picked: Vec<bool> = (0..mask.data.len())
                .map(|i| if mask.data[i] { a.data[i] } else { b.data[i] })
                .collect();
            one(Value::Bool(Host::new(to, picked)))
        }
        _ => Err(call.wrong("two values of different types", "the same type for both")),
    }
}

/// `a` where the mask holds, `b` elsewhere; both broadcast to the mask's shape.
pub(super) fn choose<C: Compute>(mask: &Host<bool>, a: Float<C>, b: Float<C>) -> Float<C> {
    C::float_mask_where(
        value::expand::<C>(b, &mask.shape),
        mask.to_flex(),
        value::expand::<C>(a, &mask.shape),
    )
}

pub(super) fn cast<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let code = call.attributes.int("to").unwrap_or_default();
    let to = i32::try_from(code).ok().and_then(Stored::from_onnx);
    let Some(to) = to else {
        return Err(call.unsupported(format!("it casts to the element type with code {code}")));
    };
    let value = call.take(0)?;
    one(converted(value, to))
}

pub(super) fn cast_like<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let to = match call.input(1)? {
        Value::Float(x) if value::is_double::<C>(x) => Stored::F64,
        Value::Float(_) => Stored::F32,
        Value::Int(_) => Stored::I64,
        Value::Bool(_) => Stored::Bool,
    };
    let value = call.take(0)?;
    one(converted(value, to))
}

/// Half precisions are computed in f32; a cast to them rounds, once.
fn converted<C: Compute>(value: Value<C>, to: Stored) -> Value<C> {
    let double = to == Stored::F64;
    match (value, to) {
        (Value::Float(x), Stored::F16 | Stored::Bf16) => {
            let half = if to == Stored::F16 {
                FloatDType::F16
            } else {
                FloatDType::BF16
            };
            Value::Float(C::float_cast(C::float_cast(x, half), FloatDType::F32))
        }
        (Value::Float(x), _) if to.is_float() => {
            if value::is_double::<C>(&x) == double {
                Value::Float(x)
            } else {
                Value::Float(C::float_cast(x, value::float_dtype(double)))
            }
        }
        (Value::Float(x), Stored::Bool) => {
            let values = value::as_f64(&value::on_host::<C>(&x));
            Value::Bool(Host::new(
                x.shape().to_vec(),
                values.iter().map(|&v| v != 0.0).collect::<Vec<_>>(),
            ))
        }
        (Value::Float(x), _) => {
            let values = value::as_f64(&value::on_host::<C>(&x));
            Value::Int(Host::new(
                x.shape().to_vec(),
                values
                    .iter()
                    .map(|&v| wrapped(v as i64, to))
                    .collect::<Vec<_>>(),
            ))
        }
        (Value::Int(x), Stored::Bool) => Value::Bool(x.map(|i| i != 0)),
        (Value::Bool(x), Stored::Bool) => Value::Bool(x),
        (Value::Int(x), _) if to.is_float() => {
            let values: Vec<f64> = x.data.iter().map(|&i| i as f64).collect();
            Value::Float(C::constant(value::flex_floats(double, x.shape, &values)))
        }
        (Value::Bool(x), _) if to.is_float() => {
            let values: Vec<f64> = x.data.iter().map(|&b| f64::from(u8::from(b))).collect();
            Value::Float(C::constant(value::flex_floats(double, x.shape, &values)))
        }
        (Value::Int(x), _) => Value::Int(x.map(|i| wrapped(i, to))),
        (Value::Bool(x), _) => Value::Int(x.map(i64::from)),
    }
}

/// The value that an integer type of fewer bits would hold.
fn wrapped(i: i64, to: Stored) -> i64 {
    match to {
        Stored::I8 => i64::from(i as i8),
        Stored::I16 => i64::from(i as i16),
        Stored::I32 => i64::from(i as i32),
        Stored::U8 => i64::from(i as u8),
        Stored::U16 => i64::from(i as u16),
        Stored::U32 => i64::from(i as u32),
        _ => i,
    }
}
