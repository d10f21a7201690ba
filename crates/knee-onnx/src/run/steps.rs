//! The steps of a recurrent gate, gathered to one tensor.

use knee_burn::{HostTensor, HostValues};
use knee_doctor::evidence::Layout;

use super::report::Payload;

/// Which step of which direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) direction: usize,
    pub(super) directions: usize,
    pub(super) step: usize,
    pub(super) steps: usize,
}

/// One tensor `[rows, hidden]` per direction and step.
#[derive(Debug)]
pub(super) struct Steps(Vec<Vec<Option<HostTensor>>>);

impl Steps {
    pub(super) fn new(directions: usize, steps: usize) -> Self {
        Self(vec![vec![None; steps]; directions])
    }

    pub(super) fn put(&mut self, direction: usize, step: usize, tensor: HostTensor) {
        self.0[direction][step] = Some(tensor);
    }

    /// All steps as `[steps, rows, directions * hidden]`. What is missing counts as zeros: no
    /// gradient came back to that step.
    pub(super) fn stacked(&self, inputs: usize) -> Option<(Payload, Layout)> {
        let first = self.0.iter().flatten().flatten().next()?;
        let &[rows, hidden] = first.shape() else {
            return None;
        };
        let inputs = if inputs > 0 && rows.is_multiple_of(inputs) {
            inputs
        } else {
            1
        };
        let steps = self.0[0].len();
        let layout = Layout {
            before: steps,
            inputs,
            outer: rows / inputs,
            units: self.0.len() * hidden,
            inner: 1,
        };
        let double = matches!(first.values(), HostValues::F64(_));
        let (mut singles, mut doubles) = (Vec::new(), Vec::new());
        for step in 0..steps {
            for row in 0..rows {
                for direction in &self.0 {
                    let range = row * hidden..(row + 1) * hidden;
                    match direction[step].as_ref().map(HostTensor::values) {
                        Some(HostValues::F32(v)) => singles.extend_from_slice(&v[range]),
                        Some(HostValues::F64(v)) => doubles.extend_from_slice(&v[range]),
                        None if double => doubles.resize(doubles.len() + hidden, 0.0),
                        None => singles.resize(singles.len() + hidden, 0.0),
                    }
                }
            }
        }
        let payload = if double {
            Payload::F64(doubles)
        } else {
            Payload::F32(singles)
        };
        Some((payload, layout))
    }
}
