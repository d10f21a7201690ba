//! One pass, pieces of any size, and merges in any order: the same counts, moments to 1e-12, the
//! same findings.

use knee_doctor::evidence::{
    Cause, Evidence, Layout, Moments, NonFinite, Recorder, RecorderOptions, SignalEvidence, Values,
};
use knee_doctor::network::ValueId;
use knee_doctor::{Diagnosis, Error, Labels, LossKind, Network, Options, diagnose};
use proptest::prelude::*;

use crate::support::random::Random;
use crate::support::{apply, chain, one_site};

const UNITS: usize = 7;
const INPUTS: usize = 300;

/// What a run of all inputs would show: rows of values, one per input.
struct Run {
    network: Network,
    z: Vec<f32>,
    da: Vec<f32>,
    logits: Vec<f32>,
    targets: Vec<f32>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let network = one_site("relu", UNITS as u64);
        let mut random = Random::new(seed);
        let mut normals = |scale: f64, shift: f64, count: usize| -> Vec<f32> {
            (0..count)
                .map(|_| (shift + scale * random.normal()) as f32)
                .collect()
        };
        let mut z = normals(2.0, 100.0, INPUTS * UNITS);
        for (k, z) in z.iter_mut().enumerate() {
            // One unit never fires, one rarely does, one is constant, one meets NaN.
            match k % UNITS {
                0 => *z -= 400.0,
                1 if k % 97 != 1 => *z = -*z,
                2 => *z = 0.25,
                3 if k % 53 == 3 => *z = f32::NAN,
                _ => {}
            }
        }
        Self {
            da: normals(1e-3, 0.0, INPUTS * UNITS),
            logits: normals(3.0, 0.0, INPUTS * 2),
            targets: normals(5.0, 1.0, INPUTS * 2),
            network,
            z,
        }
    }

    /// Evidence of some of the inputs, in chunks that end at `cuts`.
    fn evidence(&self, range: std::ops::Range<usize>, cuts: &[usize]) -> Evidence {
        let options = RecorderOptions {
            loss: Some(LossKind::Mse),
        };
        let mut recorder = Recorder::new(&self.network, options);
        let mut start = range.start;
        let inside = cuts.iter().copied().filter(|cut| range.contains(cut));
        let mut ends: Vec<usize> = inside.chain([range.end]).collect();
        ends.sort_unstable();
        for end in ends {
            self.record(&mut recorder, start..end);
            start = end;
        }
        recorder.into_evidence()
    }

    fn record(&self, recorder: &mut Recorder, range: std::ops::Range<usize>) {
        let inputs = range.len();
        let rows =
            |values: &[f32], width: usize| values[range.start * width..range.end * width].to_vec();
        let layout = Layout::dense(inputs, UNITS);
        let z = rows(&self.z, UNITS);
        let a = apply(&self.network, 0, &z, UNITS);
        recorder.site(0, Values::F32(&z), Values::F32(&a), layout);
        recorder.site_gradient(0, Values::F32(&rows(&self.da, UNITS)), layout);
        recorder.signal(ValueId(0), Values::F32(&z), layout);
        let labels = Labels::Rows {
            values: rows(&self.targets, 2),
            width: 2,
        };
        let logits = rows(&self.logits, 2);
        recorder.output(
            Values::F32(&logits),
            Layout::dense(inputs, 2),
            Some(&labels),
        );
        for input in range.clone().filter(|input| input % 29 == 0) {
            let seen = NonFinite {
                cause: Cause::LogOfZero,
                nan: 1,
                positive: 0,
                negative: 2,
                inputs: 1,
            };
            recorder.nonfinite(input % 3, &seen);
        }
        recorder.loss(rows(&self.targets, 2).iter().map(|&t| f64::from(t)).sum());
        recorder.finish_chunk(inputs);
    }
}

fn assert_close(mine: &Moments, theirs: &Moments) {
    assert_eq!(
        (mine.count, mine.min, mine.max),
        (theirs.count, theirs.min, theirs.max)
    );
    let sd = mine
        .sd()
        .unwrap_or(0.0)
        .max(mine.mean.abs())
        .max(f64::MIN_POSITIVE);
    assert!(
        (mine.mean - theirs.mean).abs() <= 1e-12 * sd,
        "{mine:?} {theirs:?}"
    );
    // A variance of exactly 0 stays 0.
    assert!(
        (mine.m2 - theirs.m2).abs() <= 1e-12 * mine.m2.max(theirs.m2),
        "{mine:?} {theirs:?}"
    );
}

/// The same counts, and moments to 1e-12.
fn assert_same(mine: &Evidence, theirs: &Evidence) {
    assert_eq!(mine.samples(), theirs.samples());
    let (a, b) = (mine.site(0).expect("seen"), theirs.site(0).expect("seen"));
    assert_eq!(a.inputs(), b.inputs());
    for (a, b) in a.units().iter().zip(b.units()) {
        let counts = |u: &knee_doctor::evidence::UnitEvidence| {
            (
                u.alive,
                u.nonfinite,
                u.positive,
                u.clipped,
                u.outputs,
                u.zeros,
                u.sampled,
                u.bins.clone(),
            )
        };
        assert_eq!(counts(a), counts(b));
        assert_eq!(a.is_constant(), b.is_constant());
        assert!((a.slope_sum - b.slope_sum).abs() <= 1e-12 * a.slope_sum);
        assert_close(&a.z, &b.z);
    }
    assert_close(
        a.gradient().expect("a gradient"),
        b.gradient().expect("a gradient"),
    );
    let sd = |e: &Evidence| {
        e.signal(ValueId(0))
            .and_then(SignalEvidence::sd)
            .expect("a signal")
    };
    assert!((sd(mine) / sd(theirs) - 1.0).abs() < 1e-12);
    let mut outputs = [mine, theirs].map(|e| e.output().expect("an output").clone());
    assert_close(&outputs[0].values, &outputs[1].values);
    outputs[1].values = outputs[0].values;
    assert_eq!(outputs[0], outputs[1]);
    let mut targets = [mine, theirs].map(|e| e.targets().expect("targets").clone());
    assert_close(&targets[0].values, &targets[1].values);
    targets[1].values = targets[0].values;
    assert_eq!(targets[0], targets[1]);
    assert!(mine.nonfinite().eq(theirs.nonfinite()));
    let loss = |e: &Evidence| e.mean_loss().expect("a loss");
    assert!((loss(mine) / loss(theirs) - 1.0).abs() < 1e-12);
}

/// What a reader is told: rules, levels, places and units.
fn told(diagnosis: &Diagnosis) -> Vec<String> {
    let line = |f: &knee_doctor::Finding| {
        format!("{} {:?} {:?} {:?}", f.rule, f.severity, f.site, f.units)
    };
    diagnosis.findings.iter().map(line).collect()
}

fn assert_same_findings(network: &Network, mine: &Evidence, theirs: &Evidence) {
    let diagnosis = |evidence| diagnose(network, Some(evidence), &Options::default(), None);
    let (a, b) = (diagnosis(mine), diagnosis(theirs));
    assert!(!a.findings.is_empty());
    assert_eq!(told(&a), told(&b));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn chunks_of_any_size(seed in 0_u64..1000, cuts in prop::collection::vec(1_usize..INPUTS, 0..12)) {
        let run = Run::new(seed);
        let whole = run.evidence(0..INPUTS, &[]);
        let pieces = run.evidence(0..INPUTS, &cuts);
        assert_same(&whole, &pieces);
        assert_same_findings(&run.network, &whole, &pieces);
    }

    #[test]
    fn merges_in_any_order(
        seed in 0_u64..1000,
        mut cuts in prop::collection::vec(1_usize..INPUTS, 1..6),
        order: u64,
        through_a_file: bool,
    ) {
        let run = Run::new(seed);
        let whole = run.evidence(0..INPUTS, &[]);
        cuts.extend([0, INPUTS]);
        cuts.sort_unstable();
        let mut parts: Vec<Evidence> =
            cuts.windows(2).map(|ends| run.evidence(ends[0]..ends[1], &[])).collect();
        let mut random = Random::new(order);
        let mut merged = parts.swap_remove(random.bits() as usize % parts.len());
        while !parts.is_empty() {
            let part = parts.swap_remove(random.bits() as usize % parts.len());
            let part = if through_a_file {
                Evidence::from_json(&part.to_json()).expect("evidence")
            } else {
                part
            };
            merged.merge(&part).expect("the same network");
        }
        assert_same(&whole, &merged);
        assert_same_findings(&run.network, &whole, &merged);
    }
}

/// Values far from zero lose no digits of their variance.
#[test]
fn a_large_mean_keeps_the_variance() {
    let network = one_site("relu", 1);
    let mut recorder = Recorder::new(&network, RecorderOptions::default());
    let z: Vec<f64> = (0..10_000).map(|k| 1e9 + f64::from(k % 2)).collect();
    for chunk in z.chunks(333) {
        recorder.site(
            0,
            Values::F64(chunk),
            Values::F64(chunk),
            Layout::dense(chunk.len(), 1),
        );
    }
    let moments = recorder.evidence().site(0).expect("seen").z();
    assert!((moments.variance().expect("values") - 0.25).abs() < 1e-9);
}

#[test]
fn evidence_of_another_network_is_refused() {
    let (relu, tanh) = (one_site("relu", 3), one_site("tanh", 3));
    let evidence =
        |network: &Network| Recorder::new(network, RecorderOptions::default()).into_evidence();
    let mut mine = evidence(&relu);
    assert_eq!(mine.belongs_to(&relu), Ok(()));
    let error = mine.belongs_to(&tanh).expect_err("another network");
    assert!(error.to_string().contains("its network is"), "{error}");
    assert!(matches!(
        mine.merge(&evidence(&tanh)),
        Err(Error::OtherEvidence {
            what: "network",
            ..
        })
    ));
    let loss = RecorderOptions {
        loss: Some(LossKind::Mse),
    };
    let other = Recorder::new(&relu, loss).into_evidence();
    assert!(matches!(
        mine.merge(&other),
        Err(Error::OtherEvidence { what: "loss", .. })
    ));
}

/// The same nodes with other weights are another network.
#[test]
fn weights_belong_to_the_fingerprint() {
    let network = chain("relu", 2);
    let mut other = chain("relu", 2);
    let knee_doctor::network::Kind::Linear(linear) = &mut other.nodes[0].kind else {
        panic!()
    };
    linear.weight = [linear.weight[0] + 1.0].into();
    let evidence = Recorder::new(&network, RecorderOptions::default()).into_evidence();
    assert!(evidence.belongs_to(&other).is_err());
}
