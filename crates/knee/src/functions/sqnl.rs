use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// Square nonlinearity: a step from -1 to 1 made of two parabolas.
    ///
    /// # Formula
    /// `x - x * |x| / 4 if |x| <= 2 else sign(x)`
    /// # Derivative
    /// `1 - |x| / 2 if |x| < 2 else 0`
    /// # Numerics
    /// With `a = min(|x|, 2)`: `a (4 - a) / 4` and `(2 - a) / 2`, whose differences are exact.
    /// # Origin
    /// Wuraola and Patel, SQNL: a new computationally efficient activation function, IJCNN 2018.
    pub struct Sqnl {}
}

impl Activation for Sqnl {
    const NAME: &'static str = "sqnl";
    const LATEX: &'static str = r"\begin{cases} x - x |x| / 4 & |x| \le 2 \\ \operatorname{sgn}(x) & |x| > 2 \end{cases}";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-1.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(1),
            kinks: Vec::new(),
            flat: alloc::vec![Interval::open(f64::NEG_INFINITY, -2.0), Interval::open(2.0, f64::INFINITY)],
            left: Tail::Saturates { limit: -1.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::None,
            typical_use: "small networks on microcontrollers, in place of tanh",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let a = x.abs().at_most(2.0);
        (a * (L::of(4.0) - a) * L::of(0.25)).copysign(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        (L::of(2.0) - x.abs().at_most(2.0)) * L::of(0.5)
    }
}
