//! The table of sites, with a bar beside each share.

use knee_figure::{percent, short};

use super::page::{Page, escape};
use crate::diagnose::{Diagnosis, SiteSummary};
use crate::report::number::count;
use crate::report::summary::{self, Decades};

const COLUMNS: [(&str, &str); 6] = [
    ("zeros", "share of outputs that are exactly 0"),
    ("dead", "share of units alive on no input"),
    ("saturated", "share of units with a small slope"),
    ("slope", "mean |f'| relative to its largest value"),
    ("z", "mean ± standard deviation of the pre-activations"),
    ("gradient", "norm of dL/da per input"),
];

pub(super) fn table(page: &mut Page, diagnosis: &Diagnosis) {
    page.section("sites", "Activation sites");
    if diagnosis.sites.is_empty() {
        page.raw("<p>None.</p>\n</section>\n");
        return;
    }
    let measured = diagnosis.samples > 0;
    page.open_scroll("Activation sites");
    page.raw("<table><caption>Every call of an activation, in the order of the graph. ");
    page.raw(if measured {
        "Bars of the gradient are on a logarithmic scale."
    } else {
        "Nothing was run, so no values were measured."
    });
    page.raw("</caption>\n<thead><tr>");
    for name in ["site", "function", "role"] {
        page.raw(&format!("<th scope=\"col\" class=\"text\">{name}</th>"));
    }
    page.raw("<th scope=\"col\">units</th>");
    if measured {
        for (name, about) in COLUMNS {
            page.raw(&format!(
                "<th scope=\"col\"><abbr title=\"{}\">{name}</abbr></th>",
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
        cell(page, share.map(|share| (Some(share), percent(share))));
    }
    cell(page, site.slope.map(|slope| (None, short(slope))));
    let z = site.mean.zip(site.sd);
    cell(
        page,
        z.map(|(mean, sd)| (None, format!("{} ± {}", short(mean), short(sd)))),
    );
    cell(
        page,
        site.gradient
            .map(|gradient| (Some(scale.share(gradient)), short(gradient))),
    );
}

/// A number behind a bar of its share; a dash for what was not measured.
fn cell(page: &mut Page, value: Option<(Option<f64>, String)>) {
    page.raw("<td>");
    match value {
        None => page.raw("-"),
        Some((None, text)) => page.text(&text),
        Some((Some(share), text)) => {
            // The number says it all; the bar is for the eye.
            page.raw(&format!(
                "<span class=\"meter\" aria-hidden=\"true\"><span style=\"width:{:.1}%\"></span></span>",
                share.clamp(0.0, 1.0) * 100.0
            ));
            page.raw(&format!("<span class=\"value\">{}</span>", escape(&text)));
        }
    }
    page.raw("</td>");
}
