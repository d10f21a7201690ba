//! Contestants of another language, timed in turn.

use std::time::Duration;

use measure::{Plan, Spread, interleave};

/// Makes `calls` calls of the contestant with this index.
type Contestant = extern "C" fn(index: u64, calls: u64);

/// Times `count` contestants in turn and writes their nanoseconds per call to `spreads`.
///
/// # Safety
///
/// `spreads` has room for `count` spreads: median, lower and upper quartile, each an `f64`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_interleave(
    contestant: Contestant,
    count: u64,
    rounds: u64,
    shortest_ns: u64,
    slow_ns: u64,
    spreads: *mut Spread,
) {
    let plan = Plan {
        rounds: rounds as usize,
        shortest: Duration::from_nanos(shortest_ns),
        slow: Duration::from_nanos(slow_ns),
    };
    let mut contestants: Vec<_> = (0..count)
        .map(|index| move |calls: u64| contestant(index, calls))
        .collect();
    let found = interleave(plan, &mut contestants);
    // SAFETY: the caller's promise.
    let spreads = unsafe { std::slice::from_raw_parts_mut(spreads, count as usize) };
    spreads.copy_from_slice(&found);
}

/// Keeps this thread, and those that it starts, on one processor. Returns 0 where that cannot be done.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_pin(processor: u64) -> u8 {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: a set of processors is a plain field of bits, for which zeros are right.
        let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
        if processor as usize >= 8 * size_of::<libc::cpu_set_t>() {
            return 0;
        }
        // SAFETY: the processor is within the set, and the set outlives the call.
        let failed = unsafe {
            libc::CPU_SET(processor as usize, &mut set);
            libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set)
        };
        u8::from(failed == 0)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = processor;
        0
    }
}
