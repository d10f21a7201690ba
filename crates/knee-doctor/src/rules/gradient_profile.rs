//! The gradient by depth, which two rules read: a regression of its logarithm.

use std::collections::BTreeMap;

use crate::evidence::Evidence;
use crate::network::{Kind, Role};
use crate::rule::Context;

/// So few sites are needed for a regression.
pub(super) const SITES: usize = 5;

/// The gradient of a network by depth, over the sites that may be judged.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// Depth and the mean logarithm of the gradient there, in ascending order of depth.
    points: Vec<(f64, f64)>,
    /// Sites behind the points.
    pub(super) sites: usize,
    /// A site of each depth, to name.
    at: Vec<usize>,
}

/// A straight line through the logarithms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Gradient at the least depth over the gradient at the greatest, on the line.
    pub(super) ratio: f64,
    /// Factor per site on the way back.
    pub(super) gain: f64,
    /// Share of the variance that the line explains.
    pub(super) r_squared: f64,
}

/// A step from one depth to the next one before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// The site on the side of the input.
    pub(super) site: usize,
    /// Gradient there over the gradient at the depth after it.
    pub(super) ratio: f64,
}

impl Profile {
    /// The gradients of hidden sites. Left out: sites inside a residual branch, whose gradient the
    /// path beside them shares; sites of recurrent layers, whose depth is time; sites of frozen
    /// layers; sites whose gradient is exactly 0, which are dead.
    pub(super) fn of(context: &Context<'_>, evidence: &Evidence) -> Self {
        let mut by_depth: BTreeMap<u32, Vec<(usize, f64)>> = BTreeMap::new();
        for (index, site) in context.network.sites.iter().enumerate() {
            let recurrent = matches!(
                context.network.nodes[site.node].kind,
                Kind::Recurrent { .. }
            );
            let frozen = context
                .links
                .layer_of(site)
                .0
                .is_some_and(|linear| !linear.trainable);
            if site.role != Role::Hidden || site.residual_branch || recurrent || frozen {
                continue;
            }
            let gradient = evidence.site(index).and_then(|seen| seen.gradient());
            if let Some(gradient) = gradient.filter(|gradient| gradient.mean > 0.0) {
                by_depth
                    .entry(site.depth)
                    .or_default()
                    .push((index, gradient.mean.ln()));
            }
        }
        let mean = |list: &[(usize, f64)]| {
            list.iter().map(|(_, log)| log).sum::<f64>() / list.len() as f64
        };
        Self {
            points: by_depth
                .iter()
                .map(|(&depth, list)| (f64::from(depth), mean(list)))
                .collect(),
            sites: by_depth.values().map(Vec::len).sum(),
            at: by_depth.values().map(|list| list[0].0).collect(),
        }
    }

    /// The site nearest to the input.
    pub(super) fn first(&self) -> Option<usize> {
        self.at.first().copied()
    }

    /// The gradient nearest to the input and the one nearest to the loss.
    pub(super) fn ends(&self) -> Option<(f64, f64)> {
        Some((self.points.first()?.1.exp(), self.points.last()?.1.exp()))
    }

    /// The line through the logarithms; `None` with fewer than five depths.
    pub(super) fn line(&self) -> Option<Line> {
        if self.points.len() < SITES {
            return None;
        }
        let count = self.points.len() as f64;
        let mean_x = self.points.iter().map(|p| p.0).sum::<f64>() / count;
        let mean_y = self.points.iter().map(|p| p.1).sum::<f64>() / count;
        let sum = |f: &dyn Fn(f64, f64) -> f64| {
            self.points
                .iter()
                .map(|p| f(p.0 - mean_x, p.1 - mean_y))
                .sum::<f64>()
        };
        let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
        let slope = xy / xx;
        let length = self.points[self.points.len() - 1].0 - self.points[0].0;
        Some(Line {
            ratio: (-slope * length).exp(),
            gain: (-slope).exp(),
            r_squared: if yy == 0.0 { 1.0 } else { xy * xy / (xx * yy) },
        })
    }

    /// The steps from each depth back to the one before it.
    pub(super) fn steps(&self) -> impl Iterator<Item = Step> {
        let pairs = self.points.windows(2).zip(&self.at);
        pairs.map(|(pair, &site)| Step {
            site,
            ratio: (pair[0].1 - pair[1].1).exp(),
        })
    }
}
