//! Convex polygons of the plane.

/// Twice the signed area would be the sum of these products; this is the area, without a sign.
pub(super) fn area(corners: &[[f64; 2]]) -> f64 {
    let Some(first) = corners.first() else {
        return 0.0;
    };
    // Relative to a corner, so that far from the origin no digits cancel.
    let from = |corner: &[f64; 2]| [corner[0] - first[0], corner[1] - first[1]];
    let twice: f64 = corners
        .windows(2)
        .map(|pair| {
            let (a, b) = (from(&pair[0]), from(&pair[1]));
            a[0] * b[1] - a[1] * b[0]
        })
        .sum();
    twice.abs() / 2.0
}

/// The mean of the corners: inside, as the polygon is convex.
pub(super) fn middle(corners: &[[f64; 2]]) -> [f64; 2] {
    let count = corners.len().max(1) as f64;
    let sum = corners.iter().fold([0.0, 0.0], |sum, corner| {
        [sum[0] + corner[0], sum[1] + corner[1]]
    });
    [sum[0] / count, sum[1] / count]
}

/// The parts where a linear function is at most 0 and at least 0. `values` are the function at the corners; one that is
/// exactly 0 belongs to both parts. A part that is only an edge or a corner is empty.
pub(super) fn cut(corners: &[[f64; 2]], values: &[f64]) -> (Vec<[f64; 2]>, Vec<[f64; 2]>) {
    if values.iter().all(|value| *value <= 0.0) {
        return (corners.to_vec(), Vec::new());
    }
    if values.iter().all(|value| *value >= 0.0) {
        return (Vec::new(), corners.to_vec());
    }
    let (mut below, mut above) = (Vec::new(), Vec::new());
    for (index, (&corner, &value)) in corners.iter().zip(values).enumerate() {
        if value <= 0.0 {
            below.push(corner);
        }
        if value >= 0.0 {
            above.push(corner);
        }
        let next = (index + 1) % corners.len();
        let (here, there) = (value, values[next]);
        if (here < 0.0 && there > 0.0) || (here > 0.0 && there < 0.0) {
            let share = here / (here - there);
            let to = corners[next];
            let at = [
                corner[0] + share * (to[0] - corner[0]),
                corner[1] + share * (to[1] - corner[1]),
            ];
            below.push(at);
            above.push(at);
        }
    }
    (below, above)
}
