//! Text, figures and errors.

use knee::Function;
use knee_lab::geometry::{
    EXAMPLES, Error, LIMIT, Layer, Network, Piecewise, Window, affine_at, example, figure_one,
    figure_two, json_at, json_one, json_two, partition, pieces, text_at, text_one, text_two,
};

use crate::support::{random, straight, window};

#[test]
fn text_and_json_name_what_was_found() {
    let network = example("hinges").expect("an example");
    let found = pieces(&network, None, LIMIT).expect("pieces");
    let text = text_one(&network, &found, 20);
    for part in ["y = x + 1", "hinges", "-1, 1", "Zaslavsky", "+-"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = json_one(&network, &found);
    assert_eq!(json["hinges"], serde_json::json!([-1.0, 1.0]));
    assert!(json["pieces"][0]["from"].is_null());
    let lines = example("lines").expect("an example");
    let plane = partition(&lines, window(3.0), LIMIT).expect("a partition");
    let text = text_two(&lines, &plane, 5);
    for part in ["37 by activation pattern", "the first 5 of 37"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(json_two(&lines, &plane)["counts"]["regions"], 37);
    let local = affine_at(&lines, &[0.0, 0.0]).expect("a point");
    assert!(text_at(&lines, &[0.0, 0.0], &local, 5).contains("nearest border"));
    assert!(json_at(&lines, &[0.0, 0.0], &local)["border"]["distance"].is_number());
}

#[test]
fn figures_name_their_counts_and_give_the_same_bytes() {
    let network = example("hinges").expect("an example");
    let found = pieces(&network, None, LIMIT).expect("pieces");
    let one = figure_one("hinges", "Two units", &network, &found);
    assert!(
        one.description
            .starts_with("3 affine pieces and 2 hinges at -1, 1")
    );
    assert_eq!(one.table().rows.len(), 3);
    let lines = example("lines").expect("an example");
    let plane = partition(&lines, window(3.0), LIMIT).expect("a partition");
    let two = || figure_two("lines", "Eight units", &lines, &plane);
    assert!(two().description.starts_with("37 convex regions"));
    assert_eq!(two().svg(), two().svg());
    assert!(EXAMPLES.iter().all(|(name, _)| example(name).is_ok()));
}

#[test]
fn too_many_regions_are_an_error_that_says_what_to_do() {
    let network = random(3, &[2, 16, 16, 1], 0);
    let error = partition(&network, window(2.0), 50).expect_err("too many");
    assert_eq!(error, Error::Limit { limit: 50 });
    let error = pieces(&random(3, &[1, 16, 16, 1], 0), None, 5).expect_err("too many");
    assert!(error.to_string().contains("raise the limit"));
}

#[test]
fn wrong_input_is_an_error_and_no_panic() {
    let layer = |inputs, weights: &[f64], bias: &[f64]| {
        Layer::new(inputs, weights.to_vec(), bias.to_vec(), Piecewise::relu())
    };
    let short = layer(2, &[1.0], &[0.0]);
    assert!(matches!(
        short,
        Err(Error::Length {
            found: 1,
            expected: 2,
            ..
        })
    ));
    assert!(matches!(
        layer(1, &[f64::NAN], &[0.0]),
        Err(Error::NotFinite { .. })
    ));
    assert!(matches!(layer(0, &[], &[]), Err(Error::Empty { .. })));
    assert!(matches!(Network::new(vec![]), Err(Error::Empty { .. })));
    let one = layer(1, &[1.0], &[0.0]).expect("a layer");
    let three = layer(3, &[1.0; 3], &[0.0]).expect("a layer");
    let unfit = Network::new(vec![one.clone(), three]);
    assert!(matches!(unfit, Err(Error::Length { .. })));
    let network = Network::new(vec![one]).expect("a network");
    let found = partition(&network, window(1.0), LIMIT);
    assert!(matches!(
        found,
        Err(Error::Inputs {
            expected: 2,
            found: 1,
            ..
        })
    ));
    for range in [
        (1.0, 1.0),
        (2.0, 1.0),
        (f64::NAN, 1.0),
        (0.0, f64::INFINITY),
    ] {
        let found = pieces(&network, Some(range), LIMIT);
        assert!(matches!(found, Err(Error::Range { .. })), "{range:?}");
    }
    assert!(affine_at(&network, &[f64::NAN]).is_err());
    assert!(affine_at(&network, &[1.0, 2.0]).is_err());
    assert!(Window::new((0.0, f64::INFINITY), (0.0, 1.0)).is_err());
    assert!(Window::new((1e20, 1e20 + 65536.0), (0.0, 1.0)).is_err());
    assert!(Piecewise::new(&[1.0, 1.0], &[0.0, 1.0, 2.0], 0.0).is_err());
    assert!(Piecewise::new(&[1.0], &[0.0], 0.0).is_err());
    let unknown = example("nothing").expect_err("unknown");
    assert!(unknown.to_string().contains("hinges"));
}

#[test]
fn every_function_is_read_as_straight_pieces_or_refused_rightly() {
    let names = [
        "hard_sigmoid",
        "hard_sigmoid_02",
        "hard_tanh",
        "identity",
        "leaky_relu",
        "relu",
        "relu6",
        "soft_shrink",
        "sparse_sigmoid",
        "threshold",
    ];
    for function in Function::all() {
        let expected = names.contains(&function.name());
        match Piecewise::of(&function) {
            Ok(found) => {
                assert!(expected, "{function} has no straight pieces");
                for step in -800..800 {
                    let z = f64::from(step) / 64.0;
                    let value: f64 = function.value(z);
                    assert!((found.value(z) - value).abs() <= 1e-12, "{function} at {z}");
                }
            }
            Err(error) => {
                assert!(!expected, "{function} has straight pieces");
                assert!(matches!(error, Error::NotPiecewiseLinear { .. }));
            }
        }
    }
    let halved = straight("leaky_relu(negative_slope=0.5)");
    assert_eq!(Ok(halved), Piecewise::leaky_relu(0.5));
}

#[test]
fn weights_that_multiply_beyond_f64_are_an_error() {
    for inputs in [1, 2] {
        let first = vec![1e200; inputs];
        let huge = Network::new(vec![
            Layer::new(inputs, first, vec![0.0], Piecewise::relu()).expect("a layer"),
            Layer::new(1, vec![1e200], vec![1.0], Piecewise::relu()).expect("a layer"),
        ])
        .expect("a network");
        let point = vec![1.0; inputs];
        let error = affine_at(&huge, &point).expect_err("too large");
        assert!(matches!(error, Error::NotFinite { .. }));
        if inputs == 1 {
            assert!(matches!(
                pieces(&huge, None, LIMIT),
                Err(Error::NotFinite { .. })
            ));
        } else {
            assert!(matches!(
                partition(&huge, window(1.0), LIMIT),
                Err(Error::NotFinite { .. })
            ));
        }
    }
}
