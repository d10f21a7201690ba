//! A result does not depend on where its argument stands: same bits alone and in slices of every length and offset.

use knee::{Element, Function};
use knee_oracle::{Measured, same};

use crate::support::for_each;
use crate::support::points::Random;

/// Arguments of every kind, mixed.
fn mixed<T: Measured>(length: usize) -> Vec<T> {
    let special = [
        0.0, -0.0, 1.0, -1.0, 3.0, -3.0, 6.0, 1e-310, 1e-40, 1e30, -1e30, -88.5, -104.0, 1e300,
    ];
    let mut random = Random(11);
    let pick = |random: &mut Random| match random.next() % 4 {
        0 => special[random.next() as usize % special.len()],
        1 => random.between(-100.0, 100.0),
        _ => random.between(-8.0, 8.0),
    };
    (0..length)
        .map(|_| T::from_f64(pick(&mut random)))
        .collect()
}

fn lengths(name: &str) {
    fn check<T: Measured>(function: &Function) {
        let x = mixed::<T>(260);
        let dy = mixed::<T>(263)[3..].to_vec();
        let alone: Vec<T> = x.iter().map(|&x| function.value(x)).collect();
        let slopes: Vec<T> = x.iter().map(|&x| function.derivative(x)).collect();
        let zero = T::from_f64(0.0);
        for length in 0..=257 {
            let offset = length % 3;
            let range = offset..offset + length;
            let mut out = vec![zero; length];
            let agree = |out: &[T], want: &[T]| out.iter().zip(want).all(|(a, b)| same(*a, *b));
            function.forward(&x[range.clone()], &mut out);
            assert!(
                agree(&out, &alone[range.clone()]),
                "{function} forward, {length} of {}",
                T::NAME
            );
            function.derivatives(&x[range.clone()], &mut out);
            assert!(
                agree(&out, &slopes[range.clone()]),
                "{function} derivatives, {length} of {}",
                T::NAME
            );
            let mut in_place = x[range.clone()].to_vec();
            function.forward_in_place(&mut in_place);
            assert!(
                agree(&in_place, &alone[range.clone()]),
                "{function} in place, {length} of {}",
                T::NAME
            );
            function.backward(&x[range.clone()], &dy[range.clone()], &mut out);
            let mut one = [zero];
            for (index, dx) in range.zip(&out) {
                function.backward(&x[index..=index], &dy[index..=index], &mut one);
                assert!(
                    same(*dx, one[0]),
                    "{function} backward, {length} of {}",
                    T::NAME
                );
            }
        }
    }
    let function = Function::parse(name).expect(name);
    check::<f32>(&function);
    check::<f64>(&function);
}

/// NaN in one place stays in that place.
fn nan_stays_in_its_place(name: &str) {
    let function = Function::parse(name).expect(name);
    let x = mixed::<f32>(33);
    let mut clean = vec![0.0; 33];
    function.forward(&x, &mut clean);
    for place in 0..33 {
        let mut poisoned = x.clone();
        poisoned[place] = f32::NAN;
        function.forward_in_place(&mut poisoned);
        for (index, (y, clean)) in poisoned.iter().zip(&clean).enumerate() {
            assert!(
                if index == place {
                    y.is_nan()
                } else {
                    same(*y, *clean)
                },
                "{name}: NaN at {place} changed {index}"
            );
        }
    }
}

for_each!($ lengths, nan_stays_in_its_place);

#[test]
#[should_panic(expected = "`y` has 2 elements and `x` has 3; both must have the same length")]
fn forward_names_both_lengths() {
    Function::parse("relu")
        .expect("a name")
        .forward(&[1.0_f32; 3], &mut [0.0; 2]);
}

#[test]
#[should_panic(expected = "`dy` has 1 elements and `x` has 2; both must have the same length")]
fn backward_names_both_lengths() {
    Function::parse("relu")
        .expect("a name")
        .backward(&[1.0_f64; 2], &[1.0], &mut [0.0; 2]);
}

#[test]
#[should_panic(expected = "`out` has 0 elements and `x` has 1; both must have the same length")]
fn derivatives_names_both_lengths() {
    Function::parse("relu")
        .expect("a name")
        .derivatives(&[1.0_f64], &mut []);
}

#[test]
fn types_convert_as_numbers() {
    assert_eq!(f32::from_f64(0.1), 0.1_f32);
    assert_eq!(0.1_f32.to_f64(), f64::from(0.1_f32));
    assert_eq!((f32::NAME, f64::NAME), ("f32", "f64"));
}
