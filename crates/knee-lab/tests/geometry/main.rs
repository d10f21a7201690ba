//! The geometry of networks: counts that are known, forward passes that it must agree with, and bounds that are proved.

mod agreement;
mod counts;
mod reading;
mod support;
mod told;
