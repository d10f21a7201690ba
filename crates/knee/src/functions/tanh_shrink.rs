use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::tanh;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, keras, torch};
use crate::lane::{Lane, Polynomial};

/// `(x - tanh(x)) / x^3` in `x^2` for `0 <= x^2 <= 1/4`: interpolation at the Chebyshev points with 300 bits.
/// Degree 4, relative error 2^-25.9; degree 8, 2^-47.4; degree 12, 2^-68.9.
const CUBIC: Polynomial<9, 6, 7> = Polynomial {
    single: [
        0.33333333333333154,
        -0.1333333333321549,
        0.05396825384215647,
        -0.021869483326259258,
        0.008863127294719504,
        -0.0035908578522934895,
        0.0014469955013765533,
        -0.0005535146724835445,
        0.00015407930677737808,
    ],
    quick: &[
        0.33333332796631665,
        -0.13333225775482527,
        0.05393346914596769,
        -0.02147068302533676,
        0.006942941750416007,
    ],
    head: [
        (0.3333333333333333, 1.85031016500183e-17),
        (-0.13333333333333333, -1.0180648890626967e-18),
        (0.05396825396825378, -1.923317638818904e-18),
        (-0.021869488536138727, 9.596097214464199e-19),
        (0.008863235529145735, 3.2406910766781093e-19),
        (-0.003592128015871786, 2.018651307777984e-19),
    ],
    tail: [
        0.001455834022691673,
        -0.000590023131165771,
        0.00023909407067228128,
        -9.671837052668022e-05,
        3.852113323963726e-05,
        -1.3993434493416723e-05,
        3.4193702304694223e-06,
    ],
};

declare! {
    /// What the hyperbolic tangent takes from the identity.
    ///
    /// # Formula
    /// `x - tanh(x)`
    /// # Derivative
    /// `tanh(x)^2`
    /// # Numerics
    /// Below one half it is `x^3` times a polynomial in `x^2`, because the difference cancels: at 1e-4 it has no
    /// right digit in `f32`. Cube and square are scaled last.
    /// # Origin
    /// The module `Tanhshrink` of Torch7.
    pub struct TanhShrink {}
}

impl Activation for TanhShrink {
    const NAME: &'static str = "tanh_shrink";
    const ALIASES: &'static [&'static str] = &["tanhshrink"];
    const LATEX: &'static str = r"x - \tanh(x)";
    const FOREIGN: &'static [Foreign] = &[torch("nn.Tanhshrink", &[]), keras("tanh_shrink", &[])];

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::ALL,
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Linear { slope: 1.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::None,
            typical_use: "sparse codes: a smooth shrinkage without a parameter",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        // 2^600 x^3 is in range wherever x^3 is not below every subnormal number.
        let near = x.at_least(-0.5).at_most(0.5);
        let up = near.scale(L::of(300.0));
        let cube = up * up * near;
        let near = (cube * (near * near).polynomial(&CUBIC)).scale(L::of(-600.0));
        L::select(x.abs().lt(L::of(0.5)), near, x - tanh(x))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let t = tanh(x);
        (t.scale(L::of(600.0)) * t).scale(L::of(-600.0))
    }
}
