//! The Attention operator of operator sets 23 and 24, and rotary embeddings.

use knee::{Function, RowFunction};

use super::call::{Answer, Call, float};
use super::compute::{Compute, Float};
use super::host::Host;
use super::value::{self, Value, dims};
use crate::error::Result;

/// `[N, T, heads * size]` as `[N, heads, T, size]`; four axes stay as they are.
fn headed<C: Compute>(call: &Call<C>, x: Float<C>, heads: Option<i64>) -> Result<Float<C>> {
    let shape = dims::<C>(&x);
    match (
        shape.as_slice(),
        heads.and_then(|h| usize::try_from(h).ok()),
    ) {
        ([_, _, _, _], _) => Ok(x),
        (&[n, t, width], Some(heads)) if heads > 0 && width % heads == 0 => {
            let x = value::reshape::<C>(x, &[n, t, heads, width / heads]);
            Ok(C::float_permute(x, &[0, 2, 1, 3]))
        }
        _ => Err(call.wrong(
            format!("a tensor of shape {shape:?}"),
            "[N, heads, T, size], or [N, T, width] and the number of heads",
        )),
    }
}

/// Repeats the heads of keys and values for queries that share them.
fn repeated<C: Compute>(x: Float<C>, times: usize) -> Float<C> {
    if times == 1 {
        return x;
    }
    let shape = dims::<C>(&x);
    let &[n, heads, t, size] = shape.as_slice() else {
        return x;
    };
    let x = value::reshape::<C>(x, &[n, heads, 1, t, size]);
    let x = value::expand::<C>(x, &[n, heads, times, t, size]);
    value::reshape::<C>(x, &[n, heads * times, t, size])
}

pub(super) fn attention<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let flat = call.input(0)?.shape().len() == 3;
    let q_heads = call.attributes.int("q_num_heads");
    let kv_heads = call.attributes.int("kv_num_heads");
    let (q, k, v) = (call.float(0)?, call.float(1)?, call.float(2)?);
    let q = headed(call, q, q_heads)?;
    let mut k = headed(call, k, kv_heads)?;
    let mut v = headed(call, v, kv_heads)?;
    if call.has(6) {
        return Err(call.unsupported("lengths of the unpadded keys"));
    }
    if let Some(past) = call.optional_float(4)? {
        k = C::float_cat(vec![past, k], 2);
    }
    if let Some(past) = call.optional_float(5)? {
        v = C::float_cat(vec![past, v], 2);
    }
    let present = (k.clone(), v.clone());
    let (dq, dk) = (dims::<C>(&q), dims::<C>(&k));
    if dk[1] == 0 || !dq[1].is_multiple_of(dk[1]) {
        return Err(call.wrong(
            format!("{} heads of queries and {} of keys", dq[1], dk[1]),
            "a multiple",
        ));
    }
    let groups = dq[1] / dk[1];
    let (k, v) = (repeated::<C>(k, groups), repeated::<C>(v, groups));
    let scores_shape = [dq[0], dq[1], dq[2], dk[2]];
    call.reserve(&scores_shape)?;
    let scale = call
        .attributes
        .float("scale")
        .unwrap_or_else(|| 1.0 / (dq[3] as f64).sqrt());
    // The root of the scale on both operands, as the operator's definition has it.
    let root: f64 = scale.sqrt();
    let q = C::float_mul_scalar(q, root.into());
    let k = C::float_mul_scalar(C::float_swap_dims(k, 2, 3), root.into());
    let mut scores = C::float_matmul(q, k);
    let cap = call.attributes.float("softcap").unwrap_or(0.0);
    let capped = |s: Float<C>| -> Result<Float<C>> {
        let tanh = Function::parse("tanh").map_err(|e| call.unsupported(e.to_string()))?;
        let s = C::knee_activation(C::float_div_scalar(s, cap.into()), tanh.into());
        Ok(C::float_mul_scalar(s, cap.into()))
    };
    if cap != 0.0 {
        scores = capped(scores)?;
    }
    let hidden = |visible: Host<bool>, scores: Float<C>| {
        let blocked = visible.broadcast(&scores_shape).map(|b| !b);
        C::float_mask_fill(scores, blocked.to_flex(), f64::NEG_INFINITY.into())
    };
    if call.attributes.flag("is_causal") {
        let past = dk[2].saturating_sub(dq[2]);
        let visible: Vec<bool> = (0..dq[2] * dk[2])
            .map(|at| at % dk[2] <= at / dk[2] + if call.has(4) { past } else { 0 })
            .collect();
        scores = hidden(Host::new(vec![dq[2], dk[2]], visible), scores);
    }
    match call.optional(3).cloned() {
        Some(Value::Bool(mask)) => scores = hidden(mask, scores),
        Some(Value::Float(bias)) => {
            let bias = value::expand::<C>(bias, &scores_shape);
            scores = C::float_add(scores, bias);
        }
        Some(Value::Int(_)) => return Err(call.wrong("an integer mask", "booleans or floats")),
        None => {}
    }
    if call.wants(3) {
        return Err(call.unsupported("the product of queries and keys is asked for"));
    }
    call.keeps(&scores, 4);
    let weights = C::knee_rows(scores, RowFunction::Softmax, 3);
    let mut y = C::float_matmul(weights, v);
    if flat {
        let shape = dims::<C>(&y);
        y = C::float_permute(y, &[0, 2, 1, 3]);
        y = value::reshape::<C>(y, &[shape[0], shape[2], shape[1] * shape[3]]);
    }
    Ok(vec![
        Value::Float(y),
        Value::Float(present.0),
        Value::Float(present.1),
    ])
}

/// Rotary position embedding of operator set 23.
pub(super) fn rotary_embedding<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let x = call.float(0)?;
    let original = dims::<C>(&x);
    let heads = call.attributes.int("num_heads").filter(|&h| h > 0);
    let x = headed(call, x, heads)?;
    let shape = dims::<C>(&x);
    let (n, t, size) = (shape[0], shape[2], shape[3]);
    let rotated = match call.attributes.int("rotary_embedding_dim") {
        Some(dim) if dim > 0 => usize::try_from(dim).unwrap_or(size).min(size),
        _ => size,
    };
    let half = rotated / 2;
    let table = |call: &mut Call<C>, index: usize| -> Result<Float<C>> {
        let table = call.float(index)?;
        let table = match call.optional_ints(3)? {
            Some(positions) => {
                let rows = dims::<C>(&table)[0];
                let picked: Option<Vec<usize>> = positions
                    .iter()
                    .map(|&p| usize::try_from(p).ok().filter(|&p| p < rows))
                    .collect();
                let picked = picked
                    .ok_or_else(|| call.wrong("a position beyond the table", "positions in it"))?;
                value::select::<C>(table, 0, &picked)
            }
            None => table,
        };
        let count: usize = dims::<C>(&table).iter().product();
        let batch = if count == n * t * half { n } else { 1 };
        if count != batch * t * half {
            return Err(call.wrong("a table of another size", "one row per position"));
        }
        Ok(value::reshape::<C>(table, &[batch, 1, t, half]))
    };
    let (cos, sin) = (table(call, 1)?, table(call, 2)?);
    let interleaved = call.attributes.flag("interleaved");
    let part = |k: usize| {
        if interleaved {
            let indices: Vec<usize> = (0..half).map(|i| 2 * i + k).collect();
            value::select::<C>(x.clone(), 3, &indices)
        } else {
            value::narrow::<C>(x.clone(), 3, k * half, half)
        }
    };
    let (a, b) = (part(0), part(1));
    let real = C::float_sub(
        C::float_mul(a.clone(), cos.clone()),
        C::float_mul(b.clone(), sin.clone()),
    );
    let imaginary = C::float_add(C::float_mul(a, sin), C::float_mul(b, cos));
    let mut y = C::float_cat(vec![real, imaginary], 3);
    if interleaved {
        let order: Vec<usize> = (0..rotated).map(|i| (i % 2) * half + i / 2).collect();
        y = value::select::<C>(y, 3, &order);
    }
    if rotated < size {
        y = C::float_cat(
            vec![y, value::narrow::<C>(x, 3, rotated, size - rotated)],
            3,
        );
    }
    if original.len() == 3 {
        y = C::float_permute(y, &[0, 2, 1, 3]);
    }
    float(value::reshape::<C>(y, &original))
}
