use knee_doctor::evidence::Evidence;
use knee_doctor::network::{Kind, Role};
use knee_doctor::{Network, Options, Severity};

use crate::support::random::Random;
use crate::support::{Builder, element, findings, needs, one_site, seen_at};

const SLUG: &str = "saturated-units";

/// Pre-activations of standard deviation `sd`, of both signs.
fn spread(network: &Network, sd: f64) -> Evidence {
    let mut random = Random::new(5);
    seen_at(network, 0, 500, 20, |_, _| (sd * random.normal()) as f32)
}

mod fires {
    use super::*;

    #[test]
    fn every_squashing_function() {
        for name in ["tanh", "sigmoid", "hard_tanh", "hard_sigmoid", "erf"] {
            let network = one_site(name, 20);
            let found = findings(SLUG, &network, Some(&spread(&network, 50.0)));
            assert_eq!(found.len(), 1, "{name}");
            assert_eq!(found[0].severity, Severity::Warn);
            assert_eq!(found[0].measured, Some(1.0));
            assert_eq!(found[0].units.len(), 20);
            assert!(found[0].fixes[0].contains(name), "{:?}", found[0].fixes);
        }
    }

    #[test]
    fn more_than_half_of_the_units() {
        let network = one_site("tanh", 20);
        let by_unit = |saturated: u64| {
            let mut random = Random::new(5);
            seen_at(&network, 0, 500, 20, move |_, unit| {
                (random.normal() * if (unit as u64) < saturated { 50.0 } else { 0.5 }) as f32
            })
        };
        assert_eq!(
            findings(SLUG, &network, Some(&by_unit(11)))[0].units,
            (0..11).collect::<Vec<_>>()
        );
        assert_eq!(findings(SLUG, &network, Some(&by_unit(10))), []);
    }
}

mod silent {
    use super::*;

    #[test]
    fn a_healthy_spread() {
        for name in ["tanh", "sigmoid", "hard_tanh", "hard_sigmoid", "erf"] {
            let network = one_site(name, 20);
            assert_eq!(
                findings(SLUG, &network, Some(&spread(&network, 1.0))),
                [],
                "{name}"
            );
        }
    }

    #[test]
    fn gates_squeeze_and_excite_and_outputs() {
        for role in [Role::Gate, Role::Output] {
            let network = Builder::new()
                .dense(20, 8, 1.0)
                .site(element("sigmoid"), role, 20)
                .build();
            assert_eq!(
                findings(SLUG, &network, Some(&spread(&network, 50.0))),
                [],
                "{role:?}"
            );
        }
    }

    /// A hash layer: its codes are turned into signs, or leave the network.
    #[test]
    fn hash_layers() {
        let signs = Builder::new()
            .dense(20, 8, 1.0)
            .hidden("tanh", 20)
            .node("Sign", Kind::Other)
            .build();
        assert_eq!(findings(SLUG, &signs, Some(&spread(&signs, 50.0))), []);

        let mut codes = one_site("tanh", 20);
        let value = codes.nodes[codes.sites[0].node].outputs[0];
        let mut port = codes.outputs[0].clone();
        port.value = value;
        codes.outputs.push(port);
        assert_eq!(findings(SLUG, &codes, Some(&spread(&codes, 50.0))), []);
    }

    /// ReLU6 is flat on both sides too, but a unit that is mostly 0 is sparse and not saturated.
    #[test]
    fn a_relu_with_a_ceiling() {
        let network = one_site("relu6", 20);
        assert_eq!(findings(SLUG, &network, Some(&spread(&network, 50.0))), []);
    }

    #[test]
    fn functions_of_the_relu_family() {
        for name in ["relu", "gelu", "silu", "softplus"] {
            let network = one_site(name, 20);
            let mut random = Random::new(5);
            let evidence = seen_at(&network, 0, 500, 20, |_, _| random.normal() as f32 - 10.0);
            assert_eq!(findings(SLUG, &network, Some(&evidence)), [], "{name}");
        }
    }
}

#[test]
fn too_few_inputs_are_not_checked() {
    let network = one_site("tanh", 20);
    let evidence = seen_at(&network, 0, 100, 20, |_, _| 50.0);
    let said = needs(SLUG, &network, Some(&evidence), Options::default());
    assert_eq!(said, "at least 128 inputs; 100 were seen");
}
