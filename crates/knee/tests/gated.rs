//! The gated units: accuracy against the formulas in their documentation, layouts, special values, errors.

use half::{bf16, f16};
use knee::gated::{GatedFunction, Half, Layout};
use knee::{Axis, Element, Function, ParameterError, ParseError};
use knee_oracle::{Big, Measured, Truth, same, ulps};

use crate::support::points::{Random, hard};

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;
const SLOPE: &str = "gradient of the gate";

fn parse(text: &str) -> GatedFunction {
    GatedFunction::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Every unit, and one with other parameters.
fn functions() -> Vec<GatedFunction> {
    let other = parse("swiglu_oai(alpha=0.8, limit=2.5)");
    GatedFunction::ALL.iter().copied().chain([other]).collect()
}

/// The formula of the documentation as a function of the gate, for one value of the other half.
fn truth(function: GatedFunction, up: f64) -> Truth {
    let formula = function.about().formula();
    let span = formula.split('`').nth(1).expect("a code span");
    let mut parameters: Vec<(&str, f64)> = vec![("up", up)];
    let own = function.parameters();
    parameters.extend(own.iter().map(|p| (p.name, p.value)));
    Truth::parse(&span.replace("gate", "x"), &parameters)
        .unwrap_or_else(|error| panic!("{function}: {error}"))
}

/// Value and both gradients of one gate.
fn results<T: Element>(function: GatedFunction, gate: T, up: T, dy: T) -> [T; 3] {
    let (mut y, mut dgate, mut dup) = ([T::default()], [T::default()], [T::default()]);
    function.forward(&[gate], &[up], &mut y);
    function.backward(&[gate], &[up], &[dy], &mut dgate, &mut dup);
    [y[0], dgate[0], dup[0]]
}

/// Where the slope of `z * sigmoid(z)` is zero, for a unit that scales its gate.
fn beside_the_root<T: Measured>(function: GatedFunction) -> Vec<T> {
    let parameters = function.parameters();
    let Some(alpha) = parameters.iter().find(|p| p.name == "alpha") else {
        return Vec::new();
    };
    let root = T::from_f64(-1.2784645427610737 / alpha.value).ordered();
    (-20..=20)
        .map(|step| T::from_ordered(root + step))
        .collect()
}

fn accuracy<T: Measured>(step: usize, factors: &[f64]) {
    let silu = Function::parse("silu").expect("a function");
    let gates: Vec<T> = hard::<T>(&silu).into_iter().step_by(step).collect();
    let mut random = Random(3);
    for function in functions() {
        let limit = function
            .parameters()
            .iter()
            .find(|p| p.name == "limit")
            .map(|p| p.value);
        for factor in factors {
            let up = T::from_f64(factor * random.between(1.0, 2.0));
            let dy = T::from_f64(random.between(-3.0, -1.0));
            let truth = truth(function, up.to_f64());
            for gate in gates.iter().chain(&beside_the_root::<T>(function)) {
                let at = gate.to_f64();
                // What holds at the knots is tested by itself.
                if at == 0.0 || limit == Some(at) {
                    continue;
                }
                let upstream = Big::of(dy.to_f64());
                let (value, slope) = truth.both(at);
                let other = truth.gradient("up", at).expect("a parameter");
                let found = results(function, *gate, up, dy);
                let expected = [value, slope * upstream.clone(), other * upstream];
                let names = ["value", SLOPE, "gradient of the other half"];
                for ((found, expected), name) in found.iter().zip(&expected).zip(names) {
                    let declared = function.about().budget;
                    let budget = match (T::DIGITS, name) {
                        (11 | 8, _) => 0.501,
                        (_, SLOPE) => declared.derivative,
                        _ => declared.forward,
                    };
                    let error = ulps(*found, expected);
                    assert!(
                        error <= budget,
                        "{function} {}: {name} at gate {at:e}, up {:e}: {error} ulp",
                        T::NAME,
                        up.to_f64()
                    );
                }
            }
        }
    }
}

#[test]
fn f32_is_rounded_once() {
    accuracy::<f32>(2, &[1.0, -1.0, 1e-5, -1e20]);
}

#[test]
fn f64_is_rounded_once() {
    accuracy::<f64>(4, &[1.0, -1.0, 1e-20, -1e250]);
}

#[test]
fn f16_is_rounded_once() {
    accuracy::<f16>(4, &[1.0, -0.01]);
}

#[test]
fn bf16_is_rounded_once() {
    accuracy::<bf16>(4, &[1.0, -1e10]);
}

/// Where the activation alone has no digits left, a large factor brings the product back.
#[test]
fn a_closed_gate_beside_a_large_number_keeps_its_digits() {
    for (name, gate, up) in [
        ("glu", -740.0, 1e300),
        ("swiglu", -743.0, -1e305),
        ("geglu", -38.0, 1e300),
    ] {
        let found = parse(name).value(gate, up);
        let expected = truth(parse(name), up).value(gate);
        assert!(ulps(found, &expected) <= 0.51, "{name}: {found:e}");
    }
}

#[test]
fn the_knots_are_as_documented() {
    let [y, dgate, dup] = results(parse("reglu"), 0.0, 3.0, 2.0);
    assert_eq!([y, dgate, dup], [0.0, 0.0, 0.0]);
    let oai = parse("swiglu_oai");
    let at_limit = results(oai, 7.0, 1.0, 1.0);
    let beyond = results(oai, 100.0, 1.0, 1.0);
    assert!(
        at_limit[1] == 0.0 && beyond == at_limit,
        "{at_limit:?} {beyond:?}"
    );
    for up in [7.0, -7.0, 50.0, -INF] {
        assert_eq!(results(oai, 1.0, up, 1.0)[2], 0.0);
    }
    assert_eq!(
        results(oai, 1.0, 50.0, 1.0)[0],
        results(oai, 1.0, 7.0, 1.0)[0]
    );
    // The 1 that is added: an `up` of -1 closes, 0 does not.
    assert_eq!(results(oai, 1.0, -1.0, 1.0)[0], 0.0);
    assert_eq!(
        results(oai, 1.0, 0.0, 1.0)[0],
        Function::parse("quick_gelu")
            .expect("a function")
            .value(1.0)
    );
}

fn special_values<T: Element>() {
    for function in functions() {
        for (gate, up, dy) in [
            (NAN, 1.0, 1.0),
            (1.0, NAN, 1.0),
            (NAN, NAN, 1.0),
            (-2.0, 0.5, NAN),
            (NAN, INF, 1.0),
            (-INF, NAN, 1.0),
        ] {
            let [y, dgate, dup] = results(
                function,
                T::from_f64(gate),
                T::from_f64(up),
                T::from_f64(dy),
            )
            .map(T::to_f64);
            assert!(
                y.is_nan() || dy.is_nan(),
                "{function} of {gate} and {up} is {y}"
            );
            assert!(dgate.is_nan() && dup.is_nan(), "{function}: {dgate}, {dup}");
        }
    }
    let value = |name: &str, gate, up| {
        parse(name)
            .value(T::from_f64(gate), T::from_f64(up))
            .to_f64()
    };
    // A gate that is wide open or shut.
    assert_eq!(value("glu", INF, 3.0), 3.0);
    for name in ["glu", "reglu", "geglu", "swiglu", "swiglu_oai"] {
        assert_eq!(value(name, -INF, 3.0), 0.0, "{name}");
        assert_eq!(
            value(name, -0.0, 3.0).abs(),
            if name == "glu" { 1.5 } else { 0.0 },
            "{name}"
        );
        if name != "swiglu_oai" {
            assert!(value(name, -INF, INF).is_nan(), "{name}: 0 times infinity");
        }
    }
    for name in ["bilinear", "reglu", "geglu", "swiglu"] {
        assert_eq!(value(name, INF, -3.0), -INF, "{name}");
        assert_eq!(value(name, 1.0, INF), INF, "{name}");
    }
}

#[test]
fn special_values_are_as_documented() {
    special_values::<f32>();
    special_values::<f64>();
    special_values::<f16>();
}

/// The four layouts of the same gates, along an inner axis and across: forward and backward.
#[test]
fn layouts_lead_to_the_same_bits() {
    let mut random = Random(12);
    let mut draw = |count: usize| -> Vec<f32> {
        (0..count)
            .map(|_| random.between(-3.0, 3.0) as f32)
            .collect()
    };
    let (outer, half, stride) = (2, 3, 4);
    let (gate, up, dy) = (
        draw(outer * half * stride),
        draw(outer * half * stride),
        draw(outer * half * stride),
    );
    for stride in [stride, 1] {
        let outer = gate.len() / half / stride;
        let rows = Axis {
            length: 2 * half,
            stride,
        };
        for function in functions() {
            let (mut y, mut dgate, mut dup) = (vec![0.0; gate.len()], gate.clone(), gate.clone());
            function.forward(&gate, &up, &mut y);
            function.backward(&gate, &up, &dy, &mut dgate, &mut dup);
            for (gate_half, interleaved) in [
                (Half::First, false),
                (Half::Second, false),
                (Half::First, true),
                (Half::Second, true),
            ] {
                let layout = Layout {
                    gate: gate_half,
                    interleaved,
                };
                let packed = |gate: &[f32], up: &[f32]| {
                    let mut x = vec![0.0; 2 * gate.len()];
                    for index in 0..gate.len() {
                        let (o, k, i) =
                            (index / stride / half, index / stride % half, index % stride);
                        let (first, second) = if interleaved {
                            (2 * k, 2 * k + 1)
                        } else {
                            (k, half + k)
                        };
                        let at = |k: usize| (o * 2 * half + k) * stride + i;
                        let (a, b) = if gate_half == Half::First {
                            (gate[index], up[index])
                        } else {
                            (up[index], gate[index])
                        };
                        (x[at(first)], x[at(second)]) = (a, b);
                    }
                    x
                };
                assert_eq!(outer * half * stride, gate.len());
                let x = packed(&gate, &up);
                let (mut found, mut dx) = (vec![0.0; gate.len()], vec![0.0; x.len()]);
                function.forward_packed(&x, rows, layout, &mut found);
                assert!(
                    found.iter().zip(&y).all(|(a, b)| same(*a, *b)),
                    "{function} {layout:?}"
                );
                function.backward_packed(&x, &dy, rows, layout, &mut dx);
                let expected = packed(&dgate, &dup);
                assert!(
                    dx.iter().zip(&expected).all(|(a, b)| same(*a, *b)),
                    "{function} {layout:?}"
                );
            }
        }
    }
}

/// Results of 8 MiB and more are written around the caches.
#[test]
fn large_packed_rows_have_the_bits_of_two_slices() {
    let (rows, half) = (700, 3001);
    let number = |index: usize| (index * 7919 % 1000) as f32 * 0.01 - 5.0;
    let x: Vec<f32> = (0..2 * rows * half).map(number).collect();
    let dy: Vec<f32> = (0..rows * half).map(|index| number(index + 1)).collect();
    let unit = GatedFunction::Reglu;
    for layout in [Layout::TORCH, Layout::INTERLEAVED] {
        let place = |index: usize, half_of: Half| {
            let (row, column) = (index / half * 2 * half, index % half);
            match (layout.interleaved, half_of) {
                (true, Half::First) => row + 2 * column,
                (true, Half::Second) => row + 2 * column + 1,
                (false, Half::First) => row + column,
                (false, Half::Second) => row + half + column,
            }
        };
        let other = match layout.gate {
            Half::First => Half::Second,
            Half::Second => Half::First,
        };
        let part = |half_of| (0..dy.len()).map(move |index| place(index, half_of));
        let [gate, up] =
            [layout.gate, other].map(|part_of| part(part_of).map(|at| x[at]).collect::<Vec<_>>());
        let mut expected = [(); 3].map(|()| vec![0.0; dy.len()]);
        let [y, dgate, dup] = &mut expected;
        unit.forward(&gate, &up, y);
        unit.backward(&gate, &up, &dy, dgate, dup);
        let (mut found, mut dx) = (vec![0.0; dy.len()], vec![0.0; x.len()]);
        unit.forward_packed(&x, 2 * half, layout, &mut found);
        unit.backward_packed(&x, &dy, 2 * half, layout, &mut dx);
        assert!(found == *y, "{layout:?}");
        let gathered = |part_of| part(part_of).map(|at| dx[at]).collect::<Vec<_>>();
        assert!(gathered(layout.gate) == *dgate, "{layout:?}, gate");
        assert!(gathered(other) == *dup, "{layout:?}, other half");
    }
}

#[test]
fn units_are_products_with_their_activation() {
    let mut random = Random(1);
    for (unit, activation) in [
        ("glu", "sigmoid"),
        ("bilinear", "identity"),
        ("reglu", "relu"),
        ("geglu", "gelu"),
        ("swiglu", "silu"),
    ] {
        let activation = Function::parse(activation).expect("a function");
        for _ in 0..300 {
            let (gate, up) = (random.between(-9.0, 9.0), random.between(-9.0, 9.0));
            let (found, product) = (parse(unit).value(gate, up), activation.value(gate) * up);
            assert!(
                (found - product).abs() <= 2.0 * f64::EPSILON * product.abs(),
                "{unit}"
            );
        }
    }
}

#[test]
fn empty_slices_are_allowed() {
    for function in functions() {
        function.forward::<f32>(&[], &[], &mut []);
        function.forward_packed::<f32>(&[], 0, Layout::TORCH, &mut []);
        function.backward_packed::<f64>(&[], &[], 4, Layout::TORCH, &mut []);
    }
}

#[test]
#[should_panic(expected = "a row of 3 elements has no two halves")]
fn an_odd_row_is_refused() {
    GatedFunction::Glu.forward_packed(&[0.0_f32; 6], 3, Layout::TORCH, &mut [0.0; 3]);
}

#[test]
#[should_panic(expected = "`up` has 2 elements and `gate` has 3")]
fn halves_of_different_lengths_are_refused() {
    GatedFunction::Glu.forward(&[0.0_f32; 3], &[0.0; 2], &mut [0.0; 3]);
}

#[test]
#[should_panic(expected = "`y` has 4 elements and `half of `x`` has 2")]
fn an_output_of_another_length_is_refused() {
    GatedFunction::Glu.forward_packed(&[0.0_f32; 4], 4, Layout::TORCH, &mut [0.0; 4]);
}

#[test]
fn names_and_parameters_are_checked() {
    for function in GatedFunction::ALL {
        assert_eq!(GatedFunction::parse(function.name()), Ok(*function));
        for row in function.about().foreign {
            assert_eq!(
                GatedFunction::from_foreign(row.framework, row.op),
                Some(*function)
            );
        }
    }
    assert_eq!(
        parse("swiglu_oai(limit=5)").to_string(),
        "swiglu_oai(limit=5)"
    );
    let error = GatedFunction::parse("swiglu_oai(limit=0)");
    let domain = ParameterError::OutOfDomain {
        function: "swiglu_oai",
        parameter: "limit",
        found: 0.0,
        expected: "a finite number greater than 0",
    };
    assert_eq!(error, Err(ParseError::Parameter(domain)));
    let error = GatedFunction::parse("swigul").expect_err("no name");
    assert_eq!(
        error.to_string(),
        "unknown function `swigul`; the nearest name is `swiglu`"
    );
}
