use knee_doctor::Network;
use knee_doctor::evidence::{Evidence, Recorder, RecorderOptions};

use crate::support::record_at;

const SLUG: &str = "hidden-squash";

/// Pre-activations of 4 units on 200 inputs, spread by so much at every site.
fn spread(network: &Network, sd: f64) -> Evidence {
    let mut recorder = Recorder::new(network, RecorderOptions::default());
    let mut random = crate::support::random::Random::new(11);
    for (index, site) in network.sites.iter().enumerate() {
        if site.function.element().is_some() {
            record_at(&mut recorder, network, index, (200, 4), |_, _| {
                (sd * random.normal()) as f32
            });
        }
    }
    recorder.finish_chunk(200);
    recorder.into_evidence()
}

mod fires {
    use knee_doctor::Severity;
    use knee_doctor::network::Role;

    use super::{SLUG, spread};
    use crate::entering::{body, log_softmax, softmax};
    use crate::support::{chain, findings, gradients};

    #[test]
    fn on_softmax_between_layers() {
        for function in [softmax(4), log_softmax(4)] {
            let network = body(4)
                .site(function, Role::Hidden, 4)
                .dense(4, 4, 1.0)
                .build();
            let found = findings(SLUG, &network, None);
            assert_eq!(
                (found.len(), found[0].severity, found[0].role),
                (1, Severity::Warn, Some(Role::Hidden))
            );
        }
    }

    #[test]
    fn on_three_saturated_functions_in_a_row() {
        for function in ["tanh", "sigmoid", "hard_tanh", "erf"] {
            let network = chain(function, 3);
            let found = findings(SLUG, &network, Some(&spread(&network, 40.0)));
            assert_eq!(found.len(), 1, "{function}");
            assert_eq!((found[0].severity, found[0].samples), (Severity::Warn, 200));
            assert!(
                found[0].cause.contains("3 sites in a row"),
                "{}",
                found[0].cause
            );
        }
    }

    #[test]
    fn on_a_gradient_that_falls_at_every_layer() {
        let network = chain("sigmoid", 5);
        let norms = [1e-4, 1e-3, 1e-2, 1e-1, 1.0];
        let found = findings(SLUG, &network, Some(&gradients(&network, 200, &norms)));
        assert_eq!(found.len(), 1);
        assert!((found[0].measured.expect("a number") - 0.1).abs() < 1e-9);
        assert!(
            found[0].cause.contains("falls to 0.1 of itself per layer"),
            "{}",
            found[0].cause
        );
    }
}

mod silent {
    use knee_doctor::Options;
    use knee_doctor::network::{Kind, Norm, NormForm, Role};

    use super::{SLUG, spread};
    use crate::entering::{body, softmax};
    use crate::support::{Builder, chain, element, findings, gradients, needs};

    #[test]
    fn on_attention_routers_and_gates() {
        for role in [
            Role::Attention,
            Role::Router,
            Role::Gate,
            Role::Output,
            Role::Target,
        ] {
            let network = body(4).site(softmax(4), role, 4).dense(4, 4, 1.0).build();
            assert_eq!(findings(SLUG, &network, None), [], "{role:?}");
        }
    }

    #[test]
    fn on_the_gates_of_recurrent_layers() {
        let mut builder = Builder::new();
        for _ in 0..4 {
            builder = builder
                .dense(4, 4, 1.0)
                .site(element("sigmoid"), Role::Gate, 4);
        }
        let network = builder.build();
        assert_eq!(findings(SLUG, &network, Some(&spread(&network, 40.0))), []);
    }

    #[test]
    fn on_sine_networks() {
        let network = chain("sine", 6);
        assert_eq!(findings(SLUG, &network, Some(&spread(&network, 30.0))), []);
    }

    #[test]
    fn on_shallow_and_on_well_scaled_tanh_networks() {
        let shallow = chain("tanh", 2);
        assert_eq!(findings(SLUG, &shallow, Some(&spread(&shallow, 40.0))), []);
        let deep = chain("tanh", 8);
        assert_eq!(findings(SLUG, &deep, Some(&spread(&deep, 1.0))), []);
        let steady = [0.8, 0.9, 0.9, 1.0, 1.0, 1.1, 1.0, 1.0];
        assert_eq!(
            findings(SLUG, &deep, Some(&gradients(&deep, 200, &steady))),
            []
        );
    }

    #[test]
    fn on_a_relu_with_a_ceiling() {
        let network = chain("relu6", 6);
        assert_eq!(findings(SLUG, &network, Some(&spread(&network, 200.0))), []);
    }

    #[test]
    fn on_normalisation_or_a_residual_connection_in_between() {
        let mut builder = Builder::new();
        for _ in 0..4 {
            let norm = Norm {
                form: NormForm::Layer,
                gamma: Vec::new(),
                beta: Vec::new(),
            };
            builder = builder
                .dense(4, 4, 1.0)
                .node("LayerNorm", Kind::Norm(norm))
                .hidden("tanh", 4);
        }
        let network = builder.build();
        assert_eq!(findings(SLUG, &network, Some(&spread(&network, 40.0))), []);

        let mut builder = Builder::new();
        for _ in 0..4 {
            let skip = builder.current;
            builder = builder
                .dense(4, 4, 1.0)
                .hidden("tanh", 4)
                .join("Add", Kind::Add, skip);
        }
        let network = builder.build();
        assert_eq!(findings(SLUG, &network, Some(&spread(&network, 40.0))), []);
    }

    #[test]
    fn inside_a_residual_branch() {
        let mut builder = Builder::new();
        for _ in 0..4 {
            builder = builder
                .dense(4, 4, 1.0)
                .hidden("tanh", 4)
                .edit_site(|site| site.residual_branch = true);
        }
        let network = builder.build();
        assert_eq!(findings(SLUG, &network, Some(&spread(&network, 40.0))), []);
    }

    #[test]
    fn but_not_checked_without_inputs() {
        let network = chain("tanh", 5);
        assert_eq!(needs(SLUG, &network, None, Options::default()), "--input");
        // With nothing to suspect there is nothing to measure.
        assert_eq!(findings(SLUG, &chain("relu", 5), None), []);
    }
}
