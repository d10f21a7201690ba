//! What is made is a function of the seed, balanced, and of the shape that it says.

use knee::random::Seed;
use knee_lab::data::regression::{self, Curve};
use knee_lab::data::{self, Dataset, Targets, memory, text};

/// Every made set, with so many samples.
fn all(samples: usize, seed: Seed) -> Vec<Dataset> {
    let mut sets = vec![
        data::xor(samples, 0.2, seed),
        data::rings(samples, 3, 0.05, seed),
        data::spirals(samples, 2, 1.5, 0.02, seed),
        data::moons(samples, 0.1, seed),
        data::gaussian_ring(samples, 8, 2.0, 0.1, seed),
        data::gaussian_mixture(samples, 5, 10, 4.0, seed),
        data::noise(samples, 7, seed),
        data::multilabel(samples, 6, 4, 0.1, seed),
        data::images(&data::digits(), samples, 12, 0.1, seed),
        memory::adding(samples, 20, seed),
        memory::recall(samples, 20, 4, seed),
        text::sentences(samples, 16, seed),
        text::copying(samples, 16, 8, seed),
        regression::positive(samples, 5, 0.1, seed),
        regression::share(samples, 5, 0.1, seed),
    ];
    sets.extend(Curve::ALL.map(|curve| regression::curve(samples, curve, 0.01, seed)));
    sets
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_one_others() {
    let again = all(64, Seed::new(1)).into_iter().zip(all(64, Seed::new(2)));
    for (first, (same, other)) in all(64, Seed::new(1)).into_iter().zip(again) {
        assert_eq!(first, same);
        assert_ne!(first.inputs, other.inputs, "{}", first.name);
    }
}

#[test]
fn shapes_and_counts_agree() {
    for samples in [0, 1, 40, 41] {
        for set in all(samples, Seed::new(3)) {
            let name = &set.name;
            assert_eq!(set.inputs.len(), samples * set.width(), "{name}");
            assert_eq!(set.samples(), samples, "{name}");
            assert!(set.inputs.iter().all(|x| x.is_finite()), "{name}");
            match &set.targets {
                Targets::Classes {
                    classes,
                    of,
                    per_sample,
                } => {
                    assert_eq!(of.len(), samples * per_sample, "{name}");
                    assert!(of.iter().all(|class| class < classes), "{name}");
                }
                Targets::Values { width, of } => {
                    assert_eq!(of.len(), samples * width, "{name}");
                    assert!(of.iter().all(|y| y.is_finite()), "{name}");
                }
            }
            if let Some(symbols) = set.symbols {
                let symbol = |x: &f32| x.fract() == 0.0 && (0.0..symbols as f32).contains(x);
                assert!(set.inputs.iter().all(symbol), "{name}");
            }
        }
    }
}

#[test]
fn classes_are_balanced() {
    for set in all(840, Seed::new(5)) {
        if let Targets::Classes {
            classes,
            of,
            per_sample: 1,
        } = &set.targets
        {
            for class in 0..*classes {
                let count = of.iter().filter(|of| **of == class).count();
                assert_eq!(count, 840 / classes, "class {class} of {}", set.name);
            }
        }
    }
}

#[test]
fn more_samples_begin_with_the_same_ones() {
    let first: Vec<usize> = (0..40).collect();
    for (few, many) in all(40, Seed::new(6)).into_iter().zip(all(80, Seed::new(6))) {
        // A curve is cut into as many parts as it has samples.
        if few.width() > 1 {
            assert_eq!(few, many.select(&first), "{}", few.name);
        }
    }
}

#[test]
fn sizes_of_nothing_are_harmless() {
    let seed = Seed::new(0);
    let sets = [
        data::rings(4, 0, 0.1, seed),
        data::spirals(4, 0, 1.5, 0.1, seed),
        data::gaussian_ring(4, 0, 1.0, 0.1, seed),
        data::gaussian_mixture(4, 0, 0, 1.0, seed),
        data::noise(4, 0, seed),
        data::multilabel(4, 0, 0, 0.1, seed),
        memory::adding(4, 0, seed),
        memory::recall(4, 0, 0, seed),
        text::sentences(4, 0, seed),
        text::copying(4, 0, 0, seed),
        regression::share(4, 0, 0.1, seed),
        data::images(&data::digits(), 4, 0, 0.1, seed),
    ];
    assert!(sets.iter().all(|set| set.samples() == 4));
    let unlabelled = data::images(&data::noise(4, 64, seed), 4, 12, 0.1, seed);
    assert_eq!(unlabelled.samples(), 0);
}

fn values(set: &Dataset) -> &[f32] {
    match &set.targets {
        Targets::Values { of, .. } => of,
        Targets::Classes { .. } => panic!("{} has no values", set.name),
    }
}

#[test]
fn targets_lie_where_they_are_said_to() {
    let seed = Seed::new(7);
    let positive = regression::positive(2000, 4, 0.3, seed);
    assert!(values(&positive).iter().all(|y| *y > 0.0));
    let share = regression::share(2000, 4, 0.3, seed);
    assert!(values(&share).iter().all(|y| *y > 0.0 && *y < 1.0));
    let labels = data::multilabel(2000, 6, 4, 0.1, seed);
    for label in 0..4 {
        let held: f32 = values(&labels).iter().skip(label).step_by(4).sum();
        assert!(
            (900.0..1100.0).contains(&held),
            "label {label} holds {held} times"
        );
    }
    let square = regression::curve(100, Curve::Square, 0.0, seed);
    for (x, y) in square.inputs.iter().zip(values(&square)) {
        assert!((x * x - y).abs() < 1e-6);
    }
}

#[test]
fn curves_cover_their_interval() {
    for curve in Curve::ALL {
        let set = regression::curve(200, curve, 0.0, Seed::new(8));
        let reach = curve.reach() as f32;
        let step = 2.0 * reach / 200.0;
        for (part, x) in set.inputs.iter().enumerate() {
            let start = part as f32 * step - reach;
            assert!(
                (start - 1e-5..=start + step + 1e-5).contains(x),
                "{}",
                curve.name()
            );
        }
    }
}

#[test]
fn memory_tasks_ask_for_what_was_shown() {
    let adding = memory::adding(300, 11, Seed::new(9));
    let mut squares = 0.0;
    for (sample, sum) in values(&adding).iter().enumerate() {
        let marked = adding
            .sample(sample)
            .chunks(2)
            .filter(|step| step[1] == 1.0);
        let numbers: Vec<f32> = marked.map(|step| step[0]).collect();
        assert_eq!(numbers.len(), 2);
        assert!((numbers.iter().sum::<f32>() - sum).abs() < 1e-6);
        squares += (sum - 1.0).powi(2) / 300.0;
    }
    assert!((squares - 1.0 / 6.0).abs() < 0.04, "{squares}");
    let recall = memory::recall(40, 30, 4, Seed::new(9));
    for sample in 0..40 {
        let (first, later) = recall.sample(sample).split_at(5);
        assert_eq!(first[sample % 4], 1.0);
        assert_eq!(first[..4].iter().sum::<f32>(), 1.0);
        assert!(later.chunks(5).all(|step| step[..4] == [0.0; 4]));
    }
}

#[test]
fn the_text_can_be_read() {
    let set = text::sentences(50, 32, Seed::new(10));
    let letters: Vec<char> = text::ALPHABET.chars().collect();
    let read: String = set
        .inputs
        .iter()
        .map(|symbol| letters[*symbol as usize])
        .collect();
    assert!(read.matches(". ").count() > 20, "{read}");
    for word in read
        .split([' ', '.'])
        .skip(1)
        .filter(|word| word.len() > 2)
        .take(50)
    {
        assert!(
            word.chars().all(|letter| letter.is_ascii_lowercase()),
            "{word}"
        );
    }
    let copying = text::copying(20, 12, 9, Seed::new(10));
    assert!((0..20).all(|s| copying.sample(s)[..6] == copying.sample(s)[6..]));
}
