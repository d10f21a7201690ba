//! Which network evidence belongs to.

use crate::network::{Kind, Network};

/// A fingerprint of a network: of its nodes, its sites and its weights. Evidence carries it, so
/// that evidence of another network is refused.
pub fn fingerprint(network: &Network) -> String {
    let mut hash = Fnv::default();
    for node in &network.nodes {
        hash.text(&node.name);
        hash.text(&node.op);
        for value in node.inputs.iter().chain(&node.outputs) {
            hash.word(value.0 as u64);
        }
        match &node.kind {
            Kind::Linear(linear) => {
                hash.floats(&linear.weight);
                hash.floats(linear.bias.as_deref().unwrap_or_default());
            }
            Kind::Norm(norm) => {
                hash.floats(&norm.gamma);
                hash.floats(&norm.beta);
            }
            _ => {}
        }
    }
    for site in &network.sites {
        hash.text(&site.name);
        hash.text(&site.function.text());
    }
    hash.word(network.loss_output as u64);
    format!("{:016x}", hash.0)
}

/// FNV-1a over words of 64 bits. Chance collisions are what matters here, not attacks.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn word(&mut self, word: u64) {
        // The rotation brings high bits down, which a product alone never does.
        self.0 = (self.0 ^ word)
            .wrapping_mul(0x0000_0100_0000_01b3)
            .rotate_left(29);
    }

    fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        for byte in text.bytes() {
            self.word(u64::from(byte));
        }
    }

    fn floats(&mut self, values: &[f32]) {
        self.word(values.len() as u64);
        for value in values {
            self.word(u64::from(value.to_bits()));
        }
    }
}
