//! What is known about a function, on one page of text.

use knee_catalogue::{Entry, Kind, describe, words};

use crate::terminal::Terminal;

/// The card of a function, with a line break at its end.
pub(super) fn card(entry: &Entry, terminal: &Terminal) -> String {
    let mut card = Card {
        text: String::new(),
        terminal,
    };
    card.write(entry);
    card.text
}

/// Width of the names on the left.
const NAMES: usize = 16;

struct Card<'a> {
    text: String,
    terminal: &'a Terminal,
}

impl Card<'_> {
    fn write(&mut self, entry: &Entry) {
        let about = entry.about();
        self.text += &self.terminal.bold(&entry.to_string());
        self.text.push('\n');
        self.paragraph("", &words::plain(entry.title()));
        if !about.aliases.is_empty() {
            self.paragraph("", &format!("Also called {}.", about.aliases.join(", ")));
        }
        if entry.kind() != Kind::Element {
            self.paragraph("", &format!("{}.", entry.kind().heading()));
        }
        self.gap();
        self.paragraph("Formula", &words::plain(&about.formula()));
        self.paragraph("Derivative", &words::plain(&about.derivative()));
        self.rows(&describe::parameters(entry));
        self.gap();
        self.rows(&describe::facts(entry));
        self.gap();
        self.rows(&describe::elsewhere(about));
        self.gap();
        let traps = about.section("Traps");
        if !traps.is_empty() {
            self.paragraph("Traps", &words::plain(&traps));
            self.gap();
        }
        self.paragraph("Numerics", &words::plain(&about.numerics()));
        self.paragraph("Error", &describe::error(entry));
        self.paragraph("Origin", &words::plain(&about.origin()));
        self.paragraph("LaTeX", about.latex);
    }

    fn rows(&mut self, rows: &[describe::Row]) {
        for (name, text) in rows {
            self.paragraph(name, text);
        }
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A name on the left and its text beside it, wrapped; without a name the text takes the whole width.
    fn paragraph(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let indent = if name.is_empty() { 0 } else { NAMES };
        let mut margin = format!("{name:indent$}");
        for line in words::wrapped(text, self.terminal.width() - indent) {
            self.text += &margin;
            self.text += &line;
            self.text.push('\n');
            margin = " ".repeat(indent);
        }
    }
}
