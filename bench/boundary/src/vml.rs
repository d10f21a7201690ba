//! Activations made of a vector library's functions, as someone would write them who has such a library: one call for each block
//! that fits into the cache of the first level, and plain loops around it.

use std::ffi::c_int;
use std::hint::black_box;

/// A function of Intel's Vector Math: `vmsTanh` and its like.
type Vector = unsafe extern "C" fn(elements: c_int, a: *const f32, out: *mut f32, mode: i64);

/// Elements of a block.
const BLOCK: usize = 2048;

/// What is called, and how exactly.
#[derive(Clone, Copy)]
struct Library {
    first: Vector,
    second: Vector,
    mode: i64,
}

impl Library {
    fn replace(self, function: Vector, x: &mut [f32]) {
        // SAFETY: the caller of `boundary_vml` promised that these are such functions; they may work in place.
        unsafe { function(x.len() as c_int, x.as_ptr(), x.as_mut_ptr(), self.mode) };
    }
}

/// Computes an activation `calls` times. Returns 0 if there is no such one.
///
/// `kind`: 0 the function itself; 1 `x first(x)` (the normal distribution: GELU); 2 ELU and 3 SELU from `exp(x) - 1`; 4 sigmoid,
/// 5 SiLU, 6 softplus (`second` is `log(1 + x)`), 7 Mish, 8 GELU's approximation, 9 softmax and 10 log-softmax from `exp`.
///
/// # Safety
///
/// `first` and `second` are functions of Vector Math in single precision, with 32-bit lengths; `a` and `out` are `elements` numbers
/// that do not overlap, in rows of `row`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_vml(
    kind: u8,
    first: Vector,
    second: Vector,
    mode: i64,
    a: *const f32,
    out: *mut f32,
    elements: u64,
    row: u64,
    calls: u64,
) -> u8 {
    let library = Library {
        first,
        second,
        mode,
    };
    // SAFETY: the caller's promise.
    let (a, out) = unsafe {
        (
            std::slice::from_raw_parts(a, elements as usize),
            std::slice::from_raw_parts_mut(out, elements as usize),
        )
    };
    if kind > 10 {
        return 0;
    }
    for _ in 0..calls {
        let (a, out) = (black_box(a), black_box(&mut *out));
        #[cfg(target_arch = "x86_64")]
        if std::is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has the instructions.
            unsafe { wide(library, kind, a, out, row as usize) };
            continue;
        }
        all(library, kind, a, out, row as usize);
    }
    1
}

/// The loops around the calls with the widest vectors.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw")]
fn wide(library: Library, kind: u8, a: &[f32], out: &mut [f32], row: usize) {
    all(library, kind, a, out, row);
}

#[inline(always)]
fn all(library: Library, kind: u8, a: &[f32], out: &mut [f32], row: usize) {
    match kind {
        0 => {
            // SAFETY: as in `Library::replace`.
            unsafe {
                (library.first)(a.len() as c_int, a.as_ptr(), out.as_mut_ptr(), library.mode);
            }
        }
        9 | 10 => {
            for (a, out) in a.chunks_exact(row).zip(out.chunks_exact_mut(row)) {
                one_row(library, kind == 10, a, out);
            }
        }
        _ => {
            for (a, out) in a.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
                block(library, kind, a, out);
            }
        }
    }
}

#[inline(always)]
fn each(a: &[f32], out: &mut [f32], f: impl Fn(f32, f32) -> f32) {
    for (out, &a) in out.iter_mut().zip(a) {
        *out = f(a, *out);
    }
}

#[inline(always)]
fn block(library: Library, kind: u8, a: &[f32], out: &mut [f32]) {
    const ROOT: f32 = 1.595_769_1; // 2 sqrt(2 / pi)
    const CUBE: f32 = 0.044_715;
    const LAMBDA: f32 = 1.050_701;
    const LAMBDA_ALPHA: f32 = 1.758_099_3;
    // Beyond this e^x (e^x + 2) is so large that Mish is x.
    const MISH: f32 = 20.0;
    each(a, out, |x, _| match kind {
        // Not `min`, which would lose NaN.
        2 | 3 if x > 0.0 => 0.0,
        7 if x > MISH => MISH,
        4 | 5 => -x,
        6 => -x.abs(),
        8 => -ROOT * (x + CUBE * x * x * x),
        _ => x,
    });
    library.replace(library.first, out);
    if kind == 6 {
        library.replace(library.second, out);
    }
    each(a, out, |x, t| match kind {
        1 => x * t,
        2 => {
            if x > 0.0 {
                x
            } else {
                t
            }
        }
        3 => {
            if x > 0.0 {
                LAMBDA * x
            } else {
                LAMBDA_ALPHA * t
            }
        }
        4 => 1.0 / (1.0 + t),
        5 | 8 => x / (1.0 + t),
        6 => x.max(0.0) + t,
        _ => {
            let n = t * (t + 2.0);
            x * (n / (n + 2.0))
        }
    });
}

#[inline(always)]
fn one_row(library: Library, log: bool, a: &[f32], out: &mut [f32]) {
    const LANES: usize = 16;
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in a.chunks(LANES) {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane = if x > *lane { x } else { *lane };
        }
    }
    let largest = lanes.into_iter().fold(f32::NEG_INFINITY, f32::max);
    each(a, out, |x, _| x - largest);
    library.replace(library.first, out);
    let mut sums = [0.0; LANES];
    for chunk in out.chunks(LANES) {
        for (sum, &t) in sums.iter_mut().zip(chunk) {
            *sum += t;
        }
    }
    let sum = sums.into_iter().sum::<f32>();
    if log {
        let shift = sum.ln();
        each(a, out, |x, _| (x - largest) - shift);
    } else {
        let factor = 1.0 / sum;
        each(a, out, |_, t| t * factor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! vector {
        ($name:ident, $f:expr) => {
            unsafe extern "C" fn $name(elements: c_int, a: *const f32, out: *mut f32, _: i64) {
                for index in 0..elements as usize {
                    // SAFETY: as many elements as the caller says.
                    unsafe { out.add(index).write($f(a.add(index).read())) };
                }
            }
        };
    }
    vector!(exp, f32::exp);
    vector!(expm1, f32::exp_m1);
    vector!(log1p, f32::ln_1p);
    vector!(tanh, f32::tanh);

    #[test]
    fn the_activations_are_the_functions_of_that_name() {
        let x: Vec<f32> = (0..3000).map(|step| step as f32 / 300.0 - 5.0).collect();
        let kinds: [(u8, &str, Vector); 8] = [
            (0, "tanh", tanh),
            (2, "elu", expm1),
            (3, "selu", expm1),
            (4, "sigmoid", exp),
            (5, "silu", exp),
            (6, "softplus", exp),
            (7, "mish", exp),
            (8, "gelu_tanh", exp),
        ];
        for (kind, name, first) in kinds {
            let (mut found, mut expected) = (vec![0.0; x.len()], vec![0.0; x.len()]);
            // SAFETY: functions of this form, and slices of the same length.
            unsafe {
                let (a, out, n) = (x.as_ptr(), found.as_mut_ptr(), x.len() as u64);
                boundary_vml(kind, first, log1p, 0, a, out, n, n, 1);
            }
            knee::Function::parse(name)
                .expect("a function")
                .forward(&x, &mut expected);
            for ((x, found), expected) in x.iter().zip(&found).zip(&expected) {
                let error = (found - expected).abs();
                assert!(
                    error <= 1e-5 * expected.abs() + 1e-7,
                    "{name}({x}): {found} and not {expected}"
                );
            }
        }
    }

    #[test]
    fn nan_stays_nan() {
        for kind in 2..=8 {
            let mut found = [0.0];
            // SAFETY: functions of this form, and arrays of one number.
            unsafe {
                boundary_vml(
                    kind,
                    exp,
                    log1p,
                    0,
                    [f32::NAN].as_ptr(),
                    found.as_mut_ptr(),
                    1,
                    1,
                    1,
                )
            };
            assert!(found[0].is_nan(), "kind {kind}");
        }
    }

    #[test]
    fn rows_are_normalised() {
        let x = [1.0_f32, 2.0, 3.0, -1.0, 0.0, 1.0];
        for (kind, function) in [
            (9, knee::RowFunction::Softmax),
            (10, knee::RowFunction::LogSoftmax),
        ] {
            let (mut found, mut expected) = ([0.0; 6], [0.0; 6]);
            // SAFETY: functions of this form, and arrays of the same length.
            unsafe { boundary_vml(kind, exp, exp, 0, x.as_ptr(), found.as_mut_ptr(), 6, 3, 1) };
            function.forward(&x, 3, &mut expected);
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 1e-6,
                    "{found} and not {expected}"
                );
            }
        }
    }
}
