//! What entered the loss and what the labels were.

use knee_doctor::evidence::{Evidence, Layout, Recorder, RecorderOptions, Values};
use knee_doctor::network::Role;
use knee_doctor::{Labels, Network};

use crate::support::{Builder, element};

fn sigmoid_head() -> Network {
    Builder::new()
        .dense(2, 4, 1.0)
        .site(element("sigmoid"), Role::Output, 2)
        .build()
}

fn seen(values: &[f32], layout: Layout, labels: &Labels) -> Evidence {
    let mut recorder = Recorder::new(&sigmoid_head(), RecorderOptions::default());
    recorder.output(Values::F32(values), layout, Some(labels));
    recorder.finish_chunk(layout.inputs);
    recorder.into_evidence()
}

#[test]
fn rows_along_the_class_axis() {
    // [N 2, C 3, positions 2]: classes are apart by the number of positions.
    let values = [
        0.2, -1.0, 0.3, 0.0, 0.5, 2.0, 0.0, -0.5, 0.0, 0.25, 0.0, 1.25,
    ];
    let layout = Layout::channels(2, 3, 2);
    let evidence = seen(&values, layout, &Labels::Classes(vec![0, 1, 2, 2]));
    let output = evidence.output().expect("an output");
    assert_eq!((output.rows, output.width, output.inputs), (4, Some(3), 2));
    // (0.2, 0.3, 0.5), (-1, 0, 2), (0, 0, 0), (-0.5, 0.25, 1.25).
    assert_eq!(output.rows_probability, 1);
    assert_eq!(output.rows_sum_one, 3);
    assert_eq!(output.rows_nonnegative, 2);
    assert_eq!(output.rows_of_zeros, 1);
    assert_eq!(
        (output.positive, output.zeros, output.outside_unit),
        (6, 4, 4)
    );
    let targets = evidence.targets().expect("targets");
    assert!(targets.classes);
    assert_eq!(
        (targets.values.min, targets.values.max, targets.values.count),
        (0.0, 2.0, 4)
    );
}

#[test]
fn log_probabilities_have_log_sum_exp_zero() {
    let row = [0.7_f32, 0.2, 0.1].map(f32::ln);
    let evidence = seen(&row, Layout::dense(1, 3), &Labels::Classes(vec![0]));
    assert_eq!(evidence.output().expect("an output").rows_normalised_log, 1);
    let logits = [1.0, 2.0, 3.0];
    let evidence = seen(&logits, Layout::dense(1, 3), &Labels::Classes(vec![0]));
    assert_eq!(evidence.output().expect("an output").rows_normalised_log, 0);
}

#[test]
fn targets_by_their_rows() {
    let values = vec![1.0, 0.0, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0];
    let labels = Labels::Rows { values, width: 2 };
    let evidence = seen(&[0.5; 8], Layout::dense(4, 2), &labels);
    let targets = evidence.targets().expect("targets");
    assert!(!targets.classes);
    assert_eq!(
        (targets.rows, targets.rows_binary, targets.rows_one_hot),
        (4, 3, 1)
    );
    assert_eq!(targets.rows_sum_one, 2);
}

#[test]
fn targets_outside_the_range_of_the_output() {
    // The range of sigmoid ends at 0 and 1.
    let values = vec![0.0, 1.0, 1.5, 3.0, -0.25, 0.5, 1.0, 1.0];
    let labels = Labels::Rows { values, width: 2 };
    let evidence = seen(&[0.5; 8], Layout::dense(4, 2), &labels);
    let targets = evidence.targets().expect("targets");
    assert_eq!(targets.scale(), 3.0);
    assert_eq!(targets.excess.beyond(3e-6), 3);
    assert_eq!(targets.excess.beyond(0.3), 2);
    assert_eq!(targets.excess.beyond(1.0), 1);
}

#[test]
fn labels_of_a_part() {
    let rows = Labels::Rows {
        values: (0_u8..8).map(f32::from).collect(),
        width: 2,
    };
    assert_eq!(
        rows.slice(1..3, 4),
        Labels::Rows {
            values: vec![2.0, 3.0, 4.0, 5.0],
            width: 2
        }
    );
    let classes = Labels::Classes((0..8).collect());
    assert_eq!(classes.slice(3..4, 4), Labels::Classes(vec![6, 7]));
}
