//! The summaries as JSON.

use serde_json::{Value, json};

use super::Summary;
use crate::number::Number;
use crate::record::FORMAT;
use crate::verdict::Criterion;

/// The summaries as one JSON document; docs/lab/records.md describes it.
pub fn json(summaries: &[Summary<'_>]) -> Value {
    let experiments: Vec<Value> = summaries.iter().map(experiment).collect();
    json!({ "format": FORMAT, "experiments": experiments })
}

fn experiment(summary: &Summary<'_>) -> Value {
    let claims = summary.claims.iter().map(|claim| {
        let interval = claim.effect.interval();
        let values: Vec<Number> = claim.effect.values.iter().map(|x| Number(*x)).collect();
        json!({
            "sentence": claim.sentence,
            "beside": claim.beside,
            "effect": claim.effect.what,
            "values": values,
            "median": Number(claim.effect.median()),
            "interval": {
                "low": Number(interval.low),
                "high": Number(interval.high),
                "confidence": interval.confidence,
            },
            "asked": asked(claim.criterion),
            "verdict": claim.verdict().words(),
        })
    });
    json!({
        "experiment": summary.meta.name,
        "sentence": summary.meta.sentence,
        "verdict": summary.verdict.words(),
        "quick": summary.settings.quick(),
        "seeds": summary.seeds,
        "complete": summary.complete(),
        "parameters": summary.settings.values(),
        "data": summary.data,
        "command": summary.command(),
        "claims": claims.collect::<Vec<Value>>(),
        "runs": summary.records,
    })
}

/// Where an effect speaks for a claim: the bounds, and whether they speak for it themselves.
fn asked(criterion: Criterion) -> Value {
    let (low, high, included) = match criterion {
        Criterion::Above(low) => (Some(low), None, false),
        Criterion::Below(high) => (None, Some(high), false),
        Criterion::Between(low, high) => (Some(low), Some(high), true),
    };
    json!({ "low": low.map(Number), "high": high.map(Number), "included": included })
}
