//! The rectified linear unit with a random slope.

use super::Seed;
use crate::activation::{About, Budget, Declared};
use crate::declare::declare;
use crate::element::Element;
use crate::error::ParameterError;
use crate::foreign::{maps, torch};
use crate::functions::Function;
use crate::lane::Lane;
use crate::parameters;
use crate::slice::{same_length, same_lengths};

declare! {
    /// Randomised leaky ReLU: in training every negative input has a slope of its own, drawn anew.
    ///
    /// ```
    /// use knee::random::{Rrelu, Seed};
    /// let (x, mut y, mut slopes) = ([-1.0_f32, 2.0], [0.0; 2], [0.0; 2]);
    /// Rrelu::default().forward_train(&x, Seed::new(1), &mut y, &mut slopes);
    /// assert!((0.125..0.3334).contains(&-y[0]) && y[1] == 2.0);
    /// assert_eq!(slopes, [-y[0], 1.0]);
    /// // Outside of training the slope is the middle one.
    /// assert_eq!(Rrelu::new(0.25, 0.75)?.eval().value(-1.0), -0.5);
    /// # Ok::<(), knee::ParameterError>(())
    /// ```
    ///
    /// # Formula
    /// `x if x > 0 else slope * x`, `slope` uniform between `lower` and `upper` in training and `(lower + upper) / 2` else
    /// # Derivative
    /// `1 if x > 0 else slope`; at 0 it is `slope`
    /// # Numerics
    /// The slope of an element is a function of the seed and of the element's index, rounded once, and the product with it
    /// is rounded once: the same seed gives the same bits on every machine, however the slice is split. The slopes are
    /// handed out for the gradient; that of a positive element is 1, that of NaN is NaN.
    /// # Origin
    /// Xu, Wang, Chen and Li 2015, <https://arxiv.org/abs/1505.00853>
    pub struct Rrelu {
        /// The smallest slope.
        lower: Finite = 0.125,
        /// The largest slope.
        upper: Finite = 1.0 / 3.0,
    }
}

impl Rrelu {
    /// The public name.
    pub const NAME: &'static str = "rrelu";
    /// What can be said about it.
    pub const ABOUT: &'static About = &About {
        name: Self::NAME,
        title: <Self as Declared>::TITLE.trim_ascii(),
        aliases: &[],
        latex: r"\begin{cases} x & x > 0 \\ u x & x \le 0 \end{cases},\ u \sim U(l, u)",
        foreign: &[torch(
            "nn.RReLU",
            &[
                maps("lower", 0.125, "lower"),
                maps("upper", 1.0 / 3.0, "upper"),
            ],
        )],
        parameters: <Self as Declared>::PARAMETERS,
        budget: Budget::ROUNDED,
        from_output: None,
        doc: <Self as Declared>::DOC,
    };

    /// With slopes between two finite numbers, the smaller one first.
    pub fn new(lower: f64, upper: f64) -> Result<Self, ParameterError> {
        let mut function = Self::default();
        parameters::set(
            &mut function,
            Self::ABOUT,
            &[("lower", lower), ("upper", upper)],
        )?;
        if lower > upper {
            return Err(ParameterError::Conflict {
                function: Self::NAME,
                reason: "`lower` must not be greater than `upper`",
            });
        }
        Ok(function)
    }

    /// Writes the values with random slopes to `y`, and the slopes to `slopes`. Panics if the lengths differ.
    ///
    /// A part of a slice that begins at index `n` has the same slopes with `seed.after(n)`.
    #[track_caller]
    pub fn forward_train<T: Element>(&self, x: &[T], seed: Seed, y: &mut [T], slopes: &mut [T]) {
        same_length("y", y.len(), x.len());
        same_length("slopes", slopes.len(), x.len());
        let zero = T::Wide::of(0.0);
        let results = y.iter_mut().zip(slopes);
        for (index, (x, (y, slope))) in (0..).zip(x.iter().zip(results)) {
            let x = x.widen();
            let drawn = T::from_f64(self.slope(seed.uniform(index))).widen();
            let drawn = T::Wide::select(zero.lt(x), T::Wide::of(1.0), drawn);
            let own = T::Wide::select(x.le(x), drawn, x);
            *slope = T::narrow(own);
            *y = T::narrow(x * own);
        }
    }

    /// Writes the gradient to `dx`, from the slopes that [`Rrelu::forward_train`] drew. Panics if the lengths differ.
    #[track_caller]
    pub fn backward_train<T: Element>(slopes: &[T], dy: &[T], dx: &mut [T]) {
        same_lengths(("dy", dy.len()), ("slopes", slopes.len()));
        same_lengths(("dx", dx.len()), ("slopes", slopes.len()));
        for (dx, (slope, dy)) in dx.iter_mut().zip(slopes.iter().zip(dy)) {
            *dx = T::narrow(slope.widen() * dy.widen());
        }
    }

    /// The function outside of training: leaky ReLU with the middle slope.
    #[expect(
        clippy::missing_panics_doc,
        reason = "the middle of two finite numbers is finite, which is all that leaky ReLU asks for"
    )]
    pub fn eval(&self) -> Function {
        let middle = self.slope(0.5);
        let leaky = Function::parse("leaky_relu").expect("a function of the list");
        leaky
            .with("negative_slope", middle)
            .expect("a finite number")
    }

    /// The slope at a place between 0 and 1, without overflow between bounds that are far apart.
    fn slope(&self, place: f64) -> f64 {
        let slope = self.lower * (1.0 - place) + self.upper * place;
        slope.clamp(self.lower, self.upper)
    }
}
