//! Every formula in the documentation is read, and the derivatives there are the ones that follow from it.

use knee::Function;
use knee_oracle::{Big, Truth};

#[test]
fn every_formula_is_read() {
    for function in Function::all() {
        let truth = Truth::of(&function).unwrap_or_else(|error| panic!("{function}: {error}"));
        assert!(truth.value(0.5).to_f64().is_finite(), "{function}");
    }
}

/// Beside kinks, where the formula may have the slope of either side.
#[test]
fn stated_derivatives_are_the_symbolic_ones() {
    let mut stated = 0;
    for function in Function::all() {
        let truth = Truth::of(&function).unwrap_or_else(|error| panic!("{function}: {error}"));
        if truth.stated_derivative(0.5).is_none() {
            println!("not stated: {function}");
        }
        for step in -60..=60 {
            let x = (f64::from(step) + 0.125) / 7.0;
            let Some(found) = truth.stated_derivative(x) else {
                break;
            };
            stated += 1;
            let symbolic = truth.derivative(x);
            let error = (found.clone() - symbolic.clone()).abs();
            let bound = symbolic.clone().abs() * Big::power_of_two(-80) + Big::power_of_two(-1000);
            assert!(
                error <= bound,
                "{function}'({x}) is documented as {found} and is {symbolic}"
            );
        }
    }
    assert!(stated > 1000, "{stated}");
}
