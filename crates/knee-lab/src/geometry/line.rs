//! One input: intervals, the affine map on each, and the hinges between them.

use std::ops::Range;

use super::affine::{Affine, Maps};
use super::{Error, Layer, Network, Pattern, TOLERANCE};

/// A stretch of the line on which every unit stays on one piece of its activation.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// Where it begins; may be infinite.
    pub low: f64,
    /// Where it ends; may be infinite.
    pub high: f64,
    /// Which piece each unit is on.
    pub pattern: Pattern,
}

/// A stretch of the line on which the outputs are one affine map.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Where it begins; may be infinite.
    pub low: f64,
    /// Where it ends; may be infinite.
    pub high: f64,
    /// The outputs on it.
    pub map: Affine,
    /// Which of the [`Pieces::intervals`] it is made of: several, where a unit switches and no output bends.
    pub intervals: Range<usize>,
}

/// What a network of one input does over a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Pieces {
    /// The range.
    pub range: (f64, f64),
    /// The affine pieces of the outputs, from left to right.
    pub pieces: Vec<Piece>,
    /// The stretches of one activation pattern, from left to right; never fewer than pieces.
    pub intervals: Vec<Interval>,
}

impl Pieces {
    /// Where the slope of an output changes, in ascending order.
    pub fn hinges(&self) -> Vec<f64> {
        self.pieces.iter().skip(1).map(|piece| piece.low).collect()
    }

    /// Where a unit moves to another piece of its activation, in ascending order.
    pub fn switches(&self) -> Vec<f64> {
        self.intervals
            .iter()
            .skip(1)
            .map(|found| found.low)
            .collect()
    }

    /// The piece that holds `x`; the last one for what lies beyond it.
    pub fn piece_at(&self, x: f64) -> &Piece {
        let at = self.pieces.partition_point(|piece| piece.high < x);
        &self.pieces[at.min(self.pieces.len() - 1)]
    }
}

/// A stretch that has been followed through some layers.
struct Stretch {
    low: End,
    high: End,
    maps: Maps,
    pattern: Pattern,
}

/// An end of a stretch, and how far rounding may have moved it.
#[derive(Clone, Copy)]
struct End {
    at: f64,
    slack: f64,
}

/// The pieces of a network of one input over a range, or over the whole line.
///
/// An error where the network has another number of inputs, the range is empty, or there are more than `limit` intervals.
pub fn pieces(network: &Network, range: Option<(f64, f64)>, limit: usize) -> Result<Pieces, Error> {
    network.takes(1, "the list of pieces")?;
    let (low, high) = range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    if range.is_some() && !(low.is_finite() && high.is_finite()) || low >= high {
        return Err(Error::Range {
            name: "x",
            low,
            high,
        });
    }
    let end = |at| End { at, slack: 0.0 };
    let mut stretches = vec![Stretch {
        low: end(low),
        high: end(high),
        maps: Maps::inputs(1),
        pattern: Pattern::default(),
    }];
    for layer in network.layers() {
        let mut next = Vec::new();
        for stretch in &stretches {
            split(stretch, layer, &mut next)?;
            if next.len() > limit {
                return Err(Error::Limit { limit });
            }
        }
        stretches = next;
    }
    Ok(merged((low, high), stretches))
}

/// Where a unit crosses a kink, and how far rounding may have moved it.
struct Crossing {
    unit: usize,
    rising: bool,
    end: End,
}

fn split(stretch: &Stretch, layer: &Layer, next: &mut Vec<Stretch>) -> Result<(), Error> {
    let maps = stretch.maps.before(layer)?;
    // Kinks below the unit all over the stretch.
    let mut passed = vec![0_u8; layer.units()];
    let mut crossings = Vec::new();
    for (unit, passed) in passed.iter_mut().enumerate() {
        let (slope, offset) = (maps.row(unit)[0], maps.row(unit)[1]);
        let (slope_size, offset_size) = (maps.size(unit)[0], maps.size(unit)[1]);
        for &kink in layer.activation(unit).kinks() {
            let at = (kink - offset) / slope;
            if slope == 0.0 || !at.is_finite() {
                let above = offset - kink > TOLERANCE * (offset_size + kink.abs());
                *passed += u8::from(above);
                continue;
            }
            let size = offset_size + kink.abs() + slope_size * at.abs();
            let end = End {
                at,
                slack: TOLERANCE * size / slope.abs(),
            };
            let rising = slope > 0.0;
            match side(stretch, end) {
                Side::Left => *passed += u8::from(rising),
                Side::Right => *passed += u8::from(!rising),
                Side::Inside => crossings.push(Crossing { unit, rising, end }),
            }
        }
    }
    crossings.sort_by(|a, b| a.end.at.total_cmp(&b.end.at));
    // At the left end, a falling unit has still all the kinks above its crossings behind it.
    for crossing in &crossings {
        passed[crossing.unit] += u8::from(!crossing.rising);
    }
    let mut low = stretch.low;
    let mut rest = crossings.as_slice();
    loop {
        let high = rest.first().map_or(stretch.high, |crossing| crossing.end);
        let mut pattern = stretch.pattern.clone();
        pattern.layers.push(passed.clone());
        next.push(Stretch {
            low,
            high,
            maps: maps.clone().through(layer, &passed),
            pattern,
        });
        if rest.is_empty() {
            return Ok(());
        }
        // Crossings that rounding cannot tell apart are one.
        while let Some(crossing) = rest
            .first()
            .filter(|other| other.end.at - high.at <= high.slack + other.end.slack)
        {
            if crossing.rising {
                passed[crossing.unit] += 1;
            } else {
                passed[crossing.unit] -= 1;
            }
            rest = &rest[1..];
        }
        low = high;
    }
}

enum Side {
    Left,
    Inside,
    Right,
}

/// On which side of a stretch a crossing lies; one that rounding cannot tell from an end lies outside.
fn side(stretch: &Stretch, crossing: End) -> Side {
    let (before, behind) = (crossing.at - stretch.low.at, stretch.high.at - crossing.at);
    if behind <= 0.0 || (behind <= crossing.slack + stretch.high.slack && behind < before) {
        Side::Right
    } else if before <= crossing.slack + stretch.low.slack {
        Side::Left
    } else {
        Side::Inside
    }
}

/// Neighbours of the same slopes as one piece: where slopes agree, the lines do, because the network is continuous.
fn merged(range: (f64, f64), stretches: Vec<Stretch>) -> Pieces {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut intervals = Vec::new();
    let mut first: Option<Maps> = None;
    for (index, stretch) in stretches.into_iter().enumerate() {
        let same = first
            .as_ref()
            .is_some_and(|first| parallel(first, &stretch.maps));
        match pieces.last_mut() {
            Some(piece) if same => {
                piece.high = stretch.high.at;
                piece.intervals.end = index + 1;
            }
            _ => {
                pieces.push(Piece {
                    low: stretch.low.at,
                    high: stretch.high.at,
                    map: stretch.maps.affine(),
                    intervals: index..index + 1,
                });
                first = Some(stretch.maps);
            }
        }
        intervals.push(Interval {
            low: stretch.low.at,
            high: stretch.high.at,
            pattern: stretch.pattern,
        });
    }
    Pieces {
        range,
        pieces,
        intervals,
    }
}

fn parallel(one: &Maps, other: &Maps) -> bool {
    let units = one.affine().offset.len();
    (0..units).all(|unit| {
        let size = one.size(unit)[0] + other.size(unit)[0];
        (one.row(unit)[0] - other.row(unit)[0]).abs() <= TOLERANCE * size
    })
}
