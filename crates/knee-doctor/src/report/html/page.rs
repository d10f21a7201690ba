//! Pieces of HTML. All text from outside goes through [`escape`].

use knee_figure::Figure;

use crate::report::summary::clean;

/// A page that grows piece by piece.
#[derive(Default)]
pub(super) struct Page {
    pub(super) out: String,
}

impl Page {
    /// Markup, as it stands.
    pub(super) fn raw(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Text.
    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(&escape(text));
    }

    /// Opens a section; the caller closes it.
    pub(super) fn section(&mut self, id: &str, heading: &str) {
        self.raw(&format!(
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n",
            escape(heading)
        ));
    }

    /// A term and its description.
    pub(super) fn pair(&mut self, term: &str, description: &str) {
        self.raw(&format!(
            "<dt>{}</dt><dd>{}</dd>\n",
            escape(term),
            escape(description)
        ));
    }

    /// Opens a box that scrolls sideways on a narrow screen, also by keyboard.
    pub(super) fn open_scroll(&mut self, label: &str) {
        self.raw(&format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">",
            escape(label)
        ));
    }

    /// A figure with its description and its numbers.
    pub(super) fn figure(&mut self, figure: &Figure) {
        self.raw("<figure>\n");
        self.open_scroll(&figure.title);
        self.raw(&figure.svg());
        self.raw("</div>\n<figcaption>");
        self.text(&figure.description);
        self.raw("</figcaption>\n<details><summary>Numbers of this figure</summary>\n");
        self.open_scroll(&format!("Numbers: {}", figure.title));
        self.raw(&figure.table().html());
        self.raw("</div>\n</details>\n</figure>\n");
    }
}

/// Text that cannot be mistaken for markup, inside elements and attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
