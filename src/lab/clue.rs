//! Hints for a challenge, one at a time: first where to look, by the verdict, then which knob, and only then how far.

use super::diagnosis::Verdict;
use super::goal::{GoalMetric, GoalRange};
use super::lang::Lang;
use super::number::{round_to, show};
use super::prediction::sigma;
use super::remedy::Remedy;
use super::spec::Spec;
use super::task::Task;

/// How many hints there are.
pub const CLUES: usize = 3;

/// Returns the hints for a network with this verdict. `remedy` is what the button beside the verdict would do, if it has
/// something; only what the goal allows of it is told.
pub fn clues(task: &Task, spec: &Spec, verdict: Verdict, remedy: Option<&Remedy>, lang: Lang) -> [String; CLUES] {
    let where_to_look = lang.text(&format!("clue.{}", symptom(verdict))).to_owned();
    let allowed = |key: &&'static str| {
        super::knob::Knob::find(key).is_some_and(|knob| task.goal.allows(knob) && knob.applies(spec))
    };
    let edits = remedy.map_or(&[][..], |remedy| &remedy.edits);
    let keys: Vec<&str> = edits.iter().map(|(key, _)| *key).filter(allowed).collect();
    let mended = remedy.map(|remedy| remedy.apply(spec).0);
    let better = mended.as_ref().map(|mended| sigma(mended).hidden).filter(|std| *std != sigma(spec).hidden);
    // A scheme that may not be chosen has a σ that may be set.
    let std = better.filter(|_| allowed(&"std") && !keys.contains(&"init"));
    let rate = mended.filter(|_| keys.contains(&"lr")).map(|mended| mended.training.lr);
    let values =
        [std.map(|std| format!("σ ≈ {}", show(round_to(std, 2)))), rate.map(|rate| format!("η ≈ {}", show(rate)))];
    let values: Vec<String> = values.into_iter().flatten().collect();
    let named: Vec<&str> =
        if std.is_some() { std::iter::once("std").chain(keys.iter().copied()).collect() } else { keys };
    let mut unique: Vec<&str> = Vec::new();
    named.into_iter().for_each(|key| {
        if !unique.contains(&key) {
            unique.push(key);
        }
    });
    if unique.is_empty() {
        // The network is sound as it is, or the fix is not allowed: what the goal is about decides.
        let usual = usual_knobs(task).into_iter().filter(allowed).collect::<Vec<_>>();
        let rule = lang.text(&format!("clue.rule-{}", rule(task))).to_owned();
        return [where_to_look, lang.tell("clue.knobs", &[("knobs", lang.knobs(usual.into_iter()))]), rule];
    }
    let knobs = lang.tell("clue.knobs", &[("knobs", lang.knobs(unique.iter().copied()))]);
    let rest = match (values.is_empty(), remedy) {
        (false, _) => lang.tell("clue.values", &[("values", values.join(", "))]),
        (true, Some(remedy)) => lang.tell("clue.fix", &[("fix", lang.remedy(&remedy.label))]),
        (true, None) => lang.text(&format!("clue.rule-{}", rule(task))).to_owned(),
    };
    [where_to_look, knobs, rest]
}

/// The kind of a verdict, as a key of the first hint.
fn symptom(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Waiting => "waiting",
        Verdict::Steady | Verdict::Normed | Verdict::Closed => "sound",
        Verdict::Hindered => "hindered",
        Verdict::Vanishing | Verdict::VanishingGradient => "vanishing",
        Verdict::Exploding | Verdict::ExplodingGradient | Verdict::Diverged => "exploding",
        Verdict::Forgets => "forgets",
        Verdict::Symmetric => "symmetric",
        Verdict::Frozen => "frozen",
    }
}

/// Whether the goal is about learning or about the start, as a key of the last hint.
fn rule(task: &Task) -> &'static str {
    let first = task.goal.conditions.first();
    match first.map(|condition| (condition.metric, condition.range)) {
        Some((GoalMetric::Loss | GoalMetric::ValLoss | GoalMetric::Accuracy | GoalMetric::UpdateRatio, _)) => "rate",
        Some((GoalMetric::DeadShare | GoalMetric::SaturatedShare | GoalMetric::AttentionPeak, GoalRange::Below(_))) => {
            "smaller"
        }
        _ => "start",
    }
}

fn usual_knobs(task: &Task) -> Vec<&'static str> {
    match rule(task) {
        "rate" => vec!["lr", "opt", "init"],
        _ => vec!["std", "init", "gain", "act", "norm", "residual"],
    }
}
