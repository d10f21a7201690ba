//! The one pass over the values of a site: sums, counts and the alive test, unit by unit.
//!
//! The scratch is a structure of arrays, so that a row of a dense layer is handled as vectors.
//! Sums are taken in f64 about a value of the unit's own and folded into [`Moments`] after each
//! block, which keeps them accurate however many values there are.

use super::layout::Layout;
use super::moments::Moments;
use super::region::AliveSet;
use super::site::UnitEvidence;

/// Positions per unit after which sums are folded into moments.
const BLOCK: usize = 4096;

/// A floating-point type that values come in.
pub(super) trait Real: knee::Element {
    /// The least number of this type that is not below `bound`.
    fn at_least(bound: f64) -> Self;
    /// The greatest number of this type that is not above `bound`.
    fn at_most(bound: f64) -> Self;
    /// As the histogram takes it.
    fn single(self) -> f32;
    const ZERO: Self;
    const INFINITY: Self;
    const NEG_INFINITY: Self;
}

impl Real for f32 {
    fn at_least(bound: f64) -> Self {
        let near = bound as Self;
        if f64::from(near) < bound {
            near.next_up()
        } else {
            near
        }
    }
    fn at_most(bound: f64) -> Self {
        let near = bound as Self;
        if f64::from(near) > bound {
            near.next_down()
        } else {
            near
        }
    }
    fn single(self) -> f32 {
        self
    }
    const ZERO: Self = 0.0;
    const INFINITY: Self = Self::INFINITY;
    const NEG_INFINITY: Self = Self::NEG_INFINITY;
}

impl Real for f64 {
    fn at_least(bound: f64) -> Self {
        bound
    }
    fn at_most(bound: f64) -> Self {
        bound
    }
    fn single(self) -> f32 {
        self as f32
    }
    const ZERO: Self = 0.0;
    const INFINITY: Self = Self::INFINITY;
    const NEG_INFINITY: Self = Self::NEG_INFINITY;
}

/// What the sweep compares the values of one unit with.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// Where the unit is alive; `None` where the function has no slope to judge by.
    pub(super) alive: Option<AliveSet>,
    /// From here on the function is constant; infinity where it never is.
    pub(super) ceiling: f64,
}

/// The scratch of one sweep.
pub(super) struct Sweep<'a, T> {
    limits: Vec<&'a Limits>,
    /// Alive intervals, the k-th of every unit together; empty ones are (infinity, -infinity).
    intervals: Vec<(Vec<T>, Vec<T>)>,
    /// Units whose derivative has to be computed.
    by_slope: bool,
    ceiling: Vec<T>,
    shift: Vec<f64>,
    sum: Vec<f64>,
    squares: Vec<f64>,
    min: Vec<T>,
    max: Vec<T>,
    positive: Vec<u32>,
    clipped: Vec<u32>,
    alive: Vec<u32>,
}

impl<'a, T: Real> Sweep<'a, T> {
    /// A sweep over units that have these limits.
    pub(super) fn new(limits: Vec<&'a Limits>) -> Self {
        let regions = || {
            limits.iter().map(|limit| match &limit.alive {
                Some(AliveSet::Intervals(region)) => region.intervals(),
                _ => &[],
            })
        };
        let most = regions().map(<[_]>::len).max().unwrap_or(0);
        let intervals = (0..most).map(|k| {
            let ends = |region: &[(f64, f64)]| match region.get(k) {
                Some(&(low, high)) => (T::at_least(low), T::at_most(high)),
                None => (T::INFINITY, T::NEG_INFINITY),
            };
            regions().map(ends).unzip()
        });
        let units = limits.len();
        Self {
            intervals: intervals.collect(),
            by_slope: limits
                .iter()
                .any(|l| matches!(l.alive, Some(AliveSet::Slope { .. }))),
            ceiling: limits.iter().map(|l| T::at_least(l.ceiling)).collect(),
            shift: vec![0.0; units],
            sum: vec![0.0; units],
            squares: vec![0.0; units],
            min: vec![T::INFINITY; units],
            max: vec![T::NEG_INFINITY; units],
            positive: vec![0; units],
            clipped: vec![0; units],
            alive: vec![0; units],
            limits,
        }
    }

    /// Adds all values of a tensor to the evidence of its units.
    pub(super) fn run(&mut self, values: &[T], layout: Layout, units: &mut [UnitEvidence]) {
        let row = layout.units * layout.inner;
        let mut block: Vec<usize> = Vec::new();
        for input in 0..layout.inputs {
            self.alive.fill(0);
            for before in 0..layout.before {
                for outer in 0..layout.outer {
                    let start = ((before * layout.inputs + input) * layout.outer + outer) * row;
                    let slice = &values[start..start + row];
                    if block.is_empty() {
                        self.begin(slice, layout.inner);
                    }
                    block.push(start);
                    if layout.inner == 1 {
                        self.row(slice);
                    } else {
                        self.runs(slice, layout.inner);
                    }
                    if block.len() * layout.inner >= BLOCK {
                        self.fold(values, &mut block, layout, units);
                    }
                }
            }
            for (unit, &alive) in units.iter_mut().zip(&self.alive) {
                if let Some(count) = &mut unit.alive {
                    *count += u64::from(alive != 0);
                }
            }
        }
        self.fold(values, &mut block, layout, units);
    }

    /// Starts a block: sums are taken about the first value of each unit.
    fn begin(&mut self, slice: &[T], inner: usize) {
        for (shift, run) in self.shift.iter_mut().zip(slice.chunks_exact(inner)) {
            let first = run[0].to_f64();
            *shift = if first.is_finite() { first } else { 0.0 };
        }
        self.sum.fill(0.0);
        self.squares.fill(0.0);
        self.min.fill(T::INFINITY);
        self.max.fill(T::NEG_INFINITY);
        self.positive.fill(0);
        self.clipped.fill(0);
    }

    /// One value per unit.
    fn row(&mut self, row: &[T]) {
        let sums = self.shift.iter().zip(&mut self.sum).zip(&mut self.squares);
        for (((shift, sum), squares), z) in sums.zip(row) {
            let d = z.to_f64() - shift;
            *sum += d;
            *squares += d * d;
        }
        for ((min, max), &z) in self.min.iter_mut().zip(&mut self.max).zip(row) {
            *min = if z < *min { z } else { *min };
            *max = if z > *max { z } else { *max };
        }
        let counts = self
            .positive
            .iter_mut()
            .zip(&mut self.clipped)
            .zip(&self.ceiling);
        for (((positive, clipped), ceiling), &z) in counts.zip(row) {
            *positive += u32::from(z > T::ZERO);
            *clipped += u32::from(z > *ceiling);
        }
        for (low, high) in &self.intervals {
            for (((alive, low), high), &z) in self.alive.iter_mut().zip(low).zip(high).zip(row) {
                *alive |= u32::from(z >= *low) & u32::from(z <= *high);
            }
        }
        if self.by_slope {
            self.slopes(row, 1);
        }
    }

    /// Several positions of each unit beside one another.
    fn runs(&mut self, slice: &[T], inner: usize) {
        for (unit, run) in slice.chunks_exact(inner).enumerate() {
            let lanes = Lanes::of(run, self.shift[unit], self.ceiling[unit]);
            self.sum[unit] += lanes.sum.iter().sum::<f64>();
            self.squares[unit] += lanes.squares.iter().sum::<f64>();
            for (&min, &max) in lanes.min.iter().zip(&lanes.max) {
                self.min[unit] = if min < self.min[unit] {
                    min
                } else {
                    self.min[unit]
                };
                self.max[unit] = if max > self.max[unit] {
                    max
                } else {
                    self.max[unit]
                };
            }
            self.positive[unit] += lanes.positive.iter().sum::<u32>();
            self.clipped[unit] += lanes.clipped.iter().sum::<u32>();
            for (low, high) in &self.intervals {
                let (low, high) = (low[unit], high[unit]);
                let mut alive = self.alive[unit];
                // A short look first: most units are alive within a few positions.
                for part in run.chunks(64) {
                    if alive != 0 {
                        break;
                    }
                    for &z in part {
                        alive |= u32::from(z >= low) & u32::from(z <= high);
                    }
                }
                self.alive[unit] = alive;
            }
        }
        if self.by_slope {
            self.slopes(slice, inner);
        }
    }

    /// The alive test by the derivative itself, for units not yet alive on this input.
    fn slopes(&mut self, slice: &[T], inner: usize) {
        let units = self.alive.iter_mut().zip(&self.limits);
        for ((alive, limits), run) in units.zip(slice.chunks_exact(inner)) {
            if let (0, Some(set @ AliveSet::Slope { .. })) = (*alive, &limits.alive) {
                *alive = u32::from(run.iter().any(|z| set.contains(z.to_f64())));
            }
        }
    }

    /// Ends a block: its sums become moments.
    fn fold(
        &mut self,
        values: &[T],
        block: &mut Vec<usize>,
        layout: Layout,
        units: &mut [UnitEvidence],
    ) {
        if block.is_empty() {
            return;
        }
        let count = (block.len() * layout.inner) as u64;
        for (index, unit) in units.iter_mut().enumerate() {
            unit.positive += u64::from(self.positive[index]);
            unit.clipped += u64::from(self.clipped[index]);
            if self.squares[index].is_finite() {
                unit.z.merge(&Moments::from_sums(
                    count,
                    self.shift[index],
                    self.sum[index],
                    self.squares[index],
                    self.min[index].to_f64(),
                    self.max[index].to_f64(),
                ));
                continue;
            }
            // Something is not finite: value by value, and those left out are counted.
            let mut moments = Moments::default();
            for start in block.iter() {
                let run = start + index * layout.inner;
                values[run..run + layout.inner]
                    .iter()
                    .for_each(|z| moments.push(z.to_f64()));
            }
            unit.nonfinite += count - moments.count;
            unit.z.merge(&moments);
        }
        block.clear();
    }
}

/// Sums, ends and counts of a run, in eight lanes, so that they become vector instructions.
struct Lanes<T> {
    sum: [f64; 8],
    squares: [f64; 8],
    min: [T; 8],
    max: [T; 8],
    positive: [u32; 8],
    clipped: [u32; 8],
}

impl<T: Real> Lanes<T> {
    fn of(run: &[T], shift: f64, ceiling: T) -> Self {
        let mut lanes = Self {
            sum: [0.0; 8],
            squares: [0.0; 8],
            min: [T::INFINITY; 8],
            max: [T::NEG_INFINITY; 8],
            positive: [0; 8],
            clipped: [0; 8],
        };
        let (eights, rest) = run.as_chunks::<8>();
        for eight in eights {
            for (lane, &z) in eight.iter().enumerate() {
                lanes.add(lane, z, shift, ceiling);
            }
        }
        for (lane, &z) in rest.iter().enumerate() {
            lanes.add(lane, z, shift, ceiling);
        }
        lanes
    }

    #[inline]
    fn add(&mut self, lane: usize, z: T, shift: f64, ceiling: T) {
        let d = z.to_f64() - shift;
        self.sum[lane] += d;
        self.squares[lane] += d * d;
        self.min[lane] = if z < self.min[lane] {
            z
        } else {
            self.min[lane]
        };
        self.max[lane] = if z > self.max[lane] {
            z
        } else {
            self.max[lane]
        };
        self.positive[lane] += u32::from(z > T::ZERO);
        self.clipped[lane] += u32::from(z > ceiling);
    }
}

/// Adds how many values of each unit are exactly 0.
pub(super) fn count_zeros<T: Real>(values: &[T], layout: Layout, units: &mut [UnitEvidence]) {
    let row = layout.units * layout.inner;
    let mut zeros = vec![0u32; layout.units];
    for rows in values.chunks(row.max(1) * BLOCK) {
        zeros.fill(0);
        for slice in rows.chunks_exact(row.max(1)) {
            if layout.inner == 1 {
                zeros
                    .iter_mut()
                    .zip(slice)
                    .for_each(|(count, &a)| *count += u32::from(a == T::ZERO));
            } else {
                for (count, run) in zeros.iter_mut().zip(slice.chunks_exact(layout.inner)) {
                    *count += run.iter().map(|&a| u32::from(a == T::ZERO)).sum::<u32>();
                }
            }
        }
        for (unit, &count) in units.iter_mut().zip(&zeros) {
            unit.zeros += u64::from(count);
        }
    }
    for unit in units {
        unit.outputs += (layout.before * layout.inputs * layout.outer * layout.inner) as u64;
    }
}
