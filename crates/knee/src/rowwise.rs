//! Rows one after the other: what is computed of each, in which lane, and where the results go.

use alloc::vec::Vec;

use crate::element::Element;
use crate::exponentials::{LogShares, LogSoftmaxGradient, LogSum, Shares, SharesGradient};
use crate::kernel::Tier;
use crate::lane::Lane;
use crate::losses::{Bce, Blocks, Entropy, Huber, Mae, Mse, Plain};
use crate::simd::{Input, Lanes, Level, Output, Set, Task, fence};

/// In which way rows are computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct How {
    pub(crate) level: Level,
    pub(crate) tier: Tier,
    /// The factor of the elements before anything else.
    pub(crate) scale: f64,
}

impl How {
    /// The exact tier with the best instructions.
    pub(crate) fn exact() -> Self {
        Self {
            level: Level::best(),
            tier: Tier::Exact,
            scale: 1.0,
        }
    }

    /// With the other sign of the elements.
    pub(crate) fn negated(self) -> Self {
        Self {
            scale: -self.scale,
            ..self
        }
    }

    pub(crate) fn is_fast(self) -> bool {
        self.tier == Tier::Fast
    }
}

/// Something that is computed of rows: from `IN` rows a row, and a number beside it.
pub(crate) trait RowFormula<const IN: usize>: Copy {
    /// Computes all rows. It and what it calls in its loops are to be `#[inline(always)]`.
    fn run<S: Set, T: Lanes>(self, how: How, rows: Rows<'_, T, IN>);
}

/// Rows that lie one after the other, each to be computed and closed before the next one is asked for.
pub(crate) struct Rows<'a, T: Lanes, const IN: usize> {
    inputs: [Input<'a, T>; IN],
    output: Output<'a, T>,
    /// Elements of a row.
    length: usize,
    count: usize,
    next: usize,
    level: Level,
    /// Where a row is computed that goes around the caches; empty if none does.
    buffer: Vec<T>,
    numbers: &'a mut dyn FnMut(usize, T::Wide),
}

/// One of them.
pub(crate) struct Row<'r, T, const IN: usize> {
    pub(crate) index: usize,
    pub(crate) inputs: [Input<'r, T>; IN],
    /// Without elements if no row is to be written.
    pub(crate) output: Output<'r, T>,
}

impl<'a, T: Lanes, const IN: usize> Rows<'a, T, IN> {
    fn new(
        level: Level,
        inputs: [Input<'a, T>; IN],
        length: usize,
        output: Output<'a, T>,
        numbers: &'a mut dyn FnMut(usize, T::Wide),
    ) -> Self {
        let buffered = if output.is_large() { length } else { 0 };
        Self {
            inputs,
            length,
            count: inputs[0].len().checked_div(length).unwrap_or(0),
            next: 0,
            level,
            buffer: alloc::vec![T::default(); buffered],
            numbers,
            output,
        }
    }

    /// The next row.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<Row<'_, T, IN>> {
        let index = self.next;
        if index == self.count {
            return None;
        }
        self.next = index.wrapping_add(1);
        let start = index.wrapping_mul(self.length);
        let output = if self.output.len() == 0 {
            self.output.part(0, 0)
        } else if self.buffer.is_empty() {
            self.output.part(start, self.length)
        } else {
            Output::new(&mut self.buffer)
        };
        Some(Row {
            index,
            inputs: self.inputs.map(|input| input.part(start, self.length)),
            output,
        })
    }

    /// Ends a row, with the number beside it.
    #[inline(always)]
    pub(crate) fn close(&mut self, index: usize, number: T::Wide) {
        if !self.buffer.is_empty() {
            let start = index.wrapping_mul(self.length);
            self.output
                .part(start, self.length)
                .stream(self.level, &self.buffer);
        }
        (self.numbers)(index, number);
    }
}

/// All rows, for a level.
pub(crate) struct Run<'a, F, T: Lanes, const IN: usize> {
    formula: F,
    how: How,
    rows: Rows<'a, T, IN>,
}

impl<F: RowFormula<IN>, T: Lanes, const IN: usize> Task for Run<'_, F, T, IN> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        self.formula.run::<S, T>(self.how, self.rows);
    }
}

/// Everything that is computed of rows. A list, so that it is compiled once for each type and not by everybody who uses it.
#[derive(Clone, Copy)]
pub enum Work<'a> {
    Shares(Shares),
    SharesGradient(SharesGradient),
    LogShares,
    LogSoftmaxGradient,
    LogSum,
    Entropy(Entropy<'a>),
    Mse(Blocks<Mse>),
    Mae(Blocks<Mae>),
    Huber(Blocks<Huber>),
    Bce(Blocks<Bce>),
    BceWithLogits(Blocks<Plain>),
}

impl Work<'_> {
    /// Rows of a type. `output` is as long as the inputs, or empty; with each row comes a number.
    pub(crate) fn run<T: Lanes>(
        self,
        how: How,
        inputs: &[Input<'_, T>],
        length: usize,
        output: Output<'_, T>,
        numbers: &mut dyn FnMut(usize, T::Wide),
    ) {
        let job = Job {
            how,
            inputs,
            length,
            output,
            numbers,
        };
        match self {
            Self::Shares(formula) => job.of(formula),
            Self::SharesGradient(formula) => job.of(formula),
            Self::LogShares => job.of(LogShares),
            Self::LogSoftmaxGradient => job.of(LogSoftmaxGradient),
            Self::LogSum => job.of(LogSum),
            Self::Entropy(formula) => job.of(formula),
            Self::Mse(formula) => job.of(formula),
            Self::Mae(formula) => job.of(formula),
            Self::Huber(formula) => job.of(formula),
            Self::Bce(formula) => job.of(formula),
            Self::BceWithLogits(formula) => job.of(formula),
        }
    }
}

/// The arguments of [`Work::run`].
struct Job<'a, 'i, T: Lanes> {
    how: How,
    inputs: &'a [Input<'i, T>],
    length: usize,
    output: Output<'a, T>,
    numbers: &'a mut dyn FnMut(usize, T::Wide),
}

impl<T: Lanes> Job<'_, '_, T> {
    fn of<F: RowFormula<IN>, const IN: usize>(self, formula: F) {
        let inputs = core::array::from_fn(|index| self.inputs[index]);
        let how = self.how;
        let rows = Rows::new(how.level, inputs, self.length, self.output, self.numbers);
        let streamed = !rows.buffer.is_empty();
        how.level.run(Run { formula, how, rows });
        if streamed {
            fence();
        }
    }
}

/// Rows of any type, without numbers beside them.
pub(crate) fn each<T: Element>(
    work: Work<'_>,
    how: How,
    inputs: &[Input<'_, T>],
    length: usize,
    output: Output<'_, T>,
) {
    T::rows(work, how, inputs, length, output, &mut |_, _| {});
}

/// Rows of a function that is told to slices, one row at a time; scaled elements are rounded to their type before.
pub(crate) fn by_slices<T: Element, const IN: usize>(
    how: How,
    length: usize,
    inputs: [Input<'_, T>; IN],
    mut output: Output<'_, T>,
    mut function: impl FnMut([&[T]; IN], &mut [T]),
) {
    let mut rows = [(); IN].map(|()| alloc::vec![T::default(); length]);
    let mut result = alloc::vec![T::default(); length];
    for index in 0..output.len().checked_div(length).unwrap_or(0) {
        for (row, input) in rows.iter_mut().zip(&inputs) {
            input.copy_to(index * length, row);
        }
        if how.scale != 1.0 {
            let scale = T::Wide::of(how.scale);
            for x in &mut rows[0] {
                *x = T::narrow(x.widen() * scale);
            }
        }
        function(rows.each_ref().map(|row| &row[..]), &mut result);
        output.append(&result);
    }
}

/// The gradients of such a function.
pub(crate) fn gradients_by_slices<T: Element>(
    how: How,
    length: usize,
    inputs: [Input<'_, T>; 2],
    dx: Output<'_, T>,
    gradient: impl Fn(&[T], &[T], &mut [T]),
) {
    let scale = T::Wide::of(how.scale);
    let plain = How { scale: 1.0, ..how };
    by_slices(plain, length, inputs, dx, |[y, dy], dx| {
        gradient(y, dy, dx);
        if how.scale != 1.0 {
            for dx in dx {
                *dx = T::narrow(dx.widen() * scale);
            }
        }
    });
}
