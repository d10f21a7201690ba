//! PReLU and the gradient of its slopes.

use knee::learned::{Channels, Prelu};

use crate::support::points::Random;

#[test]
fn the_layout_is_outer_channel_inner() {
    let x: Vec<f64> = vec![-1.0; 12];
    let channels = Channels { count: 3, inner: 2 };
    let mut y = vec![0.0; 12];
    Prelu::forward(&x, &[0.1, 0.2, 0.3], channels, &mut y);
    assert_eq!(
        y,
        [
            -0.1, -0.1, -0.2, -0.2, -0.3, -0.3, -0.1, -0.1, -0.2, -0.2, -0.3, -0.3
        ]
    );
    Prelu::forward(&x, &[0.5], channels, &mut y);
    assert_eq!(y, [-0.5; 12]);
}

#[test]
fn at_zero_the_slope_is_the_learned_one_and_nan_stays() {
    let channels = Channels { count: 1, inner: 1 };
    let (mut y, mut dx, mut dslope) = ([0.0_f32; 2], [0.0; 2], [0.0]);
    Prelu::forward(&[0.0, f32::NAN], &[0.25], channels, &mut y);
    assert!(y[0] == 0.0 && y[1].is_nan());
    Prelu::backward(
        &[0.0, f32::NAN],
        &[1.0, 1.0],
        &[0.25],
        channels,
        &mut dx,
        &mut dslope,
    );
    assert!(dx[0] == 0.25 && dx[1].is_nan() && dslope[0].is_nan());
}

/// Both gradients are the slopes of the values.
#[test]
fn gradients_are_the_slopes_of_the_values() {
    let mut random = Random(2);
    let channels = Channels { count: 3, inner: 4 };
    let x: Vec<f64> = (0..24).map(|_| random.between(-2.0, 2.0)).collect();
    let dy: Vec<f64> = (0..24).map(|_| random.between(-1.0, 1.0)).collect();
    for slopes in [vec![0.25, -0.5, 1.5], vec![0.25]] {
        let weighted = |x: &[f64], slopes: &[f64]| {
            let mut y = vec![0.0; 24];
            Prelu::forward(x, slopes, channels, &mut y);
            y.iter().zip(&dy).map(|(y, dy)| y * dy).sum::<f64>()
        };
        let (mut dx, mut dslope) = (vec![0.0; 24], vec![0.0; slopes.len()]);
        Prelu::backward(&x, &dy, &slopes, channels, &mut dx, &mut dslope);
        let moved = |values: &[f64], index: usize, by: f64| {
            let mut values = values.to_vec();
            values[index] += by;
            values
        };
        for (index, dx) in dx.iter().enumerate() {
            let slope = (weighted(&moved(&x, index, 1e-6), &slopes)
                - weighted(&moved(&x, index, -1e-6), &slopes))
                / 2e-6;
            assert!((slope - dx).abs() < 1e-8, "dx[{index}]");
        }
        for (index, dslope) in dslope.iter().enumerate() {
            let slope = (weighted(&x, &moved(&slopes, index, 1e-6))
                - weighted(&x, &moved(&slopes, index, -1e-6)))
                / 2e-6;
            assert!((slope - dslope).abs() < 1e-8, "dslope[{index}]");
        }
    }
}

/// A sum of many small and a few large numbers in `f32` would lose the small ones.
#[test]
fn the_gradient_of_a_slope_is_summed_in_more_digits() {
    let mut x = vec![-1.0_f32; 100_001];
    x[0] = -1e9;
    let (mut dx, mut dslope) = (vec![0.0; x.len()], [0.0]);
    let dy = vec![1.0; x.len()];
    Prelu::backward(
        &x,
        &dy,
        &[0.1],
        Channels { count: 1, inner: 1 },
        &mut dx,
        &mut dslope,
    );
    assert_eq!(dslope[0], -1_000_100_000.0_f64 as f32);
}

#[test]
#[should_panic(expected = "`slope` has 2 elements; it must have 1, or one for each of 3 channels")]
fn slopes_that_do_not_fit_are_refused() {
    Prelu::forward(
        &[0.0_f32; 3],
        &[0.1, 0.2],
        Channels { count: 3, inner: 1 },
        &mut [0.0; 3],
    );
}

#[test]
#[should_panic(expected = "`x` has 4 elements, which is no multiple of 3 channels of 1 elements")]
fn a_part_of_a_block_is_refused() {
    Prelu::forward(
        &[0.0_f32; 4],
        &[0.1; 3],
        Channels { count: 3, inner: 1 },
        &mut [0.0; 4],
    );
}
