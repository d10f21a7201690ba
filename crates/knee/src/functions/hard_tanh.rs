use alloc::vec::Vec;

use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, maps, onnx, torch};
use crate::lane::Lane;

declare! {
    /// The identity limited to an interval.
    ///
    /// # Formula
    /// `min(max(x, min_val), max_val)`
    /// # Derivative
    /// `0 if x <= min_val else 0 if x >= max_val else 1`. At both knots it is `0`.
    /// # Numerics
    /// Exact. A zero keeps its sign beside a knot at 0.
    /// # Origin
    /// Collobert 2004; Gulcehre, Moczulski, Denil and Bengio 2016, <https://arxiv.org/abs/1603.00391>
    pub struct HardTanh {
        /// The lower limit, possibly `-inf`.
        min_val: Extended = -1.0,
        /// The upper limit, possibly `inf`.
        max_val: Extended = 1.0,
    }
}

impl Activation for HardTanh {
    const NAME: &'static str = "hard_tanh";
    const ALIASES: &'static [&'static str] = &["hardtanh", "clip", "clamp"];
    const LATEX: &'static str = r"\min(\max(x, a), b)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Clip", &[maps("min", f64::NEG_INFINITY, "min_val"), maps("max", f64::INFINITY, "max_val")]),
        torch("nn.Hardtanh", &[maps("min_val", -1.0, "min_val"), maps("max_val", 1.0, "max_val")]),
        torch("clamp", &[maps("min", f64::NEG_INFINITY, "min_val"), maps("max", f64::INFINITY, "max_val")]),
        jax("jax.nn.hard_tanh", &[]),
        keras("hard_tanh", &[]),
    ];
    const BUDGET: Budget = Budget { forward: 0.5, derivative: 0.0 };

    fn conflict(&self) -> Option<&'static str> {
        let empty = self.min_val > self.max_val || self.min_val == f64::INFINITY || self.max_val == f64::NEG_INFINITY;
        empty.then_some("`min_val` must not be greater than `max_val`, nor leave only an infinity between them")
    }

    fn facts(&self) -> Facts {
        let (low, high) = (self.min_val, self.max_val);
        let knots = [low, high].into_iter().filter(|at| at.is_finite() && low < high);
        let kinks: Vec<Kink> = knots.map(|at| Kink::differing(at, 0.0, 1.0)).collect();
        let smoothness = if kinks.is_empty() { Smoothness::Infinite } else { Smoothness::Times(0) };
        let outside = [Interval::open(f64::NEG_INFINITY, low), Interval::open(high, f64::INFINITY)];
        let flat = if low < high {
            outside.into_iter().filter(|flat| flat.low < flat.high).collect()
        } else {
            alloc::vec![Interval::ALL]
        };
        let tail = |limit: f64| if limit.is_finite() { Tail::Saturates { limit } } else { Tail::Linear { slope: 1.0 } };
        let (left, right) = (tail(low), tail(high));
        Facts {
            range: Interval::closed(low, high),
            monotone: Monotone::NonDecreasing,
            smoothness,
            kinks,
            flat,
            left,
            right,
            centre: if low == -high { Centre::Odd } else if low < 0.0 && high > 0.0 { Centre::BothSigns } else { Centre::OneSided },
            lipschitz: Some(if low < high { 1.0 } else { 0.0 }),
            initialisation: Initialisation::Glorot,
            typical_use: "clipping; recurrent networks on small devices",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        x.at_least(self.min_val).at_most(self.max_val)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let below = L::select(x.lt(L::of(self.max_val)), L::of(1.0), L::of(0.0));
        // An infinite limit is no knot: the slope at an infinity is the limit of the slopes.
        let below = if self.max_val == f64::INFINITY { L::of(1.0) } else { below };
        let inside = L::select(L::of(self.min_val).lt(x), below, L::of(0.0));
        let inside = if self.min_val == f64::NEG_INFINITY { below } else { inside };
        L::select(x.le(x), inside, x)
    }
}
