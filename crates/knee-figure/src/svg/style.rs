//! The rules and patterns of an SVG.

use std::fmt::Write as _;

use crate::Ink;

/// What the pattern of an ink is made of; `None` for a plain fill.
pub(super) fn stripes(ink: Ink) -> Option<&'static str> {
    match ink {
        Ink::Blue => None,
        Ink::Vermilion => {
            Some("<path class=\"kf-stripe kf-INK\" d=\"M-1 1L1 -1M0 6L6 0M5 7L7 5\"/>")
        }
        Ink::Green => Some("<path class=\"kf-stripe kf-INK\" d=\"M1.5 1.5h2v2h-2z\"/>"),
        Ink::Pink => Some("<path class=\"kf-stripe kf-INK\" d=\"M0 6L6 0M0 0L6 6\"/>"),
        Ink::Grey => Some("<path class=\"kf-stripe kf-INK\" d=\"M0 3h6\"/>"),
    }
}

/// The same rules in every figure, so that several of them in one page agree.
pub(super) fn style() -> String {
    let mut light = String::from(
        ".kf{max-width:720px;width:100%;height:auto;font:13px system-ui,-apple-system,\"Segoe UI\",\"Noto Sans\",\"DejaVu Sans\",sans-serif}\
         .kf-paper{fill:#fff}.kf-text,.kf-title{fill:#1b1b1b}.kf-soft{fill:#555}.kf-title{font-size:16px;font-weight:600}\
         .kf-note{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}\
         .kf-middle{text-anchor:middle}.kf-end{text-anchor:end}\
         .kf-grid{stroke:#e4e4e4;fill:none}.kf-axis{stroke:#767676;fill:none}.kf-rule{stroke:#767676;stroke-dasharray:3 3;fill:none}\
         .kf-span{fill:#808080;fill-opacity:.17}.kf-bracket{stroke:#767676;stroke-width:2;fill:none}\
         .kf-line{fill:none;stroke-width:2.25;stroke-linejoin:round}.kf-area{fill-opacity:.28;stroke-width:1}\
         .kf-bar{stroke-width:1}.kf-stripe{stroke-width:1.6}.kf-dot{stroke:none}",
    );
    let mut dark = String::from(
        ".kf-paper{fill:#121212}.kf-note{stroke:#121212}.kf-text,.kf-title{fill:#ededed}.kf-soft{fill:#b4b4b4}.kf-grid{stroke:#2e2e2e}\
         .kf-axis,.kf-rule,.kf-bracket{stroke:#8c8c8c}.kf-area{fill-opacity:.4}",
    );
    for ink in [Ink::Blue, Ink::Vermilion, Ink::Green, Ink::Pink, Ink::Grey] {
        let class = ink.class();
        let (on_light, on_dark) = ink.hex();
        let rules = |colour: &str| {
            format!(
                ".kf-{class}{{stroke:{colour}}}.kf-dot.kf-{class},.kf-area.kf-{class},.kf-plain.kf-{class}{{fill:{colour}}}"
            )
        };
        light.push_str(&rules(on_light));
        if on_dark != on_light {
            dark.push_str(&rules(on_dark));
        }
        if !ink.dashes().is_empty() {
            let dashes: Vec<String> = ink.dashes().iter().map(u32::to_string).collect();
            let _ = write!(
                light,
                ".kf-line.kf-{class}{{stroke-dasharray:{}}}",
                dashes.join(" ")
            );
        }
    }
    format!("{light}@media (prefers-color-scheme:dark){{{dark}}}")
}
