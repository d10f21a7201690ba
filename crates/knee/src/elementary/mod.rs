//! The elementary functions, generic over a [`Lane`](crate::Lane).
//!
//! Every constant says how it was computed. The polynomials are interpolations at the Chebyshev points, made with 300 bits
//! and rounded; the text beside each gives its interval, its degree and the error measured after rounding.

mod exp;
mod fused;
mod ln_1p;
mod logistic;
mod normal;
mod sin_cos;

pub(crate) use exp::{exp, exp_m1};
pub(crate) use fused::fused;
pub(crate) use ln_1p::{ln_1p, ln_1p_ratio};
pub(crate) use logistic::{
    logistic, logistic_slope, logistic_slope_times, swish, swish_slope, swish_slope_times, tanh,
    tanh_slope,
};
pub(crate) use normal::{erf, upper_tail, upper_tail_slope};
pub(crate) use sin_cos::{reduce, sin_cos};
