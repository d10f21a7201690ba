//! What a graph needs at least, told before anything runs.

use crate::error::{Error, Result};
use crate::graph::{Dim, Graph};
use crate::run::size;

/// Refuses a graph with a result that is larger than what may be held, however few inputs run.
/// What depends on the inputs is checked node by node while they run.
pub(crate) fn check(graph: &Graph, max_memory: u64) -> Result<()> {
    for node in &graph.nodes {
        for value in node.outputs.iter().flatten() {
            let value = graph.value(*value);
            let Some(shape) = &value.shape else {
                continue;
            };
            let bytes = shape
                .iter()
                .map(|dim| match dim {
                    Dim::Known(length) => *length,
                    Dim::Symbol(_) | Dim::Unknown => 1,
                })
                .fold(1, u64::saturating_mul)
                .saturating_mul(value.dtype.map_or(1, |dtype| dtype.size() as u64));
            if bytes > max_memory {
                return Err(Error::limit(
                    format!("node \"{}\"", node.name),
                    format!(
                        "its result \"{}\" needs {} at least",
                        value.name,
                        size(bytes)
                    ),
                    format!(
                        "the limit is {}; raise it with --max-memory",
                        size(max_memory)
                    ),
                ));
            }
        }
    }
    Ok(())
}
