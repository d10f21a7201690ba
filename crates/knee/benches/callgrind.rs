//! Every kernel at the AVX2 level, once, for `cargo xtask callgrind`, which counts its instructions.
//!
//! Without callgrind this prints names and computes something nobody looks at.

use std::hint::black_box;

use knee::{Element, Function, Level, Tier};

/// Elements of a call: enough for the call itself not to matter.
const ELEMENTS: usize = 1 << 12;

fn main() {
    let Some(level) = Level::available()
        .into_iter()
        .find(|level| level.name() == "avx2")
    else {
        println!("AVX2 is not there");
        return;
    };
    println!("elements\t{ELEMENTS}");
    for function in Function::all() {
        kernels::<f32>(&function, Tier::Exact, level, "exact f32");
        kernels::<f32>(&function, Tier::Fast, level, "fast f32");
        kernels::<f64>(&function, Tier::Exact, level, "f64");
    }
    boundary();
}

/// The value and both gradients of a function.
fn kernels<T: Element>(function: &Function, tier: Tier, level: Level, arithmetic: &str) {
    let kernel = function.kernel().tier(tier).level(level);
    // On both sides of zero, where the functions bend.
    let x = (0..ELEMENTS)
        .map(|i| T::from_f64(3.0 * (0.7 * i as f64).sin()))
        .collect::<Vec<_>>();
    let dy = vec![T::from_f64(1.0); ELEMENTS];
    let (mut y, mut dx) = (dy.clone(), dy.clone());
    let name = function.name();
    counted(&format!("{name}\tvalue\t{arithmetic}"), || {
        kernel.forward(&x, black_box(&mut y));
    });
    counted(&format!("{name}\tgradient\t{arithmetic}"), || {
        kernel.backward(&x, &dy, black_box(&mut dx));
    });
    if kernel.function().about().from_output.is_some() {
        counted(
            &format!("{name}\tgradient from output\t{arithmetic}"),
            || {
                kernel
                    .backward_from_output(&y, &dy, black_box(&mut dx))
                    .expect("the function has this form");
            },
        );
    }
}

/// Runs a kernel between two boundaries, and says what it was.
fn counted(name: &str, call: impl FnOnce()) {
    println!("{name}");
    boundary();
    call();
    boundary();
}

/// Where callgrind starts to count anew.
#[inline(never)]
fn boundary() {
    black_box(());
}
