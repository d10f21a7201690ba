//! How series are told apart: colour, dash pattern, marker and fill together, never colour alone.

/// The look of one series.
///
/// The four colours are those of the Okabe-Ito palette that reach a contrast of 3:1 on white and on near-black;
/// on a dark page blue becomes that palette's sky blue, which stands out over shaded ranges as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Blue, solid line, circle, plain fill.
    Blue,
    /// Vermilion, dashes, square, hatched fill.
    Vermilion,
    /// Green, dots, triangle, dotted fill.
    Green,
    /// Pink, dashes and dots, diamond, fill hatched both ways.
    Pink,
    /// The colour of the axes, short dashes: what is beside the point.
    Grey,
}

impl Ink {
    /// The inks for series, in the order in which to use them.
    pub const SERIES: [Self; 4] = [Self::Blue, Self::Vermilion, Self::Green, Self::Pink];

    /// The ink of the series with this index; a fifth series begins again.
    pub fn series(index: usize) -> Self {
        Self::SERIES[index % Self::SERIES.len()]
    }

    /// The part of a CSS class that names this ink.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Vermilion => "vermilion",
            Self::Green => "green",
            Self::Pink => "pink",
            Self::Grey => "grey",
        }
    }

    /// Colour on a light background and on a dark one.
    pub(crate) fn hex(self) -> (&'static str, &'static str) {
        match self {
            Self::Blue => ("#0072b2", "#56b4e9"),
            Self::Vermilion => ("#d55e00", "#d55e00"),
            Self::Green => ("#009e73", "#009e73"),
            Self::Pink => ("#cc79a7", "#cc79a7"),
            Self::Grey => ("#5c5c5c", "#a8a8a8"),
        }
    }

    /// Lengths drawn and left out in turn; empty for a solid line.
    pub(crate) fn dashes(self) -> &'static [u32] {
        match self {
            Self::Blue => &[],
            Self::Vermilion => &[7, 4],
            Self::Green => &[2, 4],
            Self::Pink => &[10, 4, 2, 4],
            Self::Grey => &[3, 3],
        }
    }

    /// The same in dots of a braille cell.
    pub(crate) fn dots(self) -> &'static [u32] {
        match self {
            Self::Blue => &[],
            Self::Vermilion => &[4, 2],
            Self::Green => &[1, 2],
            Self::Pink => &[5, 2, 1, 2],
            Self::Grey => &[2, 2],
        }
    }

    /// Index in the 256 colours of a terminal, readable on black and on white.
    pub(crate) fn terminal_colour(self) -> u8 {
        match self {
            Self::Blue => 32,
            Self::Vermilion => 166,
            Self::Green => 36,
            Self::Pink => 175,
            Self::Grey => 244,
        }
    }

    /// Marker in a terminal that has symbols.
    pub(crate) fn symbol(self) -> char {
        match self {
            Self::Blue => '●',
            Self::Vermilion => '■',
            Self::Green => '▲',
            Self::Pink => '◆',
            Self::Grey => '○',
        }
    }

    /// Marker, and the stuff of lines, in a terminal that has ASCII only.
    pub(crate) fn ascii(self) -> char {
        match self {
            Self::Blue => '*',
            Self::Vermilion => '+',
            Self::Green => 'o',
            Self::Pink => 'x',
            Self::Grey => '.',
        }
    }

    /// What a bar is made of in a terminal: symbols, then ASCII.
    pub(crate) fn fill(self) -> (char, char) {
        match self {
            Self::Blue => ('█', '#'),
            Self::Vermilion => ('▓', '='),
            Self::Green => ('▒', '+'),
            Self::Pink | Self::Grey => ('░', '-'),
        }
    }
}
