use super::LearnedActivation;
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// Parametric exponential linear unit: an ELU whose scale and decay are learned, smooth at 0.
    ///
    /// # Formula
    /// `a / b * x if x >= 0 else a * (exp(x / b) - 1)`
    /// # Derivative
    /// `a / b if x >= 0 else a / b * exp(x / b)`. Both parameters act on both sides: in `a` it is
    /// `x / b if x >= 0 else exp(x / b) - 1`, in `b` it is `-a * x / b^2 if x >= 0 else -a * x / b^2 * exp(x / b)`
    /// # Numerics
    /// `exp(x / b) - 1` without cancellation near 0; the gradient of `b` on the left is scaled last. A quotient that is no number
    /// of the wider type is rounded there.
    /// # Origin
    /// Trottier, Giguere and Chaib-draa 2016, <https://arxiv.org/abs/1605.09332>
    pub struct Pelu {
        /// The scale: the values on the left tend to `-a`.
        a: Positive = 1.0,
        /// The decay; the slope at 0 is `a / b`.
        b: Positive = 1.0,
    }
}

impl LearnedActivation for Pelu {
    const NAME: &'static str = "pelu";
    const LATEX: &'static str =
        r"\begin{cases} \frac{a}{b} x & x \ge 0 \\ a (e^{x/b} - 1) & x < 0 \end{cases}";
    const KNOTS: &'static [f64] = &[0.0];

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        let (a, b) = (L::of(self.a), L::of(self.b));
        let left = a * (x.at_most(0.0) / b).exp_m1();
        L::select(x.lt(L::of(0.0)), left, x * a / b)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (a, b) = (L::of(self.a), L::of(self.b));
        (x.at_most(0.0) / b).exp().times(a / b)
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let (a, b) = (L::of(self.a), L::of(self.b));
        let ratio = x / b;
        let left = ratio.at_most(0.0).at_least(-1400.0);
        let negative = x.lt(L::of(0.0));
        gradient[0] = L::select(negative, left.exp_m1(), ratio);
        gradient[1] = L::select(negative, left.exp().times(-left * a / b), -ratio * a / b);
    }
}
