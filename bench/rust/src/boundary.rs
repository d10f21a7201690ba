//! The library of `bench/boundary`, loaded.

use std::ffi::{CString, c_char};

use libloading::{Library, Symbol};

type Made = unsafe extern "C" fn(*const c_char, u8, u8, u8, u8) -> *mut Job;
type Run = unsafe extern "C" fn(*const Job, *const u8, *const u8, *mut u8, u64, u64, u64);
type Copy = unsafe extern "C" fn(u8, *const u8, *const u8, *mut u8, u64, u64) -> u8;
type Fill = unsafe extern "C" fn(u8, u8, *mut u8, u64, f64, u64) -> u8;
type Judge = unsafe extern "C" fn(
    *const c_char,
    u8,
    u8,
    *const u8,
    *const u8,
    *const u8,
    u64,
    u64,
    *mut Judgement,
) -> u8;

/// A kernel as a function of input, upstream gradient, output, length of a row and number of calls.
pub(crate) type Kernel = Box<dyn Fn(&[u8], &[u8], &mut [u8], usize, u64)>;

/// A kernel of the library.
#[repr(C)]
struct Job {
    _private: [u8; 0],
}

/// What the ruler finds: the fields of `Judgement` in `bench/boundary/src/judge.rs`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub(crate) struct Judgement {
    pub(crate) worst: f64,
    pub(crate) at: f64,
    pub(crate) counts: [u64; 7],
}

/// The library. Kernels and buffers that it has made are kept until the program ends.
pub(crate) struct Boundary(Library);

impl Boundary {
    pub(crate) fn open(path: &str) -> Result<Self, libloading::Error> {
        // SAFETY: the library was built from `bench/boundary`, which does nothing when it is loaded.
        unsafe { Library::new(path) }.map(Self)
    }

    fn find<T>(&self, name: &str) -> Symbol<'_, T> {
        // SAFETY: every caller names a function with the signature that it has in `bench/boundary`.
        unsafe { self.0.get(name) }.expect("the library is of the same version as this program")
    }

    /// Keeps this thread on one processor.
    pub(crate) fn pin(&self, processor: u64) {
        // SAFETY: the function takes any number.
        unsafe { self.find::<unsafe extern "C" fn(u64) -> u8>("boundary_pin")(processor) };
    }

    /// As many bytes, zeroed, in large pages.
    pub(crate) fn memory(&self, bytes: usize) -> Option<&'static mut [u8]> {
        // SAFETY: the function takes any number and returns memory that nobody else uses and that is never given back.
        unsafe {
            let start =
                self.find::<unsafe extern "C" fn(u64) -> *mut u8>("boundary_buffer")(bytes as u64);
            (!start.is_null()).then(|| std::slice::from_raw_parts_mut(start, bytes))
        }
    }

    /// Fills memory with numbers: see `boundary_fill`.
    pub(crate) fn fill(
        &self,
        kind: u8,
        dtype: u8,
        out: &mut [u8],
        elements: usize,
        scale: f64,
        seed: u64,
    ) {
        let fill = self.find::<Fill>("boundary_fill");
        // SAFETY: the callers' `elements` are as many as fit into `out`.
        unsafe { fill(kind, dtype, out.as_mut_ptr(), elements as u64, scale, seed) };
    }

    /// A kernel by the name of its function, or `None` if there is no such one.
    pub(crate) fn kernel(
        &self,
        function: &str,
        dtype: u8,
        operation: u8,
        fast: bool,
        parallel: bool,
    ) -> Option<Kernel> {
        let name = CString::new(function).ok()?;
        let size = [4, 8, 2, 2][usize::from(dtype)];
        let make = self.find::<Made>("boundary_job");
        // SAFETY: a text that ends with a zero byte.
        let job = unsafe {
            make(
                name.as_ptr(),
                dtype,
                operation,
                fast.into(),
                parallel.into(),
            )
        };
        let run = *self.find::<Run>("boundary_run");
        if job.is_null() {
            return None;
        }
        Some(Box::new(move |a, b, out, row, calls| {
            assert!(a.len() == out.len() && b.len() == out.len());
            let (elements, row) = ((out.len() / size) as u64, row as u64);
            let (a, b, out) = (a.as_ptr(), b.as_ptr(), out.as_mut_ptr());
            // SAFETY: three arrays of the same length, and the job is never forgotten.
            unsafe { run(job, a, b, out, elements, row, calls) };
        }))
    }

    /// Runs a loop that moves memory; false if there is none with this number.
    pub(crate) fn copy(&self, kind: u8, a: &[u8], b: &[u8], out: &mut [u8], calls: u64) -> bool {
        assert!(a.len() == out.len() && b.len() == out.len());
        let copy = self.find::<Copy>("boundary_copy");
        // SAFETY: three arrays of the same length, and outputs begin at a multiple of 64.
        unsafe {
            copy(
                kind,
                a.as_ptr(),
                b.as_ptr(),
                out.as_mut_ptr(),
                out.len() as u64,
                calls,
            ) == 1
        }
    }

    /// Compares results with the truth: see `boundary_judge`.
    pub(crate) fn judge(
        &self,
        function: &str,
        dtype: u8,
        quantity: u8,
        [x, dy, found]: [&[u8]; 3],
        elements: usize,
        row: usize,
    ) -> Option<Judgement> {
        let name = CString::new(function).ok()?;
        let mut judgement = Judgement::default();
        let judge = self.find::<Judge>("boundary_judge");
        // SAFETY: arrays of as many numbers, and a judgement with the fields of the library's own.
        let done = unsafe {
            let (elements, row) = (elements as u64, row as u64);
            let [x, dy, found] = [x.as_ptr(), dy.as_ptr(), found.as_ptr()];
            judge(
                name.as_ptr(),
                dtype,
                quantity,
                x,
                dy,
                found,
                elements,
                row,
                &raw mut judgement,
            )
        };
        (done == 1).then_some(judgement)
    }
}
