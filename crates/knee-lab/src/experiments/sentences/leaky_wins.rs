//! Leaky ReLU against ReLU over several tasks.

use knee::Function;

use super::networks::{BATCH, Stack, digits, function};
use super::sentence::{EFFECT, sentence};
use crate::data::{self, Split, Targets};
use crate::engine::{Flow, Init, Loss, Optimizer, Rule, Training, Watching, fit};
use crate::experiments::shared::scoring::answers;
use crate::verdict::Criterion;
use crate::{Measured, Run, Stop};

sentence! {
    /// Said in favour of plain ReLU: leaky ReLU rarely does better.
    ///
    /// Two hidden layers of 32 units are trained on five tasks, with ReLU and with leaky ReLU of slope 0.01 from the same weights in the same
    /// order: two moons, three rings, eight overlapping clouds, a smooth curve, and handwritten digits. Leaky ReLU wins a task when its test loss is lower.
    /// Two functions between which chance decides win half of the tasks each; rarely is fewer than a quarter. The same with slope 0.2 stands
    /// beside it.
    ///
    /// Source: lecture notes and answers on the web; Xu, Wang, Chen and Li, *Empirical evaluation of rectified activations in convolutional
    /// network*, 2015, found the opposite for slopes of 0.18 and more.
    pub(super) static LEAKY_WINS {
        name: "leaky rarely wins",
        said: "Leaky ReLU rarely beats ReLU.",
        effect: "share of five tasks on which leaky ReLU has the lower test loss",
        criterion: Criterion::Below(0.25),
        measure: measure,
    }
}

struct Task {
    name: &'static str,
    split: Split,
    loss: Loss,
    rate: f64,
}

fn tasks(run: &Run<'_>) -> Vec<Task> {
    let seed = |index: u64| run.data_seed().stream(20 + index);
    let task = |name, made: data::Dataset, loss, index: u64| Task {
        name,
        split: made.split(0.4, seed(10 + index)).standardised(),
        loss,
        rate: 0.01,
    };
    vec![
        task(
            "moons",
            data::moons(400, 0.2, seed(0)),
            Loss::CrossEntropy,
            0,
        ),
        task(
            "rings",
            data::rings(400, 3, 0.1, seed(1)),
            Loss::CrossEntropy,
            1,
        ),
        task(
            "clouds",
            data::gaussian_mixture(400, 8, 4, 4.0, seed(2)),
            Loss::CrossEntropy,
            2,
        ),
        task(
            "curve",
            data::regression::curve(400, data::regression::Curve::Packet, 0.1, seed(3)),
            Loss::Mse,
            3,
        ),
        Task {
            name: "digits",
            split: digits(run),
            loss: Loss::CrossEntropy,
            rate: 0.003,
        },
    ]
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let relu = function("relu")?;
    let leaky = [
        ("0.01", function("leaky_relu")?),
        ("0.2", function("leaky_relu(negative_slope=0.2)")?),
    ];
    let tasks = tasks(run);
    let mut measured = Measured::default();
    let mut wins = [0.0; 2];
    for task in &tasks {
        let plain = test_loss(task, relu, run)?;
        for ((slope, leaky), wins) in leaky.iter().zip(&mut wins) {
            let ratio = test_loss(task, *leaky, run)? / plain;
            measured.set(
                format!("test loss / that of ReLU, {}, slope {slope}", task.name),
                ratio,
            );
            *wins += f64::from(u8::from(ratio < 1.0));
        }
    }
    measured.set(EFFECT, wins[0] / tasks.len() as f64);
    measured.set("share of wins, slope 0.2", wins[1] / tasks.len() as f64);
    Ok(measured)
}

fn test_loss(task: &Task, function: Function, run: &Run<'_>) -> Result<f64, Stop> {
    let stack = Stack {
        inputs: task.split.train.width(),
        depth: 2,
        width: 32,
        function,
        init: Init::new(Rule::He),
        outputs: match task.split.train.targets {
            Targets::Classes { classes, .. } => classes,
            Targets::Values { width, .. } => width,
        },
    };
    let mut net = stack.build(run.init_seed());
    let training = Training {
        watching: Watching::Never,
        ..Training::new(
            task.loss,
            Optimizer::Adam { rate: task.rate },
            run.settings.count("epochs"),
            BATCH,
        )
    };
    fit(&mut net, &task.split.train, &training, run, |_| Flow::On)?;
    let outputs = net.infer(&task.split.test.inputs);
    let (loss, _) = task
        .loss
        .evaluate(&outputs, net.outputs(), &answers(&task.split.test))?;
    Ok(f64::from(loss))
}
