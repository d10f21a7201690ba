use super::LearnedActivation;
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// A polynomial of degree 3 in ReLU.
    ///
    /// # Formula
    /// `a0 + a1 * x + a2 * x^2 + a3 * x^3 if x > 0 else a0`
    /// # Derivative
    /// `a1 + 2 * a2 * x + 3 * a3 * x^2 if x > 0 else 0`. In `ai` it is `max(x, 0)^i`.
    /// # Numerics
    /// Horner's scheme in the wider type. Coefficients of different signs make roots whose places depend on them; beside one, closer
    /// than a share of `2^-40`, an `f64` has fewer digits.
    /// # Origin
    /// Zhuo, Wang, Zeng, Li, Zhou and Ma 2024, <https://arxiv.org/abs/2411.03884>
    pub struct PolyRelu {
        /// The value on the left.
        a0: Finite = 0.0,
        /// The coefficient of `max(x, 0)`.
        a1: Finite = 1.0 / 3.0,
        /// The coefficient of its square.
        a2: Finite = 1.0 / 3.0,
        /// The coefficient of its cube.
        a3: Finite = 1.0 / 3.0,
    }
}

/// The polynomial with coefficients in ascending order at `x > 0`; at `inf` the limit, which the highest coefficient other than
/// 0 decides.
#[inline(always)]
fn horner<L: Lane>(x: L, coefficients: &[L], known: &[f64]) -> L {
    let degree = known.iter().rposition(|&c| c != 0.0).unwrap_or(0);
    let mut sum = coefficients[degree];
    for &coefficient in coefficients[..degree].iter().rev() {
        sum = sum * x + coefficient;
    }
    sum
}

impl LearnedActivation for PolyRelu {
    const NAME: &'static str = "poly_relu";
    const LATEX: &'static str = r"\sum_{i=0}^{3} a_i \max(x, 0)^i";
    const KNOTS: &'static [f64] = &[0.0];

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        let a = [self.a0, self.a1, self.a2, self.a3];
        horner(x.at_least(0.0), &a.map(L::of), &a)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let a = [self.a1, self.a2, self.a3];
        let coefficients = [
            L::of(self.a1),
            L::of(2.0) * L::of(self.a2),
            L::of(3.0) * L::of(self.a3),
        ];
        let slope = horner(x.at_least(0.0), &coefficients, &a);
        L::select(L::of(0.0).lt(x), slope, L::of(0.0))
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let x = x.at_least(0.0);
        gradient[0] = L::of(1.0);
        gradient[1] = x;
        gradient[2] = x * x;
        gradient[3] = x * x * x;
    }
}
