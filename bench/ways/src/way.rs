//! What a way of making vectors is.

/// A function on slices of one length.
pub(crate) type OnSlices = fn(&[f32], &mut [f32]);

/// The three functions of one way at one level.
pub(crate) struct Compiled {
    pub(crate) way: &'static str,
    pub(crate) level: Level,
    pub(crate) functions: [OnSlices; 3],
}

/// The instructions that are used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Avx2,
    Avx512,
}

impl Level {
    pub(crate) const ALL: [Self; 2] = [Self::Avx2, Self::Avx512];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Avx2 => "AVX2",
            Self::Avx512 => "AVX-512",
        }
    }

    /// Whether this processor has them.
    pub(crate) fn is_here(self) -> bool {
        let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        match self {
            Self::Avx2 => avx2,
            Self::Avx512 => {
                avx2 && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }
}
