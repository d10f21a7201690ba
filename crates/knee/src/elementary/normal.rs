//! The normal distribution's upper tail, and `erf`.
//!
//! `Q(a) = P(Z > a) = exp(-a^2/2) R(a)`: the exponential carries the size, `R` is smooth and between 0.01 and 0.5. So a
//! tail keeps all its digits as far out as it is representable; `1 + erf` would lose them all.

use crate::lane::{Exponential, Lane, Polynomial};

/// Where `Q(a) exp(a^2/2) = a / sqrt(2 pi)`, the minimum of GELU at `-a`: root found with 400 bits.
const ROOT: [f64; 3] = [
    0.7517915246935645,
    -1.4956759177009883e-17,
    -5.384040947833005e-34,
];

const SQRT_2: (f64, f64) = (1.4142135623730951, -9.667293313452913e-17);

/// `Q(a) exp(a^2/2) (a + 5)` in `u = 1.25 - 11.25/(a + 5)`, which runs from -1 to 0.994 for `0 <= a <= 39`:
/// interpolation at the Chebyshev points with 300 bits. Degree 26, relative error 2^-64.7; for `a <= 15`, degree 13, 2^-39.6, and
/// degree 10 with coefficients of 24 bits, 2^-24.6.
/// The map is that of Shepherd and Laframboise, Math. Comp. 36 (1981).
const TAIL: Polynomial<14, 9, 18> = Polynomial {
    single: [
        0.8496957717170579,
        -0.7004649271734804,
        0.4843749842510034,
        -0.2781194818289158,
        0.12948164792752634,
        -0.046439849125977956,
        0.011238287268544684,
        -0.0008922352786221415,
        -0.0005314894709165616,
        0.00019835246071145353,
        4.3899619648274555e-06,
        -1.8235007017214393e-05,
        1.4740789942760576e-06,
        1.4416897133220595e-06,
    ],
    quick: &[
        0.8496957421302795,
        -0.7004649043083191,
        0.4843751788139343,
        -0.278119832277298,
        0.12947887182235718,
        -0.04643779993057251,
        0.01125336717814207,
        -0.0008935294463299215,
        -0.0005661533796228468,
        0.00018680126231629401,
        3.368650141055696e-05,
    ],
    head: [
        (0.8496957717177205, -5.270286650060584e-17),
        (-0.7004649271683128, -3.3916546901817336e-17),
        (0.4843749841428283, -1.7756599114658787e-17),
        (-0.27811948195868047, -1.2199406427208058e-17),
        (0.12948165075059484, 3.947719100560634e-18),
        (-0.04643984847083769, -1.942302779567347e-18),
        (0.011238259242266716, 7.1527502639066995e-19),
        (-0.0008922360022954888, -4.1983810140873695e-20),
        (-0.0005313521416374308, -4.351272905935558e-20),
    ],
    tail: [
        0.0001983615221040516,
        4.026922856040315e-06,
        -1.830960076799019e-05,
        1.9814432853529214e-06,
        1.6318790955280087e-06,
        -3.1421081090545644e-07,
        -1.6612509925070627e-07,
        3.737900056174291e-08,
        2.0054282977040738e-08,
        -3.778383783385073e-09,
        -2.7276438395782446e-09,
        2.6894689268638643e-10,
        3.7638082178895636e-10,
        4.8176369379035615e-12,
        -4.465857487543692e-11,
        -5.377303454338965e-12,
        3.212213261990817e-12,
        6.721272556636345e-13,
    ],
};

/// `(Q(a) exp(a^2/2) - a / sqrt(2 pi)) / (ROOT - a)` in the same variable: made in the same way.
/// Degree 26, relative error 2^-67.3; for `a <= 15`, degree 13, 2^-41.1, and degree 9 with coefficients of 24 bits, fitted one after the
/// other by least squares, 2^-25.9.
const SLOPE: Polynomial<14, 7, 20> = Polynomial {
    single: [
        0.4622112440496803,
        -0.09302930866864056,
        0.05827790963481082,
        -0.031198058312201016,
        0.013940307730096137,
        -0.004983997092761582,
        0.0012995703394328634,
        -0.00017870818117423406,
        -2.3536596832612892e-05,
        1.7042785491116555e-05,
        -1.7495734113288901e-06,
        -1.058576812904217e-06,
        2.4912359494416826e-07,
        8.762200329173527e-08,
    ],
    quick: &[
        0.4622112512588501,
        -0.09302931278944016,
        0.05827774479985237,
        -0.031198028475046158,
        0.013941305689513683,
        -0.004983855877071619,
        0.0012975241988897324,
        -0.00017960630066227168,
        -2.3010323275229894e-05,
        1.7625246982788667e-05,
    ],
    head: [
        (0.4622112440495753, -5.6634654000585516e-18),
        (-0.09302930866976127, 1.3102939362533758e-18),
        (0.058277909648935595, -1.3354002338183024e-18),
        (-0.031198058248859052, 1.462045724181948e-18),
        (0.013940307434956544, -5.483169176281044e-19),
        (-0.004983998153838813, -1.8420530387758841e-19),
        (0.001299572400645143, -7.876213408573303e-21),
    ],
    tail: [
        -0.00017870044606222097,
        -2.3541450695070325e-05,
        1.7015390200399107e-05,
        -1.7527525895662365e-06,
        -1.0129388661614646e-06,
        2.7689452431803963e-07,
        6.12154266817333e-08,
        -3.0034218858370635e-08,
        -4.693048828885025e-09,
        3.156416246854511e-09,
        5.243329939874493e-10,
        -3.346379138367113e-10,
        -7.725398154352475e-11,
        3.419030584523195e-11,
        1.2044481428498933e-11,
        -2.990009987936608e-12,
        -1.5922780044774546e-12,
        1.6992230432161853e-13,
        1.2408718722204593e-13,
        -1.6558754608698801e-15,
    ],
};

/// `erf(x) / x` in `x^2` for `0 <= x^2 <= 1`: made in the same way. Degree 9, relative error 2^-45.5; degree 17, 2^-65.2; degree 6, 2^-29.5.
const ERF: Polynomial<10, 5, 13> = Polynomial {
    single: [
        1.128379167095494,
        -0.37612638902808615,
        0.11283791658548713,
        -0.026866169050599326,
        0.0052239671935439,
        -0.0008547933736519633,
        0.00012046261269779797,
        -1.4795031400662045e-05,
        1.5306373163641084e-06,
        -1.0469110332151208e-07,
    ],
    quick: &[
        1.1283791658483509,
        -0.37612626666720334,
        0.11283594715160218,
        -0.026854212010626412,
        0.005189087423433974,
        -0.000801686428716587,
        7.875875062685488e-05,
    ],
    head: [
        (1.1283791670955126, 1.5335459613077147e-17),
        (-0.37612638903183754, 1.3391897263534689e-17),
        (0.11283791670955126, -4.017575355523151e-18),
        (-0.026866170645131252, 4.611932631867552e-19),
        (0.005223977625442188, -9.558168343116677e-20),
    ],
    tail: [
        -0.0008548327023450852,
        0.0001205533298178959,
        -1.4925650358401548e-05,
        1.6462114365673e-06,
        -1.6365844683856661e-07,
        1.4807192626210222e-08,
        -1.2290551599574557e-09,
        9.422704141437695e-11,
        -6.710751398791758e-12,
        4.4580930238095937e-13,
        -2.7525527071331228e-14,
        1.5053483198845342e-15,
        -5.666722457353605e-17,
    ],
};

/// Beyond it the tails are below every subnormal number of the lane's type.
#[inline(always)]
fn bounded<L: Lane>(a: L) -> L {
    a.at_most(if L::DIGITS > 53 { 39.0 } else { 15.0 })
}

/// `exp(-a^2/2)`, the variable of the fits, `1 / (a + 5)` and `a / (a + 5)`, for a bounded `a`.
struct Parts<L> {
    bell: Exponential<L>,
    variable: L,
    inverse: L,
    share: L,
}

impl<L: Lane> Parts<L> {
    #[inline(always)]
    fn of(a: L) -> Self {
        let sum = a + L::of(5.0);
        let bell = a.exp_of_half_square();
        if L::DIGITS > 24 {
            let inverse = L::of(1.0).over(sum);
            return Self {
                bell,
                variable: inverse.mul_add(L::of(-11.25), L::of(1.25)),
                inverse,
                share: a * inverse,
            };
        }
        // The difference from 1.25 would have lost a digit that the share, which is small where the variable is near -1, has.
        let share = a / sum;
        let variable = share.mul_add(L::of(2.25), L::of(-1.0));
        Self {
            bell,
            variable,
            inverse: variable.mul_add(L::of(-4.0 / 45.0), L::of(1.0 / 9.0)),
            share,
        }
    }
}

/// `factor * Q(a)` for `a >= 0`; far out, where it is below every subnormal number, the value there.
#[inline(always)]
pub(crate) fn upper_tail<L: Lane>(a: L, factor: L) -> L {
    let parts = Parts::of(bounded(a));
    let ratio = parts.variable.polynomial(&TAIL);
    parts.bell.times(factor * parts.inverse * ratio)
}

/// `a Q(a)` for `a >= 0`; far out, where it is below every subnormal number, the value there.
#[inline(always)]
pub(crate) fn upper_tail_times_itself<L: Lane>(a: L) -> L {
    let parts = Parts::of(bounded(a));
    let ratio = parts.variable.polynomial(&TAIL);
    parts.bell.times(parts.share * ratio)
}

/// `Q(a) - a phi(a)` for `a >= 0`, the slope of GELU at `-a`, with its root as a factor.
#[inline(always)]
pub(crate) fn upper_tail_slope<L: Lane>(a: L) -> L {
    let a = bounded(a);
    let parts = Parts::of(a);
    let slope = a.subtracted_from(ROOT) * parts.variable.polynomial(&SLOPE);
    parts.bell.times(slope)
}

/// The two tails above as factors of `exp(-a^2/2)`, which comes first, for `a >= 0`: for formulas that scale last.
#[inline(always)]
pub(crate) fn upper_tail_parts<L: Lane>(a: L) -> (Exponential<L>, L, L) {
    let a = bounded(a);
    let parts = Parts::of(a);
    let slope = a.subtracted_from(ROOT) * parts.variable.polynomial(&SLOPE);
    let tail = parts.inverse * parts.variable.polynomial(&TAIL);
    (parts.bell, tail, slope)
}

/// `erf(x) / x` for `|x| <= 1`.
#[inline(always)]
pub(crate) fn erf_ratio<L: Lane>(x: L) -> L {
    (x * x).polynomial(&ERF)
}

/// The error function.
#[inline(always)]
pub(crate) fn erf<L: Lane>(x: L) -> L {
    let a = x.abs();
    let near = a.at_most(1.0);
    let near = near * erf_ratio(near);
    let far = L::of(1.0) - L::of(2.0) * upper_tail(a * L::of_pair(SQRT_2.0, SQRT_2.1), L::of(1.0));
    L::select(a.lt(L::of(1.0)), near, far).copysign(x)
}
