//! The little Markdown that doc comments of experiments use, as HTML.

use std::fmt::Write as _;

use knee_figure::page::escape;

/// Paragraphs, lists and fenced code as HTML.
pub(super) fn html(markdown: &str) -> String {
    let mut out = String::new();
    let mut lines = markdown
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .peekable();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        if line.trim_start().starts_with("```") {
            let code: Vec<String> = lines
                .by_ref()
                .take_while(|line| !line.trim_start().starts_with("```"))
                .map(escape)
                .collect();
            let _ = writeln!(out, "<pre>{}</pre>", code.join("\n"));
            continue;
        }
        let mut block = vec![line.trim()];
        while let Some(line) =
            lines.next_if(|line| !line.trim().is_empty() && !line.trim_start().starts_with("```"))
        {
            block.push(line.trim());
        }
        if block[0].starts_with("- ") {
            list(&mut out, &block);
        } else {
            let _ = writeln!(out, "<p>{}</p>", inline(&block.join(" ")));
        }
    }
    out
}

/// A list; a line without a dash goes on with the item above.
fn list(out: &mut String, lines: &[&str]) {
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        match (line.strip_prefix("- "), items.last_mut()) {
            (None, Some(item)) => item.extend([" ", line]),
            (text, _) => items.push(text.unwrap_or(line).to_owned()),
        }
    }
    out.push_str("<ul>");
    for item in items {
        let _ = write!(out, "<li>{}</li>", inline(&item));
    }
    out.push_str("</ul>\n");
}

/// Code, emphasis and links; everything else is text.
fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*', '[', '<']) {
        out.push_str(&escape(&rest[..at]));
        rest = &rest[at..];
        let (html, length) = piece(rest).unwrap_or_else(|| (escape(&rest[..1]), 1));
        out.push_str(&html);
        rest = &rest[length..];
    }
    out + &escape(rest)
}

/// The piece of markup that the text begins with, and its length.
fn piece(text: &str) -> Option<(String, usize)> {
    let between = |open: &str, close: &str| -> Option<(String, usize)> {
        let inner = text.strip_prefix(open)?;
        let inner = &inner[..inner.find(close)?];
        Some((inner.to_owned(), open.len() + inner.len() + close.len()))
    };
    // A star with a blank inside it multiplies.
    let emphasis = |mark: &str, element: &str| {
        let (inner, length) = between(mark, mark)?;
        let tight = !inner.is_empty() && inner.trim() == inner;
        tight.then(|| (format!("<{element}>{}</{element}>", inline(&inner)), length))
    };
    if let Some((code, length)) = between("`", "`") {
        return Some((format!("<code>{}</code>", escape(&code)), length));
    }
    if let Some((label, length)) = between("[", "](") {
        let (address, tail) = text[length..]
            .split_once(')')
            .map(|(address, _)| (address, address.len() + 1))?;
        return link(address, &inline(&label)).map(|html| (html, length + tail));
    }
    if let Some((address, length)) = between("<", ">") {
        return link(&address, &escape(&address)).map(|html| (html, length));
    }
    emphasis("**", "strong").or_else(|| emphasis("*", "em"))
}

/// A link to a page of the web; anything else is no link.
fn link(address: &str, label: &str) -> Option<String> {
    let web = address.starts_with("https://") || address.starts_with("http://");
    let clean = !address.contains(char::is_whitespace);
    (web && clean).then(|| {
        format!(
            "<a href=\"{}\" rel=\"noreferrer\">{label}</a>",
            escape(address)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_a_paragraph() {
        let html = html(
            "The stack is `W' = W10 ... W1`,\n to rounding; *Deep Learning*, **2016**.\n\n Next: a < b, 2 * 3 * 4.",
        );
        assert_eq!(
            html,
            "<p>The stack is <code>W&#39; = W10 ... W1</code>, to rounding; <em>Deep Learning</em>, <strong>2016</strong>.</p>\n\
             <p>Next: a &lt; b, 2 * 3 * 4.</p>\n"
        );
    }

    #[test]
    fn links_lead_to_the_web_alone() {
        assert_eq!(
            html("[a *b*](https://x.org/?a=1&b=2) and <https://y.org>"),
            "<p><a href=\"https://x.org/?a=1&amp;b=2\" rel=\"noreferrer\">a <em>b</em></a> and \
             <a href=\"https://y.org\" rel=\"noreferrer\">https://y.org</a></p>\n"
        );
        assert_eq!(
            html("[a](javascript:b) [c <d>"),
            "<p>[a](javascript:b) [c &lt;d&gt;</p>\n"
        );
    }

    #[test]
    fn lists_and_fences() {
        assert_eq!(
            html("- one\n   and more\n - two"),
            "<ul><li>one and more</li><li>two</li></ul>\n"
        );
        assert_eq!(
            html("```text\n a < b\n ```\n after"),
            "<pre>a &lt; b</pre>\n<p>after</p>\n"
        );
    }
}
