const SLUG: &str = "missing-output-activation";

mod fires {
    use knee_doctor::{LossKind, Severity};

    use super::SLUG;
    use crate::entering::{element_head, entered, linear_head, one};

    #[test]
    fn on_values_that_are_no_probabilities() {
        let network = linear_head(2);
        let rows = vec![vec![0.5, 1.5], vec![0.25, 0.75]];
        let finding = one(
            SLUG,
            &network,
            LossKind::Bce,
            Some(&entered(&network, &rows, None)),
        );
        assert_eq!(
            (finding.severity, finding.measured, finding.samples),
            (Severity::Error, Some(0.25), 2)
        );
        assert!(
            finding.cause.contains("from 0.25 to 1.5"),
            "{}",
            finding.cause
        );
    }

    #[test]
    fn on_a_head_that_nothing_keeps_in_range() {
        let finding = one(SLUG, &linear_head(2), LossKind::Bce, None);
        assert_eq!((finding.severity, finding.samples), (Severity::Error, 0));
        assert_eq!(finding.site.as_deref(), Some("Gemm_2"));
        assert_eq!(
            one(SLUG, &element_head("leaky_relu", 2), LossKind::Bce, None).severity,
            Severity::Error
        );
    }
}

mod silent {
    use knee_doctor::LossKind;

    use super::SLUG;
    use crate::entering::{
        element_head, entered, found, head, linear_head, logits, needed, softmax,
    };

    #[test]
    fn on_a_linear_head_where_that_is_right() {
        let network = linear_head(2);
        let evidence = entered(&network, &logits(50, 2), None);
        for loss in [
            LossKind::BceWithLogits,
            LossKind::CrossEntropy,
            LossKind::Mse,
            LossKind::Mae,
        ] {
            assert_eq!(found(SLUG, &network, loss, Some(&evidence)), [], "{loss}");
            assert_eq!(found(SLUG, &network, loss, None), [], "{loss}");
        }
    }

    #[test]
    fn on_probabilities() {
        let network = element_head("sigmoid", 2);
        assert_eq!(found(SLUG, &network, LossKind::Bce, None), []);
        assert_eq!(found(SLUG, &head(softmax(2), 2), LossKind::Bce, None), []);
        let evidence = entered(&network, &[vec![0.0, 1.0], vec![0.5, 0.25]], None);
        assert_eq!(found(SLUG, &network, LossKind::Bce, Some(&evidence)), []);
    }

    #[test]
    fn on_values_that_are_not_finite() {
        let network = element_head("sigmoid", 2);
        let evidence = entered(
            &network,
            &[vec![f32::NAN, 0.5], vec![0.5, f32::INFINITY]],
            None,
        );
        assert_eq!(found(SLUG, &network, LossKind::Bce, Some(&evidence)), []);
    }

    #[test]
    fn but_not_checked_without_the_loss() {
        assert_eq!(needed(SLUG, &linear_head(2), None), "--loss");
    }
}
