//! Sequences of symbols, of which the next one is asked for.

use knee::random::Seed;

use super::arithmetic::{below, part};
use super::dataset::{Dataset, Targets};

/// The symbols of [`sentences`]: symbol `k` is the character at place `k`.
pub const ALPHABET: &str = " .abcdefghijklmnopqrstuvwxyz";

const DETERMINERS: [&str; 3] = ["the", "a", "every"];
const ADJECTIVES: [&str; 4] = ["small", "quick", "old", "green"];
const NOUNS: [&str; 8] = [
    "cat", "bird", "child", "robot", "fish", "horse", "king", "wolf",
];
const VERBS: [&str; 6] = ["sees", "finds", "likes", "follows", "hears", "paints"];

/// Windows of a text, and at each character the one that comes next.
///
/// The text is made of sentences such as `every old horse hears a cat.`: determiner, sometimes an adjective, noun, verb, and the
/// same again without the verb. Within a word the next character mostly follows from the last few; at its end it depends on the
/// kind of word and on the place in the sentence. The windows do not overlap. A sample is `[length]`; its symbols are places in
/// [`ALPHABET`].
pub fn sentences(samples: usize, length: usize, seed: Seed) -> Dataset {
    let length = length.max(1);
    let mut text = Vec::new();
    let mut sentence = 0;
    while text.len() < samples * length + 1 {
        text.extend(
            written(part(seed, 0), sentence)
                .chars()
                .filter_map(|letter| ALPHABET.find(letter)),
        );
        sentence += 1;
    }
    windows("sentences", &text, samples, length, length, ALPHABET.len())
}

/// A sentence and the space after it.
fn written(seed: Seed, sentence: u64) -> String {
    // A sentence takes at most 9 numbers.
    let mut at = sentence * 16;
    let mut draw = |bound: usize| {
        at += 1;
        below(seed, at, bound)
    };
    let mut written = String::new();
    for place in 0..2 {
        written.push_str(DETERMINERS[draw(DETERMINERS.len())]);
        written.push(' ');
        if draw(3) == 0 {
            written.push_str(ADJECTIVES[draw(ADJECTIVES.len())]);
            written.push(' ');
        }
        written.push_str(NOUNS[draw(NOUNS.len())]);
        written.push(' ');
        if place == 0 {
            written.push_str(VERBS[draw(VERBS.len())]);
            written.push(' ');
        }
    }
    written.pop();
    written.push_str(". ");
    written
}

/// Random symbols that come twice, and at each the one that comes next.
///
/// The first half of a sequence is random and the second half repeats it. In the first half the next symbol can only be guessed;
/// from then on it follows from what stood behind the same symbols before, which takes two layers of attention to find. The best
/// mean loss is `log(symbols) (length / 2 - 1) / length`, with `length` rounded down to an even number. A sample is `[length]`.
pub fn copying(samples: usize, length: usize, symbols: usize, seed: Seed) -> Dataset {
    let (half, symbols) = ((length / 2).max(1), symbols.max(1));
    let mut text = Vec::with_capacity(samples * (2 * half + 1));
    for sample in 0..samples {
        let symbol = |k: usize| below(seed, (sample * half + k % half) as u64, symbols);
        text.extend((0..=2 * half).map(symbol));
    }
    windows("copying", &text, samples, 2 * half, 2 * half + 1, symbols)
}

/// Windows of `length` symbols, of which one begins every `step` symbols.
fn windows(
    name: &str,
    text: &[usize],
    samples: usize,
    length: usize,
    step: usize,
    symbols: usize,
) -> Dataset {
    let starts = || (0..samples).map(|sample| sample * step);
    let inputs = starts().flat_map(|start| &text[start..start + length]);
    let next = starts().flat_map(|start| &text[start + 1..=start + length]);
    let targets = Targets::Classes {
        classes: symbols,
        of: next.copied().collect(),
        per_sample: length,
    };
    let inputs = inputs.map(|symbol| *symbol as f32).collect();
    Dataset {
        symbols: Some(symbols),
        ..Dataset::made(name, inputs, [length], targets)
    }
}
