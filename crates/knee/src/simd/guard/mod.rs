//! The guard against lost vectors: the compiled loop of every kernel is disassembled, and its instructions are compared with a record.
//!
//! Nothing is timed and nothing is run, so the processor of the test need not have the instructions. A loop has registers of the full
//! width of its level, calls nothing and does no arithmetic on single numbers, the rest at the end of a slice included.

#[cfg(target_arch = "x86_64")]
mod flow;
#[cfg(target_arch = "x86_64")]
mod kernels;
#[cfg(target_arch = "x86_64")]
mod program;
#[cfg(target_arch = "x86_64")]
mod record;
#[cfg(target_arch = "x86_64")]
mod rows;
#[cfg(target_arch = "x86_64")]
mod samples;
#[cfg(target_arch = "x86_64")]
mod vectors;

#[cfg(not(target_arch = "x86_64"))]
#[test]
fn there_are_no_vectors_to_guard() {
    use std::io::Write;
    let reason = "the instructions of the kernels are not looked at: other processors than x86-64 have the scalar level";
    writeln!(std::io::stderr(), "{reason}").expect("standard error takes everything");
}
