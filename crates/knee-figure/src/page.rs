//! A page that needs nothing else: no script, nothing loaded, light and dark by the reader's setting.
//!
//! All text from outside goes through [`escape`].
//!
//! ```
//! use knee_figure::page::Page;
//!
//! let mut page = Page::new("a < b", "");
//! page.raw("<main>\n<p>");
//! page.text("1 & 2");
//! page.raw("</p>\n</main>\n");
//! let html = page.finish("Written by hand.");
//! assert!(html.contains("<h1>a &lt; b</h1>") && html.contains("<p>1 &amp; 2</p>"));
//! ```

pub use crate::text::escape;
use crate::{Figure, Table};

/// The rules that all pages share.
pub const STYLE: &str = include_str!("page/style.css");

/// Nothing may be loaded and nothing may run; styles stand in the page.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// A page that grows piece by piece.
#[derive(Clone, Debug)]
pub struct Page {
    out: String,
}

impl Page {
    /// A page up to its first heading, in an open header. The rules of `style` come after those that all pages share.
    pub fn new(title: &str, style: &str) -> Self {
        let title = escape(title);
        Self {
            out: format!(
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
                 <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
                 <meta name=\"color-scheme\" content=\"light dark\">\n\
                 <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
                 <title>{title}</title>\n<style>\n{STYLE}{style}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
            ),
        }
    }

    /// The page with its last line.
    pub fn finish(mut self, footer: &str) -> String {
        self.raw("<footer>");
        self.text(footer);
        self.raw("</footer>\n</body>\n</html>\n");
        self.out
    }

    /// Markup, as it stands.
    pub fn raw(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Text.
    pub fn text(&mut self, text: &str) {
        self.out.push_str(&escape(text));
    }

    /// Text of several lines, as it stands.
    pub fn lines(&mut self, text: &str) {
        let lines: Vec<String> = text.lines().map(escape).collect();
        self.raw(&format!("<pre>{}</pre>\n", lines.join("\n")));
    }

    /// Opens a section; the caller closes it.
    pub fn section(&mut self, id: &str, heading: &str) {
        self.raw(&format!(
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n",
            escape(heading)
        ));
    }

    /// A term and its description.
    pub fn pair(&mut self, term: &str, description: &str) {
        self.raw(&format!(
            "<dt>{}</dt><dd>{}</dd>\n",
            escape(term),
            escape(description)
        ));
    }

    /// A command line, to be copied.
    pub fn command(&mut self, command: &str) {
        self.raw("<code class=\"command\" tabindex=\"0\">");
        self.text(command);
        self.raw("</code>\n");
    }

    /// Links to sections of the page.
    pub fn contents<'a>(&mut self, sections: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.raw("<nav aria-label=\"Contents\"><ul>");
        for (id, label) in sections {
            self.raw(&format!("<li><a href=\"#{id}\">{}</a></li>", escape(label)));
        }
        self.raw("</ul></nav>\n");
    }

    /// Opens a box that scrolls sideways on a narrow screen, also by keyboard.
    pub fn open_scroll(&mut self, label: &str) {
        self.raw(&format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">",
            escape(label)
        ));
    }

    /// A figure with its description and its numbers.
    pub fn figure(&mut self, figure: &Figure) {
        self.raw("<figure>\n");
        self.open_scroll(&figure.title);
        self.raw(&figure.svg());
        self.raw("</div>\n<figcaption>");
        self.text(&figure.description);
        self.raw("</figcaption>\n<details><summary>Numbers of this figure</summary>\n");
        self.table(&format!("Numbers: {}", figure.title), &figure.table());
        self.raw("</details>\n</figure>\n");
    }

    /// A table of numbers in a box that scrolls.
    pub fn table(&mut self, label: &str, table: &Table) {
        self.open_scroll(label);
        self.raw(&table.html());
        self.raw("</div>\n");
    }
}
