use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};
use knee_doctor::network::{Kind, Norm, NormForm, ValueId};
use knee_doctor::{Network, Options, Severity};

use crate::support::random::Random;
use crate::support::{Builder, ask, checked, dense, findings, needs, one_site, record_at, seen_at};

const SLUG: &str = "dead-layer";

fn all_dead(network: &Network, inputs: usize) -> Evidence {
    let mut random = Random::new(5);
    seen_at(network, 0, inputs, 20, |_, _| random.normal() as f32 - 20.0)
}

/// A dense layer of zeros before a tanh.
fn zero_layer() -> Network {
    let zero = dense(20, 8, vec![0.0; 160], Some(vec![0.5; 20]));
    Builder::new()
        .linear(zero)
        .hidden("tanh", 20)
        .dense(2, 20, 1.0)
        .build()
}

mod fires {
    use super::*;

    #[test]
    fn every_unit_dead() {
        let network = one_site("relu", 20);
        let found = findings(SLUG, &network, Some(&all_dead(&network, 1000)));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].severity, found[0].measured),
            (Severity::Error, Some(1.0))
        );
        assert_eq!(found[0].units.len(), 20);
        // The same layer is not reported twice.
        assert_eq!(
            findings("dead-units", &network, Some(&all_dead(&network, 1000))),
            []
        );
    }

    #[test]
    fn output_the_same_on_every_input() {
        let network = one_site("tanh", 20);
        let evidence = seen_at(&network, 0, 1000, 20, |_, unit| unit as f32 / 20.0);
        let found = findings(SLUG, &network, Some(&evidence));
        assert_eq!(
            (found[0].severity, found[0].measured),
            (Severity::Error, Some(0.0))
        );
        assert!(
            found[0]
                .cause
                .contains("the same output on all 1000 inputs")
        );
    }

    #[test]
    fn few_inputs_are_at_most_a_warning() {
        let network = one_site("relu", 20);
        let found = findings(SLUG, &network, Some(&all_dead(&network, 200)));
        assert_eq!(found[0].severity, Severity::Warn);
    }

    #[test]
    fn the_gradient_is_named_when_it_is_zero() {
        let network = one_site("relu", 20);
        let mut recorder = Recorder::new(&network, RecorderOptions::default());
        record_at(&mut recorder, &network, 0, (1000, 20), |_, _| -1.0);
        recorder.site_gradient(0, Values::F32(&vec![0.0; 20_000]), Layout::dense(1000, 20));
        recorder.finish_chunk(1000);
        let found = findings(SLUG, &network, Some(&recorder.into_evidence()));
        assert!(
            found[0].cause.contains("exactly 0 on every input"),
            "{}",
            found[0].cause
        );
    }
}

mod silent {
    use super::*;

    #[test]
    fn a_layer_that_varies() {
        let network = one_site("relu", 20);
        let mut random = Random::new(5);
        let evidence = seen_at(&network, 0, 1000, 20, |_, _| random.normal() as f32);
        assert_eq!(findings(SLUG, &network, Some(&evidence)), []);
    }

    /// A frozen layer, or one that was pruned to zero, is information.
    #[test]
    fn frozen_or_pruned_is_information() {
        let mut frozen = one_site("relu", 20);
        let Kind::Linear(linear) = &mut frozen.nodes[0].kind else {
            panic!()
        };
        linear.trainable = false;
        let found = findings(SLUG, &frozen, Some(&all_dead(&frozen, 1000)));
        assert_eq!(found[0].severity, Severity::Info);

        let pruned = zero_layer();
        let evidence = seen_at(&pruned, 0, 1000, 20, |_, _| 0.5);
        let found = findings(SLUG, &pruned, Some(&evidence));
        assert_eq!(found[0].severity, Severity::Info);
        assert!(found[0].cause.contains("it may be meant"));
    }

    #[test]
    fn a_branch_that_starts_at_zero() {
        let network = zero_layer();
        let evidence = seen_at(&network, 0, 1000, 20, |_, _| 0.5);
        let options = Options {
            at_init: true,
            ..Options::default()
        };
        assert_eq!(checked(ask(SLUG, &network, Some(&evidence), options)), []);
    }

    #[test]
    fn a_norm_that_starts_at_zero() {
        let norm = Norm {
            form: NormForm::Batch,
            gamma: vec![0.0; 20],
            beta: vec![0.0; 20],
        };
        let network = Builder::new()
            .dense(20, 8, 1.0)
            .node("BatchNormalization", Kind::Norm(norm))
            .hidden("relu", 20)
            .dense(2, 20, 1.0)
            .build();
        let evidence = seen_at(&network, 0, 1000, 20, |_, _| 0.0);
        let options = Options {
            at_init: true,
            ..Options::default()
        };
        assert_eq!(checked(ask(SLUG, &network, Some(&evidence), options)), []);
    }

    /// A small network on constants (relative positions) gives constants by design.
    #[test]
    fn a_site_that_no_input_reaches() {
        let network = Builder::new()
            .from(ValueId(100))
            .dense(20, 8, 1.0)
            .hidden("relu", 20)
            .dense(2, 20, 1.0)
            .build();
        let evidence = seen_at(&network, 0, 1000, 20, |_, unit| unit as f32);
        assert_eq!(findings(SLUG, &network, Some(&evidence)), []);
    }
}

#[test]
fn inputs_that_are_all_the_same_are_not_checked() {
    let network = one_site("relu", 20);
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    record_at(&mut recorder, &network, 0, (1000, 20), |_, _| 0.5);
    recorder.signal(
        ValueId(0),
        Values::F32(&vec![1.0; 8000]),
        Layout::dense(1000, 8),
    );
    recorder.finish_chunk(1000);
    let evidence = recorder.into_evidence();
    let said = needs(SLUG, &network, Some(&evidence), Options::default());
    assert_eq!(said, "inputs that differ from one another");
}
