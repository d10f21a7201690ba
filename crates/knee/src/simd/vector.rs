//! The registers of AVX2 and AVX-512, thin types over what the processor calls them.

/// Evaluates processor instructions.
macro_rules! instructions {
    ($result:expr) => {
        // SAFETY: these types are used in functions that are compiled for the instructions, and those are called for a `Level`
        // that exists only where the processor has them.
        unsafe { $result }
    };
}

/// A type for a processor's register: what all widths and types have in common, and what they do each in their own way.
macro_rules! vector {
    (
        $(#[doc = $doc:literal])* $name:ident($raw:ty) of $number:ident x $count:literal, mask $mask:ty;
        splat $splat:ident, add $add:ident, sub $sub:ident, mul $mul:ident, div $div:ident, fused $fused:ident,
        max $max:ident, min $min:ident, root $root:ident, and $and:ident, andnot $andnot:ident, or $or:ident, xor $xor:ident,
        load $load:ident, store $store:ident;
        $($own:item)+
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy)]
        pub(crate) struct $name(pub(super) $raw);

        vector! { operator $name Add add $add }
        vector! { operator $name Sub sub $sub }
        vector! { operator $name Mul mul $mul }
        vector! { operator $name Div div $div }

        impl Neg for $name {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                self.with_sign_times(Self::splat(-0.0))
            }
        }

        impl Register for $name {
            type Mask = $mask;
            const COUNT: usize = $count;
            const INTEGER: f64 = <$number as Register>::INTEGER;

            #[inline(always)]
            fn splat(number: f64) -> Self {
                Self(instructions!($splat(number as $number)))
            }
            #[inline(always)]
            fn fused(self, factor: Self, addend: Self) -> Self {
                Self(instructions!($fused(self.0, factor.0, addend.0)))
            }
            #[inline(always)]
            fn size(self) -> Self {
                Self(instructions!($andnot($splat(-0.0), self.0)))
            }
            #[inline(always)]
            fn with_sign_of(self, sign: Self) -> Self {
                Self(instructions!($or($andnot($splat(-0.0), self.0), $and($splat(-0.0), sign.0))))
            }
            #[inline(always)]
            fn with_sign_times(self, other: Self) -> Self {
                Self(instructions!($xor(self.0, $and($splat(-0.0), other.0))))
            }
            // The instructions give their second operand where the first is not larger (smaller), so NaN and zeros are its own.
            #[inline(always)]
            fn raised(self, bound: Self) -> Self {
                Self(instructions!($max(bound.0, self.0)))
            }
            #[inline(always)]
            fn lowered(self, bound: Self) -> Self {
                Self(instructions!($min(bound.0, self.0)))
            }
            #[inline(always)]
            fn root(self) -> Self {
                Self(instructions!($root(self.0)))
            }
            #[inline(always)]
            fn write(self, to: &mut [f64]) {
                let mut numbers = [0.0; $count];
                instructions!($store(numbers.as_mut_ptr(), self.0));
                for (to, number) in to[..$count].iter_mut().zip(numbers) {
                    let number: $number = number;
                    *to = f64::from(number);
                }
            }
            #[inline(always)]
            fn each<const N: usize>(self, function: impl Fn(f64) -> [f64; N]) -> [Self; N] {
                self.each_pair(self, |number, _| function(number))
            }
            #[inline(always)]
            fn each_pair<const N: usize>(self, other: Self, function: impl Fn(f64, f64) -> [f64; N]) -> [Self; N] {
                let (mut numbers, mut others) = ([0.0; $count], [0.0; $count]);
                instructions!($store(numbers.as_mut_ptr(), self.0));
                instructions!($store(others.as_mut_ptr(), other.0));
                let mut results = [[0.0; $count]; N];
                for (position, (number, other)) in numbers.into_iter().zip(others).enumerate() {
                    let (number, other): ($number, $number) = (number, other);
                    for (results, result) in results.iter_mut().zip(function(f64::from(number), f64::from(other))) {
                        results[position] = result as $number;
                    }
                }
                results.map(|results: [$number; $count]| Self(instructions!($load(results.as_ptr()))))
            }
            $($own)+
        }
    };
    (operator $name:ident $trait:ident $method:ident $instruction:ident) => {
        impl $trait for $name {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(instructions!($instruction(self.0, other.0)))
            }
        }
    };
}

pub(super) use {instructions, vector};
