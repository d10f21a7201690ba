//! What the properties are tested with: the ruler, the oracle and the points.

pub(crate) mod oracle;
pub(crate) mod points;
pub(crate) mod ruler;

use knee::Function;

/// The function of that name with its default parameters, and with others that change its character.
pub(crate) fn variants(name: &str) -> Vec<Function> {
    let others: &[&str] = match name {
        "leaky_relu" => &[
            "negative_slope=0.2",
            "negative_slope=0",
            "negative_slope=-0.3",
        ],
        "elu" => &["alpha=0.3", "alpha=2", "alpha=0"],
        "selu" => &["alpha=1, scale=0.7", "alpha=0, scale=3"],
        "celu" => &["alpha=1.3", "alpha=0.05"],
        "hard_sigmoid" => &["alpha=0.3, beta=0.4"],
        "hard_sigmoid_02" => &["alpha=0.25, beta=0.1"],
        "hard_tanh" => &[
            "min_val=0, max_val=inf",
            "min_val=-inf, max_val=2",
            "min_val=-0.5, max_val=3",
            "min_val=1, max_val=1",
            "min_val=-0.1, max_val=0.7",
        ],
        "softplus" => &["beta=2.5", "beta=0.3", "beta=2, threshold=20"],
        "swish_beta" => &["beta=0", "beta=-0.7", "beta=25"],
        "quick_gelu" => &["alpha=0.6"],
        "sine" => &["w0=1", "w0=0.1"],
        _ => &[],
    };
    let parse =
        |text: String| Function::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let others = others
        .iter()
        .map(|parameters| parse(format!("{name}({parameters})")));
    std::iter::once(parse(name.to_string()))
        .chain(others)
        .collect()
}

/// Writes one test module per function of the list: `for_each!($ check)` calls `check("gelu")` in the test `gelu::check`.
macro_rules! for_each {
    ($d:tt $($check:ident),+) => {
        macro_rules! tests {
            ($d($d module:ident $d type:ident)+) => {
                $d(mod $d module {
                    $(#[test] fn $check() { super::$check(stringify!($d module)); })+
                })+
            };
        }
        knee::for_each_function!(tests);
    };
}
pub(crate) use for_each;
