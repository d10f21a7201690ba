//! The true values of all `f32` of a stretch, as polynomials.
//!
//! Within a binade the numbers are evenly spaced. A stretch of `2^k` of them is mapped to `t` from -1 to 1, the formula is evaluated
//! with 90 bits or more at 13 Chebyshev points, and the polynomial through them is evaluated in `f64`. Its error is bounded by four
//! times the largest difference seen at six points between the nodes, plus the rounding errors of Horner's rule. A stretch in which
//! the formula takes more than one branch has no polynomial. Stretches are halved until the bound is below 2^-20 of a unit in the last place of an `f32` everywhere in it; stretches of a few numbers, at knots and
//! roots, are left to the [`Judge`].

use crate::big::Big;
use crate::judge::{Judge, Quantity, TOLERANCE};
use crate::quick::{Quick, split};

const NODES: usize = 13;
/// A stretch that is not divided further.
const SHORT: u32 = 16;
/// From this length on a polynomial may have fewer digits where the function is close to a root.
const MODERATE: u32 = 256;

/// Where a polynomial is compared with the formula.
const CHECKS: [f64; 6] = [
    -0.984375,
    -0.671875,
    -0.17578125,
    0.36328125,
    0.80078125,
    0.9921875,
];

/// A polynomial in `t` and a bound of its error.
#[derive(Clone, Debug)]
pub(crate) struct Fit {
    pub(crate) coefficients: Vec<f64>,
    pub(crate) error: f64,
}

/// `count` numbers from the bits `first` on, and what is known of them: a fit for the value and one for the derivative.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) first: u32,
    pub(crate) count: u32,
    pub(crate) fits: Option<[Fit; 2]>,
}

/// The Chebyshev points, and the matrix from values there to coefficients.
pub(crate) struct Interpolation {
    nodes: [f64; NODES],
    matrix: [[(f64, f64); NODES]; NODES],
}

impl Interpolation {
    pub(crate) fn new() -> Self {
        // Rounded to 20 bits, so that the arguments are exact.
        let grid = f64::from(1 << 20);
        let nodes: [f64; NODES] = std::array::from_fn(|k| {
            let angle = std::f64::consts::PI * (2 * k + 1) as f64 / (2 * NODES) as f64;
            (angle.cos() * grid).round() / grid
        });
        let mut matrix = [[(0.0, 0.0); NODES]; NODES];
        for (k, &node) in nodes.iter().enumerate() {
            // The coefficients of the polynomial that is 1 at this node and 0 at the others.
            let mut product = vec![Big::of(1.0)];
            for &other in nodes.iter().filter(|&&other| other != node) {
                let distance = Big::of(node - other);
                let mut next = vec![Big::of(0.0); product.len() + 1];
                for (power, coefficient) in product.into_iter().enumerate() {
                    let scaled = coefficient / distance.clone();
                    next[power] = next[power].clone() - scaled.clone() * Big::of(other);
                    next[power + 1] = next[power + 1].clone() + scaled;
                }
                product = next;
            }
            for (power, coefficient) in product.iter().enumerate() {
                let [head, tail] = split(coefficient);
                matrix[power][k] = (head, tail);
            }
        }
        Self { nodes, matrix }
    }

    /// The polynomial through these values, which are sums of two numbers.
    fn coefficients(&self, values: &[[f64; 2]]) -> Vec<f64> {
        let row = |row: &[(f64, f64); NODES]| {
            let (mut sum, mut rest) = (0.0_f64, 0.0_f64);
            for (&(a, b), &[value, tail]) in row.iter().zip(values) {
                let product = a * value;
                let small = a.mul_add(value, -product) + (a * tail + b * value);
                let total = sum + product;
                let part = total - sum;
                rest += (sum - (total - part)) + (product - part) + small;
                sum = total;
            }
            sum + rest
        };
        self.matrix.iter().map(row).collect()
    }
}

/// Horner's rule.
fn polynomial(coefficients: &[f64], t: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * t + c)
}

/// A value and a derivative as sums of two numbers each; infinite where they are beyond every `f32`.
type Sample = [[f64; 2]; 2];

/// The number with these bits as a magnitude.
fn magnitude(bits: u32) -> f64 {
    f64::from(f32::from_bits(bits))
}

impl Judge<'_> {
    /// Divides the `f32` with magnitudes `first..first + count` and this sign into pieces.
    pub(crate) fn pieces(
        &mut self,
        interpolation: &Interpolation,
        sign: f64,
        [first, count]: [u32; 2],
        found: &mut Vec<Piece>,
    ) {
        let mut fits = None;
        if count > SHORT {
            fits = self.fit(interpolation, sign, [first, count]);
            if fits.is_none() {
                let half = count / 2;
                self.pieces(interpolation, sign, [first, half], found);
                self.pieces(interpolation, sign, [first + half, count - half], found);
                return;
            }
        }
        // Neighbouring stretches without a fit become one.
        if let (Some(last), None) = (found.last_mut(), &fits)
            && last.fits.is_none()
            && last.first + last.count == first
        {
            last.count += count;
            return;
        }
        found.push(Piece { first, count, fits });
    }

    fn sample(&mut self, x: f64) -> Sample {
        let doubles = self.doubles(x);
        let enough = |d: &crate::quick::Double| {
            d.error() <= (d.head().abs() * 2.0_f64.powi(-58)).max(2.0_f64.powi(-180))
        };
        if doubles.iter().all(enough) {
            doubles.map(|d| [d.head(), d.tail()])
        } else {
            self.asked += 1;
            let (value, slope) = self.truth().both_to(x, 64);
            [split(&value), split(&slope)]
        }
    }

    fn fit(
        &mut self,
        interpolation: &Interpolation,
        sign: f64,
        [first, count]: [u32; 2],
    ) -> Option<[Fit; 2]> {
        let (low, high) = (
            magnitude(first),
            magnitude(first) + f64::from(count) * spacing(first),
        );
        let (middle, half) = (f64::midpoint(low, high), (high - low) / 2.0);
        // The same branches are taken everywhere, also at both ends.
        let mut branches = None;
        let mut at = |t: f64| {
            let sample = self.sample(sign * (middle + half * t));
            let here = self.branches();
            (*branches.get_or_insert(here) == here).then_some(sample)
        };
        at(-1.0)?;
        at(1.0 - 2.0 / f64::from(count))?;
        // The points between the nodes first: most stretches that are too long show there.
        let checks: Vec<Sample> = CHECKS.iter().map(|t| at(*t)).collect::<Option<_>>()?;
        let samples = interpolation.nodes.iter().map(|t| at(*t));
        let samples: Vec<Sample> = samples.collect::<Option<_>>()?;
        let mut fits = Vec::with_capacity(2);
        for index in 0..Quantity::ALL.len() {
            let values: Vec<[f64; 2]> = samples.iter().map(|sample| sample[index]).collect();
            let checks: Vec<[f64; 2]> = checks.iter().map(|sample| sample[index]).collect();
            fits.push(quantity(interpolation, &values, &checks, count)?);
        }
        fits.try_into().ok()
    }
}

/// The distance of neighbours at this magnitude.
fn spacing(bits: u32) -> f64 {
    let exponent = (bits >> 23).max(1).cast_signed() - 127 - 23;
    2.0_f64.powi(exponent)
}

/// Beyond this size an `f32` is infinite.
const BEYOND: f64 = 3.5e38;

fn quantity(
    interpolation: &Interpolation,
    values: &[[f64; 2]],
    checks: &[[f64; 2]],
    count: u32,
) -> Option<Fit> {
    let all = || values.iter().chain(checks).map(|value| value[0]);
    for sign in [-1.0, 1.0] {
        if all().all(|value| sign * value > BEYOND) {
            return Some(Fit {
                coefficients: vec![sign * f64::INFINITY],
                error: 0.0,
            });
        }
    }
    let (least, most) = all().fold((f64::INFINITY, 0.0_f64), |(least, most), value| {
        (least.min(value.abs()), most.max(value.abs()))
    });
    if !most.is_finite() {
        return None;
    }
    let unit = |size: f64| (size * 2.0_f64.powi(-24)).max(2.0_f64.powi(-149));
    let wanted = TOLERANCE * unit(if count <= MODERATE { most } else { least });
    let mut coefficients = interpolation.coefficients(values);
    // Small terms at the end are left out.
    let mut error = 0.0;
    while let Some(last) = coefficients.last()
        && coefficients.len() > 1
        && error + last.abs() < 0.125 * wanted
    {
        error += last.abs();
        coefficients.pop();
    }
    let rounding: f64 = coefficients
        .iter()
        .enumerate()
        .map(|(power, c)| (2 * power + 1) as f64 * c.abs())
        .sum();
    // A constant, and a line through zero in `t` that is exact, are rounded in no step.
    let exact = coefficients.len() == 1 || (coefficients.len() == 2 && error == 0.0);
    if !exact {
        error += rounding * 2.0_f64.powi(-53);
    }
    let seen = CHECKS
        .iter()
        .zip(checks)
        .map(|(&t, value)| ((polynomial(&coefficients, t) - value[0]) - value[1]).abs());
    error += 4.0 * seen.fold(0.0, f64::max);
    (error <= wanted).then_some(Fit {
        coefficients,
        error,
    })
}
