//! Several lanes of one number, where a processor's registers are not to be used: each operation is a loop of its own.
//!
//! A processor without fused multiplication calls a library for each; written out in every formula these calls would be more code
//! than all other kernels together.

use core::ops::{Add, Div, Mul, Neg, Sub};

use super::port::Port;
use super::row_port::RowPort;
use super::slices::WIDEST;
use crate::lane::{Exponential, Lane, Polynomial};
use crate::pair::Pair;

/// `N` lanes that go through every operation together, in a loop that is not written out where the operation is used.
///
/// What a lane does in its own way has to be handed on here: with the default of [`Lane`] this level would have other bits, which the
/// tests find.
#[derive(Clone, Copy)]
pub(crate) struct Many<L, const N: usize>([L; N]);

/// Loops over the numbers of one, two or three operands.
impl<L: Lane<Mask = bool>, const N: usize> Many<L, N> {
    #[inline(always)]
    fn map(self, operation: impl Fn(L) -> L) -> Self {
        Self(self.0.map(operation))
    }
    #[inline(always)]
    fn zip(self, other: Self, operation: impl Fn(L, L) -> L) -> Self {
        Self(core::array::from_fn(|place| {
            operation(self.0[place], other.0[place])
        }))
    }
    #[inline(always)]
    fn compare(self, other: Self, operation: impl Fn(L, L) -> bool) -> [bool; N] {
        core::array::from_fn(|place| operation(self.0[place], other.0[place]))
    }
    #[inline(always)]
    fn exponential(self, operation: impl Fn(L) -> Exponential<L>) -> Exponential<Self> {
        let exponentials = self.0.map(operation);
        Exponential {
            mantissa: Self(exponentials.map(|exponential| exponential.mantissa)),
            excess: Self(exponentials.map(|exponential| exponential.excess)),
            exponent: Self(exponentials.map(|exponential| exponential.exponent)),
        }
    }
    #[inline(always)]
    fn two(self, operation: impl Fn(L) -> (L, L)) -> (Self, Self) {
        let results = self.0.map(operation);
        (
            Self(results.map(|result| result.0)),
            Self(results.map(|result| result.1)),
        )
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident),+) => {
        $(impl<L: Lane<Mask = bool>, const N: usize> $trait for Many<L, N> {
            type Output = Self;
            #[inline(never)]
            fn $method(self, other: Self) -> Self {
                self.zip(other, L::$method)
            }
        })+
    };
}
operator!(Add add, Sub sub, Mul mul, Div div);

impl<L: Lane<Mask = bool>, const N: usize> Neg for Many<L, N> {
    type Output = Self;
    #[inline(never)]
    fn neg(self) -> Self {
        self.map(L::neg)
    }
}

macro_rules! methods {
    (one $($one:ident),+; two $($two:ident),+; compare $($compare:ident),+; exponential $($exponential:ident),+) => {
        $(#[inline(never)]
        fn $one(self) -> Self {
            self.map(L::$one)
        })+
        $(#[inline(never)]
        fn $two(self, other: Self) -> Self {
            self.zip(other, L::$two)
        })+
        $(#[inline(never)]
        fn $compare(self, other: Self) -> Self::Mask {
            self.compare(other, L::$compare)
        })+
        $(#[inline(never)]
        fn $exponential(self) -> Exponential<Self> {
            self.exponential(L::$exponential)
        })+
    };
}

impl<L: Lane<Mask = bool>, const N: usize> Lane for Many<L, N> {
    type Mask = [bool; N];
    const REACH: f64 = L::REACH;
    const DIGITS: u32 = L::DIGITS;

    methods! {
        one abs, round, exponent, sqrt, exp_m1;
        two over, copysign, scale, larger;
        compare lt, le;
        exponential exp, exp_of_half_square, exp_of_falling_square
    }

    #[inline(never)]
    fn of(constant: f64) -> Self {
        Self([L::of(constant); N])
    }
    #[inline(never)]
    fn of_pair(head: f64, tail: f64) -> Self {
        Self([L::of_pair(head, tail); N])
    }
    #[inline(never)]
    fn subtracted_from(self, constant: [f64; 3]) -> Self {
        self.map(|number| number.subtracted_from(constant))
    }
    #[inline(never)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(core::array::from_fn(|place| {
            self.0[place].mul_add(factor.0[place], addend.0[place])
        }))
    }
    #[inline(never)]
    fn inverse_of_sum(self, lost: Self) -> (Self, Self) {
        let inverses: [_; N] =
            core::array::from_fn(|place| self.0[place].inverse_of_sum(lost.0[place]));
        (
            Self(inverses.map(|inverse| inverse.0)),
            Self(inverses.map(|inverse| inverse.1)),
        )
    }
    #[inline(never)]
    fn inverse_square_of_sum(self, lost: Self) -> Self {
        self.zip(lost, L::inverse_square_of_sum)
    }
    #[inline(never)]
    fn within(self, bound: f64, sign: Self) -> Self {
        self.zip(sign, |number, sign| number.within(bound, sign))
    }
    #[inline(never)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(core::array::from_fn(|place| {
            L::select(mask[place], yes.0[place], no.0[place])
        }))
    }
    #[inline(never)]
    fn product(exponential: Exponential<Self>, factor: Self) -> Self {
        Self(core::array::from_fn(|place| {
            let exponential = Exponential {
                mantissa: exponential.mantissa.0[place],
                excess: exponential.excess.0[place],
                exponent: exponential.exponent.0[place],
            };
            L::product(exponential, factor.0[place])
        }))
    }
    #[inline(never)]
    fn polynomial<const S: usize, const H: usize, const T: usize>(
        self,
        polynomial: &Polynomial<S, H, T>,
    ) -> Self {
        self.map(|number| number.polynomial(polynomial))
    }
    #[inline(never)]
    fn modulo_ln_2(self) -> (Self, Self) {
        self.two(L::modulo_ln_2)
    }
    #[inline(never)]
    fn turn(self, omega: f64) -> (Self, Self::Mask, Self::Mask) {
        let turns = self.0.map(|number| number.turn(omega));
        (
            Self(turns.map(|turn| turn.0)),
            turns.map(|turn| turn.1),
            turns.map(|turn| turn.2),
        )
    }
    #[inline(never)]
    fn sin_cos(self, omega: f64) -> (Self, Self) {
        self.two(|number| number.sin_cos(omega))
    }
    #[inline(never)]
    fn at_least(self, bound: f64) -> Self {
        self.map(|number| number.at_least(bound))
    }
    #[inline(never)]
    fn at_most(self, bound: f64) -> Self {
        self.map(|number| number.at_most(bound))
    }
    #[inline(never)]
    fn exp_of_multiple(self, factor: f64) -> Exponential<Self> {
        self.exponential(|number| number.exp_of_multiple(factor))
    }
    #[inline(never)]
    fn exp_of_cubic(self, linear: (f64, f64), cubic: (f64, f64)) -> Exponential<Self> {
        self.exponential(|number| number.exp_of_cubic(linear, cubic))
    }
}

impl<T, L: Port<T> + Lane<Mask = bool>, const N: usize> Port<T> for Many<L, N> {
    const COUNT: usize = N;

    #[inline(never)]
    unsafe fn load(from: *const T) -> Self {
        // SAFETY: the caller's; each lane holds one element.
        Self(core::array::from_fn(|place| unsafe {
            L::load(from.add(place))
        }))
    }
    #[inline(never)]
    unsafe fn store(self, to: *mut T) {
        for (place, number) in self.0.into_iter().enumerate() {
            // SAFETY: as above.
            unsafe { number.store(to.add(place)) }
        }
    }
    #[cfg(feature = "half")]
    #[inline(never)]
    unsafe fn store_odd(self, to: *mut T) {
        for (place, number) in self.0.into_iter().enumerate() {
            // SAFETY: as above.
            unsafe { number.store_odd(to.add(place)) }
        }
    }
    #[inline(never)]
    fn is_certain(self) -> bool {
        self.0.into_iter().all(L::is_certain)
    }
}

/// The numbers of rows, and their wider ones.
macro_rules! row_port {
    ($narrow:ty => $wide:ty; $count:literal, |$from:ident| $widen:expr, |$number:ident| $all:expr) => {
        impl<T> RowPort<T> for Many<$narrow, $count>
        where
            $narrow: Port<T>,
            $wide: Port<T>,
        {
            type Number = $wide;
            type Wide = Many<$wide, $count>;

            #[inline(never)]
            fn widened(self) -> Self::Wide {
                Many(self.0.map(|$from| $widen))
            }
            #[inline(never)]
            fn all($number: $wide) -> Self {
                Self([$all; $count])
            }
            #[inline(never)]
            fn numbers(self) -> [$wide; WIDEST] {
                let mut numbers = [<$wide as Lane>::of(0.0); WIDEST];
                let wide: Many<$wide, $count> = RowPort::<T>::widened(self);
                numbers[..$count].copy_from_slice(&wide.0);
                numbers
            }
            #[inline(never)]
            fn meets(self, other: Self) -> bool {
                let equal = |place: usize| {
                    let (a, b) = (self.0[place], other.0[place]);
                    a.le(b) & b.le(a)
                };
                (0..$count).any(equal)
            }
            #[inline(never)]
            fn any(mask: [bool; $count]) -> bool {
                mask.contains(&true)
            }
        }
    };
}
row_port!(f64 => f64; 16, |number| number, |number| number);
row_port!(f32 => f64; 16, |number| f64::from(number), |number| number as f32);
row_port!(Pair => Pair; 8, |number| number, |number| number);
