//! How many regions a network can have.

use super::Network;

/// Bounds for the number of linear regions over the whole input space. A number beyond `u128` is given as its largest.
///
/// Where an activation has several kinks, each of them counts as a hyperplane of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Regions of the first layer with kinks in general position, and so the most that it can have:
    /// `sum of C(n, i) for i = 0..=d`. Zaslavsky 1975, Facing up to arrangements.
    /// With a single such layer it bounds the network.
    pub first_layer: u128,
    /// What no network of this shape exceeds.
    ///
    /// For ReLU units Serra, Tjandraatmadja and Ramalingam 2018, Bounding and counting linear regions of deep neural
    /// networks, theorem 1: the sum over all `j_1 .. j_L` with `0 <= j_l <= min(d, n_1 - j_1, .., n_(l-1) - j_(l-1), n_l)` of the
    /// product of `C(n_l, j_l)`. For other activations Montufar 2017, Notes on the number of linear regions: the product
    /// of `sum of C(n_l, j) for j = 0..=min(d, n_1, .., n_(l-1))`.
    pub most: u128,
    /// What some ReLU network of this shape reaches, so what `most` cannot be lowered below: the product of
    /// `floor(n_l / d)^d` over all hidden layers but the last, times `sum of C(n_L, i) for i = 0..=d`. Montufar, Pascanu, Cho and
    /// Bengio 2014, On the number of linear regions of deep neural networks, corollary 5. `None` where a hidden layer has
    /// fewer units than there are inputs, or the units are not rectifiers.
    pub reachable: Option<u128>,
    /// Whether `most` is the bound for ReLU units.
    pub rectifiers: bool,
}

/// What a layer adds: its hyperplanes, and the dimension that its outputs can have.
struct Bent {
    hyperplanes: u128,
    units: u128,
}

impl Bounds {
    /// The bounds for the shape of a network.
    pub fn of(network: &Network) -> Self {
        let inputs = network.inputs() as u128;
        let layers = network.layers();
        let bent = || layers.iter().filter(|layer| layer.kinks() > 0);
        let rectifiers = bent()
            .all(|layer| (0..layer.units()).all(|unit| layer.activation(unit).is_rectifier()));
        let all: Vec<Bent> = layers
            .iter()
            .map(|layer| Bent {
                hyperplanes: layer.kinks() as u128,
                units: layer.units() as u128,
            })
            .collect();
        let first = bent().next().map_or(0, |layer| layer.kinks() as u128);
        let wide = bent().all(|layer| layer.units() >= network.inputs());
        let hidden: Vec<u128> = bent().map(|layer| layer.units() as u128).collect();
        Self {
            first_layer: zaslavsky(first, inputs),
            most: if rectifiers {
                serra(&all, inputs)
            } else {
                montufar(&all, inputs)
            },
            reachable: (rectifiers && wide).then(|| reachable(&hidden, inputs)),
            rectifiers,
        }
    }

    /// A bound as text: all digits, or `more than 3e38`.
    pub fn text(bound: u128) -> String {
        if bound == u128::MAX {
            "more than 3e38".to_string()
        } else {
            bound.to_string()
        }
    }
}

/// `sum of C(n, i) for i = 0..=d`: the regions of `n` hyperplanes in general position in `d` dimensions.
fn zaslavsky(n: u128, d: u128) -> u128 {
    choices(n, d).fold(0, u128::saturating_add)
}

/// `C(n, 0)`, `C(n, 1)`, .. `C(n, min(n, d))`.
fn choices(n: u128, d: u128) -> impl Iterator<Item = u128> {
    let mut choose = 1_u128;
    (0..=d.min(n)).map(move |i| {
        if i > 0 && choose < u128::MAX {
            // Exact: the product of i consecutive numbers is divisible by i!.
            choose = match choose.checked_mul(n - i + 1) {
                Some(product) => product / i,
                None => u128::MAX,
            };
        }
        choose
    })
}

fn montufar(layers: &[Bent], inputs: u128) -> u128 {
    let mut dimension = inputs;
    let mut most = 1_u128;
    for layer in layers {
        most = most.saturating_mul(zaslavsky(layer.hyperplanes, dimension));
        dimension = dimension.min(layer.units);
    }
    most
}

/// The sum of theorem 1, layer by layer: how many choices leave which dimension.
fn serra(layers: &[Bent], inputs: u128) -> u128 {
    let mut ways = std::collections::BTreeMap::from([(inputs, 1_u128)]);
    for layer in layers {
        let mut next = std::collections::BTreeMap::new();
        for (dimension, count) in ways {
            for (j, choose) in (0_u128..).zip(choices(layer.hyperplanes, dimension)) {
                // A layer without kinks only narrows; in one with kinks every unit has one.
                let left = if layer.hyperplanes == 0 {
                    layer.units
                } else {
                    layer.units - j
                };
                let sum: &mut u128 = next.entry(dimension.min(left)).or_insert(0);
                *sum = sum.saturating_add(count.saturating_mul(choose));
            }
        }
        ways = next;
    }
    ways.into_values().fold(0, u128::saturating_add)
}

fn reachable(hidden: &[u128], inputs: u128) -> u128 {
    let Some((last, others)) = hidden.split_last() else {
        return 1;
    };
    let mut count = zaslavsky(*last, inputs);
    for units in others {
        let folds = units / inputs;
        for _ in 0..inputs {
            if folds == 1 || count == u128::MAX {
                break;
            }
            count = count.saturating_mul(folds);
        }
    }
    count
}
