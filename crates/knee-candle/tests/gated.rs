//! Every gated unit in every type: values and both gradients are knee's, bit for bit.

use candle_core::Tensor;
use knee::Axis;
use knee::gated::{GatedFunction, Layout};

use crate::support::{
    Float, bits, elements, for_every_type, points, summed, tensor, variable, weights,
};

fn check_two<T: Float>(function: GatedFunction) {
    let (gate, mut up, dy) = (points::<T>(48), points::<T>(48), weights::<T>(48));
    up.reverse();
    let mut expected = [(); 3].map(|()| vec![T::zero(); 48]);
    let [y, dgate, dup] = &mut expected;
    function.forward(&gate, &up, y);
    function.backward(&gate, &up, &dy, dgate, dup);

    let (gate, up) = (variable(&gate, (6, 8)), variable(&up, (6, 8)));
    let output = knee_candle::gated(&gate, &up, function).unwrap();
    let loss = output.mul(&tensor(&dy, (6, 8))).unwrap().sum_all().unwrap();
    let gradients = loss.backward().unwrap();
    let of = |x: &Tensor| elements::<T>(gradients.get(x).unwrap());
    assert_eq!(bits(&elements::<T>(&output)), bits(y), "{function}");
    assert_eq!(bits(&of(&gate)), bits(&summed(dgate)), "{function}'");
    assert_eq!(bits(&of(&up)), bits(&summed(dup)), "{function}'");
}

fn check_halves<T: Float>(function: GatedFunction, halves: Layout) {
    let dims = [4, 6, 2];
    for dim in 0..dims.len() {
        let axis = Axis::of(&dims, dim).unwrap();
        let (x, dy) = (points::<T>(48), weights::<T>(24));
        let (mut y, mut dx) = (vec![T::zero(); 24], vec![T::zero(); 48]);
        function.forward_packed(&x, axis, halves, &mut y);
        function.backward_packed(&x, &dy, axis, halves, &mut dx);

        let mut half = dims.to_vec();
        half[dim] /= 2;
        let x = variable(&x, &dims);
        let output = knee_candle::gated_packed(&x, function, halves, dim).unwrap();
        assert_eq!(output.dims(), half);
        let loss = output.mul(&tensor(&dy, half)).unwrap().sum_all().unwrap();
        let gradients = loss.backward().unwrap();
        let found = elements::<T>(gradients.get(&x).unwrap());
        assert_eq!(bits(&elements::<T>(&output)), bits(&y), "{function}");
        assert_eq!(bits(&found), bits(&summed(&dx)), "{function}'");
    }
}

#[test]
fn of_two_tensors() {
    for &function in GatedFunction::ALL {
        for_every_type!(check_two(function));
    }
}

#[test]
fn of_the_halves_of_one() {
    for &function in GatedFunction::ALL {
        for halves in [Layout::TORCH, Layout::GATE_FIRST, Layout::INTERLEAVED] {
            for_every_type!(check_halves(function, halves));
        }
    }
}

#[test]
fn of_views() {
    let base = tensor(&points::<f32>(48)[..], (6, 8));
    let (gate, up) = (base.narrow(1, 0, 4).unwrap(), base.narrow(1, 4, 4).unwrap());
    let apart = knee_candle::gated(&gate, &up, GatedFunction::Swiglu).unwrap();
    let packed =
        knee_candle::gated_packed(&base, GatedFunction::Swiglu, Layout::GATE_FIRST, 1).unwrap();
    assert_eq!(
        bits(&elements::<f32>(&apart)),
        bits(&elements::<f32>(&packed))
    );
    let turned = base.t().unwrap();
    let down =
        knee_candle::gated_packed(&turned, GatedFunction::Swiglu, Layout::GATE_FIRST, 0).unwrap();
    assert_eq!(
        bits(&elements::<f32>(&down.t().unwrap())),
        bits(&elements::<f32>(&packed))
    );
}
