//! The sum of two `f64` and a bound of its error: about 100 bits.

use super::Quick;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Double {
    head: f64,
    tail: f64,
    error: f64,
}

/// More than the relative error of one operation.
const ROUNDING: f64 = 1.0 / (1_u128 << 98) as f64;
/// More than the relative error of a function.
const FUNCTION: f64 = 1.0 / (1_u128 << 92) as f64;
/// Below this size the tails may be rounded as subnormal numbers.
const TINY: f64 = 1e-290;

/// `a + b` exactly.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// `a + b` exactly for `|a| >= |b|`.
fn quick_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// `a * b` exactly, if nothing underflows.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

impl Double {
    /// A result of these two parts, with the error that the operands contribute and a relative one of its own.
    fn rounded(head: f64, tail: f64, error: f64, relative: f64) -> Self {
        let (head, tail) = quick_two_sum(head, tail);
        if head.is_finite() && error.is_finite() {
            let error = error * 1.0001 + head.abs() * relative;
            let error = if head.abs() < 1e-270 {
                error + TINY
            } else {
                error
            };
            Self { head, tail, error }
        } else {
            Self::unknown()
        }
    }

    pub(crate) fn tail(self) -> f64 {
        self.tail
    }

    fn is_exact(self) -> bool {
        self.error == 0.0
    }

    /// Without the error that the arguments contributed; for a series whose argument's error is added at the end.
    fn without_error(self) -> Self {
        Self { error: 0.0, ..self }
    }

    fn with(self, error: f64) -> Self {
        Self {
            error: self.error + error,
            ..self
        }
    }

    fn scaled(self, factor: f64) -> Self {
        Self {
            head: self.head * factor,
            tail: self.tail * factor,
            error: self.error * factor.abs(),
        }
    }

    /// `exp(self) = 2^k (1 + p)`: `p` and `k`. The errors of `self` are left out.
    fn exponential(self) -> (Self, f64) {
        let k = (self.head * std::f64::consts::LOG2_E).round();
        let rest = multiple(k, &LN_2).without_error();
        let r = self.without_error().sub(rest).scaled(1.0 / 256.0);
        let mut term = r;
        let mut p = r;
        for n in 2..=11 {
            term = term.mul(r).div(Self::exact(f64::from(n)));
            p = p.add(term);
        }
        for _ in 0..8 {
            p = p.add(p).add(p.mul(p));
        }
        (p, k)
    }

    /// `x - k pi/2` with the nearest integer `k`; `None` where that takes more digits.
    fn quarter_turns(self) -> Option<(Self, f64)> {
        let k = (self.head * std::f64::consts::FRAC_2_PI).round();
        if k.abs() > 1e9 {
            return None;
        }
        // From the largest part on, so that the first difference cancels exactly.
        let mut r = self.without_error();
        for part in &HALF_PI {
            r = r.sub(multiple(k, std::slice::from_ref(part)));
        }
        // What the parts leave, and the argument's own error.
        let error = self.error + k.abs() * 1e-63;
        Some((r.with(error), k))
    }

    /// Sine and cosine by their series, for arguments below 1.
    fn series(self) -> (Self, Self) {
        let square = self.without_error().mul(self.without_error()).neg();
        let (mut sine, mut cosine) = (self.without_error(), Self::exact(1.0));
        let (mut odd, mut even) = (sine, cosine);
        for n in 1..=16 {
            let n = 2.0 * f64::from(n);
            even = even.mul(square).div(Self::exact((n - 1.0) * n));
            odd = odd.mul(square).div(Self::exact(n * (n + 1.0)));
            cosine = cosine.add(even);
            sine = sine.add(odd);
        }
        (sine.with(self.error), cosine.with(self.error))
    }

    fn sin_cos(self) -> (Self, Self) {
        let Some((r, k)) = self.quarter_turns() else {
            if self.tail == 0.0 && self.is_exact() {
                let constant = |value: f64| Self::rounded(value, 0.0, 0.0, 1e-15);
                return (
                    constant(pxfm::f_sin(self.head)),
                    constant(pxfm::f_cos(self.head)),
                );
            }
            return (Self::unknown(), Self::unknown());
        };
        let (sine, cosine) = r.series();
        match k.rem_euclid(4.0) as u8 {
            0 => (sine, cosine),
            1 => (cosine, sine.neg()),
            2 => (sine.neg(), cosine.neg()),
            _ => (cosine.neg(), sine),
        }
    }

    /// `erf` by its series of positive terms, for numbers from 0 to 3.
    fn erf_series(self) -> Self {
        let square = self.mul(self);
        let twice = square.add(square);
        let (mut term, mut sum) = (self, self);
        for n in 1..200 {
            term = term.mul(twice).div(Self::exact(f64::from(2 * n + 1)));
            sum = sum.add(term);
            if term.head < sum.head * 1e-34 && f64::from(n) > twice.head {
                break;
            }
        }
        // What is left is below the last term.
        let sum = sum.with(term.head.abs());
        square.neg().exp().mul(sum).mul(TWO_OVER_ROOT_PI)
    }

    /// `erfc` by its continued fraction, for numbers from 3 on; neighbouring convergents enclose it.
    fn erfc_fraction(self) -> Self {
        let e = self.mul(self).neg().exp();
        if e.head == 0.0 {
            return e;
        }
        let terms = ((72.0 / self.head).powi(2) / 8.0) as i32 + 8;
        let x = self.without_error();
        let mut above = (Self::exact(1.0), x);
        let mut below = (Self::exact(0.0), Self::exact(1.0));
        for k in 1..=terms {
            let half = Self::exact(0.5 * f64::from(k));
            above = (above.1, x.mul(above.1).add(half.mul(above.0)));
            below = (below.1, x.mul(below.1).add(half.mul(below.0)));
        }
        let (last, previous) = (below.1.div(above.1), below.0.div(above.0));
        let gap = last.sub(previous).head.abs();
        let fraction = last.with(gap + self.error);
        e.mul(fraction).mul(TWO_OVER_ROOT_PI.scaled(0.5))
    }
}

/// `k` times a constant in parts.
fn multiple(k: f64, parts: &[f64]) -> Double {
    let product = |part: &f64| {
        let (head, tail) = two_product(k, *part);
        Double {
            head,
            tail,
            error: 0.0,
        }
    };
    parts
        .iter()
        .rev()
        .map(product)
        .fold(Double::exact(0.0), Quick::add)
}

/// `log(2)`, to 160 bits.
const LN_2: [f64; 3] = [
    std::f64::consts::LN_2,
    2.3190468138462996e-17,
    5.707708438416212e-34,
];
/// `pi / 2`, to 212 bits.
const HALF_PI: [f64; 4] = [
    std::f64::consts::FRAC_PI_2,
    6.123233995736766e-17,
    -1.4973849048591698e-33,
    5.562271104316826e-50,
];
/// `2 / sqrt(pi)`.
const TWO_OVER_ROOT_PI: Double = Double {
    head: std::f64::consts::FRAC_2_SQRT_PI,
    tail: 1.533545961316588e-17,
    error: 4e-33,
};

impl Quick for Double {
    fn exact(value: f64) -> Self {
        Self {
            head: value,
            tail: 0.0,
            error: 0.0,
        }
    }
    fn constant(head: f64, tail: f64) -> Self {
        Self {
            head,
            tail,
            error: if tail == 0.0 {
                0.0
            } else {
                head.abs() * ROUNDING
            },
        }
    }
    fn unknown() -> Self {
        Self {
            head: 0.0,
            tail: 0.0,
            error: f64::INFINITY,
        }
    }
    fn head(self) -> f64 {
        self.head
    }
    fn error(self) -> f64 {
        self.error
    }
    fn neg(self) -> Self {
        Self {
            head: -self.head,
            tail: -self.tail,
            error: self.error,
        }
    }
    fn add(self, other: Self) -> Self {
        let (sum, rest) = two_sum(self.head, other.head);
        let (tails, tails_rest) = two_sum(self.tail, other.tail);
        let error = self.error + other.error;
        if rest == 0.0 && tails == 0.0 {
            return Self {
                head: sum,
                tail: 0.0,
                error,
            };
        }
        let (sum, rest) = quick_two_sum(sum, rest + tails);
        Self::rounded(sum, rest + tails_rest, error, ROUNDING)
    }
    fn mul(self, other: Self) -> Self {
        let (product, rest) = two_product(self.head, other.head);
        let cross = self.head * other.tail + self.tail * other.head;
        let error = self.head.abs() * other.error
            + other.head.abs() * self.error
            + self.error * other.error;
        if product == 0.0 && (self.head == 0.0 || other.head == 0.0) {
            return Self {
                head: product,
                tail: 0.0,
                error,
            };
        }
        let exact = self.tail == 0.0 && other.tail == 0.0 && product.abs() > 1e-200;
        if exact && product.is_finite() {
            return Self {
                head: product,
                tail: rest,
                error,
            };
        }
        Self::rounded(product, rest + cross, error, ROUNDING)
    }
    fn div(self, other: Self) -> Self {
        let least = other.head.abs() - 2.0 * other.error;
        if least.is_nan() || least <= 0.0 {
            return Self::unknown();
        }
        let quotient = self.head / other.head;
        let back = other.without_error().mul(Self::exact(quotient));
        let rest = self.without_error().sub(back);
        let second = rest.head / other.head;
        let back = other.without_error().mul(Self::exact(second));
        let third = rest.sub(back).head / other.head;
        let (head, tail) = quick_two_sum(quotient, second);
        let error = (self.error + quotient.abs() * other.error) / least;
        Self::rounded(head, tail + third, error * 1.0001, ROUNDING)
    }
    fn sqrt(self) -> Self {
        if self.head.is_nan() || self.head <= 4.0 * self.error || self.head < 1e-280 {
            return Self::unknown();
        }
        let root = self.head.sqrt();
        let rest = self
            .without_error()
            .sub(Self::exact(root).mul(Self::exact(root)));
        Self::rounded(root, rest.head / (2.0 * root), self.error / root, ROUNDING)
            .with(root * 2.0_f64.powi(-103))
    }
    fn exp(self) -> Self {
        if self.head < -600.0 && (self.error < 1.0 || self.head < -4.0 * self.error - 600.0) {
            // exp(-600) is about 1e-261; nothing below is told apart here.
            return Self {
                head: 0.0,
                tail: 0.0,
                error: 1e-259,
            };
        }
        if self.head.is_nan() || self.head > 600.0 || self.error > 0.01 {
            return Self::unknown();
        }
        let (p, k) = self.exponential();
        let power = 2.0_f64.powi(k as i32);
        let e = p.add(Self::exact(1.0)).scaled(power);
        e.with(e.head * (1.1 * self.error + FUNCTION))
    }
    fn exp_m1(self) -> Self {
        if self.head.abs() > 0.3 {
            return self.exp().sub(Self::exact(1.0));
        }
        if self.error > 0.01 {
            return Self::unknown();
        }
        let (p, _) = self.exponential();
        p.with(1.5 * self.error + p.head.abs() * FUNCTION)
    }
    fn log(self) -> Self {
        if self.head.is_nan() || self.head <= 4.0 * self.error || self.head.abs() < 1e-250 {
            return Self::unknown();
        }
        if self.head > 0.5 && self.head < 2.0 {
            return self.sub(Self::exact(1.0)).log_1p();
        }
        let guess = Self::exact(self.head.ln());
        let e = self
            .without_error()
            .mul(guess.neg().exp())
            .sub(Self::exact(1.0));
        let correction = e.sub(e.mul(e).scaled(0.5));
        guess.add(correction).with(1.5 * self.error / self.head)
    }
    fn log_1p(self) -> Self {
        let below = 1.0 + self.head;
        if below.is_nan() || below <= 4.0 * self.error {
            return Self::unknown();
        }
        if !(-0.5..1.0).contains(&self.head) {
            return self.add(Self::exact(1.0)).log();
        }
        let guess = Self::exact(self.head.ln_1p());
        let own = self.without_error();
        let m = guess.neg().exp_m1();
        let e = own.add(m).add(own.mul(m));
        let correction = e.sub(e.mul(e).scaled(0.5));
        guess.add(correction).with(2.5 * self.error)
    }
    fn sin(self) -> Self {
        self.sin_cos().0
    }
    fn cos(self) -> Self {
        self.sin_cos().1
    }
    fn atan(self) -> Self {
        let guess = Self::exact(self.head.atan());
        let (sine, cosine) = guess.sin_cos();
        let own = self.without_error();
        let delta = own.mul(cosine).sub(sine).div(cosine.add(own.mul(sine)));
        guess.add(delta).with(self.error)
    }
    fn erf(self) -> Self {
        if self.head < 0.0 {
            return self.neg().erf().neg();
        }
        if self.head < 3.0 {
            self.erf_series()
        } else {
            Self::exact(1.0).sub(self.erfc_fraction())
        }
    }
    fn normal(self) -> Self {
        let t = self.abs().mul(Self::constant(
            std::f64::consts::FRAC_1_SQRT_2,
            -4.833646656726457e-17,
        ));
        let upper = if t.head < 3.0 {
            Self::exact(1.0).sub(t.erf_series())
        } else {
            t.erfc_fraction()
        };
        let twice = if self.head < 0.0 {
            upper
        } else {
            Self::exact(2.0).sub(upper)
        };
        twice.scaled(0.5)
    }
}
