use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};
use knee_doctor::network::{Role, SiteFunction};
use knee_doctor::{Network, Options, Severity};

use crate::support::random::Random;
use crate::support::{Builder, ask, checked, element, findings, needs, one_site, seen_at};

const SLUG: &str = "dead-units";

/// Normal pre-activations, but `dead` units of 100 far below zero.
fn with_dead(network: &Network, inputs: usize, dead: usize) -> Evidence {
    let mut random = Random::new(5);
    seen_at(network, 0, inputs, 100, |_, unit| {
        let z = random.normal() as f32;
        if unit < dead { z - 30.0 } else { z }
    })
}

mod fires {
    use super::*;

    #[test]
    fn levels_follow_the_share() {
        let network = one_site("relu", 100);
        for (dead, severity, threshold) in [
            (5, Severity::Info, 0.01),
            (10, Severity::Warn, 0.10),
            (29, Severity::Warn, 0.10),
            (30, Severity::Error, 0.30),
        ] {
            let found = findings(SLUG, &network, Some(&with_dead(&network, 1000, dead)));
            let [finding] = found.as_slice() else {
                panic!("{found:?}")
            };
            assert_eq!(finding.severity, severity, "{dead}");
            assert_eq!(finding.threshold, Some(threshold));
            assert_eq!(finding.measured, Some(dead as f64 / 100.0));
            assert_eq!(finding.units, (0..dead as u64).collect::<Vec<_>>());
            assert_eq!((finding.samples, finding.bound), (1000, Some(0.003)));
            assert_eq!(finding.site.as_deref(), Some("Activation_1"));
            assert!(finding.histogram.is_some());
        }
    }

    #[test]
    fn the_fix_names_the_function_and_its_gain() {
        let network = one_site("gelu", 100);
        let found = findings(SLUG, &network, Some(&with_dead(&network, 1000, 40)));
        let fixes = found[0].fixes.join("\n");
        let gain = knee::Function::parse("gelu").expect("a function").gain();
        assert!(fixes.contains("before gelu"), "{fixes}");
        assert!(
            fixes.contains(&format!("{gain:.3} / sqrt(fan_in)")),
            "{fixes}"
        );
        assert!(found[0].recheck.ends_with("--only dead-units"));
    }

    /// Every function with a flat end, by its slope and not by its name.
    #[test]
    fn any_function_with_a_flat_end() {
        for name in [
            "relu",
            "relu6",
            "tanh",
            "sigmoid",
            "gelu",
            "silu",
            "hard_swish",
            "mish",
            "elu",
            "erf",
        ] {
            let network = one_site(name, 100);
            let found = findings(SLUG, &network, Some(&with_dead(&network, 1000, 40)));
            assert_eq!(found.len(), 1, "{name}");
            assert_eq!(found[0].severity, Severity::Error, "{name}");
        }
    }

    #[test]
    fn biases_that_hold_units_down_are_named() {
        let mut network = one_site("relu", 100);
        let knee_doctor::network::Kind::Linear(linear) = &mut network.nodes[0].kind else {
            panic!()
        };
        linear.bias = Some((0..100).map(|u| if u < 40 { -30.0 } else { 0.0 }).collect());
        let found = findings(SLUG, &network, Some(&with_dead(&network, 1000, 40)));
        assert!(
            found[0].cause.contains("biases are -30"),
            "{}",
            found[0].cause
        );
        assert!(found[0].fixes[0].contains("biases"));
    }

    #[test]
    fn few_inputs_are_at_most_a_warning() {
        let network = one_site("relu", 100);
        let found = findings(SLUG, &network, Some(&with_dead(&network, 999, 60)));
        assert_eq!(found[0].severity, Severity::Warn);
        assert!(found[0].cause.contains("are quiet"), "{}", found[0].cause);
    }

    #[test]
    fn few_units_are_information() {
        let network = one_site("relu", 10);
        let evidence = seen_at(
            &network,
            0,
            1000,
            10,
            |_, unit| if unit < 3 { -1.0 } else { 1.0 },
        );
        let found = findings(SLUG, &network, Some(&evidence));
        assert_eq!(found[0].severity, Severity::Info);
    }
}

mod silent {
    use super::*;

    #[test]
    fn half_of_the_activations_zero() {
        let network = one_site("relu", 100);
        let evidence = with_dead(&network, 1000, 0);
        let zeros = evidence.site(0).expect("seen").zeros().expect("outputs");
        assert!((zeros - 0.5).abs() < 0.02);
        assert_eq!(findings(SLUG, &network, Some(&evidence)), []);
    }

    /// T5's feed-forward layers: 97 % of all activations are zero, and no unit is dead.
    #[test]
    fn almost_all_activations_zero() {
        let network = one_site("relu", 100);
        let mut random = Random::new(9);
        let evidence = seen_at(&network, 0, 1000, 100, |_, _| {
            (random.normal() - 1.88) as f32
        });
        let zeros = evidence.site(0).expect("seen").zeros().expect("outputs");
        assert!(zeros > 0.96);
        assert_eq!(findings(SLUG, &network, Some(&evidence)), []);
    }

    /// Units that fire for a rare class: many are silent by chance, which the units that fired
    /// once or twice tell.
    #[test]
    fn rare_class_units() {
        let network = one_site("relu", 400);
        let mut random = Random::new(11);
        let evidence = seen_at(&network, 0, 1000, 400, |_, _| {
            if random.uniform() < 1.0 / 1000.0 {
                1.0
            } else {
                -1.0
            }
        });
        let silent = evidence
            .site(0)
            .expect("seen")
            .units()
            .iter()
            .filter(|u| u.alive == Some(0))
            .count();
        assert!(silent > 100, "{silent} silent by chance");
        let found = findings(SLUG, &network, Some(&evidence));
        assert!(
            found.iter().all(|f| f.severity < Severity::Error),
            "{found:?}"
        );
        let dead = found.first().and_then(|f| f.measured).unwrap_or(0.0);
        assert!(dead < 0.10, "{dead} judged dead, {silent} of 400 silent");
    }

    #[test]
    fn gates_and_outputs() {
        for role in [
            Role::Gate,
            Role::Output,
            Role::Attention,
            Role::Router,
            Role::Target,
        ] {
            let network = Builder::new()
                .dense(100, 8, 1.0)
                .site(element("sigmoid"), role, 100)
                .build();
            let evidence = seen_at(&network, 0, 1000, 100, |_, _| -50.0);
            assert_eq!(findings(SLUG, &network, Some(&evidence)), [], "{role:?}");
        }
    }

    #[test]
    fn a_leaky_slope_is_alive() {
        let network = one_site("leaky_relu(negative_slope=0.01)", 100);
        assert_eq!(
            findings(SLUG, &network, Some(&with_dead(&network, 1000, 60))),
            []
        );
        let prelu = SiteFunction::Prelu {
            slopes: vec![0.25; 100],
        };
        let network = Builder::new()
            .dense(100, 8, 1.0)
            .site(prelu, Role::Hidden, 100)
            .build();
        assert_eq!(
            findings(SLUG, &network, Some(&with_dead(&network, 1000, 60))),
            []
        );
    }

    /// One position of a feature map is enough.
    #[test]
    fn alive_at_one_pixel() {
        let network = one_site("relu", 4);
        let layout = Layout::channels(1000, 4, 49);
        let z: Vec<f32> = (0..layout.len())
            .map(|k| if k % 49 == 48 { 1.0 } else { -1.0 })
            .collect();
        let a: Vec<f32> = z.iter().map(|z| z.max(0.0)).collect();
        let mut recorder = Recorder::new(&network, RecorderOptions::default());
        recorder.site(0, Values::F32(&z), Values::F32(&a), layout);
        recorder.finish_chunk(1000);
        assert_eq!(
            findings(SLUG, &network, Some(&recorder.into_evidence())),
            []
        );
    }
}

#[test]
fn too_few_inputs_are_not_checked() {
    let network = one_site("relu", 100);
    let evidence = with_dead(&network, 127, 60);
    let said = needs(SLUG, &network, Some(&evidence), Options::default());
    assert_eq!(said, "at least 128 inputs; 127 were seen");
    assert_eq!(needs(SLUG, &network, None, Options::default()), "--input");
}

#[test]
fn a_setting_moves_the_threshold() {
    let network = one_site("relu", 100);
    let mut options = Options::default();
    options
        .settings
        .set("dead-units.error=0.15")
        .expect("a setting");
    let evidence = with_dead(&network, 1000, 20);
    assert_eq!(
        checked(ask(SLUG, &network, Some(&evidence), options))[0].severity,
        Severity::Error
    );
}
