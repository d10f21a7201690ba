//! Cross-entropy of labels in whole registers: the logits are read once.

use super::reduction::Scale;
use crate::elementary::ln_1p;
use crate::exponentials::{CHUNK, Chunk, Chunks, Exponents, parts, place_of, total};
use crate::lane::Lane;
use crate::rowwise::{How, Row, RowFormula, Rows};
use crate::simd::{Input, Lanes, Room, RowPort, Set};

/// The loss of each row is the number beside it, its gradient times `scale` the output.
///
/// With the largest logit `m` and the sum `r` of the other exponentials, `log(sum_j exp(x_j)) - x_c` is
/// `log(1 + r) + (m - x_c)`, two terms that are not negative. The largest logit's own gradient `p t - t_m` with `p = 1 / (1 + r)` and the
/// sum `t` of the targets is `(t - t_m) - t r p`, which keeps its digits where `p` is nearly 1.
#[derive(Clone, Copy)]
pub struct Entropy<'a> {
    /// The class of each row.
    pub(super) labels: &'a [usize],
    pub(super) ignored: Option<usize>,
    /// The share of the target that is spread over all classes.
    pub(super) smoothing: f64,
    pub(super) scale: Scale,
}

impl RowFormula<1> for Entropy<'_> {
    #[inline(always)]
    fn run<S: Set, T: Lanes>(self, _: How, mut rows: Rows<'_, T, 1>) {
        let mut room = Room::<T::RowExact<S>>::new();
        let mut chunks = Chunks::<T::RowExact<S>, T::Wide>::new();
        while let Some(row) = rows.next() {
            let index = row.index;
            let loss = if self.ignored == Some(self.labels[index]) {
                set_to_zero::<T, T::RowExact<S>>(row);
                T::Wide::of(0.0)
            } else {
                self.row::<S, T, T::RowExact<S>>(row, &mut room, &mut chunks)
            };
            rows.close(index, loss);
        }
    }
}

impl Entropy<'_> {
    #[inline(always)]
    fn row<S: Set, T: Lanes, L: RowPort<T, Number = T::Wide>>(
        self,
        row: Row<'_, T, 1>,
        room: &mut Room<L>,
        chunks: &mut Chunks<L, T::Wide>,
    ) -> T::Wide {
        let number = T::Wide::of;
        let (zero, one) = (number(0.0), number(1.0));
        let (label, classes) = (self.labels[row.index], row.inputs[0].len());
        let hit = one - number(self.smoothing);
        let spread = number(self.smoothing) / number(classes as f64);
        let Row {
            inputs: [x],
            output: mut gradient,
            ..
        } = row;
        let wanted = gradient.len() > 0;
        let registers = if wanted && L::DIGITS <= 53 {
            classes.div_ceil(L::COUNT)
        } else {
            0
        };
        let mut kept = room.of(registers);
        chunks.clear();
        let mut below = zero;
        for x in parts(x) {
            let chunk = Chunk::below_top::<S, T>(Exponents::PLAIN, x, &mut kept);
            if self.smoothing > 0.0 {
                // From the first chunk's largest on; the others' are added when all are known.
                below = below + distances::<T, L>(x, chunk.top);
            }
            chunks.push(chunk);
        }
        let top = chunks.top();
        let rest = chunks.rest(top);
        let logarithm = ln_1p(rest);
        let distance = top - x.element(label).widen();
        let mut loss = if hit.le(zero) {
            zero
        } else {
            hit * (logarithm + distance)
        };
        if self.smoothing > 0.0 {
            for (chunk, x) in chunks.iter().zip(parts(x)) {
                below = below + (top - chunk.top) * number(x.len() as f64);
            }
            loss = loss + spread * (number(classes as f64) * logarithm + below);
        }
        if wanted {
            let scale = T::Wide::of_pair(self.scale.head, self.scale.tail);
            let sum = hit + spread * number(classes as f64);
            let share = scale * sum / (one + rest);
            let spread_out = L::all(scale * spread);
            for (place, (chunk, x)) in chunks.iter().zip(parts(x)).enumerate() {
                let factor = L::all(chunk.weight(top) * share);
                let start = place.wrapping_mul(CHUNK);
                let first = start / L::COUNT;
                let mut part = gradient.part(start, x.len());
                let whole = x.whole::<L>();
                if L::DIGITS <= 53 {
                    for at in 0..whole {
                        let e = kept.get(first.wrapping_add(at));
                        part.store(at, e.mul_add(factor, -spread_out));
                    }
                    if !x.len().is_multiple_of(L::COUNT) {
                        let e = kept.get(first.wrapping_add(whole));
                        part.store_rest(e.mul_add(factor, -spread_out));
                    }
                } else {
                    for at in 0..whole {
                        let e = chunk
                            .origin
                            .exp_times(Exponents::PLAIN, x.load::<L>(at), factor);
                        part.store(at, e - spread_out);
                    }
                    if let Some(rest) = x.load_rest::<L>(Exponents::PLAIN.absent()) {
                        let e = chunk.origin.exp_times(Exponents::PLAIN, rest, factor);
                        part.store_rest(e - spread_out);
                    }
                }
            }
            // The two that are not like the others.
            let own = (-distance).exp().times(share) - scale * (hit + spread);
            gradient.put(label, own);
            let winner = place_of::<T, T::RowFast<S>>(x, top);
            let asked = if winner == label {
                hit + spread
            } else {
                spread
            };
            gradient.put(winner, scale * (sum - asked) - share * rest);
        }
        // NaN also where nothing is wanted of the row.
        T::Wide::select(rest.le(rest), loss, rest)
    }
}

/// `sum_j (top - x_j)`.
#[inline(always)]
fn distances<T: Lanes, L: RowPort<T, Number = T::Wide>>(x: Input<'_, T>, top: T::Wide) -> T::Wide {
    let highest = L::all(top);
    let mut sum = L::of(0.0);
    for index in 0..x.whole::<L>() {
        sum = sum + (highest - x.load::<L>(index));
    }
    if let Some(rest) = x.load_rest::<L>(T::narrow(top)) {
        sum = sum + (highest - rest);
    }
    total::<T, L>(sum)
}

#[inline(always)]
fn set_to_zero<T: Lanes, L: RowPort<T>>(mut row: Row<'_, T, 1>) {
    let whole = row.output.len() / L::COUNT;
    for index in 0..whole {
        row.output.store(index, L::of(0.0));
    }
    if !row.output.len().is_multiple_of(L::COUNT) {
        row.output.store_rest(L::of(0.0));
    }
}
