use knee_doctor::network::{Form, Linear};
use knee_doctor::{Certificate, Diagnosis, Network, Options, Selection, Workbench, diagnose};

use crate::support::dense;

const SLUG: &str = "linear-collapse";

/// A workbench that answers every pair in the same way.
struct Bench(Result<Certificate, String>);

impl Workbench for Bench {
    fn fuse(&self, first: usize, second: usize) -> Result<Certificate, String> {
        assert!(first < second);
        self.0.clone()
    }
}

/// A convolution in groups, its weights all alike.
fn convolution(units: u64, channels: u64, kernel: [u64; 2], groups: u64) -> Linear {
    let fan_in = channels / groups * kernel[0] * kernel[1];
    let weight = vec![0.1; (units * fan_in) as usize];
    Linear {
        form: Form::Conv {
            kernel: kernel.to_vec(),
            groups,
        },
        ..dense(units, fan_in, weight, None)
    }
}

fn proof(max_difference: f64) -> Bench {
    Bench(Ok(Certificate {
        max_difference,
        scale: 4.0,
        parameters_saved: 1234,
    }))
}

fn ask(network: &Network, bench: Option<&Bench>) -> Diagnosis {
    let selection = Selection::new(&[SLUG], &[]).expect("a rule");
    let options = Options {
        selection,
        ..Options::default()
    };
    let diagnosis = diagnose(
        network,
        None,
        &options,
        bench.map(|bench| bench as &dyn Workbench),
    );
    assert_eq!(diagnosis.checked, [SLUG]);
    diagnosis
}

mod fires {
    use knee_doctor::Severity;
    use knee_doctor::network::Kind;

    use super::{Bench, ask, convolution, proof};
    use crate::support::Builder;

    #[test]
    fn on_two_dense_layers_with_a_certificate() {
        let network = Builder::new().dense(32, 16, 1.0).dense(8, 32, 1.0).build();
        let findings = ask(&network, Some(&proof(2e-6))).findings;
        assert_eq!(findings.len(), 1);
        let finding = &findings[0];
        assert_eq!(finding.severity, Severity::Warn);
        assert_eq!(finding.measured, Some(5e-7));
        assert_eq!(finding.site.as_deref(), Some("Gemm_1"));
        assert!(
            finding.cause.contains("Gemm_1 follows Gemm_0"),
            "{}",
            finding.cause
        );
        assert!(
            finding
                .cause
                .contains("differ by 2e-6 at most, where the largest is 4"),
            "{}",
            finding.cause
        );
        assert!(
            finding.cause.contains("1,234 parameters fewer"),
            "{}",
            finding.cause
        );
    }

    #[test]
    fn through_affine_operations_and_batch_normalisation() {
        let network = Builder::new()
            .dense(32, 16, 1.0)
            .node("Dropout", Kind::Affine)
            .batch_norm(vec![1.0; 32], vec![0.0; 32])
            .node("Reshape", Kind::View)
            .dense(8, 32, 1.0)
            .build();
        assert_eq!(ask(&network, Some(&proof(0.0))).findings.len(), 1);
    }

    #[test]
    fn on_dense_layers_that_cannot_be_run() {
        let network = Builder::new().dense(32, 16, 1.0).dense(8, 32, 1.0).build();
        for bench in [None, Some(Bench(Err("there is no input".to_owned())))] {
            let findings = ask(&network, bench.as_ref()).findings;
            assert_eq!(
                (findings.len(), findings[0].severity, findings[0].measured),
                (1, Severity::Warn, None)
            );
            assert!(
                findings[0].cause.contains("Not proven"),
                "{}",
                findings[0].cause
            );
        }
    }

    #[test]
    fn as_a_note_over_an_average_without_a_certificate() {
        let network = Builder::new()
            .dense(32, 16, 1.0)
            .node("ReduceMean", Kind::Affine)
            .dense(8, 32, 1.0)
            .build();
        let bench = Bench(Err("the shapes differ".to_owned()));
        let findings = ask(&network, Some(&bench)).findings;
        assert_eq!((findings.len(), findings[0].severity), (1, Severity::Info));
    }

    #[test]
    fn as_a_note_on_convolutions_without_a_certificate() {
        let network = Builder::new()
            .linear(convolution(16, 8, [3, 3], 1))
            .linear(convolution(16, 16, [3, 3], 1))
            .build();
        let findings = ask(&network, None).findings;
        assert_eq!((findings.len(), findings[0].severity), (1, Severity::Info));
        assert_eq!(
            ask(&network, Some(&proof(1e-6))).findings[0].severity,
            Severity::Warn
        );
    }

    #[test]
    fn once_for_each_pair_of_a_chain() {
        let network = Builder::new()
            .dense(32, 16, 1.0)
            .dense(32, 32, 1.0)
            .dense(8, 32, 1.0)
            .build();
        assert_eq!(ask(&network, Some(&proof(0.0))).findings.len(), 2);
    }
}

mod silent {
    use knee_doctor::network::{Kind, NormForm};
    use knee_doctor::{Network, network};

    use super::{ask, convolution, proof};
    use crate::support::{Builder, dense};

    #[track_caller]
    fn assert_silent(network: &Network) {
        assert_eq!(ask(network, Some(&proof(0.0))).findings, []);
        assert_eq!(ask(network, None).findings, []);
    }

    #[test]
    fn on_an_activation_in_between() {
        assert_silent(
            &Builder::new()
                .dense(32, 16, 1.0)
                .hidden("relu", 32)
                .dense(8, 32, 1.0)
                .build(),
        );
    }

    #[test]
    fn on_a_pair_that_the_proof_refutes() {
        let network = Builder::new().dense(32, 16, 1.0).dense(8, 32, 1.0).build();
        for difference in [0.5, f64::NAN, f64::INFINITY] {
            assert_eq!(
                ask(&network, Some(&proof(difference))).findings,
                [],
                "{difference}"
            );
        }
    }

    #[test]
    fn on_deliberate_low_rank() {
        // LoRA, a factorised embedding's projection, an autoencoder's linear bottleneck.
        assert_silent(&Builder::new().dense(4, 64, 1.0).dense(64, 4, 1.0).build());
        // The linear bottleneck of an inverted residual: project, normalise, expand.
        let bottleneck = Builder::new()
            .linear(convolution(16, 96, [1, 1], 1))
            .batch_norm(vec![1.0; 16], vec![0.0; 16])
            .linear(convolution(96, 16, [1, 1], 1));
        assert_silent(&bottleneck.build());
    }

    #[test]
    fn on_depthwise_separable_convolutions() {
        assert_silent(
            &Builder::new()
                .linear(convolution(8, 8, [3, 3], 8))
                .linear(convolution(32, 8, [1, 1], 1))
                .build(),
        );
        assert_silent(
            &Builder::new()
                .linear(convolution(32, 8, [1, 1], 1))
                .linear(convolution(32, 32, [3, 3], 32))
                .build(),
        );
    }

    #[test]
    fn on_kernels_across_one_another() {
        assert_silent(
            &Builder::new()
                .linear(convolution(8, 8, [1, 7], 1))
                .linear(convolution(8, 8, [7, 1], 1))
                .build(),
        );
    }

    #[test]
    fn on_a_table_of_embeddings() {
        assert_silent(
            &Builder::new()
                .node("Gather", Kind::Embedding)
                .dense(32, 16, 1.0)
                .build(),
        );
    }

    #[test]
    fn on_a_maximum_in_between() {
        let network = Builder::new()
            .dense(32, 16, 1.0)
            .node("MaxPool", Kind::MaxPool)
            .dense(8, 32, 1.0);
        assert_silent(&network.build());
    }

    #[test]
    fn on_the_projections_of_attention() {
        let builder = Builder::new();
        let x = builder.current;
        let builder = builder.dense(16, 16, 1.0);
        let query = builder.current;
        let builder = builder.from(x).dense(16, 16, 1.0);
        let key = builder.current;
        let builder = builder
            .from(query)
            .join("MatMul", Kind::MatMul, key)
            .dense(16, 16, 1.0);
        assert_silent(&builder.build());
    }

    #[test]
    fn on_tied_weights() {
        let tied = |units, fan_in| {
            let weight = vec![0.1; (units * fan_in) as usize];
            network::Linear {
                tied: true,
                ..dense(units, fan_in, weight, None)
            }
        };
        assert_silent(
            &Builder::new()
                .linear(tied(64, 32))
                .linear(tied(32, 64))
                .build(),
        );
    }

    #[test]
    fn on_a_result_that_is_read_elsewhere_too() {
        let builder = Builder::new().dense(32, 16, 1.0);
        let shared = builder.current;
        let network = builder
            .dense(32, 32, 1.0)
            .join("Add", Kind::Add, shared)
            .build();
        assert_silent(&network);
    }

    #[test]
    fn on_a_first_layer_that_is_an_output() {
        let builder = Builder::new().dense(32, 16, 1.0);
        let features = builder.current;
        let mut network = builder.dense(8, 32, 1.0).build();
        let mut port = network.outputs[0].clone();
        port.value = features;
        network.outputs.push(port);
        assert_silent(&network);
    }

    #[test]
    fn on_normalisation_that_depends_on_the_input() {
        let norm = network::Norm {
            form: NormForm::Layer,
            gamma: Vec::new(),
            beta: Vec::new(),
        };
        let network = Builder::new()
            .dense(32, 16, 1.0)
            .node("LayerNorm", Kind::Norm(norm))
            .dense(8, 32, 1.0);
        assert_silent(&network.build());
    }
}
