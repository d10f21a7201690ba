//! What a kernel is set to: level, tier, convention at kinks, storage. None but tier and convention changes a bit.

use std::mem::MaybeUninit;

use knee::{Function, Kinks, Level, Tier};
use knee_oracle::{Measured, same};

use crate::support::for_each;
use crate::support::points::hard;

fn function(name: &str) -> Function {
    Function::parse(name).expect(name)
}

/// Every level that the processor has gives the bits of the first, in both tiers.
fn levels(name: &str) {
    fn check<T: Measured>(function: &Function) {
        let mut x = hard::<T>(function);
        x.extend([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0].map(T::from_f64));
        let zero = T::from_f64(0.0);
        let three = T::from_f64(3.0);
        for tier in [Tier::Exact, Tier::Fast] {
            let at = |level: Level| {
                let kernel = function.kernel().tier(tier).level(level);
                let (mut y, mut slopes, mut dx) = (
                    vec![zero; x.len()],
                    vec![zero; x.len()],
                    vec![zero; x.len()],
                );
                kernel.forward(&x, &mut y);
                kernel.derivatives(&x, &mut slopes);
                kernel.backward(&x, &vec![three; x.len()], &mut dx);
                [y, slopes, dx]
            };
            let baseline = at(Level::BASELINE);
            for level in Level::available() {
                for (found, expected) in at(level).iter().zip(&baseline) {
                    for ((found, expected), x) in found.iter().zip(expected).zip(&x) {
                        assert!(
                            same(*found, *expected),
                            "{function} at {x:?}: {found:?} at {}, {expected:?} at the baseline",
                            level.name()
                        );
                    }
                }
            }
        }
    }
    check::<f32>(&function(name));
    check::<f64>(&function(name));
}

/// Storage that is not initialised, and the input's own, receive the same results.
fn storage(name: &str) {
    let kernel = function(name).kernel();
    let x: Vec<f32> = (0..300).map(|i| (i as f32 - 150.0) / 16.0).collect();
    let dy: Vec<f32> = (0..300).map(|i| (i as f32 - 40.0) / 64.0).collect();
    let (mut y, mut dx) = (vec![0.0; 300], vec![0.0; 300]);
    kernel.forward(&x, &mut y);
    kernel.backward(&x, &dy, &mut dx);
    let mut raw = vec![MaybeUninit::uninit(); 300];
    assert_eq!(kernel.forward_uninit(&x, &mut raw), y);
    assert_eq!(kernel.backward_uninit(&x, &dy, &mut raw), dx);
    let (mut own, mut gradient) = (x.clone(), dy.clone());
    kernel.forward_in_place(&mut own);
    kernel.backward_in_place(&x, &mut gradient);
    assert_eq!((own, gradient), (y, dx));
}

/// At every kink each convention has the slope declared for it; everywhere else they agree.
fn kinks(name: &str) {
    let function = function(name);
    for kink in function.facts().kinks {
        let x = [kink.at - 0.0625, kink.at, kink.at + 0.0625];
        let (mut torch, mut jax, mut dx) = ([0.0; 3], [0.0; 3], [0.0; 3]);
        function.kernel().derivatives(&x, &mut torch);
        function
            .kernel()
            .kinks(Kinks::Jax)
            .derivatives(&x, &mut jax);
        function
            .kernel()
            .kinks(Kinks::Jax)
            .backward(&x, &[2.0; 3], &mut dx);
        assert_eq!(
            (torch[1], jax[1], dx[1]),
            (kink.slope, kink.jax, 2.0 * kink.jax),
            "{function} at {}",
            kink.at
        );
        assert_eq!((torch[0], torch[2]), (jax[0], jax[2]));
    }
}

for_each!($ levels, storage, kinks);

#[test]
fn the_conventions_differ_where_they_were_measured_to() {
    let slopes = |text: &str, x: &[f64]| {
        let kernel = function(text).kernel();
        let (mut torch, mut jax) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        kernel.derivatives(x, &mut torch);
        kernel.kinks(Kinks::Jax).derivatives(x, &mut jax);
        (torch, jax)
    };
    assert_eq!(slopes("relu", &[0.0]), (vec![0.0], vec![0.0]));
    assert_eq!(slopes("relu6", &[0.0, 6.0]), (vec![0.0; 2], vec![0.0; 2]));
    assert_eq!(slopes("leaky_relu", &[0.0]), (vec![0.01], vec![1.0]));
    assert_eq!(
        slopes("hard_tanh", &[-1.0, 1.0]),
        (vec![0.0; 2], vec![1.0; 2])
    );
    assert_eq!(
        slopes("hard_sigmoid", &[-3.0, 3.0]),
        (vec![0.0; 2], vec![0.0; 2])
    );
    assert_eq!(
        slopes("hard_swish", &[-3.0, 3.0]),
        (vec![0.0, 1.0], vec![0.0, 1.0])
    );
    assert_eq!(slopes("elu(alpha=2)", &[0.0]), (vec![2.0], vec![2.0]));
    assert_eq!(slopes("celu(alpha=2)", &[0.0]), (vec![1.0], vec![1.0]));
}

#[test]
fn a_function_without_an_output_form_says_so() {
    let error = function("gelu")
        .kernel()
        .backward_from_output(&[1.0], &[1.0], &mut [0.0])
        .expect_err("no form");
    assert_eq!(
        error.to_string(),
        "gelu: the derivative is no function of the output; keep the input and use `backward`"
    );
}

#[test]
#[should_panic(expected = "`dx` has 2 elements and `x` has 3; both must have the same length")]
fn lengths_that_differ_panic_with_both_lengths() {
    function("tanh").backward(&[0.0_f32; 3], &[0.0; 3], &mut [0.0; 2]);
}

/// Whatever the number of threads, the bits are those of one.
#[test]
fn threads_change_no_bit() {
    let x: Vec<f32> = (0..200_003)
        .map(|i| (i as f32 - 100_000.0) / 8192.0)
        .collect();
    let dy: Vec<f32> = (0..x.len()).map(|i| (i % 97) as f32 - 48.0).collect();
    for name in ["relu", "tanh", "gelu"] {
        let kernel = function(name).kernel();
        let mut expected = vec![vec![0.0; x.len()]; 3];
        kernel.forward(&x, &mut expected[0]);
        kernel.derivatives(&x, &mut expected[1]);
        kernel.backward(&x, &dy, &mut expected[2]);
        for threads in [1, 2, 3, 7] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("a pool");
            let found = pool.install(|| {
                let parallel = kernel.parallel();
                let mut found = vec![vec![0.0; x.len()]; 3];
                parallel.forward(&x, &mut found[0]);
                parallel.derivatives(&x, &mut found[1]);
                parallel.backward(&x, &dy, &mut found[2]);
                let mut own = x.clone();
                parallel.forward_in_place(&mut own);
                assert_eq!(own, found[0]);
                let mut own = dy.clone();
                parallel.backward_in_place(&x, &mut own);
                assert_eq!(own, found[2]);
                found
            });
            assert_eq!(found, expected, "{name} on {threads} threads");
        }
    }
    let parallel = function("gelu").kernel().parallel();
    assert!(
        parallel
            .backward_from_output::<f32>(&[], &[], &mut [])
            .is_err()
    );
}
