//! Where the parts of an SVG stand, in pixels.

use crate::placement::stacked;
use crate::scene::{Label, Mark, Scene};
use crate::text::estimated_pixels;

pub(super) const WIDTH: f64 = 720.0;
/// Size of labels and ticks.
pub(super) const SIZE: f64 = 13.0;
pub(super) const TITLE: f64 = 16.0;
pub(super) const LINE: f64 = 18.0;
/// Height of the plot where y is numeric.
pub(super) const HEIGHT: f64 = 300.0;
/// Names of categories wider than this are shortened.
pub(super) const NAMES: f64 = 220.0;
/// Length of the piece of line before a label.
pub(super) const SAMPLE: f64 = 24.0;

/// Where things stand, in pixels.
pub(super) struct Layout {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) height: f64,
    /// Where each entry of the key begins, and on which line.
    pub(super) key: Vec<(f64, usize)>,
    /// Where each label above the plot begins, and on which line from the plot upwards.
    pub(super) above: Vec<(f64, usize)>,
}

impl Layout {
    pub(super) fn new(scene: &Scene) -> Self {
        let width = |text: &str| estimated_pixels(text, SIZE);
        let names = scene
            .y_ticks(6)
            .iter()
            .map(|tick| width(&tick.text))
            .fold(0.0, f64::max)
            .min(NAMES);
        let caption = if scene.y_caption.is_empty() {
            0.0
        } else {
            LINE
        };
        let left = 14.0 + caption + names + 8.0;
        let ends = scene
            .ends
            .iter()
            .filter(|label| !is_inner(label))
            .map(|label| SAMPLE + 10.0 + width(&label.text))
            .fold(0.0, f64::max);
        let notes = scene
            .marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Note { at, text } if at.x > 0.6 => Some((at.x, width(text) + 10.0)),
                _ => None,
            })
            .map(|(x, wide)| wide - (1.0 - x) * (WIDTH - left - 100.0))
            .fold(0.0, f64::max);
        let right = WIDTH - ends.max(notes).clamp(16.0, WIDTH / 3.0);

        let mut key = Vec::new();
        let (mut x, mut line) = (left, 0);
        for entry in &scene.key {
            let wide = SAMPLE + 8.0 + width(&entry.text);
            if x > left && x + wide > WIDTH - 14.0 {
                (x, line) = (left, line + 1);
            }
            key.push((x, line));
            x += wide + 20.0;
        }
        let key_lines = if key.is_empty() { 0 } else { line + 1 };
        let labels: Vec<(f64, f64)> = scene
            .above
            .iter()
            .map(|label| (label.at.x * (right - left), width(&label.text)))
            .collect();
        let above: Vec<(f64, usize)> = stacked(&labels, right - left, 8.0)
            .into_iter()
            .map(|(x, line)| (left + x, line))
            .collect();
        let above_lines = above.iter().map(|(_, line)| line + 1).max().unwrap_or(0);
        let top = 14.0 + TITLE + 12.0 + (key_lines + above_lines) as f64 * LINE + 4.0;
        let bottom = top
            + if scene.rows > 0 {
                scene.rows as f64 * if scene.rows < 8 { 26.0 } else { 19.0 }
            } else {
                HEIGHT
            };
        let caption = if scene.x_caption.is_empty() {
            0.0
        } else {
            LINE + 2.0
        };
        Self {
            left,
            right,
            top,
            bottom,
            height: bottom + 24.0 + caption + 8.0,
            key,
            above,
        }
    }

    pub(super) fn x(&self, x: f64) -> f64 {
        self.left + x * (self.right - self.left)
    }

    pub(super) fn y(&self, y: f64) -> f64 {
        self.bottom - y * (self.bottom - self.top)
    }
}

/// Whether the line ends inside the plot, so that its label stands there and not in the margin.
pub(super) fn is_inner(label: &Label) -> bool {
    label.at.x < 0.8
}
