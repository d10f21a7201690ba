//! Parts share nothing, miss nothing, and hold every class.

use std::collections::BTreeSet;

use knee::random::Seed;
use knee_lab::data::{self, Dataset, Targets};

/// A set of which each sample holds its own number.
fn numbered(classes: Vec<usize>) -> Dataset {
    let mut set = data::noise(classes.len(), 1, Seed::new(0));
    set.inputs = (0..classes.len()).map(|sample| sample as f32).collect();
    let count = classes.iter().max().map_or(0, |largest| largest + 1);
    set.targets = Targets::classes(count, classes);
    set
}

fn classes(set: &Dataset) -> &[usize] {
    match &set.targets {
        Targets::Classes { of, .. } => of,
        Targets::Values { .. } => panic!("{} has no classes", set.name),
    }
}

fn counts(set: &Dataset, class: usize) -> usize {
    classes(set).iter().filter(|of| **of == class).count()
}

#[test]
fn parts_are_disjoint_and_complete() {
    let set = numbered((0..101).map(|sample| sample % 3).collect());
    for share in [0.0, 0.01, 0.2, 0.5, 0.99, 1.0] {
        let split = set.split(share, Seed::new(4));
        let together = split.train.samples() + split.test.samples();
        let both = [&split.train, &split.test];
        let seen: BTreeSet<u32> = both
            .iter()
            .flat_map(|part| part.inputs.iter().map(|x| *x as u32))
            .collect();
        assert_eq!((together, seen.len()), (101, 101), "share {share}");
        for part in both {
            for (x, class) in part.inputs.iter().zip(classes(part)) {
                assert_eq!(*x as usize % 3, *class, "a sample lost its class");
            }
        }
    }
}

#[test]
fn each_class_has_its_share_in_both_parts() {
    // 60 of class 0, 30 of class 1, 3 of class 2, 1 of class 3, sorted.
    let of = [(0, 60), (1, 30), (2, 3), (3, 1)]
        .into_iter()
        .flat_map(|(class, count)| vec![class; count])
        .collect();
    let split = numbered(of).split(0.2, Seed::new(1));
    let of = |part| [0, 1, 2, 3].map(|class| counts(part, class));
    assert_eq!(of(&split.test), [12, 6, 1, 0]);
    assert_eq!(of(&split.train), [48, 24, 2, 1]);
}

#[test]
fn shares_beyond_the_ends_are_the_ends() {
    let set = numbered(vec![0, 1, 0, 1]);
    let test = |share| set.split(share, Seed::new(0)).test.samples();
    assert_eq!([-1.0, f64::NAN, 2.0, f64::INFINITY].map(test), [0, 0, 4, 4]);
}

#[test]
fn the_seed_decides_the_split() {
    let set = numbered(vec![0; 50]);
    assert_eq!(set.split(0.3, Seed::new(1)), set.split(0.3, Seed::new(1)));
    assert_ne!(set.split(0.3, Seed::new(1)), set.split(0.3, Seed::new(2)));
}

#[test]
fn sequences_keep_their_answers_together() {
    let set = data::text::copying(30, 8, 5, Seed::new(1));
    let part = set.select(&[7, 3]);
    let Targets::Classes { of, per_sample, .. } = &part.targets else {
        panic!("symbols are classes");
    };
    assert_eq!((of.len(), *per_sample, part.samples()), (16, 8, 2));
    assert_eq!(part.sample(1), set.sample(3));
    // The answer at one place is the input at the next.
    assert!(
        of[8..15]
            .iter()
            .zip(&part.sample(1)[1..])
            .all(|(of, x)| *of as f32 == *x)
    );
}

#[test]
fn batches_visit_each_sample_once_in_each_epoch() {
    let epoch = |epoch| data::batches(103, 10, Seed::new(2), epoch);
    for number in 0..3 {
        let batches = epoch(number);
        assert_eq!(batches.len(), 11);
        assert!(batches.iter().rev().skip(1).all(|batch| batch.len() == 10));
        let seen: BTreeSet<usize> = batches.concat().into_iter().collect();
        assert_eq!(seen.len(), 103);
    }
    assert_eq!(epoch(1), epoch(1));
    assert_ne!(epoch(0), epoch(1));
    assert_ne!(epoch(0), data::batches(103, 10, Seed::new(3), 0));
    assert_eq!(data::batches(3, 0, Seed::new(0), 0).len(), 3);
    assert!(data::batches(0, 10, Seed::new(0), 0).is_empty());
}

#[test]
fn every_place_of_an_order_is_as_likely() {
    let mut counts = [[0_u32; 4]; 4];
    for seed in 0..4000 {
        for (place, number) in data::permutation(4, Seed::new(seed))
            .into_iter()
            .enumerate()
        {
            counts[place][number] += 1;
        }
    }
    // The standard deviation of each is 27.
    assert!(
        counts
            .iter()
            .flatten()
            .all(|count| count.abs_diff(1000) < 140),
        "{counts:?}"
    );
}

#[test]
fn inputs_are_standardised_by_the_training_part_alone() {
    let mut set = data::gaussian_mixture(200, 2, 3, 2.0, Seed::new(1));
    for row in set.inputs.chunks_mut(3) {
        row[0] = 100.0 + 5.0 * row[0];
        row[1] = 0.1;
    }
    let split = set.split(0.25, Seed::new(1)).standardised();
    assert_eq!(
        (split.train.shape.as_slice(), split.test.width()),
        (&[2][..], 2)
    );
    assert_eq!(
        split.train.notes,
        ["1 of 3 features are constant in the training part and were left out."]
    );
    for column in 0..2 {
        let cells = || {
            split
                .train
                .inputs
                .iter()
                .skip(column)
                .step_by(2)
                .map(|x| f64::from(*x))
        };
        let mean = cells().sum::<f64>() / 150.0;
        let square = cells().map(|x| x * x).sum::<f64>() / 150.0;
        assert!(
            mean.abs() < 1e-5 && (square - 1.0).abs() < 1e-4,
            "{mean} {square}"
        );
    }
    let test_mean = split.test.inputs.iter().step_by(2).sum::<f32>() / 50.0;
    assert!(
        test_mean.abs() > 1e-3,
        "the part for testing had an influence"
    );
}

#[test]
fn images_have_one_scale_and_symbols_none() {
    let split = data::digits().split(0.2, Seed::new(1)).standardised();
    assert_eq!(split.train.shape, [1, 8, 8]);
    let mean = split
        .train
        .inputs
        .iter()
        .map(|x| f64::from(*x))
        .sum::<f64>();
    assert!((mean / split.train.inputs.len() as f64).abs() < 1e-6);
    let text = data::text::sentences(10, 8, Seed::new(1)).split(0.2, Seed::new(1));
    assert_eq!(text.clone().standardised(), text);
}

#[test]
fn numbers_to_answer_come_back_from_their_scale() {
    let split = data::regression::positive(80, 3, 0.1, Seed::new(1)).split(0.25, Seed::new(1));
    let (scaled, standard) = split.clone().standardised_targets();
    let standard = standard.expect("there are numbers to answer");
    let (Targets::Values { of, .. }, Targets::Values { of: before, .. }) =
        (&scaled.test.targets, &split.test.targets)
    else {
        panic!("numbers stay numbers");
    };
    for (scaled, before) in of.iter().zip(before) {
        let back = f64::from(*scaled) * standard.deviations[0] + standard.means[0];
        assert!((back - f64::from(*before)).abs() < 1e-5 * back.abs().max(1.0));
    }
    let classes = data::xor(40, 0.1, Seed::new(1)).split(0.5, Seed::new(1));
    assert_eq!(classes.clone().standardised_targets(), (classes, None));
}
