//! Every fact is taken at its word, and the test looks for a number that refutes it.

use knee::{Centre, Facts, Function, Monotone, Smoothness, Tail};
use knee_oracle::Big;

use crate::support::points::{Random, hard};
use crate::support::samples::truth;
use crate::support::{for_each, variants};

/// Numbers in ascending order: where functions bend, far out, and the hard points.
fn arguments(function: &Function) -> Vec<f64> {
    let mut random = Random(3);
    let mut points: Vec<f64> = (-4000..=4000)
        .map(|i| f64::from(i) / 200.0 + random.between(-0.002, 0.002))
        .collect();
    points.extend(hard::<f64>(function));
    points.extend([1e3, 1e10, 1e100, -1e3, -1e10, -1e100]);
    points.sort_by(f64::total_cmp);
    points
}

fn each_variant(name: &str, check: impl Fn(&Function, &Facts)) {
    for function in variants(name) {
        check(&function, &function.facts());
    }
}

/// How much narrower than usual the bends are: the largest parameter or reciprocal of one.
fn sharpness(function: &Function) -> f64 {
    let finite = |p: f64| p.is_finite() && p != 0.0;
    let values = function
        .parameters()
        .into_iter()
        .map(|p| p.value.abs())
        .filter(|&p| finite(p));
    values.fold(1.0, |sharpest, p| sharpest.max(p).max(1.0 / p))
}

/// No value leaves the range, not even by rounding, unless the range is open and its end is the nearest number; and every end
/// is approached.
fn range(name: &str) {
    each_variant(name, |function, facts| {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for x in arguments(function) {
            let y = function.value(x);
            assert!(
                y >= facts.range.low && y <= facts.range.high,
                "{function}({x:e}) = {y:e} leaves {:?}",
                facts.range
            );
            let single = function.value((x as f32).clamp(f32::MIN, f32::MAX));
            assert!(
                single >= facts.range.low as f32 && single <= facts.range.high as f32,
                "{function}({x:e}) f32 = {single:e}"
            );
            // In the open, away from the tails, an open end is not reached.
            if x.abs() < 5.0 / sharpness(function) && x.abs() > 1e-3 {
                assert!(
                    facts.range.contains(y),
                    "{function}({x}) = {y} is an open end"
                );
            }
            (low, high) = (low.min(y), high.max(y));
        }
        let reached = |end: f64, extreme: f64| {
            if end.is_finite() {
                (end - extreme).abs() <= 1e-15 * end.abs() + 1e-300
            } else {
                let slow = [facts.left, facts.right].contains(&Tail::Sublinear);
                extreme.abs() > if slow { 700.0 } else { 1e90 }
            }
        };
        assert!(
            reached(facts.range.low, low),
            "{function}: the least value seen is {low:e}, not {:e}",
            facts.range.low
        );
        assert!(
            reached(facts.range.high, high),
            "{function}: the largest value seen is {high:e}, not {:e}",
            facts.range.high
        );
    });
}

/// A monotone function keeps order between all neighbours that were tried, in both types; one that is not has a counterexample.
fn monotone(name: &str) {
    each_variant(name, |function, facts| {
        let points = arguments(function);
        let pairs = points.windows(2).map(|w| (w[0], w[1]));
        let (mut rises, mut falls) = (0, 0);
        for (a, b) in pairs {
            let (ya, yb) = (function.value(a), function.value(b));
            let single = |x: f64| function.value((x as f32).clamp(f32::MIN, f32::MAX));
            let (sa, sb) = (single(a), single(b));
            rises += usize::from(yb > ya);
            falls += usize::from(yb < ya);
            match facts.monotone {
                Monotone::NonDecreasing => assert!(
                    yb >= ya && sb >= sa,
                    "{function} falls between {a:e} and {b:e}"
                ),
                Monotone::NonIncreasing => assert!(
                    yb <= ya && sb <= sa,
                    "{function} rises between {a:e} and {b:e}"
                ),
                Monotone::No => {}
            }
        }
        if facts.monotone == Monotone::No {
            assert!(
                steps(function).iter().any(|&step| step < 0.0) || (rises > 0 && falls > 0),
                "{function} looks monotone"
            );
        }
    });
}

/// The differences to both neighbours where a formula may change: at 0, at a parameter of either sign, at the threshold of a
/// scaled argument.
fn steps(function: &Function) -> Vec<f64> {
    let parameters = function.parameters();
    let scale = parameters.iter().find(|p| p.name == "beta");
    let scale = scale.map_or(1.0, |p| p.value);
    let finite = parameters.iter().map(|p| p.value).filter(|p| p.is_finite());
    let seams = finite.flat_map(|p| [p, -p, p / scale]);
    let seams = std::iter::once(0.0).chain(seams);
    let values = seams.map(|at| [at.next_down(), at, at.next_up()].map(|x| function.value(x)));
    values
        .flat_map(|[left, at, right]| [at - left, right - at])
        .collect()
}

/// One-sided slopes differ at the declared kinks and nowhere else, unless the slope declared there is neither of them.
fn kinks(name: &str) {
    each_variant(name, |function, facts| {
        let jump =
            |at: f64| (function.derivative(at + 1e-9) - function.derivative(at - 1e-9)).abs();
        for kink in &facts.kinks {
            let beside = function.derivative(kink.at + 1e-9);
            assert!(
                jump(kink.at) > 1e-3 || (beside - kink.slope).abs() > 1e-3,
                "{function} has no kink at {}",
                kink.at
            );
        }
        for x in arguments(function).into_iter().filter(|x| x.abs() < 600.0) {
            let far = facts.kinks.iter().all(|kink| (x - kink.at).abs() > 1e-8);
            let bound = 1e-6
                * facts
                    .lipschitz
                    .unwrap_or_else(|| function.derivative(x).abs())
                    .powi(2)
                    .max(1.0);
            assert!(
                !far || jump(x) <= bound,
                "{function} has a kink at {x} that is not declared"
            );
        }
    });
}

/// `Times(0)` is continuous with kinks, `Times(1)` has a continuous slope but not a continuous second one, `Infinite` neither jump.
fn smoothness(name: &str) {
    each_variant(name, |function, facts| {
        let second_jump = |at: f64| {
            let h = 1e-5;
            let left = (function.derivative(at - h) - function.derivative(at - 2.0 * h)) / h;
            let right = (function.derivative(at + 2.0 * h) - function.derivative(at + h)) / h;
            (left - right).abs()
        };
        let third_jump = |at: f64| {
            let second = |h: f64| {
                let f = |step: f64| function.derivative(at + step * h);
                (f(0.0) - 2.0 * f(1.0) + f(2.0)) / (h * h)
            };
            (second(1e-4) - second(-1e-4)).abs()
        };
        let places: Vec<f64> = (-800..=800).map(|i| f64::from(i) / 100.0).collect();
        let steep = facts.lipschitz.unwrap_or(3000.0).max(1.0);
        let sharpness = sharpness(function);
        match facts.smoothness {
            Smoothness::Infinite => {
                assert!(facts.kinks.is_empty(), "{function} is smooth and has kinks");
                for at in places {
                    assert!(
                        second_jump(at) < 1e-3 * steep * sharpness.powi(3),
                        "{function}'' jumps at {at}"
                    );
                }
            }
            Smoothness::Times(0) => {
                assert!(
                    !facts.kinks.is_empty(),
                    "{function} has kinks that are not declared"
                );
                for kink in &facts.kinks {
                    let jump =
                        (function.value(kink.at + 1e-12) - function.value(kink.at - 1e-12)).abs();
                    assert!(jump < 1e-11, "{function} jumps at {}", kink.at);
                }
            }
            Smoothness::Times(1) => {
                assert!(
                    facts.kinks.is_empty(),
                    "{function} has a continuous slope and kinks"
                );
                assert!(
                    places.into_iter().any(|at| second_jump(at) > 0.1),
                    "{function}'' has no jump"
                );
            }
            Smoothness::Times(_) => {
                assert!(
                    places.iter().all(|&at| second_jump(at) < 1e-3 * steep),
                    "{function}'' jumps"
                );
                assert!(
                    places.into_iter().any(|at| third_jump(at) > 0.1),
                    "{function}''' has no jump"
                );
            }
            Smoothness::Discontinuous => {
                assert!(
                    steps(function).iter().any(|step| step.abs() > 1e-10),
                    "{function} has no step"
                );
            }
        }
    });
}

/// Inside of a flat interval the slope is exactly zero; outside, away from the tails where it rounds to zero, it is zero
/// at single points only.
fn flat(name: &str) {
    each_variant(name, |function, facts| {
        let truth = truth(function);
        for x in arguments(function) {
            let inside = facts.flat.iter().any(|interval| interval.contains(x));
            let slope = function.derivative(x);
            if inside {
                assert_eq!(slope, 0.0, "{function}'({x:e}) in a flat interval");
            } else if x.abs() < 5.0 && facts.kinks.iter().all(|kink| kink.at != x) {
                // A root is not as wide as this, and a slope that is too small for a number is not zero.
                let slopes = || [x - 1e-3, x, x + 1e-3].map(|x| truth.derivative(x));
                assert!(
                    slope != 0.0 || slopes().iter().any(|slope| *slope != Big::of(0.0)),
                    "{function}'({x:e}) is zero outside of the flat intervals"
                );
            }
        }
    });
}

/// The tails are what they are said to be, far out.
fn tails(name: &str) {
    each_variant(name, |function, facts| {
        for (sign, tail) in [(-1.0, facts.left), (1.0, facts.right)] {
            let far = sign * 1e12;
            match tail {
                Tail::Saturates { limit } => {
                    assert!(
                        (function.value(far) - limit).abs() < 1e-9,
                        "{function} towards {far}"
                    );
                }
                Tail::Linear { slope } => {
                    assert!(slope != 0.0, "a level line is a saturation");
                    assert!(
                        (function.value(far) / far - slope).abs() < 1e-5,
                        "{function} towards {far}"
                    );
                    assert!(
                        (function.derivative(far) - slope).abs() < 1e-12,
                        "{function}' towards {far}"
                    );
                }
                Tail::Grows => {
                    let slope = (function.value(far) / far).abs();
                    assert!(slope > 1e6, "{function} towards {far}");
                }
                Tail::Sublinear => {
                    let slope = function.derivative(far).abs();
                    assert!(slope > 0.0 && slope < 1e-5, "{function}' towards {far}");
                    let further = function.value(16.0 * far) - function.value(far);
                    assert!(further.abs() > 1.0, "{function} towards {far}");
                }
                Tail::Oscillates => {
                    let values: Vec<f64> = (0..1000)
                        .map(|i| function.value(far + f64::from(i) * 0.37))
                        .collect();
                    assert!(
                        values.iter().any(|y| *y > 0.9) && values.iter().any(|y| *y < -0.9),
                        "{function} towards {far}"
                    );
                }
            }
        }
    });
}

fn centre(name: &str) {
    each_variant(name, |function, facts| {
        let points = arguments(function);
        let odd = points
            .iter()
            .all(|&x| function.value(-x) == -function.value(x));
        let positive = points.iter().any(|&x| function.value(x) > 0.0);
        let negative = points.iter().any(|&x| function.value(x) < 0.0);
        let seen = if odd {
            Centre::Odd
        } else if positive && negative {
            Centre::BothSigns
        } else {
            Centre::OneSided
        };
        assert_eq!(facts.centre, seen, "{function}");
    });
}

/// No slope is steeper than the bound, and the bound is nearly reached; without a bound slopes grow without end, or
/// the function jumps.
fn lipschitz(name: &str) {
    each_variant(name, |function, facts| {
        let mut steepest = 0.0_f64;
        let points = arguments(function);
        let fine = (-40_000..=40_000).map(|i| f64::from(i) / 8000.0);
        for x in points.into_iter().chain(fine) {
            let slope = function.derivative(x).abs();
            assert!(
                facts.lipschitz.is_none_or(|bound| slope <= bound),
                "{function}'({x:e}) = {slope} is steeper than {:?}",
                facts.lipschitz
            );
            steepest = steepest.max(slope);
        }
        match facts.lipschitz {
            Some(bound) => assert!(
                steepest >= bound * (1.0 - 1e-4),
                "{function}: the steepest slope seen is {steepest}, not {bound}"
            ),
            None => assert!(
                facts.smoothness == Smoothness::Discontinuous || steepest > 1e30,
                "{function}: {steepest}"
            ),
        }
    });
}

fn typical_use(name: &str) {
    each_variant(name, |function, facts| {
        assert!(facts.typical_use.len() > 3, "{function}");
    });
}

for_each!($ range, monotone, kinks, smoothness, flat, tails, centre, lipschitz, typical_use);
