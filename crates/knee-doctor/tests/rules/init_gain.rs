use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};
use knee_doctor::network::{Kind, Norm, NormForm, ValueId};
use knee_doctor::{Finding, Network, Options, Severity};

use crate::support::mlp::{Data, observe};
use crate::support::random::Random;
use crate::support::{Builder, ask, checked, needs};

const SLUG: &str = "init-gain";

fn at_init() -> Options {
    Options {
        at_init: true,
        ..Options::default()
    }
}

/// Layers of 64 units whose weights have standard deviation `gain / sqrt(fan_in)`, run on normal
/// inputs.
fn findings_of(function: &str, gain: f64, sites: usize) -> Vec<Finding> {
    let mut builder = Builder::new();
    for _ in 0..sites {
        builder = builder.dense(64, 64, gain).hidden(function, 64);
    }
    let network = builder.dense(64, 64, 1.0).build();
    let x = Random::new(2).normals(64 * 200);
    let data = Data {
        x,
        width: 64,
        classes: vec![0; 200],
    };
    let evidence = observe(&network, &data, 200);
    checked(ask(SLUG, &network, Some(&evidence), at_init()))
}

/// Evidence of what enters and leaves a network alone: standard deviations of the watched values.
fn signals(network: &Network, values: &[(usize, f64)]) -> Evidence {
    let mut recorder = Recorder::new(network, RecorderOptions::default());
    for &(value, sd) in values {
        // Two values about 0 have this standard deviation.
        let x = [sd as f32, -sd as f32];
        recorder.signal(ValueId(value), Values::F32(&x), Layout::dense(2, 1));
    }
    recorder.finish_chunk(2);
    recorder.into_evidence()
}

mod fires {
    use super::*;

    /// The default of common frameworks: one sixth of He's variance, over ten layers.
    #[test]
    fn a_deep_stack_with_framework_defaults() {
        let found = findings_of("relu", (1.0_f64 / 3.0).sqrt(), 10);
        assert_eq!((found.len(), found[0].severity), (1, Severity::Warn));
        assert!(found[0].measured.expect("a ratio") < 1e-3);
        assert!(
            found[0].fixes[0].contains("1.414 / sqrt(fan_in) (He)"),
            "{:?}",
            found[0].fixes
        );
        assert!(
            found[0].cause.contains("gain 1.414, fan_in 64"),
            "{}",
            found[0].cause
        );
    }

    #[test]
    fn weights_that_blow_up() {
        let found = findings_of("relu", 3.0, 8);
        assert_eq!(found[0].severity, Severity::Warn);
        assert!(found[0].measured.expect("a ratio") > 100.0);
    }

    #[test]
    fn one_order_of_magnitude_is_information() {
        let network = deep(6, None);
        let found = ask(
            SLUG,
            &network,
            Some(&signals(&network, &[(0, 1.0), (12, 0.05)])),
            at_init(),
        );
        assert_eq!(checked(found)[0].severity, Severity::Info);
    }
}

/// Six sites, with a normaliser after the given one.
fn deep(sites: usize, norm_after: Option<usize>) -> Network {
    let mut builder = Builder::new();
    for site in 0..sites {
        builder = builder.dense(1, 1, 1.0).hidden("relu", 1);
        if norm_after == Some(site) {
            let norm = Norm {
                form: NormForm::Layer,
                gamma: vec![1.0],
                beta: vec![0.0],
            };
            builder = builder.node("LayerNormalization", Kind::Norm(norm));
        }
    }
    builder.dense(1, 1, 1.0).build()
}

mod silent {
    use super::*;

    #[test]
    fn the_exact_gain() {
        for name in ["relu", "gelu", "tanh", "silu"] {
            let gain = knee::Function::parse(name).expect("a function").gain();
            let found = findings_of(name, gain, 8);
            assert!(
                found.iter().all(|f| f.severity < Severity::Warn),
                "{name}: {found:?}"
            );
        }
    }

    #[test]
    fn a_shallow_stack_with_framework_defaults() {
        assert_eq!(findings_of("relu", (1.0_f64 / 3.0).sqrt(), 3), []);
    }

    /// Classifiers start with small weights in the last layer, or with none.
    #[test]
    fn a_small_or_empty_last_layer() {
        let network = deep(6, None);
        for logits in [1e-9, 0.0] {
            let evidence = signals(&network, &[(0, 1.0), (12, 0.8), (13, logits)]);
            assert_eq!(checked(ask(SLUG, &network, Some(&evidence), at_init())), []);
        }
    }

    #[test]
    fn a_normaliser_begins_a_new_stretch() {
        // The signal fades to 0.02 before the normaliser and to 0.02 of its result after it.
        let network = deep(8, Some(3));
        let norm = network
            .nodes
            .iter()
            .position(|n| matches!(n.kind, Kind::Norm(_)))
            .expect("norm");
        let (before, after) = (
            network.nodes[norm].inputs[0].0,
            network.nodes[norm].outputs[0].0,
        );
        let end = network.nodes.last().expect("the last layer").inputs[0].0;
        let evidence = signals(
            &network,
            &[(0, 1.0), (before, 0.02), (after, 1.0), (end, 0.02)],
        );
        assert_eq!(checked(ask(SLUG, &network, Some(&evidence), at_init())), []);
    }
}

#[test]
fn trained_weights_are_not_checked() {
    let network = deep(6, None);
    let evidence = signals(&network, &[(0, 1.0), (12, 1e-9)]);
    assert_eq!(
        needs(SLUG, &network, Some(&evidence), Options::default()),
        "--at-init"
    );
    assert_eq!(needs(SLUG, &network, None, at_init()), "--input");
    let nothing = signals(&network, &[]);
    assert!(needs(SLUG, &network, Some(&nothing), at_init()).contains("two inputs"));
}
