//! Lines in the unit square: cut off at its sides, and without needless points.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// The parts of a line that lie in the unit square; it breaks where a point is missing or infinite.
pub(crate) fn clipped(points: &[Option<Point>]) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut open = false;
    for pair in points.windows(2) {
        let visible = match (pair[0], pair[1]) {
            (Some(from), Some(to)) if is_finite(from) && is_finite(to) => clipped_segment(from, to),
            _ => None,
        };
        let Some((from, to)) = visible else {
            open = false;
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if open && piece.last() == Some(&from) => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
        open = true;
    }
    pieces
}

fn is_finite(point: Point) -> bool {
    point.x.is_finite() && point.y.is_finite()
}

/// Liang and Barsky's clipping of a segment to the unit square.
fn clipped_segment(from: Point, to: Point) -> Option<(Point, Point)> {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for (step, room) in [
        (-dx, from.x),
        (dx, 1.0 - from.x),
        (-dy, from.y),
        (dy, 1.0 - from.y),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            first = first.max(room / step);
        } else {
            last = last.min(room / step);
        }
    }
    let on = |t: f64| match t {
        0.0 => from,
        1.0 => to,
        _ => Point {
            x: (from.x + t * dx).clamp(0.0, 1.0),
            y: (from.y + t * dy).clamp(0.0, 1.0),
        },
    };
    (first <= last).then(|| (on(first), on(last)))
}

/// The line without the points that it passes within a fifth of a pixel anyway.
pub(crate) fn simplified(points: &[Point]) -> Vec<Point> {
    const TOLERANCE: f64 = 0.0003;
    /// So many points may follow each other unseen; it bounds the work.
    const LONGEST: usize = 64;
    let mut kept = Vec::new();
    let mut anchor = 0;
    while anchor < points.len() {
        kept.push(points[anchor]);
        let mut next = anchor + 1;
        while next + 1 < points.len() && next - anchor < LONGEST {
            let (from, to) = (points[anchor], points[next + 1]);
            let (dx, dy) = (to.x - from.x, to.y - from.y);
            let length = dx.hypot(dy);
            let near = points[anchor + 1..=next].iter().all(|point| {
                let (px, py) = (point.x - from.x, point.y - from.y);
                let along = px * dx + py * dy;
                (px * dy - py * dx).abs() <= TOLERANCE * length
                    && along >= 0.0
                    && along <= length * length
            });
            if !near {
                break;
            }
            next += 1;
        }
        anchor = next;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_clipped_and_break_at_gaps() {
        let at = |x: f64, y: f64| Some(Point { x, y });
        let pieces = clipped(&[
            at(-0.5, 0.5),
            at(0.5, 0.5),
            None,
            at(0.5, 0.0),
            at(0.5, 2.0),
            at(0.6, 3.0),
        ]);
        assert_eq!(
            pieces,
            [
                vec![Point { x: 0.0, y: 0.5 }, Point { x: 0.5, y: 0.5 }],
                vec![Point { x: 0.5, y: 0.0 }, Point { x: 0.5, y: 1.0 }],
            ]
        );
    }

    #[test]
    fn straight_lines_keep_their_ends_and_corners() {
        let point = |x: f64, y: f64| Point { x, y };
        let corner = [
            point(0.0, 0.0),
            point(0.1, 0.0),
            point(0.2, 0.0),
            point(0.3, 0.1),
            point(0.4, 0.2),
        ];
        assert_eq!(
            simplified(&corner),
            [point(0.0, 0.0), point(0.2, 0.0), point(0.4, 0.2)]
        );
        assert_eq!(simplified(&corner[..2]), corner[..2]);
        let there_and_back = [point(0.0, 0.0), point(1.0, 0.0), point(0.5, 0.0)];
        assert_eq!(simplified(&there_and_back), there_and_back);
    }
}
