//! What is known about a function: facts that a program can ask for and a test can try to refute.

use alloc::vec::Vec;

/// A range of real numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end, possibly `-inf`.
    pub low: f64,
    /// The upper end, possibly `inf`.
    pub high: f64,
    /// Whether the lower end belongs to the interval.
    pub low_closed: bool,
    /// Whether the upper end belongs to the interval.
    pub high_closed: bool,
}

impl Interval {
    /// Every real number.
    pub const ALL: Self = Self::open(f64::NEG_INFINITY, f64::INFINITY);

    /// Without its ends.
    pub const fn open(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            low_closed: false,
            high_closed: false,
        }
    }

    /// With its ends; an infinite end stays out.
    pub const fn closed(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            low_closed: low.is_finite(),
            high_closed: high.is_finite(),
        }
    }

    /// Whether a number lies in the interval.
    pub fn contains(&self, x: f64) -> bool {
        (x > self.low || (self.low_closed && x == self.low))
            && (x < self.high || (self.high_closed && x == self.high))
    }
}

/// Whether a function keeps order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Monotone {
    /// `x <= y` gives `f(x) <= f(y)`.
    NonDecreasing,
    /// `x <= y` gives `f(x) >= f(y)`.
    NonIncreasing,
    /// Neither.
    No,
}

/// How many derivatives are continuous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Smoothness {
    /// All of them.
    Infinite,
    /// That many; 0 means continuous with kinks.
    Times(u8),
    /// Not even the function itself.
    Discontinuous,
}

/// A point where the slopes from the left and from the right differ, or where the declared one is neither of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kink {
    /// Where it is.
    pub at: f64,
    /// The slope that `derivative` returns there, which is `PyTorch`'s.
    pub slope: f64,
    /// The slope that JAX has there.
    pub jax: f64,
}

impl Kink {
    /// A kink where the conventions agree.
    pub const fn new(at: f64, slope: f64) -> Self {
        Self::differing(at, slope, slope)
    }

    /// A kink where `PyTorch` and JAX take different slopes.
    pub const fn differing(at: f64, slope: f64, jax: f64) -> Self {
        Self { at, slope, jax }
    }
}

/// What a function does towards an infinity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tail {
    /// It approaches a number.
    Saturates {
        /// That number.
        limit: f64,
    },
    /// It approaches a line that is not level.
    Linear {
        /// The line's slope.
        slope: f64,
    },
    /// It grows faster than any line.
    Grows,
    /// It grows without bound, but slower than any line: a logarithm, a square root.
    Sublinear,
    /// It has no limit.
    Oscillates,
}

/// Where the values lie about zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Centre {
    /// `f(-x) = -f(x)`.
    Odd,
    /// Both signs occur, without that symmetry.
    BothSigns,
    /// All values have one sign, or are zero.
    OneSided,
}

/// The initialisation that the literature recommends for layers followed by the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initialisation {
    /// Variance `2 / fan_in`: He et al. 2015.
    He,
    /// Variance `2 / (fan_in + fan_out)`: Glorot and Bengio 2010.
    Glorot,
    /// Variance `1 / fan_in`: LeCun et al. 1998.
    LeCun,
    /// There is no recommendation.
    None,
}

/// What is known about a function with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The values that real arguments can give.
    pub range: Interval,
    /// Whether order is kept.
    pub monotone: Monotone,
    /// How many derivatives are continuous.
    pub smoothness: Smoothness,
    /// Every point where the one-sided slopes differ, in ascending order.
    pub kinks: Vec<Kink>,
    /// Where the slope is exactly zero: open intervals in ascending order, possibly infinite.
    pub flat: Vec<Interval>,
    /// Towards `-inf`.
    pub left: Tail,
    /// Towards `inf`.
    pub right: Tail,
    /// Where the values lie about zero.
    pub centre: Centre,
    /// The largest slope in absolute value; `None` if there is no bound, as where the function jumps. as where the function jumps from one value to another.
    pub lipschitz: Option<f64>,
    /// The recommended initialisation.
    pub initialisation: Initialisation,
    /// Where it is used.
    pub typical_use: &'static str,
}
