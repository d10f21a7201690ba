//! The oracle: the textbook formulas, independent of the library and in far more digits.
//!
//! They are written once over a [`Real`]: [`Big`] has 320 bits (dashu), and `f64` with the functions of
//! pxfm is quick enough for a dense sample of `f32`. How good the quick one is, is measured against the other.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Neg, Sub};

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use knee::Function;

/// A number that the textbook formulas can be evaluated with.
pub(crate) trait Real:
    Clone
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    fn of(value: f64) -> Self;
    fn exp(self) -> Self;
    fn exp_m1(self) -> Self;
    fn ln_1p(self) -> Self;
    fn tanh(self) -> Self;
    fn cosh(self) -> Self;
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    fn sqrt(self) -> Self;
    fn pi() -> Self;
    fn erf(self) -> Self;
    /// `erfc` of a number that is not negative.
    fn erfc(self) -> Self;
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn exp(self) -> Self {
        pxfm::f_exp(self)
    }
    fn exp_m1(self) -> Self {
        pxfm::f_expm1(self)
    }
    fn ln_1p(self) -> Self {
        pxfm::f_log1p(self)
    }
    fn tanh(self) -> Self {
        pxfm::f_tanh(self)
    }
    fn cosh(self) -> Self {
        pxfm::f_cosh(self)
    }
    fn sin(self) -> Self {
        pxfm::f_sin(self)
    }
    fn cos(self) -> Self {
        pxfm::f_cos(self)
    }
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    fn pi() -> Self {
        std::f64::consts::PI
    }
    fn erf(self) -> Self {
        pxfm::f_erf(self)
    }
    fn erfc(self) -> Self {
        pxfm::f_erfc(self)
    }
}

/// A number with 320 bits.
#[derive(Clone, Debug)]
pub(crate) struct Big(FBig<HalfEven, 2>);

const BITS: usize = 320;

impl Big {
    fn wrap(value: FBig<HalfEven, 2>) -> Self {
        Self(value.with_precision(BITS).value())
    }

    pub(crate) fn power_of_two(exponent: i64) -> Self {
        Self::wrap(FBig::from_parts(1.into(), exponent as isize))
    }

    /// `k` with `2^k <= |self| < 2^(k+1)`; `None` for zero.
    pub(crate) fn exponent(&self) -> Option<i64> {
        let repr = self.0.repr();
        let bits = repr.digits().cast_signed() as i64;
        (bits > 0 && *self != Self::of(0.0)).then(|| repr.exponent() as i64 + bits - 1)
    }

    pub(crate) fn to_f64(&self) -> f64 {
        self.0.to_f64().value()
    }

    /// The number, or the bound of exponents that `exp` is asked for: `exp(-100000)` is below every number of every type.
    fn bounded(self) -> Self {
        let bound = Self::of(1e5);
        if self > bound {
            bound
        } else if self < -bound.clone() {
            -bound
        } else {
            self
        }
    }

    /// `erfc` for `x >= 2` by its continued fraction, from the inside out. 600 terms are right to 2^-190 at 2.
    pub(crate) fn erfc_fraction(&self) -> Self {
        let mut value = self.clone();
        for k in (1..=600).rev() {
            value = self.clone() + Self::of(f64::from(k) / 2.0) / value;
        }
        (-(self.clone() * self.clone())).exp() / Self::pi().sqrt() / value
    }

    /// `erf` by its power series, for numbers below 3.
    pub(crate) fn erf_series(&self) -> Self {
        let square = self.clone() * self.clone();
        let (mut term, mut sum) = (self.clone(), self.clone());
        for n in 1..250 {
            term = -term * square.clone() / Self::of(f64::from(n));
            sum = sum + term.clone() / Self::of(f64::from(2 * n + 1));
        }
        sum * Self::of(2.0) / Self::pi().sqrt()
    }
}

impl PartialEq for Big {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident $op:tt),+) => {
        $(impl $trait for Big {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Self::wrap(self.0 $op other.0)
            }
        })+
    };
}
operator!(Add add +, Sub sub -, Mul mul *, Div div /);

impl Neg for Big {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Real for Big {
    fn of(value: f64) -> Self {
        Self::wrap(FBig::try_from(value).expect("a finite number"))
    }
    fn exp(self) -> Self {
        Self::wrap(self.bounded().0.exp())
    }
    fn exp_m1(self) -> Self {
        Self::wrap(self.bounded().0.exp_m1())
    }
    fn ln_1p(self) -> Self {
        Self::wrap(self.0.ln_1p())
    }
    fn tanh(self) -> Self {
        Self::wrap(self.bounded().0.tanh())
    }
    fn cosh(self) -> Self {
        Self::wrap(self.bounded().0.cosh())
    }
    fn sin(self) -> Self {
        Self::wrap(self.0.sin())
    }
    fn cos(self) -> Self {
        Self::wrap(self.0.cos())
    }
    fn sqrt(self) -> Self {
        Self::wrap(self.0.sqrt())
    }
    fn pi() -> Self {
        // 16 arctan(1/5) - 4 arctan(1/239), once.
        static PI: std::sync::OnceLock<Big> = std::sync::OnceLock::new();
        let arctan_inverse = |n: f64| {
            let (square, mut power) = (Self::of(n * n), Self::of(1.0) / Self::of(n));
            let mut sum = power.clone();
            for k in 1..150 {
                power = -power / square.clone();
                sum = sum + power.clone() / Self::of(f64::from(2 * k + 1));
            }
            sum
        };
        PI.get_or_init(|| {
            Self::of(16.0) * arctan_inverse(5.0) - Self::of(4.0) * arctan_inverse(239.0)
        })
        .clone()
    }
    fn erf(self) -> Self {
        if self < Self::of(0.0) {
            return -Self::erf(-self);
        }
        if self < Self::of(2.0) {
            self.erf_series()
        } else {
            Self::of(1.0) - self.erfc_fraction()
        }
    }
    fn erfc(self) -> Self {
        if self < Self::of(2.0) {
            Self::of(1.0) - self.erf_series()
        } else {
            self.erfc_fraction()
        }
    }
}

/// `1 / (1 + exp(-z))`.
fn logistic<R: Real>(z: R) -> R {
    R::of(1.0) / (R::of(1.0) + (-z).exp())
}

/// The distribution function of the standard normal.
fn normal<R: Real>(x: &R) -> R {
    let half = R::of(0.5);
    let a = x.clone() / R::of(2.0).sqrt();
    if *x < R::of(0.0) {
        half * (-a).erfc()
    } else {
        R::of(1.0) - half * a.erfc()
    }
}

/// `x * logistic(b x)` and its derivative.
fn swish<R: Real>(x: R, b: R) -> (R, R) {
    let z = b * x.clone();
    let (s, other) = (logistic(z.clone()), logistic(-z.clone()));
    (x * s.clone(), s.clone() + s * z * other)
}

/// Of `min(max(x, low), high)` with outer slopes at the knots.
fn between<R: Real>(x: &R, low: f64, high: f64, inner: (R, R), outer: [(R, R); 2]) -> (R, R) {
    let [below, above] = outer;
    if low.is_finite() && *x <= R::of(low) {
        below
    } else if high.is_finite() && *x >= R::of(high) {
        above
    } else {
        inner
    }
}

/// The value and the derivative by the textbook, at a finite argument.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each function of the list"
)]
pub(crate) fn truth<R: Real>(function: &Function, x: f64) -> (R, R) {
    let parameters = function.parameters();
    let p = |name: &str| {
        parameters
            .iter()
            .find(|p| p.name == name)
            .expect("a parameter of the function")
            .value
    };
    let r = |name: &str| R::of(p(name));
    let (zero, one, two) = (R::of(0.0), R::of(1.0), R::of(2.0));
    let number = x;
    let x = R::of(x);
    let positive = number > 0.0;
    match function.name() {
        "identity" => (x, one),
        "relu" => {
            if positive {
                (x, one)
            } else {
                (zero.clone(), zero)
            }
        }
        "leaky_relu" => {
            if positive {
                (x, one)
            } else {
                (x * r("negative_slope"), r("negative_slope"))
            }
        }
        "relu6" => between(
            &x.clone(),
            0.0,
            6.0,
            (x, one),
            [(zero.clone(), zero.clone()), (R::of(6.0), zero)],
        ),
        "elu" if !positive => (r("alpha") * x.clone().exp_m1(), r("alpha") * x.exp()),
        "elu" | "celu" if positive => (x, one),
        "selu" if positive => (r("scale") * x, r("scale")),
        "selu" => (
            r("scale") * r("alpha") * x.clone().exp_m1(),
            r("scale") * r("alpha") * x.exp(),
        ),
        "celu" => {
            let scaled = x / r("alpha");
            (r("alpha") * scaled.clone().exp_m1(), scaled.exp())
        }
        "sigmoid" => (logistic(x.clone()), logistic(x.clone()) * logistic(-x)),
        "hard_sigmoid" | "hard_sigmoid_02" => {
            // 1/6 and 1/5 stand for themselves, not for the numbers nearest to them.
            let nearest = |n: f64| p("alpha") == 1.0 / n;
            let divisor = [4.0, 5.0, 6.0].into_iter().find(|&n| nearest(n));
            let alpha = divisor.map_or(r("alpha"), |n| one.clone() / R::of(n));
            let line = match divisor {
                Some(n) => (x + r("beta") * R::of(n)) / R::of(n),
                None => alpha.clone() * x + r("beta"),
            };
            if line <= zero {
                (zero.clone(), zero)
            } else if line >= one {
                (one, zero)
            } else {
                (line, alpha)
            }
        }
        "tanh" => {
            let cosh = x.clone().cosh();
            (x.tanh(), one / (cosh.clone() * cosh))
        }
        "hard_tanh" => {
            let (low, high) = (p("min_val"), p("max_val"));
            let limit = |v: f64| {
                (
                    if v.is_finite() { R::of(v) } else { R::of(0.0) },
                    R::of(0.0),
                )
            };
            between(&x.clone(), low, high, (x, one), [limit(low), limit(high)])
        }
        "softplus" => {
            let z = r("beta") * x.clone();
            if p("threshold").is_finite() && z > r("threshold") {
                (x, one)
            } else if positive {
                (x + (-z.clone()).exp().ln_1p() / r("beta"), logistic(z))
            } else {
                (z.clone().exp().ln_1p() / r("beta"), logistic(z))
            }
        }
        "log_sigmoid" if positive => (-(-x.clone()).exp().ln_1p(), logistic(-x)),
        "log_sigmoid" => (x.clone() - x.clone().exp().ln_1p(), logistic(-x)),
        "silu" => swish(x, one),
        "swish_beta" => swish(x, r("beta")),
        "quick_gelu" => swish(x, r("alpha")),
        "hard_swish" => {
            let six = R::of(6.0);
            let inner = (
                x.clone() * (x.clone() + R::of(3.0)) / six.clone(),
                (two * x.clone() + R::of(3.0)) / six,
            );
            between(
                &x.clone(),
                -3.0,
                3.0,
                inner,
                [(zero.clone(), zero), (x, one)],
            )
        }
        "gelu" => {
            let phi = (-(x.clone() * x.clone()) / two.clone()).exp() / (two * R::pi()).sqrt();
            (x.clone() * normal(&x), normal(&x) + x * phi)
        }
        "gelu_tanh" => {
            let (scale, cubic) = (
                two.clone() * (two / R::pi()).sqrt(),
                R::of(44715.0) / R::of(1000000.0),
            );
            let square = x.clone() * x.clone();
            let z = scale.clone() * x.clone() * (one.clone() + cubic.clone() * square.clone());
            let slope = scale * (one + R::of(3.0) * cubic * square);
            let s = logistic(z.clone());
            (
                x.clone() * s.clone(),
                s.clone() + x * s * logistic(-z) * slope,
            )
        }
        "mish" => {
            let softplus = if positive {
                x.clone() + (-x.clone()).exp().ln_1p()
            } else {
                x.clone().exp().ln_1p()
            };
            let (t, cosh) = (softplus.clone().tanh(), softplus.cosh());
            (
                x.clone() * t.clone(),
                t + x.clone() * logistic(x) / (cosh.clone() * cosh),
            )
        }
        "sine" => {
            let z = r("w0") * x;
            (z.clone().sin(), r("w0") * z.cos())
        }
        "exp" => (x.clone().exp(), x.exp()),
        "erf" => (
            x.clone().erf(),
            two / R::pi().sqrt() * (-(x.clone() * x)).exp(),
        ),
        name => panic!("the oracle does not know {name}; add its textbook formula here"),
    }
}
