//! Counts and moments of a site, against a plain loop over a made-up tensor.

use knee_doctor::evidence::{Layout, Recorder, RecorderOptions, UnitEvidence, Values};
use knee_doctor::network::{Role, SiteFunction};

use crate::support::random::Random;
use crate::support::{Builder, one_site};

/// All values of one unit for one input.
fn of_unit(values: &[f32], layout: Layout, input: usize, unit: usize) -> Vec<f32> {
    (0..layout.positions())
        .map(|p| values[layout.index(input, p, unit)])
        .collect()
}

fn check(function: &SiteFunction, layout: Layout) {
    let units = layout.units;
    let network = Builder::new()
        .dense(units as u64, 8, 1.0)
        .site(function.clone(), Role::Hidden, units as u64)
        .build();
    let mut random = Random::new(layout.len() as u64);
    let z: Vec<f32> = (0..layout.len())
        .map(|_| (random.normal() - 1.0) as f32)
        .collect();
    let f = |unit| function.of_unit(unit).expect("element-wise");
    let unit_at = |k: usize| k / layout.inner % units;
    let a: Vec<f32> = z
        .iter()
        .enumerate()
        .map(|(k, &z)| f(unit_at(k)).value(z))
        .collect();
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    recorder.site(0, Values::F32(&z), Values::F32(&a), layout);
    recorder.finish_chunk(layout.inputs);
    let evidence = recorder.into_evidence();
    let seen = evidence.site(0).expect("seen");
    assert_eq!(seen.inputs(), layout.inputs as u64);
    for unit in 0..units {
        let inputs: Vec<Vec<f32>> = (0..layout.inputs)
            .map(|n| of_unit(&z, layout, n, unit))
            .collect();
        let threshold = 1e-3 * f(unit).moments().slope_second.sqrt();
        let is_alive = |z: &f32| f(unit).derivative(f64::from(*z)).abs() > threshold;
        let alive = inputs
            .iter()
            .filter(|input| input.iter().any(is_alive))
            .count() as u64;
        let all: Vec<f64> = inputs.concat().into_iter().map(f64::from).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let m2 = all.iter().map(|z| (z - mean).powi(2)).sum::<f64>();
        let UnitEvidence {
            alive: counted,
            z,
            positive,
            zeros,
            outputs,
            sampled,
            ..
        } = &seen.units()[unit];
        assert_eq!(*counted, Some(alive), "{function:?} {layout:?}");
        assert_eq!(*positive, all.iter().filter(|&&z| z > 0.0).count() as u64);
        let zero = |z: &&f64| f(unit).value(**z as f32) == 0.0;
        assert_eq!(*zeros, all.iter().filter(zero).count() as u64);
        assert_eq!((*outputs, z.count), (all.len() as u64, all.len() as u64));
        assert!((z.mean - mean).abs() < 1e-13 && (z.m2 / m2 - 1.0).abs() < 1e-12);
        assert_eq!(z.min, all.iter().copied().fold(f64::INFINITY, f64::min));
        assert_eq!(z.max, all.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        assert_eq!(
            *sampled,
            (layout.inputs * layout.positions().min(16)) as u64
        );
        let slope = seen.units()[unit].slope().expect("a slope");
        if layout.positions() <= 16 {
            let slopes = all
                .iter()
                .map(|&z| f64::from(f(unit).derivative(z as f32)).abs());
            assert!((slope - slopes.sum::<f64>() / all.len() as f64).abs() < 2e-4);
        }
    }
}

#[test]
fn every_layout() {
    let element =
        |name: &str| SiteFunction::Element(knee::Function::parse(name).expect("a function"));
    let prelu = SiteFunction::Prelu {
        slopes: vec![0.25, 0.0, 1.0, -0.5, 0.1],
    };
    let layouts = [
        Layout::dense(37, 5),
        Layout::channels(9, 5, 49),
        Layout::channels(3, 5, 5000),
        Layout::tokens(11, 13, 5),
        Layout {
            before: 7,
            inputs: 6,
            outer: 2,
            units: 5,
            inner: 3,
        },
    ];
    for layout in layouts {
        for name in ["relu", "gelu", "tanh", "sine", "relu6"] {
            check(&element(name), layout);
        }
        check(&prelu, layout);
    }
}

/// More positions than one block of sums holds.
#[test]
fn many_blocks() {
    check(
        &one_site("relu", 1).sites[0].function,
        Layout::dense(20_000, 3),
    );
}

#[test]
fn values_that_are_not_finite_are_counted_apart() {
    let network = one_site("relu", 2);
    let z = [
        1.0,
        f32::NAN,
        2.0,
        5.0,
        f32::INFINITY,
        5.0,
        f32::NEG_INFINITY,
        6.0,
    ];
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    recorder.site(0, Values::F32(&z), Values::F32(&z), Layout::dense(4, 2));
    recorder.finish_chunk(4);
    let evidence = recorder.into_evidence();
    let units = evidence.site(0).expect("seen").units();
    assert_eq!((units[0].z.count, units[0].nonfinite), (2, 2));
    assert_eq!(
        (units[0].z.mean, units[0].z.min, units[0].z.max),
        (1.5, 1.0, 2.0)
    );
    assert_eq!((units[1].z.count, units[1].nonfinite), (3, 1));
    assert!((units[1].z.mean - 16.0 / 3.0).abs() < 1e-15);
}

#[test]
fn a_unit_beyond_the_ceiling_is_clipped() {
    let network = one_site("relu6", 1);
    let z = [5.0, 6.0, 6.5, 7.0, -1.0];
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    recorder.site(0, Values::F32(&z), Values::F32(&z), Layout::dense(5, 1));
    let unit = &recorder.evidence().site(0).expect("seen").units()[0];
    assert_eq!(unit.clipped, 2);
}

#[test]
fn a_changing_number_of_units_says_nothing() {
    let network = one_site("relu", 2);
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    recorder.site(
        0,
        Values::F32(&[1.0; 4]),
        Values::F32(&[1.0; 4]),
        Layout::dense(2, 2),
    );
    recorder.site(
        0,
        Values::F32(&[1.0; 6]),
        Values::F32(&[1.0; 6]),
        Layout::dense(2, 3),
    );
    assert_eq!(recorder.evidence().site(0).expect("seen").units(), []);
}

#[test]
fn a_function_of_rows_is_one_unit_without_slope() {
    let softmax = SiteFunction::Rows {
        function: knee::RowFunction::parse("softmax").expect("a function"),
        axis: -1,
        length: Some(4),
    };
    let network = Builder::new().site(softmax, Role::Attention, 4).build();
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    let a = [0.0, 0.5, 0.5, 0.0, 0.25, 0.25, 0.25, 0.25];
    recorder.site(
        0,
        Values::F32(&[1.0; 8]),
        Values::F32(&a),
        Layout::dense(2, 4),
    );
    let seen = recorder.evidence().site(0).expect("seen");
    assert_eq!(seen.units().len(), 1);
    assert_eq!(
        (seen.units()[0].alive, seen.units()[0].slope()),
        (None, None)
    );
    assert_eq!(seen.zeros(), Some(0.25));
}

#[test]
fn the_gradient_is_a_norm_per_input() {
    let network = one_site("relu", 2);
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    // [units 2, inner 2] per input: norms 5 and 0, then one that is not finite.
    let da = [
        3.0,
        0.0,
        4.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        f32::NAN,
        0.0,
        0.0,
        0.0,
    ];
    recorder.site_gradient(0, Values::F32(&da), Layout::channels(3, 2, 2));
    recorder.site(
        0,
        Values::F32(&da),
        Values::F32(&da),
        Layout::channels(3, 2, 2),
    );
    let seen = recorder.evidence().site(0).expect("seen");
    let norms = seen.gradient().expect("a gradient");
    assert_eq!((norms.count, norms.mean), (2, 2.5));
    assert_eq!((seen.gradient_nonfinite(), seen.gradient_zero()), (1, 1));
}

#[test]
#[should_panic(expected = "3 values for a layout of 4 elements")]
fn another_length_panics_with_both() {
    let network = one_site("relu", 2);
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    recorder.site(
        0,
        Values::F32(&[1.0; 3]),
        Values::F32(&[1.0; 3]),
        Layout::dense(2, 2),
    );
}
