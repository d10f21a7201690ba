//! Where a function's slope counts as alive, as intervals of its argument.
//!
//! A unit is alive on an input when |f'(z)| > 1e-3 sqrt(E f'(Z)^2). The pre-activations for which
//! this holds are a few intervals, whose ends are found once per site, to the last bit. Then the
//! loop over the values compares and computes no derivative.

use knee::{Function, Tail};

/// Share of the root mean square slope that a slope must exceed.
const SHARE: f64 = 1e-3;
/// A slope that changes its sign more often (a cardinal sine's) has too many intervals to list.
const MOST_TURNS: usize = 8;

/// Closed intervals, in ascending order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Region {
    intervals: Vec<(f64, f64)>,
}

impl Region {
    /// The intervals, both ends included.
    pub fn intervals(&self) -> &[(f64, f64)] {
        &self.intervals
    }

    /// Whether `z` lies in one of them.
    pub fn contains(&self, z: f64) -> bool {
        self.intervals
            .iter()
            .any(|&(low, high)| low <= z && z <= high)
    }
}

/// The pre-activations on which a unit is alive.
#[derive(Clone, Debug, PartialEq)]
pub enum AliveSet {
    /// Those of a few intervals.
    Intervals(Region),
    /// Too many intervals to list (a sine, a cardinal sine): the derivative decides.
    Slope {
        /// The function.
        function: Function,
        /// What |f'| must exceed.
        threshold: f64,
    },
}

impl AliveSet {
    /// The alive set of a function; `None` where no slope is to be had, as for a step.
    pub fn of(function: &Function) -> Option<Self> {
        let threshold = SHARE * function.moments().slope_second.sqrt();
        if !threshold.is_finite() || threshold == 0.0 {
            return None;
        }
        let facts = function.facts();
        let waves = [facts.left, facts.right]
            .iter()
            .any(|tail| matches!(tail, Tail::Oscillates));
        if waves || turns(function) > MOST_TURNS {
            return Some(Self::Slope {
                function: *function,
                threshold,
            });
        }
        let slope = |z: f64| function.derivative(z).abs();
        let mut grid = grid();
        let marks = facts.kinks.iter().map(|kink| kink.at);
        let marks = marks.chain(facts.flat.iter().flat_map(|flat| [flat.low, flat.high]));
        for mark in marks.filter(|mark| mark.is_finite()) {
            grid.extend([mark.next_down(), mark, mark.next_up()]);
        }
        grid.sort_by(f64::total_cmp);
        let mut points: Vec<(f64, f64)> = grid.into_iter().map(|z| (z, slope(z))).collect();
        let dips = dips(&points, slope);
        points.extend(dips);
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Some(Self::Intervals(intervals(&points, slope, threshold)))
    }

    /// Whether a unit with the pre-activation `z` is alive.
    pub fn contains(&self, z: f64) -> bool {
        match self {
            Self::Intervals(region) => region.contains(z),
            Self::Slope {
                function,
                threshold,
            } => function.derivative(z).abs() > *threshold,
        }
    }
}

/// How often the slope changes its sign on the grid.
fn turns(function: &Function) -> usize {
    let mut grid = grid();
    grid.sort_by(f64::total_cmp);
    let slopes: Vec<f64> = grid.iter().map(|&z| function.derivative(z)).collect();
    let changes = slopes.windows(2).filter(|two| two[0] * two[1] < 0.0);
    changes.count()
}

/// Arguments at every scale: 32 per octave, of both signs, and 0.
fn grid() -> Vec<f64> {
    let near = (-30 * 32..=12 * 32).map(|k| (f64::from(k) / 32.0).exp2());
    let far = (13..=1023).step_by(10).map(|k| f64::from(k).exp2());
    let side: Vec<f64> = near.chain(far).collect();
    side.iter().flat_map(|&z| [-z, z]).chain([0.0]).collect()
}

/// The least points between neighbours of the grid: a slope may dip below the threshold between
/// two points that are both above it, as that of GELU does at -0.75. Where a slope goes down to 0
/// and up again, one of three neighbours is at most half of another; rounding makes no such dip.
fn dips(points: &[(f64, f64)], slope: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let mut found = Vec::new();
    for three in points.windows(3) {
        let [(mut low, left), (_, middle), (mut high, right)] = [three[0], three[1], three[2]];
        if middle == 0.0 || middle > left.min(right) || middle > 0.5 * left.max(right) {
            continue;
        }
        for _ in 0..100 {
            let (left, right) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if slope(left) < slope(right) {
                high = right;
            } else {
                low = left;
            }
        }
        let least = f64::midpoint(low, high);
        found.push((least, slope(least)));
    }
    found
}

/// The intervals on which the slope exceeds the threshold, their ends found by bisection between
/// the points.
fn intervals(points: &[(f64, f64)], slope: impl Fn(f64) -> f64, threshold: f64) -> Region {
    let inside = |z: f64| slope(z) > threshold;
    let mut found = Vec::new();
    let mut start = (points[0].1 > threshold).then_some(f64::NEG_INFINITY);
    for pair in points.windows(2) {
        let [(before, _), (z, slope)] = [pair[0], pair[1]];
        match (start, slope > threshold) {
            (None, true) => start = Some(boundary(z, before, inside)),
            (Some(low), false) => {
                found.push((low, boundary(before, z, inside)));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|low| (low, f64::INFINITY)));
    Region { intervals: found }
}

/// The last number inside on the way from `inner`, which is inside, to `outer`, which is not.
fn boundary(mut inner: f64, mut outer: f64, inside: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = f64::midpoint(inner, outer);
        if middle == inner || middle == outer {
            return inner;
        }
        if inside(middle) {
            inner = middle;
        } else {
            outer = middle;
        }
    }
}
