//! Normalising layers: as one operator, or written out by an exporter of an old operator set.

use std::collections::HashMap;

use knee_doctor::network::{Norm, NormForm};

use crate::graph::{Graph, Node, Op, ValueId};

/// A layer norm or RMS norm that is written out; its last node stands for it.
pub(super) struct WrittenOut {
    pub(super) form: NormForm,
    /// What is normalised.
    pub(super) input: ValueId,
}

/// The norm that an operator is.
pub(super) fn operator(graph: &Graph, producers: &[Option<usize>], index: usize) -> Option<Norm> {
    let node = &graph.nodes[index];
    let Op::File(proto) = &node.op else {
        return None;
    };
    let form = match (node.domain(), proto.op_type.as_str()) {
        ("", "BatchNormalization") => NormForm::Batch,
        ("", "LayerNormalization") => NormForm::Layer,
        ("", "GroupNormalization") | ("com.microsoft", "GroupNorm") => NormForm::Group,
        ("", "RMSNormalization" | "SimplifiedLayerNormalization")
        | ("com.microsoft", "SimplifiedLayerNormalization") => NormForm::Rms,
        ("", "LRN") => NormForm::Lrn,
        // An exporter writes a group norm as an instance norm of the reshaped groups.
        ("", "InstanceNormalization") => {
            let before = node.input(0).and_then(|value| producers[value.0]);
            let reshaped = before.is_some_and(|at| graph.nodes[at].op_name() == "Reshape");
            if reshaped {
                NormForm::Group
            } else {
                NormForm::Instance
            }
        }
        _ => return None,
    };
    let parameter = |at: usize| {
        let tensor = node.input(at).and_then(|value| graph.constant(value));
        tensor.map(|t| t.to_f32().to_vec()).unwrap_or_default()
    };
    let has_parameters = form != NormForm::Lrn;
    Some(Norm {
        form,
        gamma: if has_parameters {
            parameter(1)
        } else {
            Vec::new()
        },
        beta: if has_parameters {
            parameter(2)
        } else {
            Vec::new()
        },
    })
}

/// Every norm that is written out, by the index of its last node.
pub(super) fn written_out(
    graph: &Graph,
    producers: &[Option<usize>],
) -> HashMap<usize, WrittenOut> {
    let search = Search { graph, producers };
    (0..graph.nodes.len())
        .filter_map(|index| Some((index, search.at(index)?)))
        .collect()
}

struct Search<'a> {
    graph: &'a Graph,
    producers: &'a [Option<usize>],
}

impl Search<'_> {
    fn producer(&self, value: ValueId, op: &str) -> Option<&Node> {
        let node = &self.graph.nodes[self.producers[value.0]?];
        (node.op_name() == op).then_some(node)
    }

    /// `d / sqrt(mean(d^2) + eps)` or `d * (1 / sqrt(mean(d^2) + eps))`. It is a layer norm when
    /// d is `x - mean(x)`, and an RMS norm of d otherwise.
    fn at(&self, index: usize) -> Option<WrittenOut> {
        let node = &self.graph.nodes[index];
        let (a, b) = (node.input(0)?, node.input(1)?);
        let centred = match node.op_name() {
            "Div" => self.is_deviation(b, a).then_some(a)?,
            "Mul" => [(a, b), (b, a)]
                .into_iter()
                .find(|(d, scale)| {
                    self.reciprocal(*scale)
                        .is_some_and(|s| self.is_deviation(s, *d))
                })
                .map(|(d, _)| d)?,
            _ => return None,
        };
        let mean_taken = self.producer(centred, "Sub").and_then(|sub| {
            let (x, mean) = (sub.input(0)?, sub.input(1)?);
            let mean = self.producer(mean, "ReduceMean")?;
            (mean.input(0) == Some(x)).then_some(x)
        });
        Some(match mean_taken {
            Some(input) => WrittenOut {
                form: NormForm::Layer,
                input,
            },
            None => WrittenOut {
                form: NormForm::Rms,
                input: centred,
            },
        })
    }

    /// The value that this one is the reciprocal of.
    fn reciprocal(&self, value: ValueId) -> Option<ValueId> {
        if let Some(node) = self.producer(value, "Reciprocal") {
            return node.input(0);
        }
        let div = self.producer(value, "Div")?;
        let one = self.graph.constant(div.input(0)?)?.uniform()?;
        if one == 1.0 { div.input(1) } else { None }
    }

    /// Whether a value is `sqrt(mean(d^2) + eps)`.
    fn is_deviation(&self, value: ValueId, d: ValueId) -> bool {
        let mean = || {
            let sum = self.producer(self.producer(value, "Sqrt")?.input(0)?, "Add")?;
            let mut terms = sum.inputs.iter().flatten();
            let variance = terms.find_map(|term| self.producer(*term, "ReduceMean"))?;
            self.square_of(variance.input(0)?)
        };
        mean().is_some_and(|of| of == d || self.same_difference(of, d))
    }

    fn square_of(&self, value: ValueId) -> Option<ValueId> {
        if let Some(pow) = self.producer(value, "Pow") {
            let exponent = self.graph.constant(pow.input(1)?)?.uniform()?;
            return if exponent == 2.0 { pow.input(0) } else { None };
        }
        let mul = self.producer(value, "Mul")?;
        if mul.input(0) == mul.input(1) {
            mul.input(0)
        } else {
            None
        }
    }

    /// Some exporters compute `x - mean(x)` twice.
    fn same_difference(&self, a: ValueId, b: ValueId) -> bool {
        let both = self.producer(a, "Sub").zip(self.producer(b, "Sub"));
        both.is_some_and(|(a, b)| a.inputs == b.inputs)
    }
}
