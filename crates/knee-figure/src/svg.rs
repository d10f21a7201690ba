//! A scene as a self-contained SVG that may stand alone or inside a page, beside others.

use std::fmt::Write as _;

use crate::number::pixels;
use crate::scene::{Entry, Label, Mark, Point, Sample, Scene, Step, spread, stacked};
use crate::text::{elide, escape, estimated_pixels};
use crate::{Figure, Ink};

const WIDTH: f64 = 720.0;
/// Size of labels and ticks.
const SIZE: f64 = 13.0;
const TITLE: f64 = 16.0;
const LINE: f64 = 18.0;
/// Height of the plot where y is numeric.
const HEIGHT: f64 = 300.0;
/// Names of categories wider than this are shortened.
const NAMES: f64 = 220.0;
/// Length of the piece of line before a label.
const SAMPLE: f64 = 24.0;

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

/// Where things stand, in pixels.
struct Layout {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    height: f64,
    /// Where each entry of the key begins, and on which line.
    key: Vec<(f64, usize)>,
    /// Where each label above the plot begins, and on which line from the plot upwards.
    above: Vec<(f64, usize)>,
}

impl Layout {
    fn new(scene: &Scene) -> Self {
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

    fn x(&self, x: f64) -> f64 {
        self.left + x * (self.right - self.left)
    }

    fn y(&self, y: f64) -> f64 {
        self.bottom - y * (self.bottom - self.top)
    }
}

/// Whether the line ends inside the plot, so that its label stands there and not in the margin.
fn is_inner(label: &Label) -> bool {
    label.at.x < 0.8
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
        let bars = scene.marks.iter().filter_map(|mark| match mark {
            Mark::Bar { ink, .. } => Some(*ink),
            _ => None,
        });
        let samples = scene
            .key
            .iter()
            .filter(|entry| entry.sample == Sample::Bar)
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

/// What the pattern of an ink is made of; `None` for a plain fill.
fn stripes(ink: Ink) -> Option<&'static str> {
    match ink {
        Ink::Blue => None,
        Ink::Vermilion => {
            Some("<path class=\"kf-stripe kf-INK\" d=\"M-1 1L1 -1M0 6L6 0M5 7L7 5\"/>")
        }
        Ink::Green => Some("<path class=\"kf-stripe kf-INK\" d=\"M1.5 1.5h2v2h-2z\"/>"),
        Ink::Pink => Some("<path class=\"kf-stripe kf-INK\" d=\"M0 6L6 0M0 0L6 6\"/>"),
        Ink::Grey => Some("<path class=\"kf-stripe kf-INK\" d=\"M0 3h6\"/>"),
    }
}

/// The same rules in every figure, so that several of them in one page agree.
fn style() -> String {
    let mut light = String::from(
        ".kf{max-width:720px;width:100%;height:auto;font:13px system-ui,-apple-system,\"Segoe UI\",\"Noto Sans\",\"DejaVu Sans\",sans-serif}\
         .kf-paper{fill:#fff}.kf-text,.kf-title{fill:#1b1b1b}.kf-soft{fill:#555}.kf-title{font-size:16px;font-weight:600}\
         .kf-note{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}\
         .kf-middle{text-anchor:middle}.kf-end{text-anchor:end}\
         .kf-grid{stroke:#e4e4e4;fill:none}.kf-axis{stroke:#767676;fill:none}.kf-rule{stroke:#767676;stroke-dasharray:3 3;fill:none}\
         .kf-span{fill:#808080;fill-opacity:.17}.kf-bracket{stroke:#767676;stroke-width:2;fill:none}\
         .kf-line{fill:none;stroke-width:2.25;stroke-linejoin:round}.kf-area{fill-opacity:.28;stroke-width:1}\
         .kf-bar{stroke-width:1}.kf-stripe{stroke-width:1.6}.kf-dot{stroke:none}",
    );
    let mut dark = String::from(
        ".kf-paper{fill:#121212}.kf-note{stroke:#121212}.kf-text,.kf-title{fill:#ededed}.kf-soft{fill:#b4b4b4}.kf-grid{stroke:#2e2e2e}\
         .kf-axis,.kf-rule,.kf-bracket{stroke:#8c8c8c}.kf-area{fill-opacity:.4}",
    );
    for ink in [Ink::Blue, Ink::Vermilion, Ink::Green, Ink::Pink, Ink::Grey] {
        let class = ink.class();
        let (on_light, on_dark) = ink.hex();
        let rules = |colour: &str| {
            format!(
                ".kf-{class}{{stroke:{colour}}}.kf-dot.kf-{class},.kf-area.kf-{class},.kf-plain.kf-{class}{{fill:{colour}}}"
            )
        };
        light.push_str(&rules(on_light));
        if on_dark != on_light {
            dark.push_str(&rules(on_dark));
        }
        if !ink.dashes().is_empty() {
            let dashes: Vec<String> = ink.dashes().iter().map(u32::to_string).collect();
            let _ = write!(
                light,
                ".kf-line.kf-{class}{{stroke-dasharray:{}}}",
                dashes.join(" ")
            );
        }
    }
    format!("{light}@media (prefers-color-scheme:dark){{{dark}}}")
}
