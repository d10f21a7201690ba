use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Root, beside_zero};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::{Lane, Polynomial};
use crate::pair::Pair;

/// The root of the slope. The quotient: degree 11, relative error 2^-53.1; degree 15, 2^-68.9.
const ROOT: Root<12, 5, 11> = Root {
    at: [-1.3945193019245041, 4.458392154467205e-17, -1.006548934342752e-33],
    radius: 0.25,
    quotient: Polynomial {
        single: [
            0.1814203785132122, 0.10463359271556369, -0.0016443798687744665, -0.017561552873046348,
            -0.0037496281814131025, 0.0017076957617746667, 0.0009030278077656671, -3.1824266452033254e-05,
            -0.00012757080811323619, -2.4223870270027315e-05, 1.1149566401741728e-05, 5.484363093419681e-06,
        ],
        quick: &[],
        head: [
            (0.18142037851321216, 1.3301944806955974e-17), (0.10463359271556366, -1.8282387222918163e-19),
            (-0.001644379868767756, 3.552144965262058e-20), (-0.01756155287302144, -1.4539673455841024e-18),
            (-0.0037496281826618493, -8.443986540890867e-20),
        ],
        tail: [
            0.0017076957571241374, 0.000903027892462224, -3.182394872975891e-05, -0.00012757338907934266,
            -2.4233688789183398e-05, 1.1185285924587762e-05, 5.624444955461485e-06, -1.7422040437582118e-07,
            -7.543697900389648e-07, -1.3895440005405458e-07, 6.200768479097091e-08,
        ],
    },
};

/// The minimum and the steepest slope for `alpha = 1` and `beta = 1`.
const MINIMUM: (f64, f64) = (-0.24999366366012948, -1.1688363531486476e-17);
const STEEPEST: (f64, f64) = (0.6368842228812263, 4.0180522066591004e-17);

declare! {
    /// `alpha * x` times the hyperbolic tangent of the logarithm of 1 plus a sigmoid.
    ///
    /// # Formula
    /// `alpha * x * tanh(log(1 + sigmoid(beta * x)))`
    /// # Derivative
    /// `alpha * (t + beta * x * (1 - t^2) * s * (1 - s) / (1 + s))` with `s = sigmoid(beta * x)` and `t = tanh(log(1 + s))`;
    /// zero at `beta * x = -1.3945`.
    /// # Numerics
    /// The tangent of the logarithm is a quotient of polynomials: with `e = exp(-|z|)`, `z = beta * x`, it is
    /// `e (2 + 3 e) / (2 + 6 e + 5 e^2)` on the left and `(3 + 2 e) / (5 + 6 e + 2 e^2)` on the right, so the slope tends to
    /// `3 alpha / 5`. Beside the root the derivative is a polynomial with the root as a factor.
    /// # Origin
    /// Wang, Ren and Wang, Smish, Electronics 11(4), 540, 2022.
    pub struct Smish {
        /// The scale of the values.
        alpha: Positive = 1.0,
        /// The sharpness of the bend.
        beta: Positive = 1.0,
    }
}

impl Activation for Smish {
    const NAME: &'static str = "smish";
    const LATEX: &'static str = r"\alpha x \tanh(\log(1 + \sigma(\beta x)))";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(self.scaled(MINIMUM, self.beta), f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear {
                slope: self.scaled((3.0, 0.0), 5.0),
            },
            centre: Centre::BothSigns,
            lipschitz: Some(self.scaled(STEEPEST, 1.0)),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let z = L::of(self.beta) * x;
        let e = (-z.abs()).exp();
        let u = e.value();
        let (two, three, five, six) = (L::of(2.0), L::of(3.0), L::of(5.0), L::of(6.0));
        let scaled = L::of(self.alpha) * x;
        let tail = e.times(scaled * ((two + three * u) / (two + u * (six + five * u))));
        let left = L::select(z.lt(L::of(-1300.0)), L::of(0.0).copysign(x), tail);
        let right = scaled * ((three + two * u) / (five + u * (six + two * u)));
        let far = L::select(z.lt(L::of(0.0)), left, right);
        beside_zero(x, L::of(self.alpha) * five / L::of(13.0), far)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let z = (L::of(self.beta) * x).at_least(-1300.0).at_most(1300.0);
        let e = (-z.abs()).exp();
        let u = e.value();
        let (one, two, three) = (L::of(1.0), L::of(2.0), L::of(3.0));
        let (four, five, six) = (L::of(4.0), L::of(5.0), L::of(6.0));
        let below = two + u * (six + five * u);
        let left = (two + three * u) * below + four * z * (one + u) * (one + two * u);
        let scale = L::of(self.alpha);
        let left = e.times(scale * left / (below * below));

        let below = five + u * (six + two * u);
        let right = (three + two * u) * below + four * z * u * (one + u) * (two + u);
        let slope = L::select(z.lt(L::of(0.0)), left, scale * right / (below * below));
        ROOT.scaled_slope([self.alpha, self.beta], x, slope)
    }
}

impl Smish {
    /// `alpha * factor / divisor`, rounded once, as the values are.
    fn scaled(self, factor: (f64, f64), divisor: f64) -> f64 {
        let product = Pair::of(self.alpha) * Pair::new(factor.0, factor.1);
        (product / Pair::of(divisor)).head()
    }
}
