//! The numbers of a storage, whatever their precision.

use candle_core::{CpuStorage, DType, Result, WithDType, backend::BackendStorage};

use knee::Element;

use crate::refusal::Refusal;

/// Evaluates an expression with the numbers of a storage; the results become a storage of the same type.
macro_rules! each_float {
    ($operation:expr, $storage:expr, $numbers:ident => $results:expr) => {
        match $storage {
            CpuStorage::F16($numbers) => Ok(CpuStorage::F16($results)),
            CpuStorage::BF16($numbers) => Ok(CpuStorage::BF16($results)),
            CpuStorage::F32($numbers) => Ok(CpuStorage::F32($results)),
            CpuStorage::F64($numbers) => Ok(CpuStorage::F64($results)),
            other => Err(crate::numbers::no_float($operation, other)),
        }
    };
}
pub(crate) use each_float;

/// The same in place.
macro_rules! each_float_in_place {
    ($operation:expr, $storage:expr, $numbers:ident => $change:expr) => {
        match $storage {
            CpuStorage::F16($numbers) => $change,
            CpuStorage::BF16($numbers) => $change,
            CpuStorage::F32($numbers) => $change,
            CpuStorage::F64($numbers) => $change,
            other => return Err(crate::numbers::no_float($operation, other)),
        }
    };
}
pub(crate) use each_float_in_place;

/// The refusal of a storage that holds something else.
pub(crate) fn no_float(operation: &'static str, storage: &CpuStorage) -> candle_core::Error {
    let found = storage.dtype();
    Refusal::Dtype { found }.of(operation)
}

/// The numbers of a second operand, which must be of the type of the first.
pub(crate) fn alike<'a, T: WithDType>(
    operation: &'static str,
    _first: &[T],
    second: &'a CpuStorage,
) -> Result<&'a [T]> {
    let (expected, found): (DType, DType) = (T::DTYPE, second.dtype());
    T::cpu_storage_as_slice(second).map_err(|_| Refusal::Dtypes { expected, found }.of(operation))
}

/// Room for results of the type of some numbers.
pub(crate) fn zeros<T: Element>(_like: &[T], count: usize) -> Vec<T> {
    vec![T::default(); count]
}
