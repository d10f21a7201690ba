//! The numbers of the other types, and the special ones of all.

use clap::ValueEnum;
use half::{bf16, f16};
use knee::{Element, Function, Kernel, Tail};
use knee_oracle::sweep::Report;
use knee_oracle::{Judge, Measured, Truth};

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dtype {
    F32,
    F64,
    F16,
    Bf16,
}

impl Dtype {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::F32 => f32::NAME,
            Self::F64 => f64::NAME,
            Self::F16 => f16::NAME,
            Self::Bf16 => bf16::NAME,
        }
    }

    /// How many digits a number's bits have in hexadecimal.
    pub(crate) fn digits(self) -> usize {
        match self {
            Self::F32 => 8,
            Self::F64 => 16,
            Self::F16 | Self::Bf16 => 4,
        }
    }

    /// The number with these bits.
    pub(crate) fn number(self, bits: u64) -> f64 {
        match self {
            Self::F32 => <f32 as Measured>::from_bits(bits).into(),
            Self::F64 => f64::from_bits(bits),
            Self::F16 => <f16 as Measured>::from_bits(bits).to_f64(),
            Self::Bf16 => <bf16 as Measured>::from_bits(bits).to_f64(),
        }
    }

    pub(crate) fn parts(self) -> u32 {
        match self {
            Self::F64 => 400,
            _ => 64,
        }
    }
}

/// Where `f64` is looked at closely: zero and ends of the type, knots, roots, the limits of overflow and underflow.
pub(crate) fn centres(function: &Function, truth: &Truth) -> Vec<f64> {
    let mut centres = vec![0.0, 0.5, 1.0, 2.0, f64::MIN_POSITIVE, f64::MAX];
    centres.extend(function.facts().kinks.iter().map(|kink| kink.at));
    centres.extend(limits(function));
    centres.extend(roots(function, truth));
    centres
}

/// One part of the numbers of a type.
pub(crate) fn part(
    kernel: &Kernel,
    truth: &Truth,
    centres: &[f64],
    dtype: Dtype,
    part: u32,
) -> Report {
    match dtype {
        Dtype::F16 => compare(kernel, truth, sixteen::<f16>(part)),
        Dtype::Bf16 => compare(kernel, truth, sixteen::<bf16>(part)),
        Dtype::F32 => Report::default(),
        Dtype::F64 => compare(kernel, truth, doubles(centres, part)),
    }
}

fn sixteen<T: Measured>(part: u32) -> Vec<T> {
    let each = (1 << 16) / u64::from(Dtype::F16.parts());
    let first = u64::from(part) * each;
    (first..first + each).map(T::from_bits).collect()
}

/// 3000 numbers: about zero, the knots and the roots; then in one of 400 stretches from 0 to the largest number or about 1.
fn doubles(centres: &[f64], part: u32) -> Vec<f64> {
    let mut random = u64::from(part) + 1;
    let mut next = move || {
        random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let unit = |bits: u64| (bits >> 11) as f64 / (1_u64 << 53) as f64;
    let mut numbers = Vec::with_capacity(3000);
    // Neighbours of a centre, one step of its own for each part, on both sides.
    for &centre in centres {
        for step in [i64::from(part), 3 * i64::from(part) + 1000] {
            for ordered in [centre.ordered() + step, centre.ordered() - step] {
                if ordered.abs() < f64::INFINITY.ordered() {
                    numbers.push(f64::from_ordered(ordered));
                    numbers.push(-f64::from_ordered(ordered));
                }
            }
        }
    }
    while numbers.len() < 3000 {
        let sign = if next() & 1 == 0 { 1.0 } else { -1.0 };
        numbers.push(match next() % 8 {
            // Any exponent; where most of them matter; where functions bend.
            0 => f64::from_bits(next() % f64::INFINITY.to_bits()) * sign,
            1..=3 => sign * (1.0 + unit(next())) * ((next() % 80) as f64 - 60.0).exp2(),
            4 => sign * unit(next()) * 760.0,
            5 => sign * unit(next()) * 40.0,
            _ => sign * unit(next()) * 10.0,
        });
    }
    numbers
}

/// Where a value or a derivative overflows, becomes subnormal, or zero: between neighbours.
fn limits(function: &Function) -> Vec<f64> {
    let class = |y: f64| (y == 0.0, y.is_finite(), y.abs() < f64::MIN_POSITIVE);
    let mut limits = Vec::new();
    for sign in [-1.0, 1.0] {
        for quantity in [Function::value::<f64>, Function::derivative::<f64>] {
            let at = |step: i32| sign * 1.1_f64.powi(step);
            let class = |x: f64| class(quantity(function, x));
            for step in -7000..7000 {
                let (mut low, mut high) = (at(step).ordered(), at(step + 1).ordered());
                if class(f64::from_ordered(low)) == class(f64::from_ordered(high)) {
                    continue;
                }
                while low.abs_diff(high) > 1 {
                    let middle = low + (high - low) / 2;
                    if class(f64::from_ordered(middle)) == class(f64::from_ordered(low)) {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                limits.push(f64::from_ordered(low));
                if limits.len() > 40 {
                    return limits;
                }
            }
        }
    }
    limits
}

/// Where the sign changes, by halving; the first few.
fn roots(function: &Function, truth: &Truth) -> Vec<f64> {
    let mut roots = Vec::new();
    let zero = knee_oracle::Big::of(0.0);
    for quantity in [false, true] {
        let quick = |x: f64| {
            if quantity {
                function.derivative(x)
            } else {
                function.value(x)
            }
        };
        let exact = |x: f64| {
            if quantity {
                truth.derivative(x)
            } else {
                truth.value(x)
            }
        };
        let mut found = 0;
        for step in -1200..1200 {
            let at = |step: i32| f64::from(step) / 20.0 + 0.003;
            let (mut low, mut high) = (at(step), at(step + 1));
            if quick(low) * quick(high) >= 0.0 || found == 4 {
                continue;
            }
            found += 1;
            let rising = quick(low) < 0.0;
            while low.next_up() < high {
                let middle = low + (high - low) / 2.0;
                if (exact(middle) < zero) == rising {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            roots.push(low);
        }
    }
    roots
}

fn compare<T: Measured>(kernel: &Kernel, truth: &Truth, x: Vec<T>) -> Report {
    let function = kernel.function();
    let (mut y, mut slopes) = (vec![T::default(); x.len()], vec![T::default(); x.len()]);
    kernel.forward(&x, &mut y);
    kernel.derivatives(&x, &mut slopes);
    let budget = function.about().budget;
    // An exact half that `f64` cannot tell from its neighbours is allowed beside the budget of one rounding.
    let budgets = [budget.forward + 1e-6, budget.derivative + 1e-6];
    let range = function.facts().range;
    let (low, high) = (T::from_f64(range.low), T::from_f64(range.high));
    let mut judge = Judge::new(truth);
    let mut report = Report::default();
    for ((x, y), slope) in x.into_iter().zip(y).zip(slopes) {
        if !x.to_f64().is_finite() {
            continue;
        }
        report.inputs += 1;
        let errors = judge.errors([y, slope], x.to_f64());
        for (index, error) in errors.into_iter().enumerate() {
            report.tallies[index].see(error, x.bits());
            if error > budgets[index] {
                let what = knee_oracle::Quantity::ALL[index].name();
                report.breach(|| format!("{function} {what} at {x:?} is wrong by {error} ulp"));
            }
        }
        if !(y >= low && y <= high) {
            report.breach(|| format!("{function} at {x:?} is {y:?} and leaves {range:?}"));
        }
    }
    report.asked = judge.asked;
    report
}

/// NaN gives NaN, and the infinities give the limits.
pub(crate) fn specials(function: &Function, dtype: Dtype, report: &mut Report) {
    match dtype {
        Dtype::F32 => special::<f32>(function, report),
        Dtype::F64 => special::<f64>(function, report),
        Dtype::F16 => special::<f16>(function, report),
        Dtype::Bf16 => special::<bf16>(function, report),
    }
}

fn special<T: Measured>(function: &Function, report: &mut Report) {
    let facts = function.facts();
    let results = |x: f64| {
        let x = T::from_f64(x);
        (function.value(x), function.derivative(x))
    };
    let (value, slope) = results(f64::NAN);
    if !(value.to_f64().is_nan() && slope.to_f64().is_nan()) {
        report.breach(|| format!("{function} of NaN is {value:?}, its derivative {slope:?}"));
    }
    for (x, tail) in [
        (f64::NEG_INFINITY, facts.left),
        (f64::INFINITY, facts.right),
    ] {
        let limits = match tail {
            Tail::Saturates { limit } => Some((limit, 0.0)),
            Tail::Linear { slope } => Some((slope * x, slope)),
            _ => None,
        };
        let found = results(x);
        if let Some((value, slope)) = limits
            && (found.0 != T::from_f64(value) || found.1 != T::from_f64(slope))
        {
            report.breach(|| format!("{function} at {x} is {found:?}"));
        }
    }
}
