//! The instruction sets that a kernel is compiled for, and the choice between them at run time.
//!
//! This is the only room with unsafe code: the processor's own instructions, calling a function that was compiled for instructions
//! which the processor may lack, and storage that is read, written, or both. A formula is the same Rust code at each level:
//! it is generic over a [`Lane`](crate::Lane), and a lane may be a register. The operations of a register are IEEE operations on its
//! numbers, so the bits are the same as well.
#![expect(
    unsafe_code,
    reason = "instructions that a processor may lack can only be called unsafely, and slices are passed as pointers"
)]

mod ahead;
mod around;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
mod avx2;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
mod avx512;
mod body;
#[cfg(test)]
mod guard;
#[cfg(feature = "half")]
mod in_blocks;
mod level;
mod many;
mod port;
mod register;
mod room;
mod row_port;
mod set;
#[cfg(feature = "half")]
mod short;
mod slices;
mod store;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
mod vector;

pub(crate) use around::{BLOCK, Blocks};
pub(crate) use body::{Body, Formula};
pub use level::Level;
pub use register::Register;
pub(crate) use room::{Registers, Room};
pub(crate) use row_port::RowPort;
pub(crate) use set::{Lanes, Set, Task};
#[cfg(feature = "half")]
pub(crate) use short::{add, widen};
#[cfg(feature = "rayon")]
pub(crate) use slices::STREAMED;
pub(crate) use slices::{Input, Output, Written, apply, fence};
pub(crate) use store::{Sink, Store};
