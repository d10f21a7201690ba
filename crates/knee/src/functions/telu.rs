use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Root, beside_zero, tanh_ratio};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::{Lane, Polynomial};

/// The root of the slope. The quotient: degree 13, relative error 2^-53.2; degree 17, 2^-71.7.
const ROOT: Root<14, 6, 12> = Root {
    at: [-1.078860058464624, -9.55786742622646e-17, -3.866188098741341e-33],
    radius: 0.25,
    quotient: Polynomial {
        single: [
            0.3525036331603062, 0.3252269138875309, 0.10786032936443203, -0.022875972060743176, -0.04564538769570704,
            -0.025487703561294338, -0.005629789749205663, 0.0027715926531579646, 0.0034002644610810723,
            0.0016641799746393035, 0.00030253645408493654, -0.0002021301699462194, -0.00021480000975777433,
            -9.31218002670737e-05,
        ],
        quick: &[],
        head: [
            (0.3525036331603062, -1.1622686816051914e-17), (0.3252269138875309, 4.580643329838032e-18),
            (0.10786032936442337, -5.7060453275538964e-18), (-0.022875972060733378, 8.960115958913563e-19),
            (-0.04564538769347993, 3.3616385535341336e-18), (-0.025487703563799972, -8.497434546332499e-19),
        ],
        tail: [
            -0.005629789964395204, 0.0027715928931406186, 0.0034002744098116547, 0.0016641690489571622,
            0.00030229825527429584, -0.0002018756902525432, -0.00021191313446147016, -9.603659465297981e-05,
            -1.481025919418276e-05, 1.2674180115889181e-05, 1.2145805596895788e-05, 4.8985912705509855e-06,
        ],
    },
};

declare! {
    /// `x` times the hyperbolic tangent of its exponential.
    ///
    /// # Formula
    /// `x * tanh(exp(x))`
    /// # Derivative
    /// `tanh(exp(x)) + x * exp(x) * (1 - tanh(exp(x))^2)`; zero at `x = -1.0789`.
    /// # Numerics
    /// With `u = exp(x)` the left tail is `u` times `x tanh(u) / u`, scaled last: the tangent of a subnormal number would
    /// have few digits. On the right `u` is limited where the tangent is 1. Beside the root the derivative is a polynomial
    /// with the root as a factor.
    /// # Origin
    /// Liu and Di 2020 (`TanhExp`), <https://arxiv.org/abs/2003.09855>; Fernandez and Mali 2024 (`TeLU`),
    /// <https://arxiv.org/abs/2402.02790>
    pub struct Telu {}
}

impl Activation for Telu {
    const NAME: &'static str = "telu";
    const ALIASES: &'static [&'static str] = &["tanhexp"];
    const LATEX: &'static str = r"x \tanh(e^x)";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.35328577784821125, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.061975308717916),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let e = x.at_most(5.0).exp();
        let u = e.value();
        let (ratio, _) = tanh_ratio(u);
        let left = e.times(x.at_least(-1300.0) * ratio);
        let far = L::select(x.lt(L::of(0.0)), left, x * (u * ratio));
        // tanh(1)
        beside_zero(x, L::of_pair(0.7615941559557649, 3.7090214482164924e-17), far)
    }

    /// With `t = tanh(u)` it is `u (t / u + x (1 - t^2))`.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-1300.0).at_most(5.0);
        let e = bounded.exp();
        let (ratio, slope) = tanh_ratio(e.value());
        ROOT.slope(x, e.times(ratio + bounded * slope))
    }
}
