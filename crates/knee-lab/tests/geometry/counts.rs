//! Networks whose pieces and regions are known.

use knee_lab::geometry::{
    Bounds, LIMIT, Layer, Network, Piecewise, affine_at, example, partition, pieces,
};

use crate::support::{Draw, formulas, one_layer, random, random_with, straight, window};

#[test]
fn hinges_of_two_units_are_three_formulas() {
    let network = example("hinges").expect("an example");
    let found = pieces(&network, None, LIMIT).expect("pieces");
    assert_eq!(found.hinges(), [-1.0, 1.0]);
    assert_eq!(formulas(&network), ["y = 0", "y = x + 1", "y = 2"]);
    let intervals = found.intervals.iter();
    let patterns: Vec<String> = intervals.map(|one| one.pattern.text(&network)).collect();
    assert_eq!(patterns, ["--", "+-", "++"]);
}

#[test]
fn tent_folded_three_times_has_eight_pieces_inside() {
    let network = example("tent").expect("an example");
    let found = pieces(&network, Some((0.0, 1.0)), LIMIT).expect("pieces");
    let eighths: Vec<f64> = (1..8).map(|k| f64::from(k) / 8.0).collect();
    assert_eq!(found.hinges(), eighths);
    let mut slopes = found.pieces.iter().map(|piece| piece.map.jacobian[0].abs());
    assert!(slopes.all(|slope| slope == 8.0));
}

#[test]
fn eight_lines_in_general_position_make_37_regions() {
    let network = example("lines").expect("an example");
    let found = partition(&network, window(3.0), LIMIT).expect("a partition");
    assert_eq!((found.regions.len(), found.slivers), (37, 0));
    let bounds = Bounds::of(&network);
    assert_eq!(
        (bounds.first_layer, bounds.most, bounds.reachable),
        (37, 37, Some(37))
    );
}

#[test]
fn random_lines_make_37_regions_in_a_window_that_holds_every_crossing() {
    for seed in 0..20 {
        let mut draw = Draw::new(seed);
        // Directions apart from each other, so that crossings stay near.
        let mut weights = Vec::new();
        for unit in 0..8 {
            let angle = (f64::from(unit) + 0.4 * draw.signed()) * std::f64::consts::PI / 8.0;
            weights.extend([angle.cos(), angle.sin()]);
        }
        let bias: Vec<f64> = (0..8).map(|_| draw.signed()).collect();
        let network = one_layer(2, &weights, &bias, Piecewise::relu());
        let found = partition(&network, window(100.0), LIMIT).expect("a partition");
        assert_eq!(found.regions.len(), 37, "seed {seed}");
    }
}

#[test]
fn parallel_lines_make_strips_and_duplicates_make_none() {
    let weights = [1.0, 0.0, 2.0, 0.0, -1.0, 0.0];
    let strips = one_layer(2, &weights, &[0.0, 1.0, 0.25], Piecewise::relu());
    let found = partition(&strips, window(1.0), LIMIT).expect("a partition");
    assert_eq!(found.regions.len(), 4);
    let weights = [0.3, 0.7, 0.3, 0.7, -0.6, -1.4];
    let twice = one_layer(2, &weights, &[0.1, 0.1, -0.2], Piecewise::relu());
    let found = partition(&twice, window(1.0), LIMIT).expect("a partition");
    assert_eq!((found.regions.len(), found.slivers), (2, 0));
    let regions = found.regions.iter();
    let patterns: Vec<String> = regions.map(|one| one.pattern.text(&twice)).collect();
    assert_eq!(patterns, ["--+", "++-"]);
}

#[test]
fn units_without_weights_cut_nothing() {
    for bias in [-1.0, 0.0, 1.0] {
        let network = one_layer(2, &[0.0; 4], &[bias; 2], Piecewise::relu());
        let found = partition(&network, window(1.0), LIMIT).expect("a partition");
        assert_eq!((found.regions.len(), found.distinct_maps()), (1, 1));
        let line = one_layer(1, &[0.0; 2], &[bias; 2], Piecewise::relu());
        assert_eq!(
            pieces(&line, None, LIMIT).expect("pieces").intervals.len(),
            1
        );
        let local = affine_at(&network, &[0.5, 0.5]).expect("a point");
        assert_eq!(local.border, None);
    }
}

#[test]
fn a_dead_network_is_one_region_and_one_map() {
    let network = one_layer(2, &[0.1, 0.2, -0.3, 0.1], &[-9.0; 2], Piecewise::relu());
    let found = partition(&network, window(2.0), LIMIT).expect("a partition");
    assert_eq!((found.regions.len(), found.distinct_maps()), (1, 1));
    assert_eq!(found.regions[0].map.jacobian, [0.0, 0.0]);
}

#[test]
fn units_that_cancel_leave_switches_and_no_hinge() {
    // relu(x) - relu(-x) = x.
    let network = Network::new(vec![
        Layer::new(1, vec![0.1, -0.1], vec![0.0; 2], Piecewise::relu()).expect("a layer"),
        Layer::new(2, vec![10.0, -10.0], vec![0.0], Piecewise::identity()).expect("a layer"),
    ])
    .expect("a network");
    let found = pieces(&network, None, LIMIT).expect("pieces");
    assert_eq!((found.hinges(), found.switches()), (vec![], vec![0.0]));
    assert_eq!(formulas(&network), ["y = x"]);
}

#[test]
fn crossings_that_rounding_moved_apart_are_one_hinge() {
    // All units bend at 0.3, which few of them hit exactly.
    let weights: Vec<f64> = (1..20).map(|k| 0.1 * f64::from(k)).collect();
    let bias: Vec<f64> = weights.iter().map(|w| -(0.1 * w) * 3.0).collect();
    let crossings = weights.iter().zip(&bias).map(|(w, b)| -b / w);
    assert!(crossings.clone().any(|at| at != 0.3));
    let network = one_layer(1, &weights, &bias, Piecewise::relu());
    let found = pieces(&network, None, LIMIT).expect("pieces");
    assert_eq!(found.intervals.len(), 2);
}

#[test]
fn a_second_layer_that_bends_where_the_first_did_adds_no_hinge() {
    // On the right of the hinge each unit of the second layer crosses 0 where the first layer did, up to rounding.
    let scales: Vec<f64> = (1..20).map(|k| 0.1 * f64::from(k)).collect();
    let count = scales.len();
    let network = Network::new(vec![
        Layer::new(1, vec![0.3], vec![-0.1], Piecewise::relu()).expect("a layer"),
        Layer::new(1, scales, vec![0.0; count], Piecewise::relu()).expect("a layer"),
        Layer::new(count, vec![1.0; count], vec![0.0], Piecewise::identity()).expect("a layer"),
    ])
    .expect("a network");
    let found = pieces(&network, None, LIMIT).expect("pieces");
    assert_eq!(
        (found.hinges(), found.intervals.len()),
        (vec![0.1 / 0.3], 2)
    );
}

#[test]
fn slopes_that_cancel_up_to_rounding_bend_nowhere() {
    // 0.1 x + 0.2 x - 0.3 x is 5.6e-17 x in f64: no hinge at 1.8e13.
    let network = Network::new(vec![
        Layer::new(1, vec![0.1, 0.2, 0.3], vec![0.0; 3], Piecewise::identity()).expect("a layer"),
        Layer::new(3, vec![1.0, 1.0, -1.0], vec![-1e-3], Piecewise::relu()).expect("a layer"),
    ])
    .expect("a network");
    let found = pieces(&network, None, LIMIT).expect("pieces");
    assert_eq!(found.intervals.len(), 1);
    assert_eq!(found.pieces[0].map.jacobian, [0.0]);
}

#[test]
fn relu6_bends_twice_and_abs_once() {
    let rising = one_layer(1, &[2.0], &[0.0], straight("relu6"));
    assert_eq!(formulas(&rising), ["y = 0", "y = 2 x", "y = 6"]);
    let falling = one_layer(1, &[-2.0], &[0.0], straight("relu6"));
    assert_eq!(formulas(&falling), ["y = 6", "y = -2 x", "y = 0"]);
    let abs = one_layer(1, &[1.0], &[-2.0], Piecewise::abs());
    assert_eq!(formulas(&abs), ["y = -x + 2", "y = x - 2"]);
    let found = partition(
        &one_layer(2, &[1.0, 1.0], &[0.0], straight("relu6")),
        window(10.0),
        LIMIT,
    );
    assert_eq!(found.expect("a partition").regions.len(), 3);
}

#[test]
fn bounds_are_those_of_the_papers() {
    let shape = |widths: &[usize]| Bounds::of(&random(1, widths, 0));
    // Serra et al. 2018 for two inputs and layers of 3 and 3: j2 <= min(2, 3 - j1).
    let two = shape(&[2, 3, 3, 1]);
    assert_eq!(two.most, (1 + 3 + 3) + 3 * (1 + 3 + 3) + 3 * (1 + 3));
    assert_eq!((two.first_layer, two.reachable), (7, Some(7)));
    let four = shape(&[2, 4, 4, 1]);
    assert_eq!(four.reachable, Some(4 * 11));
    assert!(four.most >= 44);
    assert_eq!(shape(&[3, 2, 1]).reachable, None);
    let leaky = Piecewise::leaky_relu(0.1).expect("a function");
    let leaky = Bounds::of(&random_with(1, &[2, 3, 3, 1], &[leaky]));
    assert_eq!(
        (leaky.most, leaky.reachable, leaky.rectifiers),
        (49, None, false)
    );
    assert_eq!(Bounds::text(shape(&[40; 61]).most), "more than 3e38");
}
