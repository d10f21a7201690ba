//! A grid of terminal cells, each of which holds a character, the dots of a braille pattern or a shade.

use std::fmt::Write as _;

use crate::{Charset, Ink};

/// Dots of a braille cell, across and down.
const ACROSS: usize = 2;
const DOWN: usize = 4;

#[derive(Clone, Copy, Default)]
struct Cell {
    text: Option<char>,
    /// Continued from a character of double width on its left.
    covered: bool,
    dots: u8,
    shaded: bool,
    ink: Option<Ink>,
}

pub(crate) struct Canvas {
    width: usize,
    height: usize,
    charset: Charset,
    cells: Vec<Cell>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, charset: Charset) -> Self {
        Self {
            width,
            height,
            charset,
            cells: vec![Cell::default(); width * height],
        }
    }

    fn cell(&mut self, column: usize, row: usize) -> Option<&mut Cell> {
        (column < self.width && row < self.height)
            .then(|| &mut self.cells[row * self.width + column])
    }

    /// Writes over whatever is there.
    pub(crate) fn put(&mut self, column: usize, row: usize, character: char, ink: Option<Ink>) {
        self.split(column, row);
        if let Some(cell) = self.cell(column, row) {
            *cell = Cell {
                text: Some(character),
                ink,
                ..Cell::default()
            };
        }
    }

    /// Makes the cell stand alone: of a character of double width that reaches into it or out of it, nothing remains.
    fn split(&mut self, column: usize, row: usize) {
        if self.cell(column, row).is_some_and(|cell| cell.covered)
            && let Some(left) = column.checked_sub(1).and_then(|left| self.cell(left, row))
        {
            *left = Cell::default();
        }
        if let Some(right) = self.cell(column + 1, row).filter(|right| right.covered) {
            *right = Cell::default();
        }
    }

    /// Writes `text` from `column` on; what does not fit is left out.
    pub(crate) fn write(&mut self, column: usize, row: usize, text: &str, ink: Option<Ink>) {
        let mut column = column;
        for character in text.chars() {
            let width = crate::text::cells(character.encode_utf8(&mut [0; 4]));
            if width == 0 || column + width > self.width {
                continue;
            }
            self.put(column, row, character, ink);
            for covered in 1..width {
                self.split(column + covered, row);
                if let Some(cell) = self.cell(column + covered, row) {
                    *cell = Cell {
                        covered: true,
                        ..Cell::default()
                    };
                }
            }
            column += width;
        }
    }

    pub(crate) fn shade(&mut self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) {
        for row in rows {
            for column in columns.clone() {
                if let Some(cell) = self.cell(column, row) {
                    cell.shaded = true;
                }
            }
        }
    }

    /// A straight line between two points, in cells with fractions, downwards. `travelled` counts the dots of the whole
    /// line, so that a dash pattern goes on from piece to piece.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink, travelled: &mut u32) {
        self.dashed(from, to, ink, ink.dots(), travelled);
    }

    /// The same with another dash pattern than the ink's: lengths drawn and left out in turn, in dots.
    pub(crate) fn dashed(
        &mut self,
        from: (f64, f64),
        to: (f64, f64),
        ink: Ink,
        dashes: &[u32],
        travelled: &mut u32,
    ) {
        let (across, down) = match self.charset {
            Charset::Braille => (ACROSS as f64, DOWN as f64),
            Charset::Ascii => (1.0, 1.0),
        };
        let (dx, dy) = ((to.0 - from.0) * across, (to.1 - from.1) * down);
        let steps = dx.abs().max(dy.abs()).ceil().max(1.0) as u32;
        let mut last = None;
        for step in 0..=steps {
            let t = f64::from(step) / f64::from(steps);
            let dot = (
                (from.0 * across + t * dx).floor().max(0.0) as usize,
                (from.1 * down + t * dy).floor().max(0.0) as usize,
            );
            if last == Some(dot) {
                continue;
            }
            last = Some(dot);
            if step > 0 {
                *travelled += 1;
            }
            match self.charset {
                Charset::Braille if is_drawn(dashes, *travelled) => self.dot(dot.0, dot.1, ink),
                Charset::Braille => {}
                Charset::Ascii => self.put(dot.0, dot.1, ink.ascii(), Some(ink)),
            }
        }
    }

    fn dot(&mut self, across: usize, down: usize, ink: Ink) {
        const BITS: [[u8; ACROSS]; DOWN] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        self.split(across / ACROSS, down / DOWN);
        if let Some(cell) = self.cell(across / ACROSS, down / DOWN) {
            if cell.text.is_some() && cell.dots == 0 {
                // A line is drawn over the bins of a histogram.
                cell.text = None;
            }
            cell.dots |= BITS[down % DOWN][across % ACROSS];
            cell.ink = Some(ink);
        }
    }

    /// The rows, with escape sequences for colours if wanted, without blanks at their ends.
    pub(crate) fn rows(&self, colour: bool) -> Vec<String> {
        self.cells
            .chunks(self.width.max(1))
            .map(|cells| self.row(cells, colour))
            .collect()
    }

    fn row(&self, cells: &[Cell], colour: bool) -> String {
        let used = cells
            .iter()
            .rposition(|cell| cell.covered || self.character(*cell) != ' ')
            .map_or(0, |last| last + 1);
        let mut row = String::new();
        let mut current: Option<Ink> = None;
        for cell in &cells[..used] {
            if cell.covered {
                continue;
            }
            let character = self.character(*cell);
            let ink = if character == ' ' {
                current
            } else if cell.text.is_none() && cell.dots == 0 {
                Some(Ink::Grey)
            } else {
                cell.ink
            };
            if colour && ink != current {
                match ink {
                    Some(ink) => {
                        let _ = write!(row, "\u{1b}[38;5;{}m", ink.terminal_colour());
                    }
                    None => row.push_str("\u{1b}[39m"),
                }
                current = ink;
            }
            row.push(character);
        }
        if colour && current.is_some() {
            row.push_str("\u{1b}[39m");
        }
        row
    }

    fn character(&self, cell: Cell) -> char {
        if let Some(character) = cell.text {
            character
        } else if cell.dots > 0 {
            char::from_u32(0x2800 + u32::from(cell.dots)).unwrap_or(' ')
        } else if cell.shaded {
            match self.charset {
                Charset::Braille => '░',
                Charset::Ascii => ':',
            }
        } else {
            ' '
        }
    }
}

fn is_drawn(pattern: &[u32], travelled: u32) -> bool {
    let length: u32 = pattern.iter().sum();
    if length == 0 {
        return true;
    }
    let mut position = travelled % length;
    for (index, part) in pattern.iter().enumerate() {
        if position < *part {
            return index % 2 == 0;
        }
        position -= part;
    }
    true
}
