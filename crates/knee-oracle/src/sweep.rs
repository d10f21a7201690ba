//! Every `f32`, or every n-th, against the truth.
//!
//! The true values come from polynomials whose error is below 2^-20 of a unit in the last place (beside roots, where it is larger,
//! the error is added to what is found). Whatever that leaves undecided is
//! decided by the [`Judge`], in the end with as many digits as it takes.

use knee::{Facts, Function, Kernel, Monotone, Tier};

use crate::judge::{Judge, Quantity, TOLERANCE};
use crate::piecewise::{Fit, Interpolation, Piece};
use crate::quick::Quick;
use crate::truth::Truth;

/// What was found of a quantity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// The largest error in units in the last place.
    pub worst: f64,
    /// The bits of the number at which it is.
    pub at: u64,
    /// How many results are not the nearest number: farther from the truth than half a unit and 2^-20 of one.
    pub misrounded: u64,
}

impl Tally {
    /// Takes note of an error.
    pub fn see(&mut self, error: f64, at: u64) {
        if error > self.worst {
            self.worst = error;
            self.at = at;
        }
        self.misrounded += u64::from(error > NEAREST);
    }

    fn merge(&mut self, other: &Self) {
        if other.worst > self.worst {
            (self.worst, self.at) = (other.worst, other.at);
        }
        self.misrounded += other.misrounded;
    }
}

/// What was found in a part of the numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How many numbers were looked at.
    pub inputs: u64,
    /// The value and the derivative.
    pub tallies: [Tally; 2],
    /// What is against the contract, the first few of each kind.
    pub broken: Vec<String>,
    /// How often more than 90 bits were needed.
    pub asked: u64,
}

/// More lines than that say nothing new.
const LINES: usize = 12;

impl Report {
    /// Adds another part.
    pub fn merge(&mut self, other: &Self) {
        self.inputs += other.inputs;
        self.asked += other.asked;
        for (tally, other) in self.tallies.iter_mut().zip(&other.tallies) {
            tally.merge(other);
        }
        self.broken.extend(other.broken.iter().cloned());
        self.broken.truncate(LINES);
    }

    /// Takes note of something against the contract.
    pub fn breach(&mut self, line: impl FnOnce() -> String) {
        if self.broken.len() < LINES {
            self.broken.push(line());
        }
    }
}

/// The parts into which the `f32` are divided: each sign and exponent is one.
pub const PARTS: u32 = 2 * 255;

/// One function over the `f32`.
pub struct Sweep {
    function: Function,
    kernel: Kernel,
    facts: Facts,
    truth: Truth,
    interpolation: Interpolation,
    budgets: [f64; 2],
    oscillates: bool,
}

const BLOCK: usize = 1024;

/// The results of a block, and what they are compared with.
struct Block {
    bits: Vec<u32>,
    x: Vec<f32>,
    found: [Vec<f32>; 2],
    t: Vec<f64>,
    truth: Vec<f64>,
    errors: Vec<f64>,
    doubts: Vec<f64>,
}

impl Sweep {
    /// A function with its parameters, whose formula has been read.
    pub fn new(function: Function, truth: Truth) -> Self {
        Self::of(function.kernel(), truth)
    }

    /// A function in a tier and at a level. The fast tier has a budget of 4 ulp, and does not keep the order of neighbours.
    pub fn of(kernel: Kernel, truth: Truth) -> Self {
        let function = *kernel.function();
        let budget = function.about().budget;
        let oscillates = truth.expression().oscillates();
        let mut facts = function.facts();
        let mut budgets = [budget.forward, budget.derivative];
        if kernel.precision() == Tier::Fast {
            facts.monotone = Monotone::No;
            budgets = budgets.map(|budget| budget.max(4.0));
        }
        Self {
            facts,
            interpolation: Interpolation::new(),
            budgets,
            function,
            kernel,
            truth,
            oscillates,
        }
    }

    /// Looks at every `step`-th bit pattern of a part.
    pub fn part(&self, part: u32, step: u32) -> Report {
        let negative = part >= PARTS / 2;
        let exponent = part % (PARTS / 2);
        let sign = if negative { -1.0 } else { 1.0 };
        let mut judge = Judge::new(&self.truth);
        let mut report = Report::default();
        let mut pieces = Vec::new();
        let first = exponent << 23;
        if self.oscillates && exponent > 127 + 5 {
            pieces.push(Piece {
                first,
                count: 1 << 23,
                fits: None,
            });
        } else if exponent == 0 {
            // Subnormal numbers: the binades are 1, 2, 4, ... numbers long.
            self.pieces(&mut judge, sign, [0, SHORTEST], step, &mut pieces);
            for power in SHORTEST.ilog2()..23 {
                self.pieces(
                    &mut judge,
                    sign,
                    [1 << power, 1 << power],
                    step,
                    &mut pieces,
                );
            }
        } else {
            self.pieces(&mut judge, sign, [first, 1 << 23], step, &mut pieces);
        }
        let mut block = Block {
            bits: Vec::new(),
            x: Vec::new(),
            found: [Vec::new(), Vec::new()],
            t: Vec::new(),
            truth: Vec::new(),
            errors: Vec::new(),
            doubts: Vec::new(),
        };
        // The neighbour towards zero, so that order is kept across parts as well.
        let mut previous =
            (first > 0).then(|| self.function.value(sign as f32 * f32::from_bits(first - 1)));
        for piece in &pieces {
            let begin = piece.first.next_multiple_of(step);
            let mut bits = (begin..piece.first + piece.count).step_by(step as usize);
            loop {
                block.bits.clear();
                block.bits.extend(bits.by_ref().take(BLOCK));
                if block.bits.is_empty() {
                    break;
                }
                self.evaluate(&mut block, negative);
                self.contract(&block, negative, &mut previous, &mut report);
                report.inputs += block.bits.len() as u64;
                match &piece.fits {
                    Some(fits) => {
                        for (index, fit) in fits.iter().enumerate() {
                            self.compare(&mut block, piece, fit, index, &mut judge, &mut report);
                        }
                    }
                    None => self.judged(&mut block, &mut judge, &mut report),
                }
            }
        }
        report.asked = judge.asked;
        report
    }

    /// Pieces for a stretch of which every `step`-th number is looked at; if they are few, polynomials do not pay.
    fn pieces(
        &self,
        judge: &mut Judge,
        sign: f64,
        [first, count]: [u32; 2],
        step: u32,
        found: &mut Vec<Piece>,
    ) {
        if count / step < 64 {
            found.push(Piece {
                first,
                count,
                fits: None,
            });
        } else {
            judge.pieces(&self.interpolation, sign, [first, count], found);
        }
    }

    fn evaluate(&self, block: &mut Block, negative: bool) {
        let sign = u32::from(negative) << 31;
        let Block { bits, x, found, .. } = block;
        x.clear();
        x.extend(bits.iter().map(|bits| f32::from_bits(sign | bits)));
        for found in found.iter_mut() {
            found.clear();
            found.resize(x.len(), 0.0);
        }
        self.kernel.forward(x, &mut found[0]);
        self.kernel.derivatives(x, &mut found[1]);
    }

    /// The range is never left, and order is kept.
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "a loop without branches is done for several numbers at once"
    )]
    fn contract(
        &self,
        block: &Block,
        negative: bool,
        previous: &mut Option<f32>,
        report: &mut Report,
    ) {
        let (low, high) = (self.facts.range.low as f32, self.facts.range.high as f32);
        let y = &block.found[0];
        let inside = y
            .iter()
            .fold(true, |inside, y| inside & (*y >= low && *y <= high));
        if !inside {
            for (x, y) in block.x.iter().zip(y) {
                if !(*y >= low && *y <= high) {
                    let range = self.facts.range;
                    report.breach(|| format!("{}({x:e}) = {y:e} leaves {range:?}", self.function));
                }
            }
        }
        // Towards larger magnitudes values rise on the right and fall on the left, for a function that does not fall.
        let rises = match self.facts.monotone {
            Monotone::NonDecreasing => !negative,
            Monotone::NonIncreasing => negative,
            Monotone::No => return,
        };
        let ordered = |a: f32, b: f32| if rises { a <= b } else { a >= b };
        let kept = y
            .windows(2)
            .fold(true, |kept, pair| kept & ordered(pair[0], pair[1]));
        let joined = previous.is_none_or(|previous| ordered(previous, y[0]));
        *previous = y.last().copied();
        if !(kept && joined) {
            let at = block.x[0];
            report.breach(|| format!("{} is not monotone at or beyond {at:e}", self.function));
        }
    }

    /// Compares a block with a polynomial.
    fn compare(
        &self,
        block: &mut Block,
        piece: &Piece,
        fit: &Fit,
        index: usize,
        judge: &mut Judge,
        report: &mut Report,
    ) {
        if let [limit] = fit.coefficients[..]
            && limit.is_infinite()
        {
            for (x, found) in block.x.iter().zip(&block.found[index]) {
                let error = if f64::from(*found) == limit {
                    0.0
                } else {
                    f64::INFINITY
                };
                self.see(index, error, *x, *found, report);
            }
            return;
        }
        let half = f64::from(piece.count) / 2.0;
        let middle = f64::from(piece.first) + half;
        let length = block.bits.len();
        let Block {
            bits,
            x,
            found,
            t,
            truth,
            errors,
            doubts,
        } = block;
        for column in [&mut *t, &mut *truth, &mut *errors, &mut *doubts] {
            column.resize(length, 0.0);
        }
        for (t, bits) in t.iter_mut().zip(bits.iter()) {
            *t = (f64::from(*bits) - middle) / half;
        }
        truth.fill(0.0);
        for &coefficient in fit.coefficients.iter().rev() {
            for (sum, t) in truth.iter_mut().zip(t.iter()) {
                *sum = *sum * t + coefficient;
            }
        }
        let columns = errors.iter_mut().zip(doubts.iter_mut());
        for ((error, doubt), (truth, found)) in columns.zip(truth.iter().zip(&found[index])) {
            let power = f64::from_bits(truth.to_bits() & (0x7ff << 52));
            let unit = (power * (1.0 / 8388608.0)).max(SMALLEST);
            *error = (f64::from(*found) - truth).abs() / unit;
            *doubt = fit.error / unit;
        }
        let budget = self.budgets[index] + TOLERANCE;
        let (mut clear, mut misrounded, mut worst) = (true, 0, 0.0_f64);
        for (error, doubt) in errors.iter().zip(doubts.iter()) {
            clear &= decided(*error, *doubt, budget);
            misrounded += u64::from(*error > NEAREST);
            worst = worst.max(*error);
        }
        let tally = &mut report.tallies[index];
        if clear {
            tally.misrounded += misrounded;
            if worst > tally.worst {
                let place = errors.iter().position(|error| *error == worst).unwrap_or(0);
                tally.worst = worst;
                tally.at = x[place].to_bits().into();
            }
            return;
        }
        for place in 0..length {
            let (error, doubt) = (errors[place], doubts[place]);
            let error = if decided(error, doubt, budget) {
                error
            } else {
                let found = [found[0][place], found[1][place]];
                judge.errors(found, x[place].into())[index]
            };
            self.see(index, error, x[place], found[index][place], report);
        }
    }

    fn see(&self, index: usize, error: f64, x: f32, found: f32, report: &mut Report) {
        report.tallies[index].see(error, x.to_bits().into());
        let budget = self.budgets[index];
        if error > budget {
            let what = Quantity::ALL[index].name();
            report.breach(|| {
                format!(
                    "{} {what} at {x:e}: {found:e} is wrong by {error} ulp, the budget is {budget}",
                    self.function
                )
            });
        }
    }

    /// Compares a block number by number.
    fn judged(&self, block: &mut Block, judge: &mut Judge, report: &mut Report) {
        for (place, &x) in block.x.iter().enumerate() {
            let found = [block.found[0][place], block.found[1][place]];
            let wide = f64::from(x);
            let quick = judge.singles(wide);
            let kink = judge.truth().kinks().iter().any(|kink| kink.at == wide);
            let mut errors = [0.0; 2];
            let mut clear = !kink;
            for (index, error) in errors.iter_mut().enumerate() {
                let truth = quick[index].head();
                let power = f64::from_bits(truth.to_bits() & (0x7ff << 52));
                let unit = (power * (1.0 / 8388608.0)).max(SMALLEST);
                *error = (f64::from(found[index]) - truth).abs() / unit;
                let doubt = quick[index].error() / unit;
                let budget = self.budgets[index] + TOLERANCE;
                clear &= decided(*error, doubt, budget) & (truth.abs() < f64::from(f32::MAX));
            }
            if !clear {
                errors = judge.errors(found, wide);
            }
            for (index, error) in errors.into_iter().enumerate() {
                self.see(index, error, x, found[index], report);
            }
        }
    }
}

/// Whether an error that is known but for a doubt is within the budget, and on one side of half a unit.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a loop without branches is done for several numbers at once"
)]
fn decided(error: f64, doubt: f64, budget: f64) -> bool {
    let side = (doubt <= TOLERANCE) | ((error - NEAREST).abs() > doubt);
    // An exact result needs no budget.
    ((error + doubt <= budget) & side) | ((error == 0.0) & (doubt <= 2.0 * TOLERANCE))
}

/// What is farther from the truth is not the nearest number. Exact halves are common where a function is close to a line, and
/// which side of a half such a result lies on is of no interest.
const NEAREST: f64 = 0.5 + TOLERANCE;

/// The smallest `f32`.
const SMALLEST: f64 = 1.0 / (1_u128 << 75) as f64 / (1_u128 << 74) as f64;
/// The first subnormal numbers, which are looked at one by one.
const SHORTEST: u32 = 16;
