//! The worst errors on record are still what they were, and no budget is looser than they ask for.

use half::{bf16, f16};
use knee::{Element, Function};
use knee_oracle::{Measured, ulps};

use crate::support::for_each;
use crate::support::samples::truth;

/// A line of `docs/accuracy.tsv`, which `cargo xtask exhaustive` writes.
struct Record {
    function: &'static str,
    dtype: &'static str,
    value: bool,
    worst: f64,
    at: u64,
}

fn records() -> impl Iterator<Item = Record> {
    let lines = include_str!("../../../docs/accuracy.tsv").lines().skip(1);
    lines.map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        Record {
            function: fields[0],
            dtype: fields[1],
            value: fields[2] == "value",
            worst: fields[3].parse().expect("a number"),
            at: u64::from_str_radix(fields[4], 16).expect("bits"),
        }
    })
}

fn error<T: Measured>(function: &Function, record: &Record) -> f64 {
    let (x, truth) = (T::from_bits(record.at), truth(function));
    if record.value {
        ulps(function.value(x), &truth.value(x.to_f64()))
    } else {
        ulps(function.derivative(x), &truth.derivative(x.to_f64()))
    }
}

fn replayed(name: &str) {
    let function = Function::parse(name).expect(name);
    for record in records().filter(|record| record.function == name) {
        let found = match record.dtype {
            f32::NAME => error::<f32>(&function, &record),
            f64::NAME => error::<f64>(&function, &record),
            dtype if dtype == f16::NAME => error::<f16>(&function, &record),
            dtype if dtype == bf16::NAME => error::<bf16>(&function, &record),
            dtype => panic!("{dtype} is no type"),
        };
        // What the sweep knows an error to, and nine digits.
        assert!(
            (found - record.worst).abs() < 2e-6,
            "{name} {}: {found} ulp at the recorded {:x}, {} on record",
            record.dtype,
            record.at,
            record.worst
        );
    }
}

/// Within 5 % of the worst, for functions of which every `f32` is on record. Results that are the nearest numbers may have the budget of one rounding, 0.5, which other parameters
/// may need.
fn budgets(name: &str) {
    if !records().any(|record| record.function == name && record.dtype == f32::NAME) {
        return;
    }
    let function = Function::parse(name).expect(name);
    let budget = function.about().budget;
    for (value, budget) in [(true, budget.forward), (false, budget.derivative)] {
        let of = records().filter(|record| record.function == name && record.value == value);
        let worst = of.map(|record| record.worst).reduce(f64::max);
        if let Some(worst) = worst {
            let quantity = if value { "value" } else { "derivative" };
            assert!(worst <= budget, "{name} {quantity}: {worst} ulp on record");
            assert!(
                budget <= 1.05 * worst || budget == 0.5,
                "{name} {quantity}: the budget is {budget} ulp, the worst on record {worst}"
            );
        }
    }
}

for_each!($ replayed, budgets);

#[test]
fn every_record_is_of_a_function() {
    for record in records() {
        assert!(
            Function::parse(record.function).is_ok(),
            "{}",
            record.function
        );
    }
}
