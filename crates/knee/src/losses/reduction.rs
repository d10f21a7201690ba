//! How the losses of rows or elements become one number, and the loops that all losses share.

use super::LossError;
use super::error::length;
use crate::element::Element;
use crate::lane::Lane;

/// What becomes of the losses of rows or elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// Their mean: one number. Class weights make it a weighted mean.
    #[default]
    Mean,
    /// Their sum: one number.
    Sum,
    /// Nothing: one number for each.
    None,
}

/// Takes the losses one after the other and writes what becomes of them.
pub(super) struct Reducer<'a, T: Element> {
    reduction: Reduction,
    loss: &'a mut [T],
    sum: T::Wide,
    total: T::Wide,
}

impl<'a, T: Element> Reducer<'a, T> {
    /// For `count` losses whose weights sum to `total`. `loss` must have one element, or one for each.
    pub(super) fn new(
        name: &'static str,
        reduction: Reduction,
        loss: &'a mut [T],
        count: usize,
        total: T::Wide,
    ) -> Result<Self, LossError> {
        let expected = if reduction == Reduction::None {
            count
        } else {
            1
        };
        length(name, "loss", loss.len(), expected)?;
        Ok(Self {
            reduction,
            loss,
            sum: T::Wide::of(0.0),
            total,
        })
    }

    /// The factor of a gradient.
    pub(super) fn scale(&self) -> T::Wide {
        match self.reduction {
            Reduction::Mean => T::Wide::of(1.0) / self.total,
            Reduction::Sum | Reduction::None => T::Wide::of(1.0),
        }
    }

    /// Takes the loss of a row or an element.
    pub(super) fn take(&mut self, index: usize, loss: T::Wide) {
        if self.reduction == Reduction::None {
            self.loss[index] = T::narrow(loss);
        } else {
            self.sum = self.sum + loss;
        }
    }

    /// Writes the sum or the mean.
    pub(super) fn finish(self) {
        match self.reduction {
            Reduction::Mean => self.loss[0] = T::narrow(self.sum / self.total),
            Reduction::Sum => self.loss[0] = T::narrow(self.sum),
            Reduction::None => {}
        }
    }
}

/// The slices of a loss of single elements.
pub(super) struct Elements<'a, T> {
    pub(super) input: &'a [T],
    pub(super) target: &'a [T],
    pub(super) loss: &'a mut [T],
    pub(super) gradient: Option<&'a mut [T]>,
}

impl<T: Element> Elements<'_, T> {
    /// Writes losses and gradients, which `each` gives for an index, an input and a target.
    #[inline(always)]
    pub(super) fn reduce(
        self,
        name: &'static str,
        reduction: Reduction,
        each: impl Fn(usize, T::Wide, T::Wide) -> (T::Wide, T::Wide),
    ) -> Result<(), LossError> {
        let count = self.input.len();
        length(name, "target", self.target.len(), count)?;
        if let Some(gradient) = &self.gradient {
            length(name, "gradient", gradient.len(), count)?;
        }
        let total = T::Wide::of(count as f64);
        let mut reducer = Reducer::new(name, reduction, self.loss, count, total)?;
        let scale = reducer.scale();
        let mut slots = self.gradient.into_iter().flatten();
        for (index, (input, target)) in self.input.iter().zip(self.target).enumerate() {
            let (loss, gradient) = each(index, input.widen(), target.widen());
            reducer.take(index, loss);
            if let Some(slot) = slots.next() {
                *slot = T::narrow(gradient * scale);
            }
        }
        reducer.finish();
        Ok(())
    }
}

/// Writes the two methods that every loss of single elements has, in terms of its `evaluate`.
macro_rules! elementwise {
    ($element:ident) => {
        /// Writes the loss: one element, or with [`Reduction::None`] as many as `input` has.
        pub fn loss(
            &self,
            input: &[$element],
            target: &[$element],
            loss: &mut [$element],
        ) -> Result<(), LossError> {
            self.evaluate(Elements {
                input,
                target,
                loss,
                gradient: None,
            })
        }

        /// Writes the loss and the gradient in `input`, which is that of the mean or of the sum; with [`Reduction::None`] each
        /// element's own.
        pub fn loss_and_gradient(
            &self,
            input: &[$element],
            target: &[$element],
            loss: &mut [$element],
            gradient: &mut [$element],
        ) -> Result<(), LossError> {
            self.evaluate(Elements {
                input,
                target,
                loss,
                gradient: Some(gradient),
            })
        }
    };
    ($element:ident for any) => {
        /// Writes the loss: one element, or with [`Reduction::None`] as many as `input` has.
        pub fn loss<$element: Element>(
            &self,
            input: &[$element],
            target: &[$element],
            loss: &mut [$element],
        ) -> Result<(), LossError> {
            self.evaluate(Elements {
                input,
                target,
                loss,
                gradient: None,
            })
        }

        /// Writes the loss and the gradient in `input`, which is that of the mean or of the sum; with [`Reduction::None`] each
        /// element's own.
        pub fn loss_and_gradient<$element: Element>(
            &self,
            input: &[$element],
            target: &[$element],
            loss: &mut [$element],
            gradient: &mut [$element],
        ) -> Result<(), LossError> {
            self.evaluate(Elements {
                input,
                target,
                loss,
                gradient: Some(gradient),
            })
        }
    };
}
pub(super) use elementwise;
