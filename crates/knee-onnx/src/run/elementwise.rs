//! Arithmetic element by element, with broadcasting.

use super::call::{Answer, Call, float, one};
use super::compute::{Compute, Float};
use super::host::Host;
use super::shape;
use super::value::{self, Value, dims};
use crate::error::Result;

/// Both operands with the same rank, as Burn's broadcasting wants them.
fn aligned<C: Compute>(a: Float<C>, b: Float<C>) -> (Float<C>, Float<C>) {
    let (da, db) = (dims::<C>(&a), dims::<C>(&b));
    let rank = da.len().max(db.len());
    (
        value::reshape::<C>(a, &shape::padded(&da, rank)),
        value::reshape::<C>(b, &shape::padded(&db, rank)),
    )
}

type Binary<C> = fn(Float<C>, Float<C>) -> Float<C>;

fn arithmetic<C: Compute>(
    call: &mut Call<C>,
    floats: Binary<C>,
    ints: fn(i64, i64) -> Option<i64>,
) -> Answer<C> {
    let to = call.broadcast(&call.input(0)?.shape(), &call.input(1)?.shape())?;
    match (call.take(0)?, call.take(1)?) {
        (Value::Float(a), Value::Float(b)) => {
            let (a, b) = aligned::<C>(a, b);
            float(floats(a, b))
        }
        (Value::Int(a), Value::Int(b)) => {
            let result = a.zip(&b, &to, ints);
            if result.data.iter().any(Option::is_none) {
                return Err(call.wrong("an integer division by 0", "a divisor other than 0"));
            }
            one(Value::Int(result.map(Option::unwrap_or_default)))
        }
        _ => Err(call.wrong("operands of different types", "the same type for both")),
    }
}

pub(super) fn add<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    arithmetic(call, C::float_add, |a, b| Some(a.wrapping_add(b)))
}

pub(super) fn sub<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    arithmetic(call, C::float_sub, |a, b| Some(a.wrapping_sub(b)))
}

pub(super) fn mul<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    arithmetic(call, C::float_mul, |a, b| Some(a.wrapping_mul(b)))
}

pub(super) fn div<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    arithmetic(call, C::float_div, i64::checked_div)
}

/// `fmod = 1` keeps the dividend's sign, otherwise the divisor's.
pub(super) fn modulo<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    if call.attributes.flag("fmod") {
        return arithmetic(
            call,
            |a, b| {
                let quotient = C::float_trunc(C::float_div(a.clone(), b.clone()));
                C::float_sub(a, C::float_mul(quotient, b))
            },
            i64::checked_rem,
        );
    }
    arithmetic(call, C::float_remainder, |a, b| {
        let r = a.checked_rem(b)?;
        Some(if r != 0 && (r < 0) != (b < 0) {
            r + b
        } else {
            r
        })
    })
}

pub(super) fn pow<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let to = call.broadcast(&call.input(0)?.shape(), &call.input(1)?.shape())?;
    let single = call.input(1)?.elements() == 1 && call.input(0)?.shape() == to;
    match call.take(0)? {
        Value::Float(x) => {
            if single && let Some(exponent) = call.optional_number(1)? {
                return float(power::<C>(x, exponent));
            }
            let exponent = match call.take(1)? {
                Value::Float(e) => e,
                Value::Int(e) => {
                    let values: Vec<f64> = e.data.iter().map(|&i| i as f64).collect();
                    value::constant_like::<C>(&x, e.shape, &values)
                }
                Value::Bool(_) => return Err(call.wrong("a boolean exponent", "a number")),
            };
            float(C::float_powf(
                value::expand::<C>(x, &to),
                value::expand::<C>(exponent, &to),
            ))
        }
        Value::Int(x) => {
            let exponents = call.optional_numbers(1).unwrap_or_default();
            let exponents = Host::new(call.input(1)?.shape(), exponents);
            let result = x.zip(&exponents, &to, |a, e| (a as f64).powf(e) as i64);
            one(Value::Int(result))
        }
        Value::Bool(_) => Err(call.wrong("a boolean base", "a number")),
    }
}

/// Small whole exponents by multiplication: exact where it can be, and with a gradient at 0.
fn power<C: Compute>(x: Float<C>, exponent: f64) -> Float<C> {
    if exponent == 1.0 {
        x
    } else if exponent == 2.0 {
        C::float_mul(x.clone(), x)
    } else if exponent == 3.0 {
        C::float_mul(C::float_mul(x.clone(), x.clone()), x)
    } else if exponent == 0.5 {
        C::float_sqrt(x)
    } else if exponent == -1.0 {
        C::float_recip(x)
    } else if exponent == -0.5 {
        C::float_recip(C::float_sqrt(x))
    } else {
        C::float_powf_scalar(x, exponent.into())
    }
}

/// The larger or smaller of two, with the gradient to the one that was taken.
fn extreme<C: Compute>(a: Float<C>, b: Float<C>, to: &[usize], largest: bool) -> Float<C> {
    let a = value::expand::<C>(a, to);
    let b = value::expand::<C>(b, to);
    let (ha, hb) = (value::on_host::<C>(&a), value::on_host::<C>(&b));
    // NaN wins on either side, as in IEEE's maximum.
    let first =
        move |x: f64, y: f64| x.is_nan() || (!y.is_nan() && if largest { x >= y } else { x <= y });
    let mask: Vec<bool> = super::logic::pairs(&ha, &hb, first);
    C::float_mask_where(b, Host::new(to.to_vec(), mask).to_flex(), a)
}

fn extremes<C: Compute>(call: &mut Call<C>, largest: bool) -> Answer<C> {
    let mut result = call.take(0)?;
    for index in 1..call.inputs.len() {
        let next = call.take(index)?;
        let to = call.broadcast(&result.shape(), &next.shape())?;
        result = match (result, next) {
            (Value::Float(a), Value::Float(b)) => Value::Float(extreme::<C>(a, b, &to, largest)),
            (Value::Int(a), Value::Int(b)) => {
                Value::Int(a.zip(
                    &b,
                    &to,
                    move |a, b| if largest { a.max(b) } else { a.min(b) },
                ))
            }
            _ => return Err(call.wrong("operands of different types", "the same type for all")),
        };
    }
    one(result)
}

pub(super) fn max<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    extremes(call, true)
}

pub(super) fn min<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    extremes(call, false)
}

fn folded<C: Compute>(call: &mut Call<C>) -> Result<Float<C>> {
    let mut result = call.float(0)?;
    for index in 1..call.inputs.len() {
        let next = call.float(index)?;
        call.broadcast(&dims::<C>(&result), &dims::<C>(&next))?;
        let (a, b) = aligned::<C>(result, next);
        result = C::float_add(a, b);
    }
    Ok(result)
}

pub(super) fn sum<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    float(folded(call)?)
}

pub(super) fn mean<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let count = call.inputs.len() as f64;
    float(C::float_div_scalar(folded(call)?, count.into()))
}

fn unary<C: Compute>(
    call: &mut Call<C>,
    floats: fn(Float<C>) -> Float<C>,
    ints: fn(i64) -> i64,
) -> Answer<C> {
    call.reserve(&call.input(0)?.shape())?;
    match call.take(0)? {
        Value::Float(x) => float(floats(x)),
        Value::Int(x) => one(Value::Int(x.map(ints))),
        Value::Bool(_) => Err(call.wrong("a boolean operand", "a number")),
    }
}

macro_rules! unary {
    ($($name:ident => $floats:path, $ints:expr;)*) => {$(
        pub(super) fn $name<C: Compute>(call: &mut Call<C>) -> Answer<C> {
            unary(call, $floats, $ints)
        }
    )*};
}

unary! {
    abs => C::float_abs, i64::wrapping_abs;
    neg => C::float_neg, i64::wrapping_neg;
    floor => C::float_floor, |i| i;
    ceil => C::float_ceil, |i| i;
    round => C::float_round, |i| i;
    sqrt => C::float_sqrt, |i| i;
    reciprocal => C::float_recip, |i| i;
    log => C::float_log, |i| i;
    cos => C::float_cos, |i| i;
    tan => C::float_tan, |i| i;
    sinh => C::float_sinh, |i| i;
    cosh => C::float_cosh, |i| i;
    asin => C::float_asin, |i| i;
    acos => C::float_acos, |i| i;
    atan => C::float_atan, |i| i;
    asinh => C::float_asinh, |i| i;
    acosh => C::float_acosh, |i| i;
    atanh => C::float_atanh, |i| i;
}

/// Zero where x is zero; its gradient is zero everywhere.
pub(super) fn sign<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    match call.take(0)? {
        Value::Float(x) => {
            let signs: Vec<f64> = value::as_f64(&value::on_host::<C>(&x))
                .into_iter()
                .map(|v| {
                    if v == 0.0 || v.is_nan() {
                        v
                    } else {
                        v.signum()
                    }
                })
                .collect();
            float(value::constant_like::<C>(&x, dims::<C>(&x), &signs))
        }
        Value::Int(x) => one(Value::Int(x.map(i64::signum))),
        Value::Bool(_) => Err(call.wrong("a boolean operand", "a number")),
    }
}

/// Bounds are attributes below operator set 11 and inputs from there on.
pub(super) fn clip<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let low = call
        .attributes
        .float("min")
        .map_or_else(|| call.optional_number(1), |v| Ok(Some(v)))?;
    let high = call
        .attributes
        .float("max")
        .map_or_else(|| call.optional_number(2), |v| Ok(Some(v)))?;
    match call.take(0)? {
        Value::Float(mut x) => {
            if let Some(low) = low {
                x = C::float_clamp_min(x, low.into());
            }
            if let Some(high) = high {
                x = C::float_clamp_max(x, high.into());
            }
            float(x)
        }
        Value::Int(x) => one(Value::Int(x.map(|i| {
            let i = low.map_or(i, |l| i.max(l as i64));
            high.map_or(i, |h| i.min(h as i64))
        }))),
        Value::Bool(_) => Err(call.wrong("a boolean operand", "a number")),
    }
}
