//! How the losses of rows or elements become one number, and the loops that all losses share.

use super::LossError;
use super::error::length;
use crate::element::Element;
use crate::exponentials::total;
use crate::lane::Lane;
use crate::pair::Pair;
use crate::rowwise::{How, Row, RowFormula, Rows, Work};
use crate::simd::{Input, Lanes, Output, RowPort, Set};

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

/// The factor of a gradient, as the sum of two numbers.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) head: f64,
    pub(super) tail: f64,
}

impl Scale {
    /// For so many losses that count.
    pub(super) fn of(reduction: Reduction, count: usize) -> Self {
        let scale = match reduction {
            Reduction::Mean => Pair::of(1.0) / Pair::of(count as f64),
            Reduction::Sum | Reduction::None => Pair::of(1.0),
        };
        Self {
            head: scale.head(),
            tail: scale.tail(),
        }
    }
}

/// A loss of one element.
pub trait ElementLoss: Copy {
    /// An input and a target of which the loss is 0.
    const NOTHING: (f64, f64) = (0.0, 0.0);
    /// The loss and its gradient.
    fn at<L: Lane>(&self, x: L, y: L) -> (L, L);
    /// The work that it is over blocks.
    fn work(blocks: Blocks<Self>) -> Work<'static>;
}

/// What becomes the output.
#[derive(Clone, Copy)]
enum Written {
    Losses,
    Gradients(Scale),
}

/// A loss over blocks of elements: the number beside each is the sum of its losses.
#[derive(Clone, Copy)]
pub struct Blocks<F> {
    loss: F,
    written: Written,
}

impl<F: ElementLoss> RowFormula<2> for Blocks<F> {
    #[inline(always)]
    fn run<S: Set, T: Lanes>(self, _: How, mut rows: Rows<'_, T, 2>) {
        while let Some(row) = rows.next() {
            let index = row.index;
            let sum = self.block::<T, T::RowExact<S>>(row);
            rows.close(index, sum);
        }
    }
}

impl<F: ElementLoss> Blocks<F> {
    #[inline(always)]
    fn block<T: Lanes, L: RowPort<T>>(self, row: Row<'_, T, 2>) -> L::Number {
        let Row {
            inputs: [x, y],
            mut output,
            ..
        } = row;
        let mut sum = L::of(0.0);
        let written = output.len() > 0;
        for index in 0..x.whole::<L>() {
            let (loss, result) = self.at(x.load::<L>(index), y.load::<L>(index));
            sum = sum + loss;
            if written {
                output.store(index, result);
            }
        }
        let (nowhere, nothing) = (T::from_f64(F::NOTHING.0), T::from_f64(F::NOTHING.1));
        if let (Some(x), Some(y)) = (x.load_rest::<L>(nowhere), y.load_rest::<L>(nothing)) {
            let (loss, result) = self.at(x, y);
            sum = sum + loss;
            if written {
                output.store_rest(result);
            }
        }
        total::<T, L>(sum)
    }

    /// The losses, and what is written.
    #[inline(always)]
    fn at<L: Lane>(self, x: L, y: L) -> (L, L) {
        let (loss, gradient) = self.loss.at(x, y);
        match self.written {
            Written::Losses => (loss, loss),
            Written::Gradients(scale) => (loss, gradient * L::of_pair(scale.head, scale.tail)),
        }
    }
}

/// Elements of a block.
const BLOCK: usize = 4096;

impl<T: Element> Elements<'_, T> {
    /// Writes the losses and gradients of a loss.
    pub(super) fn evaluate<F: ElementLoss>(
        self,
        name: &'static str,
        reduction: Reduction,
        loss: F,
    ) -> Result<(), LossError> {
        let count = self.input.len();
        self.same_lengths(name)?;
        let total = T::Wide::of(count as f64);
        let inputs = [self.input, self.target].map(Input::new);
        if reduction == Reduction::None {
            length(name, "loss", self.loss.len(), count)?;
            let written = Written::Losses;
            blocks(
                Blocks { loss, written },
                inputs,
                Output::new(self.loss),
                &mut |_| {},
            );
            if let Some(gradient) = self.gradient {
                let written = Written::Gradients(Scale::of(reduction, count));
                blocks(
                    Blocks { loss, written },
                    inputs,
                    Output::new(gradient),
                    &mut |_| {},
                );
            }
            return Ok(());
        }
        let mut reducer = Reducer::new(name, reduction, self.loss, count, total)?;
        let written = Written::Gradients(Scale::of(reduction, count));
        let output = self.gradient.map_or(Output::new(&mut []), Output::new);
        blocks(Blocks { loss, written }, inputs, output, &mut |sum| {
            reducer.take(0, sum);
        });
        reducer.finish();
        Ok(())
    }

    fn same_lengths(&self, name: &'static str) -> Result<(), LossError> {
        let count = self.input.len();
        length(name, "target", self.target.len(), count)?;
        if let Some(gradient) = &self.gradient {
            length(name, "gradient", gradient.len(), count)?;
        }
        Ok(())
    }

    /// Writes losses and gradients, which `each` gives for an index, an input and a target, one at a time.
    #[inline(always)]
    pub(super) fn reduce(
        self,
        name: &'static str,
        reduction: Reduction,
        each: impl Fn(usize, T::Wide, T::Wide) -> (T::Wide, T::Wide),
    ) -> Result<(), LossError> {
        self.same_lengths(name)?;
        let count = self.input.len();
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

/// All elements, the last block shorter.
fn blocks<T: Element, F: ElementLoss>(
    formula: Blocks<F>,
    inputs: [Input<'_, T>; 2],
    mut output: Output<'_, T>,
    sums: &mut dyn FnMut(T::Wide),
) {
    let count = inputs[0].len();
    let work = F::work(formula);
    let whole = count / BLOCK * BLOCK;
    let written = output.len() > 0;
    for (start, length, block) in [(0, whole, BLOCK), (whole, count - whole, count - whole)] {
        let (from, size) = if written { (start, length) } else { (0, 0) };
        let inputs = inputs.map(|input| input.part(start, length));
        let output = output.part(from, size);
        let sums = &mut |_, sum| sums(sum);
        T::rows(work, How::exact(), &inputs, block, output, sums);
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
