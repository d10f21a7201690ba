//! The digits are those of scikit-learn, and the larger images are made of them.

use knee::random::Seed;
use knee_lab::data::{self, Targets};

#[test]
fn the_digits_are_those_of_scikit_learn() {
    let digits = data::digits();
    let Targets::Classes { classes, of, .. } = &digits.targets else {
        panic!("digits are classes");
    };
    assert_eq!((digits.samples(), *classes), (1797, 10));
    assert_eq!(digits.shape, [1, 8, 8]);
    // Sums and counts as load_digits() gives them.
    let sum: f32 = digits.inputs.iter().map(|x| x * 16.0).sum();
    assert_eq!((sum, of.iter().sum::<usize>()), (561_718.0, 8070));
    let counts: Vec<usize> = (0..10)
        .map(|d| of.iter().filter(|c| **c == d).count())
        .collect();
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    let row: Vec<f32> = digits.sample(0)[8..16].iter().map(|x| x * 16.0).collect();
    assert_eq!(row, [0.0, 0.0, 13.0, 15.0, 10.0, 15.0, 5.0, 0.0]);
}

/// The nearest training image decides: a task that can be learned, and is harder than the digits themselves.
#[test]
fn the_larger_images_can_be_told_apart() {
    let split = data::digits().split(0.3, Seed::new(1));
    let train = data::images(&split.train, 3000, 16, 0.1, Seed::new(2));
    let test = data::images(&split.test, 200, 16, 0.1, Seed::new(3));
    let (Targets::Classes { of: known, .. }, Targets::Classes { of: asked, .. }) =
        (&train.targets, &test.targets)
    else {
        panic!("images have classes");
    };
    let distance =
        |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum() };
    let right = (0..test.samples()).filter(|asked_at| {
        let image = test.sample(*asked_at);
        let nearest = (0..train.samples()).min_by(|a, b| {
            distance(train.sample(*a), image).total_cmp(&distance(train.sample(*b), image))
        });
        nearest.is_some_and(|nearest| known[nearest] == asked[*asked_at])
    });
    let share = right.count() as f64 / 200.0;
    assert!((0.6..0.97).contains(&share), "{share}");
}

#[test]
fn an_image_of_the_same_side_is_the_digit_with_less_contrast() {
    let digits = data::digits();
    let image = data::images(&digits, 1, 8, 0.0, Seed::new(1));
    let same_up_to_scale = |sample: usize| {
        let original = digits.sample(sample);
        let brightest = |x: &[f32]| x.iter().copied().fold(0.0, f32::max);
        let contrast = brightest(image.sample(0)) / brightest(original);
        let close = |(a, b): (&f32, &f32)| (a * contrast - b).abs() < 1e-5;
        (0.5..=1.0).contains(&contrast) && original.iter().zip(image.sample(0)).all(close)
    };
    assert!((0..digits.samples()).any(same_up_to_scale));
}
