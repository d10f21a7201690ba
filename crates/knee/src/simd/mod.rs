//! The instruction sets that a kernel is compiled for, and the choice between them at run time.
//!
//! This is the only room with unsafe code: calling a function that was compiled for instructions which the processor may
//! lack, and taking storage that has been written for initialised. A formula is the same Rust code at each level. Its
//! operations are IEEE operations on single numbers, so the bits are the same as well.
#![expect(
    unsafe_code,
    reason = "a function compiled for more instructions can only be called unsafely"
)]

#[cfg(test)]
mod guard;
mod store;

use alloc::vec;
use alloc::vec::Vec;

use crate::activation::Activation;
use crate::lane::Lane;

pub(crate) use store::{Cursor, Sink, Store};

/// A set of instructions that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(Set);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Set {
    Baseline,
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    Avx2,
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    Avx512,
}

impl Level {
    /// What the program was compiled for.
    pub const BASELINE: Self = Self(Set::Baseline);

    /// Every level that this processor has, in ascending order.
    ///
    /// Beyond the baseline there are AVX2 with FMA and AVX-512, on x86-64 with the feature `std`.
    pub fn available() -> Vec<Self> {
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        {
            let mut levels = vec![Self::BASELINE];
            if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
                levels.push(Self(Set::Avx2));
                let has_512 = std::is_x86_feature_detected!("avx512f")
                    && std::is_x86_feature_detected!("avx512dq")
                    && std::is_x86_feature_detected!("avx512vl");
                if has_512 {
                    levels.push(Self(Set::Avx512));
                }
            }
            levels
        }
        #[cfg(not(all(target_arch = "x86_64", feature = "std")))]
        vec![Self::BASELINE]
    }

    /// The highest level that this processor has.
    pub fn best() -> Self {
        #[cfg(feature = "std")]
        {
            static BEST: std::sync::OnceLock<Level> = std::sync::OnceLock::new();
            *BEST.get_or_init(|| {
                Self::available()
                    .into_iter()
                    .max()
                    .unwrap_or(Self::BASELINE)
            })
        }
        #[cfg(not(feature = "std"))]
        Self::BASELINE
    }

    /// The level's name: `baseline`, `avx2`, `avx512`.
    pub const fn name(self) -> &'static str {
        match self.0 {
            Set::Baseline => "baseline",
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Set::Avx2 => "avx2",
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Set::Avx512 => "avx512",
        }
    }
}

/// The loops over a function's formulas, compiled for a set of instructions.
macro_rules! loops {
    ($module:ident $(, $feature:literal)?) => {
        mod $module {
            use super::{Activation, Lane};

            $(#[target_feature(enable = $feature)])?
            pub(super) fn values<F: Activation, L: Lane>(function: &F, x: &[L], out: &mut [L]) {
                for (out, &x) in out.iter_mut().zip(x) {
                    *out = function.forward(x);
                }
            }

            $(#[target_feature(enable = $feature)])?
            pub(super) fn slopes_from_outputs<F: Activation, L: Lane>(function: &F, y: &[L], out: &mut [L]) {
                for (out, &y) in out.iter_mut().zip(y) {
                    *out = function.derivative_from_output(y);
                }
            }

            $(#[target_feature(enable = $feature)])?
            pub(super) fn slopes<F: Activation, L: Lane>(function: &F, x: &[L], out: &mut [L]) {
                for (out, &x) in out.iter_mut().zip(x) {
                    *out = function.derivative(x);
                }
            }
        }
    };
}

loops!(baseline);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
loops!(avx2, "avx2,fma,bmi1,bmi2,lzcnt");
#[cfg(all(target_arch = "x86_64", feature = "std"))]
loops!(avx512, "avx2,fma,bmi1,bmi2,lzcnt,avx512f,avx512dq,avx512vl");

macro_rules! dispatch {
    ($(#[doc = $doc:literal] $name:ident),+) => {
        $(#[doc = $doc]
        pub(crate) fn $name<F: Activation, L: Lane>(level: Level, function: &F, x: &[L], out: &mut [L]) {
            match level.0 {
                Set::Baseline => baseline::$name(function, x, out),
                // SAFETY: `Level::available` makes this value only after the processor said that it has these instructions.
                #[cfg(all(target_arch = "x86_64", feature = "std"))]
                Set::Avx2 => unsafe { avx2::$name(function, x, out) },
                // SAFETY: as above.
                #[cfg(all(target_arch = "x86_64", feature = "std"))]
                Set::Avx512 => unsafe { avx512::$name(function, x, out) },
            }
        })+
    };
}

dispatch! {
    /// Writes the values of a function at `x` to `out`.
    values,
    /// Writes the derivatives of a function at `x` to `out`.
    slopes,
    /// Writes the derivatives of a function whose values are `x` to `out`.
    slopes_from_outputs
}
