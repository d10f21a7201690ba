//! What a rule asks to be executed: fusing layers, and running both on the batch.

use std::collections::BTreeMap;

use knee_doctor::evidence::{Layout, Values};
use knee_doctor::network::{Form, Linear, Precision, ValueId};
use knee_doctor::{Certificate, Workbench as Asked};

use crate::graph::{Graph, Value};
use crate::input::Batch;
use crate::model::Model;
use crate::run::{Limits, Observer, Session};
use crate::tensor::{DType, Data, Tensor};

/// Samples on which two networks are compared.
const SAMPLES: usize = 256;

/// A model and a batch, ready to try something out.
#[derive(Clone, Copy, Debug)]
pub struct Workbench<'a> {
    model: &'a Model,
    batch: &'a Batch,
    max_memory: u64,
}

/// One affine map: rows of weights and a bias, in f64.
struct Affine {
    width: usize,
    columns: Vec<Vec<f64>>,
    bias: Vec<f64>,
}

impl<'a> Workbench<'a> {
    /// A workbench for a model and its batch. Runs may hold so many bytes of tensors.
    pub fn new(model: &'a Model, batch: &'a Batch, max_memory: u64) -> Self {
        Self {
            model,
            batch,
            max_memory,
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            max_memory: Some(self.max_memory),
            ..Limits::default()
        }
    }

    fn dense(&self, node: usize) -> Result<&'a Linear, String> {
        match self.model.network().linear(node) {
            Some(linear) if linear.form == Form::Dense => Ok(linear),
            Some(_) => Err("only dense layers are fused".into()),
            None => Err("it is no layer with weights".into()),
        }
    }

    /// The map from what `first` reads to what is written at `end`, found by running the nodes
    /// between on the zero vector and on each unit vector.
    fn measured(&self, start: ValueId, end: ValueId, width: usize) -> Result<Affine, String> {
        let graph = part(self.model.graph(), start, end);
        let name = graph.value(start).name.clone();
        let mut rows = vec![0.0_f32; (width + 1) * width];
        for unit in 0..width {
            rows[(unit + 1) * width + unit] = 1.0;
        }
        let mut probe = Tensor::f32(vec![width + 1, width], rows);
        if self.model.network().precision == Precision::F64 {
            probe.dtype = DType::F64;
            probe.data = Data::F64(doubles(&probe).into());
        }
        let run = || {
            let batch = Batch::from_arrays(BTreeMap::from([(name, probe)]), &graph)?;
            Session::new(&graph)?.run(&batch, None, &mut (), &self.limits())
        };
        let outcome = run().map_err(|error| error.to_string())?;
        let output = outcome.outputs.first().ok_or("there is no output")?;
        let values = doubles(output);
        if output.shape.len() != 2 || output.shape[0] != width + 1 {
            return Err("the nodes between the layers change the shape".into());
        }
        let units = output.shape[1];
        let mut rows = values.chunks_exact(units);
        let bias: Vec<f64> = rows.next().ok_or("there is no output")?.to_vec();
        let columns = rows
            .map(|row| row.iter().zip(&bias).map(|(y, b)| y - b).collect())
            .collect();
        Ok(Affine {
            width,
            columns,
            bias,
        })
    }
}

impl Asked for Workbench<'_> {
    fn fuse(&self, first: usize, second: usize) -> Result<Certificate, String> {
        let (one, two) = (self.dense(first)?, self.dense(second)?);
        let nodes = &self.model.network().nodes;
        let start = *nodes[first].inputs.first().ok_or("it reads nothing")?;
        let end = *nodes[second].outputs.first().ok_or("it writes nothing")?;
        let affine = self.measured(start, end, one.fan_in as usize)?;
        let mut comparison = Comparison {
            start,
            end,
            affine: &affine,
            read: Vec::new(),
            difference: 0.0,
            scale: 0.0,
        };
        let batch = self.batch.evenly_spaced(SAMPLES);
        let step = batch.fixed_step().unwrap_or(batch.samples.max(1));
        let session = Session::new(self.model.graph()).map_err(|error| error.to_string())?;
        for from in (0..batch.samples).step_by(step) {
            let chunk = batch.chunk(from..(from + step).min(batch.samples));
            session
                .run(&chunk, None, &mut comparison, &self.limits())
                .map_err(|error| error.to_string())?;
        }
        let count = |parameters: u64| i64::try_from(parameters).unwrap_or(i64::MAX);
        let stored = |linear: &Linear| count(linear.units * (linear.fan_in + 1));
        let fused = count(two.units * (one.fan_in + 1));
        Ok(Certificate {
            max_difference: comparison.difference,
            scale: comparison.scale,
            parameters_saved: stored(one) + stored(two) - fused,
        })
    }
}

fn doubles(tensor: &Tensor) -> Vec<f64> {
    match &tensor.data {
        Data::F32(values) => values.iter().map(|x| f64::from(*x)).collect(),
        Data::F64(values) => values.to_vec(),
        Data::I64(values) => values.iter().map(|x| *x as f64).collect(),
    }
}

/// The nodes of a graph that lie between two values, as a graph of its own.
fn part(graph: &Graph, start: ValueId, end: ValueId) -> Graph {
    let mut part = graph.clone();
    let producers = graph.producers();
    let mut wanted = vec![false; graph.nodes.len()];
    let mut open = vec![end];
    while let Some(value) = open.pop() {
        let Some(node) = producers[value.0].filter(|_| value != start) else {
            continue;
        };
        if !std::mem::replace(&mut wanted[node], true) {
            open.extend(graph.nodes[node].reads());
        }
    }
    let mut kept = wanted.iter();
    part.nodes.retain(|_| kept.next().is_some_and(|kept| *kept));
    part.values[start.0] = Value {
        shape: None,
        dtype: None,
        ..part.values[start.0].clone()
    };
    part.inputs = vec![start];
    part.outputs = vec![end];
    part
}

/// Compares what the layers wrote with what the one affine map would have written.
struct Comparison<'a> {
    start: ValueId,
    end: ValueId,
    affine: &'a Affine,
    read: Vec<f64>,
    difference: f64,
    scale: f64,
}

impl Observer for Comparison<'_> {
    fn watches_sites(&self) -> bool {
        false
    }

    fn watched(&self) -> Vec<ValueId> {
        vec![self.start, self.end]
    }

    fn value(&mut self, value: ValueId, x: Values<'_>, _: Layout) {
        let values: Vec<f64> = match x {
            Values::F32(x) => x.iter().map(|x| f64::from(*x)).collect(),
            Values::F64(x) => x.to_vec(),
        };
        if value == self.start {
            self.read = values;
            return;
        }
        let units = self.affine.bias.len();
        let rows = self.read.chunks_exact(self.affine.width);
        for (input, written) in rows.zip(values.chunks_exact(units)) {
            let mut fused = self.affine.bias.clone();
            for (x, column) in input.iter().zip(&self.affine.columns) {
                fused.iter_mut().zip(column).for_each(|(y, w)| *y += w * x);
            }
            for (one, two) in fused.iter().zip(written) {
                self.difference = self.difference.max((one - two).abs());
                self.scale = self.scale.max(two.abs());
            }
        }
    }
}
