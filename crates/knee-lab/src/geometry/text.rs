//! What was found, as text for a terminal.

use std::fmt::Write as _;

use knee_figure::{percent, short};

use super::{Affine, Bounds, Local, Network, Partition, Pieces, formula};

/// Formulas of more outputs than this are cut short.
const OUTPUTS: usize = 4;

/// The pieces of a network of one input: counts, hinges, and a formula per piece. At most `rows` pieces are listed.
pub fn text_one(network: &Network, found: &Pieces, rows: usize) -> String {
    let mut text = heading(network);
    let hinges: Vec<String> = found.hinges().into_iter().map(short).collect();
    let shown: Vec<String> = hinges.iter().take(rows).cloned().collect();
    let listed = match hinges.len() {
        0 => String::new(),
        count if count > rows => format!(": {}, ..", shown.join(", ")),
        _ => format!(": {}", shown.join(", ")),
    };
    let (low, high) = found.range;
    let over = if low.is_finite() {
        format!("{} to {}", short(low), short(high))
    } else {
        "the whole line".to_string()
    };
    let bounds = Bounds::of(network);
    text.push_str(&columns(&[
        ["range".to_string(), over],
        ["affine pieces".to_string(), found.pieces.len().to_string()],
        ["hinges".to_string(), format!("{}{listed}", hinges.len())],
        [
            "patterns".to_string(),
            format!(
                "{} intervals of one activation pattern each{}",
                found.intervals.len(),
                match found.intervals.len() - found.pieces.len() {
                    0 => String::new(),
                    silent => format!("; {silent} switches bend no output"),
                }
            ),
        ],
        ["bounds".to_string(), bounds_in_words(&bounds)],
    ]));
    text.push('\n');
    let mut table = vec![["from", "to", "output", "units"].map(str::to_string)];
    table.extend(found.pieces.iter().take(rows).map(|piece| {
        let first = &found.intervals[piece.intervals.start];
        let others = match piece.intervals.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        [
            short(piece.low),
            short(piece.high),
            formulas(&piece.map),
            format!("{}{others}", cut_short(&first.pattern.text(network))),
        ]
    }));
    text.push_str(&columns(&table));
    rest(&mut text, found.pieces.len(), rows, "pieces");
    text
}

/// The regions of a network of two inputs: counts, bounds, and the affine maps of the largest. At most `rows` regions
/// are listed.
pub fn text_two(network: &Network, found: &Partition, rows: usize) -> String {
    let mut text = heading(network);
    let window = found.window;
    let slivers = match found.slivers {
        0 => String::new(),
        count => format!("; {count} slivers were left with their neighbours"),
    };
    text.push_str(&columns(&[
        [
            "rectangle".to_string(),
            format!(
                "x1 from {} to {}, x2 from {} to {}",
                short(window.x.0),
                short(window.x.1),
                short(window.y.0),
                short(window.y.1)
            ),
        ],
        [
            "regions".to_string(),
            format!("{} by activation pattern{slivers}", found.regions.len()),
        ],
        [
            "affine maps".to_string(),
            format!("{} different ones", found.distinct_maps()),
        ],
        ["bounds".to_string(), bounds_in_words(&Bounds::of(network))],
    ]));
    text.push('\n');
    let mut order: Vec<usize> = (0..found.regions.len()).collect();
    order.sort_by(|&a, &b| found.regions[b].area.total_cmp(&found.regions[a].area));
    let mut table = vec![["area", "output", "units"].map(str::to_string)];
    table.extend(order.iter().take(rows).map(|&index| {
        let region = &found.regions[index];
        [
            percent(region.area / window.area()),
            formulas(&region.map),
            cut_short(&region.pattern.text(network)),
        ]
    }));
    text.push_str(&columns(&table));
    rest(
        &mut text,
        found.regions.len(),
        rows,
        "regions, the largest first",
    );
    text
}

/// The affine map around a point. At most `rows` outputs are listed.
pub fn text_at(network: &Network, x: &[f64], found: &Local, rows: usize) -> String {
    let mut text = heading(network);
    let point: Vec<String> = x.iter().take(8).map(|x| short(*x)).collect();
    let more = if x.len() > 8 { ", .." } else { "" };
    let border = found.border.map_or_else(
        || "none: one affine map everywhere".to_string(),
        |border| {
            format!(
                "{} away, where unit {} of layer {} reaches {}",
                short(border.distance),
                border.unit + 1,
                border.layer + 1,
                short(border.kink)
            )
        },
    );
    text.push_str(&columns(&[
        ["point".to_string(), format!("({}{more})", point.join(", "))],
        ["nearest border".to_string(), border],
        ["units".to_string(), cut_short(&found.pattern.text(network))],
    ]));
    text.push('\n');
    let mut table = vec![["value", "output"].map(str::to_string)];
    let outputs = 0..found.value.len().min(rows);
    table.extend(outputs.map(|output| {
        [
            short(found.value[output]),
            cut_short(&formula(&found.map, output)),
        ]
    }));
    text.push_str(&columns(&table));
    rest(&mut text, found.value.len(), rows, "outputs");
    text
}

/// The layers, and an activation that was left out.
fn heading(network: &Network) -> String {
    let mut widths = vec![network.inputs().to_string()];
    widths.extend(
        network
            .layers()
            .iter()
            .map(|layer| layer.units().to_string()),
    );
    let mut text = format!("A network of {} units\n", widths.join(" -> "));
    if let Some(function) = network.left_out() {
        let _ = writeln!(
            text,
            "Its outputs are what enters its last activation, {function}."
        );
    }
    text
}

/// The bounds beside the numbers that were counted.
pub(super) fn bounds_in_words(bounds: &Bounds) -> String {
    let mut words = format!(
        "the first layer alone at most {} (Zaslavsky), all layers at most {} ({})",
        Bounds::text(bounds.first_layer),
        Bounds::text(bounds.most),
        if bounds.rectifiers {
            "Serra et al."
        } else {
            "Montufar"
        }
    );
    if let Some(reachable) = bounds.reachable {
        let _ = write!(
            words,
            "; some network of this shape has {} (Montufar et al.)",
            Bounds::text(reachable)
        );
    }
    words
}

/// The formulas of all outputs, or of the first few.
pub(super) fn formulas(map: &Affine) -> String {
    let outputs = map.offset.len();
    let shown: Vec<String> = (0..outputs.min(OUTPUTS))
        .map(|output| cut_short(&formula(map, output)))
        .collect();
    let more = if outputs > OUTPUTS { "; .." } else { "" };
    format!("{}{more}", shown.join("; "))
}

/// A formula of many terms, or a pattern of many units, ends in dots.
pub(super) fn cut_short(text: &str) -> String {
    const LONGEST: usize = 100;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} ..", &text[..at]),
        None => text.to_string(),
    }
}

fn rest(text: &mut String, count: usize, rows: usize, what: &str) {
    if count > rows {
        let _ = writeln!(text, "(the first {rows} of {count} {what})");
    }
}

/// Rows whose cells begin in the same columns.
fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
