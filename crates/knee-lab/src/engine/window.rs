//! Pixels beside their neighbours: convolution as one matrix product, and its pooling.

use burn::tensor::Tensor;

use super::tensors::{host, indices};

/// The neighbours of each pixel beside one another, zeros beyond the edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) kernel: usize,
}

impl Window {
    /// `[samples * pixels, channels]` to `[samples * pixels, kernel * kernel * channels]`.
    pub(super) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let [rows, channels] = x.dims();
        let differentiate = x.is_autodiff();
        let samples = rows / (self.height * self.width);
        let zeros = Tensor::zeros([1, channels], &x.device());
        let padded = Tensor::cat(vec![x, zeros], 0);
        let neighbours = indices(self.neighbours(samples), differentiate);
        padded
            .select(0, neighbours)
            .reshape([rows, self.kernel * self.kernel * channels])
    }

    /// For each pixel the rows of its neighbours; the row after the last is the zeros.
    fn neighbours(&self, samples: usize) -> Vec<i64> {
        let each = self.height * self.width;
        let (first, beyond) = (self.of_one(), index(samples * each));
        let mut rows = Vec::with_capacity(samples * first.len());
        for start in (0..samples).map(|sample| index(sample * each)) {
            let of_sample = first
                .iter()
                .map(|row| row.map_or(beyond, |row| start + row));
            rows.extend(of_sample);
        }
        rows
    }

    /// The neighbours of each pixel in the first sample; nothing beyond the edge.
    fn of_one(&self) -> Vec<Option<i64>> {
        let reach = self.kernel / 2;
        let mut rows = Vec::new();
        for (y, x) in pairs(self.height, self.width) {
            for (down, right) in pairs(2 * reach + 1, 2 * reach + 1) {
                let (y, x) = (
                    (y + down).checked_sub(reach),
                    (x + right).checked_sub(reach),
                );
                let inside = y
                    .zip(x)
                    .filter(|(y, x)| *y < self.height && *x < self.width);
                rows.push(inside.map(|(y, x)| index(y * self.width + x)));
            }
        }
        rows
    }
}

/// Rows and columns of a grid, row by row.
fn pairs(height: usize, width: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..height).flat_map(move |y| (0..width).map(move |x| (y, x)))
}

/// A row as an index.
fn index(row: usize) -> i64 {
    row.cast_signed() as i64
}

/// The largest of two by two pixels; an odd last row or column is left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Pool {
    /// `[samples * pixels, channels]` to a quarter as many rows. The gradient goes to the first of the largest.
    pub(super) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let [rows, channels] = x.dims();
        let differentiate = x.is_autodiff();
        let winners = self.winners(&host(x.clone()), rows, channels);
        let shape = [winners.len() / channels.max(1), channels];
        x.gather(0, indices(winners, differentiate).reshape(shape))
    }

    /// For each pixel that leaves and each channel, the row of the largest of its four; NaN counts as larger than any number.
    fn winners(&self, x: &[f32], rows: usize, channels: usize) -> Vec<i64> {
        let samples = rows / (self.height * self.width);
        let mut winners = Vec::with_capacity(x.len() / 4);
        for sample in 0..samples {
            for (y, across) in pairs(self.height / 2, self.width / 2) {
                let corner = (sample * self.height + 2 * y) * self.width + 2 * across;
                let four = [
                    corner,
                    corner + 1,
                    corner + self.width,
                    corner + self.width + 1,
                ];
                let four_of = four.map(|row| &x[row * channels..][..channels]);
                winners.extend((0..channels).map(|channel| {
                    let values = four_of.map(|row| row[channel]);
                    let larger = |best: usize, at: usize| {
                        let is_larger = values[at] > values[best] || values[at].is_nan();
                        if is_larger { at } else { best }
                    };
                    index(four[(1..4).fold(0, larger)])
                }));
            }
        }
        winners
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matrix;

    #[test]
    fn neighbours_beyond_the_edge_are_zeros() {
        let window = Window {
            height: 2,
            width: 2,
            kernel: 3,
        };
        let seen = host(window.forward(matrix(vec![1.0, 2.0, 3.0, 4.0], [4, 1], false)));
        assert_eq!(seen[..9], [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0]);
        assert_eq!(seen[27..], [1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn pooling_keeps_the_largest_of_four_and_leaves_odd_edges_out() {
        let pool = Pool {
            height: 2,
            width: 3,
        };
        // Two channels, and a last column that counts for nothing.
        let x = [
            1.0,
            -1.0,
            2.0,
            -2.0,
            9.0,
            9.0,
            3.0,
            -3.0,
            f32::NAN,
            -4.0,
            9.0,
            9.0,
        ];
        let seen = host(pool.forward(matrix(x.to_vec(), [6, 2], false)));
        assert!(seen[0].is_nan());
        assert_eq!(seen[1..], [-1.0]);
    }
}
