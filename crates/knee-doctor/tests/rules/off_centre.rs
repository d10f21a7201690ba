use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};
use knee_doctor::network::{Role, ValueId};
use knee_doctor::{Network, Options, Severity};

use crate::support::random::Random;
use crate::support::{Builder, dense, element, findings, needs, record_at};

const SLUG: &str = "off-centre";

/// Two hidden sites; the second is the one that is judged.
fn network(function: &str) -> Network {
    Builder::new()
        .dense(20, 8, 1.0)
        .hidden("relu", 20)
        .dense(20, 20, 1.0)
        .hidden(function, 20)
        .dense(2, 20, 1.0)
        .build()
}

/// Pre-activations about `mean` with standard deviation 1 in some units and about 0 in the rest.
fn about(network: &Network, site: usize, mean: f32, off: usize, input: Option<f32>) -> Evidence {
    let mut recorder = Recorder::new(network, RecorderOptions::default());
    let mut random = Random::new(5);
    record_at(&mut recorder, network, site, (1000, 20), |_, unit| {
        random.normal() as f32 + if unit < off { mean } else { 0.0 }
    });
    if let Some(shift) = input {
        let x: Vec<f32> = (0..8000).map(|_| random.uniform() as f32 + shift).collect();
        recorder.signal(ValueId(0), Values::F32(&x), Layout::dense(1000, 8));
    }
    recorder.finish_chunk(1000);
    recorder.into_evidence()
}

mod fires {
    use super::*;

    #[test]
    fn most_units_far_from_zero() {
        let network = network("relu");
        let found = findings(SLUG, &network, Some(&about(&network, 1, 4.0, 12, None)));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].severity, found[0].measured),
            (Severity::Info, Some(0.6))
        );
        assert_eq!(found[0].units, (0..12).collect::<Vec<_>>());
    }

    #[test]
    fn with_dead_units_it_is_a_warning() {
        let network = network("relu");
        let found = findings(SLUG, &network, Some(&about(&network, 1, -20.0, 12, None)));
        assert_eq!(found[0].severity, Severity::Warn);
        assert!(
            found[0]
                .cause
                .contains("12 units of the same site never fired")
        );
    }

    #[test]
    fn with_saturated_units_it_is_a_warning() {
        let network = network("tanh");
        let found = findings(SLUG, &network, Some(&about(&network, 1, 4.0, 12, None)));
        assert_eq!(found[0].severity, Severity::Warn);
        assert!(found[0].cause.contains("saturated"));
    }

    #[test]
    fn a_first_layer_on_inputs_of_both_signs() {
        let network = network("relu");
        let evidence = about(&network, 0, 4.0, 12, Some(-0.5));
        assert_eq!(findings(SLUG, &network, Some(&evidence)).len(), 1);
    }
}

mod silent {
    use super::*;

    #[test]
    fn centred() {
        let network = network("relu");
        assert_eq!(
            findings(SLUG, &network, Some(&about(&network, 1, 0.0, 20, None))),
            []
        );
    }

    #[test]
    fn half_of_the_units() {
        let network = network("relu");
        assert_eq!(
            findings(SLUG, &network, Some(&about(&network, 1, 4.0, 10, None))),
            []
        );
    }

    #[test]
    fn a_first_layer_on_non_negative_inputs() {
        let network = network("relu");
        let pixels = about(&network, 0, 4.0, 20, Some(0.0));
        assert_eq!(findings(SLUG, &network, Some(&pixels)), []);
        let unknown = about(&network, 0, 4.0, 20, None);
        assert_eq!(findings(SLUG, &network, Some(&unknown)), []);
    }

    #[test]
    fn gates_and_outputs() {
        for role in [Role::Gate, Role::Output] {
            let network = Builder::new()
                .dense(20, 8, 1.0)
                .site(element("sigmoid"), role, 20)
                .build();
            let evidence = about(&network, 0, 9.0, 20, Some(-0.5));
            assert_eq!(findings(SLUG, &network, Some(&evidence)), [], "{role:?}");
        }
    }

    #[test]
    fn a_layer_of_zeros() {
        let network = Builder::new()
            .linear(dense(20, 8, vec![0.0; 160], Some(vec![1.0; 20])))
            .hidden("relu", 20)
            .build();
        let evidence = about(&network, 0, 9.0, 20, Some(-0.5));
        assert_eq!(findings(SLUG, &network, Some(&evidence)), []);
    }
}

#[test]
fn without_values_it_is_not_checked() {
    assert_eq!(
        needs(SLUG, &network("relu"), None, Options::default()),
        "--input"
    );
}
