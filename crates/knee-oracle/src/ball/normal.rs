//! The error function and the normal distribution.

use dashu_float::round::Rounded;

use super::{Ball, Float, Precision, magnitude};

impl Precision {
    pub(crate) fn erf(&mut self, x: &Ball) -> Ball {
        if x.is_negative() {
            return self.erf(&x.clone().neg()).neg();
        }
        if self.series_is_shorter(x) {
            self.erf_series(x)
        } else {
            let rest = self.erfc_fraction(x);
            self.sub(&Ball::integer(1), &rest)
        }
    }

    /// The distribution function of the standard normal, `erfc(-x / sqrt(2)) / 2`.
    pub(crate) fn normal(&mut self, x: &Ball) -> Ball {
        let root = self.sqrt(&Ball::integer(2));
        let t = self.div(&x.clone().abs(), &root);
        let series = self.series_is_shorter(&t);
        let upper = if series {
            let erf = self.erf_series(&t);
            self.sub(&Ball::integer(1), &erf)
        } else {
            self.erfc_fraction(&t)
        };
        let twice = if x.is_negative() {
            upper
        } else {
            self.sub(&Ball::integer(2), &upper)
        };
        self.div(&twice, &Ball::integer(2))
    }

    /// The density of the standard normal.
    pub(crate) fn density(&mut self, x: &Ball) -> Ball {
        let square = self.mul(x, x);
        let e = self.exp(&self.div(&square, &Ball::integer(-2)));
        let pi = self.pi();
        let root = self.sqrt(&self.mul(&pi, &Ball::integer(2)));
        self.div(&e, &root)
    }

    /// Whether the series of `erf` needs fewer terms than the fraction of `erfc`. The subtraction from 1 costs `1.44 x^2` bits.
    fn series_is_shorter(&self, x: &Ball) -> bool {
        x.magnitude() < 20 && {
            let x = x.mid.to_f64().value();
            x * x < 0.2 * self.bits as f64
        }
    }

    /// `2 / sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!`: all terms have one sign, so nothing cancels.
    fn erf_series(&mut self, x: &Ball) -> Ball {
        let square = self.mul(x, x);
        let twice = self.mul(&square, &Ball::integer(2));
        let (mut term, mut sum) = (x.clone(), x.clone());
        for n in 1_i64.. {
            let product = self.mul(&term, &twice);
            term = self.div(&product, &Ball::integer(2 * n + 1));
            sum = self.add(&sum, &term);
            // Once the terms shrink by more than half, what is left is below the last one.
            let shrinks = twice.magnitude() < 60 && twice.mid.to_f64().value() < n as f64;
            if shrinks && term.magnitude() < sum.magnitude() - self.bits {
                sum.error = sum.error.max(term.magnitude()) + 1;
                break;
            }
            if term.mid.repr().significand().is_zero() {
                break;
            }
        }
        let e = self.exp(&square.neg());
        let pi = self.pi();
        let root = self.sqrt(&pi);
        let product = self.mul(&e, &sum);
        let product = self.mul(&product, &Ball::integer(2));
        self.div(&product, &root)
    }

    /// `erfc` by its continued fraction `exp(-x^2) / sqrt(pi) / (x + (1/2)/(x + (2/2)/(x + ...)))`.
    ///
    /// Neighbouring convergents lie on both sides of the value, so their distance bounds the error.
    fn erfc_fraction(&mut self, x: &Ball) -> Ball {
        let square = self.mul(x, x);
        let e = self.exp(&square.clone().neg());
        if e.mid.repr().significand().is_zero() {
            return e;
        }
        let size = x.mid.to_f64().value();
        let nats = self.bits as f64 * std::f64::consts::LN_2;
        let terms = ((nats / size).powi(2) / 8.0 * 1.05) as i64 + 12;
        // Numerators and denominators of two convergents, by the recurrence a_k = x a_(k-1) + k/2 a_(k-2). The operands are
        // positive, so the error grows by a rounding in each step.
        let mut above = (Float::ONE, x.mid.clone());
        let mut below = (Float::ZERO, Float::ONE);
        let context = self.context;
        let step = |old: &Float, new: &Float, k: i64| {
            let half = Float::from_parts(k.into(), -1);
            let grown = context.mul(new.repr(), x.mid.repr());
            let added = context.mul(old.repr(), half.repr());
            let (Ok(grown), Ok(added)) = (grown, added) else {
                return Float::ZERO;
            };
            context
                .add(grown.value().repr(), added.value().repr())
                .map_or(Float::ZERO, Rounded::value)
        };
        for k in 1..=terms {
            above = (above.1.clone(), step(&above.0, &above.1, k));
            below = (below.1.clone(), step(&below.0, &below.1, k));
        }
        let steps = 64 - i64::from((3 * terms).leading_zeros());
        let ball = |value: Float| {
            let error = magnitude(&value) - self.bits + steps + 1;
            Ball::with_error(value, error)
        };
        let last = self.div(&ball(below.1), &ball(above.1));
        let previous = self.div(&ball(below.0), &ball(above.0));
        let gap = self.sub(&last, &previous);
        let mut fraction = last;
        fraction.error = fraction.error.max(gap.magnitude()) + 1;
        // The error of x itself: the fraction's slope is below 1 in absolute value for x >= 1.
        if !x.is_exact() {
            fraction.error = fraction.error.max(x.error) + 1;
        }
        let pi = self.pi();
        let root = self.sqrt(&pi);
        let product = self.mul(&e, &fraction);
        self.div(&product, &root)
    }
}
