//! The error of a result, found with as few digits as decide it.

use knee::Kink;

use crate::big::Big;
use crate::quick::{Double, Program, Quick, Scratch, Single};
use crate::ruler::{Measured, ulps};
use crate::truth::Truth;

/// What of a function is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The value.
    Value,
    /// The derivative.
    Derivative,
}

impl Quantity {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Value, Self::Derivative];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Derivative => "derivative",
        }
    }
}

/// Measures many results of one function.
///
/// The formula is evaluated in sums of two `f64` whose functions carry bounds of their errors, 90 bits for most results. Where a bound
/// exceeds 2^-20 of a unit in the last place, [`Truth`] is asked. So the errors are right to 2^-20 of a unit.
pub struct Judge<'a> {
    truth: &'a Truth,
    program: Program<'a>,
    doubles: Scratch<Double>,
    singles: Scratch<Single>,
    /// How often the truth had to be asked.
    pub asked: u64,
}

/// Errors below this many units are of no interest.
pub(crate) const TOLERANCE: f64 = 1.0 / (1_u64 << 20) as f64;

impl<'a> Judge<'a> {
    /// For the function of that truth.
    pub fn new(truth: &'a Truth) -> Self {
        Self {
            truth,
            program: Program::new(truth),
            doubles: Scratch::default(),
            singles: Scratch::default(),
            asked: 0,
        }
    }

    /// The function's truth.
    pub fn truth(&self) -> &'a Truth {
        self.truth
    }

    fn is_kink(&self, x: f64) -> bool {
        self.truth.kinks().iter().any(|kink: &Kink| kink.at == x)
    }

    /// The true value or derivative at a finite number.
    pub fn big(&mut self, quantity: Quantity, x: f64) -> Big {
        self.asked += 1;
        match quantity {
            Quantity::Value => self.truth.value(x),
            Quantity::Derivative => self.truth.derivative(x),
        }
    }

    /// Both at a number, as sums of two `f64` with bounds of their errors.
    pub(crate) fn doubles(&mut self, x: f64) -> [Double; 2] {
        self.program.clear(&mut self.doubles);
        let values = &mut self.doubles;
        self.truth
            .roots()
            .map(|root| self.program.value(root, x, values))
    }

    /// A number that differs where the last [`Self::doubles`] took other branches.
    pub(crate) fn branches(&self) -> u64 {
        self.doubles.branches
    }

    /// Both at a number in single `f64`.
    pub(crate) fn singles(&mut self, x: f64) -> [Single; 2] {
        self.program.clear(&mut self.singles);
        let values = &mut self.singles;
        self.truth
            .roots()
            .map(|root| self.program.value(root, x, values))
    }

    /// The errors of a value and a derivative at a finite number, in units in the last place.
    pub fn errors<T: Measured>(&mut self, found: [T; 2], x: f64) -> [f64; 2] {
        let doubles = self.doubles(x);
        let kink = self.is_kink(x);
        let mut errors = [0.0; 2];
        for (index, quantity) in Quantity::ALL.into_iter().enumerate() {
            let quick = double_error(found[index], doubles[index]);
            let declared = kink && quantity == Quantity::Derivative;
            errors[index] = match quick {
                Some(error) if !declared => error,
                _ => ulps(found[index], &self.big(quantity, x)),
            };
        }
        errors
    }
}

/// The error of a result in units in the last place, if the double number decides it.
fn double_error<T: Measured>(found: T, truth: Double) -> Option<f64> {
    let (found, head) = (found.to_f64(), truth.head());
    if head == 0.0 && truth.error() == 0.0 {
        return (found == 0.0).then_some(0.0);
    }
    let size = head.abs();
    // Far beyond the largest number, and far below the smallest one: there no digit matters.
    if size > 4.0 * T::LARGEST && truth.error() < size / 4.0 {
        let right = found.is_infinite() && found * head > 0.0;
        return Some(if right { 0.0 } else { f64::INFINITY });
    }
    if !found.is_finite() || size.is_nan() || size >= T::LARGEST {
        return None;
    }
    let smallest = 2.0_f64.powi(T::SMALLEST as i32);
    if smallest > 1e-200 && size + truth.error() < smallest * TOLERANCE * TOLERANCE {
        return Some(found.abs() / smallest);
    }
    if size < 1e-250 {
        return None;
    }
    let bits = size.to_bits();
    // Just below a power of two the unit is that of the binade below.
    if bits.trailing_zeros() >= 52 && truth.tail() * head < 0.0 {
        return None;
    }
    let exponent = i64::from((bits >> 52) as u32) - 1023;
    let unit = (exponent - T::DIGITS + 1).max(T::SMALLEST);
    let scale = 2.0_f64.powi(-unit as i32);
    let error = ((found - head) - truth.tail()).abs() * scale;
    let doubt = truth.error() * scale + error * 1e-15;
    (doubt < TOLERANCE).then_some(error)
}
