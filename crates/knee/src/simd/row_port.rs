//! The lanes of rows: as many elements at every level, so that a sum over a row has the same order at each.

#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::avx2::{self, F32x8, F64x4};
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::avx512::{self, F32x16, F64x8};
use super::port::Port;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::register::{Register, Two};
use super::slices::WIDEST;
use crate::lane::Lane;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use crate::lane::{Exponential, Polynomial, double, plain, single};
#[cfg(all(target_arch = "x86_64", feature = "std"))]
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
    /// Whether any answer is true.
    fn any(mask: <Self as Lane>::Mask) -> bool;
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
/// Registers of `f32` as those of `f64`, which are twice as many.
trait Widen {
    type Wide;
    fn wide(self) -> Self::Wide;
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
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
#[cfg(all(target_arch = "x86_64", feature = "std"))]
macro_rules! side_by_side {
    ($type:ty => $half:ty) => {
        impl<T> Port<T> for $type
        where
            $half: Port<T>,
        {
            const COUNT: usize = 2 * <$half as Port<T>>::COUNT;

            #[inline(always)]
            unsafe fn load(from: *const T) -> Self {
                // SAFETY: the caller's.
                unsafe {
                    Self(
                        <$half>::load(from),
                        <$half>::load(from.add(<$half as Port<T>>::COUNT)),
                    )
                }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut T) {
                // SAFETY: the caller's.
                unsafe {
                    self.0.store(to);
                    self.1.store(to.add(<$half as Port<T>>::COUNT));
                }
            }
        }
    };
}

/// The lanes of rows of `f32` and shorter types: the exact one, in which sums are formed as well, and the fast one.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
macro_rules! row_ports {
    ($exact:ty, $fast:ty) => {
        impl<T> RowPort<T> for $exact
        where
            Self: Port<T>,
        {
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
                <Self as Register>::any(self.equal(other))
            }
            #[inline(always)]
            fn any(mask: <Self as Lane>::Mask) -> bool {
                <Self as Register>::any(mask)
            }
        }

        impl<T> RowPort<T> for $fast
        where
            Self: Port<T>,
            $exact: Port<T>,
        {
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
                <Self as Register>::any(self.equal(other))
            }
            #[inline(always)]
            fn any(mask: <Self as Lane>::Mask) -> bool {
                <Self as Register>::any(mask)
            }
        }
    };
}
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
#[cfg(all(target_arch = "x86_64", feature = "std"))]
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
            #[inline(always)]
            fn any(mask: <Self as Lane>::Mask) -> bool {
                <$register>::any(mask)
            }
        }
    };
}

/// `f64` side by side.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
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
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pairs_side_by_side!(Two<F64x4> => F64x4);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pairs!(Two<F64x4>);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pairs!(F64x8);
