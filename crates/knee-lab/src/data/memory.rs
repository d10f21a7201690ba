//! Tasks that ask for something seen long ago.

use knee::random::Seed;

use super::arithmetic::{below, part};
use super::dataset::{Dataset, Targets};

/// The adding problem of Hochreiter and Schmidhuber 1997: of each sequence, the sum of two numbers.
///
/// A sample is `[length, 2]`: at each step a number between 0 and 1, and a mark that is 1 at one step of the first half and at
/// one of the second half, and 0 elsewhere. The answer is the sum of the two marked numbers; who always answers 1 has the mean
/// squared error 1/6. A length below 2 counts as 2.
pub fn adding(samples: usize, length: usize, seed: Seed) -> Dataset {
    let length = length.max(2);
    let half = length / 2;
    let mut inputs = Vec::with_capacity(2 * length * samples);
    let mut of = Vec::with_capacity(samples);
    for sample in 0..samples {
        let first = below(part(seed, 1), sample as u64, half);
        let second = half + below(part(seed, 2), sample as u64, length - half);
        let mut sum = 0.0;
        for step in 0..length {
            let number = part(seed, 0).uniform((sample * length + step) as u64);
            let marked = step == first || step == second;
            if marked {
                sum += number;
            }
            inputs.extend([number as f32, f32::from(u8::from(marked))]);
        }
        of.push(sum as f32);
    }
    let targets = Targets::Values { width: 1, of };
    Dataset::made("adding", inputs, [length, 2], targets)
}

/// Delayed recall: which symbol stood at the first step of the sequence.
///
/// A sample is `[length, symbols + 1]`: the first step has a 1 in the place of its symbol, all others have none, and the last
/// channel is noise between -1 and 1 at every step. The answer is the symbol, after the last step; each symbol is as frequent
/// as any other.
pub fn recall(samples: usize, length: usize, symbols: usize, seed: Seed) -> Dataset {
    let (length, symbols) = (length.max(1), symbols.max(1));
    let width = symbols + 1;
    let mut inputs = vec![0.0; samples * length * width];
    let of: Vec<usize> = (0..samples).map(|sample| sample % symbols).collect();
    for (sample, (rows, symbol)) in inputs.chunks_mut(length * width).zip(&of).enumerate() {
        rows[*symbol] = 1.0;
        for (step, row) in rows.chunks_mut(width).enumerate() {
            let drawn = part(seed, 0).uniform((sample * length + step) as u64);
            row[symbols] = (2.0 * drawn - 1.0) as f32;
        }
    }
    let targets = Targets::classes(symbols, of);
    Dataset::made("recall", inputs, [length, width], targets)
}
