const SLUG: &str = "output-range";

mod fires {
    use knee_doctor::{LossKind, Severity};

    use super::SLUG;
    use crate::entering::{element_head, entered, one, values};

    #[test]
    fn on_targets_beyond_a_sigmoid() {
        let network = element_head("sigmoid", 1);
        let targets: Vec<Vec<f32>> = (0..100).map(|i| vec![i as f32 / 10.0]).collect();
        let evidence = entered(&network, &vec![vec![0.5]; 100], Some(&values(&targets)));
        let finding = one(SLUG, &network, LossKind::Mse, Some(&evidence));
        assert_eq!((finding.severity, finding.samples), (Severity::Error, 100));
        // 0.0 to 1.0 lie inside: 11 of 100.
        assert_eq!(finding.measured, Some(0.89));
        assert!(finding.cause.contains("from 0 to 9.9"), "{}", finding.cause);
        assert!(finding.fixes[1].contains("softplus"), "{:?}", finding.fixes);
    }

    #[test]
    fn on_negative_targets_of_functions_that_are_never_negative() {
        for function in ["relu", "softplus", "exp"] {
            let network = element_head(function, 1);
            let targets: Vec<Vec<f32>> = (-50..50).map(|i| vec![i as f32]).collect();
            let evidence = entered(&network, &vec![vec![0.5]; 100], Some(&values(&targets)));
            let finding = one(SLUG, &network, LossKind::Mae, Some(&evidence));
            assert_eq!(finding.measured, Some(0.5), "{function}");
            assert!(
                finding
                    .fixes
                    .iter()
                    .all(|fix| !fix.contains("softplus, whose")),
                "{:?}",
                finding.fixes
            );
        }
    }
}

mod silent {
    use knee_doctor::{Finding, Labels, LossKind};

    use super::SLUG;
    use crate::entering::{
        element_head, entered, found, head, linear_head, needed, softmax, values,
    };

    fn under(function: &str, targets: &[Vec<f32>], loss: LossKind) -> Vec<Finding> {
        let network = element_head(function, 1);
        let evidence = entered(
            &network,
            &vec![vec![0.5]; targets.len()],
            Some(&values(targets)),
        );
        found(SLUG, &network, loss, Some(&evidence))
    }

    #[test]
    fn on_sigmoid_and_mse_with_targets_from_0_to_1() {
        let targets: Vec<Vec<f32>> = (0..=100).map(|i| vec![i as f32 / 100.0]).collect();
        assert_eq!(under("sigmoid", &targets, LossKind::Mse), []);
        assert_eq!(under("sigmoid", &targets, LossKind::Bce), []);
        // The limit of softplus, which it never reaches.
        assert_eq!(under("softplus", &targets, LossKind::Mse), []);
    }

    #[test]
    fn on_targets_that_are_off_by_a_rounding() {
        let targets = vec![vec![1.0 + f32::EPSILON]; 100];
        assert_eq!(under("sigmoid", &targets, LossKind::Mse), []);
    }

    #[test]
    fn on_rare_outliers() {
        let mut targets = vec![vec![0.5]; 2000];
        targets[3] = vec![7.0];
        assert_eq!(under("sigmoid", &targets, LossKind::Mse), []);
    }

    #[test]
    fn on_losses_that_do_not_compare_the_output_with_the_target() {
        let targets = vec![vec![5.0]; 10];
        assert_eq!(under("sigmoid", &targets, LossKind::BceWithLogits), []);
    }

    #[test]
    fn on_a_linear_head_and_on_class_indices() {
        let network = linear_head(1);
        let targets = values(&vec![vec![1e6]; 10]);
        let evidence = entered(&network, &vec![vec![0.5]; 10], Some(&targets));
        assert_eq!(found(SLUG, &network, LossKind::Mse, Some(&evidence)), []);
        let network = head(softmax(3), 3);
        let evidence = entered(
            &network,
            &vec![vec![0.3; 3]; 4],
            Some(&Labels::Classes(vec![0, 1, 2, 2])),
        );
        assert_eq!(found(SLUG, &network, LossKind::Nll, Some(&evidence)), []);
    }

    #[test]
    fn but_not_checked_without_labels() {
        let needs = needed(SLUG, &element_head("sigmoid", 1), Some(LossKind::Mse));
        assert_eq!(needs, "--input, labels and --loss");
    }
}
