//! Handwritten digits.

use super::dataset::{Dataset, Targets};

/// The file is described in `data/README.md`: for each image 64 grey values and the digit, a byte each.
const BYTES: &[u8] = include_bytes!("../../data/digits.bin");

/// Pixels of an image along one side.
pub(super) const SIDE: usize = 8;

/// The largest grey value.
const WHITE: f32 = 16.0;

/// 1797 handwritten digits in images of 8 by 8 pixels, `[1, 8, 8]`, between 0 and 1.
///
/// The optical recognition of handwritten digits data set of E. Alpaydin and C. Kaynak, UCI Machine Learning Repository 1998,
/// <https://doi.org/10.24432/C50P49>, in the part and the order that scikit-learn has; licence CC BY 4.0.
pub fn digits() -> Dataset {
    let (images, _) = BYTES.as_chunks::<{ SIDE * SIDE + 1 }>();
    let pixels = images.iter().flat_map(|image| &image[..SIDE * SIDE]);
    let inputs = pixels.map(|grey| f32::from(*grey) / WHITE).collect();
    let of = images.iter().map(|i| usize::from(i[SIDE * SIDE])).collect();
    Dataset::made("digits", inputs, [1, SIDE, SIDE], Targets::classes(10, of))
}
