//! Every fusion with its separate steps: one file each.

mod bce_with_logits;
mod biased;
mod cross_entropy;
mod gated;
mod observed;
mod packed;
mod residual;
mod softmax;

use knee::{Function, Kernel, Tier};

use crate::case::Case;
use crate::number::Number;

/// The functions behind a bias or a residual, with the tiers that they have.
const ACTIVATIONS: [(&str, &[Tier]); 3] = [
    ("gelu", &[Tier::Exact, Tier::Fast]),
    ("silu", &[Tier::Exact, Tier::Fast]),
    ("relu", &[Tier::Exact]),
];

/// Everything.
pub(crate) fn all() -> Vec<Case<f32>> {
    let mut cases = Vec::new();
    for (name, tiers) in ACTIVATIONS {
        for &tier in tiers {
            cases.extend(biased::cases(name, tier));
            cases.extend(residual::cases(name, tier));
        }
    }
    for [unit, activation] in gated::UNITS {
        cases.extend(gated::cases(unit, activation));
        cases.extend(packed::cases(unit, activation));
    }
    cases.extend(
        [Tier::Exact, Tier::Fast]
            .into_iter()
            .flat_map(softmax::cases),
    );
    cases.extend(cross_entropy::cases());
    cases.push(bce_with_logits::case());
    for (name, tier) in [
        ("relu", Tier::Exact),
        ("gelu", Tier::Exact),
        ("gelu", Tier::Fast),
    ] {
        cases.push(observed::case(name, tier));
    }
    cases
}

/// What is timed with 16-bit numbers, which have one tier.
pub(crate) fn without_tiers<T: Number>() -> Vec<Case<T>> {
    let mut cases = biased::cases("gelu", Tier::Exact);
    let [unit, activation] = gated::UNITS[0];
    cases.extend(gated::cases(unit, activation));
    cases.extend(packed::cases(unit, activation));
    cases
}

/// The function of that name in a tier.
fn kernel(name: &str, tier: Tier) -> Kernel {
    Function::parse(name)
        .expect("a function of knee")
        .kernel()
        .tier(tier)
}

#[cfg(test)]
mod tests {
    use half::bf16;

    use super::*;
    use crate::arrays::Arrays;

    fn check<T: Number>(cases: &[Case<T>], elements: usize) {
        for case in cases {
            let elements = case.whole(elements);
            let mut arrays = Arrays::<T>::new(elements * case.parts);
            case.check(arrays.slices(elements)).expect("one result");
        }
    }

    #[test]
    fn both_sides_give_the_same_numbers() {
        check(&all(), 20_000);
        check(&without_tiers::<bf16>(), 20_000);
    }

    /// Results of 8 MiB and more are written around the caches.
    #[test]
    fn both_sides_give_the_same_numbers_when_results_are_large() {
        let large = |case: &Case<f32>| case.function == "relu" || case.function == "reglu";
        let cases: Vec<_> = all().into_iter().filter(large).collect();
        check(&cases, 9 << 18);
        check(&without_tiers::<bf16>(), 9 << 19);
    }
}
