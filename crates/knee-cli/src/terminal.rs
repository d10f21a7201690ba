//! What the program writes to: standard output, and notes to standard error.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use knee_figure::Charset;

use crate::outcome::Failure;

/// When colour is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless the variable `NO_COLOR` is set
    #[default]
    Auto,
    /// Also into a file or a pipe
    Always,
    /// Not at all
    Never,
}

/// Where text goes and how it may look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    quiet: bool,
    colour: bool,
    ascii: bool,
    width: usize,
}

/// Characters per line where standard output is no terminal, and the bounds where it is one.
const WIDTH: usize = 80;
const NARROWEST: usize = 40;
const WIDEST: usize = 100;

impl Terminal {
    /// A terminal for the global arguments of the command line.
    pub(crate) fn new(quiet: bool, colour: Colour, ascii: bool) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => io::stdout().is_terminal() && !no_color,
        };
        let width = terminal_size::terminal_size_of(io::stdout()).map_or(WIDTH, |(width, _)| {
            usize::from(width.0).clamp(NARROWEST, WIDEST)
        });
        Self {
            quiet,
            colour,
            ascii: ascii || !locale_is_unicode(),
            width,
        }
    }

    /// Whether a progress bar would be seen, and may be.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Whether standard output takes colour.
    pub(crate) fn has_colour(&self) -> bool {
        self.colour
    }

    /// Whether nothing but ASCII may be written.
    pub(crate) fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// What figures are drawn with.
    pub(crate) fn charset(&self) -> Charset {
        if self.ascii {
            Charset::Ascii
        } else {
            Charset::Braille
        }
    }

    /// Characters per line.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// `text` in bold type, where colour is used.
    pub(crate) fn bold(&self, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_string()
        }
    }

    /// Writes to standard output. A reader that has gone away, as in `knee list | head`, is no
    /// failure.
    #[expect(clippy::unused_self, reason = "whoever prints holds the terminal")]
    pub(crate) fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::new(format!("standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes a note to standard error.
    pub(crate) fn warn(&self, note: &str) {
        if !self.quiet {
            // Nobody is left to be told when standard error is closed.
            let _ = writeln!(io::stderr(), "note: {}", clean(note));
        }
    }
}

/// Messages name things by what files say: control characters are written out, so that a name
/// cannot drive the terminal.
pub(crate) fn clean(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for c in message.chars() {
        if c.is_control() && c != '\n' {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether the locale's characters are Unicode. Where no locale is set, as in most containers, they are taken to be.
fn locale_is_unicode() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    set.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
