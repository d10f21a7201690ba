//! The steps between knee's kernels, as loops over whole arrays, compiled for the widest registers.

use boundary::processor::{Work, widest};

use crate::number::Number;

/// A loop over a result and two inputs of its length.
struct Combine<'a, T, F> {
    inputs: [&'a [T]; 2],
    result: &'a mut [T],
    each: F,
}

impl<T: Number, F: Fn(f32, f32) -> f32> Work for Combine<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let [first, second] = self.inputs;
        for (result, (a, b)) in self.result.iter_mut().zip(first.iter().zip(second)) {
            *result = T::of((self.each)(a.single(), b.single()));
        }
    }
}

/// Sums.
pub(crate) fn add<T: Number>(a: &[T], b: &[T], result: &mut [T]) {
    combine([a, b], result, |a, b| a + b);
}

/// Products.
pub(crate) fn multiply<T: Number>(a: &[T], b: &[T], result: &mut [T]) {
    combine([a, b], result, |a, b| a * b);
}

/// Whatever a function of two numbers gives.
pub(crate) fn combine<T: Number>(
    inputs: [&[T]; 2],
    result: &mut [T],
    each: impl Fn(f32, f32) -> f32,
) {
    widest(Combine {
        inputs,
        result,
        each,
    });
}

/// Replaces each element.
pub(crate) fn replace<T: Number>(x: &mut [T], each: impl Fn(f32) -> f32) {
    widest(Replace { x, each });
}

struct Replace<'a, T, F> {
    x: &'a mut [T],
    each: F,
}

impl<T: Number, F: Fn(f32) -> f32> Work for Replace<'_, T, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for x in self.x {
            *x = T::of((self.each)(x.single()));
        }
    }
}

/// A factor times each element.
pub(crate) fn scale<T: Number>(x: &[T], factor: f32, result: &mut [T]) {
    combine([x, x], result, |x, _| x * factor);
}

/// Puts the number that takes no share wherever an element is not kept.
pub(crate) fn mask<T: Number>(x: &mut [T], keep: &[bool]) {
    widest(Absent { x, keep });
}

struct Absent<'a, T> {
    x: &'a mut [T],
    keep: &'a [bool],
}

impl<T: Number> Work for Absent<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let absent = T::of(f32::NEG_INFINITY);
        for (x, &keep) in self.x.iter_mut().zip(self.keep) {
            *x = if keep { *x } else { absent };
        }
    }
}

/// Sums with a row.
pub(crate) fn add_row<T: Number>(x: &[T], row: &[T], result: &mut [T]) {
    for (x, result) in x.chunks(row.len()).zip(result.chunks_mut(row.len())) {
        add(x, row, result);
    }
}

/// The sum of all rows, by way of `totals`.
pub(crate) fn sum_rows<T: Number>(x: &[T], totals: &mut [f64], result: &mut [T]) {
    totals.fill(0.0);
    for row in x.chunks(totals.len()) {
        widest(Accumulate { row, totals });
    }
    for (result, total) in result.iter_mut().zip(totals) {
        *result = T::from_f64(*total);
    }
}

struct Accumulate<'a, T> {
    row: &'a [T],
    totals: &'a mut [f64],
}

impl<T: Number> Work for Accumulate<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (total, x) in self.totals.iter_mut().zip(self.row) {
            *total += f64::from(x.single());
        }
    }
}

/// Sums that stand beside one another.
const SUMS: usize = 16;

/// The sum and the sum of the squares.
pub(crate) fn moments<T: Number>(x: &[T]) -> [f64; 2] {
    let mut sums = ([0.0; SUMS], [0.0; SUMS]);
    widest(Moments { x, sums: &mut sums });
    [sums.0.iter().sum(), sums.1.iter().sum()]
}

struct Moments<'a, T> {
    x: &'a [T],
    sums: &'a mut ([f64; SUMS], [f64; SUMS]),
}

impl<T: Number> Work for Moments<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let mut own = *self.sums;
        let (whole, rest) = self.x.as_chunks();
        for group in whole {
            own = added(own, group);
        }
        // Zeros change no sum; an index that is computed would keep the sums out of registers.
        let mut padded = [T::default(); SUMS];
        padded[..rest.len()].copy_from_slice(rest);
        *self.sums = added(own, &padded);
    }
}

/// The sums and those of the squares, with each number of a group in its own.
#[inline(always)]
fn added<T: Number>(
    (mut sums, mut squares): ([f64; SUMS], [f64; SUMS]),
    group: &[T; SUMS],
) -> ([f64; SUMS], [f64; SUMS]) {
    for k in 0..SUMS {
        let number = f64::from(group[k].single());
        sums[k] += number;
        squares[k] += number * number;
    }
    (sums, squares)
}

/// How many elements are zero.
pub(crate) fn zeros<T: Number>(x: &[T]) -> usize {
    widest(Zeros(x))
}

struct Zeros<'a, T>(&'a [T]);

impl<T: Number> Work for Zeros<'_, T> {
    type Output = usize;
    #[inline(always)]
    fn run(self) -> usize {
        let mut count = 0;
        for piece in self.0.chunks(1 << 20) {
            let mut own = 0_u32;
            for x in piece {
                own += u32::from(x.single() == 0.0);
            }
            count += own as usize;
        }
        count
    }
}

/// Copies elements with an even index to one array and the others to another.
pub(crate) fn take_apart<T: Number>(x: &[T], even: &mut [T], odd: &mut [T]) {
    widest(TakeApart { x, even, odd });
}

struct TakeApart<'a, T> {
    x: &'a [T],
    even: &'a mut [T],
    odd: &'a mut [T],
}

impl<T: Number> Work for TakeApart<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let places = self.even.iter_mut().zip(self.odd);
        for (&[one, other], (even, odd)) in self.x.as_chunks::<2>().0.iter().zip(places) {
            (*even, *odd) = (one, other);
        }
    }
}

/// The reverse.
pub(crate) fn put_together<T: Number>(even: &[T], odd: &[T], x: &mut [T]) {
    widest(PutTogether { even, odd, x });
}

struct PutTogether<'a, T> {
    even: &'a [T],
    odd: &'a [T],
    x: &'a mut [T],
}

impl<T: Number> Work for PutTogether<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let pairs = self.x.as_chunks_mut::<2>().0.iter_mut();
        for (pair, (&even, &odd)) in pairs.zip(self.even.iter().zip(self.odd)) {
            *pair = [even, odd];
        }
    }
}
