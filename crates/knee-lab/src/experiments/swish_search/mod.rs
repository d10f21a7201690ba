//! A search for an activation function.

mod child;
mod figures;
mod grammar;

use std::collections::BTreeMap;

use knee::Function;

use self::child::{Candidate, Parts, loss};
use self::figures::figures;
use self::grammar::{Draws, changed, drawn, known, print};
use crate::engine::Formula;
use crate::experiment::experiment;
use crate::statistics::median;
use crate::{Claim, Criterion, Effect, Measured, Results, Run, Settings, Stop};

experiment! {
    /// ## Question
    ///
    /// Does an evolutionary search over a small grammar find a function at least as good as ReLU, as the search that found Swish
    /// did, and does what it finds hold on seeds that it did not see?
    ///
    /// ## Set-up
    ///
    /// A formula joins two unary pieces of the input by a binary one, and may do so a second time with the result and the input. Unary: x, -x,
    /// |x|, x^2, min(x, 0), relu, sigmoid, tanh, softplus, sine, gaussian, arctan. Binary: sum, difference, product, max, min, sigmoid(a) b.
    /// A candidate stands in a network of two hidden layers of 32 units that learns handwritten digits by Adam, weights with the
    /// variance that keeps the candidate's second moment. Its score is the cross-entropy on digits kept for choosing, the mean of the
    /// logarithm over a few initial weights and orders.
    ///
    /// Evolution: of the living, some are drawn, the best of them is changed in one place, and the result takes the place of the
    /// oldest. The second arm spends the same tries on random formulas. What either finds is then judged with ReLU and SiLU on initial
    /// weights, orders and test digits that no score has seen, since the best of many scores is partly luck.
    ///
    /// ## Prediction
    ///
    /// Swish was found so, and is at least as good as ReLU. The score of the winner promises more than it keeps.
    ///
    /// ## Measure
    ///
    /// The median over the new seeds of the test loss of what was found, relative to that of ReLU and of SiLU; on how many of them it
    /// is lower. The formula, and the function of knee that it is, if there is one.
    ///
    /// ## Source
    ///
    /// Ramachandran, Zoph and Le, *Searching for activation functions*, 2017; Real, Aggarwal, Huang and Le, *Regularized evolution for image
    /// classifier architecture search*, 2019.
    pub struct SwishSearch {
        name: "swish-search",
        title: "evolution looks for an activation function",
        sentence: "A search over a small grammar finds an activation function at least as good as ReLU.",
        own_data: false,
        parameters: {
            tries: Count(4, 100_000), "100", quick "40", "Candidates that a search may try.";
            population: Count(2, 1000), "16", quick "8", "Formulas that live at a time.";
            tournament: Count(1, 1000), "5", quick "3", "Formulas that are drawn, of which the best is changed.";
            looks: Count(1, 100), "2", quick "2", "Initial weights and orders that a score is the mean of.";
            judged: Count(1, 1000), "15", quick "7", "New initial weights and orders that the winner is judged on.";
            samples: Count(32, 880), "880", quick "500", "Digits of the training part.";
            epochs: Count(1, 1000), "6", quick "4", "Times that each of them is seen.";
        }
    }
}

const ARMS: [&str; 2] = ["evolution", "random search"];
const RELU: &str = "found / ReLU, test loss";
const SILU: &str = "found / SiLU, test loss";
const PROMISED: &str = "found / ReLU, score";
const LOSS: &str = "test loss of what was found";

fn arms(_: &Settings) -> Vec<String> {
    ARMS.map(str::to_owned).to_vec()
}

/// A search on its way.
struct Search<'a> {
    run: &'a Run<'a>,
    parts: &'a Parts,
    /// Scores of functions that were tried.
    known: BTreeMap<Vec<i64>, f64>,
    best: Option<(Formula, f64)>,
    tried: usize,
    curve: Vec<(f64, f64)>,
}

impl Search<'_> {
    /// The mean logarithm of the loss over the draws that scores are made of.
    fn score_of(&self, candidate: Candidate) -> Result<f64, Stop> {
        let looks = self.run.settings.count("looks");
        let mut sum = 0.0;
        for look in 0..looks {
            sum += loss(
                candidate,
                &self.parts.train,
                &self.parts.choose,
                look as u64,
                self.run,
            )?
            .ln();
        }
        Ok(sum / looks as f64)
    }

    /// The score of a formula; what is the same function has the same one.
    fn score(&mut self, formula: Formula) -> Result<f64, Stop> {
        let print = print(formula);
        let score = match self.known.get(&print) {
            Some(score) => *score,
            None => self.score_of(Candidate::Formula(formula))?,
        };
        self.known.insert(print, score);
        self.tried += 1;
        if self.best.is_none_or(|(_, best)| score < best) {
            self.best = Some((formula, score));
        }
        if let Some((_, best)) = self.best {
            self.curve.push((self.tried as f64, best));
            let share = 0.8 * self.tried as f64 / self.run.settings.count("tries") as f64;
            self.run.at(share, Some(best.exp()), "")?;
        }
        Ok(score)
    }

    fn evolve(&mut self, draws: &mut Draws) -> Result<(), Stop> {
        let [tries, population, tournament] =
            ["tries", "population", "tournament"].map(|name| self.run.settings.count(name));
        let mut living: Vec<(Formula, f64)> = Vec::new();
        while self.tried < tries {
            let formula = if living.len() < population {
                drawn(draws)
            } else {
                let picked = (0..tournament).map(|_| living[draws.below(living.len())]);
                let best = picked.min_by(|a, b| a.1.total_cmp(&b.1));
                match best {
                    Some((parent, _)) => changed(parent, draws),
                    None => drawn(draws),
                }
            };
            let score = self.score(formula)?;
            if living.len() >= population {
                living.remove(0);
            }
            living.push((formula, score));
        }
        Ok(())
    }

    fn wander(&mut self, draws: &mut Draws) -> Result<(), Stop> {
        while self.tried < self.run.settings.count("tries") {
            self.score(drawn(draws))?;
        }
        Ok(())
    }
}

fn measure(run: &Run<'_>) -> Result<Measured, Stop> {
    let parts = Parts::of(run);
    let mut search = Search {
        run,
        parts: &parts,
        known: BTreeMap::new(),
        best: None,
        tried: 0,
        curve: Vec::new(),
    };
    let mut draws = Draws::new(run.order_seed().stream(40));
    if run.arm == 0 {
        search.evolve(&mut draws)?;
    } else {
        search.wander(&mut draws)?;
    }
    let none = || Stop::Impossible("the search tried nothing: set tries to 4 or more".to_owned());
    let (formula, score) = search.best.ok_or_else(none)?;
    let function = |name| {
        Function::parse(name)
            .map(Candidate::Function)
            .map_err(|error| Stop::Impossible(error.to_string()))
    };
    let (relu, silu) = (function("relu")?, function("silu")?);
    let relu_score = search.score_of(relu)?;
    let mut measured = Measured::default();
    measured.text("found", formula.to_string());
    measured.text(
        "known as",
        known(formula).unwrap_or_else(|| "none of knee's functions".to_owned()),
    );
    measured.set(PROMISED, (score - relu_score).exp());
    measured.curve(
        "best score",
        search
            .curve
            .iter()
            .map(|(tried, best)| (*tried, (best - relu_score).exp())),
    );
    let shape = (-80..=80).map(|step| f64::from(step) / 20.0);
    measured.curve("shape", shape.map(|x| (x, formula.value(x))));
    judge_it(&mut measured, formula, [relu, silu], &parts, run)?;
    Ok(measured)
}

/// Judges what was found on draws that no score has seen.
fn judge_it(
    measured: &mut Measured,
    formula: Formula,
    peers: [Candidate; 2],
    parts: &Parts,
    run: &Run<'_>,
) -> Result<(), Stop> {
    let judged = run.settings.count("judged");
    let mut found = Vec::new();
    let mut ratios = [Vec::new(), Vec::new()];
    for draw in 0..judged {
        let tested = |candidate| {
            loss(
                candidate,
                &parts.train,
                &parts.judge,
                1000 + draw as u64,
                run,
            )
        };
        let of_formula = tested(Candidate::Formula(formula))?;
        for (peer, ratios) in peers.iter().zip(&mut ratios) {
            ratios.push(of_formula / tested(*peer)?);
        }
        found.push(of_formula);
        run.at(0.8 + 0.2 * (draw + 1) as f64 / judged as f64, None, "")?;
    }
    measured.set(LOSS, median(&found));
    for ((name, peer), ratios) in [(RELU, "ReLU"), (SILU, "SiLU")].into_iter().zip(&ratios) {
        measured.set(name, median(ratios));
        let lower = ratios.iter().filter(|ratio| **ratio < 1.0).count();
        measured.set(
            format!("share of new seeds with a lower loss than {peer}"),
            lower as f64 / judged as f64,
        );
    }
    Ok(())
}

fn judge(results: &Results<'_>) -> Vec<Claim> {
    let [evolution, random] = ARMS;
    let kept = |record: &&crate::Record| {
        let value = |name: &str| {
            record
                .measured
                .measures
                .get(name)
                .copied()
                .unwrap_or(f64::NAN)
        };
        value(PROMISED) / value(RELU)
    };
    vec![
        Claim::new(
            "Evolution finds a function at least as good as ReLU, on seeds that it did not see.",
            Effect::new("test loss, found / ReLU", results.measures(evolution, RELU)),
            Criterion::Below(1.0),
        ),
        Claim::new(
            "What it finds is better than SiLU too.",
            Effect::new("test loss, found / SiLU", results.measures(evolution, SILU)),
            Criterion::Below(1.0),
        ).beside(),
        Claim::new(
            "Evolution finds better functions than as many random tries.",
            Effect::new(
                "test loss, evolution / random search",
                results.paired(evolution, random, LOSS, |a, b| a / b),
            ),
            Criterion::Below(1.0),
        ).beside(),
        Claim::new(
            "The score of the winner promises more than it keeps on new seeds.",
            Effect::new(
                "found / ReLU by score, over the same on new seeds",
                results.of(evolution).iter().map(kept).collect(),
            ),
            Criterion::Below(1.0),
        ).beside(),
    ]
}
