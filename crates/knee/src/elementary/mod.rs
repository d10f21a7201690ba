//! The elementary functions, generic over a [`Lane`](crate::Lane).
//!
//! Every constant says how it was computed. The polynomials are interpolations at the Chebyshev points, made with 300 bits
//! and rounded; the text beside each gives its interval, its degree and the error measured after rounding.

mod atan;
mod beside_zero;
mod exp;
mod fused;
mod ln_1p;
mod logistic;
mod near_root;
mod normal;
mod oscillation;
mod root;
mod sin_cos;

pub(crate) use atan::atan;
pub(crate) use beside_zero::beside_zero;
pub(crate) use exp::{
    HALF_EXP_M1, beside_root, exp, exp_between, exp_falling, exp_m1, exp_m1_m, exp_of_quarters,
    exp_of_sum, exp_within_reach, rise_from_root,
};
pub(crate) use fused::{fused, fused_single, sqrt, sqrt_single};
pub(crate) use ln_1p::{LN_2, ln_1p, ln_1p_of_product, ln_1p_ratio, ln_1p_ratio_of_fraction};
pub(crate) use logistic::{
    SWISH_MINIMUM, inverse_square_of_1_plus, logistic, logistic_of_multiple, logistic_slope,
    logistic_slope_times, swish, swish_of_itself, swish_slope, swish_slope_times, tanh, tanh_ratio,
    tanh_slope, tanh_slope_times,
};
pub(crate) use near_root::Root;
pub(crate) use normal::{
    erf, erf_ratio, upper_tail, upper_tail_parts, upper_tail_slope, upper_tail_times_itself,
};
pub(crate) use oscillation::{Crossing, cosine_and_sine, distance, rests};
pub(crate) use root::{inverse_square, root_of_sum};
pub(crate) use sin_cos::{reduce, sin_cos, turn, turn_one_by_one};
