//! A scene in the cells of a terminal.

use crate::axis::Tick;
use crate::canvas::Canvas;
use crate::placement::{spread, stacked};
use crate::polyline::Point;
use crate::scene::{Entry, Label, Mark, Sample, Scene, Step};
use crate::shape::Written;
use crate::text::{cells, elide};
use crate::{Figure, Ink};

/// Which characters a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// Unicode: lines are drawn in braille patterns, eight dots to a cell, bars in blocks.
    Braille,
    /// ASCII only.
    Ascii,
}

/// Narrower or lower than this, there is no room between the axes.
const NARROWEST: usize = 24;
const LOWEST: usize = 4;

impl Figure {
    /// The figure as text of at most `width` columns and about `height` lines; each line ends with a line break.
    ///
    /// A figure with categories along y is as high as it has categories, whatever `height` is. With `colour`, series are
    /// coloured by escape sequences; without, they differ in their dashes, symbols and labels alone.
    pub fn terminal(&self, width: usize, height: usize, charset: Charset, colour: bool) -> String {
        let scene = Scene::new(self);
        let mut terminal = Terminal::new(&scene, width.max(NARROWEST), height, charset);
        terminal.draw(&scene);
        let mut text = String::new();
        for row in terminal.canvas.rows(colour) {
            text.push_str(&row);
            text.push('\n');
        }
        text
    }
}

struct Terminal {
    canvas: Canvas,
    charset: Charset,
    /// First column and first row between the axes.
    left: usize,
    top: usize,
    /// Columns and rows between the axes.
    columns: usize,
    rows: usize,
    key: Vec<(usize, usize)>,
    above: Vec<(f64, usize)>,
    above_lines: usize,
    width: usize,
    y_ticks: Vec<Tick>,
}

impl Terminal {
    fn new(scene: &Scene, width: usize, height: usize, charset: Charset) -> Self {
        let numeric = scene.rows == 0;
        let mut y_ticks = scene.y_ticks((height / 3).clamp(2, 6));
        let longest = width / 3;
        for tick in &mut y_ticks {
            let text = if charset == Charset::Ascii {
                &tick.ascii
            } else {
                &tick.text
            };
            tick.text = elide(text, longest as f64, "..", |text| cells(text) as f64);
        }
        let names = y_ticks
            .iter()
            .map(|tick| cells(&tick.text))
            .max()
            .unwrap_or(0);
        // Names, a blank, the axis.
        let left = names + 2;
        let right = scene
            .ends
            .iter()
            .map(|label| cells(&label.text) + 5)
            .max()
            .unwrap_or(0)
            .min(width / 4);
        let notes = scene
            .marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Note { at, text } if !numeric => {
                    let wide = cells(text) as f64 + 1.0;
                    Some(
                        (wide - (1.0 - at.x) * width.saturating_sub(left + 8) as f64)
                            .max(0.0)
                            .ceil() as usize,
                    )
                }
                _ => None,
            })
            .max()
            .unwrap_or(0);
        let columns = width.saturating_sub(left + right.max(notes).max(1)).max(8);

        let mut key = Vec::new();
        let (mut column, mut line) = (0, 0);
        for entry in &scene.key {
            let wide = cells(&entry.text) + 4;
            if column > 0 && column + wide > width {
                (column, line) = (0, line + 1);
            }
            key.push((column, line));
            column += wide + 3;
        }
        let key_lines = if key.is_empty() { 0 } else { line + 1 };
        let labels: Vec<(f64, f64)> = scene
            .above
            .iter()
            .map(|label| (label.at.x * columns as f64, cells(&label.text) as f64))
            .collect();
        let above = stacked(&labels, columns as f64, 2.0);
        let above_lines = above.iter().map(|(_, line)| line + 1).max().unwrap_or(0);
        // Title, caption of y, key, labels above.
        let top = 1 + usize::from(numeric && !scene.y_caption.is_empty()) + key_lines + above_lines;
        let below = 2 + usize::from(!scene.x_caption.is_empty());
        let rows = if numeric {
            height.saturating_sub(top + below).max(LOWEST)
        } else {
            scene.rows
        };
        Self {
            canvas: Canvas::new(width, top + rows + below, charset),
            charset,
            left,
            top,
            columns,
            rows,
            key,
            above,
            above_lines,
            width,
            y_ticks,
        }
    }

    fn draw(&mut self, scene: &Scene) {
        let title = elide(&scene.title, self.width as f64, "..", |text| {
            cells(text) as f64
        });
        self.canvas.write(0, 0, &title, None);
        for (entry, (column, line)) in scene.key.iter().zip(self.key.clone()) {
            self.entry(column, 1 + line, entry);
        }
        if scene.rows == 0 {
            let caption = scene.y_caption.clone();
            self.canvas
                .write(0, self.top - 1 - self.above_lines, &caption, None);
        }
        for (label, (column, line)) in scene.above.iter().zip(self.above.clone()) {
            let column = self.left + column.floor() as usize;
            self.canvas
                .write(column, self.top - 1 - line, &label.text, None);
        }
        // Shades and bins first, whatever the order of layers: a cell shows one thing, and that is the line.
        for mark in &scene.marks {
            match mark {
                Mark::Span { left, right } => {
                    let columns =
                        self.column(*left)..self.column(*right).max(self.column(*left) + 1);
                    self.canvas.shade(columns, self.top..self.top + self.rows);
                }
                Mark::Area { steps, ink } => self.area(steps, *ink),
                _ => {}
            }
        }
        let mut travelled = 0;
        let mut previous = None;
        for mark in &scene.marks {
            if let Mark::Line { ink, .. } = mark
                && previous != Some(*ink)
            {
                travelled = 0;
                previous = Some(*ink);
            }
            self.mark(mark, &mut travelled);
        }
        self.axes(scene);
        self.ends(&scene.ends);
    }

    fn axes(&mut self, scene: &Scene) {
        let (vertical, tick_left, corner, horizontal, tick_down) = match self.charset {
            Charset::Braille => ('│', '┤', '└', '─', '┴'),
            Charset::Ascii => ('|', '+', '+', '-', '+'),
        };
        let (axis, floor) = (self.left - 1, self.top + self.rows);
        for row in self.top..floor {
            self.canvas.put(axis, row, vertical, None);
        }
        self.canvas.put(axis, floor, corner, None);
        for column in 0..self.columns {
            self.canvas.put(self.left + column, floor, horizontal, None);
        }
        for tick in std::mem::take(&mut self.y_ticks) {
            // A name in the middle of an even number of bars stands beside the upper one.
            let row = self.row((tick.at + 1e-9).min(1.0));
            if scene.rows == 0 {
                self.canvas.put(axis, row, tick_left, None);
            }
            let column = (axis - 1).saturating_sub(cells(&tick.text));
            self.canvas.write(column, row, &tick.text, None);
        }
        let mut free = 0;
        for tick in scene.x.ticks((self.columns / 10).max(2)) {
            let text = if self.charset == Charset::Ascii {
                &tick.ascii
            } else {
                &tick.text
            };
            let column = self.column(tick.at);
            let wide = cells(text);
            let begin = column
                .saturating_sub(wide / 2)
                .min(self.width.saturating_sub(wide));
            if begin >= free {
                self.canvas.put(column, floor, tick_down, None);
                self.canvas.write(begin, floor + 1, text, None);
                free = begin + wide + 1;
            }
        }
        if !scene.x_caption.is_empty() {
            let spare = self.columns.saturating_sub(cells(&scene.x_caption));
            self.canvas
                .write(self.left + spare / 2, floor + 2, &scene.x_caption, None);
        }
    }

    fn mark(&mut self, mark: &Mark, travelled: &mut u32) {
        match mark {
            Mark::Span { .. } | Mark::Area { .. } => {}
            Mark::Band { edges, ink, .. } => {
                for edge in edges {
                    self.outline(edge, *ink, &[1, 2]);
                }
            }
            Mark::Polygons { shapes, written } => {
                for shape in shapes {
                    let mut closed = shape.corners.clone();
                    closed.extend(shape.corners.first());
                    self.outline(&closed, shape.ink, &[]);
                }
                for text in written {
                    self.written(text);
                }
            }
            Mark::Line { points, ink } => {
                for pair in points.windows(2) {
                    let (from, to) = (self.place(pair[0]), self.place(pair[1]));
                    self.canvas.line(from, to, *ink, travelled);
                }
            }
            Mark::Bar {
                from,
                to,
                lying,
                ink,
            } => self.bar(*from, *to, *lying, *ink),
            Mark::Dot { at, ink } => {
                let symbol = match self.charset {
                    Charset::Braille => ink.symbol(),
                    Charset::Ascii => ink.ascii(),
                };
                let (column, row) = (self.column(at.x), self.row(at.y));
                self.canvas.put(column, row, symbol, Some(*ink));
            }
            Mark::Vertical(x) => {
                let symbol = if self.charset == Charset::Ascii {
                    '|'
                } else {
                    '┊'
                };
                let column = self.column(*x);
                for row in self.top..self.top + self.rows {
                    self.canvas.put(column, row, symbol, Some(Ink::Grey));
                }
            }
            Mark::Horizontal(y) => {
                let symbol = if self.charset == Charset::Ascii {
                    '-'
                } else {
                    '┄'
                };
                let row = self.row(*y);
                for column in self.left..self.left + self.columns {
                    self.canvas.put(column, row, symbol, Some(Ink::Grey));
                }
            }
            Mark::Note { at, text } => {
                let column = (self.column(at.x) + 2).min(self.width.saturating_sub(cells(text)));
                let row = self.row(at.y);
                self.canvas.write(column, row, text, None);
            }
        }
    }

    fn outline(&mut self, points: &[Point], ink: Ink, dashes: &[u32]) {
        let mut travelled = 0;
        for pair in points.windows(2) {
            let (from, to) = (self.place(pair[0]), self.place(pair[1]));
            self.canvas.dashed(from, to, ink, dashes, &mut travelled);
        }
    }

    /// Text in the middle of a polygon, if it fits between the polygon's sides.
    fn written(&mut self, written: &Written) {
        let wide = cells(&written.text);
        let (across, upwards) = written.room;
        if across * self.columns as f64 >= (wide + 4) as f64 && upwards * self.rows as f64 >= 2.0 {
            let column = self.column(written.at.x).saturating_sub(wide / 2);
            let row = self.row(written.at.y);
            self.canvas.write(column, row, &written.text, None);
        }
    }

    fn area(&mut self, steps: &[Step], ink: Ink) {
        let levels: &[char] = match self.charset {
            Charset::Braille => &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
            Charset::Ascii => &['%'],
        };
        let parts = levels.len();
        for column in 0..self.columns {
            let (begin, end) = (
                column as f64 / self.columns as f64,
                (column + 1) as f64 / self.columns as f64,
            );
            // Bins narrower than a column: the highest of them.
            let height = steps
                .iter()
                .filter(|step| step.left < end && step.right > begin)
                .map(|step| step.top)
                .fold(0.0, f64::max);
            let mut filled = (height * (self.rows * parts) as f64).round() as usize;
            if height > 0.0 {
                filled = filled.max(1);
            }
            for up in 0..self.rows {
                let part = filled.saturating_sub(up * parts).min(parts);
                if part > 0 {
                    let row = self.top + self.rows - 1 - up;
                    self.canvas
                        .put(self.left + column, row, levels[part - 1], Some(ink));
                }
            }
        }
    }

    fn bar(&mut self, from: Point, to: Point, lying: bool, ink: Ink) {
        let (full, ascii) = ink.fill();
        let symbol = if self.charset == Charset::Ascii {
            ascii
        } else {
            full
        };
        if !lying {
            let rows = self.row(from.y.max(to.y))..=self.row(from.y.min(to.y));
            let columns = self.column(from.x)..=self.column(to.x);
            for row in rows {
                for column in columns.clone() {
                    self.canvas.put(column, row, symbol, Some(ink));
                }
            }
            return;
        }
        let row = self.row(f64::midpoint(from.y, to.y));
        let (begin, end) = (from.x.min(to.x), from.x.max(to.x));
        let first = self.left + (begin * self.columns as f64).round() as usize;
        let mut length = ((end - begin) * self.columns as f64).round() as usize;
        if end > begin {
            length = length.max(1);
        }
        for column in first..first + length {
            self.canvas.put(column, row, symbol, Some(ink));
        }
    }

    fn entry(&mut self, column: usize, row: usize, entry: &Entry) {
        let unicode = self.charset == Charset::Braille;
        let ink = entry.ink;
        let marker = if unicode { ink.symbol() } else { ink.ascii() };
        let sample: String = match entry.sample {
            Sample::Line { markers } => {
                let line = if unicode { '─' } else { '-' };
                [line, if markers { marker } else { line }, line]
                    .iter()
                    .collect()
            }
            Sample::Dot => format!(" {marker} "),
            Sample::Polygon => if unicode { "▭▭▭" } else { "[ ]" }.to_string(),
            Sample::Fill => if unicode { "▂▅▃" } else { "%%%" }.to_string(),
            Sample::Bar => {
                let (full, ascii) = ink.fill();
                std::iter::repeat_n(if unicode { full } else { ascii }, 3).collect()
            }
        };
        self.canvas.write(column, row, &sample, Some(ink));
        self.canvas.write(column + 4, row, &entry.text, None);
    }

    /// The labels at the ends of lines, each with a piece of its line.
    fn ends(&mut self, labels: &[Label]) {
        let wanted: Vec<f64> = labels
            .iter()
            .map(|label| self.row(label.at.y) as f64)
            .collect();
        let placed = spread(
            &wanted,
            1.0,
            self.top as f64,
            (self.top + self.rows - 1) as f64,
        );
        for (label, row) in labels.iter().zip(placed) {
            let row = row.max(0.0) as usize;
            let column = if label.at.x < 0.8 {
                self.column(label.at.x) + 2
            } else {
                self.left + self.columns + 1
            };
            let (dots, ascii) = match label.ink {
                Ink::Blue => ("⠤⠤⠤", "***"),
                Ink::Vermilion => ("⠤⠄⠤", "+++"),
                Ink::Green => ("⠄⠄⠄", "ooo"),
                Ink::Pink => ("⠤⠠⠤", "xxx"),
                Ink::Grey => ("┄┄┄", "---"),
            };
            let sample = if self.charset == Charset::Ascii {
                ascii
            } else {
                dots
            };
            self.canvas.write(column, row, sample, Some(label.ink));
            self.canvas.write(column + 4, row, &label.text, None);
        }
    }

    /// A point in cells with fractions, from the top left.
    fn place(&self, point: Point) -> (f64, f64) {
        // The last dot of the last cell belongs to the position 1.
        let inner =
            |position: f64, count: usize| (position * count as f64).min(count as f64 - 0.01);
        (
            self.left as f64 + inner(point.x, self.columns),
            self.top as f64 + inner(1.0 - point.y, self.rows),
        )
    }

    fn column(&self, x: f64) -> usize {
        self.left + ((x * self.columns as f64) as usize).min(self.columns - 1)
    }

    fn row(&self, y: f64) -> usize {
        self.top + (((1.0 - y) * self.rows as f64) as usize).min(self.rows.saturating_sub(1))
    }
}
