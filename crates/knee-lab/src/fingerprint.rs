//! A name for the user's data that changes with its contents.

use crate::data::{Dataset, Targets};

impl Dataset {
    /// The name, and a hash of the numbers (FNV-1a, 64 bits).
    pub fn fingerprint(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut word = |word: u64| hash = (hash ^ word).wrapping_mul(0x0100_0000_01b3);
        self.shape.iter().for_each(|length| word(*length as u64));
        self.inputs
            .iter()
            .for_each(|x| word(u64::from(x.to_bits())));
        match &self.targets {
            Targets::Classes { of, .. } => of.iter().for_each(|class| word(*class as u64)),
            Targets::Values { of, .. } => of.iter().for_each(|x| word(u64::from(x.to_bits()))),
        }
        format!("{}#{hash:016x}", self.name)
    }
}
