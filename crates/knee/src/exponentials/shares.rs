//! Softmax and its kin: exponentials by their sum.

use super::chunk::parts;
use super::{CHUNK, Chunk, Chunks, Exponents, top};
use crate::lane::Lane;
use crate::rowwise::{How, Row, RowFormula, Rows};
use crate::simd::{Input, Lanes, Room, RowPort, Set};

/// `exp(z_i) / (bias + sum_j exp(z_j))` for the exponents `z = scale x`; `bias` is not negative.
#[derive(Clone, Copy)]
pub struct Shares {
    pub(crate) bias: f64,
}

impl RowFormula<1> for Shares {
    #[inline(always)]
    fn run<S: Set, T: Lanes>(self, how: How, rows: Rows<'_, T, 1>) {
        // The two tiers of a type may have one lane.
        if const { T::RowFast::<S>::DIGITS < T::RowExact::<S>::DIGITS } {
            if how.is_fast() && how.scale == 1.0 {
                return self.with::<S, T, T::RowFast<S>>(Exponents::PLAIN, rows);
            } else if how.is_fast() {
                return self.with::<S, T, T::RowFast<S>>(Exponents::scaled(how.scale), rows);
            }
        }
        if how.scale == 1.0 {
            self.with::<S, T, T::RowExact<S>>(Exponents::PLAIN, rows);
        } else {
            self.with::<S, T, T::RowExact<S>>(Exponents::scaled(how.scale), rows);
        }
    }
}

impl Shares {
    #[inline(always)]
    fn with<S: Set, T: Lanes, L: RowPort<T, Number = T::Wide>>(
        self,
        exponents: Exponents,
        mut rows: Rows<'_, T, 1>,
    ) {
        let (mut room, mut chunks) = (Room::<L>::new(), Chunks::<L, T::Wide>::new());
        let (mut wide_room, mut wide_chunks) = (
            Room::<T::RowExact<S>>::new(),
            Chunks::<T::RowExact<S>, T::Wide>::new(),
        );
        while let Some(row) = rows.next() {
            let index = row.index;
            if const { L::DIGITS == 24 } && beyond::<T, L>(exponents, row.inputs[0]) {
                self.row::<S, T, T::RowExact<S>>(exponents, row, &mut wide_room, &mut wide_chunks);
            } else {
                self.row::<S, T, L>(exponents, row, &mut room, &mut chunks);
            }
            rows.close(index, T::Wide::of(0.0));
        }
    }

    #[inline(always)]
    fn row<S: Set, T: Lanes, L: RowPort<T, Number = T::Wide>>(
        self,
        exponents: Exponents,
        row: Row<'_, T, 1>,
        room: &mut Room<L>,
        chunks: &mut Chunks<L, T::Wide>,
    ) {
        let Row {
            inputs: [x],
            mut output,
            ..
        } = row;
        let registers = if L::DIGITS <= 53 {
            x.len().div_ceil(L::COUNT)
        } else {
            0
        };
        let floor = if self.bias > 0.0 {
            0.0
        } else {
            f64::NEG_INFINITY
        };
        let mut kept = room.of(registers);
        chunks.clear();
        for x in parts(x) {
            chunks.push(Chunk::with_sum::<S, T>(exponents, x, floor, &mut kept));
        }
        let top = chunks.top();
        let alone = self.bias == 0.0 && chunks.alone().is_some();
        let sum = if alone {
            sum_of_one(chunks)
        } else {
            self.sum(chunks, top)
        };
        for (place, (chunk, x)) in chunks.iter().zip(parts(x)).enumerate() {
            let weight = if alone {
                T::Wide::of(1.0)
            } else {
                chunk.weight(top)
            };
            let factor = L::all(weight / sum);
            let start = place.wrapping_mul(CHUNK);
            let mut y = output.part(start, x.len());
            let whole = x.whole::<L>();
            let first = start / L::COUNT;
            if L::DIGITS <= 53 {
                for at in 0..whole {
                    y.store(at, kept.get(first.wrapping_add(at)) * factor);
                }
                if x.len() % L::COUNT != 0 {
                    y.store_rest(kept.get(first.wrapping_add(whole)) * factor);
                }
            } else {
                for at in 0..whole {
                    let x = x.load::<L>(at);
                    y.store(at, chunk.origin.exp_times(exponents, x, factor));
                }
                if let Some(rest) = x.load_rest::<L>(exponents.absent()) {
                    y.store_rest(chunk.origin.exp_times(exponents, rest, factor));
                }
            }
        }
    }

    /// The denominator by the exponential of `top`; NaN if no element has a share.
    #[inline(always)]
    fn sum<L: Lane, N: Lane<Mask = bool>>(self, chunks: &Chunks<L, N>, top: N) -> N {
        let mut sum = (-top).exp().times(N::of(self.bias));
        for chunk in chunks.iter() {
            sum = sum + chunk.sum * chunk.weight(top);
        }
        or_nan(top, sum)
    }
}

/// The denominator of a row that is one chunk, as its exponentials are counted.
#[inline(always)]
fn sum_of_one<L: Lane, N: Lane<Mask = bool>>(chunks: &Chunks<L, N>) -> N {
    let alone = chunks.alone();
    alone.map_or(N::of(0.0), |chunk| or_nan(chunk.top, chunk.sum))
}

/// NaN if no element has a share.
#[inline(always)]
fn or_nan<N: Lane<Mask = bool>>(top: N, sum: N) -> N {
    N::select(top.le(N::of(f64::NEG_INFINITY)), N::of(f64::NAN), sum)
}

/// Whether a lane of few digits would lose so much of the products with a scale that it does not serve.
#[inline(always)]
fn beyond<T: Lanes, L: RowPort<T>>(exponents: Exponents, x: Input<'_, T>) -> bool {
    if L::DIGITS > 24 || !exponents.are_scaled() {
        return false;
    }
    let near = L::Number::of(128.0);
    !top::<T, L>(exponents, x).abs().lt(near)
}
