//! Four ways to make vectors of one formula, side by side: what each costs per element and to compile.
//!
//! `cargo xtask bench ways` prints the tables and writes them to docs/architecture.md; x86-64 only. Each formula is written once,
//! over the trait `Lanes`, and each way implements that trait. All four compute the same bits.

#[cfg(feature = "autovectorised")]
mod autovectorised;
mod compile;
#[cfg(any(feature = "fearless", feature = "own", feature = "pulp"))]
mod explicit;
#[cfg(feature = "fearless")]
mod fearless;
mod formula;
mod measure;
#[cfg(feature = "own")]
mod own;
mod record;
mod way;
#[cfg(feature = "pulp")]
mod with_pulp;

use way::Compiled;

/// The functions, in the order of [`Compiled::functions`].
const FUNCTIONS: [&str; 3] = ["relu", "fast sigmoid", "gelu in f64"];

/// Every way at every level.
fn ways() -> Vec<Compiled> {
    vec![
        #[cfg(feature = "autovectorised")]
        autovectorised::WAY,
        #[cfg(feature = "pulp")]
        with_pulp::WAY,
        #[cfg(feature = "fearless")]
        fearless::WAY,
        #[cfg(feature = "own")]
        own::WAY,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn main() -> Result<(), String> {
    let here = ways()
        .into_iter()
        .filter(|compiled| compiled.level.is_here())
        .collect::<Vec<_>>();
    let speed = measure::table(&here);
    print!("{speed}");
    let compile_time = compile::table()?;
    print!("\n{compile_time}");
    record::write(&format!("{}\n\n{speed}\n{compile_time}", record::machine()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every 4099th number, and a length that leaves a remainder.
    fn arguments() -> Vec<f32> {
        (0..=u32::MAX).step_by(4099).map(f32::from_bits).collect()
    }

    fn results(compiled: &Compiled, function: usize, x: &[f32]) -> Vec<f32> {
        let mut y = vec![0.0; x.len()];
        (compiled.functions[function])(x, &mut y);
        y
    }

    #[test]
    fn every_way_gives_the_same_bits() {
        let x = arguments();
        let here = ways()
            .into_iter()
            .filter(|compiled| compiled.level.is_here())
            .collect::<Vec<_>>();
        for (function, name) in FUNCTIONS.iter().enumerate() {
            let first = results(&here[0], function, &x);
            for other in &here[1..] {
                for ((x, a), b) in x.iter().zip(&first).zip(results(other, function, &x)) {
                    let same = a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
                    assert!(
                        same,
                        "{name} of {x}: {a} and {b} by {} at {}",
                        other.way,
                        other.level.name()
                    );
                }
            }
        }
    }

    #[test]
    fn the_formulas_are_those_functions() {
        let x = arguments();
        let first = &ways()[0];
        for (function, name, ulp) in [(0, "relu", 0), (1, "sigmoid", 4), (2, "gelu", 1)] {
            let truth = knee::Function::parse(name).expect("a function of knee");
            let mut expected = vec![0.0; x.len()];
            truth.kernel().forward(&x, &mut expected);
            for ((x, expected), y) in x.iter().zip(expected).zip(results(first, function, &x)) {
                let apart = expected.to_bits().abs_diff(y.to_bits());
                let same = expected.is_nan() && y.is_nan() || expected == y || apart <= ulp;
                assert!(same, "{name} of {x}: {y}, not {expected}");
            }
        }
    }
}
