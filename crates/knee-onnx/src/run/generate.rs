//! Operators that make tensors from a shape, a range or an index.

use super::call::{Answer, Call, one};
use super::compute::Compute;
use super::host::Host;
use super::shape;
use super::value::{self, Value};

pub(super) fn one_hot<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let indices = match call.input(0)? {
        Value::Int(x) => x.clone(),
        Value::Float(x) => {
            let numbers = value::as_f64(&value::on_host::<C>(x));
            Host::new(
                call.input(0)?.shape(),
                numbers.iter().map(|&v| v as i64).collect::<Vec<_>>(),
            )
        }
        Value::Bool(_) => return Err(call.wrong("boolean indices", "integers")),
    };
    let depth = call.optional_number(1)?.unwrap_or(0.0) as usize;
    let values = call.optional_numbers(2).unwrap_or_default();
    let &[off, on] = values.as_slice() else {
        return Err(call.wrong("values that are not a pair", "[off, on]"));
    };
    let rank = indices.shape.len() + 1;
    let axis = call.axis(call.attributes.int("axis").unwrap_or(-1), rank)?;
    let mut to = indices.shape.clone();
    to.insert(axis, depth);
    call.reserve(&to)?;
    let inner: usize = indices.shape[axis..].iter().product();
    let mut data = vec![off; to.iter().product()];
    for (at, &index) in indices.data.iter().enumerate() {
        if let Some(index) = shape::axis(index, depth) {
            data[(at / inner.max(1) * depth + index) * inner + at % inner.max(1)] = on;
        }
    }
    one(match call.input(2)? {
        Value::Float(x) => Value::Float(value::constant_like::<C>(x, to, &data)),
        Value::Int(_) => Value::Int(Host::new(
            to,
            data.iter().map(|&v| v as i64).collect::<Vec<_>>(),
        )),
        Value::Bool(_) => Value::Bool(Host::new(
            to,
            data.iter().map(|&v| v != 0.0).collect::<Vec<_>>(),
        )),
    })
}

pub(super) fn range<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let number = |index| call.optional_number(index).map(Option::unwrap_or_default);
    let (start, limit, step) = (number(0)?, number(1)?, number(2)?);
    if step == 0.0 {
        return Err(call.wrong("a step of 0", "any other step"));
    }
    let count = ((limit - start) / step).ceil().max(0.0);
    let count = if count < 1e15 {
        count as usize
    } else {
        usize::MAX
    };
    call.reserve(&[count])?;
    let values: Vec<f64> = (0..count).map(|k| start + step * k as f64).collect();
    one(match call.input(0)? {
        Value::Float(x) => Value::Float(value::constant_like::<C>(x, vec![count], &values)),
        _ => Value::Int(Host::vector(values.iter().map(|&v| v as i64).collect())),
    })
}

pub(super) fn constant_of_shape<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let to = super::view::lengths(call, 0)?;
    call.reserve(&to)?;
    let count: usize = to.iter().product();
    let value = match call.attributes.get("value").and_then(|a| a.t.as_ref()) {
        Some(tensor) => crate::read::inline_tensor(tensor)?,
        None => crate::tensor::Tensor::f32(vec![1], vec![0.0]),
    };
    let all = vec![0; count];
    let flat = Value::constant(&value).reshape(vec![value.len()]);
    one(flat.select(0, &all).reshape(to))
}

pub(super) fn trilu<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let shape = call.input(0)?.shape();
    let shift = call.optional_number(1)?.unwrap_or(0.0) as i64;
    let upper = call.attributes.int("upper") != Some(0);
    let &[.., rows, columns] = shape.as_slice() else {
        return Err(call.wrong(format!("a tensor of shape {shape:?}"), "a matrix at least"));
    };
    let kept = |at: usize| {
        let (row, column) = ((at / columns % rows) as i64, (at % columns) as i64);
        if upper {
            column - row >= shift
        } else {
            column - row <= shift
        }
    };
    let count: usize = shape.iter().product();
    one(match call.take(0)? {
        Value::Float(x) => {
            let drop: Vec<bool> = (0..count).map(|at| !kept(at)).collect();
            let mask = Host::new(shape, drop).to_flex();
            Value::Float(C::float_mask_fill(x, mask, 0.0.into()))
        }
        Value::Int(x) => {
            let data: Vec<i64> = (0..count)
                .map(|at| if kept(at) { x.data[at] } else { 0 })
                .collect();
            Value::Int(Host::new(shape, data))
        }
        Value::Bool(x) => {
            let data: Vec<bool> = (0..count).map(|at| kept(at) && x.data[at]).collect();
            Value::Bool(Host::new(shape, data))
        }
    })
}

pub(super) fn eye_like<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let shape = call.input(0)?.shape();
    let &[rows, columns] = shape.as_slice() else {
        return Err(call.wrong(format!("a tensor of shape {shape:?}"), "a matrix"));
    };
    let shift = call.attributes.int("k").unwrap_or(0);
    let on = |at: usize| (at % columns) as i64 - (at / columns) as i64 == shift;
    let data: Vec<f64> = (0..rows * columns)
        .map(|at| f64::from(u8::from(on(at))))
        .collect();
    one(match call.input(0)? {
        Value::Float(x) => Value::Float(value::constant_like::<C>(x, shape, &data)),
        _ => Value::Int(Host::new(
            shape,
            data.iter().map(|&v| v as i64).collect::<Vec<_>>(),
        )),
    })
}
