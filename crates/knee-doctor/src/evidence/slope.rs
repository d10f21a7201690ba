//! The slope at the sampled pre-activations.

use knee::{Function, Tail};

use super::sweep::Real;

/// The table runs from -`END` to `END`, with so many cells for each unit of z.
const END: f32 = 16.0;
const CELLS: f32 = 64.0;
const POINTS: usize = 2 * (END * CELLS) as usize + 1;
/// What a table may be off, relative to the greatest slope in it.
const TOLERANCE: f64 = 1e-4;

/// How the slope of a unit is found.
///
/// A mean slope is compared with a threshold of 15 %, so 1e-4 is plenty, and a table with straight
/// lines between its points costs a tenth of the exact derivative of a GELU. Functions with kinks,
/// and those whose table would be further off, keep the exact derivative; so do values beyond the
/// ends of the table.
#[derive(Clone, Debug)]
pub(super) enum Slope {
    /// The derivative itself.
    Exact(Function),
    /// Values of the derivative at equal distances.
    Table(Function, Box<[f32; POINTS]>),
}

impl Slope {
    pub(super) fn of(function: Function) -> Self {
        let facts = function.facts();
        let tails = [facts.left, facts.right];
        if !facts.kinks.is_empty() || tails.iter().any(|t| matches!(t, Tail::Oscillates)) {
            return Self::Exact(function);
        }
        let at = |k: f32| function.derivative(k / CELLS - END);
        let mut table = Box::new([0.0; POINTS]);
        for (k, value) in table.iter_mut().enumerate() {
            *value = at(k as f32);
        }
        let greatest = table
            .iter()
            .fold(0.0, |most: f32, value| most.max(value.abs()));
        let off = |k: usize| f64::from(f32::midpoint(table[k], table[k + 1]) - at(k as f32 + 0.5));
        let fits = (0..POINTS - 1).all(|k| off(k).abs() <= TOLERANCE * f64::from(greatest));
        if fits {
            Self::Table(function, table)
        } else {
            Self::Exact(function)
        }
    }

    /// |f'| of each value.
    pub(super) fn magnitudes<T: Real>(&self, z: &[T], exact: &mut [T], out: &mut [f32]) {
        match self {
            Self::Exact(function) => {
                function.derivatives(z, exact);
                for (out, slope) in out.iter_mut().zip(exact) {
                    *out = slope.single().abs();
                }
            }
            Self::Table(..) => {
                for (out, &z) in out.iter_mut().zip(z) {
                    *out = self.magnitude(z);
                }
            }
        }
    }

    /// |f'| of one value.
    pub(super) fn magnitude<T: Real>(&self, z: T) -> f32 {
        let (function, table) = match self {
            Self::Exact(function) => return function.derivative(z).single().abs(),
            Self::Table(function, table) => (function, table),
        };
        let place = (z.single() + END) * CELLS;
        if !(0.0..(POINTS - 1) as f32).contains(&place) {
            return function.derivative(z).single().abs();
        }
        let cell = place as usize;
        let (left, right) = (table[cell], table[cell + 1]);
        (left + (right - left) * (place - cell as f32)).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_within_the_tolerance() {
        for function in Function::all() {
            let slope = Slope::of(function);
            let most = (-160..=160)
                .map(|k| function.derivative(f64::from(k) / 10.0).abs())
                .fold(0.0, f64::max);
            for k in -20_000..=20_000 {
                let z = k as f32 / 1000.0;
                let exact = f64::from(function.derivative(z).abs());
                let off = (f64::from(slope.magnitude(z)) - exact).abs();
                assert!(
                    off <= 2.0 * TOLERANCE * most,
                    "{function} at {z}: off by {off:e}"
                );
            }
            for z in [f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30] {
                let exact = function.derivative(z).abs();
                assert_eq!(
                    slope.magnitude(z).to_bits(),
                    exact.to_bits(),
                    "{function} at {z}"
                );
            }
        }
    }

    #[test]
    fn smooth_functions_have_a_table() {
        for (name, table) in [
            ("gelu", true),
            ("tanh", true),
            ("relu", false),
            ("sine", false),
        ] {
            let slope = Slope::of(Function::parse(name).expect("a function"));
            assert_eq!(matches!(slope, Slope::Table(..)), table, "{name}");
        }
    }
}
