use knee_doctor::network::{Form, Kind, Linear, Role};
use knee_doctor::{Finding, Network, Options, Severity};

use crate::support::random::Random;
use crate::support::{Builder, ask, checked, dense, element, needs};

const SLUG: &str = "symmetric-init";

fn at_init(network: &Network) -> Vec<Finding> {
    checked(ask(
        SLUG,
        network,
        None,
        Options {
            at_init: true,
            ..Options::default()
        },
    ))
}

/// Eight units on four inputs with the given weights, and random weights that read them.
fn hidden(weight: Vec<f32>) -> Network {
    Builder::new()
        .linear(dense(8, 4, weight, Some(vec![0.0; 8])))
        .hidden("relu", 8)
        .dense(3, 8, 1.0)
        .build()
}

mod fires {
    use super::*;

    #[test]
    fn equal_weights() {
        let found = at_init(&hidden(vec![0.5; 32]));
        assert_eq!((found.len(), found[0].severity), (1, Severity::Error));
        assert_eq!(found[0].measured, Some(0.0));
    }

    #[test]
    fn zeros_in_a_hidden_layer() {
        assert_eq!(at_init(&hidden(vec![0.0; 32])).len(), 1);
    }

    #[test]
    fn twins_coming_in_and_going_out() {
        let mut random = Random::new(1);
        let mut weight = random.normals(32);
        weight.copy_within(0..4, 8);
        // Row by row, the columns 0 and 2 agree as well.
        let mut outgoing = random.normals(24);
        for row in outgoing.chunks_exact_mut(8) {
            row[2] = row[0];
        }
        let network = Builder::new()
            .linear(dense(8, 4, weight, None))
            .hidden("relu", 8)
            .linear(dense(3, 8, outgoing, None))
            .build();
        let found = at_init(&network);
        assert_eq!(found[0].units, [0, 2]);
    }
}

mod silent {
    use super::*;

    #[test]
    fn random_weights() {
        assert_eq!(at_init(&hidden(Random::new(1).normals(32))), []);
    }

    /// Twins whose outgoing weights differ receive different gradients and part.
    #[test]
    fn twins_that_are_read_differently() {
        let mut weight = Random::new(1).normals(32);
        weight.copy_within(0..4, 8);
        assert_eq!(at_init(&hidden(weight)), []);
    }

    #[test]
    fn pruned_rows() {
        let mut random = Random::new(1);
        let mut weight = random.normals(32);
        weight[..12].fill(0.0);
        let mut outgoing = random.normals(24);
        outgoing
            .chunks_exact_mut(8)
            .for_each(|row| row[..3].fill(0.0));
        let network = Builder::new()
            .linear(dense(8, 4, weight, None))
            .hidden("relu", 8)
            .linear(dense(3, 8, outgoing, None))
            .build();
        assert_eq!(at_init(&network), []);
    }

    #[test]
    fn a_head_that_starts_at_zero() {
        let zero = || dense(3, 8, vec![0.0; 24], Some(vec![0.0; 3]));
        let linear = Builder::new()
            .dense(8, 4, 1.0)
            .hidden("relu", 8)
            .linear(zero())
            .build();
        assert_eq!(at_init(&linear), []);
        let sigmoid = Builder::new()
            .dense(8, 4, 1.0)
            .hidden("relu", 8)
            .linear(zero())
            .site(element("sigmoid"), Role::Output, 3)
            .build();
        assert_eq!(at_init(&sigmoid), []);
    }

    #[test]
    fn a_residual_branch_that_starts_at_zero() {
        let network = Builder::new()
            .linear(dense(8, 4, vec![0.0; 32], None))
            .hidden("relu", 8)
            .edit_site(|site| site.residual_branch = true)
            .dense(4, 8, 1.0)
            .build();
        assert_eq!(at_init(&network), []);
    }

    /// `LoRA`: the second matrix starts at zero and its result is added to another one.
    #[test]
    fn the_second_matrix_of_lora() {
        let builder = Builder::new();
        let x = builder.current;
        let builder = builder
            .dense(2, 4, 1.0)
            .linear(dense(8, 2, vec![0.0; 16], None));
        let low = builder.current;
        let network = builder
            .from(x)
            .dense(8, 4, 1.0)
            .join("Add", Kind::Add, low)
            .hidden("relu", 8)
            .dense(3, 8, 1.0)
            .build();
        assert_eq!(at_init(&network), []);
    }

    /// Scales of normalising layers and biases start equal and are meant to.
    #[test]
    fn scales_and_biases() {
        let network = Builder::new()
            .dense(8, 4, 1.0)
            .batch_norm(vec![1.0; 8], vec![0.0; 8])
            .hidden("relu", 8)
            .dense(3, 8, 1.0)
            .build();
        assert_eq!(at_init(&network), []);
    }

    #[test]
    fn depthwise_readers_are_not_judged() {
        let weight = vec![1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0];
        let form = Form::Conv {
            kernel: vec![1],
            groups: 2,
        };
        let grouped = Linear {
            form,
            ..dense(2, 2, vec![1.0; 4], None)
        };
        let network = Builder::new()
            .linear(dense(2, 4, weight, None))
            .hidden("relu", 2)
            .linear(grouped)
            .build();
        assert_eq!(at_init(&network), []);
    }
}

#[test]
fn trained_weights_are_not_checked() {
    assert_eq!(
        needs(SLUG, &hidden(vec![0.5; 32]), None, Options::default()),
        "--at-init"
    );
}
