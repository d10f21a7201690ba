const SLUG: &str = "softmax-on-multilabel";

/// Rows of three labels of which none, one or several hold.
fn several() -> Vec<Vec<f32>> {
    let bit = |i: usize, k: usize| f32::from(u8::from(i >> k & 1 == 1));
    (0..64)
        .map(|i| (0..3).map(|k| bit(i, k)).collect())
        .collect()
}

mod fires {
    use knee::RowFunction;
    use knee_doctor::network::Kind;
    use knee_doctor::{LossKind, Severity};

    use super::{SLUG, several};
    use crate::entering::{
        body, entered, head, linear_head, logits, one, softmax, through, values,
    };

    #[test]
    fn on_a_softmax_in_the_network() {
        let network = head(softmax(3), 3);
        let rows = through(RowFunction::Softmax, &logits(64, 3));
        let evidence = entered(&network, &rows, Some(&values(&several())));
        let finding = one(SLUG, &network, LossKind::Bce, Some(&evidence));
        assert_eq!((finding.severity, finding.samples), (Severity::Error, 64));
        // Of the eight patterns three have a single label.
        assert_eq!(finding.measured, Some(5.0 / 8.0));
        assert!(
            finding.cause.contains("On average 1.5 labels hold at once"),
            "{}",
            finding.cause
        );
    }

    #[test]
    fn on_the_softmax_of_the_loss() {
        let network = linear_head(3);
        let evidence = entered(&network, &logits(64, 3), Some(&values(&several())));
        let finding = one(SLUG, &network, LossKind::CrossEntropy, Some(&evidence));
        assert!(
            finding.cause.contains("cross-entropy applies a softmax"),
            "{}",
            finding.cause
        );
    }

    #[test]
    fn on_a_softmax_that_only_the_values_show() {
        let network = body(3).node("Custom", Kind::Other).build();
        let rows = through(RowFunction::Softmax, &logits(64, 3));
        let evidence = entered(&network, &rows, Some(&values(&several())));
        assert_eq!(
            one(SLUG, &network, LossKind::Bce, Some(&evidence)).site,
            None
        );
    }
}

mod silent {
    use knee_doctor::{Finding, Labels, LossKind};

    use super::{SLUG, several};
    use crate::entering::{
        element_head, entered, found, head, linear_head, logits, needed, softmax, values,
    };

    fn under_softmax(labels: &Labels, inputs: usize) -> Vec<Finding> {
        let network = head(softmax(3), 3);
        found(
            SLUG,
            &network,
            LossKind::CrossEntropy,
            Some(&entered(&network, &logits(inputs, 3), Some(labels))),
        )
    }

    #[test]
    fn on_one_hot_rows_soft_labels_mixup_and_label_smoothing() {
        let one_hot = vec![1.0, 0.0, 0.0];
        let soft = vec![0.2, 0.5, 0.3];
        let mixup = vec![0.7, 0.3, 0.0];
        let smoothed = vec![0.1 / 3.0, 0.9 + 0.1 / 3.0, 0.1 / 3.0];
        for row in [one_hot, soft, mixup, smoothed] {
            let rows = vec![row; 40];
            assert_eq!(under_softmax(&values(&rows), 40), [], "{:?}", rows[0]);
        }
    }

    #[test]
    fn on_class_indices() {
        assert_eq!(under_softmax(&Labels::Classes(vec![0, 1, 2, 2]), 4), []);
    }

    #[test]
    fn on_a_few_masked_rows() {
        let mut rows = vec![vec![0.0, 1.0, 0.0]; 200];
        rows[7] = vec![0.0; 3];
        assert_eq!(under_softmax(&values(&rows), 200), []);
    }

    #[test]
    fn on_a_sigmoid_per_label() {
        let labels = values(&several());
        for (network, loss) in [
            (element_head("sigmoid", 3), LossKind::Bce),
            (linear_head(3), LossKind::BceWithLogits),
        ] {
            let evidence = entered(&network, &logits(64, 3), Some(&labels));
            assert_eq!(found(SLUG, &network, loss, Some(&evidence)), []);
        }
    }

    #[test]
    fn on_regression() {
        let network = linear_head(3);
        let evidence = entered(&network, &logits(64, 3), Some(&values(&logits(64, 3))));
        assert_eq!(found(SLUG, &network, LossKind::Mse, Some(&evidence)), []);
    }

    #[test]
    fn but_not_checked_without_labels() {
        assert_eq!(
            needed(SLUG, &linear_head(3), Some(LossKind::CrossEntropy)),
            "--input, labels and --loss"
        );
    }
}
