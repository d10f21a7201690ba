//! The gradients of softmax and log-softmax from their outputs.

use super::{Exponents, place_of, top, total};
use crate::lane::Lane;
use crate::rowwise::{How, Row, RowFormula, Rows};
use crate::simd::{Input, Lanes, Output, RowPort, Set};

/// The gradient of shares: `scale y_i ((dy_i - dy_w) + sum_j y_j (dy_w - dy_j))`, `w` the largest output.
///
/// Because the outputs of softmax have the sum 1 it is `scale y_i (dy_i - sum_j y_j dy_j)`, but a clear winner's share of nearly 1 is
/// multiplied by an exact 0. Where the outputs have not the sum 1, 0 stands for `dy_w`.
#[derive(Clone, Copy)]
pub struct SharesGradient {
    /// Whether the outputs have the sum 1.
    pub(crate) whole: bool,
}

impl RowFormula<2> for SharesGradient {
    #[inline(always)]
    fn run<S: Set, T: Lanes>(self, how: How, mut rows: Rows<'_, T, 2>) {
        while let Some(row) = rows.next() {
            let Row {
                index,
                inputs: [y, dy],
                output: mut dx,
            } = row;
            let reference = if self.whole {
                let best = top::<T, T::RowFast<S>>(Exponents::PLAIN, y);
                dy.element(place_of::<T, T::RowFast<S>>(y, best)).widen()
            } else {
                T::Wide::of(0.0)
            };
            let sum = sum::<T, T::RowExact<S>>(y, dy, reference);
            let inputs = [y, dy];
            if const { T::RowFast::<S>::DIGITS == 24 } && how.is_fast() {
                let bracket = InParts::<T::RowFast<S>>::new::<T>(reference, sum);
                write(how.scale, inputs, &mut dx, bracket);
            } else {
                let bracket = InOne {
                    reference: T::RowExact::<S>::all(reference),
                    sum: T::RowExact::<S>::all(sum),
                };
                write(how.scale, inputs, &mut dx, bracket);
            }
            rows.close(index, T::Wide::of(0.0));
        }
    }
}

/// `sum_j y_j (reference - dy_j)`.
#[inline(always)]
fn sum<T: Lanes, L: RowPort<T>>(
    y: Input<'_, T>,
    dy: Input<'_, T>,
    reference: L::Number,
) -> L::Number {
    let reference = L::all(reference);
    let mut sum = L::of(0.0);
    for index in 0..y.whole::<L>() {
        sum = y
            .load::<L>(index)
            .mul_add(reference - dy.load::<L>(index), sum);
    }
    let zero = T::from_f64(0.0);
    if let (Some(y), Some(dy)) = (y.load_rest::<L>(zero), dy.load_rest::<L>(zero)) {
        sum = y.mul_add(reference - dy, sum);
    }
    total::<T, L>(sum)
}

/// Writes `scale y ((dy - reference) + sum)`.
#[inline(always)]
fn write<T: Lanes, L: RowPort<T>>(
    scale: f64,
    [y, dy]: [Input<'_, T>; 2],
    dx: &mut Output<'_, T>,
    bracket: impl Bracket<L>,
) {
    let scale = L::of(scale);
    let zero = T::from_f64(0.0);
    for index in 0..y.whole::<L>() {
        y.ask::<L>(index);
        dy.ask::<L>(index);
        let product = y.load::<L>(index) * bracket.of(dy.load::<L>(index));
        dx.store(index, product * scale);
    }
    if let (Some(y), Some(dy)) = (y.load_rest::<L>(zero), dy.load_rest::<L>(zero)) {
        dx.store_rest(y * bracket.of(dy) * scale);
    }
}

/// `(dy - reference) + sum`.
trait Bracket<L>: Copy {
    fn of(self, dy: L) -> L;
}

/// As it stands.
#[derive(Clone, Copy)]
struct InOne<L> {
    reference: L,
    sum: L,
}

impl<L: Lane> Bracket<L> for InOne<L> {
    #[inline(always)]
    fn of(self, dy: L) -> L {
        (dy - self.reference) + self.sum
    }
}

/// In a lane of few digits: `dy - (reference - sum)` with that difference in two parts, where `dy` is not the reference itself.
#[derive(Clone, Copy)]
struct InParts<L> {
    reference: L,
    sum: L,
    head: L,
    tail: L,
}

impl<L: Lane> InParts<L> {
    #[inline(always)]
    fn new<T: Lanes>(reference: T::Wide, sum: T::Wide) -> Self
    where
        L: RowPort<T, Number = T::Wide>,
    {
        let difference = reference - sum;
        let head = T::narrow(difference);
        Self {
            reference: L::all(reference),
            sum: L::all(sum),
            head: L::all(head.widen()),
            tail: L::all(difference - head.widen()),
        }
    }
}

impl<L: Lane> Bracket<L> for InParts<L> {
    #[inline(always)]
    fn of(self, dy: L) -> L {
        let apart = (dy - self.head) - self.tail;
        let below = L::select(dy.lt(self.reference), apart, self.sum);
        L::select(self.reference.lt(dy), apart, below)
    }
}

/// The gradient of log-softmax: `scale (dy_i - exp(y_i) sum_j dy_j)`.
///
/// For a likely element `1 - exp(y_i)` is an `expm1`: with 1 for `exp(y_i)` nothing would be left.
#[derive(Clone, Copy)]
pub(crate) struct LogSoftmaxGradient;

impl RowFormula<2> for LogSoftmaxGradient {
    #[inline(always)]
    fn run<S: Set, T: Lanes>(self, how: How, mut rows: Rows<'_, T, 2>) {
        while let Some(row) = rows.next() {
            let index = row.index;
            log_softmax_gradient::<T, T::RowExact<S>>(how.scale, row);
            rows.close(index, T::Wide::of(0.0));
        }
    }
}

#[inline(always)]
fn log_softmax_gradient<T: Lanes, L: RowPort<T>>(scale: f64, row: Row<'_, T, 2>) {
    let Row {
        inputs: [y, dy],
        output: mut dx,
        ..
    } = row;
    let zero = T::from_f64(0.0);
    let mut sum = L::of(0.0);
    for index in 0..dy.whole::<L>() {
        sum = sum + dy.load::<L>(index);
    }
    if let Some(dy) = dy.load_rest::<L>(zero) {
        sum = sum + dy;
    }
    let sum = L::all(total::<T, L>(sum));
    let scale = L::of(scale);
    for index in 0..y.whole::<L>() {
        y.ask::<L>(index);
        dy.ask::<L>(index);
        let gradient = of_logarithm::<T, L>(y.load::<L>(index), dy.load::<L>(index), sum);
        dx.store(index, gradient * scale);
    }
    if let (Some(y), Some(dy)) = (y.load_rest::<L>(zero), dy.load_rest::<L>(zero)) {
        dx.store_rest(of_logarithm::<T, L>(y, dy, sum) * scale);
    }
}

/// `dy - exp(y) sum`.
#[inline(always)]
fn of_logarithm<T, L: RowPort<T>>(y: L, dy: L, sum: L) -> L {
    let e = y.exp();
    let gradient = dy - e.times(sum);
    let likely = e.exponent.abs().lt(L::of(0.5));
    // In most rows one element is likely, or none.
    if L::any(likely) {
        L::select(likely, (dy - sum) - e.excess * sum, gradient)
    } else {
        gradient
    }
}
