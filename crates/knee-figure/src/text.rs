//! Names and labels that come from outside: made harmless, measured and shortened.

use unicode_width::UnicodeWidthChar;

/// Text that can neither break a line, move a cursor, reverse the reading direction, hide what it says nor make XML ill-formed:
/// each such character becomes the replacement character, white space becomes a blank.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\n' | '\r' => ' ',
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => '\u{fffd}',
            _ if character.is_control() => '\u{fffd}',
            _ => character,
        })
        .collect()
}

/// Text that cannot be mistaken for markup, inside elements and attributes of HTML and XML; made harmless by `clean`.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in clean(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Width in terminal cells, character by character as a canvas places them.
pub(crate) fn cells(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// Width in pixels of a sans-serif text, estimated a little too wide so that a margin made from it never clips.
pub(crate) fn estimated_pixels(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|character| match character {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | '|' | ':' | ';' | '!' | ' ' | '(' | ')'
            | '[' | ']' => 0.36,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.92,
            'A'..='Z' | '_' => 0.7,
            _ if character.width() == Some(2) => 1.05,
            _ => 0.6,
        })
        .sum();
    ems * size
}

/// `text` in at most `limit` of whatever `measure` counts, its middle replaced by an ellipsis:
/// layer paths differ at both ends.
pub(crate) fn elide(
    text: &str,
    limit: f64,
    ellipsis: &str,
    measure: impl Fn(&str) -> f64,
) -> String {
    if measure(text) <= limit {
        return text.to_string();
    }
    let characters: Vec<char> = text.chars().collect();
    for kept in (0..characters.len()).rev() {
        let tail = kept / 2;
        let head: String = characters[..kept - tail].iter().collect();
        let end: String = characters[characters.len() - tail..].iter().collect();
        let candidate = format!("{head}{ellipsis}{end}");
        if measure(&candidate) <= limit {
            return candidate;
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_is_harmless() {
        assert_eq!(
            clean("a\u{1b}[31mb\nc\u{202e}d"),
            "a\u{fffd}[31mb c\u{fffd}d"
        );
        assert_eq!(escape("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
    }

    #[test]
    fn long_names_keep_both_ends() {
        let measure = |text: &str| cells(text) as f64;
        assert_eq!(
            elide("encoder.layer.0.output", 12.0, "..", measure),
            "encod..utput"
        );
        assert_eq!(elide("short", 12.0, "..", measure), "short");
        assert_eq!(elide("anything", 1.0, "..", measure), "");
    }
}
