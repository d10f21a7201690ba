//! The learned functions: accuracy of values, derivatives and gradients of parameters; limits; slices; names; gains.

use knee::learned::{Channels, LearnedFunction};
use knee_oracle::{Big, Measured, Truth, ulps};

use crate::support::points::Random;

/// The functions with their initial parameters, and with others.
const VARIANTS: &[&str] = &[
    "prelu",
    "prelu(slope=-0.3)",
    "swish_beta",
    "swish_beta(beta=-1.75)",
    "swish_beta(beta=0)",
    "pelu",
    "pelu(a=0.3, b=2.7)",
    "pelu(a=3, b=0.125)",
    "snake",
    "snake(a=0.37)",
    "snake(a=-5)",
    "snake(a=0)",
    "acon_c",
    "acon_c(p1=0.7, p2=0.25, beta=1.5)",
    "acon_c(p1=1.25, p2=-0.25)",
    "acon_c(p1=-0.5, p2=1.5, beta=2)",
    "star_relu",
    "star_relu(s=1, b=0)",
    "star_relu(s=-2.5, b=0.3)",
    "dyt",
    "dyt(alpha=1.7, gamma=-0.6, beta=0.2)",
    "xielu",
    "xielu(alpha_p=-1, alpha_n=0.7, beta=0.25, eps=0)",
    "xielu(beta=0, eps=0)",
    "xielu(eps=-2)",
    "soft_exponential",
    "soft_exponential(alpha=0.5)",
    "soft_exponential(alpha=1)",
    "soft_exponential(alpha=-0.5)",
    "soft_exponential(alpha=-1.25)",
    "soft_exponential(alpha=0.0001)",
    "soft_exponential(alpha=-0.0001)",
    "sinlu",
    "sinlu(a=0.4, b=3)",
    "poly_relu",
    "poly_relu(a0=0.5, a1=-1, a2=0.25, a3=0)",
    "pau",
    "pau(b1=-0.3, b3=0.7)",
    "pau(a5=0, a0=-1)",
    "erfact",
    "erfact(a=1.5, b=-0.4)",
    "cauchy",
    "cauchy(l1=-0.5, l2=2, d=0.3)",
];

fn function(text: &str) -> LearnedFunction {
    LearnedFunction::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn oracle(function: &LearnedFunction) -> Truth {
    let parameters = function.parameters();
    let values: Vec<(&str, f64)> = parameters.iter().map(|p| (p.name, p.value)).collect();
    Truth::documented(function.about(), &values)
        .unwrap_or_else(|error| panic!("{function}: {error}"))
}

/// Where the logarithm of a soft exponential begins.
fn lowest(function: &LearnedFunction) -> f64 {
    let alpha = function.parameters()[0].value;
    if function.name() == "soft_exponential" && alpha < 0.0 {
        alpha.recip() - alpha + 1e-9
    } else {
        f64::NEG_INFINITY
    }
}

/// Every binade of the type, more of them where something happens, both sides of the knots, and some anywhere.
fn points<T: Measured>(lowest: f64) -> Vec<T> {
    let mut random = Random(11);
    let mut points: Vec<T> = (-12..=12).map(T::from_ordered).collect();
    for knot in [-1e-6, 1.0, -1.0, -1.3, 1e75, 0.7] {
        let knot = T::from_f64(knot).ordered();
        points.extend((-2..=2).map(|step| T::from_ordered(knot + step)));
    }
    let largest = T::LARGEST.log2() as i32;
    for exponent in T::SMALLEST as i32..largest {
        if (-25..11).contains(&exponent) || exponent % 24 == 0 {
            for sign in [-1.0, 1.0] {
                points.push(T::from_f64(
                    sign * random.between(1.0, 2.0) * f64::from(exponent).exp2(),
                ));
            }
        }
    }
    points.extend((0..60).map(|_| T::from_f64(random.between(-12.0, 12.0))));
    points.extend((0..60).map(|_| T::from_f64(random.between(-800.0, 800.0))));
    points.retain(|x| x.to_f64().is_finite() && x.to_f64() > lowest);
    points
}

/// Whether a quantity changes its sign within a share of `2^-40` of `x`.
fn beside_a_root(x: f64, truth: impl Fn(f64) -> Big) -> bool {
    let step = (-40.0_f64).exp2();
    let side = |share: f64| truth(x * (1.0 + share)) > Big::of(0.0);
    side(step) != side(-step)
}

/// Values, derivatives and gradients are within the budget that the function declares, also beside their own roots in an `f32`. In an
/// `f64` they may miss it where they are subnormal, which products round more than once, by up to 2 ulp; and beside roots
/// whose place depends on parameters.
fn within_budget<T: Measured>(text: &str) {
    let function = function(text);
    let (oracle, budget) = (oracle(&function), function.about().budget);
    let parameters = function.parameters();
    for x in points::<T>(lowest(&function)) {
        let wide = x.to_f64();
        let check = |what: &str, found: T, budget: f64, truth: &dyn Fn(f64) -> Big| {
            let exact = truth(wide);
            let tiny = T::NAME == "f64" && exact.exponent().is_some_and(|e| e < -960);
            let error = ulps(found, &exact);
            assert!(
                error <= if tiny { 2.0 } else { budget }
                    || (T::NAME == "f64" && beside_a_root(wide, truth)),
                "{text} {}: {what} at {x:?} is {found:?}, {error} ulp from {:e}",
                T::NAME,
                exact.to_f64()
            );
        };
        check("value", function.value(x), budget.forward, &|x| {
            oracle.value(x)
        });
        check(
            "derivative",
            function.derivative(x),
            budget.derivative,
            &|x| oracle.derivative(x),
        );
        for (parameter, found) in parameters.iter().zip(function.gradient(x)) {
            if defined(&function, parameter.name) {
                let truth = |x| oracle.gradient(parameter.name, x).expect("a parameter");
                let what = format!("gradient of {}", parameter.name);
                check(&what, found, budget.derivative, &truth);
            }
        }
    }
}

/// Where the formula has a gradient that is the function's: the branches of a parameter that is 0 have none, which the tests
/// of limits cover.
fn defined(function: &LearnedFunction, parameter: &str) -> bool {
    let value = |name: &str| {
        function
            .parameters()
            .iter()
            .find(|p| p.name == name)
            .map(|p| p.value)
    };
    match (function.name(), parameter) {
        ("snake", "a") => value("a") != Some(0.0),
        ("soft_exponential", _) => value("alpha") != Some(0.0),
        _ => true,
    }
}

#[test]
fn f32_is_within_its_budget() {
    for text in VARIANTS {
        within_budget::<f32>(text);
    }
}

#[test]
fn f64_is_within_its_budget() {
    for text in VARIANTS {
        within_budget::<f64>(text);
    }
}

/// What the documentation states as the derivative is the derivative of the formula.
#[test]
fn stated_derivatives_are_those_of_the_formulas() {
    let mut stated = 0;
    for text in VARIANTS {
        let oracle = oracle(&function(text));
        for x in [-2.5, -0.75, -1e-3, 0.4, 1.5, 6.0] {
            if x <= lowest(&function(text)) {
                continue;
            }
            if let Some(found) = oracle.stated_derivative(x) {
                stated += 1;
                let error = (found - oracle.derivative(x)).to_f64().abs();
                assert!(error < 1e-25, "{text} at {x}: {error:e}");
            }
        }
    }
    assert!(stated > 100, "{stated}");
}

#[test]
fn limits_at_the_infinities() {
    let inf = f64::INFINITY;
    for (text, left, right) in [
        ("prelu", [-inf, 0.25], [inf, 1.0]),
        ("swish_beta", [0.0, 0.0], [inf, 1.0]),
        ("pelu(a=2)", [-2.0, 0.0], [inf, 2.0]),
        ("snake", [-inf, f64::NAN], [inf, f64::NAN]),
        ("acon_c", [0.0, 0.0], [inf, 1.0]),
        ("acon_c(p1=2, p2=-1)", [inf, -1.0], [inf, 2.0]),
        ("acon_c(p1=2, p2=2)", [-inf, 2.0], [inf, 2.0]),
        ("star_relu", [-0.4472, 0.0], [inf, inf]),
        ("dyt(gamma=3, beta=1)", [-2.0, 0.0], [4.0, 0.0]),
        ("dyt(alpha=0, beta=1)", [1.0, 0.0], [1.0, 0.0]),
        ("xielu", [inf, -0.3], [inf, inf]),
        ("soft_exponential", [-inf, 1.0], [inf, 1.0]),
        ("soft_exponential(alpha=1)", [0.0, 0.0], [inf, inf]),
        (
            "soft_exponential(alpha=-1)",
            [f64::NAN, f64::NAN],
            [inf, 0.0],
        ),
        ("sinlu", [0.0, 0.0], [inf, f64::NAN]),
        ("poly_relu", [0.0, 0.0], [inf, inf]),
        ("poly_relu(a2=0, a3=0)", [0.0, 0.0], [inf, 1.0 / 3.0]),
        ("pau(a5=1, b4=2)", [-inf, 0.5], [inf, 0.5]),
        ("pau(a4=3, a5=0, b4=2)", [1.5, 0.0], [1.5, 0.0]),
        ("erfact", [0.0, 0.0], [inf, 1.0]),
        ("cauchy", [0.0, 0.0], [0.0, 0.0]),
    ] {
        let f = function(text);
        for (x, [value, slope]) in [(-inf, left), (inf, right)] {
            let near = |found: f64, expected: f64| {
                found == expected
                    || (found.is_nan() && expected.is_nan())
                    || (found - expected).abs() < 1e-12
            };
            assert!(near(f.value(x), value), "{text} at {x}: {}", f.value(x));
            assert!(
                near(f.derivative(x), slope),
                "{text}' at {x}: {}",
                f.derivative(x)
            );
            let narrow = f.value(x as f32);
            assert!(
                near(f64::from(narrow), value) || (f64::from(narrow) - value).abs() < 1e-6,
                "{text} at {x}: {narrow}"
            );
        }
        assert!(
            f.value(f64::NAN).is_nan() && f.derivative(f32::NAN).is_nan(),
            "{text}"
        );
        assert!(f.gradient(f32::NAN).iter().all(|g| g.is_nan()), "{text}");
    }
}

/// A parameter of 0 is an ordinary value where the formula has a limit there.
#[test]
fn a_parameter_of_zero_is_its_limit() {
    for x in [-3.0_f64, -1e-3, 0.5, 2.0] {
        let gradient = |text: &str| function(text).gradient(x)[0];
        assert_eq!(gradient("snake(a=0)"), x * x);
        assert!((gradient("snake(a=1e-9)") - x * x).abs() < 1e-8 * x * x);
        assert_eq!(gradient("soft_exponential"), 1.0 + x * x / 2.0);
        for beside in [
            "soft_exponential(alpha=1e-9)",
            "soft_exponential(alpha=-1e-9)",
        ] {
            assert!((gradient(beside) - (1.0 + x * x / 2.0)).abs() < 1e-7);
        }
        assert_eq!(function("soft_exponential").value(x), x);
    }
}

/// The clamp of xIELU: the value at 0 is not 0, and with `eps = 0` it is.
#[test]
fn the_clamp_of_xielu() {
    let xielu = function("xielu");
    assert!((xielu.value(0.0_f64) + 7.999996e-7).abs() < 1e-13);
    assert!((xielu.derivative(0.0_f64) + 0.3).abs() < 1e-12);
    assert_eq!(function("xielu(eps=0)").value(0.0_f64), 0.0);
    assert_eq!(function("xielu(eps=0)").derivative(1e-300_f64), 0.5);
}

/// `1 / sqrt(E f(Z)^2)` of the catalogue, by a trapezoid rule that is right to about 1e-8 at kinks.
#[test]
fn gains_are_the_catalogues() {
    for (text, gain) in [
        ("prelu", 1.3719886811173057),
        ("swish_beta(beta=1.5)", 1.5677038238451146),
        ("pelu", 1.2451983006800442),
        ("snake", 0.8745809829168575),
        ("acon_c", 1.6765324703032705),
        ("star_relu", 1.0000304013697145),
        ("dyt", 2.400656685980146),
        ("xielu", 0.7590769382646955),
        ("soft_exponential(alpha=0.5)", 0.699113652793415),
        ("sinlu", 1.0543922832913737),
        ("poly_relu", 0.6629312912709352),
        ("erfact", 1.3743399887916088),
        ("cauchy", 1.2349636740043681),
    ] {
        let found = function(text).gain();
        assert!(
            (found - gain).abs() < 1e-6 * gain,
            "{text}: {found} and {gain}"
        );
    }
}

/// The initial denominator of PAU makes it a leaky ReLU, to what its documentation states.
#[test]
fn the_initial_pau_is_nearly_a_leaky_relu() {
    let pau = function("pau");
    let worst = (-3000..=3000)
        .map(|k| f64::from(k) / 1000.0)
        .map(|x| (pau.value(x) - x.max(0.01 * x)).abs())
        .fold(0.0, f64::max);
    assert!((0.012..0.013).contains(&worst), "{worst}");
}

#[test]
fn names_and_texts() {
    let all = LearnedFunction::all();
    assert_eq!(all.len(), 14);
    for f in all {
        assert_eq!(LearnedFunction::parse(f.name()), Ok(f));
        assert!(
            f.about()
                .aliases
                .iter()
                .all(|alias| LearnedFunction::parse(alias) == Ok(f))
        );
        for section in ["Formula", "Derivative", "Numerics", "Origin"] {
            assert!(f.about().section(section).len() > 10, "{f}: {section}");
        }
    }
    let text = "acon_c(p1=0.5, beta=2)";
    assert_eq!(function(text).to_string(), text);
    let message = |text: &str| LearnedFunction::parse(text).unwrap_err().to_string();
    assert_eq!(
        message("snak"),
        "unknown function `snak`; the nearest name is `snake`"
    );
    assert_eq!(
        message("pelu(b=0)"),
        "pelu: `b` is 0; expected a finite number greater than 0"
    );
    assert_eq!(
        message("dyt(x=1)"),
        "dyt: unknown parameter `x`; expected one of: alpha, gamma, beta"
    );
    assert!(message("dyt(beta=NaN)").starts_with("dyt: `beta` is NaN; expected"));
}

/// Slices of functions with several parameters are sums over channels of what the numbers give.
fn slices<T: Measured>() {
    let mut random = Random(4);
    let channels = Channels { count: 3, inner: 2 };
    let x: Vec<T> = (0..24)
        .map(|_| T::from_f64(random.between(0.1, 2.0)))
        .collect();
    let dy: Vec<T> = (0..24)
        .map(|_| T::from_f64(random.between(-1.0, 1.0)))
        .collect();
    for f in LearnedFunction::all() {
        // The first parameter is shared, the others are one per channel.
        let values: Vec<Vec<T>> = f
            .parameters()
            .iter()
            .enumerate()
            .map(|(index, p)| {
                let many = if index == 0 { 1 } else { 3 };
                (0..many)
                    .map(|_| T::from_f64(p.value + random.between(0.0, 0.5)))
                    .collect()
            })
            .collect();
        let parameters: Vec<&[T]> = values.iter().map(Vec::as_slice).collect();
        let (mut y, mut dx) = (vec![T::default(); 24], vec![T::default(); 24]);
        let mut gradients = values.clone();
        f.forward(&x, &parameters, channels, &mut y);
        let mut slots: Vec<&mut [T]> = gradients.iter_mut().map(Vec::as_mut_slice).collect();
        f.backward(&x, &dy, &parameters, channels, &mut dx, &mut slots);
        let mut sums: Vec<Vec<f64>> = values.iter().map(|v| vec![0.0; v.len()]).collect();
        for (index, &x) in x.iter().enumerate() {
            let channel = index / 2 % 3;
            let of = |v: &[T]| v[channel % v.len()].to_f64();
            let settings: Vec<(&str, f64)> = f
                .about()
                .parameters
                .iter()
                .zip(&values)
                .map(|(p, v)| (p.name, of(v)))
                .collect();
            let own = f.with_all(&settings).expect("values in their domains");
            assert_eq!(own.value(x), y[index], "{f} at {index}");
            let expected = dy[index].to_f64() * own.derivative(x).to_f64();
            assert!(
                (dx[index].to_f64() - expected).abs() <= 1e-6 * expected.abs(),
                "{f} at {index}"
            );
            for (sums, gradient) in sums.iter_mut().zip(own.gradient(x)) {
                let own = channel % sums.len();
                sums[own] += dy[index].to_f64() * gradient.to_f64();
            }
        }
        for (found, expected) in gradients.iter().flatten().zip(sums.iter().flatten()) {
            assert!(
                (found.to_f64() - expected).abs() < 1e-4 * expected.abs().max(1.0),
                "{f}: {found:?} and {expected}"
            );
        }
    }
}

#[test]
fn slices_are_made_of_numbers() {
    slices::<f32>();
    slices::<f64>();
}

/// A value outside of its domain makes its channel NaN and leaves the others alone.
#[test]
fn a_channel_with_a_bad_value_is_nan() {
    let pelu = function("pelu");
    let channels = Channels { count: 2, inner: 1 };
    let parameters: [&[f32]; 2] = [&[1.0], &[1.0, -1.0]];
    let (mut y, mut dx, mut da, mut db) = ([0.0; 2], [0.0; 2], [0.0], [0.0; 2]);
    pelu.forward(&[2.0, 2.0], &parameters, channels, &mut y);
    assert!(y[0] == 2.0 && y[1].is_nan());
    pelu.backward(
        &[2.0, 2.0],
        &[1.0; 2],
        &parameters,
        channels,
        &mut dx,
        &mut [&mut da, &mut db],
    );
    assert!(dx[0] == 1.0 && dx[1].is_nan() && da[0].is_nan() && db[0] == -2.0 && db[1].is_nan());
}

#[test]
#[should_panic(expected = "dyt has 3 parameters, but 1 slices of parameters were given")]
fn missing_parameters_are_refused() {
    function("dyt").forward(
        &[0.0_f32],
        &[&[1.0]],
        Channels { count: 1, inner: 1 },
        &mut [0.0],
    );
}
