//! A scene as a self-contained SVG that may stand alone or inside a page, beside others.

mod layout;
mod shapes;
mod style;

use std::fmt::Write as _;

use crate::number::pixels;
use crate::placement::spread;
use crate::polyline::Point;
use crate::scene::{Entry, Label, Mark, Sample, Scene, Step};
use crate::text::{elide, escape, estimated_pixels};
use crate::{Figure, Ink};

use shapes::inks;

use layout::{LINE, Layout, NAMES, SAMPLE, SIZE, TITLE, WIDTH, is_inner};
use style::{stripes, style};

impl Figure {
    /// The figure as an SVG document.
    ///
    /// It is the same text for the same figure on every machine, scales with its container, follows the reader's light or
    /// dark setting, and names itself to a screen reader by title and description. Ids begin with the slug and classes
    /// with `kf-`, so several figures can stand in one page.
    pub fn svg(&self) -> String {
        let scene = Scene::new(self);
        let layout = Layout::new(&scene);
        let mut svg = Svg {
            out: String::new(),
            id: identifier(&self.slug),
            layout,
        };
        svg.document(self, &scene);
        svg.out
    }
}

struct Svg {
    out: String,
    id: String,
    layout: Layout,
}

impl Svg {
    fn document(&mut self, figure: &Figure, scene: &Scene) {
        let (id, height) = (self.id.clone(), pixels(self.layout.height));
        let _ = writeln!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"kf\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n<style>{}</style>",
            escape(&figure.title),
            escape(&figure.description),
            style(),
        );
        self.patterns(scene);
        let _ = writeln!(
            self.out,
            "<rect class=\"kf-paper\" width=\"{WIDTH}\" height=\"{height}\"/>"
        );
        let title = elide(&scene.title, WIDTH - 28.0, "…", |text| {
            estimated_pixels(text, TITLE)
        });
        self.text(14.0, 14.0 + TITLE - 3.0, "kf-title", &title);
        for (index, entry) in scene.key.iter().enumerate() {
            self.entry(index, entry);
        }
        self.axes(scene);
        for mark in &scene.marks {
            self.mark(mark);
        }
        for (label, (x, line)) in scene.above.iter().zip(self.layout.above.clone()) {
            let y = self.layout.top - 7.0 - line as f64 * LINE;
            self.text(x, y, "kf-soft", &label.text);
        }
        self.ends(&scene.ends);
        self.out.push_str("</svg>\n");
    }

    /// The fills that are more than a colour, for the inks whose bars need one.
    fn patterns(&mut self, scene: &Scene) {
        let bars = scene.marks.iter().flat_map(|mark| match mark {
            Mark::Bar { ink, .. } => vec![*ink],
            Mark::Polygons { shapes, .. } => inks(shapes),
            _ => Vec::new(),
        });
        let samples = scene
            .key
            .iter()
            .filter(|entry| matches!(entry.sample, Sample::Bar | Sample::Polygon))
            .map(|entry| entry.ink);
        let mut used: Vec<Ink> = Vec::new();
        for ink in bars.chain(samples) {
            if !used.contains(&ink) {
                used.push(ink);
            }
        }
        used.retain(|ink| stripes(*ink).is_some());
        if used.is_empty() {
            return;
        }
        self.out.push_str("<defs>");
        for ink in used {
            let (id, class) = (&self.id, ink.class());
            let _ = write!(
                self.out,
                "<pattern id=\"{id}-{class}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">{}</pattern>",
                stripes(ink).unwrap_or_default().replace("INK", class)
            );
        }
        self.out.push_str("</defs>\n");
    }

    fn axes(&mut self, scene: &Scene) {
        let (left, right, top, bottom) = (
            self.layout.left,
            self.layout.right,
            self.layout.top,
            self.layout.bottom,
        );
        let wanted = ((right - left) / 80.0) as usize;
        let mut grid = String::new();
        for tick in scene.x.ticks(wanted) {
            let x = self.layout.x(tick.at);
            let _ = write!(grid, "M{} {}V{}", pixels(x), pixels(top), pixels(bottom));
            self.anchored(x, bottom + 18.0, "kf-soft kf-middle", &tick.text);
        }
        for tick in scene.y_ticks(6) {
            let y = self.layout.y(tick.at);
            if scene.rows == 0 {
                let _ = write!(grid, "M{} {}H{}", pixels(left), pixels(y), pixels(right));
            }
            let name = elide(&tick.text, NAMES, "…", |text| {
                estimated_pixels(text, SIZE)
            });
            let class = if scene.rows > 0 {
                "kf-text kf-end"
            } else {
                "kf-soft kf-end"
            };
            self.anchored(left - 8.0, y + 4.5, class, &name);
        }
        let _ = writeln!(self.out, "<path class=\"kf-grid\" d=\"{grid}\"/>");
        let _ = writeln!(
            self.out,
            "<path class=\"kf-axis\" d=\"M{} {}V{}H{}\"/>",
            pixels(left),
            pixels(top),
            pixels(bottom),
            pixels(right)
        );
        if !scene.x_caption.is_empty() {
            let x = f64::midpoint(left, right);
            self.anchored(
                x,
                bottom + 18.0 + LINE + 2.0,
                "kf-text kf-middle",
                &scene.x_caption,
            );
        }
        if !scene.y_caption.is_empty() {
            let y = f64::midpoint(top, bottom);
            let caption = elide(&scene.y_caption, bottom - top + 40.0, "…", |text| {
                estimated_pixels(text, SIZE)
            });
            let _ = writeln!(
                self.out,
                "<text class=\"kf-text kf-middle\" transform=\"translate(22 {}) rotate(-90)\">{}</text>",
                pixels(y),
                escape(&caption)
            );
        }
    }

    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Span { left, right } => {
                let (x, end) = (self.layout.x(*left), self.layout.x(*right));
                let (top, bottom) = (self.layout.top, self.layout.bottom);
                self.rectangle("kf-span", x, top, end - x, bottom - top);
                let _ = writeln!(
                    self.out,
                    "<path class=\"kf-bracket\" d=\"M{} {}H{}\"/>",
                    pixels(x),
                    pixels(top),
                    pixels(end)
                );
            }
            Mark::Area { steps, ink } => self.area(steps, *ink),
            Mark::Band { fills, ink, .. } => self.filled(fills.iter().map(Vec::as_slice), *ink),
            Mark::Polygons { shapes, written } => self.polygons(shapes, written),
            Mark::Bar {
                from,
                to,
                lying,
                ink,
            } => self.bar(*from, *to, *lying, *ink),
            Mark::Line { points, ink } => {
                let mut path = String::new();
                for (index, point) in points.iter().enumerate() {
                    let command = if index == 0 { 'M' } else { 'L' };
                    let _ = write!(path, "{command}{} {}", self.px(point.x), self.py(point.y));
                }
                let _ = writeln!(
                    self.out,
                    "<path class=\"kf-line kf-{}\" d=\"{path}\"/>",
                    ink.class()
                );
            }
            Mark::Dot { at, ink } => self.dot(self.layout.x(at.x), self.layout.y(at.y), *ink),
            Mark::Vertical(x) => {
                let (top, bottom) = (pixels(self.layout.top), pixels(self.layout.bottom));
                let _ = writeln!(
                    self.out,
                    "<path class=\"kf-rule\" d=\"M{} {top}V{bottom}\"/>",
                    self.px(*x)
                );
            }
            Mark::Horizontal(y) => {
                let (left, right) = (pixels(self.layout.left), pixels(self.layout.right));
                let _ = writeln!(
                    self.out,
                    "<path class=\"kf-rule\" d=\"M{left} {}H{right}\"/>",
                    self.py(*y)
                );
            }
            Mark::Note { at, text } => {
                let (x, y) = (self.layout.x(at.x) + 6.0, self.layout.y(at.y));
                let y = (y + 4.5).clamp(self.layout.top + 12.0, self.layout.bottom - 4.0);
                self.text(x, y, "kf-soft kf-note", text);
            }
        }
    }

    fn area(&mut self, steps: &[Step], ink: Ink) {
        let mut path = String::new();
        let mut before: Option<f64> = None;
        for step in steps {
            if before != Some(step.left) {
                let end = if before.is_some() { "V" } else { "" };
                let close = if end.is_empty() {
                    String::new()
                } else {
                    format!("V{}", self.py(0.0))
                };
                let _ = write!(path, "{close}M{} {}", self.px(step.left), self.py(0.0));
            }
            let _ = write!(path, "V{}H{}", self.py(step.top), self.px(step.right));
            before = Some(step.right);
        }
        let _ = write!(path, "V{}", self.py(0.0));
        let _ = writeln!(
            self.out,
            "<path class=\"kf-area kf-{}\" d=\"{path}\"/>",
            ink.class()
        );
    }

    fn bar(&mut self, from: Point, to: Point, lying: bool, ink: Ink) {
        let inset = 1.5;
        let (x, end) = (
            self.layout.x(from.x.min(to.x)),
            self.layout.x(from.x.max(to.x)),
        );
        let (y, floor) = (
            self.layout.y(from.y.max(to.y)),
            self.layout.y(from.y.min(to.y)),
        );
        let (x, y, width, height) = if lying {
            (x, y + inset, end - x, floor - y - 2.0 * inset)
        } else {
            (x + inset, y, end - x - 2.0 * inset, floor - y)
        };
        let fill = match stripes(ink) {
            Some(_) => format!(" fill=\"url(#{}-{})\"", self.id, ink.class()),
            None => String::new(),
        };
        let plain = if fill.is_empty() { " kf-plain" } else { "" };
        let _ = writeln!(
            self.out,
            "<rect class=\"kf-bar kf-{}{plain}\"{fill} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            ink.class(),
            pixels(x),
            pixels(y),
            pixels(width.max(0.0)),
            pixels(height.max(0.0))
        );
    }

    fn dot(&mut self, x: f64, y: f64, ink: Ink) {
        let (x_text, y_text, class) = (pixels(x), pixels(y), ink.class());
        let _ = match ink {
            Ink::Blue | Ink::Grey => {
                writeln!(
                    self.out,
                    "<circle class=\"kf-dot kf-{class}\" cx=\"{x_text}\" cy=\"{y_text}\" r=\"4\"/>"
                )
            }
            Ink::Vermilion => writeln!(
                self.out,
                "<rect class=\"kf-dot kf-{class}\" x=\"{}\" y=\"{}\" width=\"7\" height=\"7\"/>",
                pixels(x - 3.5),
                pixels(y - 3.5)
            ),
            Ink::Green => writeln!(
                self.out,
                "<path class=\"kf-dot kf-{class}\" d=\"M{x_text} {}l4.5 8h-9z\"/>",
                pixels(y - 5.0)
            ),
            Ink::Pink => writeln!(
                self.out,
                "<path class=\"kf-dot kf-{class}\" d=\"M{x_text} {}l5 5l-5 5l-5 -5z\"/>",
                pixels(y - 5.0)
            ),
        };
    }

    fn entry(&mut self, index: usize, entry: &Entry) {
        let (x, line) = self.layout.key[index];
        let y = 14.0 + TITLE + 12.0 + line as f64 * LINE + 6.0;
        let class = entry.ink.class();
        match entry.sample {
            Sample::Line { markers } => {
                self.sample(x, y, entry.ink);
                if markers {
                    self.dot(x + SAMPLE / 2.0, y, entry.ink);
                }
            }
            Sample::Dot => self.dot(x + SAMPLE / 2.0, y, entry.ink),
            Sample::Polygon => self.swatch(x, y, entry.ink),
            Sample::Fill => {
                let _ = writeln!(
                    self.out,
                    "<path class=\"kf-area kf-{class}\" d=\"M{} {}h{SAMPLE}v10h-{SAMPLE}z\"/>",
                    pixels(x),
                    pixels(y - 5.0)
                );
            }
            Sample::Bar => {
                let fill = match stripes(entry.ink) {
                    Some(_) => format!(" fill=\"url(#{}-{class})\"", self.id),
                    None => String::new(),
                };
                let plain = if fill.is_empty() { " kf-plain" } else { "" };
                let _ = writeln!(
                    self.out,
                    "<rect class=\"kf-bar kf-{class}{plain}\"{fill} x=\"{}\" y=\"{}\" width=\"{SAMPLE}\" height=\"10\"/>",
                    pixels(x),
                    pixels(y - 5.0)
                );
            }
        }
        self.text(x + SAMPLE + 8.0, y + 4.5, "kf-text", &entry.text);
    }

    /// The labels at the ends of lines: in the margin, or beside the end where a line stops early.
    fn ends(&mut self, labels: &[Label]) {
        let wanted: Vec<f64> = labels
            .iter()
            .map(|label| self.layout.y(label.at.y))
            .collect();
        let placed = spread(
            &wanted,
            LINE,
            self.layout.top + 6.0,
            self.layout.bottom - 2.0,
        );
        for (label, y) in labels.iter().zip(placed) {
            let x = if is_inner(label) {
                self.layout.x(label.at.x) + 8.0
            } else {
                self.layout.right + 4.0
            };
            self.sample(x, y, label.ink);
            self.text(x + SAMPLE + 4.0, y + 4.5, "kf-text", &label.text);
        }
    }

    /// A short piece of a line, in front of its name.
    fn sample(&mut self, x: f64, y: f64, ink: Ink) {
        let _ = writeln!(
            self.out,
            "<path class=\"kf-line kf-{}\" d=\"M{} {}h{SAMPLE}\"/>",
            ink.class(),
            pixels(x),
            pixels(y)
        );
    }

    fn rectangle(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let _ = writeln!(
            self.out,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            pixels(x),
            pixels(y),
            pixels(width),
            pixels(height)
        );
    }

    fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        self.anchored(x, y, class, text);
    }

    fn anchored(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
            pixels(x),
            pixels(y),
            escape(text)
        );
    }

    fn px(&self, x: f64) -> String {
        pixels(self.layout.x(x))
    }

    fn py(&self, y: f64) -> String {
        pixels(self.layout.y(y))
    }
}

/// An id that begins with a letter and has nothing that CSS or a URL would have to escape.
fn identifier(slug: &str) -> String {
    let safe = slug.chars().map(|character| {
        if character.is_ascii_alphanumeric() {
            character.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    "kf-".chars().chain(safe).collect()
}
