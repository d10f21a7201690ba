//! What a processor can do, asked once.

use alloc::vec;
use alloc::vec::Vec;

/// A set of instructions that this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(pub(super) Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Baseline,
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    Avx2,
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    Avx512,
}

impl Level {
    /// Loops over single numbers, with what the program was compiled for.
    pub const BASELINE: Self = Self(Kind::Baseline);

    /// Every level that this processor has, in ascending order.
    ///
    /// Beyond the baseline there are AVX2 with FMA and AVX-512, on x86-64 with the feature `std`. Other processors have the baseline.
    pub fn available() -> Vec<Self> {
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        {
            let mut levels = vec![Self::BASELINE];
            let has_256 = std::is_x86_feature_detected!("avx2")
                && std::is_x86_feature_detected!("fma")
                && std::is_x86_feature_detected!("f16c");
            if has_256 {
                levels.push(Self(Kind::Avx2));
                let has_512 = std::is_x86_feature_detected!("avx512f")
                    && std::is_x86_feature_detected!("avx512bw")
                    && std::is_x86_feature_detected!("avx512dq")
                    && std::is_x86_feature_detected!("avx512vl");
                if has_512 {
                    levels.push(Self(Kind::Avx512));
                }
            }
            levels
        }
        #[cfg(not(all(target_arch = "x86_64", feature = "std")))]
        vec![Self::BASELINE]
    }

    /// The highest level that this processor has.
    #[inline]
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
            Kind::Baseline => "baseline",
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Kind::Avx2 => "avx2",
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Kind::Avx512 => "avx512",
        }
    }
}
