//! Multiply and add with one rounding, and the square root: what a processor rounds correctly.

/// `a * b + c` rounded once, by the processor or its library.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) fn fused(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

/// The square root rounded once, by the processor or its library.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

/// `a * b + c` rounded once, by the processor or its library.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) fn fused_single(a: f32, b: f32, c: f32) -> f32 {
    a.mul_add(b, c)
}

/// The square root rounded once, by the processor or its library.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) fn sqrt_single(x: f32) -> f32 {
    x.sqrt()
}

/// The same in integers, and in `f64` for the narrower type.
#[cfg(not(feature = "std"))]
pub(crate) use integer::{fused, fused_single, sqrt, sqrt_single};

/// A finite number as `integer * 2^exponent`, the integer below 2^53.
pub(super) fn parts(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 {
        (fraction, -1074)
    } else {
        (fraction | (1 << 52), exponent - 1075)
    }
}

#[cfg(any(test, not(feature = "std")))]
mod integer {
    use super::parts;

    /// `integer * 2^exponent` rounded to nearest, ties to even; `sticky` says that a little more lies above the integer.
    fn round(negative: bool, integer: u128, exponent: i32, sticky: bool) -> f64 {
        let length = 128 - integer.leading_zeros().cast_signed();
        // The last bit that the result can hold: 53 bits, or the last of the subnormal numbers.
        let drop = (length - 53).max(-1074 - exponent);
        let (mut kept, exponent) = if drop <= 0 {
            (integer << -drop, exponent + drop)
        } else if drop > 127 {
            (0, exponent + drop)
        } else {
            let half = 1u128 << (drop - 1);
            let (kept, below) = (integer >> drop, integer & ((1 << drop) - 1));
            let up = below > half || (below == half && (sticky || kept & 1 == 1));
            (kept + u128::from(up), exponent + drop)
        };
        let mut exponent = exponent;
        if kept == 1 << 53 {
            kept >>= 1;
            exponent += 1;
        }
        let bits = if exponent > 971 {
            f64::INFINITY.to_bits()
        } else if kept < 1 << 52 {
            kept as u64
        } else {
            (kept as u64 & ((1 << 52) - 1)) | (((exponent + 1075) as u64) << 52)
        };
        f64::from_bits(bits | (u64::from(negative) << 63))
    }

    /// `a * b + c` rounded once.
    pub(crate) fn fused(a: f64, b: f64, c: f64) -> f64 {
        if !(a.is_finite() && b.is_finite() && c.is_finite()) || a == 0.0 || b == 0.0 {
            return a * b + c;
        }
        let ((a_integer, a_exponent), (b_integer, b_exponent)) = (parts(a), parts(b));
        let (mut product, mut scale) = (
            u128::from(a_integer) * u128::from(b_integer),
            a_exponent + b_exponent,
        );
        let negative = a.is_sign_negative() != b.is_sign_negative();
        if c == 0.0 {
            return round(negative, product, scale, false);
        }
        // The product to the top, two bits free for the sum; the addend to the same exponent, what falls off is sticky.
        let free = product.leading_zeros().cast_signed() - 2;
        product <<= free;
        scale -= free;
        let (c_integer, c_exponent) = parts(c);
        let c_wide = u128::from(c_integer) << 73;
        let c_scale = c_exponent - 73;
        let shift = |integer: u128, by: i32| {
            if by > 127 {
                (0, true)
            } else {
                (integer >> by, integer & ((1u128 << by) - 1) != 0)
            }
        };
        let ((product, product_sticky), (addend, addend_sticky), scale) = if scale >= c_scale {
            ((product, false), shift(c_wide, scale - c_scale), scale)
        } else {
            (shift(product, c_scale - scale), (c_wide, false), c_scale)
        };
        let sticky = product_sticky || addend_sticky;
        if negative == c.is_sign_negative() {
            return round(negative, product + addend, scale, sticky);
        }
        // The smaller is subtracted; what fell off it makes the difference a little less than the integers say.
        let (larger, smaller, sign) = if product >= addend {
            (product, addend, negative)
        } else {
            (addend, product, !negative)
        };
        let difference = larger - smaller;
        if difference == 0 && !sticky {
            return 0.0;
        }
        if sticky {
            round(sign, difference - 1, scale, true)
        } else {
            round(sign, difference, scale, false)
        }
    }

    /// `a * b + c` rounded once: the product is exact in `f64`, and their sum is rounded to odd there, so that the second rounding
    /// sees what the first one left out.
    pub(crate) fn fused_single(a: f32, b: f32, c: f32) -> f32 {
        let (product, addend) = (f64::from(a) * f64::from(b), f64::from(c));
        let sum = product + addend;
        let part = sum - product;
        let error = (product - (sum - part)) + (addend - part);
        // NaN and infinities have no error that is a number.
        if error.is_nan() || error == 0.0 || sum.to_bits() & 1 == 1 {
            return sum as f32;
        }
        let away = (error > 0.0) == (sum > 0.0);
        let bits = sum.to_bits();
        f64::from_bits(if away { bits + 1 } else { bits - 1 }) as f32
    }

    /// The square root rounded once: 53 bits of it round to 24 as all of it does.
    pub(crate) fn sqrt_single(x: f32) -> f32 {
        sqrt(f64::from(x)) as f32
    }

    /// The square root rounded once.
    pub(crate) fn sqrt(x: f64) -> f64 {
        if x < 0.0 {
            return f64::NAN;
        }
        if !(x > 0.0 && x.is_finite()) {
            return x;
        }
        // To the top with an even exponent: so the root has 63 or 64 bits.
        let (integer, exponent) = parts(x);
        let mut free = u128::from(integer).leading_zeros().cast_signed();
        free -= (exponent - free) & 1;
        let wide = u128::from(integer) << free;
        let root = wide.isqrt();
        round(false, root, (exponent - free) / 2, root * root != wide)
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::integer;

    /// Numbers of every size whose sums cancel, carry, overflow and are subnormal.
    #[test]
    fn integers_round_as_the_processor_does() {
        let mut state = 1_u64;
        let mut random = || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            state ^ (state >> 29)
        };
        let number = |bits: u64, spread: u64| {
            let exponent = 1023 - spread / 2 + (bits >> 55) % spread.max(1);
            f64::from_bits((bits & ((1 << 52) - 1)) | (exponent << 52) | (bits << 63))
        };
        for round in 0..400_000_u64 {
            let spread = [1, 8, 120, 1000, 2040][(round % 5) as usize];
            let (a, b) = (number(random(), spread), number(random(), spread));
            let c = match round % 7 {
                0 => -(a * b),
                1 => -(a * b) * (1.0 + f64::EPSILON),
                2 => f64::from_bits(random() % 1000),
                _ => number(random(), spread),
            };
            let (ours, processor) = (integer::fused(a, b, c), a.mul_add(b, c));
            assert!(
                ours.to_bits() == processor.to_bits() || (ours.is_nan() && processor.is_nan()),
                "{a:e} * {b:e} + {c:e}: {ours:e} and {processor:e}"
            );
        }
    }

    /// The same for the narrower type, subnormal results and ties included.
    #[test]
    fn sums_in_the_wider_type_round_as_the_processor_does() {
        let mut state = 7_u64;
        let mut random = || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 32) as u32
        };
        for round in 0..1_000_000_u32 {
            let spread = [0x7fff_ffff, 0x00ff_ffff, 0x3fff_ffff][(round % 3) as usize];
            let number = |bits: u32| f32::from_bits((bits & spread) | (bits & 0x8000_0000));
            let (a, b) = (number(random()), number(random()));
            let c = match round % 5 {
                0 => -(a * b),
                1 => f32::from_bits((a * b).to_bits().wrapping_add(1 << 23)),
                2 => f32::from_bits(random() % 1000),
                _ => number(random()),
            };
            let (ours, processor) = (integer::fused_single(a, b, c), a.mul_add(b, c));
            assert!(
                ours.to_bits() == processor.to_bits() || (ours.is_nan() && processor.is_nan()),
                "{a:e} * {b:e} + {c:e}: {ours:e} and {processor:e}"
            );
            let (ours, processor) = (integer::sqrt_single(a), a.sqrt());
            assert!(ours.to_bits() == processor.to_bits() || (ours.is_nan() && processor.is_nan()));
        }
    }

    #[test]
    fn roots_round_as_the_processor_does() {
        let mut bits = 1_u64;
        for _ in 0..400_000 {
            bits = bits
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            let x = f64::from_bits(bits & !(1 << 63));
            for x in [
                x,
                f64::from_bits(bits >> 12),
                f64::from((bits >> 40) as u32).powi(2),
            ] {
                let (ours, processor) = (integer::sqrt(x), x.sqrt());
                assert!(
                    ours.to_bits() == processor.to_bits() || (ours.is_nan() && processor.is_nan()),
                    "the root of {x:e}: {ours:e} and {processor:e}"
                );
            }
        }
        for x in [
            0.0,
            -0.0,
            f64::INFINITY,
            f64::MAX,
            f64::MIN_POSITIVE,
            f64::from_bits(1),
        ] {
            assert_eq!(integer::sqrt(x).to_bits(), x.sqrt().to_bits(), "{x:e}");
        }
        assert!(integer::sqrt(-1.0).is_nan() && integer::sqrt(f64::NAN).is_nan());
    }

    #[test]
    fn zeros_and_infinities_are_kept() {
        for (a, b, c) in [
            (0.0, 5.0, -0.0),
            (-0.0, 5.0, -0.0),
            (f64::INFINITY, 1.0, -1.0),
            (2.0, 3.0, -0.0),
            (1.0, 1.0, -1.0),
        ] {
            assert_eq!(
                integer::fused(a, b, c).to_bits(),
                f64::mul_add(a, b, c).to_bits()
            );
        }
        assert!(integer::fused(f64::INFINITY, 1.0, f64::NEG_INFINITY).is_nan());
    }
}
