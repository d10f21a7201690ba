//! The alive set of every function agrees with its definition.

use knee::Function;
use knee_doctor::evidence::{AliveSet, Layout, Recorder, RecorderOptions, Values};
use proptest::prelude::*;

use crate::support::one_site;

/// The definition: |f'(z)| > 1e-3 sqrt(E f'(Z)^2).
fn definition(function: Function) -> impl Fn(f64) -> bool {
    let threshold = 1e-3 * function.moments().slope_second.sqrt();
    move |z| function.derivative(z).abs() > threshold
}

fn set(function: &Function) -> AliveSet {
    AliveSet::of(function).expect("a slope")
}

/// Every function that has a slope; a step has none.
fn sloped() -> Vec<(Function, AliveSet)> {
    let all = Function::all().into_iter();
    let sloped: Vec<_> = all
        .filter_map(|f| AliveSet::of(&f).map(|set| (f, set)))
        .collect();
    assert!(
        sloped.len() + 2 >= Function::all().len(),
        "only the two steps have no slope"
    );
    sloped
}

/// Arguments where something may happen: a dense line, every scale, and all ends of the intervals
/// with their neighbours.
fn arguments(set: &AliveSet) -> Vec<f64> {
    let line = (-1000..=1000).map(|k| f64::from(k) / 125.0);
    let scales = (-140..=120).flat_map(|e| [1.0, 1.3, 1.7].map(|m| m * f64::from(e).exp2()));
    let scales = scales.flat_map(|z| [z, -z]);
    let ends: Vec<f64> = match set {
        AliveSet::Intervals(region) => region
            .intervals()
            .iter()
            .flat_map(|&(low, high)| [low, high])
            .collect(),
        AliveSet::Slope { .. } => Vec::new(),
    };
    let ends = ends.into_iter().filter(|end| end.is_finite());
    let ends = ends.flat_map(|end| [end.next_down(), end, end.next_up()]);
    line.chain(scales).chain(ends).chain([0.0, -0.0]).collect()
}

#[test]
fn every_function_as_defined() {
    for (function, set) in sloped() {
        let alive = definition(function);
        for z in arguments(&set) {
            assert_eq!(set.contains(z), alive(z), "{function} at {z:e}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn any_argument_as_defined(bits in prop::collection::vec(any::<u32>(), 1000)) {
        for (function, set) in sloped() {
            let alive = definition(function);
            let values = bits.iter().map(|&bits| f64::from(f32::from_bits(bits)));
            for z in values.filter(|z| z.is_finite()) {
                prop_assert_eq!(set.contains(z), alive(z), "{} at {:e}", function, z);
            }
        }
    }
}

fn intervals(name: &str) -> Vec<(f64, f64)> {
    match set(&Function::parse(name).expect("a function")) {
        AliveSet::Intervals(region) => region.intervals().to_vec(),
        AliveSet::Slope { .. } => panic!("{name} has no intervals"),
    }
}

#[test]
fn relu_is_alive_above_zero() {
    assert_eq!(intervals("relu"), [(f64::from_bits(1), f64::INFINITY)]);
}

#[test]
fn a_leaky_slope_is_alive_everywhere() {
    assert_eq!(
        intervals("leaky_relu"),
        [(f64::NEG_INFINITY, f64::INFINITY)]
    );
}

/// The slope of GELU is 0 at its minimum near -0.75, and the set has a hole there.
#[test]
fn gelu_has_a_hole_at_its_minimum() {
    let found = intervals("gelu");
    assert_eq!(found.len(), 2, "{found:?}");
    let (from, to) = (found[0].1, found[1].0);
    assert!(
        from < -0.7517 && -0.7518 < to && to - from < 0.01,
        "{from} {to}"
    );
}

#[test]
fn a_sine_is_judged_by_its_slope() {
    let sine = Function::parse("sine").expect("a function");
    assert!(matches!(set(&sine), AliveSet::Slope { .. }));
}

/// The recorder counts what the definition says, in both widths, also at the very ends.
#[test]
fn the_recorder_counts_by_the_definition() {
    for (function, set) in sloped() {
        let network = one_site(&function.to_string(), 1);
        let alive = definition(function);
        let wide: Vec<f64> = arguments(&set)
            .into_iter()
            .filter(|z| z.abs() < 1e30)
            .collect();
        let narrow: Vec<f32> = wide.iter().map(|&z| z as f32).collect();
        let mut recorder = Recorder::new(&network, RecorderOptions::default());
        let layout = Layout::dense(wide.len(), 1);
        recorder.site(0, Values::F64(&wide), Values::F64(&wide), layout);
        recorder.site(0, Values::F32(&narrow), Values::F32(&narrow), layout);
        recorder.finish_chunk(2 * wide.len());
        let widened = narrow.iter().map(|&z| f64::from(z));
        let expected = wide
            .iter()
            .copied()
            .chain(widened)
            .filter(|&z| alive(z))
            .count();
        let evidence = recorder.into_evidence();
        let seen = evidence.site(0).expect("seen").units()[0].alive;
        assert_eq!(seen, Some(expected as u64), "{function}");
    }
}
