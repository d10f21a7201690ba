//! The formulas of textbooks and of many programs.

use knee_oracle::Truth;

use super::{Computed, Subject};
use crate::exact::truth;
use crate::{Entry, all};

/// Formulas that are written instead of the one in a function's documentation, in the oracle's language. Of a function of rows
/// it is the first result of the row (x, 0).
const VALUES: &[(&str, &[&str])] = &[
    (
        "sigmoid",
        &["1 / (1 + exp(-clip(x, -500, 500)))", "1 / (1 + exp(-x))"],
    ),
    (
        "tanh",
        &[
            "(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
            "2 / (1 + exp(-2 * x)) - 1",
        ],
    ),
    ("gelu", &["0.5 * x * (1 + erf(x / sqrt(2)))"]),
    ("silu", &["x / (1 + exp(-x))"]),
    ("mish", &["x * tanh(log(1 + exp(x)))"]),
    (
        "log_sigmoid",
        &["log(1 / (1 + exp(-x)))", "-log(1 + exp(-x))"],
    ),
    ("softmax", &["exp(x) / (exp(x) + 1)"]),
    ("log_softmax", &["log(exp(x) / (exp(x) + 1))"]),
    ("softmin", &["exp(-x) / (exp(-x) + 1)"]),
    ("logsumexp", &["log(exp(x) + 1)"]),
];

/// The same for derivatives.
const SLOPES: &[(&str, &[&str])] = &[
    ("sigmoid", &["1 / (1 + exp(-x)) * (1 - 1 / (1 + exp(-x)))"]),
    ("tanh", &["1 - tanh(x)^2"]),
];

/// The true first result of the row (x, 0).
const ROWS: &[(&str, &str)] = &[
    ("softmax", "sigmoid(x)"),
    ("log_softmax", "-softplus(-x)"),
    ("softmin", "sigmoid(-x)"),
    ("logsumexp", "softplus(x)"),
];

fn listed(list: &'static [(&str, &[&str])], name: &str) -> Option<&'static [&'static str]> {
    let found = list.iter().find(|(function, _)| *function == name);
    found.map(|(_, formulas)| *formulas)
}

/// The functions of which a textbook formula is known.
pub fn known() -> Vec<&'static str> {
    let entries = all();
    let known = entries
        .iter()
        .filter(|entry| subject(entry, false).is_some());
    known.map(Entry::name).collect()
}

/// What is compared; `None` if no formula is known.
pub(super) fn subject(entry: &Entry, derivative: bool) -> Option<Subject> {
    let name = entry.name();
    let (truth, computed) = match truth(entry) {
        Some(truth) => (truth, Computed::Number(*entry)),
        None if derivative => return None,
        None => (row_truth(name)?, Computed::Row(*entry)),
    };
    let parameters = entry.parameters();
    let parameters: Vec<(&str, f64)> = parameters.iter().map(|p| (p.name, p.value)).collect();
    let documented = if derivative {
        entry.about().derivative()
    } else {
        truth.formula().to_string()
    };
    let own;
    let list = if derivative { SLOPES } else { VALUES };
    let formulas = if let Some(formulas) = listed(list, name) {
        formulas
    } else {
        own = [documented.split('`').nth(usize::from(derivative))?];
        &own
    };
    let formulas = formulas
        .iter()
        .map(|formula| Truth::parse(formula, &parameters).ok())
        .collect::<Option<Vec<Truth>>>()?;
    let prime = if derivative { "'" } else { "" };
    let title = match computed {
        Computed::Number(_) => format!("{entry}{prime}"),
        Computed::Row(_) => format!("{entry} of (x, 0)"),
    };
    Some(Subject {
        name: title,
        truth,
        derivative,
        computed,
        formulas,
    })
}

fn row_truth(name: &str) -> Option<Truth> {
    let (_, formula) = ROWS.iter().find(|(function, _)| *function == name)?;
    Truth::parse(formula, &[]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every formula is the function: they differ in their roundings only.
    #[test]
    fn formulas_are_the_function() {
        for derivative in [false, true] {
            for entry in all() {
                let Some(subject) = subject(&entry, derivative) else {
                    continue;
                };
                for formula in &subject.formulas {
                    for x in [-3.25, -0.75, 0.375, 2.0, 7.5] {
                        let (found, exact) = (formula.value(x), subject.exact(x));
                        let error = (found - exact.clone()).abs();
                        let bound = exact.abs() * knee_oracle::Big::power_of_two(-90);
                        assert!(
                            error <= bound,
                            "{}: {} at {x}",
                            subject.name,
                            formula.formula()
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn listed_functions_are_in_the_catalogue() {
        let lists = VALUES.iter().chain(SLOPES).map(|(name, _)| *name);
        for name in lists.chain(ROWS.iter().map(|(name, _)| *name)) {
            assert!(Entry::parse(name).is_ok(), "{name}");
        }
    }
}
