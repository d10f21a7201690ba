//! The truth at the hard points, computed once for all tests.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use knee::Function;
use knee_oracle::{Big, Measured, Truth};

use super::points::hard;
use super::variants;

/// A number, the value and the derivative there.
pub(crate) struct Sample<T> {
    pub(crate) function: Function,
    pub(crate) x: T,
    pub(crate) value: Big,
    pub(crate) derivative: Big,
}

type Slot = Arc<OnceLock<Arc<dyn Any + Send + Sync>>>;

/// The hard points of all variants of a function.
pub(crate) fn samples<T: Measured>(name: &str) -> Arc<Vec<Sample<T>>> {
    static KNOWN: OnceLock<Mutex<HashMap<(String, TypeId), Slot>>> = OnceLock::new();
    let known = KNOWN.get_or_init(Mutex::default);
    let key = (name.to_string(), TypeId::of::<T>());
    let slot = known
        .lock()
        .expect("no panic")
        .entry(key)
        .or_default()
        .clone();
    let samples = slot.get_or_init(|| Arc::new(compute::<T>(name)));
    samples.clone().downcast().expect("the type of the key")
}

fn compute<T: Measured>(name: &str) -> Vec<Sample<T>> {
    let mut samples = Vec::new();
    for (index, function) in variants(name).into_iter().enumerate() {
        let truth = truth(&function);
        // The default parameters densely, the others less so.
        let step = if index == 0 { 1 } else { 3 };
        let points = hard::<T>(&function).into_iter().enumerate();
        // Zero is where a function may have a value of its own.
        let chosen = points.filter(|(at, x)| at % step == 0 || *x == T::default());
        for (_, x) in chosen {
            let (value, derivative) = truth.both(x.to_f64());
            samples.push(Sample {
                function,
                x,
                value,
                derivative,
            });
        }
    }
    samples
}

/// The truth of a function, whose formula is in the language of the oracle.
pub(crate) fn truth(function: &Function) -> Truth {
    Truth::of(function).unwrap_or_else(|error| panic!("{function}: {error}"))
}
