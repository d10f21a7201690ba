//! From the file's description of a tensor to its values.

use std::mem;

use half::{bf16, f16};
use onnx_ir::TensorProto;

use super::external::{External, Place};
use crate::error::{Error, Result};
use crate::tensor::{DType, Data, Tensor};

/// `TensorProto.DataLocation.EXTERNAL`.
const EXTERNAL: i32 = 1;

/// Reads a tensor, checking that its data has the length that its type and shape need before
/// anything of that size is allocated. Takes the data out of `proto`.
pub(crate) fn tensor(proto: &mut TensorProto, external: &mut External) -> Result<Tensor> {
    let name = proto.name.clone();
    let dtype = dtype(&name, proto.data_type)?;
    let shape = shape(&name, &proto.dims)?;
    let count = shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d));
    let bytes = count.and_then(|n| n.checked_mul(dtype.size()));
    let (Some(count), Some(bytes)) = (count, bytes) else {
        return Err(Error::tensor(
            name,
            format!("its shape {shape:?} has more elements than any memory"),
            "expected the shape of the data that the file holds",
        ));
    };

    let data = if proto.data_location.value() == EXTERNAL {
        let entries = proto
            .external_data
            .iter()
            .map(|e| (e.key.as_str(), e.value.as_str()));
        let place = Place {
            name: &name,
            entries: entries.collect(),
            needed: bytes as u64,
        };
        from_bytes(dtype, &external.read(&place)?)
    } else if !proto.raw_data.is_empty() || (count == 0 && typed_length(proto) == 0) {
        let raw = mem::take(&mut proto.raw_data);
        if raw.len() != bytes {
            return Err(Error::tensor(
                name,
                format!("it has {} bytes of data", raw.len()),
                format!("its type {dtype} and shape {shape:?} need {bytes} bytes"),
            ));
        }
        from_bytes(dtype, &raw)
    } else {
        let data = from_fields(dtype, proto);
        if data.len() != count {
            return Err(Error::tensor(
                name,
                format!("it has {} values", data.len()),
                format!("its shape {shape:?} needs {count} values of type {dtype}"),
            ));
        }
        data
    };
    Ok(Tensor { dtype, shape, data })
}

fn dtype(name: &str, code: i32) -> Result<DType> {
    DType::from_onnx(code).ok_or_else(|| {
        let found = match code {
            8 => "its type is string, which knee does not read".into(),
            14 | 15 => "its type is complex, which knee does not read".into(),
            17..=20 | 23 | 24 => {
                "its type is a float of 8 bits or less, which knee does not read".into()
            }
            21 | 22 | 25 | 26 => {
                "its type is an integer below 8 bits, which knee does not read".into()
            }
            _ => format!("its type has the code {code}, which ONNX does not define"),
        };
        Error::tensor(
            name,
            found,
            "expected float16, bfloat16, float32, float64, bool or an integer type of 8 to 64 bits",
        )
    })
}

fn shape(name: &str, dims: &[i64]) -> Result<Vec<usize>> {
    let lengths: Option<Vec<usize>> = dims.iter().map(|d| usize::try_from(*d).ok()).collect();
    lengths.ok_or_else(|| {
        Error::tensor(
            name,
            format!("its shape is {dims:?}"),
            "expected lengths of 0 or more",
        )
    })
}

fn typed_length(proto: &TensorProto) -> usize {
    proto.float_data.len()
        + proto.double_data.len()
        + proto.int32_data.len()
        + proto.int64_data.len()
        + proto.uint64_data.len()
}

/// Little-endian bytes, as ONNX stores them.
fn from_bytes(dtype: DType, bytes: &[u8]) -> Data {
    fn each<const N: usize, T>(bytes: &[u8], f: impl Fn([u8; N]) -> T) -> impl Iterator<Item = T> {
        bytes.as_chunks::<N>().0.iter().map(move |b| f(*b))
    }
    match dtype {
        DType::F16 => Data::F32(each(bytes, |b| f16::from_le_bytes(b).to_f32()).collect()),
        DType::Bf16 => Data::F32(each(bytes, |b| bf16::from_le_bytes(b).to_f32()).collect()),
        DType::F32 => Data::F32(each(bytes, f32::from_le_bytes).collect()),
        DType::F64 => Data::F64(each(bytes, f64::from_le_bytes).collect()),
        DType::I8 => Data::I64(each(bytes, |b| i64::from(i8::from_le_bytes(b))).collect()),
        DType::I16 => Data::I64(each(bytes, |b| i64::from(i16::from_le_bytes(b))).collect()),
        DType::I32 => Data::I64(each(bytes, |b| i64::from(i32::from_le_bytes(b))).collect()),
        DType::I64 => Data::I64(each(bytes, i64::from_le_bytes).collect()),
        DType::U8 => Data::I64(each(bytes, |b| i64::from(u8::from_le_bytes(b))).collect()),
        DType::U16 => Data::I64(each(bytes, |b| i64::from(u16::from_le_bytes(b))).collect()),
        DType::U32 => Data::I64(each(bytes, |b| i64::from(u32::from_le_bytes(b))).collect()),
        DType::U64 => Data::I64(each(bytes, |b| u64::from_le_bytes(b).cast_signed()).collect()),
        DType::Bool => Data::I64(each(bytes, |[b]: [u8; 1]| i64::from(b != 0)).collect()),
    }
}

/// The typed fields: small integers, booleans and the bits of 16-bit floats share one.
fn from_fields(dtype: DType, proto: &mut TensorProto) -> Data {
    let half = |bits: &i32| *bits as u16;
    match dtype {
        DType::F32 => Data::F32(mem::take(&mut proto.float_data).into()),
        DType::F64 => Data::F64(mem::take(&mut proto.double_data).into()),
        DType::I64 => Data::I64(mem::take(&mut proto.int64_data).into()),
        DType::F16 => Data::F32(
            proto
                .int32_data
                .iter()
                .map(|b| f16::from_bits(half(b)).to_f32())
                .collect(),
        ),
        DType::Bf16 => Data::F32(
            proto
                .int32_data
                .iter()
                .map(|b| bf16::from_bits(half(b)).to_f32())
                .collect(),
        ),
        DType::U32 | DType::U64 => {
            Data::I64(proto.uint64_data.iter().map(|v| v.cast_signed()).collect())
        }
        DType::Bool => Data::I64(
            proto
                .int32_data
                .iter()
                .map(|v| i64::from(*v != 0))
                .collect(),
        ),
        DType::I8 | DType::I16 | DType::I32 | DType::U8 | DType::U16 => {
            Data::I64(proto.int32_data.iter().map(|v| i64::from(*v)).collect())
        }
    }
}
