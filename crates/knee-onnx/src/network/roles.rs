//! What each site is for, how deep it lies, and whether a residual connection leads around it.

use std::collections::{BinaryHeap, HashSet};

use knee::Function;
use knee_doctor::Links;
use knee_doctor::network::{Kind, Network, Role, SiteFunction, ValueId};

/// How many nodes are looked at for the branches that one sum joins, and all sums together, which
/// bounds the work on graphs of many sums.
const BRANCH_NODES: usize = 600;
const ALL_BRANCH_NODES: usize = 1_000_000;

/// How many views and scales are followed behind a site; a network has a handful.
const FOLLOWED: usize = 200;

/// Fills role, depth and `residual_branch` of every site.
pub(super) fn assign(network: &mut Network) {
    let depths = depths(network);
    let residual = residual(network);
    let roles = {
        let walk = Walk {
            network,
            links: Links::new(network),
            reaching: reaching_loss(network),
        };
        let roles = (0..network.sites.len()).map(|site| walk.role(site));
        roles.collect::<Vec<Role>>()
    };
    for (site, role) in network.sites.iter_mut().zip(roles) {
        site.depth = depths[site.node];
        site.residual_branch = residual[site.node];
        site.role = role;
    }
}

/// For each node the number of sites on the longest path to it, itself included.
fn depths(network: &Network) -> Vec<u32> {
    let links = Links::new(network);
    let mut depths = vec![0u32; network.nodes.len()];
    for index in 0..network.nodes.len() {
        let before = links
            .predecessors(index)
            .into_iter()
            .map(|at| depths[at])
            .max();
        let is_site = matches!(
            network.nodes[index].kind,
            Kind::Activation(_) | Kind::Recurrent { .. }
        );
        depths[index] = before.unwrap_or(0) + u32::from(is_site);
    }
    depths
}

/// Which nodes the output that enters the loss depends on.
fn reaching_loss(network: &Network) -> Vec<bool> {
    let links = Links::new(network);
    let mut reaching = vec![false; network.nodes.len()];
    let loss = network.outputs.get(network.loss_output);
    let mut open: Vec<usize> = loss
        .and_then(|port| links.producer(port.value))
        .into_iter()
        .collect();
    while let Some(node) = open.pop() {
        if !reaching[node] {
            reaching[node] = true;
            open.extend(links.predecessors(node));
        }
    }
    reaching
}

struct Walk<'a> {
    network: &'a Network,
    links: Links<'a>,
    reaching: Vec<bool>,
}

impl Walk<'_> {
    fn role(&self, site: usize) -> Role {
        let site = &self.network.sites[site];
        if !self.reaching[site.node] {
            return Role::Target;
        }
        // The gates of a recurrent node are known from the operator.
        if matches!(self.network.nodes[site.node].kind, Kind::Recurrent { .. }) {
            return site.role;
        }
        if self.makes_output(site.node) {
            return Role::Output;
        }
        match &site.function {
            SiteFunction::Rows { .. } => self.row_role(site.node),
            SiteFunction::Element(function) if self.gates(site.node, Some(function)) => Role::Gate,
            SiteFunction::Prelu { .. } if self.gates(site.node, None) => Role::Gate,
            _ => Role::Hidden,
        }
    }

    fn kind(&self, node: usize) -> &Kind {
        &self.network.nodes[node].kind
    }

    fn op(&self, node: usize) -> &str {
        &self.network.nodes[node].op
    }

    /// Whether the node only scales, shifts or guards each element by itself.
    fn is_pointwise(&self, node: usize) -> bool {
        matches!(self.kind(node), Kind::Affine)
            && matches!(
                self.op(node),
                "Add" | "Sub" | "Mul" | "Div" | "Neg" | "Dropout" | "Sum"
            )
            || matches!(self.op(node), "Log" | "Clip")
    }

    /// Whether what the node writes becomes the output with nothing but changes of shape, parts
    /// and scale on the way.
    fn makes_output(&self, node: usize) -> bool {
        let loss = self
            .network
            .outputs
            .get(self.network.loss_output)
            .map(|port| port.value);
        self.follow(node, |at| {
            matches!(self.kind(at), Kind::View | Kind::Select | Kind::Concat)
                || self.is_pointwise(at)
        })
        .iter()
        .any(|at| {
            self.network.nodes[*at]
                .outputs
                .iter()
                .any(|value| Some(*value) == loss)
        })
    }

    /// The node and those that follow it through nodes that `through` accepts.
    fn follow(&self, node: usize, through: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut found = vec![node];
        let mut seen = HashSet::from([node]);
        let mut at = 0;
        while at < found.len() && found.len() < FOLLOWED {
            for next in self.links.successors(found[at]) {
                if through(next) && seen.insert(next) {
                    found.push(next);
                }
            }
            at += 1;
        }
        found
    }

    /// The first nodes behind `node` that are no change of shape, part, scale or mask, each with
    /// whether a part was taken on the way.
    fn readers(&self, node: usize) -> Vec<usize> {
        let through = |at: usize| {
            matches!(self.kind(at), Kind::View | Kind::Select)
                || self.is_pointwise(at)
                || self.op(at) == "Where"
        };
        let mut readers = Vec::new();
        for at in self.follow(node, through) {
            readers.extend(
                self.links
                    .successors(at)
                    .into_iter()
                    .filter(|next| !through(*next)),
            );
        }
        readers.sort_unstable();
        readers.dedup();
        readers
    }

    fn row_role(&self, node: usize) -> Role {
        let readers = self.readers(node);
        let chooses = |op: &str| op == "TopK" || op == "ArgMax" || op.starts_with("Scatter");
        if readers.iter().any(|at| chooses(self.op(*at))) {
            return Role::Router;
        }
        for at in readers {
            match self.kind(at) {
                Kind::MatMul if self.joins_experts(at, node) => return Role::Router,
                Kind::MatMul => return Role::Attention,
                Kind::Multiply => {
                    let sums = |next: &usize| {
                        self.op(*next) == "ReduceSum" || matches!(self.kind(*next), Kind::Add)
                    };
                    let summed = self.links.after(at).iter().any(sums);
                    return match summed {
                        true if self.joins_experts(at, node) || self.is_split(node) => Role::Router,
                        true => Role::Attention,
                        false => Role::Gate,
                    };
                }
                _ => {}
            }
        }
        Role::Hidden
    }

    /// Whether the other operand stacks several results beside one another.
    fn joins_experts(&self, product: usize, from: usize) -> bool {
        let others = self.network.nodes[product].inputs.iter();
        others
            .filter_map(|value| self.links.origin(*value))
            .any(|at| {
                at != from && matches!(self.kind(at), Kind::Concat) && {
                    let parts = &self.network.nodes[at].inputs;
                    let stacked = |value: &ValueId| {
                        let producer = self.links.producer(*value);
                        producer.is_some_and(|p| matches!(self.op(p), "Unsqueeze" | "Reshape"))
                    };
                    parts.len() > 1 && parts.iter().all(stacked)
                }
            })
    }

    /// Whether parts of the result go different ways, as the weights of experts do.
    fn is_split(&self, node: usize) -> bool {
        let next = self.links.after(node);
        next.iter().any(|at| matches!(self.kind(*at), Kind::Select))
    }

    /// Whether the result multiplies another computed value and is there to do so.
    ///
    /// Of two factors the bounded one is the gate: in squeeze-and-excitation the sigmoid, not the
    /// activation that it scales. An unbounded function gates when the product is all it is for,
    /// as in SwiGLU.
    fn gates(&self, node: usize, function: Option<&Function>) -> bool {
        let through = |at: usize| {
            matches!(self.kind(at), Kind::View | Kind::Norm(_)) || self.is_pointwise(at)
        };
        let path = self.follow(node, through);
        let mut ends: Vec<usize> = path
            .iter()
            .flat_map(|at| self.links.successors(*at))
            .filter(|at| !path.contains(at))
            .collect();
        ends.dedup();
        let product = ends
            .iter()
            .find(|at| matches!(self.kind(**at), Kind::Multiply));
        let Some(product) = product.copied() else {
            return false;
        };
        if function.is_some_and(is_bounded) {
            return true;
        }
        let other_is_gate = self.network.nodes[product].inputs.iter().any(|value| {
            let origin = self.origin_through(*value, &through);
            origin != Some(node) && origin.is_some_and(|at| self.is_bounded_site(at))
        });
        ends.iter().all(|at| *at == product) && !other_is_gate
    }

    /// The node that computes a value, seen through nodes that `through` accepts.
    fn origin_through(&self, value: ValueId, through: &impl Fn(usize) -> bool) -> Option<usize> {
        let mut at = self.links.producer(value)?;
        for _ in 0..FOLLOWED {
            if !through(at) {
                return Some(at);
            }
            let input = *self.network.nodes[at].inputs.first()?;
            at = self.links.producer(input)?;
        }
        None
    }

    fn is_bounded_site(&self, node: usize) -> bool {
        match self.kind(node) {
            Kind::Activation(site) => match &self.network.sites[*site].function {
                SiteFunction::Element(function) => is_bounded(function),
                SiteFunction::Rows { .. } => true,
                _ => false,
            },
            _ => false,
        }
    }
}

fn is_bounded(function: &Function) -> bool {
    let range = function.facts().range;
    range.low.is_finite() && range.high.is_finite()
}

/// Which nodes lie on a branch that is added back to what it came from: of the two ways from a
/// value to a sum, one with sites and one without.
fn residual(network: &Network) -> Vec<bool> {
    let links = Links::new(network);
    let mut inside = vec![false; network.nodes.len()];
    let mut left = ALL_BRANCH_NODES;
    for node in &network.nodes {
        if let (Kind::Add, [a, b]) = (&node.kind, node.inputs.as_slice())
            && let Some(ways) = ways_to(network, &links, [*a, *b], &mut left)
        {
            let has = |way: &[usize], test: fn(&Kind) -> bool| {
                way.iter().any(|at| test(&network.nodes[*at].kind))
            };
            let site = |kind: &Kind| matches!(kind, Kind::Activation(_));
            // A part of the value is not the value itself: the steps of an unrolled recurrence
            // are sums as well.
            let part = |kind: &Kind| matches!(kind, Kind::Select);
            let (branch, skip) = match (has(&ways.0, site), has(&ways.1, site)) {
                (true, false) => ways,
                (false, true) => (ways.1, ways.0),
                _ => continue,
            };
            if has(&skip, part) {
                continue;
            }
            for at in branch {
                inside[at] = true;
            }
        }
    }
    inside
}

/// The nodes on the ways from the last value that both `a` and `b` come from.
fn ways_to(
    network: &Network,
    links: &Links<'_>,
    [a, b]: [ValueId; 2],
    left: &mut usize,
) -> Option<(Vec<usize>, Vec<usize>)> {
    // Values are met from the latest back, by the index of the node that writes them; an input
    // of the network comes before every node.
    let rank = |value: ValueId| links.producer(value).map_or(0, |node| node + 1);
    let mut open = BinaryHeap::from([(rank(a), a, 1u8), (rank(b), b, 2u8)]);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..BRANCH_NODES.min(*left) {
        *left -= 1;
        let (at, value, mut colour) = open.pop()?;
        while let Some((_, same, more)) = open.peek().copied().filter(|next| next.1 == value) {
            debug_assert_eq!(same, value);
            colour |= more;
            open.pop();
        }
        if colour == 3 {
            return Some((first, second));
        }
        let node = at.checked_sub(1)?;
        if colour == 1 {
            first.push(node);
        } else {
            second.push(node);
        }
        for input in &network.nodes[node].inputs {
            open.push((rank(*input), *input, colour));
        }
    }
    None
}
