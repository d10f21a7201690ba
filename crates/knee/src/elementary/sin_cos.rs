//! Sine and cosine of a product, for every finite product however large.
//!
//! `omega * x` is reduced by multiples of `pi/2` as an exact product: a rounded one would be wrong by whole turns. Products
//! below 2^20 take a subtraction in three steps, the others, and those that leave very little, a multiplication by the bits of
//! `2/pi` that matter (Payne and Hanek 1983).

use super::fused::parts;
use crate::lane::{Lane, Polynomial};
use crate::pair::Pair;
use crate::simd::Register;

/// `sin(r) / r` in `r^2` for `|r| <= pi/4 + 0.01`: interpolation at the Chebyshev points with 300 bits.
/// Degree 6, relative error 2^-55.9; degree 11, 2^-73.4.
const SINE: Polynomial<7, 3, 9> = Polynomial {
    single: [
        1.0,
        -0.16666666666666607,
        0.008333333333318616,
        -0.00019841269827308825,
        2.755731291636894e-06,
        -2.5050644984789184e-08,
        1.5890546751974622e-10,
    ],
    quick: &[],
    head: [
        (1.0, -3.143010872592383e-35),
        (-0.16666666666666666, -9.251858538542957e-18),
        (0.008333333333333333, 1.1564823173070912e-19),
    ],
    tail: [
        -0.0001984126984126984,
        2.7557319223985893e-06,
        -2.505210838544172e-08,
        1.6059043836821613e-10,
        -7.647163731818884e-13,
        2.8114572541120864e-15,
        -8.22063486065619e-18,
        1.9572536286848874e-20,
        -3.8437721638110003e-23,
    ],
};

/// `cos(r)` in `r^2` on the same interval: made in the same way. Degree 7, relative error 2^-56.7; degree 12, 2^-65.5.
const COSINE: Polynomial<8, 3, 10> = Polynomial {
    single: [
        1.0,
        -0.5,
        0.041666666666666415,
        -0.0013888888888857352,
        2.480158728199896e-05,
        -2.7557312615836343e-07,
        2.0875521607383935e-09,
        -1.1350386662217435e-11,
    ],
    quick: &[],
    head: [
        (1.0, -1.911911166123823e-37),
        (-0.5, 1.0214481312574206e-34),
        (0.041666666666666664, 2.3129646346357338e-18),
    ],
    tail: [
        -0.001388888888888889,
        2.48015873015873e-05,
        -2.755731922398589e-07,
        2.08767569878681e-09,
        -1.1470745597729723e-11,
        4.77947733238677e-14,
        -1.5619206967251214e-16,
        4.11031742778699e-19,
        -8.896606671220024e-22,
        1.6015716533177675e-24,
    ],
};

/// `pi/2` in three parts; the first two have 33 bits, so that their products with a number below 2^20 are exact.
const HALF_PI: [f64; 3] = [
    1.5707963267341256,
    6.077100506303966e-11,
    2.0222662487959506e-21,
];
/// `pi/2` as a sum of two numbers.
const HALF_PI_PAIR: Pair = Pair::new(1.5707963267948966, 6.123233995736766e-17);
/// `2/pi`.
const TWO_OVER_PI: f64 = 0.6366197723675814;
/// The first 2560 bits of `2/pi` behind the point, computed with 4000.
const TWO_OVER_PI_BITS: [u64; 40] = [
    0xa2f9836e4e441529,
    0xfc2757d1f534ddc0,
    0xdb6295993c439041,
    0xfe5163abdebbc561,
    0xb7246e3a424dd2e0,
    0x06492eea09d1921c,
    0xfe1deb1cb129a73e,
    0xe88235f52ebb4484,
    0xe99c7026b45f7e41,
    0x3991d639835339f4,
    0x9c845f8bbdf9283b,
    0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f,
    0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08,
    0x56033046fc7b6bab,
    0xf0cfbc209af4361d,
    0xa9e391615ee61b08,
    0x6599855f14a06840,
    0x8dffd8804d732731,
    0x06061556ca73a8c9,
    0x60e27bc08c6b47c4,
    0x19c367cddce8092a,
    0x8359c4768b961ca6,
    0xddaf44d15719053e,
    0xa5ff07053f7e33e8,
    0x32c2de4f98327dbb,
    0xc33d26ef6b1e5ef8,
    0x9f3a1f35caf27f1d,
    0x87f121907c7c246a,
    0xfa6ed5772d30433b,
    0x15c614b59d19c3c2,
    0xc4ad414d2c5d000c,
    0x467d862d71e39ac6,
    0x9b0062337cd2b497,
    0xa7b4d55537f63ed7,
    0x1810a3fc764d2a9d,
];

/// An angle without its quarter turns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// The rest, at most `pi/4` and a little more in absolute value.
    pub(crate) rest: Pair,
    /// Whether the number of quarter turns is odd.
    pub(crate) odd: bool,
    /// Whether it is 2 or 3 modulo 4.
    pub(crate) half: bool,
}

impl Turn {
    fn new(rest: Pair, quarters: i64) -> Self {
        Self {
            rest,
            odd: quarters & 1 == 1,
            half: quarters & 2 == 2,
        }
    }
}

/// Sine and cosine from what a reduction left.
#[inline(always)]
pub(crate) fn sin_cos<L: Lane>(rest: L, odd: L::Mask, half: L::Mask) -> (L, L) {
    let square = rest * rest;
    let (sine, cosine) = (rest * square.polynomial(&SINE), square.polynomial(&COSINE));
    let (sine, cosine) = (L::select(odd, cosine, sine), L::select(odd, -sine, cosine));
    (
        L::select(half, -sine, sine),
        L::select(half, -cosine, cosine),
    )
}

/// Below, the product is its own rest.
const WITHIN: f64 = 0.785;
/// Below, a product is reduced by a subtraction, unless what it leaves is smaller than [`LEAST`].
const NEAR: f64 = 1e6;
const LEAST: f64 = 1e-6;

/// `product - quarters * pi/2` as the sum of two numbers, for a product below [`NEAR`].
#[inline(always)]
fn subtract<R: Register>(product: R, quarters: R) -> (R, R) {
    let first = product - quarters * R::splat(HALF_PI[0]);
    let second = quarters * R::splat(HALF_PI[1]);
    let rest = first - second;
    // What the subtraction lost, exactly.
    let part = rest - first;
    let lost = (first - (rest - part)) - (second + part);
    (rest, lost - quarters * R::splat(HALF_PI[2]))
}

#[inline(always)]
fn nearest<R: Register>(x: R) -> R {
    (x + R::splat(R::INTEGER)) - R::splat(R::INTEGER)
}

/// Whether an integer is odd: then its half lies in the middle between two integers.
#[inline(always)]
fn is_odd<R: Register>(x: R) -> R::Mask {
    let half = x * R::splat(0.5);
    R::splat(0.25).below((half - nearest(half)).size())
}

/// [`Lane::turn`] of a register whose numbers all are reduced by a subtraction, if it is one.
#[inline(always)]
pub(crate) fn turn<R: Register>(x: R, omega: f64) -> Option<(R, R::Mask, R::Mask)> {
    let omega = R::splat(omega);
    let product = omega * x;
    let error = omega.fused(x, -product);
    let quarters = nearest(product * R::splat(TWO_OVER_PI));
    let (rest, lost) = subtract(product, quarters);
    let size = product.size();
    let little = R::both(
        R::splat(WITHIN).not_above(size),
        rest.size().not_above(R::splat(LEAST)),
    );
    if R::any(R::either(R::splat(NEAR).not_above(size), little)) {
        return None;
    }
    let rest = R::pick(
        R::splat(WITHIN).not_above(size),
        rest + (lost + error),
        // The sign of a zero is the product's.
        (product + error).with_sign_of(product),
    );
    let odd = is_odd(quarters);
    let halves = (quarters - R::pick(odd, R::splat(1.0), R::splat(0.0))) * R::splat(0.5);
    Some((rest, odd, is_odd(halves)))
}

/// [`Lane::turn`] of each number of a register.
#[inline(always)]
pub(crate) fn turn_one_by_one<R: Register>(x: R, omega: f64) -> (R, R::Mask, R::Mask) {
    let [rest, odd, half] = x.each(|x| {
        let turn = reduce(x, 0.0, omega);
        [
            turn.rest.head(),
            f64::from(u8::from(turn.odd)),
            f64::from(u8::from(turn.half)),
        ]
    });
    let zero = R::splat(0.0);
    (rest, zero.below(odd), zero.below(half))
}

/// Reduces `omega * (x + tail)`. What is not finite gives NaN.
pub(crate) fn reduce(x: f64, tail: f64, omega: f64) -> Turn {
    let product = omega * x;
    let error = Lane::mul_add(omega, x, -product) + omega * tail;
    if product.abs() < WITHIN {
        // The sign of a zero is the product's.
        return Turn::new(Pair::sum(product, error).copysign(Pair::of(product)), 0);
    }
    if product.abs() < NEAR {
        let quarters = Lane::round(product * TWO_OVER_PI);
        let (rest, lost) = subtract(product, quarters);
        if rest.abs() > LEAST {
            return Turn::new(Pair::sum(rest, lost + error), quarters as i64);
        }
    }
    if x.is_finite() && omega.is_finite() && product != 0.0 {
        let turn = reduce_by_bits(x, omega);
        return Turn {
            rest: turn.rest + Pair::new(omega * tail, 0.0),
            ..turn
        };
    }
    Turn::new(Pair::new(f64::NAN, 0.0), 0)
}

/// The reduction in integers. The product is `p * 2^g`; of `2/pi`, the bits that make whole turns are left out, and 384 bits
/// behind them are enough for the 106 bits of `p` and for any cancellation.
fn reduce_by_bits(x: f64, omega: f64) -> Turn {
    let ((x_integer, x_exponent), (omega_integer, omega_exponent)) = (parts(x), parts(omega));
    let p = u128::from(x_integer) * u128::from(omega_integer);
    let g = x_exponent + omega_exponent;
    let skipped = (g - 2).max(0);
    let product = multiply(p, window(skipped as usize));
    // The value is product * 2^(g - skipped - 384), so that many bits are behind the point.
    let point = (384 + skipped - g) as usize;
    let quarters = (bits_from(&product, point) & 3) as i64;
    let negative_rest = bits_from(&product, point - 1) & 1 == 1;
    // The bits behind the point, or their complement to 1, from the first that is set.
    let fraction = |at: usize| {
        let bits = bits_from(&product, at);
        if negative_rest { !bits } else { bits }
    };
    let mut top = point - 128;
    while top > 0 && fraction(top) >> 127 == 0 {
        top -= 1;
    }
    let kept = fraction(top);
    let scale = top as f64 - point as f64;
    let head = ((kept >> 75) as f64).scaled_far(scale + 75.0);
    let tail = ((kept & ((1 << 75) - 1)) as f64).scaled_far(scale);
    let rest = Pair::sum(head, tail) * HALF_PI_PAIR;
    let rest = if negative_rest { -rest } else { rest };
    let quarters = quarters + i64::from(negative_rest);
    if x.is_sign_negative() == omega.is_sign_negative() {
        Turn::new(rest, quarters)
    } else {
        Turn::new(-rest, -quarters)
    }
}

/// 384 bits of `2/pi` from a position, least significant word first.
fn window(position: usize) -> [u64; 6] {
    let (word, shift) = (position / 64, position % 64);
    core::array::from_fn(|index| {
        let at = word + 5 - index;
        let pair = (u128::from(TWO_OVER_PI_BITS[at]) << 64) | u128::from(TWO_OVER_PI_BITS[at + 1]);
        (pair << shift >> 64) as u64
    })
}

/// The product, least significant word first.
fn multiply(a: u128, b: [u64; 6]) -> [u64; 8] {
    let mut product = [0; 8];
    for (i, a) in [a as u64, (a >> 64) as u64].into_iter().enumerate() {
        let mut carry = 0;
        for (j, b) in b.into_iter().enumerate() {
            let sum = u128::from(a) * u128::from(b) + u128::from(product[i + j]) + carry;
            product[i + j] = sum as u64;
            carry = sum >> 64;
        }
        product[i + 6] = carry as u64;
    }
    product
}

/// 128 bits from a position, counted from the least significant bit; beyond the end they are zero.
fn bits_from(words: &[u64; 8], position: usize) -> u128 {
    let (word, shift) = (position / 64, position % 64);
    let at = |index: usize| u128::from(words.get(index).copied().unwrap_or(0));
    let low = at(word) | (at(word + 1) << 64);
    if shift == 0 {
        low
    } else {
        (low >> shift) | (at(word + 2) << (128 - shift))
    }
}
