//! Formulas without a fast tier for types of 16 bits: in blocks of `f32`.

use core::mem::MaybeUninit;

use super::ahead::{DISTANCE, ask};
use super::body::{Call, Storage};
use super::level::Level;
use super::port::Port;
use super::set::{Set, Task};
use super::short::Short;

/// Elements of a block: with what becomes of them they fit into the first cache.
const BLOCK: usize = 512;

/// Goes through registers with a loop for `f32`, block by block; its results are rounded to odd, so that the second rounding is right.
///
/// # Safety
/// As the loop, whose level this is.
pub(super) unsafe fn in_blocks<H: Short, const IN: usize, const OUT: usize>(
    level: Level,
    call: Call<f32, IN, OUT>,
    context: *const (),
    inputs: [*const H; IN],
    outputs: [*mut H; OUT],
    count: usize,
    storage: Storage,
) {
    level.run(InBlocks {
        call,
        context,
        inputs,
        outputs,
        count,
        stream: storage == Storage::Stream,
    });
}

/// Its arguments.
struct InBlocks<H, const IN: usize, const OUT: usize> {
    call: Call<f32, IN, OUT>,
    context: *const (),
    inputs: [*const H; IN],
    outputs: [*mut H; OUT],
    count: usize,
    stream: bool,
}

impl<H: Short, const IN: usize, const OUT: usize> Task for InBlocks<H, IN, OUT> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        let width = <H::Lane<S> as Port<H>>::COUNT;
        let room = [MaybeUninit::<f32>::uninit(); BLOCK];
        let (mut wide, mut results) = ([room; IN], [room; OUT]);
        let mut done = 0;
        while done < self.count {
            let block = (BLOCK / width).min(self.count - done);
            // SAFETY: there are so many registers, whoever made this says, and a block has room for them: its numbers are written
            // before they are read.
            unsafe {
                for (input, wide) in self.inputs.iter().zip(&mut wide) {
                    for register in 0..block {
                        let from = input.add((done + register) * width);
                        ask(from, DISTANCE);
                        let lane = <H::Lane<S> as Port<H>>::load(from);
                        Port::<f32>::store(lane, wide.as_mut_ptr().add(register * width).cast());
                    }
                }
                (self.call)(
                    self.context,
                    wide.each_ref().map(|wide| wide.as_ptr().cast()),
                    results
                        .each_mut()
                        .map(|results| results.as_mut_ptr().cast()),
                    block,
                    Storage::Odd,
                );
                for (results, output) in results.iter().zip(&self.outputs) {
                    for register in 0..block {
                        let from = results.as_ptr().add(register * width);
                        let lane = <H::Lane<S> as Port<f32>>::load(from.cast());
                        let to = output.add((done + register) * width);
                        if self.stream {
                            Port::<H>::stream(lane, to);
                        } else {
                            Port::<H>::store(lane, to);
                        }
                    }
                }
            }
            done += block;
        }
    }
}
