//! Log-softmax, and the logarithm of a sum of exponentials.

use super::chunk::parts;
use super::{Chunk, Chunks, Exponents};
use crate::elementary::ln_1p;
use crate::lane::Lane;
use crate::rowwise::{How, Row, RowFormula, Rows};
use crate::simd::{Input, Lanes, Registers, RowPort, Set};

/// `z_i - log(sum_j exp(z_j))` for the exponents `z = scale x`.
#[derive(Clone, Copy)]
pub(crate) struct LogShares;

/// The number beside each row is `log(1 + r)`, `r` the sum of `exp(x_j - m)` over all but the largest `m`; NaN where `m` is infinite.
#[derive(Clone, Copy)]
pub(crate) struct LogSum;

impl RowFormula<1> for LogShares {
    #[inline(always)]
    fn run<S: Set, T: Lanes>(self, how: How, rows: Rows<'_, T, 1>) {
        // A product with a scale has more digits than the fast lane, and the two tiers of a type may have one lane.
        if const { T::RowFast::<S>::DIGITS < T::RowExact::<S>::DIGITS } {
            if how.is_fast() && how.scale == 1.0 {
                return log_shares::<S, T, T::RowFast<S>>(Exponents::PLAIN, rows);
            }
        }
        if how.scale == 1.0 {
            log_shares::<S, T, T::RowExact<S>>(Exponents::PLAIN, rows);
        } else {
            log_shares::<S, T, T::RowExact<S>>(Exponents::scaled(how.scale), rows);
        }
    }
}

impl RowFormula<1> for LogSum {
    #[inline(always)]
    fn run<S: Set, T: Lanes>(self, _: How, mut rows: Rows<'_, T, 1>) {
        let mut chunks = Chunks::<T::RowExact<S>, T::Wide>::new();
        while let Some(row) = rows.next() {
            let index = row.index;
            let (_, logarithm) =
                logarithm::<S, T, T::RowExact<S>>(Exponents::PLAIN, row.inputs[0], &mut chunks);
            rows.close(index, logarithm);
        }
    }
}

#[inline(always)]
fn log_shares<S: Set, T: Lanes, L: RowPort<T, Number = T::Wide>>(
    exponents: Exponents,
    mut rows: Rows<'_, T, 1>,
) {
    let mut chunks = Chunks::<L, T::Wide>::new();
    while let Some(row) = rows.next() {
        let Row {
            index,
            inputs: [x],
            output: mut y,
        } = row;
        let (top, logarithm) = logarithm::<S, T, L>(exponents, x, &mut chunks);
        let (top, logarithm) = (L::all(top), L::all(logarithm));
        for at in 0..x.whole::<L>() {
            y.store(at, (exponents.of(x.load::<L>(at)) - top) - logarithm);
        }
        if let Some(rest) = x.load_rest::<L>(exponents.absent()) {
            y.store_rest((exponents.of(rest) - top) - logarithm);
        }
        rows.close(index, T::Wide::of(0.0));
    }
}

/// The largest exponent, and the logarithm of the sum of all exponentials by that of the largest.
#[inline(always)]
fn logarithm<S: Set, T: Lanes, L: RowPort<T, Number = T::Wide>>(
    exponents: Exponents,
    x: Input<'_, T>,
    chunks: &mut Chunks<L, T::Wide>,
) -> (T::Wide, T::Wide) {
    chunks.clear();
    for x in parts(x) {
        chunks.push(Chunk::below_top::<S, T>(
            exponents,
            x,
            &mut Registers::none(),
        ));
    }
    let top = chunks.top();
    (top, ln_1p(chunks.rest(top)))
}
