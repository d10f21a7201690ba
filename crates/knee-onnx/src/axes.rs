//! Which axis of a value counts inputs, and which counts units.
//!
//! A unit is a channel of a convolution or a feature of a dense layer, so the axis follows from
//! the layer that made the value, not from its rank: axis 1 behind a convolution, the last axis
//! behind a matrix product, and wherever a transpose has put it since.

use knee_doctor::evidence::Layout;

use crate::attributes::Attributes;
use crate::graph::{Dim, Graph, Node, Op, ValueId};
use crate::shapes::position;

/// A position among the axes, counted from the first or from the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    /// Axis 0 is the first.
    Front(usize),
    /// Axis 0 is the last.
    Back(usize),
}

/// The axes of every value of a graph.
pub(crate) struct Axes {
    units: Vec<Option<Axis>>,
    lengths: Vec<Option<u64>>,
    batch: Vec<Option<Axis>>,
}

impl Axis {
    /// The axis for a rank.
    fn at(self, rank: usize) -> Option<usize> {
        match self {
            Axis::Front(axis) => (axis < rank).then_some(axis),
            Axis::Back(axis) => rank.checked_sub(axis + 1),
        }
    }

    fn of_index(axis: i64, rank: Option<usize>) -> Axis {
        let from_front = rank.and_then(|rank| position(axis, rank)).map(Axis::Front);
        from_front.unwrap_or(if axis < 0 {
            Axis::Back(usize::try_from(-1 - axis).unwrap_or(usize::MAX))
        } else {
            Axis::Front(usize::try_from(axis).unwrap_or(usize::MAX))
        })
    }
}

impl Axes {
    /// Follows the axes from the inputs through every node.
    pub(crate) fn of(graph: &Graph) -> Axes {
        let count = graph.values.len();
        let mut axes = Axes {
            units: vec![None; count],
            lengths: vec![None; count],
            batch: vec![None; count],
        };
        for (input, axis) in graph.inputs.iter().zip(batch_axes(graph)) {
            axes.batch[input.0] = axis.map(Axis::Front);
        }
        let producers = graph.producers();
        for node in &graph.nodes {
            let walk = Walk {
                graph,
                node,
                producers: &producers,
            };
            for (position, output) in node.outputs.iter().enumerate() {
                let Some(output) = *output else { continue };
                axes.units[output.0] = walk.units(&axes, position);
                axes.batch[output.0] = walk.batch(&axes, position);
                axes.lengths[output.0] = walk.length(&axes, output);
            }
        }
        axes
    }

    /// The number of units of a value, where the file says enough.
    pub(crate) fn length(&self, value: ValueId) -> Option<u64> {
        self.lengths[value.0]
    }

    /// The length of the last axis, where that is the axis of units.
    pub(crate) fn last_length(&self, value: ValueId) -> Option<u64> {
        let last = self.units[value.0] == Some(Axis::Back(0));
        if last { self.lengths[value.0] } else { None }
    }

    /// Positions of one unit for one input, where the file declares the shape.
    pub(crate) fn positions(&self, graph: &Graph, value: ValueId) -> Option<u64> {
        let shape = graph.value(value).shape.as_ref()?;
        let unit = self.units[value.0]?.at(shape.len())?;
        let batch = self.batch[value.0]?.at(shape.len())?;
        let others = shape
            .iter()
            .enumerate()
            .filter(|(axis, _)| *axis != unit && *axis != batch);
        others
            .map(|(_, dim)| dim.known())
            .try_fold(1u64, |n, d| n.checked_mul(d?))
    }

    /// How the elements of a value of this shape belong to inputs and units.
    ///
    /// A value that does not have an entry per input, such as one that is computed from constants
    /// alone, counts as one input.
    pub(crate) fn layout(&self, value: ValueId, shape: &[usize], inputs: usize) -> Layout {
        // Behind what nothing is known of: features last in tables and sequences, channels second
        // in images.
        let unknown = if shape.len() <= 3 {
            Axis::Back(0)
        } else {
            Axis::Front(1)
        };
        let unit = self.units[value.0].unwrap_or(unknown).at(shape.len());
        arrange(shape, self.batch[value.0], unit, inputs)
    }

    /// The same for a function of rows, whose units are the entries of a row along `axis`.
    pub(crate) fn rows(
        &self,
        value: ValueId,
        axis: usize,
        shape: &[usize],
        inputs: usize,
    ) -> Layout {
        arrange(shape, self.batch[value.0], Some(axis), inputs)
    }
}

fn arrange(shape: &[usize], batch: Option<Axis>, unit: Option<usize>, inputs: usize) -> Layout {
    let product = |range: &[usize]| range.iter().product::<usize>();
    let per_input = |axis: &usize| inputs > 0 && shape[*axis].is_multiple_of(inputs);
    let batch = batch
        .unwrap_or(Axis::Front(0))
        .at(shape.len())
        .filter(per_input);
    match (batch, unit) {
        (Some(batch), Some(unit)) if batch < unit => Layout {
            before: product(&shape[..batch]),
            inputs,
            outer: shape[batch] / inputs * product(&shape[batch + 1..unit]),
            units: shape[unit],
            inner: product(&shape[unit + 1..]),
        },
        // One number per input.
        (Some(batch), _) => Layout {
            before: product(&shape[..batch]),
            inputs,
            outer: shape[batch] / inputs * product(&shape[batch + 1..]),
            units: 1,
            inner: 1,
        },
        (None, Some(unit)) => Layout {
            before: 1,
            inputs: 1,
            outer: product(&shape[..unit]),
            units: shape[unit],
            inner: product(&shape[unit + 1..]),
        },
        (None, None) => Layout {
            before: 1,
            inputs: 1,
            outer: product(shape),
            units: 1,
            inner: 1,
        },
    }
}

/// For each input of the graph the axis that counts samples; `None` where all samples share the
/// input. Inputs that name the first axis of the first input ("batch") have it where they name
/// it; otherwise it is the first axis.
pub(crate) fn batch_axes(graph: &Graph) -> Vec<Option<usize>> {
    let shapes = || {
        graph
            .inputs
            .iter()
            .map(|id| graph.value(*id).shape.as_deref())
    };
    let first = |shape: Option<&[Dim]>| shape.map_or(Some(Dim::Unknown), |s| s.first().cloned());
    let leading: Vec<Option<Dim>> = shapes().map(first).collect();
    let named = leading.iter().flatten().find_map(|dim| match dim {
        Dim::Symbol(name) => Some(Dim::Symbol(name.clone())),
        _ => None,
    });
    let open = leading.iter().flatten().any(|dim| dim.known().is_none());
    let fixed = leading.iter().flatten().find_map(Dim::known);
    shapes()
        .zip(&leading)
        .map(|(shape, leading)| match (&named, leading) {
            (Some(name), Some(_)) => match shape {
                Some(shape) => shape.iter().position(|dim| dim == name),
                None => Some(0),
            },
            // Without a name: open first axes belong together, or fixed ones of one length.
            (None, Some(dim)) => {
                let counts = if open {
                    dim.known().is_none()
                } else {
                    dim.known() == fixed
                };
                counts.then_some(0)
            }
            (_, None) => None,
        })
        .collect()
}

/// One node on the way.
struct Walk<'a> {
    graph: &'a Graph,
    node: &'a Node,
    producers: &'a [Option<usize>],
}

impl Walk<'_> {
    fn attributes(&self) -> Attributes<'_> {
        match &self.node.op {
            Op::File(proto) => Attributes::of(proto),
            _ => Attributes(&[]),
        }
    }

    fn rank(&self, value: ValueId) -> Option<usize> {
        self.graph.value(value).shape.as_ref().map(Vec::len)
    }

    fn constant_ints(&self, input: usize) -> Option<&[i64]> {
        self.graph.constant(self.node.input(input)?)?.integers()
    }

    /// Axes given as the attribute `axes`, or as the second input.
    fn axes(&self) -> Option<Vec<i64>> {
        let input = self.constant_ints(1).map(<[i64]>::to_vec);
        input.or_else(|| self.attributes().ints("axes").map(<[i64]>::to_vec))
    }

    /// The axis of the first computed input that has one, which the node keeps where it is.
    fn kept(&self, of: &[Option<Axis>]) -> Option<Axis> {
        let computed = self.node.inputs.iter().flatten();
        let mut computed = computed.filter(|v| self.graph.constant(**v).is_none());
        computed.find_map(|v| of[v.0])
    }

    fn units(&self, axes: &Axes, position: usize) -> Option<Axis> {
        let constant = |at| {
            self.node
                .input(at)
                .is_some_and(|v| self.graph.constant(v).is_some())
        };
        match self.node.op_name() {
            "Conv"
            | "ConvTranspose"
            | "BatchNormalization"
            | "InstanceNormalization"
            | "GroupNormalization"
            | "LRN" => Some(Axis::Front(1)),
            "Gemm" | "MatMul" | "LSTM" | "GRU" | "RNN" | "LayerNormalization" => {
                Some(Axis::Back(0))
            }
            "Gather" if constant(0) => Some(Axis::Back(0)),
            "Flatten" => Some(Axis::Back(0)),
            "Reshape" => self.reshaped(axes),
            _ => self.moved(self.kept(&axes.units)?, position),
        }
    }

    fn batch(&self, axes: &Axes, position: usize) -> Option<Axis> {
        match self.node.op_name() {
            // Y is [steps, directions, batch, hidden]; the states have no steps.
            "LSTM" | "GRU" | "RNN" => Some(Axis::Front(if position == 0 { 2 } else { 1 })),
            "Reshape" | "Flatten" => self.kept(&axes.batch).map(|_| Axis::Front(0)),
            _ => self.moved(self.kept(&axes.batch)?, position),
        }
    }

    /// Where an axis of the first input lies in the output.
    fn moved(&self, axis: Axis, _position: usize) -> Option<Axis> {
        let input = self.node.input(0)?;
        match self.node.op_name() {
            "Transpose" => {
                let Some(perm) = self.attributes().ints("perm") else {
                    // Without a permutation the order is reversed.
                    return Some(match axis {
                        Axis::Front(a) => Axis::Back(a),
                        Axis::Back(a) => Axis::Front(a),
                    });
                };
                let from = axis.at(perm.len())?;
                perm.iter()
                    .position(|p| usize::try_from(*p) == Ok(from))
                    .map(Axis::Front)
            }
            "Squeeze" => {
                let removed = self.axes()?;
                self.without(axis, &removed, input)
            }
            "Unsqueeze" => {
                let added = self.axes()?;
                let rank = self.rank(input).map(|r| r + added.len());
                let mut added: Vec<Axis> = added.iter().map(|a| Axis::of_index(*a, rank)).collect();
                added.sort_by_key(|a| match a {
                    Axis::Front(a) | Axis::Back(a) => *a,
                });
                Some(added.iter().fold(axis, |axis, new| match (axis, new) {
                    (Axis::Front(a), Axis::Front(n)) if *n <= a => Axis::Front(a + 1),
                    (Axis::Back(a), Axis::Back(n)) if *n <= a => Axis::Back(a + 1),
                    _ => axis,
                }))
            }
            op if op.starts_with("Reduce") || op == "ArgMax" || op == "ArgMin" => {
                if self.attributes().int("keepdims").unwrap_or(1) == 1 {
                    return Some(axis);
                }
                let removed = self
                    .axes()
                    .or_else(|| self.attributes().int("axis").map(|a| vec![a]));
                self.without(axis, &removed?, input)
            }
            // A single index takes its axis away.
            "Gather" if self.rank(self.node.input(1)?) == Some(0) => {
                self.without(axis, &[self.attributes().int("axis").unwrap_or(0)], input)
            }
            _ => Some(axis),
        }
    }

    /// The axis after others are taken away; `None` where it is one of them.
    fn without(&self, axis: Axis, removed: &[i64], input: ValueId) -> Option<Axis> {
        let rank = self.rank(input);
        let mut result = axis;
        for gone in removed {
            match (axis, Axis::of_index(*gone, rank)) {
                (a, b) if a == b => return None,
                (Axis::Front(a), Axis::Front(g)) if g < a => {
                    let Axis::Front(now) = result else { continue };
                    result = Axis::Front(now.saturating_sub(1));
                }
                (Axis::Back(a), Axis::Back(g)) if g < a => {
                    let Axis::Back(now) = result else { continue };
                    result = Axis::Back(now.saturating_sub(1));
                }
                (Axis::Back(a), Axis::Front(g)) => {
                    let position = rank.and_then(|rank| Axis::Back(a).at(rank));
                    match position {
                        Some(p) if p == g => return None,
                        Some(p) if p < g => result = Axis::Back(a.saturating_sub(1)),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        Some(result)
    }

    /// A reshape keeps the units where an axis of their number is left in place; else features
    /// are last in tables and sequences, and channels second in images.
    fn reshaped(&self, axes: &Axes) -> Option<Axis> {
        let input = self.node.input(0)?;
        let target = self.node.input(1)?;
        // The shape of another value: an exporter's way back after a group normalisation.
        let shape_of = self.producers[target.0].map(|index| &self.graph.nodes[index]);
        if let Some(shape) = shape_of.filter(|node| node.op_name() == "Shape") {
            return axes.units[shape.input(0)?.0];
        }
        let declared = || {
            let shape = self.graph.value(self.node.output(0)?).shape.as_ref()?;
            let length = |d: &Dim| d.known().and_then(|d| i64::try_from(d).ok()).unwrap_or(-1);
            Some(shape.iter().map(length).collect::<Vec<i64>>())
        };
        let shape = self
            .constant_ints(1)
            .map(<[i64]>::to_vec)
            .or_else(declared)?;
        let units = axes.lengths[input.0].and_then(|u| i64::try_from(u).ok());
        let same = |at: Option<&i64>| units.is_some() && at.copied() == units;
        match axes.units[input.0] {
            Some(Axis::Front(1)) if same(shape.get(1)) || shape.get(1) == Some(&0) => {
                Some(Axis::Front(1))
            }
            Some(Axis::Back(0)) if same(shape.last()) => Some(Axis::Back(0)),
            _ if shape.len() <= 3 => Some(Axis::Back(0)),
            _ => Some(Axis::Front(1)),
        }
    }

    /// The number of units of an output: as the file declares, as the weights say, or as before.
    fn length(&self, axes: &Axes, output: ValueId) -> Option<u64> {
        let declared = || {
            let shape = self.graph.value(output).shape.as_ref()?;
            shape[axes.units[output.0]?.at(shape.len())?].known()
        };
        declared().or_else(|| {
            let weight = |at: usize| self.graph.constant(self.node.input(at)?).map(|t| &t.shape);
            let length = |at: usize, axis: usize| Some(*weight(at)?.get(axis)? as u64);
            match self.node.op_name() {
                "Conv" | "BatchNormalization" => length(1, 0),
                "ConvTranspose" => {
                    Some(length(1, 1)? * self.attributes().int("group").unwrap_or(1).max(1) as u64)
                }
                "Gemm" => length(1, usize::from(!self.attributes().flag("transB"))),
                "MatMul" => weight(1)?.last().map(|d| *d as u64),
                "Gather" if weight(0).is_some() => weight(0)?.last().map(|d| *d as u64),
                "Concat" | "Split" | "Slice" | "Reshape" | "Flatten" | "Gather" | "Tile"
                | "Expand" => None,
                _ => {
                    let mut inputs = self.node.inputs.iter().flatten();
                    inputs.find_map(|value| axes.lengths[value.0])
                }
            }
        })
    }
}
