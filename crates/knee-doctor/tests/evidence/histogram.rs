//! Histograms whose edges are the same everywhere.

use knee_doctor::evidence::{Bins, edges};

#[test]
fn every_value_lies_between_the_edges_of_its_bin() {
    let edges = edges();
    assert!(edges.windows(2).all(|pair| pair[0] < pair[1]));
    let scales = (-40..40)
        .flat_map(|e| [1.0_f64, 1.24, 1.25, 1.5, 1.74, 1.76].map(|m| m * f64::from(e).exp2()));
    let values = scales
        .flat_map(|x| [x, -x])
        .chain([0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY]);
    for value in values {
        let mut bins = Bins::default();
        bins.push(value as f32);
        assert_eq!(bins.counts().len() + 1, edges.len());
        let at = bins
            .counts()
            .iter()
            .position(|&count| count == 1)
            .expect("counted");
        assert!(
            edges[at] <= value && value <= edges[at + 1],
            "{value} in {}..{}",
            edges[at],
            edges[at + 1]
        );
    }
}

#[test]
fn nan_is_left_out() {
    let mut bins = Bins::default();
    bins.push(f32::NAN);
    assert!(bins.counts().iter().all(|&count| count == 0));
}
