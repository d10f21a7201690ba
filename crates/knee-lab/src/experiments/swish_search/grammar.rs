//! Drawing formulas, changing them, and recognising what they are.

use knee::Function;
use knee::random::Seed;

use crate::engine::{Binary, Core, Formula, Unary};

/// The functions of knee in the grammar.
const FUNCTIONS: [&str; 7] = [
    "relu", "sigmoid", "tanh", "softplus", "sine", "gaussian", "arctan",
];

const JOINS: [Binary; 6] = [
    Binary::Sum,
    Binary::Difference,
    Binary::Product,
    Binary::Greater,
    Binary::Lesser,
    Binary::Gate,
];

/// Random numbers, one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draws {
    seed: Seed,
    next: u64,
}

impl Draws {
    pub(super) fn new(seed: Seed) -> Self {
        Self { seed, next: 0 }
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.next += 1;
        let drawn = self.seed.uniform(self.next) * bound as f64;
        (drawn as usize).min(bound - 1)
    }
}

/// All unary pieces.
fn pieces() -> Vec<Unary> {
    let functions = FUNCTIONS
        .iter()
        .filter_map(|name| Function::parse(name).ok());
    let own = [
        Unary::Same,
        Unary::Negative,
        Unary::Absolute,
        Unary::Square,
        Unary::Least,
    ];
    own.into_iter().chain(functions.map(Unary::Of)).collect()
}

fn piece(draws: &mut Draws) -> Unary {
    let pieces = pieces();
    pieces[draws.below(pieces.len())]
}

fn core(draws: &mut Draws) -> Core {
    Core {
        join: JOINS[draws.below(JOINS.len())],
        left: piece(draws),
        right: piece(draws),
    }
}

/// A formula of one or two cores, either as often as the other.
pub(super) fn drawn(draws: &mut Draws) -> Formula {
    Formula {
        first: core(draws),
        then: (draws.below(2) == 0).then(|| core(draws)),
    }
}

/// The formula with one piece drawn anew, or with a core more or fewer.
pub(super) fn changed(formula: Formula, draws: &mut Draws) -> Formula {
    let mut changed = formula;
    let place = draws.below(4);
    if place == 3 {
        changed.then = match formula.then {
            Some(_) => None,
            None => Some(core(draws)),
        };
        return changed;
    }
    let core = match &mut changed.then {
        Some(then) if draws.below(2) == 0 => then,
        _ => &mut changed.first,
    };
    match place {
        0 => core.join = JOINS[draws.below(JOINS.len())],
        1 => core.left = piece(draws),
        _ => core.right = piece(draws),
    }
    changed
}

/// Places at which formulas are compared.
const PLACES: [f64; 9] = [-4.1, -2.3, -1.2, -0.6, 0.0, 0.3, 0.9, 1.9, 3.7];

/// What two formulas share that are the same function, to nine digits.
pub(super) fn print(formula: Formula) -> Vec<i64> {
    let digits = |x: f64| (formula.value(x) * 1e9).round() as i64;
    PLACES.iter().map(|x| digits(*x)).collect()
}

/// The function of knee that a formula is, if there is one, perhaps with the other sign of its argument or of its value:
/// weights of both signs do not tell these apart.
pub(super) fn known(formula: Formula) -> Option<String> {
    let signs = [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)];
    for function in Function::all() {
        for (outer, inner) in signs {
            let same = |x: &f64| {
                let difference = formula.value(*x) - outer * function.value(inner * x);
                difference.abs() < 1e-9
            };
            if PLACES.iter().all(same) {
                let argument = if inner < 0.0 { "-x" } else { "x" };
                let sign = if outer < 0.0 { "-" } else { "" };
                return Some(format!("{sign}{}({argument})", function.name()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_by_oneself_is_silu() {
        let core = Core {
            join: Binary::Gate,
            left: Unary::Same,
            right: Unary::Same,
        };
        let silu = Formula {
            first: core,
            then: None,
        };
        assert_eq!(known(silu).as_deref(), Some("silu(x)"));
        let mirrored = Formula {
            first: Core {
                left: Unary::Negative,
                right: Unary::Negative,
                ..core
            },
            then: None,
        };
        assert_eq!(known(mirrored).as_deref(), Some("silu(-x)"));
        assert_ne!(print(silu), print(mirrored));
    }

    #[test]
    fn what_is_drawn_depends_on_the_seed_alone() {
        let list = || {
            let mut draws = Draws::new(Seed::new(5));
            let first = drawn(&mut draws);
            let next = (0..20).scan(first, |formula, _| {
                *formula = changed(*formula, &mut draws);
                Some(formula.to_string())
            });
            next.collect::<Vec<_>>()
        };
        assert_eq!(list(), list());
    }
}
