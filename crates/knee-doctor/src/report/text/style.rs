//! What a terminal can show: colour or none, block characters or plain ASCII.

use knee_figure::Charset;

use crate::report::summary::clean;

/// What a piece of text is, from which its colour follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
    Good,
    Info,
    Warn,
    Error,
}

/// Paints text and draws bars for one kind of terminal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    pub(super) colour: bool,
    pub(super) ascii: bool,
}

impl Pen {
    /// `text` in the colour of `ink`; unchanged without colour.
    pub(super) fn paint(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Plain => return text.to_owned(),
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Good => "32",
            Ink::Info => "36",
            Ink::Warn => "33",
            Ink::Error => "1;31",
        };
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// A bar of `share` of `width` characters.
    pub(super) fn bar(self, share: f64, width: usize) -> String {
        let charset = if self.ascii {
            Charset::Ascii
        } else {
            Charset::Braille
        };
        knee_figure::bar(share, width, charset)
    }

    /// Marks a shortened name.
    pub(super) fn ellipsis(self) -> &'static str {
        if self.ascii { "..." } else { "…" }
    }

    /// `text` with what this terminal cannot show written differently.
    pub(super) fn plain(self, text: &str) -> String {
        let text = clean(text);
        if !self.ascii {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '·' => out.push('-'),
                '…' => out.push_str("..."),
                '×' => out.push('x'),
                '≤' => out.push_str("<="),
                '≥' => out.push_str(">="),
                '±' => out.push_str("+-"),
                c if c.is_ascii() => out.push(c),
                c => out.extend(c.escape_unicode()),
            }
        }
        out
    }

    /// At most `width` characters: of a path the end says most.
    pub(super) fn elide(self, text: &str, width: usize) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mark = self.ellipsis();
        let room = width.saturating_sub(mark.chars().count());
        if chars.len() <= width || room < 2 {
            return text.to_owned();
        }
        let head = room / 3;
        let tail = room - head;
        let head: String = chars[..head].iter().collect();
        let tail: String = chars[chars.len() - tail..].iter().collect();
        format!("{head}{mark}{tail}")
    }
}

/// Breaks `text` at spaces into lines of at most `width` characters. A longer word stays whole.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let chars = word.chars().count();
        if length > 0 && length + 1 + chars > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += chars;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCKS: Pen = Pen {
        colour: false,
        ascii: false,
    };
    const ASCII: Pen = Pen {
        colour: false,
        ascii: true,
    };

    #[test]
    fn ascii_stays_ascii() {
        assert_eq!(ASCII.plain("größe ≤ 3 …"), "gr\\u{f6}\\u{df}e <= 3 ...");
    }

    #[test]
    fn wrapping_keeps_every_word() {
        let text = "one two three supercalifragilistic four";
        let lines = wrap(text, 9);
        assert_eq!(lines.join(" "), text);
        assert!(
            lines
                .iter()
                .all(|l| l.chars().count() <= 9 || !l.contains(' '))
        );
    }

    #[test]
    fn a_long_name_keeps_both_ends() {
        assert_eq!(BLOCKS.elide("/encoder/layer.11/Gelu", 12), "/en….11/Gelu");
        assert_eq!(BLOCKS.elide("short", 12), "short");
    }
}
