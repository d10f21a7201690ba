use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf};
use crate::functions::Gelu;
use crate::lane::Lane;
use crate::pair::Pair;

/// The least value of GELU, and where it is.
const LEAST: f64 = -0.16997120747990366;
const LOWEST: f64 = -0.7517915246935645;

/// The largest slope of GELU, at the root of 2.
const STEEPEST: (f64, f64) = (1.4142135623730951, 1.1289041451851547);

declare! {
    /// GELU limited to an interval, so that eight bits can hold it.
    ///
    /// # Formula
    /// `clip(gelu(x), min, max)`
    /// # Derivative
    /// GELU's where `min < gelu(x) < max`, else `0`. At a knot it is `0`, unless the number nearest to the knot
    /// lies inside of it: at `x = 10`, where GELU is 7.6e-23 below 10, it is `1`.
    /// # Numerics
    /// As for GELU. To the left of `max` the value is below `max` even where it rounds to it.
    /// # Origin
    /// Wu, Judd, Zhang, Isaev and Micikevicius 2020, <https://arxiv.org/abs/2004.09602>
    pub struct Gelu10 {
        /// The lower limit. GELU itself is never below -0.17.
        min: Finite = -10.0,
        /// The upper limit.
        max: Positive = 10.0,
    }
}

impl Activation for Gelu10 {
    const NAME: &'static str = "gelu_10";
    const ALIASES: &'static [&'static str] = &["clipped_gelu"];
    const LATEX: &'static str = r"\min(\max(\operatorname{gelu}(x), a), b)";
    const FOREIGN: &'static [Foreign] = &[hf("gelu_10")];

    fn conflict(&self) -> Option<&'static str> {
        (self.min >= self.max).then_some("`min` must be less than `max`")
    }

    fn facts(&self) -> Facts {
        let (min, max) = (self.min, self.max);
        let upper = knot(max, max + 1.0, 0.0);
        let mut flat = alloc::vec![Interval::open(upper, f64::INFINITY)];
        let mut knots = alloc::vec![upper];
        if min > LEAST {
            let right = knot(min, min.max(0.0) + 1.0, LOWEST);
            let left = if min < 0.0 { knot(min, -40.0, LOWEST) } else { f64::NEG_INFINITY };
            flat.insert(0, Interval::open(left, right));
            knots.insert(0, right);
            if left.is_finite() {
                knots.insert(0, left);
            }
        }
        let kinks = knots.iter().map(|&at| Kink::new(at, self.derivative(Pair::of(at)).head())).collect();
        let monotone = if min < 0.0 { Monotone::No } else { Monotone::NonDecreasing };
        let left = Tail::Saturates { limit: min.max(0.0) };
        let centre = if min < 0.0 { Centre::BothSigns } else { Centre::OneSided };
        let start = if min > LEAST { knots[knots.len() - 2] } else { LOWEST };
        let lipschitz = if (start..upper).contains(&STEEPEST.0) {
            STEEPEST.1
        } else {
            let slope = |at: f64| Gelu::default().derivative(at);
            slope(start).max(slope(upper))
        };
        Facts {
            range: Interval::closed(self.min.max(LEAST), self.max),
            monotone,
            smoothness: Smoothness::Times(0),
            kinks,
            flat,
            left,
            right: Tail::Saturates { limit: self.max },
            centre,
            lipschitz: Some(lipschitz),
            initialisation: Initialisation::He,
            typical_use: "Transformers whose activations are quantised to eight bits",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        Gelu::default().forward(x).at_least(self.min).at_most(self.max)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let value = Gelu::default().forward(x);
        // GELU is below its argument, also where the lane no longer tells them apart.
        let below = L::select(value.lt(L::of(self.max)), L::of(1.0), L::of(0.0));
        let below = L::select(x.le(L::of(self.max)), L::of(1.0), below);
        let inside = L::select(L::of(self.min).lt(value), below, L::of(0.0));
        let slope = L::select(L::of(0.5).lt(inside), Gelu::default().derivative(x), L::of(0.0));
        L::select(x.le(x), slope, x)
    }
}

/// Where GELU has a value: `above` and `below` are on either side of it.
fn knot(value: f64, mut above: f64, mut below: f64) -> f64 {
    loop {
        let middle = f64::midpoint(above, below);
        if middle == above || middle == below {
            return middle;
        }
        if Gelu::default().forward(Pair::<f64>::of(middle)).lt(Pair::of(value)) {
            below = middle;
        } else {
            above = middle;
        }
    }
}
