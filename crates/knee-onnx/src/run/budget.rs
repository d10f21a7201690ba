//! The memory that a run may use.

use std::cell::Cell;
use std::collections::HashMap;

use super::shape;
use crate::error::{Error, Result};

/// Counts the bytes that a run holds. Every allocation is announced before it is made.
#[derive(Debug)]
pub(super) struct Budget {
    limit: Option<u64>,
    held: Cell<u64>,
    peak: Cell<u64>,
    /// Buffers by address, with their size and how many values share each. A tape keeps them all.
    buffers: std::cell::RefCell<HashMap<usize, (u64, usize)>>,
    taped: bool,
}

impl Budget {
    pub(super) fn new(limit: Option<u64>, taped: bool) -> Self {
        Self {
            limit,
            held: Cell::new(0),
            peak: Cell::new(0),
            buffers: std::cell::RefCell::default(),
            taped,
        }
    }

    /// The most that was held at one time.
    pub(super) fn peak(&self) -> u64 {
        self.peak.get()
    }

    /// Announces `count` tensors of this shape; an error when they would not fit.
    pub(super) fn announce(&self, node: &str, shape: &[usize], width: usize) -> Result<()> {
        let bytes = shape::elements(shape)
            .and_then(|n| n.checked_mul(width))
            .and_then(|n| u64::try_from(n).ok())
            .filter(|&n| n <= 1 << 46)
            .ok_or_else(|| {
                Error::limit(
                    format!("node \"{node}\""),
                    format!("its result of shape {shape:?} cannot be held in memory"),
                    "use smaller inputs",
                )
            })?;
        let needed = self.held.get().saturating_add(bytes);
        self.peak.set(self.peak.get().max(needed));
        match self.limit {
            Some(limit) if needed > limit => Err(Error::limit(
                format!("node \"{node}\""),
                format!("with its result the run would hold {}", size(needed)),
                format!(
                    "the limit is {}; raise it with --max-memory, or use fewer samples at a time",
                    size(limit)
                ),
            )),
            _ => Ok(()),
        }
    }

    /// The tape keeps so many bytes beside the values of the graph: what operators need of their
    /// own steps in the backward pass.
    pub(super) fn tape(&self, bytes: u64) {
        if self.taped {
            self.add(bytes);
        }
    }

    /// Something outside the graph's values keeps so many bytes, such as the rows of a loop.
    pub(super) fn keep(&self, node: &str, bytes: u64) -> Result<()> {
        self.announce(node, &[], 0)?;
        self.add(bytes);
        Ok(())
    }

    fn add(&self, bytes: u64) {
        self.held.set(self.held.get().saturating_add(bytes));
        self.peak.set(self.peak.get().max(self.held.get()));
    }

    /// A value now holds the buffer at `address`.
    pub(super) fn hold(&self, address: usize, bytes: u64) {
        let mut buffers = self.buffers.borrow_mut();
        let entry = buffers.entry(address).or_insert((bytes, 0));
        if entry.1 == 0 {
            self.add(entry.0);
        }
        entry.1 += 1;
    }

    /// A value no longer holds the buffer at `address`.
    pub(super) fn release(&self, address: usize) {
        if self.taped {
            return;
        }
        let mut buffers = self.buffers.borrow_mut();
        if let Some(entry) = buffers.get_mut(&address) {
            entry.1 -= 1;
            if entry.1 == 0 {
                self.held.set(self.held.get().saturating_sub(entry.0));
                buffers.remove(&address);
            }
        }
    }
}

/// A number of bytes in words.
pub(crate) fn size(bytes: u64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes} bytes")
    } else {
        format!("{value:.1} {}", units[unit])
    }
}
