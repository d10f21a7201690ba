//! How far results are from the truth, and what is wrong with them.
//!
//! The truth is knee's own kernel in `f64` at the widened argument, which the oracle of the project has proved to be within 2 ulp
//! of an `f64`: that is exact beside anything with 24 bits or fewer.

use std::ffi::{CStr, c_char};

use knee::{Function, RowFunction};

use crate::dtype::{Ruled, Typed, dispatch};

/// Arguments that are judged at a time, where there are no rows.
const CHUNK: usize = 4096;

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Judgement {
    /// The largest error at a finite normal argument whose true result is a normal number or 0, in ulp of the true result.
    worst: f64,
    /// The argument there.
    at: f64,
    /// Results with the wrong sign.
    wrong_sign: u64,
    /// NaN at a finite argument.
    nan: u64,
    /// An infinity where the true result is within the type.
    infinite: u64,
    /// 0 where the true result is a normal number.
    zero: u64,
    /// A number where the argument is NaN.
    number_for_nan: u64,
    /// NaN at an infinite argument where there is a limit.
    nan_at_infinity: u64,
    /// 0 where the argument or the true result is subnormal and the true result is not 0.
    flushed: u64,
}

/// Compares `found` with the truth. `quantity`: 0 values at `x`, 1 derivatives at `x`, 2 derivatives where the output is `x`; with
/// rows of `row` elements, 0 values and 2 the gradient for the upstream gradient `dy`, which nothing else looks at. Returns 0 if
/// there is no such quantity.
///
/// # Safety
///
/// `function` is a text that ends with a zero byte; `x`, `found` and for rows `dy` are `elements` numbers of the dtype.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_judge(
    function: *const c_char,
    dtype: u8,
    quantity: u8,
    x: *const u8,
    dy: *const u8,
    found: *const u8,
    elements: u64,
    row: u64,
    judgement: *mut Judgement,
) -> u8 {
    // SAFETY: the caller's promise.
    let Ok(text) = unsafe { CStr::from_ptr(function) }.to_str() else {
        return 0;
    };
    let case = Case {
        text,
        quantity,
        x,
        dy,
        found,
        elements: elements as usize,
        row: row as usize,
    };
    match dispatch(dtype, case) {
        Some(Some(result)) => {
            // SAFETY: room for one judgement.
            unsafe { judgement.write(result) };
            1
        }
        _ => 0,
    }
}

struct Case<'t> {
    text: &'t str,
    quantity: u8,
    x: *const u8,
    dy: *const u8,
    found: *const u8,
    elements: usize,
    row: usize,
}

impl Typed for Case<'_> {
    type Output = Option<Judgement>;

    fn with<T: Ruled>(self) -> Option<Judgement> {
        let truth = match Function::parse(self.text) {
            Ok(function) => Truth::Element(function),
            Err(_) => Truth::Row(RowFunction::parse(self.text).ok()?),
        };
        let rows = matches!(truth, Truth::Row(_));
        // SAFETY: the promise of the caller of `boundary_judge`.
        let (x, dy, found) = unsafe {
            let slice =
                |start: *const u8| std::slice::from_raw_parts(start.cast::<T>(), self.elements);
            let dy = if rows && self.quantity == 2 {
                slice(self.dy)
            } else {
                &[]
            };
            (slice(self.x), dy, slice(self.found))
        };
        let chunk = if rows { self.row } else { CHUNK };
        let kinks = truth.kinks(self.quantity);
        let mut judgement = Judgement::default();
        let mut at = 0;
        while at < self.elements {
            let end = (at + chunk).min(self.elements);
            let dy = if dy.is_empty() { dy } else { &dy[at..end] };
            let right = truth.of(self.quantity, &x[at..end], dy)?;
            for ((x, found), right) in x[at..end].iter().zip(&found[at..end]).zip(right) {
                if !kinks.contains(&x.to_f64()) {
                    judgement.add::<T>(x.to_f64(), found.to_f64(), right);
                }
            }
            at = end;
        }
        Some(judgement)
    }
}

enum Truth {
    Element(Function),
    Row(RowFunction),
}

impl Truth {
    /// Where a derivative is a convention.
    fn kinks(&self, quantity: u8) -> Vec<f64> {
        match self {
            Self::Element(function) if quantity > 0 => {
                function.facts().kinks.iter().map(|kink| kink.at).collect()
            }
            _ => Vec::new(),
        }
    }

    fn of<T: Ruled>(&self, quantity: u8, x: &[T], dy: &[T]) -> Option<Vec<f64>> {
        let x: Vec<f64> = x.iter().map(|x| x.to_f64()).collect();
        let dy: Vec<f64> = dy.iter().map(|dy| dy.to_f64()).collect();
        let mut right = vec![0.0; x.len()];
        match (self, quantity) {
            (Self::Element(function), 0) => function.kernel().forward(&x, &mut right),
            (Self::Element(function), 1) => function.kernel().derivatives(&x, &mut right),
            (Self::Element(function), 2) => {
                let ones = vec![1.0; x.len()];
                function
                    .kernel()
                    .backward_from_output(&x, &ones, &mut right)
                    .ok()?;
            }
            (Self::Row(function), 0) => function.forward(&x, x.len(), &mut right),
            (Self::Row(function), 2) => function.backward_from_output(&x, &dy, x.len(), &mut right),
            _ => return None,
        }
        Some(right)
    }
}

impl Judgement {
    fn add<T: Ruled>(&mut self, x: f64, found: f64, right: f64) {
        let smallest = 2.0_f64.powi(T::SMALLEST_NORMAL);
        if x.is_nan() {
            self.number_for_nan += u64::from(!found.is_nan());
            return;
        }
        if right.is_nan() {
            return;
        }
        if x.is_infinite() {
            self.nan_at_infinity += u64::from(found.is_nan());
            return;
        }
        if found.is_nan() {
            self.nan += 1;
        } else if found * right < 0.0 {
            self.wrong_sign += 1;
        }
        let small = |value: f64| value != 0.0 && value.abs() < smallest;
        if small(x) || small(right) {
            // Below the smallest subnormal number 0 may be the nearest one.
            let least = 2.0_f64.powi(T::SMALLEST_NORMAL - T::DIGITS + 1);
            self.flushed += u64::from(found == 0.0 && right.abs() >= least);
            return;
        }
        if found.is_infinite() && right.abs() <= T::LARGEST {
            self.infinite += 1;
        }
        if found == 0.0 && right != 0.0 {
            self.zero += 1;
        }
        let error = ulps::<T>(found, right);
        if error > self.worst {
            (self.worst, self.at) = (error, x);
        }
    }
}

/// The error of `found` in units in the last place of the type at the true value, which is normal or 0.
///
/// Beyond the largest number the right result is the infinity from half a unit on, as rounding has it.
fn ulps<T: Ruled>(found: f64, right: f64) -> f64 {
    if found.is_nan() {
        return f64::INFINITY;
    }
    let largest = 1 - T::SMALLEST_NORMAL;
    let exponent = exponent(right).clamp(T::SMALLEST_NORMAL, largest);
    let unit = 2.0_f64.powi(exponent - T::DIGITS + 1);
    if found.is_infinite() {
        let beyond = right.abs() >= T::LARGEST + unit / 2.0 && found.signum() == right.signum();
        return if beyond { 0.0 } else { f64::INFINITY };
    }
    // Both are within the type or just beyond it, so neither the difference nor the quotient overflows for 32 bits and fewer.
    (found - right.clamp(-f64::MAX, f64::MAX)).abs() / unit
}

/// The exponent of a number, which is not NaN: `2^e <= |value| < 2^(e + 1)`.
fn exponent(value: f64) -> i32 {
    ((value.abs().to_bits() >> 52) as i32) - 1023
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(name: &CStr, quantity: u8, x: &[f32], found: &[f32]) -> Judgement {
        let mut judgement = Judgement::default();
        let (at, found) = (x.as_ptr().cast(), found.as_ptr().cast());
        // SAFETY: slices of the same length and a C string.
        let done = unsafe {
            let (elements, row) = (x.len() as u64, x.len() as u64);
            boundary_judge(
                name.as_ptr(),
                0,
                quantity,
                at,
                at,
                found,
                elements,
                row,
                &raw mut judgement,
            )
        };
        assert_eq!(done, 1);
        judgement
    }

    #[test]
    fn errors_are_in_units_of_the_true_result() {
        let found = [1.0 + f32::EPSILON, 2.0, 0.0];
        let judgement = judged(c"relu", 0, &[1.0, 2.0, -3.0], &found);
        assert_eq!((judgement.worst, judgement.at), (1.0, 1.0));
    }

    #[test]
    fn what_is_wrong_is_counted_by_kind() {
        let x = [-1.0, f32::NAN, f32::NEG_INFINITY, 3.0, 1e-40, 5.0, 6.0];
        let found = [1.0, 0.0, f32::NAN, f32::INFINITY, 0.0, f32::NAN, 0.0];
        let judgement = judged(c"leaky_relu", 0, &x, &found);
        assert_eq!(judgement.wrong_sign, 1);
        assert_eq!(judgement.number_for_nan, 1);
        assert_eq!(judgement.infinite, 1);
        assert_eq!(judgement.flushed, 1);
        assert_eq!(judgement.nan, 1);
        assert_eq!(judgement.zero, 1);
        assert_eq!(judgement.worst, f64::INFINITY);
        let at_infinity = judged(c"gelu", 0, &[f32::NEG_INFINITY], &[f32::NAN]);
        assert_eq!(at_infinity.nan_at_infinity, 1);
        assert_eq!(at_infinity.worst, 0.0);
    }

    #[test]
    fn infinity_is_right_beyond_the_type() {
        assert_eq!(judged(c"exp", 0, &[100.0], &[f32::INFINITY]).worst, 0.0);
        assert_eq!(
            judged(c"exp", 0, &[80.0], &[f32::INFINITY]).worst,
            f64::INFINITY
        );
    }

    #[test]
    fn a_kink_has_no_right_derivative_and_the_exact_kernel_no_error_to_speak_of() {
        assert_eq!(judged(c"relu", 1, &[0.0], &[1.0]).worst, 0.0);
        let x: Vec<f32> = (-800..800).map(|step| step as f32 / 16.0).collect();
        let gelu = Function::parse("gelu").expect("a function");
        let mut slopes = vec![0.0; x.len()];
        gelu.kernel().derivatives(&x, &mut slopes);
        let judgement = judged(c"gelu", 1, &x, &slopes);
        assert!((0.4..=0.52).contains(&judgement.worst), "{judgement:?}");
    }

    #[test]
    fn rows_are_judged_as_rows() {
        let judgement = judged(c"softmax", 0, &[1000.0, 1000.0], &[0.5, 0.25]);
        assert_eq!(judgement.worst, 0.25 / 2.0_f64.powi(-24));
    }
}
