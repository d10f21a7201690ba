//! The chunks of a row, and what they are to each other.

use alloc::vec::Vec;

use crate::exponentials::{CHUNK, Exponents, Origin, top, total};
use crate::lane::Lane;
use crate::simd::{Input, Lanes, Registers, RowPort, Set};

/// A part of a row.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<L, N> {
    pub(crate) origin: Origin<L, N>,
    /// The largest exponent.
    pub(crate) top: N,
    /// The sum of the exponentials by that of the origin: of all, or of those below the largest.
    pub(crate) sum: N,
    /// How many are the largest, where `sum` leaves them out.
    pub(crate) ties: N,
}

/// The chunks of a row; most rows have one.
pub(crate) struct Chunks<L, N> {
    first: Option<Chunk<L, N>>,
    others: Vec<Chunk<L, N>>,
}

impl<L: Lane, N: Lane<Mask = bool>> Chunks<L, N> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self {
            first: None,
            others: Vec::new(),
        }
    }

    /// Forgets those of the last row.
    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        self.first = None;
        self.others.clear();
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, chunk: Chunk<L, N>) {
        if self.first.is_none() {
            self.first = Some(chunk);
        } else {
            self.others.push(chunk);
        }
    }

    #[inline(always)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Chunk<L, N>> {
        self.first.iter().chain(&self.others)
    }

    /// The largest exponent of all.
    #[inline(always)]
    pub(crate) fn top(&self) -> N {
        self.iter()
            .fold(N::of(f64::NEG_INFINITY), |top, chunk| chunk.top.larger(top))
    }

    /// The only one, if there is but one.
    #[inline(always)]
    pub(crate) fn alone(&self) -> Option<&Chunk<L, N>> {
        self.first.as_ref().filter(|_| self.others.is_empty())
    }

    /// The sum of the exponentials of all but the first largest one, by that; NaN if that is infinite.
    #[inline(always)]
    pub(crate) fn rest(&self, top: N) -> N {
        let (mut rest, mut winners) = (N::of(0.0), N::of(-1.0));
        for chunk in self.iter() {
            rest = rest + chunk.sum * chunk.weight(top);
            if top.le(chunk.top) {
                winners = winners + chunk.ties;
            } else if N::of(f64::NEG_INFINITY).lt(chunk.top) {
                rest = rest + (chunk.top - top).exp().times(chunk.ties);
            }
        }
        rest + winners + top * N::of(0.0)
    }
}

impl<L: Lane, N: Lane<Mask = bool>> Chunk<L, N> {
    /// What the exponentials are to be multiplied by before they are added to those of other chunks; 0 if none has a share.
    #[inline(always)]
    pub(crate) fn weight(&self, top: N) -> N {
        if self.top.le(N::of(f64::NEG_INFINITY)) {
            N::of(0.0)
        } else {
            self.origin.weight(top)
        }
    }
}

/// The parts of a row.
#[inline(always)]
pub(crate) fn parts<T: Lanes>(x: Input<'_, T>) -> impl Iterator<Item = Input<'_, T>> {
    let count = x.len().div_ceil(CHUNK);
    (0..count).map(move |index| {
        let start = index.wrapping_mul(CHUNK);
        x.part(start, CHUNK.min(x.len() - start))
    })
}

impl<L: Lane, N: Lane<Mask = bool>> Chunk<L, N> {
    /// With the sum over all; the exponentials are kept if there is room. Exponents below `floor` count as if that were the largest.
    #[inline(always)]
    pub(crate) fn with_sum<S: Set, T: Lanes<Wide = N>>(
        exponents: Exponents,
        x: Input<'_, T>,
        floor: f64,
        room: &mut Registers<'_, L>,
    ) -> Self
    where
        L: RowPort<T, Number = N>,
    {
        let top = largest::<S, T, L>(exponents, x).larger(N::of(floor));
        let origin = Origin::at::<T>(top);
        let mut sum = L::Wide::of(0.0);
        let whole = x.whole::<L>();
        let mut index = 0;
        // A lane of many digits has work enough for the processor.
        while L::DIGITS <= 53 && index + 4 <= whole {
            for place in index..index + 4 {
                x.ask::<L>(place);
            }
            let [a, b, c, d] = x.load_four::<L>(index);
            let a = origin.exp(exponents, a);
            let b = origin.exp(exponents, b);
            let c = origin.exp(exponents, c);
            let d = origin.exp(exponents, d);
            room.keep_four([a, b, c, d]);
            sum = sum + ((a + b) + (c + d)).widened();
            index += 4;
        }
        while index < whole {
            x.ask::<L>(index);
            let e = origin.exp(exponents, x.load::<L>(index));
            room.keep(e);
            sum = sum + e.widened();
            index += 1;
        }
        if let Some(rest) = x.load_rest::<L>(exponents.absent()) {
            let e = origin.exp(exponents, rest);
            room.keep(e);
            sum = sum + e.widened();
        }
        Self {
            origin,
            top,
            sum: total::<T, L::Wide>(sum),
            ties: N::of(0.0),
        }
    }

    /// With the sum over those below the largest, and how many are the largest; the exponentials are kept if there is room.
    #[inline(always)]
    pub(crate) fn below_top<S: Set, T: Lanes<Wide = N>>(
        exponents: Exponents,
        x: Input<'_, T>,
        room: &mut Registers<'_, L>,
    ) -> Self
    where
        L: RowPort<T, Number = N>,
    {
        let top = largest::<S, T, L>(exponents, x);
        let origin = Origin::at::<T>(top);
        let mut below = Below {
            exponents,
            origin,
            highest: L::all(top),
            ties: L::of(0.0),
        };
        let mut sum = L::Wide::of(0.0);
        let whole = x.whole::<L>();
        let mut index = 0;
        // A lane of many digits has work enough for the processor.
        while L::DIGITS <= 53 && index + 4 <= whole {
            for place in index..index + 4 {
                x.ask::<L>(place);
            }
            let [a, b, c, d] = x.load_four::<L>(index);
            let (a, e) = below.take(a);
            let (b, f) = below.take(b);
            let (c, g) = below.take(c);
            let (d, h) = below.take(d);
            room.keep_four([e, f, g, h]);
            sum = sum + ((a + b) + (c + d)).widened();
            index += 4;
        }
        while index < whole {
            x.ask::<L>(index);
            let (below, e) = below.take(x.load::<L>(index));
            room.keep(e);
            sum = sum + below.widened();
            index += 1;
        }
        if let Some(rest) = x.load_rest::<L>(exponents.absent()) {
            let (below, e) = below.take(rest);
            room.keep(e);
            sum = sum + below.widened();
        }
        Self {
            origin,
            top,
            sum: total::<T, L::Wide>(sum),
            ties: total::<T, L>(below.ties),
        }
    }
}

/// The exponentials below the largest.
struct Below<L, N> {
    exponents: Exponents,
    origin: Origin<L, N>,
    highest: L,
    ties: L,
}

impl<L: Lane, N: Lane<Mask = bool>> Below<L, N> {
    /// The exponentials with 0 where they are the largest, which are counted, and as they are.
    #[inline(always)]
    fn take(&mut self, x: L) -> (L, L) {
        let e = self.origin.exp(self.exponents, x);
        let winner = self.highest.le(self.exponents.of(x));
        self.ties = self.ties + L::select(winner, L::of(1.0), L::of(0.0));
        (L::select(winner, L::of(0.0), e), e)
    }
}

/// The largest exponent of a part; elements that are not scaled are compared as they are.
#[inline(always)]
fn largest<S: Set, T: Lanes, L: RowPort<T, Number = T::Wide>>(
    exponents: Exponents,
    x: Input<'_, T>,
) -> T::Wide {
    if exponents.are_scaled() {
        top::<T, L>(exponents, x)
    } else {
        top::<T, T::RowFast<S>>(exponents, x)
    }
}
