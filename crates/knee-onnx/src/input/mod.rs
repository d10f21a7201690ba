//! The data that a network is run on: arrays by name, checked against the network's inputs.

mod fit;
mod npy;
mod npz;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::ops::Range;
use std::path::Path;

use knee_doctor::Labels;

use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::read::regular_file;
use crate::tensor::{Data, Tensor};

/// A batch: for each input of a graph its data, and what the network should answer.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The arrays, by the name of the graph's input and in the graph's order.
    pub inputs: Vec<(String, Tensor)>,
    /// What the network should answer, where the file says it.
    pub labels: Option<Labels>,
    /// Number of independent inputs.
    pub samples: usize,
    /// For each array the axis that counts samples; `None` where all samples share it.
    pub(crate) axes: Vec<Option<usize>>,
    /// The number of samples that the graph takes at a time, where the file fixes it.
    step: Option<usize>,
}

impl Batch {
    /// Reads an `.npz` (one array per input of the graph, by its name, and perhaps `labels`), or
    /// an `.npy` for a graph with a single input.
    pub fn open(path: impl AsRef<Path>, graph: &Graph) -> Result<Batch> {
        let path = path.as_ref();
        let place = path.display().to_string();
        let length = regular_file(path)?;
        let file = File::open(path).map_err(|e| Error::File {
            path: place.clone(),
            cause: e.to_string(),
        })?;
        read(&place, BufReader::new(file), length, graph)
    }

    /// Reads the bytes of an `.npz`.
    pub fn from_npz(bytes: &[u8], graph: &Graph) -> Result<Batch> {
        let arrays = npz::arrays("batch", Cursor::new(bytes), bytes.len() as u64)?;
        fit::fit("batch", arrays, graph)
    }

    /// Reads the bytes of an `.npy`, for a graph with a single input.
    pub fn from_npy(bytes: &[u8], graph: &Graph) -> Result<Batch> {
        single("batch", &mut Cursor::new(bytes), graph)
    }

    /// Makes a batch of arrays by name; `labels` is what the network should answer.
    pub fn from_arrays(arrays: BTreeMap<String, Tensor>, graph: &Graph) -> Result<Batch> {
        fit::fit("batch", arrays, graph)
    }

    /// How many samples a chunk must have, where the graph takes a fixed number at a time. The
    /// number of samples is a multiple of it.
    pub fn fixed_step(&self) -> Option<usize> {
        self.step
    }

    /// The samples of a range.
    ///
    /// # Panics
    ///
    /// When the range ends after the last sample.
    #[must_use]
    pub fn chunk(&self, range: Range<usize>) -> Batch {
        assert!(
            range.end <= self.samples,
            "the range ends at {}, there are {} samples",
            range.end,
            self.samples
        );
        if range == (0..self.samples) {
            return self.clone();
        }
        self.take(&range.collect::<Vec<usize>>())
    }

    /// At most `count` samples, evenly spaced over the batch. Where the graph takes a fixed number
    /// at a time, a multiple of that number, and at least it.
    #[must_use]
    pub fn evenly_spaced(&self, count: usize) -> Batch {
        let step = self.step.unwrap_or(1);
        let count = (count / step * step).max(step);
        if count >= self.samples {
            return self.clone();
        }
        let spaced = |i: usize| (i as u128 * self.samples as u128 / count as u128) as usize;
        self.take(&(0..count).map(spaced).collect::<Vec<usize>>())
    }

    fn take(&self, samples: &[usize]) -> Batch {
        let inputs = self
            .inputs
            .iter()
            .zip(&self.axes)
            .map(|((name, tensor), axis)| {
                let part = match axis {
                    Some(axis) => select(tensor, *axis, samples),
                    None => tensor.clone(),
                };
                (name.clone(), part)
            });
        let labels = self.labels.as_ref().map(|labels| match labels {
            Labels::Classes(classes) => {
                let each = classes.len() / self.samples.max(1);
                Labels::Classes(rows(classes, each, samples))
            }
            Labels::Rows { values, width } => Labels::Rows {
                values: rows(values, *width, samples),
                width: *width,
            },
        });
        Batch {
            inputs: inputs.collect(),
            labels,
            samples: samples.len(),
            axes: self.axes.clone(),
            step: self.step,
        }
    }
}

fn rows<T: Copy>(values: &[T], each: usize, samples: &[usize]) -> Vec<T> {
    samples
        .iter()
        .flat_map(|s| &values[s * each..(s + 1) * each])
        .copied()
        .collect()
}

/// The entries of a tensor at some positions of an axis.
fn select(tensor: &Tensor, axis: usize, positions: &[usize]) -> Tensor {
    fn pick<T: Copy>(values: &[T], shape: &[usize], axis: usize, positions: &[usize]) -> Vec<T> {
        let inner: usize = shape[axis + 1..].iter().product();
        let outer: usize = shape[..axis].iter().product();
        let mut picked = Vec::with_capacity(outer * positions.len() * inner);
        for block in 0..outer {
            for position in positions {
                let start = (block * shape[axis] + position) * inner;
                picked.extend_from_slice(&values[start..start + inner]);
            }
        }
        picked
    }
    let data = match &tensor.data {
        Data::F32(v) => Data::F32(pick(v, &tensor.shape, axis, positions).into()),
        Data::F64(v) => Data::F64(pick(v, &tensor.shape, axis, positions).into()),
        Data::I64(v) => Data::I64(pick(v, &tensor.shape, axis, positions).into()),
    };
    let mut shape = tensor.shape.clone();
    shape[axis] = positions.len();
    Tensor {
        dtype: tensor.dtype,
        shape,
        data,
    }
}

/// An `.npy` starts with its own magic; everything else should be an archive.
fn read(place: &str, mut source: impl Read + Seek, length: u64, graph: &Graph) -> Result<Batch> {
    let fail = |e: std::io::Error| Error::File {
        path: place.into(),
        cause: e.to_string(),
    };
    let mut magic = [0u8; 6];
    let mut filled = 0;
    while filled < magic.len() {
        match source.read(&mut magic[filled..]).map_err(fail)? {
            0 => break,
            n => filled += n,
        }
    }
    source.rewind().map_err(fail)?;
    if &magic == b"\x93NUMPY" {
        return single(place, &mut source, graph);
    }
    let arrays = npz::arrays(place, source, length)?;
    fit::fit(place, arrays, graph)
}

fn single(place: &str, source: &mut impl Read, graph: &Graph) -> Result<Batch> {
    let [input] = graph.inputs.as_slice() else {
        let names: Vec<&str> = graph
            .inputs
            .iter()
            .map(|v| graph.value(*v).name.as_str())
            .collect();
        return Err(Error::batch(
            place,
            format!("one array, but the network has {} inputs", names.len()),
            format!("expected an .npz with the arrays {}", names.join(", ")),
        ));
    };
    let header = npy::header(place, source)?;
    if header.bytes > npz::MAX_BYTES {
        return Err(Error::limit(
            place,
            format!(
                "its shape {:?} of {} needs {} bytes",
                header.shape, header.dtype, header.bytes
            ),
            format!("expected at most {}; use fewer samples", npz::MAX_BYTES),
        ));
    }
    let tensor = npy::data(place, header, source)?;
    let arrays = BTreeMap::from([(graph.value(*input).name.clone(), tensor)]);
    fit::fit(place, arrays, graph)
}
