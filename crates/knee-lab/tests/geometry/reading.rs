//! Networks as the doctor sees them, read as chains of layers.

use std::sync::Arc;

use knee::{Function, RowFunction};
use knee_doctor::network::{
    Form, Kind, Linear, Node, Norm, NormForm, Port, Role, Site, SiteFunction, ValueId,
};
use knee_lab::geometry::{Error, Network, affine_at};

/// A doctor's network of one chain, built node by node.
struct Chain(knee_doctor::Network);

impl Chain {
    fn new() -> Self {
        let input = Port {
            name: "x".to_string(),
            shape: vec![None, Some(2)],
            dtype: "float32".to_string(),
            value: ValueId(0),
        };
        Self(knee_doctor::Network {
            inputs: vec![input],
            ..knee_doctor::Network::default()
        })
    }

    fn node(mut self, op: &str, kind: Kind) -> Self {
        let index = self.0.nodes.len();
        self.0.nodes.push(Node {
            name: format!("/{}/{op}", index + 1),
            op: op.to_string(),
            layer: String::new(),
            kind,
            inputs: vec![ValueId(index)],
            outputs: vec![ValueId(index + 1)],
        });
        self
    }

    fn dense(self, op: &str, units: u64, weight: &[f32], bias: Option<&[f32]>) -> Self {
        let kind = Kind::Linear(Linear {
            form: Form::Dense,
            units,
            fan_in: weight.len() as u64 / units,
            weight: weight.into(),
            bias: bias.map(Arc::from),
            tied: false,
            trainable: true,
        });
        self.node(op, kind)
    }

    fn site(mut self, function: SiteFunction, role: Role) -> Self {
        let index = self.0.sites.len();
        self.0.sites.push(Site {
            name: format!("act.{index}"),
            layer: String::new(),
            function,
            role,
            units: None,
            positions: None,
            depth: 1,
            node: self.0.nodes.len(),
            part: 0,
            covers: Vec::new(),
            residual_branch: false,
        });
        self.node("Relu", Kind::Activation(index))
    }

    fn named(self, function: &str, role: Role) -> Self {
        let function = Function::parse(function).expect("a function");
        self.site(SiteFunction::Element(function), role)
    }

    fn doctors(mut self) -> knee_doctor::Network {
        self.0.outputs = vec![Port {
            name: "y".to_string(),
            shape: Vec::new(),
            dtype: "float32".to_string(),
            value: ValueId(self.0.nodes.len()),
        }];
        self.0
    }

    fn read(self) -> Result<Network, Error> {
        Network::of(&self.doctors())
    }
}

const WEIGHT: [f32; 4] = [1.0, 2.0, -1.0, 0.5];

#[test]
fn a_chain_with_views_a_split_bias_and_a_sigmoid_behind_it_is_read() {
    let network = Chain::new()
        .node("Flatten", Kind::View)
        .dense("MatMul", 2, &WEIGHT, Some(&[0.5, -0.5]))
        .node("Add", Kind::Affine)
        .named("relu", Role::Hidden)
        .node("Dropout", Kind::Affine)
        .dense("Gemm", 1, &[1.0, -2.0], None)
        .named("sigmoid", Role::Output)
        .read()
        .expect("a chain");
    assert_eq!(network.layers().len(), 2);
    assert_eq!(network.left_out(), Some("sigmoid"));
    let value = |x: &[f64]| network.value(x).expect("a value")[0];
    assert_eq!(value(&[1.0, 1.0]), 3.5);
    assert_eq!(value(&[-1.0, 0.0]), -1.0);
}

#[test]
fn activations_before_and_after_one_another_are_layers_of_their_own() {
    let network = Chain::new()
        .named("hard_tanh", Role::Hidden)
        .named("relu", Role::Hidden)
        .dense("Gemm", 1, &[1.0, 1.0], None)
        .read()
        .expect("a chain");
    assert_eq!(network.layers().len(), 3);
    assert_eq!(network.value(&[5.0, 0.5]).expect("a value"), [1.5]);
    assert_eq!(network.value(&[-5.0, 0.5]).expect("a value"), [0.5]);
}

#[test]
fn learned_slopes_are_one_per_unit() {
    let slopes = vec![0.25, 0.5];
    let network = Chain::new()
        .dense("Gemm", 2, &[1.0, 0.0, 0.0, 1.0], None)
        .site(SiteFunction::Prelu { slopes }, Role::Hidden)
        .read()
        .expect("a chain");
    let local = affine_at(&network, &[-1.0, -1.0]).expect("a point");
    assert_eq!(local.map.jacobian, [0.25, 0.0, 0.0, 0.5]);
    assert_eq!(network.value(&[-4.0, -4.0]).expect("a value"), [-1.0, -2.0]);
}

#[test]
fn a_softmax_behind_the_output_is_left_out_and_one_inside_is_refused() {
    let softmax = || SiteFunction::Rows {
        function: RowFunction::parse("softmax").expect("a function"),
        axis: -1,
        length: Some(2),
    };
    let network = Chain::new()
        .dense("Gemm", 2, &WEIGHT, None)
        .site(softmax(), Role::Output)
        .read()
        .expect("a chain");
    assert_eq!(network.left_out(), Some("softmax"));
    let error = Chain::new()
        .dense("Gemm", 2, &WEIGHT, None)
        .site(softmax(), Role::Hidden)
        .dense("Gemm", 1, &[1.0, 1.0], None)
        .read()
        .expect_err("not piecewise linear");
    assert!(
        error.to_string().starts_with("act.0: `softmax` is not"),
        "{error}"
    );
}

#[test]
fn what_is_not_a_chain_is_refused_by_name() {
    let dense = || Chain::new().dense("Gemm", 2, &WEIGHT, None);
    let norm = Kind::Norm(Norm {
        form: NormForm::Batch,
        gamma: Vec::new(),
        beta: Vec::new(),
    });
    let mut residual = dense().node("Add", Kind::Add).doctors();
    residual.nodes[1].inputs.push(ValueId(0));
    let mut two_inputs = dense().doctors();
    two_inputs.inputs.push(two_inputs.inputs[0].clone());
    let mut detached = dense().doctors();
    detached.outputs[0].value = ValueId(77);
    let cases = [
        (
            dense().node("BatchNormalization", norm).doctors(),
            "`/2/BatchNormalization`",
        ),
        (residual, "`/2/Add` (Add): two computed values are added"),
        (dense().node("Mul", Kind::Affine).doctors(), "`/2/Mul`"),
        (dense().node("Add", Kind::Affine).doctors(), "`/2/Add`"),
        (
            dense().node("Transpose", Kind::View).doctors(),
            "`/2/Transpose`",
        ),
        (
            dense()
                .named("gelu", Role::Hidden)
                .dense("Gemm", 1, &[1.0; 2], None)
                .doctors(),
            "act.0: `gelu`",
        ),
        (two_inputs, "2 inputs"),
        (detached, "does not come from the input"),
        (Chain::new().doctors(), "a network without layers"),
        (
            Chain::new().named("relu", Role::Hidden).doctors(),
            "no dense layer",
        ),
        (
            dense().dense("Gemm", 1, &[1.0; 3], None).doctors(),
            "inputs of layer 2",
        ),
    ];
    for (network, part) in cases {
        let error = Network::of(&network).expect_err(part).to_string();
        assert!(error.contains(part), "{part}: {error}");
    }
}
