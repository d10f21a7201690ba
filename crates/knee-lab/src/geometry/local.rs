//! The affine map around a point.

use super::affine::{Affine, Maps};
use super::{Error, Network, Pattern};

/// The nearest border of a region: where a unit would move to another piece.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Border {
    /// The index of the layer.
    pub layer: usize,
    /// The unit in it.
    pub unit: usize,
    /// The kink of its activation.
    pub kink: f64,
    /// How far the border is from the point, in the Euclidean norm of the inputs.
    pub distance: f64,
}

/// What a network is around a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// The outputs at the point.
    pub value: Vec<f64>,
    /// The affine map of the region that holds the point.
    pub map: Affine,
    /// Which piece each unit is on.
    pub pattern: Pattern,
    /// The nearest border of the region: within a ball of this distance the map is exact. `None` where the network is one
    /// affine map everywhere.
    pub border: Option<Border>,
}

/// The affine map around a point, for any number of inputs.
///
/// The region is convex and its borders are hyperplanes, one per unit and kink, so the nearest of them is exactly the
/// distance to the border of the region. A point on a border belongs to the left pieces of the units that meet there.
pub fn affine_at(network: &Network, x: &[f64]) -> Result<Local, Error> {
    network.accepts(x)?;
    let mut maps = Maps::inputs(network.inputs());
    let mut values = x.to_vec();
    let mut pattern = Pattern::default();
    let mut border: Option<Border> = None;
    for (index, layer) in network.layers().iter().enumerate() {
        let before = maps.before(layer)?;
        let mut pieces = Vec::with_capacity(layer.units());
        let mut next = Vec::with_capacity(layer.units());
        for unit in 0..layer.units() {
            let products = layer.row(unit).iter().zip(&values).map(|(w, x)| w * x);
            let z = products.sum::<f64>() + layer.bias()[unit];
            let activation = layer.activation(unit);
            pieces.push(u8::try_from(activation.piece(z)).unwrap_or(u8::MAX));
            next.push(activation.value(z));
            let slopes = &before.row(unit)[..network.inputs()];
            let steepness = slopes
                .iter()
                .fold(0.0_f64, |norm, slope| norm.hypot(*slope));
            if steepness == 0.0 {
                continue;
            }
            for &kink in activation.kinks() {
                let distance = (z - kink).abs() / steepness;
                if border.is_none_or(|nearest| distance < nearest.distance) {
                    border = Some(Border {
                        layer: index,
                        unit,
                        kink,
                        distance,
                    });
                }
            }
        }
        maps = before.through(layer, &pieces);
        values = next;
        pattern.layers.push(pieces);
    }
    Ok(Local {
        value: values,
        map: maps.affine(),
        pattern,
        border,
    })
}
