//! One kernel with everything that is chosen about it.

use std::ffi::{CStr, c_char};
use std::hint::black_box;

use knee::{Element, Function, RowFunction, Tier};

use crate::dtype::{Ruled, Typed, dispatch};

/// What a kernel does with its arrays.
#[derive(Clone, Copy, PartialEq)]
enum Operation {
    /// `out = f(a)`
    Forward,
    /// `out = b * f'(a)`
    Backward,
    /// `out = b * f'`, `a` being the function's output
    BackwardFromOutput,
    /// `out = f(out)`
    InPlace,
}

/// A function with its form.
#[derive(Clone, Copy)]
enum Kind {
    Element(Function),
    Row(RowFunction),
}

/// A kernel that can be called again and again: what [`boundary_job`] makes.
pub struct Job {
    kind: Kind,
    tier: Tier,
    operation: Operation,
    parallel: bool,
    dtype: u8,
}

/// The kernel of a function such as `leaky_relu(negative_slope=0.2)`, or null if there is none.
///
/// `operation`: 0 forward from `a` to `out`, 1 backward from the input `a` and the upstream gradient `b`, 2 backward from the
/// output `a`, 3 in place in `out`. `fast` and `parallel`: 0 or 1. [`boundary_forget`] takes it back.
///
/// # Safety
///
/// `function` is a text that ends with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_job(
    function: *const c_char,
    dtype: u8,
    operation: u8,
    fast: u8,
    parallel: u8,
) -> *mut Job {
    // SAFETY: the caller's promise.
    let text = unsafe { CStr::from_ptr(function) };
    let job = text
        .to_str()
        .ok()
        .and_then(|text| Job::new(text, dtype, operation, fast != 0, parallel != 0));
    job.map_or(std::ptr::null_mut(), |job| Box::into_raw(Box::new(job)))
}

/// Forgets a kernel.
///
/// # Safety
///
/// `job` came from [`boundary_job`] and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_forget(job: *mut Job) {
    if !job.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(job) });
    }
}

/// Calls the kernel `calls` times. Rows are `row` elements long; an element-wise kernel does not look at it.
///
/// # Safety
///
/// `job` came from [`boundary_job`]. `a`, `b` and `out` point to `elements` initialised numbers of its dtype; `out` overlaps none
/// of the others. An array that the operation does not use may be null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_run(
    job: *const Job,
    a: *const u8,
    b: *const u8,
    out: *mut u8,
    elements: u64,
    row: u64,
    calls: u64,
) {
    // SAFETY: the caller's promise.
    let job = unsafe { &*job };
    let call = Call {
        job,
        a,
        b,
        out,
        elements: elements as usize,
        row: row as usize,
        calls,
    };
    dispatch(job.dtype, call);
}

impl Job {
    fn new(text: &str, dtype: u8, operation: u8, fast: bool, parallel: bool) -> Option<Self> {
        let kind = match Function::parse(text) {
            Ok(function) => Kind::Element(function),
            Err(_) => Kind::Row(RowFunction::parse(text).ok()?),
        };
        let operation = match operation {
            0 => Operation::Forward,
            1 => Operation::Backward,
            2 => Operation::BackwardFromOutput,
            3 => Operation::InPlace,
            _ => return None,
        };
        let exists = match (&kind, operation) {
            (Kind::Element(f), Operation::BackwardFromOutput) => f.about().from_output.is_some(),
            (Kind::Row(_), Operation::Backward) => false,
            (Kind::Row(_), Operation::InPlace) => !parallel,
            _ => true,
        };
        let tier = if fast { Tier::Fast } else { Tier::Exact };
        (exists && dtype < 4).then_some(Self {
            kind,
            tier,
            operation,
            parallel,
            dtype,
        })
    }

    fn run<T: Element>(&self, a: &[T], b: &[T], out: &mut [T], row: usize) {
        use Operation::{Backward, BackwardFromOutput, Forward, InPlace};
        const EXISTS: &str = "`Job::new` makes no job that cannot be done";
        match self.kind {
            Kind::Element(function) => {
                let kernel = function.kernel().tier(self.tier);
                match (self.operation, self.parallel) {
                    (Forward, false) => kernel.forward(a, out),
                    (Forward, true) => kernel.parallel().forward(a, out),
                    (Backward, false) => kernel.backward(a, b, out),
                    (Backward, true) => kernel.parallel().backward(a, b, out),
                    (BackwardFromOutput, false) => {
                        kernel.backward_from_output(a, b, out).expect(EXISTS);
                    }
                    (BackwardFromOutput, true) => {
                        let parallel = kernel.parallel();
                        parallel.backward_from_output(a, b, out).expect(EXISTS);
                    }
                    (InPlace, false) => kernel.forward_in_place(out),
                    (InPlace, true) => kernel.parallel().forward_in_place(out),
                }
            }
            Kind::Row(function) => {
                let kernel = function.kernel().tier(self.tier);
                match (self.operation, self.parallel) {
                    (Forward, false) => kernel.forward(a, row, out),
                    (Forward, true) => kernel.parallel().forward(a, row, out),
                    (BackwardFromOutput, false) => kernel.backward_from_output(a, b, row, out),
                    (BackwardFromOutput, true) => {
                        kernel.parallel().backward_from_output(a, b, row, out);
                    }
                    (InPlace, _) => kernel.forward_in_place(out, row),
                    (Backward, _) => unreachable!("{EXISTS}"),
                }
            }
        }
    }
}

/// The arguments of [`boundary_run`].
struct Call<'j> {
    job: &'j Job,
    a: *const u8,
    b: *const u8,
    out: *mut u8,
    elements: usize,
    row: usize,
    calls: u64,
}

impl Typed for Call<'_> {
    type Output = ();

    fn with<T: Ruled>(self) {
        let operation = self.job.operation;
        let takes_b = matches!(
            operation,
            Operation::Backward | Operation::BackwardFromOutput
        );
        // SAFETY: the promise of the caller of `boundary_run`: as many initialised numbers of this type.
        let (a, b, out) = unsafe {
            (
                slice::<T>(self.a, self.elements, operation != Operation::InPlace),
                slice::<T>(self.b, self.elements, takes_b),
                std::slice::from_raw_parts_mut(self.out.cast::<T>(), self.elements),
            )
        };
        for _ in 0..self.calls {
            self.job
                .run(black_box(a), black_box(b), black_box(&mut *out), self.row);
        }
    }
}

/// The numbers there; none if they are not needed.
unsafe fn slice<'a, T>(start: *const u8, elements: usize, needed: bool) -> &'a [T] {
    if needed {
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts(start.cast(), elements) }
    } else {
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_does_what_the_kernel_does() {
        let (x, dy) = ([-1.5_f32, 0.25, 3.0], [1.0_f32, -2.0, 0.5]);
        let tanh = Function::parse("tanh").expect("a function");
        for (operation, fast) in [(0, false), (0, true), (1, false), (1, true), (2, false)] {
            let (mut found, mut expected) = ([0.0_f32; 3], [0.0_f32; 3]);
            let kernel = tanh
                .kernel()
                .tier(if fast { Tier::Fast } else { Tier::Exact });
            match operation {
                0 => kernel.forward(&x, &mut expected),
                1 => kernel.backward(&x, &dy, &mut expected),
                _ => kernel
                    .backward_from_output(&x, &dy, &mut expected)
                    .expect("tanh has it"),
            }
            let name = c"tanh";
            // SAFETY: a C string, arrays of three numbers, and a job that is forgotten last.
            unsafe {
                let job = boundary_job(name.as_ptr(), 0, operation, u8::from(fast), 0);
                assert!(!job.is_null());
                let (a, b, out) = (x.as_ptr(), dy.as_ptr(), found.as_mut_ptr());
                boundary_run(job, a.cast(), b.cast(), out.cast(), 3, 3, 1);
                boundary_forget(job);
            }
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_does_not_exist_is_null() {
        assert!(Job::new("nonsense", 0, 0, false, false).is_none());
        assert!(Job::new("relu", 9, 0, false, false).is_none());
        assert!(Job::new("gelu", 0, 2, false, false).is_none());
        assert!(Job::new("softmax", 0, 2, true, false).is_some());
    }
}
