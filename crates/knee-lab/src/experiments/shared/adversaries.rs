//! A generator and a discriminator that are trained in turn.

use knee::Function;

use crate::engine::{
    Answers, Builder, Init, Loss, Mode, Net, Optimizer, Rule, State, Tape, Watch, backward, host,
};
use crate::{Run, Stop};

/// Two networks and what they are trained with.
pub(in crate::experiments) struct Pair {
    pub(in crate::experiments) generator: Net,
    pub(in crate::experiments) discriminator: Net,
    optimizer: Optimizer,
    states: [State; 2],
}

impl Pair {
    pub(in crate::experiments) fn new(
        function: Function,
        noise: usize,
        run: &Run<'_>,
    ) -> Result<Self, Stop> {
        let relu = Function::parse("relu").map_err(|error| Stop::Impossible(error.to_string()))?;
        let width = run.settings.count("width");
        let init = Init::new(Rule::He);
        let network = |inputs, function, outputs, seed| {
            let builder = Builder::new(inputs, seed)
                .dense(width, init)
                .activation(function);
            builder
                .dense(width, init)
                .activation(function)
                .dense(outputs, init)
                .build()
        };
        Ok(Self {
            generator: network(noise, relu, 2, run.init_seed()),
            discriminator: network(2, function, 1, run.init_seed().stream(1 << 20)),
            optimizer: Optimizer::Adam {
                rate: run.settings.real("rate"),
            },
            states: [State::default(), State::default()],
        })
    }

    /// A step of the discriminator on real points and as many made ones.
    pub(in crate::experiments) fn judge(&mut self, real: &[f32], made: &[f32]) -> Result<(), Stop> {
        let points = [real, made].concat();
        let of = [vec![1.0; real.len() / 2], vec![0.0; made.len() / 2]].concat();
        let gradients = self.discriminator.gradients(
            &points,
            &Answers::Values(of),
            Loss::BceWithLogits,
            None,
        )?;
        self.states[1].step(
            self.optimizer,
            &mut self.discriminator.weights,
            &gradients.of,
        );
        Ok(())
    }

    /// A step of the generator: its points shall be taken for real ones.
    pub(in crate::experiments) fn make(&mut self, noise: Vec<f32>) -> Result<(), Stop> {
        let leaves = self.generator.leaves(true);
        let fixed: Vec<_> = self
            .discriminator
            .leaves(true)
            .into_iter()
            .map(|leaf| leaf.set_require_grad(false))
            .collect();
        let mut tape = Tape::default();
        let x = self.generator.enter(noise, true);
        let points = self
            .generator
            .forward(&leaves, x, Mode::Training, &mut tape, None);
        let logits = self
            .discriminator
            .forward(&fixed, points, Mode::Training, &mut tape, None);
        let seen = host(logits.clone());
        let real = Answers::Values(vec![1.0; seen.len()]);
        let (_, upstream) = Loss::BceWithLogits.evaluate(&seen, 1, &real)?;
        let gradients = backward(logits, upstream, &leaves);
        self.states[0].step(self.optimizer, &mut self.generator.weights, &gradients);
        Ok(())
    }
}

/// The share of hidden units of the discriminator that are alive on no point, and the share of the made points whose gradient is 0
/// at its first hidden layer.
pub(in crate::experiments) fn dead_shares(
    discriminator: &Net,
    real: &[f32],
    made: &[f32],
) -> Result<(f64, f64), Stop> {
    let seen = |points: &[f32]| {
        let answers = Answers::Values(vec![1.0; points.len() / 2]);
        let mut watch = Watch::new(discriminator, Some(Loss::BceWithLogits));
        discriminator
            .clone()
            .gradients(points, &answers, Loss::BceWithLogits, Some(&mut watch))?;
        Ok(watch)
    };
    let both = seen(&[real, made].concat())?;
    let sites = (0..discriminator.sites()).filter_map(|site| both.evidence().site(site));
    let units: Vec<bool> = sites
        .flat_map(|site| site.units().iter().map(|unit| unit.alive == Some(0)))
        .collect();
    let dead = units.iter().filter(|dead| **dead).count();
    let made_alone = seen(made)?;
    let first = made_alone.evidence().site(0);
    let cut = first.map_or(f64::NAN, |site| {
        site.gradient_zero() as f64 / site.inputs().max(1) as f64
    });
    Ok((dead as f64 / units.len().max(1) as f64, cut))
}
