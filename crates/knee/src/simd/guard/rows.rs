//! Functions of rows, held to whole registers: their innermost loops.
//!
//! What is done once for each row is done with single numbers; what is done with each element is not.

use std::format;
use std::string::String;
use std::vec::Vec;

use super::flow::Flow;
use super::program::Program;
use super::vectors::{Width, faults_of_rows};
use crate::exponentials::{LogShares, LogSoftmaxGradient, LogSum, Shares, SharesGradient};
use crate::losses::{Blocks, Entropy, Plain};
use crate::rowwise::{RowFormula, Run};
use crate::simd::level::{Kind, Level};
use crate::simd::set::{Lanes, places};

/// Looks at the loops of a formula for rows of `T`, at each level.
fn look<F: RowFormula<IN> + 'static, T: Lanes, const IN: usize>(
    program: &Program,
    name: &str,
    faults: &mut Vec<String>,
) {
    for (level, place) in places::<Run<'static, F, T, IN>>() {
        let width = if level == Level(Kind::Avx2) {
            Width::Ymm
        } else {
            Width::Zmm
        };
        let (address, code) = program
            .function(place)
            .expect("the work is a function of the program");
        let found = faults_of_rows(&Flow::of(address, code), width);
        let shown = format!("{name} {} {}", T::NAME, level.name());
        faults.extend(found.first().map(|fault| format!("{shown}: {fault}")));
    }
}

fn both<F: RowFormula<IN> + 'static, const IN: usize>(
    program: &Program,
    name: &str,
    faults: &mut Vec<String>,
) {
    look::<F, f32, IN>(program, name, faults);
    look::<F, f64, IN>(program, name, faults);
}

#[test]
fn every_loop_over_a_row_is_one_over_whole_registers() {
    let program = Program::this().expect("the program can be read");
    let mut faults = Vec::new();
    both::<Shares, 1>(&program, "softmax", &mut faults);
    both::<SharesGradient, 2>(&program, "gradient of softmax", &mut faults);
    both::<LogShares, 1>(&program, "log_softmax", &mut faults);
    both::<LogSoftmaxGradient, 2>(&program, "gradient of log_softmax", &mut faults);
    both::<LogSum, 1>(&program, "logsumexp", &mut faults);
    both::<Entropy<'static>, 1>(&program, "cross_entropy", &mut faults);
    both::<Blocks<Plain>, 2>(&program, "bce_with_logits", &mut faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
