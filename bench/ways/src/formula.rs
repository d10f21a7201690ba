//! The three functions, each written once over what every way offers.

/// What the formulas need of a vector of floating-point numbers. A single number is a vector too.
pub(crate) trait Lanes: Copy {
    /// Added to a number, it leaves the nearest integer in the lowest bits.
    const ROUND: f64;
    /// The exponent field of 1.
    const BIAS: f64;
    /// ln 2 in as many parts as the range reduction needs.
    const LN_2: &'static [f64];

    /// The constant in every lane; the vector itself only says which kind is wanted.
    fn splat(self, value: f64) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    /// `self * factor + term`, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    fn abs(self) -> Self;
    /// `self > other ? self : other`, as the instruction does it: `other` if either is NaN.
    fn max(self, other: Self) -> Self;
    /// `self < other ? self : other`, likewise.
    fn min(self, other: Self) -> Self;
    /// `self < 0 ? then : otherwise`.
    fn if_negative(self, then: Self, otherwise: Self) -> Self;
    /// The lowest bits moved to the place of exponent and sign.
    fn to_exponent(self) -> Self;
}

/// Lanes of `f32`, which can be worked on as lanes of `f64`.
pub(crate) trait Single: Lanes {
    /// `F` in `f64`, on the parts of the vector, rounded to `f32`.
    fn in_double<F: InDouble>(self) -> Self;
}

/// A function of a vector of `f32`. A type, because a closure cannot be `inline(always)`.
pub(crate) trait Formula {
    fn of<V: Single>(x: V) -> V;
}

/// A function of a vector of `f64`.
pub(crate) trait InDouble {
    fn of<V: Lanes>(x: V) -> V;
}

/// `max(0, x)`.
pub(crate) struct Relu;

impl Formula for Relu {
    #[inline(always)]
    fn of<V: Single>(x: V) -> V {
        x.splat(0.0).max(x)
    }
}

/// `1 / (1 + exp(-x))` in `f32`, subnormal results included.
pub(crate) struct Sigmoid;

impl Formula for Sigmoid {
    #[inline(always)]
    fn of<V: Single>(x: V) -> V {
        // The clamps keep NaN: `max` answers its second operand then.
        let z = x.splat(-110.0).max(x.splat(0.0).sub(x.abs()));
        let (p, n) = exp(z, &EXP_6);
        // exp(z) = p 2^high 2^low. Below 2^-100 its size does not matter beside 1.
        let low = n.max(n.splat(-100.0));
        let high = n.sub(low);
        let divisor = p.mul_add(power(low), x.splat(1.0));
        let quotient = x.if_negative(p, x.splat(1.0)).div(divisor);
        // The scale comes last and in two steps, so that a subnormal result is rounded once.
        x.if_negative(quotient.mul(power(high)).mul(power(low)), quotient)
    }
}

/// `x Phi(x)`, with the normal distribution's `Phi(-a) = exp(-a^2 / 2) P(1 / (1 + a / 4))`: close to the exact gelu, and as
/// much work.
pub(crate) struct Gelu;

impl Formula for Gelu {
    #[inline(always)]
    fn of<V: Single>(x: V) -> V {
        x.in_double::<GeluInDouble>()
    }
}

struct GeluInDouble;

impl InDouble for GeluInDouble {
    #[inline(always)]
    fn of<V: Lanes>(x: V) -> V {
        let one = x.splat(1.0);
        let a = x.splat(20.0).min(x.abs());
        let t = one.div(a.mul_add(x.splat(0.25), one));
        let (p, n) = exp(a.mul(a).mul(x.splat(-0.5)), &EXP_9);
        let tail = polynomial(t, &TAIL_14).mul(p).mul(power(n));
        // From -20 on the result is -0, also at minus infinity.
        let x = x.splat(-20.0).max(x);
        x.mul(x.if_negative(tail, one.sub(tail)))
    }
}

/// `exp(x) = p 2^n` as `(p, n)`.
#[inline(always)]
fn exp<V: Lanes>(x: V, coefficients: &[f64]) -> (V, V) {
    let round = x.splat(V::ROUND);
    let n = x
        .mul_add(x.splat(std::f64::consts::LOG2_E), round)
        .sub(round);
    let mut r = x;
    for &part in V::LN_2 {
        r = n.mul_add(x.splat(-part), r);
    }
    (polynomial(r, coefficients), n)
}

/// `2^n` for an integer `n` in the range of normal numbers.
#[inline(always)]
fn power<V: Lanes>(n: V) -> V {
    n.add(n.splat(V::ROUND + V::BIAS)).to_exponent()
}

/// Horner's scheme; the constant term comes first.
#[inline(always)]
fn polynomial<V: Lanes>(x: V, coefficients: &[f64]) -> V {
    let mut sum = x.splat(coefficients[coefficients.len() - 1]);
    for &coefficient in coefficients.iter().rev().skip(1) {
        sum = sum.mul_add(x, x.splat(coefficient));
    }
    sum
}

// Interpolation at the Chebyshev nodes of the interval, solved with 60 digits.

/// exp on [-ln 2 / 2, ln 2 / 2].
const EXP_6: [f64; 7] = [
    1.0,
    1.000000038,
    0.5000000047,
    0.1666641551,
    0.0416663529,
    0.008375126398,
    0.001394110843,
];

/// exp on the same interval.
const EXP_9: [f64; 10] = [
    1.00000000000001349,
    1.00000000000000123,
    0.499999999994385892,
    0.16666666666615647,
    0.0416666670405519065,
    0.00833333336731160369,
    0.00138888017496565425,
    0.000198411906475442397,
    0.0000248844597517511147,
    2.76326406754302357e-6,
];

/// `exp(a^2 / 2) Phi(-a)` over `t = 1 / (1 + a / 4)`, a in [0, 20].
const TAIL_14: [f64; 15] = [
    -1.37872013320366587e-7,
    0.0997405488321659575,
    0.0996546215552285929,
    0.0942871316883986386,
    0.0759655632857631778,
    0.0865359528720094346,
    -0.0324967269622772384,
    0.205727619151586577,
    -0.312916731391018024,
    0.39789582634869441,
    -0.346580035727339168,
    0.167259255827515013,
    -0.0351363500713812716,
    -0.00117062866254066295,
    0.00123409112580797031,
];

/// ln 2 as an `f32` and the rest.
pub(crate) const LN_2_IN_TWO: [f64; 2] = {
    let first = std::f64::consts::LN_2 as f32 as f64;
    [first, std::f64::consts::LN_2 - first]
};
