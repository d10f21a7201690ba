//! Matrix products.

use super::call::{Answer, Call, float};
use super::compute::{Compute, Float};
use super::reduce;
use super::shape;
use super::value::{self, dims};
use crate::error::Result;

pub(super) fn mat_mul<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let (a, b) = (call.float(0)?, call.float(1)?);
    float(product(call, a, b)?)
}

/// The product as NumPy's `matmul` defines it: vectors are promoted, leading axes broadcast.
pub(super) fn product<C: Compute>(call: &Call<C>, a: Float<C>, b: Float<C>) -> Result<Float<C>> {
    let (mut da, mut db) = (dims::<C>(&a), dims::<C>(&b));
    if da.is_empty() || db.is_empty() {
        return Err(call.wrong("a scalar operand", "vectors or matrices"));
    }
    let (vector_a, vector_b) = (da.len() == 1, db.len() == 1);
    if vector_a {
        da.insert(0, 1);
    }
    if vector_b {
        db.push(1);
    }
    let (m, k) = (da[da.len() - 2], da[da.len() - 1]);
    let (k_b, n) = (db[db.len() - 2], db[db.len() - 1]);
    if k != k_b {
        return Err(call.wrong(
            format!("matrices of shapes {da:?} and {db:?}"),
            "an inner length that is the same in both",
        ));
    }
    let batch = shape::broadcast(&da[..da.len() - 2], &db[..db.len() - 2])
        .ok_or_else(|| call.wrong(format!("shapes {da:?} and {db:?}"), "axes that broadcast"))?;
    let mut to = batch.clone();
    to.extend([m, n]);
    call.reserve(&to)?;
    let y = if db.len() == 2 {
        // One matrix for the whole batch: a single product over all rows.
        let rows = da[..da.len() - 1].iter().product();
        let a = value::reshape::<C>(a, &[rows, k]);
        C::float_matmul(a, value::reshape::<C>(b, &[k, n]))
    } else {
        let full = |d: &[usize]| {
            let mut full = batch.clone();
            full.extend_from_slice(&d[d.len() - 2..]);
            full
        };
        let a = value::expand::<C>(value::reshape::<C>(a, &da), &full(&da));
        let b = value::expand::<C>(value::reshape::<C>(b, &db), &full(&db));
        C::float_matmul(a, b)
    };
    if vector_b {
        to.pop();
    }
    if vector_a {
        let at = to.len() - usize::from(!vector_b) - 1;
        to.remove(at);
    }
    Ok(value::reshape::<C>(y, &to))
}

fn scaled<C: Compute>(x: Float<C>, factor: f64) -> Float<C> {
    if factor == 1.0 {
        x
    } else {
        C::float_mul_scalar(x, factor.into())
    }
}

pub(super) fn gemm<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let mut a = call.float(0)?;
    let mut b = call.float(1)?;
    let (rank_a, rank_b) = (dims::<C>(&a).len(), dims::<C>(&b).len());
    if (rank_a, rank_b) != (2, 2) {
        return Err(call.wrong(
            format!("tensors with {rank_a} and {rank_b} axes"),
            "two matrices",
        ));
    }
    if call.attributes.flag("transA") {
        a = C::float_swap_dims(a, 0, 1);
    }
    if call.attributes.flag("transB") {
        b = C::float_swap_dims(b, 0, 1);
    }
    let (da, db) = (dims::<C>(&a), dims::<C>(&b));
    if da[1] != db[0] {
        return Err(call.wrong(
            format!("matrices of shapes {da:?} and {db:?}"),
            "an inner length that is the same in both",
        ));
    }
    let to = [da[0], db[1]];
    call.reserve(&to)?;
    let mut y = scaled::<C>(
        C::float_matmul(a, b),
        call.attributes.float("alpha").unwrap_or(1.0),
    );
    let beta = call.attributes.float("beta").unwrap_or(1.0);
    if let Some(c) = call.optional_float(2)?
        && beta != 0.0
    {
        let shape = dims::<C>(&c);
        if shape::broadcast(&shape, &to).as_deref() != Some(&to) {
            return Err(call.wrong(
                format!("a bias of shape {shape:?}"),
                format!("one that broadcasts to {to:?}"),
            ));
        }
        let c = value::reshape::<C>(c, &shape::padded(&shape, 2));
        y = C::float_add(y, scaled::<C>(c, beta));
    }
    float(y)
}

/// An equation such as `bij,bjk->bik`, computed pair by pair as transposes and a matrix product.
pub(super) fn einsum<C: Compute>(call: &mut Call<C>) -> Answer<C> {
    let equation: String = call
        .attributes
        .text("equation")
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let mut operands = Vec::new();
    for index in 0..call.inputs.len() {
        operands.push(call.float(index)?);
    }
    let (inputs, output) = labels(call, &equation, &operands)?;
    let mut terms: Vec<(Vec<char>, Float<C>)> = inputs
        .into_iter()
        .zip(operands)
        .map(|(letters, x)| diagonal::<C>(letters, x))
        .collect();
    while terms.len() > 1 {
        let (a, x) = terms.remove(0);
        let (b, y) = terms.remove(0);
        let needed = |l: &char| output.contains(l) || terms.iter().any(|(t, _)| t.contains(l));
        let joined = pair(call, (&a, x), (&b, y), needed)?;
        terms.insert(0, joined);
    }
    let Some((mut from, mut x)) = terms.pop() else {
        return Err(call.wrong("no operands", "one at least"));
    };
    let summed: Vec<usize> = (0..from.len())
        .filter(|&i| !output.contains(&from[i]))
        .collect();
    let kept: Vec<usize> = (0..from.len()).filter(|i| !summed.contains(i)).collect();
    let shape = dims::<C>(&x);
    x = reduce::along::<C>(x, &summed, C::float_sum_dim);
    x = value::reshape::<C>(x, &kept.iter().map(|&i| shape[i]).collect::<Vec<_>>());
    from = kept.iter().map(|&i| from[i]).collect();
    let order: Vec<usize> = output
        .iter()
        .filter_map(|l| from.iter().position(|f| f == l))
        .collect();
    if order.len() != output.len() {
        return Err(call.wrong(
            format!("the equation \"{equation}\""),
            "known letters on the right",
        ));
    }
    float(C::float_permute(x, &order))
}

/// The letters of each operand and of the result. An ellipsis becomes digits, aligned to the right.
fn labels<C: Compute>(
    call: &Call<C>,
    equation: &str,
    operands: &[Float<C>],
) -> Result<(Vec<Vec<char>>, Vec<char>)> {
    let (left, right) = match equation.split_once("->") {
        Some((left, right)) => (left, Some(right)),
        None => (equation, None),
    };
    let terms: Vec<&str> = left.split(',').collect();
    let wrong = || {
        call.wrong(
            format!("the equation \"{equation}\""),
            "one term per operand, one letter per axis",
        )
    };
    if terms.len() != operands.len() {
        return Err(wrong());
    }
    let mut hidden_most = 0;
    let mut inputs = Vec::new();
    for (term, operand) in terms.iter().zip(operands) {
        let rank = dims::<C>(operand).len();
        let named = term.replace("...", "").chars().count();
        let hidden = rank.checked_sub(named).ok_or_else(wrong)?;
        if !term.contains("...") && hidden > 0 {
            return Err(wrong());
        }
        hidden_most = hidden_most.max(hidden);
        let dots: String = (0..hidden)
            .rev()
            .filter_map(|i| char::from_digit(i as u32, 10))
            .collect();
        let letters: Vec<char> = term.replacen("...", &dots, 1).chars().collect();
        inputs.push(letters);
    }
    let dots: String = (0..hidden_most)
        .rev()
        .filter_map(|i| char::from_digit(i as u32, 10))
        .collect();
    let output = if let Some(right) = right {
        right.replacen("...", &dots, 1).chars().collect()
    } else {
        let all: Vec<char> = inputs.iter().flatten().copied().collect();
        let count = |l: char| all.iter().filter(|&&a| a == l).count();
        let named = all
            .iter()
            .copied()
            .filter(|&l| !l.is_ascii_digit() && count(l) == 1);
        let mut once: Vec<char> = named.collect();
        once.sort_unstable();
        dots.chars().chain(once).collect()
    };
    Ok((inputs, output))
}

/// Keeps the diagonal of axes that share a letter.
fn diagonal<C: Compute>(letters: Vec<char>, x: Float<C>) -> (Vec<char>, Float<C>) {
    let mut distinct: Vec<char> = Vec::new();
    for &letter in &letters {
        if !distinct.contains(&letter) {
            distinct.push(letter);
        }
    }
    if distinct.len() == letters.len() {
        return (letters, x);
    }
    let shape = dims::<C>(&x);
    let strides = shape::strides(&shape);
    let letters = &letters;
    let axes = |l: char| (0..letters.len()).filter(move |&i| letters[i] == l);
    let to: Vec<usize> = distinct
        .iter()
        .map(|&l| axes(l).map(|i| shape[i]).min().unwrap_or(1))
        .collect();
    let steps: Vec<isize> = distinct
        .iter()
        .map(|&l| axes(l).map(|i| strides[i] as isize).sum())
        .collect();
    let positions = shape::walk(&to, 0, &steps);
    let x = value::take::<C>(x, &positions, &to);
    (distinct, x)
}

/// Contracts two operands over the letters that nobody else needs.
fn pair<C: Compute>(
    call: &Call<C>,
    (a, mut x): (&[char], Float<C>),
    (b, mut y): (&[char], Float<C>),
    needed: impl Fn(&char) -> bool,
) -> Result<(Vec<char>, Float<C>)> {
    let batch: Vec<char> = a
        .iter()
        .copied()
        .filter(|l| b.contains(l) && needed(l))
        .collect();
    let summed: Vec<char> = a
        .iter()
        .copied()
        .filter(|l| b.contains(l) && !needed(l))
        .collect();
    let rest_a: Vec<char> = a.iter().copied().filter(|l| !b.contains(l)).collect();
    let rest_b: Vec<char> = b.iter().copied().filter(|l| !a.contains(l)).collect();
    let (da, db) = (dims::<C>(&x), dims::<C>(&y));
    let length = |l: &char| {
        let in_a = a.iter().position(|c| c == l).map_or(1, |i| da[i]);
        let in_b = b.iter().position(|c| c == l).map_or(1, |i| db[i]);
        in_a.max(in_b)
    };
    // An axis of length 1 broadcasts.
    let full = |letters: &[char], d: &[usize]| -> Result<Vec<usize>> {
        let to: Vec<usize> = letters.iter().map(length).collect();
        if to.iter().zip(d).any(|(t, d)| t != d && *d != 1) {
            return Err(call.wrong(
                format!("operands of shapes {da:?} and {db:?}"),
                "equal lengths per letter",
            ));
        }
        Ok(to)
    };
    x = value::expand::<C>(x, &full(a, &da)?);
    y = value::expand::<C>(y, &full(b, &db)?);
    let order = |of: &[char], parts: [&[char]; 3]| -> Vec<usize> {
        parts
            .concat()
            .iter()
            .filter_map(|l| of.iter().position(|c| c == l))
            .collect()
    };
    let product = |letters: &[char]| letters.iter().map(length).product::<usize>();
    let (g, m, k, n) = (
        product(&batch),
        product(&rest_a),
        product(&summed),
        product(&rest_b),
    );
    let letters = [batch.as_slice(), &rest_a, &rest_b].concat();
    let to: Vec<usize> = letters.iter().map(length).collect();
    for shape in [to.as_slice(), &[g, m, k], &[g, k, n]] {
        call.reserve(shape)?;
    }
    let x = C::float_permute(x, &order(a, [&batch, &rest_a, &summed]));
    let y = C::float_permute(y, &order(b, [&batch, &summed, &rest_b]));
    let z = C::float_matmul(
        value::reshape::<C>(x, &[g, m, k]),
        value::reshape::<C>(y, &[g, k, n]),
    );
    Ok((letters, value::reshape::<C>(z, &to)))
}
