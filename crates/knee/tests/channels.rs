//! The functions that change the number of channels.

use half::bf16;
use knee::Axis;
use knee::channels::{Crelu, Maxout};

/// Two images of three channels and two pixels, channels apart; and each pixel's channels side by side.
const IMAGES: [f32; 12] = [
    1.0, -2.0, 0.0, 3.0, -4.0, 5.0, -1.0, 2.0, -0.0, -3.0, 4.0, -5.0,
];
const CHANNELS: Axis = Axis {
    length: 3,
    stride: 2,
};

#[test]
fn crelu_puts_the_negative_parts_behind_the_positive_ones() {
    let mut y = [9.0; 24];
    Crelu::forward(&IMAGES, CHANNELS, &mut y);
    let first = [1.0, 0.0, 0.0, 3.0, 0.0, 5.0, 0.0, 2.0, 0.0, 0.0, 4.0, 0.0];
    let second = [0.0, 2.0, 0.0, 0.0, 4.0, 0.0, 1.0, 0.0, 0.0, 3.0, 0.0, 5.0];
    assert_eq!(y, [first, second].concat()[..]);
    let dy: Vec<f32> = (1_u8..25).map(f32::from).collect();
    let mut dx = [9.0; 12];
    Crelu::backward(&IMAGES, &dy, CHANNELS, &mut dx);
    assert_eq!(
        dx,
        [
            1.0, -8.0, 0.0, 4.0, -11.0, 6.0, -19.0, 14.0, 0.0, -22.0, 17.0, -24.0
        ]
    );
}

#[test]
fn nan_and_infinities_pass() {
    let (x, mut y, mut dx) = (
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY],
        [0.0; 6],
        [0.0; 3],
    );
    Crelu::forward(&x, 3, &mut y);
    assert!(y[0].is_nan() && y[3].is_nan());
    assert_eq!(
        (y[1], y[2], y[4], y[5]),
        (f64::INFINITY, 0.0, 0.0, f64::INFINITY)
    );
    Crelu::backward(&x, &[1.0; 6], 3, &mut dx);
    assert!(dx[0].is_nan() && dx[1] == 1.0 && dx[2] == -1.0);
    let (mut y, mut dx) = ([0.0; 1], [0.0; 3]);
    for place in 0..3 {
        let mut x = [1.0, f64::INFINITY, 2.0];
        x[place] = f64::NAN;
        Maxout::forward(&x, 3, 3, &mut y);
        Maxout::backward(&x, &[1.0], 3, 3, &mut dx);
        assert!(y[0].is_nan() && dx.iter().all(|dx| dx.is_nan()));
    }
    Maxout::forward(&[f64::NEG_INFINITY; 3], 3, 3, &mut y);
    assert_eq!(y, [f64::NEG_INFINITY]);
}

#[test]
fn maxout_gives_the_gradient_to_the_first_largest() {
    let x = [1.0_f32, 4.0, 7.0, 4.0, 2.0, 9.0, 2.0, 0.0];
    let channels = Axis {
        length: 4,
        stride: 2,
    };
    let (mut y, mut dx) = ([0.0; 4], [0.0; 8]);
    Maxout::forward(&x, channels, 2, &mut y);
    assert_eq!(y, [7.0, 4.0, 2.0, 9.0]);
    Maxout::backward(&x, &[1.0, 2.0, 3.0, 4.0], channels, 2, &mut dx);
    assert_eq!(dx, [0.0, 2.0, 1.0, 0.0, 3.0, 4.0, 0.0, 0.0]);
}

/// One piece is the identity, and all types round nothing.
#[test]
fn one_piece_is_the_identity() {
    let x: Vec<bf16> = IMAGES.iter().map(|x| bf16::from_f32(*x)).collect();
    let mut y = vec![bf16::default(); 12];
    Maxout::forward(&x, CHANNELS, 1, &mut y);
    assert_eq!(x, y);
}

#[test]
fn empty_slices_are_allowed() {
    Crelu::forward::<f32>(&[], 0, &mut []);
    Maxout::forward::<f32>(&[], 4, 2, &mut []);
    Maxout::backward::<f32>(&[], &[], 0, 3, &mut []);
}

#[test]
#[should_panic(expected = "4 channels are not made of whole groups of 3 pieces")]
fn a_part_of_a_group_is_refused() {
    Maxout::forward(&[0.0_f32; 4], 4, 3, &mut [0.0; 1]);
}

#[test]
#[should_panic(expected = "`y` has 4 elements and `twice `x`` has 8")]
fn an_output_that_is_not_doubled_is_refused() {
    Crelu::forward(&[0.0_f32; 4], 4, &mut [0.0; 4]);
}
