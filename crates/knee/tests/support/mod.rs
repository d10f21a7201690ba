//! What the properties are tested with: variants of the functions, the points where they are hard, and the truth there.

pub(crate) mod catalogue;
pub(crate) mod points;
pub(crate) mod samples;

use knee::{Domain, Function};

/// The function of that name with its default parameters, and with each parameter in turn smaller, larger, zero, negative and
/// infinite, as far as its domain and the other parameters allow.
pub(crate) fn variants(name: &str) -> Vec<Function> {
    let default = Function::parse(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut variants = vec![default];
    let declared = default.about().parameters;
    for parameter in declared {
        let mut values = match parameter.default {
            // A limit that is absent unless asked for.
            infinite if infinite.is_infinite() => vec![20.0, 0.7],
            0.0 => vec![0.37, 2.33, -0.61],
            usual => vec![0.37 * usual, 2.33 * usual, 0.0, -0.61 * usual],
        };
        if parameter.default.is_finite() && parameter.domain == Domain::Extended {
            // A limit may be absent, and may meet another one.
            values.extend([f64::INFINITY, f64::NEG_INFINITY]);
            values.extend(declared.iter().map(|other| other.default));
        }
        for value in values {
            if let Ok(variant) = default.with(parameter.name, value)
                && !variants.contains(&variant)
            {
                variants.push(variant);
            }
        }
    }
    variants
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
