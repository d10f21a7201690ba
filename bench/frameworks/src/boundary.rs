//! Training steps behind a C boundary. The library has the functions of `bench/boundary` as well, with which they are timed.

use std::ffi::{CStr, c_char};

pub use ::boundary::timer;

use crate::training::{Side, Training, training};

/// A network on its way: what [`training_new`] makes.
pub struct Handle(Box<dyn Training>);

/// A network such as `mlp` with the activations of a side such as `burn`, or null if there is none. It is kept until the program
/// ends.
///
/// # Safety
///
/// Both are texts that end with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn training_new(
    network: *const c_char,
    side: *const c_char,
) -> *mut Handle {
    crate::keep_memory();
    // SAFETY: the caller's promise.
    let [network, side] = unsafe { [CStr::from_ptr(network), CStr::from_ptr(side)] };
    let made = Side::of(&side.to_string_lossy())
        .and_then(|side| training(&network.to_string_lossy(), side));
    made.map_or(std::ptr::null_mut(), |training| {
        Box::into_raw(Box::new(Handle(training)))
    })
}

/// Makes as many training steps.
///
/// # Safety
///
/// `training` came from [`training_new`], and no other thread uses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn training_steps(training: *mut Handle, steps: u64) {
    // SAFETY: the caller's promise.
    let training = unsafe { &mut *training };
    for _ in 0..steps {
        std::hint::black_box(training.0.step());
    }
}
