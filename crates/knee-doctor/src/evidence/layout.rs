//! How the elements of a tensor belong to inputs and units.

/// The axes of a tensor as the evidence counts them.
///
/// Element (b, n, o, u, i) lies at `(((b * inputs + n) * outer + o) * units + u) * inner + i`.
/// A dense layer's `[N, U]` is inputs N, units U. A convolution's `[N, C, H, W]` has inner H W.
/// Tokens `[N, T, U]` have outer T. A sequence-first `[T, N, U]` has before T.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Positions before the axis of inputs.
    pub before: usize,
    /// Independent inputs.
    pub inputs: usize,
    /// Positions between inputs and units.
    pub outer: usize,
    /// Units.
    pub units: usize,
    /// Positions after the units.
    pub inner: usize,
}

impl Layout {
    /// `[inputs, units]`.
    pub fn dense(inputs: usize, units: usize) -> Self {
        Self {
            before: 1,
            inputs,
            outer: 1,
            units,
            inner: 1,
        }
    }

    /// `[inputs, units, inner]`: channels first.
    pub fn channels(inputs: usize, units: usize, inner: usize) -> Self {
        Self {
            inner,
            ..Self::dense(inputs, units)
        }
    }

    /// `[inputs, outer, units]`: tokens.
    pub fn tokens(inputs: usize, outer: usize, units: usize) -> Self {
        Self {
            outer,
            ..Self::dense(inputs, units)
        }
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.before * self.inputs * self.outer * self.units * self.inner
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Positions of one unit for one input.
    pub fn positions(&self) -> usize {
        self.before * self.outer * self.inner
    }

    /// Where the element of an input, a unit and a position (in the order before, outer, inner)
    /// lies.
    pub fn index(&self, input: usize, position: usize, unit: usize) -> usize {
        let inner = position % self.inner;
        let outer = position / self.inner % self.outer;
        let before = position / self.inner / self.outer;
        (((before * self.inputs + input) * self.outer + outer) * self.units + unit) * self.inner
            + inner
    }

    /// At most `limit` positions, evenly spaced, in the middle of equal parts. They depend on
    /// nothing but the number of positions, so chunking by inputs does not change them.
    pub fn spaced(&self, limit: usize) -> Vec<usize> {
        let all = self.positions();
        let taken = all.min(limit);
        (0..taken)
            .map(|k| (2 * k + 1) * all / (2 * taken))
            .collect()
    }

    /// Panics when a slice does not have this many elements.
    pub(super) fn assert_len(&self, len: usize) {
        assert!(
            len == self.len(),
            "{len} values for a layout of {} elements",
            self.len()
        );
    }
}

/// Values of either width.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// IEEE binary32.
    F32(&'a [f32]),
    /// IEEE binary64.
    F64(&'a [f64]),
}

impl Values<'_> {
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a> From<&'a [f32]> for Values<'a> {
    fn from(values: &'a [f32]) -> Self {
        Self::F32(values)
    }
}

impl<'a> From<&'a [f64]> for Values<'a> {
    fn from(values: &'a [f64]) -> Self {
        Self::F64(values)
    }
}

impl Values<'_> {
    /// One value.
    pub(super) fn at(&self, index: usize) -> f64 {
        match self {
            Self::F32(values) => f64::from(values[index]),
            Self::F64(values) => values[index],
        }
    }
}
