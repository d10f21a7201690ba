//! The lanes of rows: as many elements at every level, so that a sum over a row has the same order at each.

#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::avx2::{self, F32x8, F64x4};
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::avx512::{self, F32x16, F64x8};
use super::port::Port;
use super::register::{Register, Two};
use super::slices::WIDEST;
use crate::lane::{Exponential, Lane, Polynomial, double, plain, single};
use crate::pair::Pair;

/// A lane of rows.
pub(crate) trait RowPort<T>: Port<T> {
    /// One number of the widest lane.
    type Number: Lane<Mask = bool>;
    /// The lane in which numbers are added up.
    type Wide: RowPort<T, Number = Self::Number>;

    /// The same numbers in the wider lane.
    fn widened(self) -> Self::Wide;
    /// The same number everywhere, as far as the lane holds it.
    fn all(number: Self::Number) -> Self;
    /// The numbers; behind `COUNT` there are zeros.
    fn numbers(self) -> [Self::Number; WIDEST];
    /// Whether a number equals that of `other` in its place.
    fn meets(self, other: Self) -> bool;
}

/// Registers of `f32` as those of `f64`, which are twice as many.
trait Widen {
    type Wide;
    fn wide(self) -> Self::Wide;
}

impl Widen for f32 {
    type Wide = f64;
    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }
}

impl<R: Widen> Widen for Two<R> {
    type Wide = Two<R::Wide>;
    #[inline(always)]
    fn wide(self) -> Self::Wide {
        Two(self.0.wide(), self.1.wide())
    }
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Widen for F32x8 {
    type Wide = Two<F64x4>;
    #[inline(always)]
    fn wide(self) -> Self::Wide {
        // SAFETY: a register of this level exists only where the processor has its instructions.
        let [first, second] = unsafe { avx2::widen(self.0) };
        Two(F64x4(first), F64x4(second))
    }
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Widen for F32x16 {
    type Wide = Two<F64x8>;
    #[inline(always)]
    fn wide(self) -> Self::Wide {
        // SAFETY: a register of this level exists only where the processor has its instructions.
        let [first, second] = unsafe { avx512::widen(self.0) };
        Two(F64x8(first), F64x8(second))
    }
}

/// Two ports side by side.
macro_rules! side_by_side {
    ($type:ty => $half:ty) => {
        impl Port<f32> for $type {
            const COUNT: usize = 2 * <$half as Port<f32>>::COUNT;

            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                // SAFETY: the caller's.
                unsafe {
                    Self(
                        <$half>::load(from),
                        <$half>::load(from.add(<$half as Port<f32>>::COUNT)),
                    )
                }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                // SAFETY: the caller's.
                unsafe {
                    self.0.store(to);
                    self.1.store(to.add(<$half as Port<f32>>::COUNT));
                }
            }
            #[inline(always)]
            unsafe fn store_odd(self, to: *mut f32) {
                // SAFETY: the caller's.
                unsafe {
                    self.0.store_odd(to);
                    self.1.store_odd(to.add(<$half as Port<f32>>::COUNT));
                }
            }
        }
    };
}

/// A number for each of 16 places, one at a time.
macro_rules! sixteen {
    ($number:ident, $lane:ident) => {
        $lane!(Two<$number>);
        $lane!(Two<Two<$number>>);
        $lane!(Two<Two<Two<$number>>>);
        $lane!(Two<Two<Two<Two<$number>>>>);
        side_by_side!(Two<$number> => $number);
        side_by_side!(Two<Two<$number>> => Two<$number>);
        side_by_side!(Two<Two<Two<$number>>> => Two<Two<$number>>);
        side_by_side!(Two<Two<Two<Two<$number>>>> => Two<Two<Two<$number>>>);
    };
}
sixteen!(f32, single);
sixteen!(f64, double);

/// The lanes of rows of `f32`: the exact one, in which sums are formed as well, and the fast one.
macro_rules! row_ports {
    ($exact:ty, $fast:ty) => {
        impl RowPort<f32> for $exact {
            type Number = f64;
            type Wide = Self;

            #[inline(always)]
            fn widened(self) -> Self {
                self
            }
            #[inline(always)]
            fn all(number: f64) -> Self {
                Self::splat(number)
            }
            #[inline(always)]
            fn numbers(self) -> [f64; WIDEST] {
                let mut numbers = [0.0; WIDEST];
                self.write(&mut numbers);
                numbers
            }
            #[inline(always)]
            fn meets(self, other: Self) -> bool {
                Self::any(self.equal(other))
            }
        }

        impl RowPort<f32> for $fast {
            type Number = f64;
            type Wide = $exact;

            #[inline(always)]
            fn widened(self) -> $exact {
                self.wide()
            }
            #[inline(always)]
            fn all(number: f64) -> Self {
                Self::splat(number)
            }
            #[inline(always)]
            fn numbers(self) -> [f64; WIDEST] {
                let mut numbers = [0.0; WIDEST];
                self.write(&mut numbers);
                numbers
            }
            #[inline(always)]
            fn meets(self, other: Self) -> bool {
                Self::any(self.equal(other))
            }
        }
    };
}
row_ports!(Two<Two<Two<Two<f64>>>>, Two<Two<Two<Two<f32>>>>);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
double!(Two<Two<F64x4>>);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
single!(Two<F32x8>);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
side_by_side!(Two<Two<F64x4>> => Two<F64x4>);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
side_by_side!(Two<F32x8> => F32x8);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
row_ports!(Two<Two<F64x4>>, Two<F32x8>);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
row_ports!(Two<F64x8>, F32x16);

/// Pairs side by side: eight elements.
macro_rules! pairs {
    ($register:ty) => {
        impl RowPort<f64> for Pair<$register> {
            type Number = Pair;
            type Wide = Self;

            #[inline(always)]
            fn widened(self) -> Self {
                self
            }
            #[inline(always)]
            fn all(number: Pair) -> Self {
                Self::of_pair(number.head(), number.tail())
            }
            #[inline(always)]
            fn numbers(self) -> [Pair; WIDEST] {
                let (mut heads, mut tails) = ([0.0; WIDEST], [0.0; WIDEST]);
                self.head().write(&mut heads);
                self.tail().write(&mut tails);
                core::array::from_fn(|place| Pair::new(heads[place], tails[place]))
            }
            #[inline(always)]
            fn meets(self, other: Self) -> bool {
                <$register>::any(self.head().equal(other.head()))
            }
        }
    };
}

/// `f64` side by side.
macro_rules! pairs_side_by_side {
    ($register:ty => $half:ty) => {
        impl Port<f64> for Pair<$register> {
            const COUNT: usize = 2 * <Pair<$half> as Port<f64>>::COUNT;

            #[inline(always)]
            unsafe fn load(from: *const f64) -> Self {
                // SAFETY: the caller's.
                let (first, second) = unsafe {
                    (
                        Pair::<$half>::load(from),
                        Pair::<$half>::load(from.add(<Pair<$half> as Port<f64>>::COUNT)),
                    )
                };
                Self::new(
                    Two(first.head(), second.head()),
                    Two(first.tail(), second.tail()),
                )
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut f64) {
                let (head, tail) = (self.head(), self.tail());
                // SAFETY: the caller's.
                unsafe {
                    Pair::new(head.0, tail.0).store(to);
                    Pair::new(head.1, tail.1).store(to.add(<Pair<$half> as Port<f64>>::COUNT));
                }
            }
        }
    };
}
pairs_side_by_side!(Two<f64> => f64);
pairs_side_by_side!(Two<Two<f64>> => Two<f64>);
pairs_side_by_side!(Two<Two<Two<f64>>> => Two<Two<f64>>);

pairs!(Two<Two<Two<f64>>>);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pairs_side_by_side!(Two<F64x4> => F64x4);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pairs!(Two<F64x4>);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pairs!(F64x8);
