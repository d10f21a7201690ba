//! Training steps behind a C boundary. The library has the functions of `bench/boundary` as well, with which they are timed.

use std::ffi::{CStr, c_char};

pub use ::boundary::timer;

use crate::networks::{Training, training};

/// A network such as `cnn` as the lab trains it, or null if there is none. It is kept until the program ends.
///
/// # Safety
///
/// `network` is a text that ends with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn training_new(network: *const c_char, _side: *const c_char) -> *mut Training {
    // SAFETY: the caller's promise.
    let network = unsafe { CStr::from_ptr(network) };
    training(&network.to_string_lossy()).map_or(std::ptr::null_mut(), |training| Box::into_raw(Box::new(training)))
}

/// Makes as many training steps.
///
/// # Safety
///
/// `training` came from [`training_new`], and no other thread uses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn training_steps(training: *mut Training, steps: u64) {
    // SAFETY: the caller's promise.
    let training = unsafe { &mut *training };
    for _ in 0..steps {
        std::hint::black_box(training.step());
    }
}
