//! A tensor of the file or of the batch: what it was stored as, its shape, its values.

use std::fmt;
use std::sync::Arc;

/// The type that a tensor is stored as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each name is the type's own name")]
pub enum DType {
    F16,
    Bf16,
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    Bool,
}

impl DType {
    /// The type for a code of ONNX's `TensorProto.DataType`; `None` for types whose values knee
    /// does not read (strings, complex numbers, 8-bit floats, 2- and 4-bit numbers).
    pub fn from_onnx(code: i32) -> Option<DType> {
        Some(match code {
            1 => DType::F32,
            2 => DType::U8,
            3 => DType::I8,
            4 => DType::U16,
            5 => DType::I16,
            6 => DType::I32,
            7 => DType::I64,
            9 => DType::Bool,
            10 => DType::F16,
            11 => DType::F64,
            12 => DType::U32,
            13 => DType::U64,
            16 => DType::Bf16,
            _ => return None,
        })
    }

    /// The code of ONNX's `TensorProto.DataType`.
    pub fn to_onnx(self) -> i32 {
        match self {
            DType::F32 => 1,
            DType::U8 => 2,
            DType::I8 => 3,
            DType::U16 => 4,
            DType::I16 => 5,
            DType::I32 => 6,
            DType::I64 => 7,
            DType::Bool => 9,
            DType::F16 => 10,
            DType::F64 => 11,
            DType::U32 => 12,
            DType::U64 => 13,
            DType::Bf16 => 16,
        }
    }

    /// Bytes per element in the file.
    pub fn size(self) -> usize {
        match self {
            DType::I8 | DType::U8 | DType::Bool => 1,
            DType::F16 | DType::Bf16 | DType::I16 | DType::U16 => 2,
            DType::F32 | DType::I32 | DType::U32 => 4,
            DType::F64 | DType::I64 | DType::U64 => 8,
        }
    }

    /// Whether the type is a floating-point type.
    pub fn is_float(self) -> bool {
        matches!(self, DType::F16 | DType::Bf16 | DType::F32 | DType::F64)
    }

    /// The name that NumPy and ONNX users know.
    pub fn name(self) -> &'static str {
        match self {
            DType::F16 => "float16",
            DType::Bf16 => "bfloat16",
            DType::F32 => "float32",
            DType::F64 => "float64",
            DType::I8 => "int8",
            DType::I16 => "int16",
            DType::I32 => "int32",
            DType::I64 => "int64",
            DType::U8 => "uint8",
            DType::U16 => "uint16",
            DType::U32 => "uint32",
            DType::U64 => "uint64",
            DType::Bool => "bool",
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The values of a tensor in row-major order. Shared, so that a weight in the graph, in the
/// network that the rules see and in the run is one allocation.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Values stored as f16, bf16 or f32; widening changes none.
    F32(Arc<[f32]>),
    /// Values stored as f64.
    F64(Arc<[f64]>),
    /// Integers of any width, and booleans as 0 and 1. A uint64 above `i64::MAX` wraps.
    I64(Arc<[i64]>),
}

impl Data {
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Data::F32(v) => v.len(),
            Data::F64(v) => v.len(),
            Data::I64(v) => v.len(),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A tensor with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// What the values were stored as.
    pub dtype: DType,
    /// Lengths of the axes; empty for a scalar.
    pub shape: Vec<usize>,
    /// The values, row-major; their number is the product of `shape`.
    pub data: Data,
}

impl Tensor {
    /// A tensor of f32 values. The number of values must be the product of `shape`.
    pub fn f32(shape: Vec<usize>, values: Vec<f32>) -> Tensor {
        debug_assert_eq!(shape.iter().product::<usize>(), values.len());
        Tensor {
            dtype: DType::F32,
            shape,
            data: Data::F32(values.into()),
        }
    }

    /// A tensor of int64 values. The number of values must be the product of `shape`.
    pub fn i64(shape: Vec<usize>, values: Vec<i64>) -> Tensor {
        debug_assert_eq!(shape.iter().product::<usize>(), values.len());
        Tensor {
            dtype: DType::I64,
            shape,
            data: Data::I64(values.into()),
        }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of axes.
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// The one value of a tensor with a single element, of any rank.
    pub fn scalar(&self) -> Option<f64> {
        match &self.data {
            Data::F32(v) if v.len() == 1 => Some(f64::from(v[0])),
            Data::F64(v) if v.len() == 1 => Some(v[0]),
            Data::I64(v) if v.len() == 1 => Some(v[0] as f64),
            _ => None,
        }
    }

    /// The value that every element has, if there is at least one and all are the same bits.
    pub fn uniform(&self) -> Option<f64> {
        fn same<T: Copy + PartialEq>(v: &[T]) -> Option<T> {
            let first = *v.first()?;
            v.iter().all(|x| *x == first).then_some(first)
        }
        match &self.data {
            Data::F32(v) => same(v).map(f64::from),
            Data::F64(v) => same(v),
            Data::I64(v) => same(v).map(|x| x as f64),
        }
    }

    /// The integers of an integer or boolean tensor.
    pub fn integers(&self) -> Option<&[i64]> {
        match &self.data {
            Data::I64(v) => Some(v),
            _ => None,
        }
    }

    /// The values as f32; f64 is rounded, integers are converted. Shares the allocation where
    /// the values are f32 already.
    pub fn to_f32(&self) -> Arc<[f32]> {
        match &self.data {
            Data::F32(v) => Arc::clone(v),
            Data::F64(v) => v.iter().map(|x| *x as f32).collect(),
            Data::I64(v) => v.iter().map(|x| *x as f32).collect(),
        }
    }
}
