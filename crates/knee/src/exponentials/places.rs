//! The largest element of a row, where it is, and the sum of a register.

use crate::element::Element;
use crate::exponentials::Exponents;
use crate::lane::Lane;
use crate::simd::{Input, Lanes, RowPort};

/// The largest of the exponents of a row that is not empty; if one is NaN it need not be that of all.
#[inline(always)]
pub(crate) fn top<T: Lanes, L: RowPort<T>>(exponents: Exponents, x: Input<'_, T>) -> L::Number {
    // Four at a time, because each waits for the one before it.
    let mut tops = [L::of(f64::NEG_INFINITY); 4];
    let whole = x.whole::<L>();
    let mut index = 0;
    while index + 4 <= whole {
        let [a, b, c, d] = x.load_four::<L>(index);
        tops[0] = exponents.of(a).larger(tops[0]);
        tops[1] = exponents.of(b).larger(tops[1]);
        tops[2] = exponents.of(c).larger(tops[2]);
        tops[3] = exponents.of(d).larger(tops[3]);
        index += 4;
    }
    while index < whole {
        tops[0] = exponents.of(x.load::<L>(index)).larger(tops[0]);
        index += 1;
    }
    if let Some(rest) = x.load_rest::<L>(exponents.absent()) {
        tops[1] = exponents.of(rest).larger(tops[1]);
    }
    let [a, b, c, d] = tops;
    let mut numbers = a.larger(b).larger(c.larger(d)).numbers();
    let mut width = L::COUNT / 2;
    while width > 0 {
        for place in 0..width {
            numbers[place] = numbers[place].larger(numbers[place + width]);
        }
        width /= 2;
    }
    numbers[0]
}

/// The sum of the numbers of a lane, in an order that does not depend on the level.
#[inline(always)]
pub(crate) fn total<T, L: RowPort<T>>(lane: L) -> L::Number {
    let mut numbers = lane.numbers();
    let mut width = L::COUNT / 2;
    while width > 0 {
        for place in 0..width {
            numbers[place] = numbers[place] + numbers[place + width];
        }
        width /= 2;
    }
    numbers[0]
}

/// Where an element first equals a number; 0 if none does.
#[inline(always)]
pub(crate) fn place_of<T: Lanes, L: RowPort<T, Number = T::Wide>>(
    x: Input<'_, T>,
    number: T::Wide,
) -> usize {
    let wanted = L::all(number);
    let whole = x.whole::<L>();
    let mut index = 0;
    while index < whole && !x.load::<L>(index).meets(wanted) {
        index += 1;
    }
    let value = T::narrow(number);
    let mut place = index * L::COUNT;
    while place < x.len() {
        if x.element(place) == value {
            return place;
        }
        place += 1;
    }
    0
}

/// The index of the first largest element; NaN is never larger, and nothing is larger than a NaN that comes first.
pub(crate) fn first_largest<T: Element>(x: &[T]) -> usize {
    let mut best = 0;
    for (index, value) in x.iter().enumerate() {
        if *value > x[best] {
            best = index;
        }
    }
    best
}
