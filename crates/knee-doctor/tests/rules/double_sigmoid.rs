const SLUG: &str = "double-sigmoid";

mod fires {
    use knee_doctor::network::{Kind, Role};
    use knee_doctor::{LossKind, Severity};

    use super::SLUG;
    use crate::entering::{body, element_head, entered, one};
    use crate::support::element;

    #[test]
    fn on_every_function_between_0_and_1() {
        for function in ["sigmoid", "hard_sigmoid", "hard_sigmoid_02"] {
            let finding = one(
                SLUG,
                &element_head(function, 3),
                LossKind::BceWithLogits,
                None,
            );
            assert_eq!(finding.severity, Severity::Error, "{function}");
        }
    }

    #[test]
    fn through_views_and_with_what_was_seen() {
        let network = body(1)
            .site(element("sigmoid"), Role::Output, 1)
            .node("Squeeze", Kind::View)
            .build();
        let evidence = entered(&network, &[vec![0.25], vec![0.75]], None);
        let finding = one(SLUG, &network, LossKind::BceWithLogits, Some(&evidence));
        assert!(
            finding.cause.contains("between 0.25 and 0.75"),
            "{}",
            finding.cause
        );
        assert_eq!((finding.measured, finding.samples), (Some(0.75), 2));
    }

    /// The floors that the cause names, from the loss itself.
    #[test]
    fn with_floors_that_are_those_of_the_loss() {
        let loss =
            |logit: f64, label: f64| logit.max(0.0) - logit * label + (-logit.abs()).exp().ln_1p();
        assert!((loss(0.0, 0.0) - 0.693).abs() < 1e-3);
        assert!((loss(1.0, 1.0) - 0.313).abs() < 1e-3);
    }
}

mod silent {
    use knee_doctor::LossKind;
    use knee_doctor::network::Role;

    use super::SLUG;
    use crate::entering::{body, element_head, entered, found, linear_head, needed};
    use crate::support::element;

    #[test]
    fn on_logits_that_merely_lie_between_0_and_1() {
        let network = linear_head(2);
        let rows: Vec<Vec<f32>> = (0..100).map(|i| vec![i as f32 / 100.0, 0.5]).collect();
        let evidence = entered(&network, &rows, None);
        assert_eq!(
            found(SLUG, &network, LossKind::BceWithLogits, Some(&evidence)),
            []
        );
    }

    #[test]
    fn on_losses_that_apply_no_sigmoid() {
        for loss in [LossKind::Bce, LossKind::Mse, LossKind::CrossEntropy] {
            assert_eq!(
                found(SLUG, &element_head("sigmoid", 2), loss, None),
                [],
                "{loss}"
            );
        }
    }

    #[test]
    fn on_functions_with_another_range() {
        for function in ["tanh", "relu6", "softplus", "identity"] {
            assert_eq!(
                found(
                    SLUG,
                    &element_head(function, 2),
                    LossKind::BceWithLogits,
                    None
                ),
                [],
                "{function}"
            );
        }
    }

    #[test]
    fn on_a_sigmoid_that_only_feeds_a_metric() {
        let builder = body(2);
        let logits = builder.current;
        let network = builder
            .site(element("sigmoid"), Role::Target, 2)
            .from(logits)
            .build();
        assert_eq!(found(SLUG, &network, LossKind::BceWithLogits, None), []);
    }

    #[test]
    fn but_not_checked_without_the_loss() {
        assert_eq!(needed(SLUG, &element_head("sigmoid", 2), None), "--loss");
    }
}
