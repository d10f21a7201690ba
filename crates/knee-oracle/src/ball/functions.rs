//! The functions of the formula language, with bounds of their errors.

use super::{Ball, EXACT, Float, Precision, magnitude};

/// `exp` stops here: `exp(100000)` is beyond every number of every type, and whatever grows further stays beyond.
const EXP_HIGH: f64 = 1e5;
/// Below it `exp` is taken as the value there, which is positive and under `2^-1440000`, so that a quotient of two such numbers
/// exists; much farther than [`EXP_HIGH`], so that their product is small.
const EXP_LOW: f64 = -1e6;

fn above(x: &Float, bound: f64) -> bool {
    Float::try_from(bound).is_ok_and(|bound| *x > bound)
}

fn below(x: &Float, bound: f64) -> bool {
    Float::try_from(bound).is_ok_and(|bound| *x < bound)
}

/// A function of dashu, rounded correctly to the precision. It takes some results for exact, such as the cosine of a small number,
/// which are not: only those of 0 are, and the logarithm of 1, which is 0.
macro_rules! rounded {
    ($self:ident, $method:ident, $x:expr, $error:expr) => {{
        let result = $self
            .context
            .$method($x.mid.repr(), Some(&mut $self.constants));
        match result {
            Ok(result) => {
                let mid = result.value();
                let error: i64 = $error(magnitude(&mid));
                let error = if $x.is_exact() { EXACT } else { error };
                let own = magnitude(&mid) - $self.bits as i64;
                if $x.sign() == Some(0) {
                    Ball::with_error(mid, error)
                } else {
                    Ball::with_error(mid, error.max(own) + 1)
                }
            }
            Err(_) => Ball::unknown(),
        }
    }};
}

impl Precision {
    pub(crate) fn exp(&mut self, x: &Ball) -> Ball {
        if below(&x.mid, EXP_LOW) && x.error < x.magnitude() - 1 {
            return self.exp(&Ball::float(EXP_LOW));
        }
        if above(&x.mid, EXP_HIGH) && x.error < x.magnitude() - 1 {
            return self.exp(&Ball::float(EXP_HIGH));
        }
        if x.error > 0 {
            return Ball::unknown();
        }
        // exp(r) - 1 <= 2 r for r <= 1.
        rounded!(self, exp, x, |m| m + x.error + 1)
    }

    pub(crate) fn exp_m1(&mut self, x: &Ball) -> Ball {
        if x.magnitude() > 10 {
            let e = self.exp(x);
            return self.sub(&e, &Ball::integer(1));
        }
        if x.error > 0 {
            return Ball::unknown();
        }
        rounded!(self, exp_m1, x, |m: i64| m.max(0) + x.error + 2)
    }

    pub(crate) fn log(&mut self, x: &Ball) -> Ball {
        if x.sign() != Some(1) || x.error > x.magnitude() - 3 {
            return Ball::unknown();
        }
        rounded!(self, ln, x, |_| x.error - x.magnitude() + 2)
    }

    pub(crate) fn log_1p(&mut self, x: &Ball) -> Ball {
        if x.magnitude() > -1 || x.error > -3 {
            let sum = self.add(x, &Ball::integer(1));
            return self.log(&sum);
        }
        rounded!(self, ln_1p, x, |_| x.error + 2)
    }

    pub(crate) fn sqrt(&mut self, x: &Ball) -> Ball {
        match x.sign() {
            Some(0) => return x.clone(),
            Some(1) if x.error < x.magnitude() - 3 => {}
            // A number that may be zero has a root below the root of its bound.
            None if !x.is_negative() || x.error > x.magnitude() => {
                return Ball::tiny(x.error.max(x.magnitude()) / 2 + 2);
            }
            _ => return Ball::unknown(),
        }
        match self.context.sqrt(x.mid.repr()) {
            Ok(root) => {
                let error = x.error - magnitude(root.value_ref()) + 2;
                self.rounded(root, if x.is_exact() { EXACT } else { error })
            }
            Err(_) => Ball::unknown(),
        }
    }

    pub(crate) fn sin(&mut self, x: &Ball) -> Ball {
        if x.error > 0 {
            return Ball::unknown();
        }
        rounded!(self, sin, x, |_| x.error)
    }

    pub(crate) fn cos(&mut self, x: &Ball) -> Ball {
        if x.error > 0 {
            return Ball::unknown();
        }
        rounded!(self, cos, x, |_| x.error)
    }

    pub(crate) fn atan(&mut self, x: &Ball) -> Ball {
        rounded!(self, atan, x, |_| x.error)
    }

    /// `-expm1(-2|x|) / (2 + expm1(-2|x|))` with the sign of `x`.
    pub(crate) fn tanh(&mut self, x: &Ball) -> Ball {
        let twice = self.mul(&x.clone().abs(), &Ball::integer(-2));
        let e = self.exp_m1(&twice);
        let two = self.add(&e, &Ball::integer(2));
        let tanh = self.div(&e, &two);
        if x.is_negative() { tanh } else { tanh.neg() }
    }

    /// `1 / cosh(x)^2`, the slope of tanh.
    pub(crate) fn sech_squared(&mut self, x: &Ball) -> Ball {
        let twice = self.mul(&x.clone().abs(), &Ball::integer(-2));
        let e = self.exp(&twice);
        let sum = self.add(&e, &Ball::integer(1));
        let quotient = self.div(&e, &self.power(&sum, 2));
        self.mul(&quotient, &Ball::integer(4))
    }

    pub(crate) fn sigmoid(&mut self, x: &Ball) -> Ball {
        let e = self.exp(&x.clone().abs().neg());
        let sum = self.add(&e, &Ball::integer(1));
        let numerator = if x.is_negative() { e } else { Ball::integer(1) };
        self.div(&numerator, &sum)
    }

    /// `max(x, 0) + log(1 + exp(-|x|))`.
    pub(crate) fn softplus(&mut self, x: &Ball) -> Ball {
        let e = self.exp(&x.clone().abs().neg());
        let bend = self.log_1p(&e);
        if x.is_negative() {
            bend
        } else {
            self.add(x, &bend)
        }
    }
}
