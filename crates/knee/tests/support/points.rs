//! Where the functions are measured.

use knee::Function;
use knee_oracle::{Big, Measured, Truth};

use super::samples::truth;

/// A generator of numbers that look random and are the same in every run (`SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between the two numbers.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 * (-53.0_f64).exp2()
    }
}

/// Where a value or a derivative changes its sign without a kink, at most a few of each, those nearest to 0.
pub(crate) fn roots(function: &Function, truth: &Truth) -> Vec<f64> {
    let kinks = function.facts().kinks;
    let mut roots = sign_changes(|x| function.derivative(x), |x| truth.derivative(x));
    roots.extend(sign_changes(|x| function.value(x), |x| truth.value(x)));
    roots.retain(|root| kinks.iter().all(|kink| (kink.at - root).abs() > 1e-6));
    roots
}

/// The zeros between the points of a grid, halved until they lie between neighbours. The library finds the place, the truth the zero.
fn sign_changes(quick: impl Fn(f64) -> f64, exact: impl Fn(f64) -> Big) -> Vec<f64> {
    let zero = Big::of(0.0);
    let grid = (-1200..=1200).map(|step| f64::from(step) / 20.0 + 0.003);
    let signs: Vec<(f64, f64)> = grid
        .map(|x| (x, quick(x)))
        .filter(|(_, y)| *y != 0.0)
        .collect();
    let changes = signs.windows(2).filter(|pair| pair[0].1 * pair[1].1 < 0.0);
    let mut changes: Vec<_> = changes.collect();
    changes.sort_by(|a, b| a[0].0.abs().total_cmp(&b[0].0.abs()));
    let mut roots = Vec::new();
    for pair in changes {
        let (mut low, mut high) = (pair[0].0, pair[1].0);
        if high - low > 0.06 {
            continue;
        }
        let rising = pair[0].1 < 0.0;
        while low.next_up() < high {
            let middle = low + (high - low) / 2.0;
            if (exact(middle) < zero) == rising {
                low = middle;
            } else {
                high = middle;
            }
        }
        roots.push(low);
        if roots.len() == 4 {
            break;
        }
    }
    roots
}

/// The points where a function is hard: beside zeros and knots, roots of the derivative, the limits of overflow and underflow,
/// in the tails, at powers of two, among the subnormal numbers; and some anywhere.
pub(crate) fn hard<T: Measured>(function: &Function) -> Vec<T> {
    let mut random = Random(0x6b6e_6565);
    let mut points = Vec::new();
    let mut around = |centre: f64, steps: i64| {
        let centre = T::from_f64(centre).ordered();
        let limit = T::INFINITY.ordered();
        points.extend(
            (-steps..=steps)
                .map(|step| centre + step)
                .filter(|o| o.abs() < limit)
                .map(T::from_ordered),
        );
    };
    for root in roots(function, &truth(function)) {
        around(root, 40);
    }
    for kink in function.facts().kinks {
        around(kink.at, 3);
    }
    around(0.0, 5);
    for knot in [0.5, 1.0, 2.0, 20.0, T::LARGEST] {
        around(knot, 1);
        around(-knot, 1);
    }
    // The limits between which exponentials of both types are neither zero nor infinite, and their halves and roots.
    for limit in [
        88.72, 103.97, 108.6, 709.78, 745.13, 751.7, 354.9, 372.6, 13.2, 14.36, 37.5, 38.57, 26.5,
        27.3, 9.4, 10.8,
    ] {
        points.extend((0..4).map(|_| T::from_f64(random.between(limit - 0.5, limit + 0.5))));
        points.extend((0..4).map(|_| T::from_f64(-random.between(limit - 0.5, limit + 0.5))));
    }
    let (smallest, largest) = (T::SMALLEST as i32, T::LARGEST.log2() as i32);
    for exponent in smallest..largest {
        // Every binade where something happens, some of the others.
        let interesting = (-30..11).contains(&exponent);
        if interesting || exponent % 16 == 0 || exponent < smallest + 3 {
            for _ in 0..if interesting { 5 } else { 1 } {
                let size = random.between(1.0, 2.0) * f64::from(exponent).exp2();
                let sign = if random.next() & 1 == 0 { 1.0 } else { -1.0 };
                points.push(T::from_f64(sign * size));
            }
        }
    }
    points.extend((0..100).map(|_| T::from_f64(random.between(-12.0, 12.0))));
    points.retain(|x| x.to_f64().is_finite());
    points
}
