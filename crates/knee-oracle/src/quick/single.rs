//! An `f64` and a bound of its error; the functions are those of pxfm, which are right to one unit in the last place.

use super::Quick;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Single {
    value: f64,
    error: f64,
}

/// More than the error of one operation or one function.
const ROUNDING: f64 = 1.0 / (1_u64 << 51) as f64;

/// `a * b - product` exactly, if nothing underflows.
fn product_error(a: f64, b: f64, product: f64) -> f64 {
    a.mul_add(b, -product)
}

/// A result with the error that its arguments contribute, and its own.
fn rounded(value: f64, error: f64) -> Single {
    if value.is_finite() && error.is_finite() {
        Single {
            value,
            error: error * 1.0001 + value.abs() * ROUNDING + f64::MIN_POSITIVE,
        }
    } else {
        Single::unknown()
    }
}

impl Quick for Single {
    fn exact(value: f64) -> Self {
        Self { value, error: 0.0 }
    }
    fn constant(head: f64, tail: f64) -> Self {
        Self {
            value: head,
            error: tail.abs() * 1.0001,
        }
    }
    fn unknown() -> Self {
        Self {
            value: 0.0,
            error: f64::INFINITY,
        }
    }
    fn head(self) -> f64 {
        self.value
    }
    fn error(self) -> f64 {
        self.error
    }
    fn neg(self) -> Self {
        Self {
            value: -self.value,
            error: self.error,
        }
    }
    fn add(self, other: Self) -> Self {
        let sum = self.value + other.value;
        let part = sum - self.value;
        let rest = (self.value - (sum - part)) + (other.value - part);
        if rest == 0.0 {
            // An exact sum, as of 0 and anything.
            return Self {
                value: sum,
                error: (self.error + other.error) * 1.0001,
            };
        }
        rounded(sum, self.error + other.error)
    }
    fn mul(self, other: Self) -> Self {
        let product = self.value * other.value;
        let error = self.value.abs() * other.error
            + other.value.abs() * self.error
            + self.error * other.error;
        let large = product.abs() > 1e-200 || product == 0.0;
        if large && product_error(self.value, other.value, product) == 0.0 {
            return Self {
                value: product,
                error: error * 1.0001,
            };
        }
        rounded(product, error)
    }
    fn div(self, other: Self) -> Self {
        let least = other.value.abs() - other.error;
        if least > 0.0 {
            let quotient = self.value / other.value;
            rounded(
                quotient,
                (self.error + quotient.abs() * other.error) / least,
            )
        } else {
            Self::unknown()
        }
    }
    fn sqrt(self) -> Self {
        if self.value > 2.0 * self.error {
            let root = self.value.sqrt();
            rounded(root, self.error / root)
        } else {
            Self::unknown()
        }
    }
    fn exp(self) -> Self {
        if self.value < -1000.0 && self.error < 0.25 * self.value.abs() {
            // exp(-750) is below every f64.
            return Self {
                value: 0.0,
                error: f64::MIN_POSITIVE,
            };
        }
        let e = pxfm::f_exp(self.value);
        if self.error < 0.5 {
            rounded(e, e * self.error * 2.0)
        } else {
            Self::unknown()
        }
    }
    fn exp_m1(self) -> Self {
        if self.error < 0.5 {
            let e = pxfm::f_expm1(self.value);
            rounded(e, (e + 1.0) * self.error * 2.0)
        } else {
            Self::unknown()
        }
    }
    fn log(self) -> Self {
        if self.value > 2.0 * self.error {
            rounded(pxfm::f_log(self.value), 2.0 * self.error / self.value)
        } else {
            Self::unknown()
        }
    }
    fn log_1p(self) -> Self {
        if self.value + 1.0 > 2.0 * self.error {
            let slope = 2.0 / (1.0 + self.value);
            rounded(pxfm::f_log1p(self.value), slope * self.error)
        } else {
            Self::unknown()
        }
    }
    fn sin(self) -> Self {
        rounded(pxfm::f_sin(self.value), self.error)
    }
    fn cos(self) -> Self {
        rounded(pxfm::f_cos(self.value), self.error)
    }
    fn atan(self) -> Self {
        rounded(pxfm::f_atan(self.value), self.error)
    }
    fn erf(self) -> Self {
        rounded(pxfm::f_erf(self.value), 1.13 * self.error)
    }
    fn normal(self) -> Self {
        let t = self.mul(Self::constant(
            -std::f64::consts::FRAC_1_SQRT_2,
            4.833646656726457e-17,
        ));
        // The slope of erfc, with room for the change of it within the error.
        let slope = 1.2 * pxfm::f_exp(-(t.value * t.value));
        if t.error * (1.0 + t.value.abs()) < 0.01 {
            rounded(0.5 * pxfm::f_erfc(t.value), 0.55 * slope * t.error)
        } else {
            Self::unknown()
        }
    }
}
