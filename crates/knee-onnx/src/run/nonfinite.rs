//! Where NaN and infinity come from.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use knee_burn::{HostTensor, HostValues, KneeKernels};
use knee_doctor::evidence::{Cause, Layout, NonFinite};

/// A finite number this low is meant to be minus infinity, as attention masks have it.
const MASK: f64 = -1e30;

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// All its elements are finite.
    Finite,
    /// It holds minus infinity (or a number meant as that) on purpose.
    Masked,
    /// It holds NaN or infinity.
    Broken,
}

/// Whether any element is NaN or infinite, by the bits of the exponent: a maximum of integers,
/// which compilers vectorise.
fn any(host: &HostTensor) -> bool {
    match host.values() {
        HostValues::F32(v) => {
            v.iter()
                .fold(0, |top, x| top.max(x.to_bits() & (u32::MAX >> 1)))
                >= f32::INFINITY.to_bits()
        }
        HostValues::F64(v) => {
            v.iter()
                .fold(0, |top, x| top.max(x.to_bits() & (u64::MAX >> 1)))
                >= f64::INFINITY.to_bits()
        }
    }
}

fn numbers(host: &HostTensor) -> Box<dyn Iterator<Item = f64> + '_> {
    match host.values() {
        HostValues::F32(v) => Box::new(v.iter().map(|&x| f64::from(x))),
        HostValues::F64(v) => Box::new(v.iter().copied()),
    }
}

/// The state of a constant or of an input: minus infinity alone is a mask.
pub(super) fn of_constant(x: &FlexTensor) -> State {
    let host = Flex::host_values(x.clone());
    let broken = any(&host) && numbers(&host).any(|v| v.is_nan() || v == f64::INFINITY);
    if broken {
        State::Broken
    } else if numbers(&host).any(|v| v <= MASK) {
        State::Masked
    } else {
        State::Finite
    }
}

/// Counts of what is not finite.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    nan: u64,
    positive: u64,
    negative: u64,
}

/// The counts, where there is anything to count.
pub(super) fn scan(x: &FlexTensor) -> Option<(HostTensor, Counts)> {
    let host = Flex::host_values(x.clone());
    if !any(&host) {
        return None;
    }
    let mut counts = Counts::default();
    for v in numbers(&host) {
        if v.is_nan() {
            counts.nan += 1;
        } else if v == f64::INFINITY {
            counts.positive += 1;
        } else if v == f64::NEG_INFINITY {
            counts.negative += 1;
        }
    }
    Some((host, counts))
}

impl Counts {
    /// The state of what a node made, given the states of what it read.
    pub(super) fn state(self, inputs: State) -> State {
        if self.nan == 0 && self.positive == 0 && inputs == State::Masked {
            State::Masked
        } else {
            State::Broken
        }
    }

    pub(super) fn report(self, host: &HostTensor, layout: Layout, cause: Cause) -> NonFinite {
        let per_input = layout.outer * layout.units * layout.inner;
        let mut hit = vec![false; layout.inputs];
        for (at, v) in numbers(host).enumerate() {
            if !v.is_finite() && layout.inputs > 0 && per_input > 0 {
                hit[at / per_input % layout.inputs] = true;
            }
        }
        NonFinite {
            cause,
            nan: self.nan,
            positive: self.positive,
            negative: self.negative,
            inputs: hit.iter().filter(|&&h| h).count() as u64,
        }
    }

    /// Why an operator made this of finite operands.
    pub(super) fn cause(self, op: &str, operands: &[Option<FlexTensor>]) -> Cause {
        let host = |index: usize| {
            operands
                .get(index)
                .and_then(Option::as_ref)
                .map(|x| Flex::host_values(x.clone()))
        };
        let has = |index: usize, test: fn(f64) -> bool| {
            host(index).is_some_and(|h| numbers(&h).any(test))
        };
        let zero_by_zero = |index: usize| {
            has(index, |v| v == 0.0).then_some(if self.nan > 0 {
                Cause::ZeroByZero
            } else {
                Cause::DivisionByZero
            })
        };
        let infinite = self.positive + self.negative > 0;
        match op {
            "Log" if has(0, |v| v < 0.0) => Cause::LogOfNegative,
            "Log" if has(0, |v| v == 0.0) => Cause::LogOfZero,
            "Sqrt" if has(0, |v| v < 0.0) => Cause::SqrtOfNegative,
            "Pow" if self.nan > 0 && has(0, |v| v < 0.0) => Cause::SqrtOfNegative,
            "BatchNormalization" if has(4, |v| v < 0.0) => Cause::SqrtOfNegative,
            "Exp" | "exp" | "ReduceLogSumExp" | "Sinh" | "Cosh" if infinite => Cause::ExpOverflow,
            "Div" => zero_by_zero(1).unwrap_or(if infinite {
                Cause::Overflow
            } else {
                Cause::Unknown
            }),
            "Reciprocal" if has(0, |v| v == 0.0) => Cause::DivisionByZero,
            // A row of nothing but minus infinity.
            "softmax" | "log_softmax" | "Softmax" | "LogSoftmax" if self.nan > 0 => {
                Cause::ZeroByZero
            }
            _ if infinite => Cause::Overflow,
            _ => Cause::Unknown,
        }
    }
}

/// The address and size of a tensor's buffer, by which the budget knows it.
pub(super) fn buffer(x: &FlexTensor) -> (usize, u64) {
    let bytes = x.bytes();
    debug_assert!(x.dtype().size() > 0);
    (bytes.as_ptr() as usize, bytes.len() as u64)
}

/// Whether an operator only moves elements, so that its result is as finite as its operands.
pub(super) fn only_moves(op: &str) -> bool {
    matches!(
        op,
        "Identity"
            | "Dropout"
            | "Reshape"
            | "Flatten"
            | "Squeeze"
            | "Unsqueeze"
            | "Transpose"
            | "Expand"
            | "Slice"
            | "Split"
            | "Gather"
            | "GatherElements"
            | "GatherND"
            | "Concat"
            | "DepthToSpace"
            | "SpaceToDepth"
            | "Tile"
    )
}
