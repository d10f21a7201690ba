//! Every kernel, held to whole registers and to the record.

use std::collections::BTreeSet;
use std::format;
use std::io::Write;
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use super::flow::Flow;
use super::program::Program;
use super::record::{self, Costs};
use super::vectors::{Fault, Width, check};
use crate::functions::Function;
use crate::gated::{self, GatedFunction};
use crate::kernel::Tier;
use crate::simd::level::{Kind, Level};
use crate::simd::set::Lanes;

const LEVELS: [(Level, Width); 2] = [
    (Level(Kind::Avx2), Width::Ymm),
    (Level(Kind::Avx512), Width::Zmm),
];

/// Functions whose loops do a part of their work on single numbers: an angle is reduced with as many digits of pi as its size asks for.
const IN_PARTS: [&str; 4] = ["cosine", "gcu", "sinc", "sine"];

/// What the kernels of all functions cost, and what is wrong with them.
#[derive(Default)]
struct Found {
    costs: Costs,
    faults: Vec<String>,
    in_parts: BTreeSet<&'static str>,
}

impl Found {
    /// Looks at the kernels of a function for elements of type `T`.
    fn look<T: Lanes>(
        &mut self,
        program: &Program,
        function: Function,
        tier: Tier,
        arithmetic: &str,
    ) {
        for (level, width) in LEVELS {
            let kernel = function.kernel().level(level);
            let mut loops = Vec::from([
                ("value", kernel.values::<T>(tier).place()),
                ("gradient", kernel.gradients::<T>(tier).place()),
            ]);
            if function.about().from_output.is_some() {
                loops.push((
                    "gradient from output",
                    kernel.gradients_from_output::<T>(tier).place(),
                ));
            }
            for (operation, (place, elements)) in loops {
                let name = format!(
                    "{}\t{operation}\t{arithmetic}\t{}",
                    function.name(),
                    level.name()
                );
                let (address, code) = program
                    .function(place)
                    .expect("a kernel is a function of the program");
                let cost = match check(&Flow::of(address, code), width, size_of::<T>()) {
                    Err(Fault::Instructions(_, Some(cost)))
                        if IN_PARTS.contains(&function.name()) =>
                    {
                        self.in_parts.insert(function.name());
                        Ok(cost)
                    }
                    other => other,
                };
                let shown = name.replace('\t', ", ");
                match cost {
                    Ok(cost) if cost.elements.is_multiple_of(elements) => {
                        self.costs.insert(name, cost);
                    }
                    Ok(cost) => self
                        .faults
                        .push(format!("{shown}: {} elements in a turn", cost.elements)),
                    Err(Fault::NoLoop) => self
                        .faults
                        .push(format!("{shown}: no loop that writes registers")),
                    Err(Fault::Instructions(faults, _)) => {
                        self.faults.push(format!(
                            "{shown}: {} faults, {}",
                            faults.len(),
                            faults[0]
                        ));
                    }
                }
            }
        }
    }
}

/// The others go through `f32` block by block, in types of 16 bits.
fn has_a_fast_tier(function: Function) -> bool {
    let kernel = function.kernel();
    kernel.values::<f32>(Tier::Fast).place() != kernel.values::<f32>(Tier::Exact).place()
}

#[test]
fn every_kernel_is_a_loop_over_whole_registers_with_the_recorded_instructions() {
    let program = Program::this().expect("the program can be read");
    let mut found = Found::default();
    for function in Function::all() {
        found.look::<f32>(&program, function, Tier::Exact, "exact f32");
        found.look::<f32>(&program, function, Tier::Fast, "fast f32");
        found.look::<f64>(&program, function, Tier::Exact, "f64");
        if has_a_fast_tier(function) {
            found.look::<half::f16>(&program, function, Tier::Exact, "f16");
            found.look::<half::bf16>(&program, function, Tier::Exact, "bf16");
        }
    }
    assert!(
        found.faults.is_empty(),
        "{} kernels:\n{}",
        found.faults.len(),
        found.faults.join("\n")
    );
    let unneeded = IN_PARTS
        .iter()
        .filter(|name| !found.in_parts.contains(*name))
        .collect::<Vec<_>>();
    assert!(unneeded.is_empty(), "no exception any more: {unneeded:?}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/instructions.tsv");
    if std::env::var_os("KNEE_RECORD_INSTRUCTIONS").is_some() {
        return std::fs::write(path, record::write(&found.costs))
            .expect("the record can be written");
    }
    let recorded = std::fs::read_to_string(path).expect("the record can be read");
    let recorded = record::read(&recorded).expect("the record is one");
    let difference = record::compare(&recorded, &found.costs);
    // Not through `print`, which a test that passes keeps to itself.
    for line in &difference.other {
        writeln!(std::io::stderr(), "{line}").expect("standard error takes everything");
    }
    assert!(
        difference.worse.is_empty(),
        "{} kernels; where this is meant, `cargo xtask instructions` records it:\n{}",
        difference.worse.len(),
        difference.worse.join("\n"),
    );
}

/// The gradients of gated units were calls for each register once, because a method was not inlined.
#[test]
fn gated_units_are_loops_over_whole_registers() {
    let best = LEVELS.iter().find(|(level, _)| *level == Level::best());
    let Some(&(_, width)) = best else {
        return;
    };
    let program = Program::this().expect("the program can be read");
    let mut faults = Vec::new();
    for &unit in GatedFunction::ALL {
        let mut own = unit;
        let loops = [
            gated::values::<f32, _>(&mut own, |body| (body.place(), 4)),
            gated::gradients::<f32, _>(&mut own, |body| (body.place(), 4)),
            gated::values::<f64, _>(&mut own, |body| (body.place(), 8)),
            gated::gradients::<f64, _>(&mut own, |body| (body.place(), 8)),
        ];
        for (index, ((place, _), bytes)) in loops.into_iter().enumerate() {
            let (address, code) = program
                .function(place)
                .expect("a kernel is a function of the program");
            match check(&Flow::of(address, code), width, bytes) {
                Ok(_) => {}
                Err(Fault::NoLoop) => faults.push(format!("{unit}, loop {index}: none")),
                Err(Fault::Instructions(own, _)) => {
                    faults.push(format!("{unit}, loop {index}: {}", own[0]));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
