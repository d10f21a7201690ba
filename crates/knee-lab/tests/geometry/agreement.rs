//! What is found, compared with forward passes at points, and with one another.

use knee_lab::geometry::{
    Bounds, LIMIT, Layer, Network, Partition, Pattern, Piecewise, Window, affine_at, border,
    classes, partition, parts, pieces,
};
use proptest::prelude::*;

use crate::support::{Draw, inside, one_layer, random, window};

#[test]
fn a_ball_up_to_the_nearest_border_has_one_pattern() {
    for seed in 0..40 {
        let network = random(seed, &[5, 9, 7, 2], 0);
        let mut draw = Draw::new(1000 + seed);
        let x: Vec<f64> = (0..5).map(|_| draw.signed()).collect();
        let local = affine_at(&network, &x).expect("a point");
        let distance = local.border.expect("a border").distance;
        let value = network.value(&x).expect("a value");
        for (a, b) in local.map.value(&x).iter().zip(&value) {
            assert!((a - b).abs() < 1e-12);
        }
        let mut left = false;
        for _ in 0..400 {
            let way: Vec<f64> = (0..5).map(|_| draw.signed()).collect();
            let length = way.iter().fold(0.0_f64, |norm, step| norm.hypot(*step));
            let pattern = |share: f64| {
                let steps = way.iter().map(|step| share * distance * step / length);
                let at: Vec<f64> = x.iter().zip(steps).map(|(x, step)| x + step).collect();
                affine_at(&network, &at).expect("a point").pattern
            };
            assert_eq!(pattern(0.999), local.pattern);
            left |= pattern(2.0) != local.pattern;
        }
        assert!(
            left,
            "seed {seed}: no step of two distances left the region"
        );
    }
}

#[test]
fn the_border_lies_where_the_unit_meets_its_kink() {
    let network = one_layer(2, &[3.0, 4.0, 1.0, 0.0], &[-5.0, 10.0], Piecewise::relu());
    let local = affine_at(&network, &[0.0, 0.0]).expect("a point");
    let nearest = local.border.expect("a border");
    assert_eq!((nearest.layer, nearest.unit, nearest.distance), (0, 0, 1.0));
}

#[test]
fn decisions_fill_every_region_and_agree_with_the_outputs() {
    for outputs in [1, 2, 3] {
        let network = random(7, &[2, 6, 6, outputs], 0);
        let found = partition(&network, window(2.0), LIMIT).expect("a partition");
        let all = parts(&found);
        let area: f64 = all.iter().map(|part| part.area).sum();
        assert!((area - 16.0).abs() < 1e-9);
        let mut draw = Draw::new(5);
        for part in &all {
            let point = inside(&part.corners, &mut draw);
            let value = network.value(&point).expect("a value");
            let lead = if outputs == 1 {
                if part.class == 1 { value[0] } else { -value[0] }
            } else {
                let others = value.iter().fold(f64::MIN, |most, one| most.max(*one));
                value[part.class] - others
            };
            assert!(lead >= -1e-9 && part.class < classes(outputs), "{lead}");
        }
        let lines = border(&found);
        assert!(!lines.is_empty());
        for [from, to] in lines {
            let at = [f64::midpoint(from[0], to[0]), f64::midpoint(from[1], to[1])];
            let mut value = network.value(&at).expect("a value");
            value.sort_by(|a, b| b.total_cmp(a));
            let gap = value[0] - value.get(1).copied().unwrap_or(0.0);
            assert!(gap.abs() < 1e-9, "{gap}");
        }
    }
}

#[test]
fn where_outputs_agree_all_over_the_first_decides() {
    let dead = Layer::new(2, vec![0.1; 4], vec![-9.0; 2], Piecewise::relu()).expect("a layer");
    let outputs = vec![1.0, 2.0, 3.0, 4.0];
    let head = Layer::new(2, outputs, vec![0.5; 2], Piecewise::identity()).expect("a layer");
    let network = Network::new(vec![dead, head]).expect("a network");
    let found = partition(&network, window(1.0), LIMIT).expect("a partition");
    let classes: Vec<usize> = parts(&found).iter().map(|part| part.class).collect();
    assert_eq!(classes, [0]);
    assert_eq!(border(&found), Vec::<[[f64; 2]; 2]>::new());
}

#[test]
fn a_deep_network_of_hundreds_of_regions_agrees_everywhere() {
    let network = random(11, &[2, 16, 16, 16, 2], 0);
    let found = partition(&network, window(4.0), LIMIT).expect("a partition");
    assert!(found.regions.len() > 300, "{}", found.regions.len());
    check_partition(&network, &found, 11);
}

#[test]
fn a_window_far_from_the_origin_is_cut_as_well() {
    let away = Window::new((1000.0, 1001.0), (-5.0, -4.5)).expect("a window");
    // All lines pass near the middle of the window.
    let mut draw = Draw::new(3);
    let mut weights = Vec::new();
    let mut bias = Vec::new();
    for _ in 0..7 {
        let row = [draw.signed(), draw.signed()];
        bias.push(0.05 * draw.signed() - row[0] * 1000.5 + row[1] * 4.75);
        weights.extend(row);
    }
    let network = one_layer(2, &weights, &bias, Piecewise::relu());
    let found = partition(&network, away, LIMIT).expect("a partition");
    assert!(found.regions.len() > 15, "{}", found.regions.len());
    check_partition(&network, &found, 3);
}

/// Areas fill the window, patterns differ, and at a point inside each region map and pattern are those of a forward pass.
fn check_partition(network: &Network, found: &Partition, seed: u64) {
    let area: f64 = found.regions.iter().map(|region| region.area).sum();
    let whole = found.window.area();
    assert!(
        (area / whole - 1.0).abs() < 1e-9,
        "areas sum to {area}, not {whole}"
    );
    let mut patterns: Vec<&Pattern> = found.regions.iter().map(|one| &one.pattern).collect();
    patterns.sort();
    patterns.dedup();
    assert_eq!(
        patterns.len(),
        found.regions.len(),
        "one pattern, one convex region"
    );
    assert!(found.regions.len() as u128 <= Bounds::of(network).most);
    let mut draw = Draw::new(seed);
    for region in &found.regions {
        let point = inside(&region.corners, &mut draw);
        let direct = network.value(&point).expect("a value");
        for (mapped, direct) in region.map.value(&point).iter().zip(&direct) {
            let error = (mapped - direct).abs();
            assert!(error <= 1e-9 * (1.0 + direct.abs()), "{mapped} {direct}");
        }
        let local = affine_at(network, &point).expect("a point");
        // Within rounding of a border a point may lie on either side.
        let sure = 1e-11 * found.window.x.1;
        if local.border.is_none_or(|border| border.distance > sure) {
            assert_eq!(local.pattern, region.pattern);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn regions_agree_with_forward_passes(
        seed in 0_u64..1_000_000,
        hidden in prop::collection::vec(1_usize..9, 1..4),
        outputs in 1_usize..4,
        which in 0_usize..4,
        half in prop::sample::select(vec![0.01, 1.0, 5.0, 1000.0]),
    ) {
        let ends = (std::iter::once(2), std::iter::once(outputs));
        let widths: Vec<usize> = ends.0.chain(hidden).chain(ends.1).collect();
        let network = random(seed, &widths, which);
        let found = partition(&network, window(half), LIMIT).expect("a partition");
        check_partition(&network, &found, seed);
        let maps = found.distinct_maps();
        prop_assert!(maps >= 1 && maps <= found.regions.len());
    }

    #[test]
    fn pieces_agree_with_forward_passes(
        seed in 0_u64..1_000_000,
        hidden in prop::collection::vec(1_usize..12, 1..4),
        outputs in 1_usize..3,
        which in 0_usize..4,
        bounded in any::<bool>(),
    ) {
        let ends = (std::iter::once(1), std::iter::once(outputs));
        let widths: Vec<usize> = ends.0.chain(hidden).chain(ends.1).collect();
        let network = random(seed, &widths, which);
        let range = bounded.then_some((-3.0, 3.0));
        let found = pieces(&network, range, LIMIT).expect("pieces");
        prop_assert!(found.intervals.len() as u128 <= Bounds::of(&network).most);
        for pair in found.pieces.windows(2) {
            let (left, right) = (&pair[0], &pair[1]);
            prop_assert!(left.low < left.high && left.high == right.low);
            let both = (left.map.value(&[left.high]), right.map.value(&[right.low]));
            for (left, right) in both.0.iter().zip(&both.1) {
                prop_assert!((left - right).abs() <= 1e-9 * (1.0 + left.abs()), "{left} {right}");
            }
        }
        for interval in &found.intervals {
            prop_assert!(interval.low < interval.high);
            let (low, high) = (interval.low.max(-1e6), interval.high.min(1e6));
            for share in [0.1, 0.5, 0.9] {
                let x = low + share * (high - low);
                if low >= high {
                    continue;
                }
                let mapped = found.piece_at(x).map.value(&[x]);
                let direct = network.value(&[x]).expect("a value");
                for (mapped, direct) in mapped.iter().zip(&direct) {
                    let size = 1.0 + direct.abs() + x.abs();
                    prop_assert!((mapped - direct).abs() <= 1e-9 * size);
                }
                let local = affine_at(&network, &[x]).expect("a point");
                let sure = 1e-11 * (1.0 + x.abs());
                if local.border.is_none_or(|border| border.distance > sure) {
                    prop_assert_eq!(&local.pattern, &interval.pattern);
                }
            }
        }
    }

    /// The network along a line is a network of one input: its patterns are those of the regions on the way.
    #[test]
    fn a_line_through_the_plane_meets_its_regions(seed in 0_u64..1_000_000) {
        let plane = random(seed, &[2, 6, 5, 1], 0);
        let mut draw = Draw::new(seed);
        let (from, way) = ([draw.signed(), draw.signed()], [draw.signed(), draw.signed()]);
        let first = &plane.layers()[0];
        let along = |unit: usize, v: [f64; 2]| first.row(unit)[0] * v[0] + first.row(unit)[1] * v[1];
        let weights = (0..6).map(|unit| along(unit, way)).collect();
        let bias = (0..6).map(|unit| along(unit, from) + first.bias()[unit]).collect();
        let mut layers = vec![Layer::new(1, weights, bias, Piecewise::relu()).expect("a layer")];
        layers.extend(plane.layers()[1..].iter().cloned());
        let line = Network::new(layers).expect("a network");
        let found = pieces(&line, Some((-1.0, 1.0)), LIMIT).expect("pieces");
        let regions = partition(&plane, window(2.0), LIMIT).expect("a partition").regions;
        for interval in &found.intervals {
            if interval.high - interval.low > 1e-4 {
                prop_assert!(regions.iter().any(|region| region.pattern == interval.pattern));
            }
        }
    }
}
