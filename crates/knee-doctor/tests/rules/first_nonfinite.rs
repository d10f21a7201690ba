use knee::RowFunction;
use knee_doctor::evidence::{Cause, Evidence, NonFinite, Recorder, RecorderOptions};
use knee_doctor::network::{Kind, Role, SiteFunction};
use knee_doctor::{Network, Options, Severity};

use crate::support::{Builder, dense, findings, needs, one_site};

const SLUG: &str = "first-nonfinite";

fn seen(network: &Network, nodes: &[(usize, NonFinite)]) -> Evidence {
    let mut recorder = Recorder::new(network, RecorderOptions::default());
    for (node, what) in nodes {
        recorder.nonfinite(*node, what);
    }
    recorder.finish_chunk(10);
    recorder.into_evidence()
}

fn made(cause: Cause, nan: u64, positive: u64, negative: u64) -> NonFinite {
    NonFinite {
        cause,
        nan,
        positive,
        negative,
        inputs: 3,
    }
}

/// A mask that is added to the scores before a softmax.
fn masked(last: Kind) -> Network {
    let softmax = SiteFunction::Rows {
        function: RowFunction::parse("softmax").expect("a function"),
        axis: -1,
        length: None,
    };
    let builder = Builder::new();
    let x = builder.current;
    let builder = builder.node("Where", Kind::Other);
    let mask = builder.current;
    let builder = builder
        .from(x)
        .dense(4, 4, 1.0)
        .join("Add", Kind::Add, mask);
    match last {
        Kind::Activation(_) => builder.site(softmax, Role::Attention, 4).build(),
        other => builder.node("Last", other).build(),
    }
}

mod fires {
    use super::*;

    #[test]
    fn the_first_node_with_its_cause() {
        let network = one_site("exp", 4);
        let overflow = made(Cause::ExpOverflow, 0, 5, 0);
        let later = made(Cause::Unknown, 7, 0, 0);
        let evidence = seen(&network, &[(2, later), (1, overflow)]);
        let found = findings(SLUG, &network, Some(&evidence));
        assert_eq!((found.len(), found[0].severity), (1, Severity::Error));
        assert_eq!(found[0].site.as_deref(), Some("Activation_1"));
        assert_eq!((found[0].measured, found[0].samples), (Some(5.0), 10));
        assert!(
            found[0]
                .cause
                .contains("an exponential beyond the largest number")
        );
        assert!(found[0].cause.contains("on 3 of 10 inputs"));
        assert!(found[0].fixes[0].contains("subtract the maximum"));
    }

    #[test]
    fn broken_weights_without_any_input() {
        let weight = vec![1.0, f32::NAN, 2.0, f32::INFINITY];
        let network = Builder::new()
            .linear(dense(2, 2, weight, None))
            .hidden("relu", 2)
            .build();
        let found = findings(SLUG, &network, None);
        assert_eq!(
            (found[0].severity, found[0].measured),
            (Severity::Error, Some(2.0))
        );
        assert!(found[0].cause.contains("2 of the 4 stored weights"));
    }

    #[test]
    fn nan_in_the_data() {
        let network = one_site("relu", 4);
        let evidence = seen(&network, &[(0, made(Cause::Input, 4, 0, 0))]);
        let found = findings(SLUG, &network, Some(&evidence));
        assert!(found[0].cause.contains("the data has it"));
        assert!(found[0].fixes[0].contains("clean the data"));
    }

    #[test]
    fn minus_infinity_that_reaches_something_else_than_a_softmax() {
        let network = masked(Kind::MatMul);
        let evidence = seen(&network, &[(0, made(Cause::Constant, 0, 0, 4))]);
        assert_eq!(findings(SLUG, &network, Some(&evidence)).len(), 1);
    }

    #[test]
    fn a_logarithm_of_zero_before_a_softmax() {
        let network = masked(Kind::Activation(0));
        let evidence = seen(&network, &[(0, made(Cause::LogOfZero, 0, 0, 4))]);
        assert_eq!(findings(SLUG, &network, Some(&evidence)).len(), 1);
    }
}

mod silent {
    use super::*;

    #[test]
    fn finite_values() {
        let network = one_site("relu", 4);
        assert_eq!(findings(SLUG, &network, Some(&seen(&network, &[]))), []);
    }

    #[test]
    fn minus_infinity_in_an_attention_mask() {
        let network = masked(Kind::Activation(0));
        let mask = made(Cause::Constant, 0, 0, 4);
        let evidence = seen(&network, &[(0, mask.clone()), (2, mask)]);
        assert_eq!(findings(SLUG, &network, Some(&evidence)), []);
    }
}

#[test]
fn without_values_it_is_not_checked() {
    let network = one_site("relu", 4);
    assert_eq!(needs(SLUG, &network, None, Options::default()), "--input");
    let why = "a run: operator Foo of node bar is not supported".to_owned();
    let options = Options {
        no_values: Some(why.clone()),
        ..Options::default()
    };
    assert_eq!(needs(SLUG, &network, None, options), why);
}
