//! knee's own cases: what ONNX's lack, which is negative inputs, tails, attributes, NaN and infinities; each
//! within one unit of the truth.
//!
//! What is true is worked out by the oracle from the function's formula, or for a row by the textbook in
//! `f64`; at the arguments where a formula has no value it is written down.

use knee::{Framework, Function, RowFunction};

use super::cases::Kind;
use super::judge::{Oracle, within_units};
use super::rows;

const NAN: f32 = f32::NAN;
const INF: f32 = f32::INFINITY;

/// A case: an operator of ONNX with its attributes, what it is, and arguments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    pub(super) name: &'static str,
    pub(super) op: &'static str,
    pub(super) attributes: &'static [(&'static str, f64)],
    /// The function as knee writes it, or the name of a function of rows.
    pub(super) function: &'static str,
    /// Arguments where the formula gives the true value; for a function of rows one row.
    pub(super) x: &'static [f32],
    /// Arguments with the value that is true there.
    pub(super) special: &'static [(f32, f32)],
}

impl Own {
    /// An attribute that the case gives.
    pub(super) fn attribute(&self, name: &str) -> Option<f64> {
        self.attributes
            .iter()
            .find(|(given, _)| *given == name)
            .map(|&(_, value)| value)
    }

    /// All arguments, and the true value of each.
    pub(super) fn table(&self) -> (Vec<f32>, Vec<f64>) {
        let mut x: Vec<f32> = self.x.to_vec();
        let row: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
        let mut truth = match self.function {
            "softmax" => rows::softmax(&row),
            "log_softmax" => rows::log_softmax(&row),
            "hardmax" => rows::hardmax(&row),
            text => {
                let function =
                    Function::parse(text).unwrap_or_else(|error| panic!("{}: {error}", self.name));
                let oracle = Oracle::of(&function);
                row.iter().map(|&x| oracle.value(x)).collect()
            }
        };
        x.extend(self.special.iter().map(|(x, _)| x));
        truth.extend(self.special.iter().map(|&(_, value)| f64::from(value)));
        (x, truth)
    }

    /// The first argument at which an answer is not within one unit of the truth.
    pub(super) fn refutes(&self, answer: impl FnOnce(&[f32]) -> Vec<f32>) -> Option<f32> {
        let (x, truth) = self.table();
        let found = answer(&x);
        assert_eq!(found.len(), x.len(), "{}: elements", self.name);
        let wrong =
            |&index: &usize| !within_units(Kind::Single, f64::from(found[index]), truth[index]);
        (0..x.len()).find(wrong).map(|index| x[index])
    }

    /// knee's answer, read as the operator.
    fn knee(&self, x: &[f32]) -> Vec<f32> {
        let mut y = vec![0.0; x.len()];
        match RowFunction::from_foreign(Framework::Onnx, self.op) {
            Some(rows) => rows.forward(x, x.len(), &mut y),
            None => Function::from_foreign(Framework::Onnx, self.op, &|name| self.attribute(name))
                .unwrap_or_else(|| panic!("{}: knee does not know {}", self.name, self.op))
                .forward(x, &mut y),
        }
        y
    }
}

macro_rules! cases {
    ($($name:literal: $op:literal $attributes:tt = $function:literal, $x:tt $(, $special:tt)?;)+) => {
        /// The cases.
        pub(super) const CASES: &[Own] = &[$(Own {
            name: $name,
            op: $op,
            attributes: &$attributes,
            function: $function,
            x: &$x,
            special: cases!(@ $($special)?),
        }),+];
    };
    (@) => { &[] };
    (@ $special:tt) => { &$special };
}

cases! {
    "relu negative and NaN": "Relu" [] = "relu",
        [-1.0, -1e-40, 1e-40, 2.5],
        [(NAN, NAN), (INF, INF), (-INF, 0.0)];
    "leaky relu default": "LeakyRelu" [] = "leaky_relu",
        [-1.0, -1e30, -3e-40, 2.5],
        [(NAN, NAN), (-INF, -INF)];
    "leaky relu alpha": "LeakyRelu" [("alpha", 0.25)] = "leaky_relu(negative_slope=0.25)",
        [-1.0, 2.5];
    "thresholded relu default": "ThresholdedRelu" [] = "thresholded_relu",
        [1.0, 1.0000001, 0.9999999, -2.0, 7.0],
        [(NAN, NAN)];
    "thresholded relu alpha": "ThresholdedRelu" [("alpha", 2.0)] = "thresholded_relu(alpha=2)",
        [1.5, 2.0, 2.0000002, -3.0];
    "clip": "Clip" [("min", -0.5), ("max", 3.0)] = "hard_tanh(min_val=-0.5, max_val=3)",
        [-1.0, -0.5, 0.25, 3.0, 3.5],
        [(NAN, NAN), (INF, 3.0)];
    "elu small": "Elu" [] = "elu",
        [-1e-8, -1e-20, -1e-40, -2.9e-8, 1e-30],
        [(NAN, NAN)];
    "elu tail": "Elu" [("alpha", 0.5)] = "elu(alpha=0.5)",
        [-0.7, -5.0, -17.0, -90.0, 3.0],
        [(-INF, -0.5), (INF, INF)];
    "selu default": "Selu" [] = "selu",
        [1.0, 0.1, -1.0, -1e-8, -5.0, 30.0],
        [(NAN, NAN), (INF, INF)];
    "selu of opset 1": "Selu" [("opset", 1.0)] = "selu(alpha=1.6732, scale=1.0507)",
        [1.0, -1.0, -4.0];
    "selu attributes": "Selu" [("alpha", 2.0), ("gamma", 3.0)] = "selu(alpha=2, scale=3)",
        [-1.0, -1e-10, 2.0];
    "celu negative": "Celu" [] = "celu",
        [-1.0, -0.1, -1e-9, -20.0, 3.0],
        [(NAN, NAN), (-INF, -1.0)];
    "celu negative, alpha 2": "Celu" [("alpha", 2.0)] = "celu(alpha=2)",
        [-1.0, -0.1, -1e-9, -40.0, 3.0],
        [(-INF, -2.0)];
    "sigmoid tail": "Sigmoid" [] = "sigmoid",
        [-4.5, -15.9, -17.886, -87.0, -100.0, 16.7, 30.0, 0.0],
        [(NAN, NAN), (-INF, 0.0), (INF, 1.0)];
    "hard sigmoid default": "HardSigmoid" [] = "hard_sigmoid_02",
        [-2.6, -2.4, 0.3, 2.4, 2.7, 1e30],
        [(NAN, NAN), (-INF, 0.0), (INF, 1.0)];
    "hard sigmoid 1/6": "HardSigmoid" [("alpha", 0.16666667163372040)] = "hard_sigmoid",
        [-3.0, -2.9, 1.0, 2.9, 3.0];
    "tanh near 1": "Tanh" [] = "tanh",
        [3.9, 4.5, 5.0, 9.0, 20.0, -3.9, -9.1, 1e-10, 1e-40],
        [(NAN, NAN), (INF, 1.0), (-INF, -1.0)];
    "softplus tail": "Softplus" [] = "softplus",
        [-17.5, -40.0, -90.0, -103.0, 5.5, 6.0, 15.0, 89.0, 1000.0, 0.0],
        [(NAN, NAN), (INF, INF), (-INF, 0.0)];
    "softsign": "Softsign" [] = "softsign",
        [-3.27e38, 3.27e38, -1.0, 1e-40, 0.5],
        [(NAN, NAN), (INF, 1.0), (-INF, -1.0)];
    "hard swish outside": "HardSwish" [] = "hard_swish",
        [-4.0, -3.0, -2.999999, 3.0, 4.0, 5.8e37, 3e38, -1.5],
        [(NAN, NAN), (INF, INF), (-INF, 0.0)];
    "swish default": "Swish" [] = "silu",
        [-1.0, -20.0, -88.0, -91.0, -104.0, 3.5],
        [(NAN, NAN), (-INF, 0.0), (INF, INF)];
    "swish alpha": "Swish" [("alpha", 1.5)] = "swish_beta(beta=1.5)",
        [-1.0, -20.0, 0.5, 2.0];
    "swish alpha negative": "Swish" [("alpha", -0.5)] = "swish_beta(beta=-0.5)",
        [-1.0, -9.0, 0.5, 2.0];
    "gelu tail": "Gelu" [] = "gelu",
        [-5.5, -6.15, -9.0, -13.0, -1.0, 1e-20, 2.7, 1.8e38],
        [(NAN, NAN), (INF, INF), (-INF, 0.0)];
    "gelu tanh tail": "Gelu" [("approximate", 1.0)] = "gelu_tanh",
        [-5.0955, -5.1257, -7.0, -10.0, -1.0, 2.7, 1e19],
        [(NAN, NAN), (-INF, 0.0)];
    "mish tail": "Mish" [] = "mish",
        [-8.5, -20.0, -88.0, -91.7, -104.0, 3.0, 100.0],
        [(NAN, NAN), (-INF, 0.0), (INF, INF)];
    "erf small and near 1": "Erf" [] = "erf",
        [1e-7, -1e-20, 1e-40, 0.5, 2.0, 3.5, 3.9, -3.5],
        [(NAN, NAN), (INF, 1.0), (-INF, -1.0)];
    "shrink default": "Shrink" [] = "shrink",
        [0.5, -0.5, 0.5000001, -0.6, 0.1],
        [(NAN, NAN), (INF, INF)];
    "shrink soft": "Shrink" [("lambd", 1.5), ("bias", 1.5)] = "shrink(lambd=1.5, bias=1.5)",
        [1.5, -1.5, 2.0, -2.25, 0.1],
        [(NAN, NAN)];
    "softmax of large numbers": "Softmax" [] = "softmax",
        [1000.0, 1000.5, 999.0];
    "softmax far apart": "Softmax" [] = "softmax",
        [0.0, -30.0, -90.0, -103.0];
    "log-softmax far apart": "LogSoftmax" [] = "log_softmax",
        [0.0, -17.5, -40.0, -200.0];
    "log-softmax of large numbers": "LogSoftmax" [] = "log_softmax",
        [-1000.0, 1000.5, 999.0];
    "hardmax tie": "Hardmax" [] = "hardmax",
        [-1.0, 3.0, 3.0, 2.0];
}

/// knee answers every case within one unit of the truth.
#[test]
fn knee_passes_its_own_cases() {
    let refuted = CASES
        .iter()
        .filter_map(|case| Some((case.name, case.refutes(|x| case.knee(x))?)));
    assert_eq!(refuted.collect::<Vec<_>>(), []);
}
