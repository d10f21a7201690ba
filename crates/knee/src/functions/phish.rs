use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Root, tanh, tanh_ratio, upper_tail_parts};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::{Lane, Polynomial};

/// The root of the slope. The quotient: degree 13, relative error 2^-51.6; degree 19, 2^-72.0.
const ROOT: Root<14, 6, 14> = Root {
    at: [-1.1954312013879125, 2.1854420556614362e-17, -7.167215844722678e-34],
    radius: 0.25,
    quotient: Polynomial {
        single: [
            -0.36563671748116483, -0.17768507124280664, 0.2528680835996565, 0.1925078107757481, -0.024839753752554622,
            -0.044134741040510024, 0.011101375627977708, 0.015185898308233527, -0.0033784442468885235,
            -0.006662976086735137, -0.0006228295738246802, 0.0017658402145307138, 0.00039970415212541537,
            -0.0004283325556527669,
        ],
        quick: &[],
        head: [
            (-0.3656367174811648, 4.475707455286991e-18), (-0.1776850712428067, -2.2885721776418293e-18),
            (0.25286808359954827, 2.5445854717375595e-17), (0.1925078107758416, -1.1998463350091451e-17),
            (-0.024839753724806075, 1.0750755113909315e-18), (-0.044134741064458714, 1.2380467041419036e-18),
        ],
        tail: [
            0.011101372955807735, 0.015185900610610908, -0.003378321419455775, -0.006663081604442294,
            -0.0006257406082261172, 0.0017683276965389273, 0.0004342825287975815, -0.00045755442601546064,
            -0.0001681239398559958, 0.0001374900978007214, 7.843900945434506e-05, -2.982772739885896e-05,
            -2.632363815501801e-05, 4.102491157673936e-06,
        ],
    },
};

declare! {
    /// `x` times the hyperbolic tangent of its GELU; it is not negative.
    ///
    /// # Formula
    /// `x * tanh(gelu(x))`
    /// # Derivative
    /// `t + x * (1 - t^2) * (Phi(x) + x * phi(x))` with `t = tanh(gelu(x))`; zero at 0 and at the maximum of the left side,
    /// `x = -1.1954`.
    /// # Numerics
    /// On the left `gelu(x) = -a Q(a)` with `a = |x|` and the upper tail `Q(a) = exp(-a^2/2) R(a)`, whose exponential is
    /// scaled last. Beside 0 the value is `x^2 / 2` and positive also for `-0.0`. Beside the root on the left the derivative
    /// is a polynomial with the root as a factor.
    /// # Origin
    /// Naveen 2022, Phish: A Novel Hyper-Optimizable Activation Function.
    pub struct Phish {}
}

impl Activation for Phish {
    const NAME: &'static str = "phish";
    const LATEX: &'static str = r"x \tanh\left(\frac{x}{2} \left(1 + \operatorname{erf}\frac{x}{\sqrt 2}\right)\right)";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(0.0, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(1.2983066733058115),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let a = x.abs().at_most(39.0);
        let (bell, tail, _) = upper_tail_parts(a);
        let h = bell.times(a * tail);
        let (ratio, _) = tanh_ratio(h);
        let left = bell.times(a * a * tail * ratio);
        let far = L::select(x.lt(L::of(0.0)), left, x * tanh(x - h));
        // The square, scaled last: a subnormal one is rounded once.
        let scaled = x.scale(L::of(300.0));
        let beside = (scaled * scaled).scale(L::of(-601.0));
        L::select(x.abs().lt(L::of(1e-100)), beside, far)
    }

    /// With `h = a Q(a)` and the slope `S(a)` of GELU at `-a` it is `-a (Q tanh(h) / h + (1 - tanh(h)^2) S)` on the left, and
    /// `t + x (1 - t^2) (1 - S(x))` on the right, where both terms are positive.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let a = x.abs().at_most(39.0);
        let (bell, tail, below) = upper_tail_parts(a);
        let (ratio, slope) = tanh_ratio(bell.times(a * tail));
        let left = -bell.times(a * (tail * ratio + slope * below));
        let left = ROOT.slope(x, left);

        let gelu = a - bell.times(a * tail);
        let (ratio, slope) = tanh_ratio(gelu);
        let right = gelu * ratio + a * slope * (L::of(1.0) - bell.times(below));
        let far = L::select(x.lt(L::of(0.0)), left, right);
        L::select(x.abs().lt(L::of(1e-100)), x, far)
    }
}
