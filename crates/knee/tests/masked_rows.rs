//! Rows of which only some elements take part.

use knee::{Mask, Masked, RowFunction};
use knee_oracle::same;

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

fn parse(text: &str) -> RowFunction {
    RowFunction::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The three choices for a row in which nothing takes part, forward and backward; and the rows where something does.
#[test]
fn a_fully_masked_row_is_what_was_chosen() {
    let x = [1.0_f64, 2.0, -INF, -INF, NAN, 0.0, 7.0, 7.0];
    let keep = [true, true, true, true, true, true, false, false];
    let (log_2, nan) = (-std::f64::consts::LN_2, NAN);
    let expected = [
        ("softmax", Masked::Nan, nan, nan),
        ("softmax", Masked::Zero, 0.0, 0.0),
        ("softmax", Masked::Uniform, 0.5, 0.0),
        ("log_softmax", Masked::Nan, nan, nan),
        ("log_softmax", Masked::Zero, -INF, 0.0),
        ("log_softmax", Masked::Uniform, log_2, 0.0),
        ("sparsemax", Masked::Uniform, 0.5, 0.0),
    ];
    for (name, empty, value, gradient) in expected {
        let (function, mask) = (
            parse(name),
            Mask {
                keep: Some(&keep),
                empty,
            },
        );
        let (mut y, mut dx) = ([5.0; 8], [5.0; 8]);
        function.forward_masked(&x, mask, 2, &mut y);
        let mut alone = [0.0; 2];
        function.forward(&x[..2], 2, &mut alone);
        assert_eq!(y[..2], alone);
        // A real NaN is not a mask.
        assert!(y[4].is_nan() && y[5].is_nan());
        function.backward_masked(
            &x,
            mask,
            &y,
            &[1.0, 0.0, 3.0, 4.0, 1.0, 1.0, nan, 1.0],
            2,
            &mut dx,
        );
        assert!(dx[4].is_nan() && dx[5].is_nan());
        for row in [2, 6] {
            for index in row..row + 2 {
                assert!(same(y[index], value), "{name} {empty:?}: {y:?}");
                assert!(same(dx[index], gradient), "{name} {empty:?}: {dx:?}");
            }
        }
    }
    // Without `keep` the mask is in the numbers alone; softmin is masked by inf.
    let (mask, mut y) = (
        Mask {
            keep: None,
            empty: Masked::Zero,
        },
        [5.0; 2],
    );
    parse("softmax").forward_masked(&[-INF, -INF], mask, 2, &mut y);
    assert_eq!(y, [0.0; 2]);
    parse("softmin").forward_masked(&[INF, 3.0], mask, 2, &mut y);
    assert_eq!(y, [0.0, 1.0]);
}

/// An element without a part has no gradient, and what flows to its output reaches nobody.
#[test]
fn a_masked_element_has_no_share() {
    let x = [0.0_f32, 9.0, 0.0];
    let keep = [true, false, true];
    for name in ["softmax", "log_softmax"] {
        let (function, mask) = (
            parse(name),
            Mask {
                keep: Some(&keep),
                empty: Masked::Nan,
            },
        );
        let (mut y, mut dx) = ([1.0; 3], [1.0; 3]);
        function.forward_masked(&x, mask, 3, &mut y);
        function.backward_masked(&x, mask, &y, &[1.0, f32::NAN, 0.0], 3, &mut dx);
        let half = if name == "softmax" { 0.25 } else { 0.5 };
        assert_eq!(dx, [half, 0.0, -half], "{name}");
    }
    let mut y = [1.0; 3];
    RowFunction::LogSoftmax.forward(&[0.0, f32::NEG_INFINITY, 0.0], 3, &mut y);
    assert_eq!(y[1], f32::NEG_INFINITY);
    let mut dx = [1.0; 3];
    RowFunction::LogSoftmax.backward_from_output(&y, &[1.0, 0.0, 0.0], 3, &mut dx);
    assert_eq!(dx, [0.5, 0.0, -0.5]);
}
