//! Affine maps: of a whole network on one region, and of all units of a layer while a region is followed through them.

use knee_figure::short;

use super::error::finite;
use super::{Error, Layer, TOLERANCE};

/// An affine map: a matrix and an offset.
#[derive(Clone, Debug, PartialEq)]
pub struct Affine {
    /// How many numbers it reads.
    pub inputs: usize,
    /// The slopes, row-major `[outputs, inputs]`.
    pub jacobian: Vec<f64>,
    /// The value at 0 of each output.
    pub offset: Vec<f64>,
}

impl Affine {
    /// The slopes of one output.
    pub fn row(&self, output: usize) -> &[f64] {
        &self.jacobian[output * self.inputs..(output + 1) * self.inputs]
    }

    /// The outputs at a point of `inputs` coordinates.
    pub fn value(&self, x: &[f64]) -> Vec<f64> {
        (0..self.offset.len())
            .map(|output| self.output(output, x))
            .collect()
    }

    /// One output at a point.
    pub fn output(&self, output: usize, x: &[f64]) -> f64 {
        let products = self.row(output).iter().zip(x).map(|(slope, x)| slope * x);
        products.sum::<f64>() + self.offset[output]
    }
}

/// One output of a map as text: `y = 2 x + 1`, `y2 = 0.5 x1 - x2`. Numbers have at most four digits.
///
/// The inputs are called `x` where there is one, `x1` and `x2` where there are more, and outputs likewise.
pub fn formula(map: &Affine, output: usize) -> String {
    let name = if map.offset.len() == 1 {
        "y".to_string()
    } else {
        format!("y{}", output + 1)
    };
    let mut text = String::new();
    let mut term = |number: f64, variable: &str| {
        if number == 0.0 {
            return;
        }
        let sign = match (number < 0.0, text.is_empty()) {
            (true, true) => "-",
            (false, true) => "",
            (true, false) => " - ",
            (false, false) => " + ",
        };
        let size = short(number.abs());
        text.push_str(sign);
        match (size.as_str(), variable) {
            (_, "") => text.push_str(&size),
            ("1", _) => text.push_str(variable),
            _ => {
                text.push_str(&size);
                text.push(' ');
                text.push_str(variable);
            }
        }
    };
    for (index, slope) in map.row(output).iter().enumerate() {
        let variable = if map.inputs == 1 {
            "x".to_string()
        } else {
            format!("x{}", index + 1)
        };
        term(*slope, &variable);
    }
    term(map.offset[output], "");
    if text.is_empty() {
        text.push('0');
    }
    format!("{name} = {text}")
}

/// The affine maps of all units of a layer on one region: one row per unit, its slopes and then its value at 0; and
/// beside it the sizes of the terms that each number was summed from.
#[derive(Clone, Debug)]
pub(super) struct Maps {
    width: usize,
    rows: Vec<f64>,
    sizes: Vec<f64>,
}

impl Maps {
    /// The inputs themselves.
    pub(super) fn inputs(count: usize) -> Self {
        let width = count + 1;
        let mut rows = vec![0.0; count * width];
        for input in 0..count {
            rows[input * width + input] = 1.0;
        }
        Self {
            width,
            sizes: rows.clone(),
            rows,
        }
    }

    /// The pre-activations of a layer that reads these. What is within rounding of zero is zero. An error where a number
    /// is beyond `f64`.
    pub(super) fn before(&self, layer: &Layer) -> Result<Self, Error> {
        let width = self.width;
        let mut rows = vec![0.0; layer.units() * width];
        let mut sizes = rows.clone();
        for unit in 0..layer.units() {
            let place = unit * width..(unit + 1) * width;
            let (row, size) = (&mut rows[place.clone()], &mut sizes[place]);
            row[width - 1] = layer.bias()[unit];
            size[width - 1] = layer.bias()[unit].abs();
            let read = self
                .rows
                .chunks_exact(width)
                .zip(self.sizes.chunks_exact(width));
            for (weight, (from, from_size)) in layer.row(unit).iter().zip(read) {
                for at in 0..width {
                    row[at] += weight * from[at];
                    size[at] += weight.abs() * from_size[at];
                }
            }
            for (number, size) in row.iter_mut().zip(size) {
                if number.abs() <= TOLERANCE * *size {
                    *number = 0.0;
                }
            }
        }
        finite(&sizes, |at| beyond(layer, at / width))?;
        Ok(Self { width, rows, sizes })
    }

    /// Behind the activations, each unit on its piece.
    pub(super) fn through(mut self, layer: &Layer, pieces: &[u8]) -> Self {
        let width = self.width;
        for (unit, &piece) in pieces.iter().enumerate() {
            let activation = layer.activation(unit);
            let slope = activation.slopes()[usize::from(piece)];
            let offset = activation.offsets()[usize::from(piece)];
            for at in unit * width..(unit + 1) * width {
                self.rows[at] *= slope;
                self.sizes[at] *= slope.abs();
            }
            self.rows[(unit + 1) * width - 1] += offset;
            self.sizes[(unit + 1) * width - 1] += offset.abs();
        }
        self
    }

    /// Slopes and value at 0 of one unit.
    pub(super) fn row(&self, unit: usize) -> &[f64] {
        &self.rows[unit * self.width..(unit + 1) * self.width]
    }

    /// The sizes beside them.
    pub(super) fn size(&self, unit: usize) -> &[f64] {
        &self.sizes[unit * self.width..(unit + 1) * self.width]
    }

    /// The maps of all units as one.
    pub(super) fn affine(&self) -> Affine {
        let inputs = self.width - 1;
        let rows = || self.rows.chunks_exact(self.width);
        Affine {
            inputs,
            jacobian: rows().flat_map(|row| row[..inputs].to_vec()).collect(),
            offset: rows().map(|row| row[inputs]).collect(),
        }
    }
}

/// Where a number left `f64`.
pub(super) fn beyond(layer: &Layer, unit: usize) -> String {
    format!(
        "the size of the weights up to unit {unit} of layer `{}`",
        layer.name()
    )
}
