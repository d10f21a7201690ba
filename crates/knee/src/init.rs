//! Initialisation from a function's own moments, and the textbook rules.

use alloc::vec::Vec;

use crate::elementary;
use crate::functions::Function;

/// What a function makes of a standard normal `Z`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// `E f(Z)`.
    pub mean: f64,
    /// `E f(Z)^2`.
    pub second: f64,
    /// `E f'(Z)^2`.
    pub slope_second: f64,
}

/// The number of inputs and outputs that a weight connects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fan {
    /// Inputs that each output sums.
    pub fan_in: f64,
    /// Outputs that each input reaches.
    pub fan_out: f64,
}

impl Fan {
    /// Of a fully connected layer.
    pub fn dense(inputs: usize, outputs: usize) -> Self {
        Self {
            fan_in: inputs as f64,
            fan_out: outputs as f64,
        }
    }

    /// Of a convolution with that many channels, groups (1 if there are none) and kernel extents.
    ///
    /// ```
    /// use knee::Fan;
    /// let fan = Fan::conv(64, 128, 1, &[3, 3]);
    /// assert_eq!((fan.fan_in, fan.fan_out), (576.0, 1152.0));
    /// // Depthwise: each output sees one channel.
    /// assert_eq!(Fan::conv(64, 64, 64, &[3, 3]).fan_in, 9.0);
    /// ```
    pub fn conv(in_channels: usize, out_channels: usize, groups: usize, kernel: &[usize]) -> Self {
        let per_group =
            kernel.iter().map(|&extent| extent as f64).product::<f64>() / groups.max(1) as f64;
        Self {
            fan_in: in_channels as f64 * per_group,
            fan_out: out_channels as f64 * per_group,
        }
    }

    /// The variance that keeps the second moment of the pre-activations when a function of that gain comes before:
    /// `gain^2 / fan_in`.
    pub fn variance(&self, gain: f64) -> f64 {
        gain * gain / self.fan_in
    }

    /// He et al. 2015, for ReLU: `2 / fan_in`.
    pub fn he(&self) -> f64 {
        2.0 / self.fan_in
    }

    /// Glorot and Bengio 2010, for tanh and sigmoid: `2 / (fan_in + fan_out)`.
    pub fn glorot(&self) -> f64 {
        2.0 / (self.fan_in + self.fan_out)
    }

    /// LeCun et al. 1998, for SELU: `1 / fan_in`.
    pub fn lecun(&self) -> f64 {
        1.0 / self.fan_in
    }
}

impl Moments {
    /// The moments of a function, given as value and derivative, by quadrature between its kinks. Its derivative is at most
    /// `steepness` for the most part.
    pub(crate) fn of(kinks: &[f64], steepness: f64, f: impl Fn(f64) -> (f64, f64)) -> Self {
        let mut sums = [0.0; 3];
        let mut low = -REACH;
        while low < REACH {
            let high = next_knot(kinks, low, panel(steepness));
            let (centre, half) = (f64::midpoint(low, high), (high - low) / 2.0);
            for (node, weight) in GAUSS {
                for z in [centre - half * node, centre + half * node] {
                    let (f, slope) = f(z);
                    let weight = weight * half * density(z);
                    for (sum, term) in sums.iter_mut().zip([f, f * f, slope * slope]) {
                        *sum += weight * term;
                    }
                }
            }
            low = high;
        }
        Self {
            mean: sums[0],
            second: sums[1],
            slope_second: sums[2],
        }
    }

    /// `1 / sqrt(E f(Z)^2)`: weights of variance `gain^2 / fan_in` after the function keep the second moment.
    pub fn gain(&self) -> f64 {
        inverse_square_root(self.second)
    }
}

impl Function {
    /// The moments of the function on a standard normal variable, by quadrature between the kinks.
    pub fn moments(&self) -> Moments {
        let facts = self.facts();
        let kinks: Vec<f64> = facts.kinks.iter().map(|kink| kink.at).collect();
        Moments::of(&kinks, facts.lipschitz.unwrap_or(1.0), |z| self.evaluate(z))
    }

    /// The gain of its moments: [`Moments::gain`].
    pub fn gain(&self) -> f64 {
        self.moments().gain()
    }
}

/// Beyond it the normal density is below 1e-69, and no function here grows fast enough to count.
const REACH: f64 = 18.0;

/// Nodes and weights of the Gauss-Legendre rule with 8 points, the positive half: roots of the Legendre polynomial of
/// degree 8, found with 50 digits.
const GAUSS: [(f64, f64); 4] = [
    (0.1834346424956498, 0.362683783378362),
    (0.525532409916329, 0.31370664587788727),
    (0.7966664774136267, 0.22238103445337448),
    (0.9602898564975363, 0.10122853629037626),
];

/// The width of a panel: an eighth, less for a function that turns fast, but never more than 288,000 panels.
fn panel(steepness: f64) -> f64 {
    0.5 / steepness.clamp(4.0, 4000.0)
}

/// The end of the panel that begins at `low`: at most at the next kink.
fn next_knot(kinks: &[f64], low: f64, width: f64) -> f64 {
    let next = if low + width < REACH {
        low + width
    } else {
        REACH
    };
    kinks
        .iter()
        .copied()
        .filter(|&at| low < at && at < next)
        .fold(next, f64::min)
}

/// The standard normal density.
fn density(z: f64) -> f64 {
    elementary::exp(-0.5 * z * z).times(0.3989422804014327)
}

/// `1 / sqrt(x)` by Newton's iteration, which needs no library.
pub(crate) fn inverse_square_root(x: f64) -> f64 {
    // The first guess halves the exponent.
    let mut root = f64::from_bits(0x5fe6_eb50_c7b5_37a9 - (x.to_bits() >> 1));
    for _ in 0..5 {
        root *= 1.5 - 0.5 * x * root * root;
    }
    root
}
