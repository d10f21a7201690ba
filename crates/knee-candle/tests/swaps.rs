//! The lines of the documentation's table mean the same function.

use candle_core::{Result, Tensor};
use knee_candle::Knee;

use crate::support::{elements, tensor};

#[test]
fn the_names_are_those_of_the_same_functions() {
    let points: Vec<f64> = (-80..=80).map(|k| f64::from(k) * 0.05).collect();
    let x = tensor(&points, points.len());
    let theirs: [(Result<Tensor>, &str); 6] = [
        (x.relu(), "relu"),
        (x.gelu_erf(), "gelu"),
        (x.gelu(), "gelu_tanh"),
        (x.silu(), "silu"),
        (x.tanh(), "tanh"),
        (x.elu(0.5), "elu(alpha=0.5)"),
    ];
    for (theirs, ours) in theirs {
        let theirs = elements::<f64>(&theirs.unwrap());
        let found = elements::<f64>(&x.knee(ours).unwrap());
        for ((x, found), theirs) in points.iter().zip(found).zip(theirs) {
            assert!(
                (found - theirs).abs() < 1e-12,
                "{ours} at {x}: {found} and {theirs}"
            );
        }
    }
}
