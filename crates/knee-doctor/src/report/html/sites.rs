//! The table of sites, with a bar beside each share.

use knee_figure::page::{Page, escape};
use knee_figure::{percent, short};

use crate::diagnose::{Diagnosis, SiteSummary};
use crate::report::number::count;
use crate::report::summary::{self, Decades};

/// Name, meaning, and whether its numbers stand behind bars.
const COLUMNS: [(&str, &str, bool); 6] = [
    ("zeros", "share of outputs that are exactly 0", true),
    ("dead", "share of units alive on no input", true),
    ("saturated", "share of units with a small slope", true),
    ("slope", "mean |f'| relative to its largest value", false),
    (
        "z",
        "mean ± standard deviation of the pre-activations",
        false,
    ),
    (
        "gradient",
        "L2 norm of dL/da per input; its bar is on a logarithmic scale",
        true,
    ),
];

pub(super) fn table(page: &mut Page, diagnosis: &Diagnosis) {
    page.section("sites", "Activation sites");
    if diagnosis.sites.is_empty() {
        page.raw("<p>None.</p>\n</section>\n");
        return;
    }
    let measured = diagnosis.samples > 0;
    page.open_scroll("Activation sites");
    page.raw("<table><caption>One row per call, in the order of the graph.");
    if !measured {
        page.raw(" Nothing was run, so no values were measured.");
    }
    page.raw("</caption>\n<thead><tr>");
    for name in ["site", "function", "role"] {
        page.raw(&format!("<th scope=\"col\" class=\"text\">{name}</th>"));
    }
    page.raw("<th scope=\"col\">units</th>");
    if measured {
        for (name, about, barred) in COLUMNS {
            page.raw(&format!(
                "<th scope=\"col\"{}><abbr title=\"{}\">{name}</abbr></th>",
                if barred { " class=\"text\"" } else { "" },
                escape(about)
            ));
        }
    }
    page.raw("</tr></thead>\n<tbody>\n");
    let scale = Decades::of(diagnosis.sites.iter().filter_map(|site| site.gradient));
    for site in &diagnosis.sites {
        page.raw(&format!(
            "<tr><th scope=\"row\">{}</th><td class=\"text\">{}</td><td class=\"text\">{}</td><td>{}</td>",
            escape(&site.site),
            escape(&summary::function(&site.function)),
            site.role.word(),
            site.units.map_or("?".to_owned(), count),
        ));
        if measured {
            values(page, site, &scale);
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div>\n</section>\n");
}

fn values(page: &mut Page, site: &SiteSummary, scale: &Decades) {
    for share in [site.zeros, site.dead, site.saturated] {
        barred(page, share.map(|share| (share, percent(share))));
    }
    number(page, site.slope.map(short));
    let z = site.mean.zip(site.sd);
    number(
        page,
        z.map(|(mean, sd)| format!("{} ± {}", short(mean), short(sd))),
    );
    let gradient = site.gradient;
    barred(
        page,
        gradient.map(|gradient| (scale.share(gradient), short(gradient))),
    );
}

/// A number; a dash for what was not measured.
fn number(page: &mut Page, text: Option<String>) {
    let text = text.unwrap_or_else(|| "-".to_owned());
    page.raw(&format!("<td>{}</td>", escape(&text)));
}

/// A number behind a bar of its share. The number says it all; the bar is for the eye.
fn barred(page: &mut Page, value: Option<(f64, String)>) {
    let Some((share, text)) = value else {
        page.raw("<td class=\"text\">-</td>");
        return;
    };
    page.raw(&format!(
        "<td class=\"text\"><span class=\"meter\" aria-hidden=\"true\"><span style=\"width:{:.1}%\"></span></span>{}</td>",
        share.clamp(0.0, 1.0) * 100.0,
        escape(&text)
    ));
}
