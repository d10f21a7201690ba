//! `rten-vecmath`: forward only.

use std::mem::MaybeUninit;
use std::rc::Rc;

use rten_simd::{SimdOp, SimdUnaryOp};
use rten_vecmath::{ApproxGelu, Elu, Gelu, LeakyRelu, LogSoftmax, Sigmoid, Silu, Softmax, Tanh};
use session::Cell;

use super::{Call, Peer, Room};

pub(super) struct Rten;

type Map = dyn Fn(&[f32], &mut [MaybeUninit<f32>]);
type Replace = dyn Fn(&mut [f32]);

/// A function from one slice to another, and in place.
struct Pair {
    map: Box<Map>,
    replace: Box<Replace>,
}

fn unary<F: SimdUnaryOp<f32> + 'static>(op: F) -> Pair {
    let op = Rc::new(op);
    let same = Rc::clone(&op);
    Pair {
        map: Box::new(move |x, y| {
            op.map(x, y);
        }),
        replace: Box::new(move |x| same.map_mut(x)),
    }
}

macro_rules! row {
    ($op:ident, $row:expr) => {{
        let row: usize = $row;
        Pair {
            map: Box::new(move |x, y| {
                for (x, y) in x.chunks_exact(row).zip(y.chunks_exact_mut(row)) {
                    $op::new(x, y).dispatch();
                }
            }),
            replace: Box::new(move |x| {
                for x in x.chunks_exact_mut(row) {
                    $op::new_mut(x).dispatch();
                }
            }),
        }
    }};
}

fn find(cell: &Cell) -> Option<Pair> {
    Some(match cell.function.as_str() {
        "leaky_relu" => unary(LeakyRelu { alpha: 0.01 }),
        "elu" => unary(Elu { alpha: 1.0 }),
        "gelu" => unary(Gelu {}),
        "gelu_tanh" => unary(ApproxGelu {}),
        "sigmoid" => unary(Sigmoid {}),
        "silu" => unary(Silu {}),
        "tanh" => unary(Tanh {}),
        "softmax" => row!(Softmax, cell.row?),
        "log_softmax" => row!(LogSoftmax, cell.row?),
        _ => return None,
    })
}

impl Peer for Rten {
    fn name(&self) -> &'static str {
        "rten"
    }

    fn version(&self) -> &'static str {
        session::version("rten-vecmath")
    }

    fn call<'a>(&self, cell: &Cell, [a, _]: [&'a [f32]; 2], out: Room<'a>) -> Option<Call<'a>> {
        if cell.direction != "forward" {
            return None;
        }
        let function = find(cell)?;
        let result = find(cell)?;
        let in_place = cell.form == "in_place";
        Some(Call {
            run: Box::new(move |calls| {
                for _ in 0..calls {
                    if in_place {
                        (function.replace)(out());
                    } else {
                        (function.map)(a, uninit(out()));
                    }
                }
            }),
            without: None,
            result: Box::new(move || {
                let mut y = vec![0.0; a.len()];
                (result.map)(a, uninit(&mut y));
                y
            }),
        })
    }
}

fn uninit(y: &mut [f32]) -> &mut [MaybeUninit<f32>] {
    // SAFETY: initialised numbers are storage too, and rten writes nothing else there.
    unsafe { &mut *(std::ptr::from_mut(y) as *mut [MaybeUninit<f32>]) }
}
