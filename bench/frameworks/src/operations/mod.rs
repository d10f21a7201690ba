//! Single functions, by a framework itself and by knee in it.

mod framework;
mod in_burn;
mod in_candle;
mod kernels;

use serde_json::Value;
use session::{Cell, Plan, Turns};

use crate::values::normal;
use framework::Framework;
use in_burn::InBurn;
use in_candle::InCandle;
use kernels::{Kernels, TIERS};

/// The standard deviation of inputs.
const SCALE: f64 = 3.0;

/// The cell with the times of both frameworks and of knee in them, or of knee alone.
pub fn time(cell: &Cell, plan: &Plan) -> Value {
    let x = normal(cell.elements, SCALE, 1);
    let mut turns = Turns::default();
    add::<InBurn>(&mut turns, cell, &x, plan.peers);
    // candle has no operation that takes over a buffer.
    if cell.form != "in_place" {
        add::<InCandle>(&mut turns, cell, &x, plan.peers);
    }
    turns.time(cell, plan.turns(false))
}

/// Adds a framework's own function and knee's in it.
fn add<F: Framework>(turns: &mut Turns<'_>, cell: &Cell, x: &[f32], with_peers: bool) {
    let row = cell.row.unwrap_or(x.len());
    let mut maps = Vec::new();
    if with_peers {
        let theirs = F::theirs(&cell.function, cell.direction != "forward");
        maps.extend(theirs.map(|theirs| (F::NAME.to_owned(), theirs)));
    }
    for tier in TIERS {
        if let Some(kernels) = Kernels::of(&cell.function, tier) {
            let name = format!("knee {} in {}", kernels::word(tier), F::NAME);
            maps.push((name, F::knee(kernels)));
        }
    }
    for (name, map) in maps {
        match (cell.form.as_str(), cell.direction.as_str()) {
            ("in_place", _) => {
                let (x, alone) = (F::input(x, row), F::input(x, row));
                let run = repeated(move || map(F::copy(&x)));
                turns.add(name, run, Some(repeated(move || F::copy(&alone))));
            }
            (_, "forward") => {
                let x = F::input(x, row);
                turns.add(name, repeated(move || map(x.clone())), None);
            }
            _ => {
                let (x, alone) = (F::variable(x, row), F::input(x, row));
                let run = repeated(move || F::backward(&map(x.clone())));
                turns.add(name, run, Some(repeated(move || F::ones(&alone))));
            }
        }
    }
}

fn repeated<'a, T>(mut once: impl FnMut() -> T + 'a) -> session::Run<'a> {
    Box::new(move |calls| {
        for _ in 0..calls {
            std::hint::black_box(once());
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use knee::{RowFunction, Tier};

    /// The functions of the plan.
    const CORE: [&str; 14] = [
        "relu",
        "leaky_relu",
        "elu",
        "selu",
        "gelu",
        "gelu_tanh",
        "sigmoid",
        "silu",
        "tanh",
        "softplus",
        "mish",
        "hard_swish",
        "softmax",
        "log_softmax",
    ];

    /// The largest difference of values and of gradients, relative to numbers above 1.
    fn distance<F: Framework>(function: &str, tier: Tier) -> Option<f64> {
        const ROW: usize = 100;
        let kernels = Kernels::of(function, tier)?;
        let (x, upstream) = (normal(20 * ROW, SCALE, 1), normal(20 * ROW, 1.0, 2));
        let [forward, backward] =
            [false, true].map(|on_tape| F::theirs(function, on_tape).expect("both have it"));
        let knee = F::knee(kernels);
        let values = [&forward, &backward, &knee].map(|map| F::numbers(&map(F::input(&x, ROW))));
        let gradients = [&backward, &knee].map(|map| {
            let x = F::variable(&x, ROW);
            F::gradient(&x, &map(x.clone()), &upstream)
        });
        let far = |theirs: &[f32], ours: &[f32]| {
            assert_eq!(theirs.len(), ours.len());
            let differences = theirs.iter().zip(ours).map(|(a, b)| {
                let (a, b) = (f64::from(*a), f64::from(*b));
                (a - b).abs() / a.abs().max(1.0)
            });
            differences.fold(0.0, f64::max)
        };
        let [forward, backward, ours] = values;
        let [dx, our_dx] = gradients;
        let all = [
            far(&forward, &ours),
            far(&backward, &ours),
            far(&dx, &our_dx),
        ];
        Some(all.into_iter().fold(0.0, f64::max))
    }

    #[test]
    fn both_sides_compute_the_same_function_and_gradient() {
        for function in CORE {
            for tier in TIERS {
                for (name, distance) in [
                    ("burn", distance::<InBurn>(function, tier)),
                    ("candle", distance::<InCandle>(function, tier)),
                ] {
                    let Some(distance) = distance else {
                        assert!(RowFunction::parse(function).is_ok() && tier == Tier::Fast);
                        continue;
                    };
                    assert!(distance < 2e-5, "{function} {tier:?} in {name}: {distance}");
                }
            }
        }
    }

    #[test]
    fn a_buffer_of_its_own_holds_the_same_numbers() {
        let x = normal(1000, SCALE, 1);
        for function in ["gelu", "softmax"] {
            let map = InBurn::knee(Kernels::of(function, Tier::Exact).expect("a function"));
            let input = InBurn::input(&x, 100);
            let in_place = InBurn::numbers(&map(InBurn::copy(&input)));
            assert_eq!(in_place, InBurn::numbers(&map(input)), "{function}");
        }
    }
}
