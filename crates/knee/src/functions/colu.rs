use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Root, beside_zero};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::{Lane, Polynomial};

/// The root of the slope. The quotient: degree 11, relative error 2^-47.2; degree 17, 2^-69.4.
const ROOT: Root<12, 5, 13> = Root {
    at: [-0.7269249885960442, 1.1997127375566776e-17, 3.539804371948664e-35],
    radius: 0.125,
    quotient: Polynomial {
        single: [
            1.0522441480805445, 1.3834606540658339, -0.08569223776714792, -1.6261715405764516, -1.2076504238235863,
            0.644430685243232, 1.6218376664780885, 0.650929757894182, -0.9300187880087446, -1.24551262557591,
            -0.10123596258964129, 0.9197793188219289,
        ],
        quick: &[],
        head: [
            (1.05224414808055, -1.0663607411191053e-16), (1.3834606540658325, -8.287454695465997e-17),
            (-0.08569223779175161, -5.4478936068117475e-18), (-1.6261715405699462, 4.6540897616680563e-17),
            (-1.2076504054324213, -8.910539497742795e-17),
        ],
        tail: [
            0.6444306803961387, 1.6218326329255823, 0.6509310756346722, -0.9293947775291608, -1.2456738881439646,
            -0.13706715973137387, 0.9287838481064733, 0.7863976047470734, -0.18074581281319024, -0.758425278884678,
            -0.3995176463528976, 0.3191384457677156, 0.511479502123646,
        ],
    },
};

declare! {
    /// Collapsing linear unit: the identity on the right, collapsing to zero on the left.
    ///
    /// # Formula
    /// `x / (1 - x * exp(-(x + exp(x))))`
    /// # Derivative
    /// `(1 - x^2 * w * (1 + exp(x))) / (1 - x * w)^2` with `w = exp(-(x + exp(x)))`; zero at `x = -0.7269`.
    /// # Numerics
    /// On the left `w` grows without bound; with `E = exp(x + exp(x))` the value is `E x / (E - x)`, where nothing cancels
    /// and `E` is scaled last. On the right `w` falls so fast that from 7 on nothing is left of it. Beside the root the
    /// derivative is a polynomial with the root as a factor.
    /// # Origin
    /// Vagerwal 2021, <https://arxiv.org/abs/2112.12078>
    pub struct Colu {}
}

impl Activation for Colu {
    const NAME: &'static str = "colu";
    const ALIASES: &'static [&'static str] = &["collapsing_linear_unit"];
    const LATEX: &'static str = r"\frac{x}{1 - x e^{-(x + e^x)}}";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.37715856839612916, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.0828346006761451),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-1300.0).at_most(7.0);
        let inner = bounded + bounded.exp().value();
        let e = inner.exp();
        let left = e.times(bounded / (e.value() - bounded));
        let right = x / (L::of(1.0) - bounded * (-inner).exp().value());
        let far = L::select(x.lt(L::of(0.0)), left, right);
        beside_zero(x, L::of(1.0), far)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-1300.0).at_most(7.0);
        let u = bounded.exp().value();
        let one = L::of(1.0);
        let square = bounded * bounded * (one + u);
        let e = (bounded + u).exp();
        let inverse = one / (e.value() - bounded);
        let left = e.times((e.value() - square) * inverse * inverse);

        let w = (-(bounded + u)).exp().value();
        let inverse = one / (one - bounded * w);
        let right = (one - square * w) * inverse * inverse;
        ROOT.slope(x, L::select(x.lt(L::of(0.0)), left, right))
    }
}
