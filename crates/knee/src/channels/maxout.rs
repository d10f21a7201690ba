//! Maxout.

use alloc::vec;

use crate::activation::{About, Budget, Declaration, Declared, Domain};
use crate::axis::Axis;
use crate::declare::declare;
use crate::element::Element;
use crate::exponentials::first_largest;
use crate::slice::{same_length, same_lengths};

declare! {
    /// Maxout: the largest of every `pieces` neighbouring channels, a convex function that is learned with the weights.
    ///
    /// ```
    /// use knee::channels::Maxout;
    /// let (x, mut y, mut dx) = ([1.0_f32, 3.0, 2.0, 2.0], [0.0; 2], [0.0; 4]);
    /// Maxout::forward(&x, 4, 2, &mut y);
    /// assert_eq!(y, [3.0, 2.0]);
    /// Maxout::backward(&x, &[5.0, 7.0], 4, 2, &mut dx);
    /// assert_eq!(dx, [0.0, 5.0, 7.0, 0.0]);
    /// ```
    ///
    /// # Formula
    /// `y_i = max_j x_(pieces i + j)`, `j` from 0 to `pieces - 1`
    /// # Derivative
    /// `1` for the first largest piece, `0` for the others
    /// # Numerics
    /// Exact. A NaN among the pieces gives NaN, and a NaN gradient for each of them.
    /// # Origin
    /// Goodfellow, Warde-Farley, Mirza, Courville and Bengio 2013, <https://arxiv.org/abs/1302.4389>
    pub struct Maxout {}
}

impl Maxout {
    /// The public name.
    pub const NAME: &'static str = "maxout";
    /// What can be said about it.
    pub const ABOUT: &'static About = &About {
        name: Self::NAME,
        title: <Self as Declared>::TITLE.trim_ascii(),
        aliases: &[],
        latex: r"\max_{j} x_{k i + j}",
        foreign: &[],
        parameters: &[Declaration {
            name: "k",
            default: 2.0,
            domain: Domain::Positive,
            doc: " How many neighbouring channels compete.",
        }],
        budget: Budget::EXACT,
        from_output: None,
        doc: <Self as Declared>::DOC,
    };

    /// Writes the largest of every `pieces` neighbouring channels of `x` to `y`. `channels` are those of `x`.
    /// Panics unless the channels are a multiple of `pieces` and `y` has one element for each group of them.
    #[track_caller]
    pub fn forward<T: Element>(x: &[T], channels: impl Into<Axis>, pieces: usize, y: &mut [T]) {
        let channels = channels.into();
        let groups = groups(channels, pieces);
        same_lengths(("y", y.len()), ("the groups of `x`", x.len() / pieces));
        channels.each_row(x, |row, x| {
            for (at, group) in groups.row(row).zip(x.chunks_exact(pieces)) {
                y[at] = group[winner(group)];
            }
        });
    }

    /// Writes the gradient with respect to `x` to `dx`, from `x` and the upstream gradient, which has one element for each group.
    /// Panics as [`Maxout::forward`] does.
    #[track_caller]
    pub fn backward<T: Element>(
        x: &[T],
        dy: &[T],
        channels: impl Into<Axis>,
        pieces: usize,
        dx: &mut [T],
    ) {
        let channels = channels.into();
        let groups = groups(channels, pieces);
        same_length("dx", dx.len(), x.len());
        same_lengths(("dy", dy.len()), ("the groups of `x`", x.len() / pieces));
        let mut upstream = vec![T::default(); groups.length];
        channels.each([x], dx, |row, [x], dx| {
            for (value, at) in upstream.iter_mut().zip(groups.row(row)) {
                *value = dy[at];
            }
            let gradients = dx.chunks_exact_mut(pieces).zip(&upstream);
            for (group, (dx, dy)) in x.chunks_exact(pieces).zip(gradients) {
                let best = winner(group);
                let nan = group[best].to_f64().is_nan();
                dx.fill(if nan { group[best] } else { T::default() });
                if !nan {
                    dx[best] = *dy;
                }
            }
        });
    }
}

/// The channels of the output. Panics unless they are whole groups of pieces.
#[track_caller]
fn groups(channels: Axis, pieces: usize) -> Axis {
    let length = channels.length;
    assert!(
        pieces > 0 && length.is_multiple_of(pieces),
        "{length} channels are not made of whole groups of {pieces} pieces"
    );
    Axis {
        length: length / pieces,
        ..channels
    }
}

/// The index of the first NaN, or of the first largest element.
fn winner<T: Element>(group: &[T]) -> usize {
    let nan = group.iter().position(|x| x.to_f64().is_nan());
    nan.unwrap_or_else(|| first_largest(group))
}
