use knee_doctor::network::{Kind, Norm, NormForm, Role};
use knee_doctor::{Network, Options, Severity};

use crate::support::{Builder, ask, checked, element, findings, needs, one_site, seen_at};

const SLUG: &str = "dead-by-norm";

/// A batch normalisation with scale 1 before a function, at 49 positions per input.
fn after_norm(function: &str, gamma: f32, beta: &[f32]) -> Network {
    let units = beta.len() as u64;
    Builder::new()
        .dense(units, 8, 1.0)
        .batch_norm(vec![gamma; beta.len()], beta.to_vec())
        .hidden(function, units)
        .edit_site(|site| site.positions = Some(49))
        .dense(2, units, 1.0)
        .build()
}

mod fires {
    use super::*;

    /// 49 positions: Phi(-4) * 49 = 0.0016 stays, Phi(-4.25) * 49 = 0.00052 is predicted dead.
    #[test]
    fn by_the_normal_tail_and_the_positions() {
        let network = after_norm("relu", 1.0, &[-4.0, -4.25, -5.0, -6.0, -50.0, 0.0]);
        let found = findings(SLUG, &network, None);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].units, [1, 2, 3, 4]);
        assert_eq!((found[0].severity, found[0].samples), (Severity::Warn, 0));
        let measured = found[0].measured.expect("a number");
        assert!(
            (measured - 49.0 * 1.068852577493443e-05).abs() < 1e-15,
            "{measured:e}"
        );
        assert!(found[0].cause.contains("predicted dead"));
        assert!(found[0].cause.contains("No values were seen"));
    }

    #[test]
    fn where_the_flat_part_ends_elsewhere() {
        let network = after_norm("hard_swish", 1.0, &[-4.2, -7.3, -7.3, -7.3, -7.3]);
        assert_eq!(findings(SLUG, &network, None)[0].units, [1, 2, 3, 4]);
    }

    #[test]
    fn a_scale_of_zero_below_the_bend() {
        let network = after_norm("relu", 0.0, &[-0.1, -0.1, -0.1, -0.1, 0.1]);
        assert_eq!(findings(SLUG, &network, None)[0].units, [0, 1, 2, 3]);
    }

    #[test]
    fn values_confirm_it() {
        let network = after_norm("relu", 1.0, &[-9.0; 6]);
        let evidence = seen_at(
            &network,
            0,
            1000,
            6,
            |_, unit| if unit < 4 { -9.0 } else { 1.0 },
        );
        let found = findings(SLUG, &network, Some(&evidence));
        assert_eq!(found[0].units, [0, 1, 2, 3]);
        assert!(found[0].cause.contains("Confirmed"));
    }

    #[test]
    fn few_units_are_information() {
        let network = after_norm("relu", 1.0, &[-9.0, 0.0]);
        assert_eq!(findings(SLUG, &network, None)[0].severity, Severity::Info);
    }
}

mod silent {
    use super::*;

    #[test]
    fn scale_zero_and_shift_above() {
        assert_eq!(
            findings(SLUG, &after_norm("relu", 0.0, &[0.5; 8]), None),
            []
        );
    }

    #[test]
    fn values_that_contradict() {
        let network = after_norm("relu", 1.0, &[-9.0; 8]);
        let evidence = seen_at(&network, 0, 1000, 8, |_, _| 1.0);
        assert_eq!(findings(SLUG, &network, Some(&evidence)), []);
    }

    #[test]
    fn shapes_unknown_are_taken_to_be_large() {
        let network = after_norm("relu", 1.0, &[-4.5; 8]);
        assert_eq!(findings(SLUG, &network, None).len(), 1);
        let mut unknown = network;
        unknown.sites[0].positions = None;
        assert_eq!(findings(SLUG, &unknown, None), []);
    }

    #[test]
    fn a_function_that_is_nowhere_flat() {
        let network = after_norm("gelu", 1.0, &[-9.0; 8]);
        assert!(needs(SLUG, &network, None, Options::default()).contains("flat to the left"));
    }

    #[test]
    fn gates() {
        let network = Builder::new()
            .dense(8, 8, 1.0)
            .batch_norm(vec![1.0; 8], vec![-9.0; 8])
            .site(element("relu"), Role::Gate, 8)
            .build();
        assert!(needs(SLUG, &network, None, Options::default()).contains("folded"));
    }

    #[test]
    fn a_branch_that_starts_at_zero() {
        let network = after_norm("relu", 0.0, &[0.0; 8]);
        let options = Options {
            at_init: true,
            ..Options::default()
        };
        assert!(needs(SLUG, &network, None, options).contains("batch normalisation"));
        assert_eq!(findings(SLUG, &network, None).len(), 1);
    }
}

#[test]
fn a_folded_norm_is_not_checked() {
    let said = needs(SLUG, &one_site("relu", 8), None, Options::default());
    assert!(said.contains("folded"), "{said}");
}

#[test]
fn a_layer_norm_says_nothing_about_single_units() {
    let norm = Norm {
        form: NormForm::Layer,
        gamma: vec![1.0; 8],
        beta: vec![-9.0; 8],
    };
    let network = Builder::new()
        .dense(8, 8, 1.0)
        .node("LayerNormalization", Kind::Norm(norm))
        .hidden("relu", 8)
        .build();
    assert!(needs(SLUG, &network, None, Options::default()).contains("batch normalisation"));
}

#[test]
fn a_setting_moves_the_threshold() {
    let network = after_norm("relu", 1.0, &[-4.0; 8]);
    let mut options = Options::default();
    options
        .settings
        .set("dead-by-norm.probability=0.01")
        .expect("a setting");
    assert_eq!(checked(ask(SLUG, &network, None, options)).len(), 1);
}
