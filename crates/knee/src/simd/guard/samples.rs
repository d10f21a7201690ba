//! The guard watched at work: loops that it has to refuse, and some that it must not.

use core::arch::x86_64::*;
use core::hint::black_box;

use super::flow::Flow;
use super::program::Program;
use super::vectors::{Cost, Fault, Width, check};

type Sample = unsafe fn(&[f32], &mut [f32]);

fn checked(sample: Sample, width: Width) -> Result<Cost, Fault> {
    let program = Program::this().expect("the program can be read");
    let (address, code) = program
        .function(sample as usize)
        .expect("the sample is a function");
    check(&Flow::of(address, code), width, size_of::<f32>())
}

fn refused(sample: Sample, width: Width, reason: &str) {
    match checked(sample, width) {
        Err(Fault::Instructions(faults, _)) => assert!(
            faults.iter().any(|fault| fault.contains(reason)),
            "{faults:?}"
        ),
        other => panic!("a loop that must be refused: {other:?}"),
    }
}

/// `3 x + 3`, one register at a time.
#[target_feature(enable = "avx2,fma")]
unsafe fn whole_registers(x: &[f32], y: &mut [f32]) {
    let three = _mm256_set1_ps(3.0);
    for index in 0..(x.len() / 8).min(y.len() / 8) {
        // SAFETY: both slices have this many elements.
        unsafe {
            let number = _mm256_loadu_ps(x.as_ptr().add(8 * index));
            _mm256_storeu_ps(
                y.as_mut_ptr().add(8 * index),
                _mm256_fmadd_ps(number, three, three),
            );
        }
    }
}

#[test]
fn a_loop_over_whole_registers_passes() {
    let cost = checked(whole_registers, Width::Ymm).expect("whole registers");
    assert!(cost.elements.is_multiple_of(8), "{cost:?}");
    assert!(
        cost.least <= cost.elements && cost.least == cost.most,
        "{cost:?}"
    );
}

#[test]
fn half_of_the_registers_is_refused() {
    refused(whole_registers, Width::Zmm, "a part of a register");
}

/// Each result needs the one before it.
#[target_feature(enable = "avx2,fma")]
unsafe fn one_after_the_other(x: &[f32], y: &mut [f32]) {
    let mut sum = 1.0_f32;
    for (x, y) in x.iter().zip(y) {
        sum = x.mul_add(sum, 1.0);
        *y = sum;
    }
}

#[test]
fn a_loop_over_single_numbers_is_refused() {
    refused(
        one_after_the_other,
        Width::Ymm,
        "arithmetic on single numbers",
    );
}

/// The compiler makes vectors of this, and other loops over what is left at the end.
#[target_feature(enable = "avx2,fma")]
unsafe fn remainder(x: &[f32], y: &mut [f32]) {
    for (x, y) in x.iter().zip(y) {
        *y = x.mul_add(3.0, 3.0);
    }
}

#[test]
fn a_remainder_with_other_arithmetic_is_refused() {
    refused(remainder, Width::Ymm, "arithmetic on");
}

#[inline(never)]
fn elsewhere(numbers: &mut [f32; 8]) {
    black_box(numbers);
}

#[target_feature(enable = "avx2,fma")]
unsafe fn calls(x: &[f32], y: &mut [f32]) {
    for index in 0..(x.len() / 8).min(y.len() / 8) {
        let mut numbers = [0.0; 8];
        // SAFETY: both slices have this many elements.
        unsafe {
            _mm256_storeu_ps(
                numbers.as_mut_ptr(),
                _mm256_loadu_ps(x.as_ptr().add(8 * index)),
            );
            elsewhere(&mut numbers);
            _mm256_storeu_ps(
                y.as_mut_ptr().add(8 * index),
                _mm256_loadu_ps(numbers.as_ptr()),
            );
        }
    }
}

#[test]
fn a_loop_with_a_call_is_refused() {
    refused(calls, Width::Ymm, "a call");
}

#[test]
fn what_is_refused_is_counted_all_the_same() {
    let result = checked(calls, Width::Ymm);
    let Err(Fault::Instructions(_, Some(cost))) = result else {
        panic!("a loop that must be refused: {result:?}");
    };
    assert_eq!(cost.elements, 8, "{cost:?}");
}

/// Whole registers, and a loop of unknown length for each.
#[target_feature(enable = "avx2,fma")]
unsafe fn nested(x: &[f32], y: &mut [f32]) {
    for index in 0..(x.len() / 8).min(y.len() / 8) {
        // SAFETY: both slices have this many elements.
        unsafe {
            let mut number = _mm256_loadu_ps(x.as_ptr().add(8 * index));
            loop {
                number = _mm256_mul_ps(number, number);
                if black_box(true) {
                    break;
                }
            }
            _mm256_storeu_ps(y.as_mut_ptr().add(8 * index), number);
        }
    }
}

#[test]
fn a_loop_in_the_loop_is_told() {
    let cost = checked(nested, Width::Ymm).expect("whole registers");
    assert_eq!(cost.inner, 1, "{cost:?}");
}

unsafe fn no_loop(_: &[f32], y: &mut [f32]) {
    y[0] = 1.0;
}

#[test]
fn a_function_without_a_loop_is_refused() {
    assert!(matches!(checked(no_loop, Width::Ymm), Err(Fault::NoLoop)));
}

/// The second half of the registers is done only where it is needed.
#[target_feature(enable = "avx2,fma")]
unsafe fn two_ways(x: &[f32], y: &mut [f32]) {
    for index in 0..(x.len() / 8).min(y.len() / 8) {
        // SAFETY: both slices have this many elements.
        unsafe {
            let mut number = _mm256_loadu_ps(x.as_ptr().add(8 * index));
            if _mm256_movemask_ps(number) != 0 {
                number = _mm256_sqrt_ps(_mm256_div_ps(_mm256_set1_ps(black_box(3.0)), number));
            }
            _mm256_storeu_ps(y.as_mut_ptr().add(8 * index), number);
        }
    }
}

#[test]
fn a_branch_in_the_loop_has_a_shortest_and_a_longest_way() {
    let cost = checked(two_ways, Width::Ymm).expect("whole registers");
    assert!(cost.least < cost.most, "{cost:?}");
}
