//! Takes evidence while a network runs.

use std::collections::BTreeMap;

use knee::Function;

use super::layout::{Layout, Values};
use super::region::AliveSet;
use super::site::{FIXED, SiteEvidence, UnitEvidence};
use super::slope::Slope;
use super::sweep::{Limits, Real, Sweep, count_zeros};
use super::{Evidence, NonFinite, fingerprint, nonfinite};
use crate::links::Links;
use crate::loss::{Labels, LossKind};
use crate::network::{Network, Site, SiteFunction, ValueId};

/// Positions per input and unit at which the slope is taken and the histogram is filled. They are
/// evenly spaced and depend on the shape alone, so chunks do not change them.
const SAMPLED: usize = 16;
/// Units whose histograms are filled together.
const TILE: usize = 16;

/// What a recorder must know besides the network.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecorderOptions {
    /// The loss that is differentiated, if one is.
    pub loss: Option<LossKind>,
}

/// Takes evidence while a network runs, chunk by chunk. Its size is O(units).
#[derive(Debug)]
pub struct Recorder {
    evidence: Evidence,
    plans: Vec<Plan>,
    watched: Vec<ValueId>,
    /// The closure of the range of the activation that makes what enters the loss.
    range: Option<(f64, f64)>,
}

/// What a site's values are compared with, worked out once.
#[derive(Debug)]
struct Plan {
    /// One for all units, one per unit, or none for a function of rows.
    slopes: Vec<Slope>,
    /// One for each of `slopes`; a single one for a function of rows.
    limits: Vec<Limits>,
}

impl Plan {
    fn new(site: &Site, known: &mut Vec<(Function, Slope, Limits)>) -> Self {
        let count = match &site.function {
            SiteFunction::Prelu { slopes } => slopes.len(),
            SiteFunction::Element(_) => 1,
            SiteFunction::Rows { .. } => 0,
        };
        let functions = (0..count).filter_map(|unit| site.function.of_unit(unit));
        let (slopes, mut limits): (Vec<Slope>, Vec<Limits>) =
            functions.map(|function| work_out(function, known)).unzip();
        if limits.is_empty() {
            limits.push(Limits {
                alive: None,
                ceiling: f64::INFINITY,
            });
        }
        Self { slopes, limits }
    }

    /// Whether units are told apart; those of a function of rows are not.
    fn has_units(&self) -> bool {
        !self.slopes.is_empty()
    }

    fn limits(&self, unit: usize) -> &Limits {
        self.limits.get(unit).unwrap_or(&self.limits[0])
    }
}

/// Slope and limits of a function, computed once for all sites that share it.
fn work_out(function: Function, known: &mut Vec<(Function, Slope, Limits)>) -> (Slope, Limits) {
    if let Some((_, slope, limits)) = known.iter().find(|(same, ..)| *same == function) {
        return (slope.clone(), limits.clone());
    }
    let flat = function.facts().flat;
    let ceiling = flat.iter().find(|flat| flat.high == f64::INFINITY);
    let limits = Limits {
        alive: AliveSet::of(&function),
        ceiling: ceiling.map_or(f64::INFINITY, |flat| flat.low),
    };
    let slope = Slope::of(function);
    known.push((function, slope.clone(), limits.clone()));
    (slope, limits)
}

impl Recorder {
    /// A recorder for `network`.
    pub fn new(network: &Network, options: RecorderOptions) -> Self {
        let mut known = Vec::new();
        let range = Links::new(network).output_site().and_then(|site| {
            let range = network.sites[site].function.element()?.facts().range;
            Some((range.low, range.high))
        });
        Self {
            evidence: Evidence {
                network: fingerprint(network),
                model: network.path.clone(),
                loss: options.loss,
                samples: 0,
                sites: vec![SiteEvidence::default(); network.sites.len()],
                signals: BTreeMap::new(),
                nonfinite: BTreeMap::new(),
                output: None,
                targets: None,
                loss_sum: None,
            },
            plans: network
                .sites
                .iter()
                .map(|site| Plan::new(site, &mut known))
                .collect(),
            watched: network.watched(),
            range,
        }
    }

    /// The values whose variation across inputs is wanted by [`Recorder::signal`].
    pub fn watched(&self) -> &[ValueId] {
        &self.watched
    }

    /// A call of a site: its pre-activation `z` and its output `a`.
    ///
    /// # Panics
    ///
    /// When there is no such site, or a slice has another length than the layout.
    pub fn site(&mut self, site: usize, z: Values<'_>, a: Values<'_>, layout: Layout) {
        layout.assert_len(z.len());
        layout.assert_len(a.len());
        let (plan, seen) = (&self.plans[site], &mut self.evidence.sites[site]);
        seen.inputs += layout.inputs as u64;
        let layout = if plan.has_units() {
            layout
        } else {
            without_units(layout)
        };
        if layout.is_empty() || seen.unsteady {
            return;
        }
        if seen.units.is_empty() {
            let unit = |unit| UnitEvidence::new(plan.limits(unit).alive.is_some());
            seen.units = (0..layout.units).map(unit).collect();
        } else if seen.units.len() != layout.units {
            seen.unsteady = true;
            seen.units.clear();
            return;
        }
        match z {
            Values::F32(z) => record(plan, z, layout, &mut seen.units),
            Values::F64(z) => record(plan, z, layout, &mut seen.units),
        }
        match a {
            Values::F32(a) => record_outputs(a, layout, &mut seen.units),
            Values::F64(a) => record_outputs(a, layout, &mut seen.units),
        }
    }

    /// The gradient of the loss, summed over inputs, with respect to the output of a site.
    ///
    /// # Panics
    ///
    /// When there is no such site, or the slice has another length than the layout.
    pub fn site_gradient(&mut self, site: usize, da: Values<'_>, layout: Layout) {
        layout.assert_len(da.len());
        let seen = &mut self.evidence.sites[site];
        let norms = seen.gradient.get_or_insert_default();
        let row = layout.outer * layout.units * layout.inner;
        for input in 0..layout.inputs {
            let mut squares = 0.0;
            for before in 0..layout.before {
                let start = (before * layout.inputs + input) * row;
                squares += match da {
                    Values::F32(da) => sum_of_squares(&da[start..start + row]),
                    Values::F64(da) => sum_of_squares(&da[start..start + row]),
                };
            }
            let norm = squares.sqrt();
            seen.gradient_nonfinite += u64::from(!norm.is_finite());
            seen.gradient_zero += u64::from(norm == 0.0);
            norms.push(norm);
        }
    }

    /// A watched value.
    ///
    /// # Panics
    ///
    /// When the slice has another length than the layout.
    pub fn signal(&mut self, value: ValueId, x: Values<'_>, layout: Layout) {
        layout.assert_len(x.len());
        if !layout.is_empty() {
            self.evidence
                .signals
                .entry(value.0)
                .or_default()
                .record(x, layout);
        }
    }

    /// A node that made NaN or infinity out of finite values, or the first to read a value that
    /// was not finite from the start.
    pub fn nonfinite(&mut self, node: usize, seen: &NonFinite) {
        nonfinite::insert(&mut self.evidence.nonfinite, node, seen);
    }

    /// What enters the loss, its units being the class axis (or the features of an input), and
    /// the labels.
    ///
    /// # Panics
    ///
    /// When the slice has another length than the layout.
    pub fn output(&mut self, values: Values<'_>, layout: Layout, labels: Option<&Labels>) {
        layout.assert_len(values.len());
        self.evidence
            .output
            .get_or_insert_default()
            .record(values, layout);
        if let Some(labels) = labels {
            let targets = self.evidence.targets.get_or_insert_default();
            targets.record(labels, layout, self.range);
        }
    }

    /// The loss of a chunk, summed over its inputs.
    pub fn loss(&mut self, sum: f64) {
        *self.evidence.loss_sum.get_or_insert_default() += sum;
    }

    /// Ends a chunk of so many inputs.
    pub fn finish_chunk(&mut self, inputs: usize) {
        self.evidence.samples += inputs as u64;
    }

    /// What was seen.
    pub fn into_evidence(self) -> Evidence {
        self.evidence
    }

    /// What was seen so far.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

/// All values of an input as one unit.
fn without_units(layout: Layout) -> Layout {
    let inner = layout.outer * layout.units * layout.inner;
    Layout {
        outer: 1,
        units: 1,
        inner,
        ..layout
    }
}

fn record<T: Real>(plan: &Plan, z: &[T], layout: Layout, units: &mut [UnitEvidence]) {
    let limits = (0..layout.units).map(|unit| plan.limits(unit)).collect();
    Sweep::new(limits).run(z, layout, units);
    sample(plan, z, layout, units);
}

fn record_outputs<T: Real>(a: &[T], layout: Layout, units: &mut [UnitEvidence]) {
    count_zeros(a, layout, units);
    compare_outputs(a, layout, units);
}

/// Slope and histogram at the sampled positions.
fn sample<T: Real>(plan: &Plan, z: &[T], layout: Layout, units: &mut [UnitEvidence]) {
    let positions = layout.spaced(SAMPLED);
    let mut taken = vec![T::ZERO; layout.units];
    let mut exact = vec![T::ZERO; layout.units];
    let mut slopes = vec![0.0_f32; layout.units];
    let mut sums = vec![0.0; layout.units];
    let mut counts = vec![0u32; layout.units];
    for input in 0..layout.inputs {
        for &position in &positions {
            let base = layout.index(input, position, 0);
            gather(z, base, layout.inner, &mut taken);
            match plan.slopes.as_slice() {
                [] => {}
                [slope] => slope.magnitudes(&taken, &mut exact, &mut slopes),
                each => {
                    let each = each.iter().zip(&taken).zip(&mut slopes);
                    each.for_each(|((slope, &x), out)| *out = slope.magnitude(x));
                }
            }
            for ((sum, count), &slope) in sums.iter_mut().zip(&mut counts).zip(&slopes) {
                let finite = slope.is_finite();
                *sum += if finite { f64::from(slope) } else { 0.0 };
                *count += u32::from(finite);
            }
        }
    }
    for ((unit, sum), count) in units.iter_mut().zip(&sums).zip(&counts) {
        unit.slope_sum += sum;
        unit.sampled += u64::from(*count);
    }
    // A few units at a time, so that their histograms stay in the cache.
    for (tile, units) in units.chunks_mut(TILE).enumerate() {
        let taken = &mut taken[..units.len()];
        for input in 0..layout.inputs {
            for &position in &positions {
                gather(
                    z,
                    layout.index(input, position, tile * TILE),
                    layout.inner,
                    taken,
                );
                for (unit, x) in units.iter_mut().zip(&*taken) {
                    unit.bins.push(x.single());
                }
            }
        }
    }
}

/// The least and the greatest output of each unit at the fixed positions.
fn compare_outputs<T: Real>(a: &[T], layout: Layout, units: &mut [UnitEvidence]) {
    let mut taken = vec![T::ZERO; layout.units];
    for (k, &position) in layout.spaced(FIXED).iter().enumerate() {
        let mut low = vec![T::INFINITY; layout.units];
        let mut high = vec![T::NEG_INFINITY; layout.units];
        for input in 0..layout.inputs {
            gather(
                a,
                layout.index(input, position, 0),
                layout.inner,
                &mut taken,
            );
            for ((low, high), &a) in low.iter_mut().zip(&mut high).zip(&taken) {
                *low = if a < *low { a } else { *low };
                *high = if a > *high { a } else { *high };
            }
        }
        for ((unit, low), high) in units.iter_mut().zip(&low).zip(&high) {
            unit.ends[k].widen(low.to_f64(), high.to_f64());
        }
    }
}

/// The values of neighbouring units at one position.
fn gather<T: Real>(values: &[T], base: usize, inner: usize, taken: &mut [T]) {
    if inner == 1 {
        taken.copy_from_slice(&values[base..base + taken.len()]);
        return;
    }
    for (unit, x) in taken.iter_mut().enumerate() {
        *x = values[base + unit * inner];
    }
}

fn sum_of_squares<T: Real>(values: &[T]) -> f64 {
    let (eights, rest) = values.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for eight in eights {
        for lane in 0..8 {
            let x = eight[lane].to_f64();
            lanes[lane] += x * x;
        }
    }
    let rest: f64 = rest.iter().map(|x| x.to_f64() * x.to_f64()).sum();
    lanes.iter().sum::<f64>() + rest
}
