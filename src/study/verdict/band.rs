//! The verdict `band`: for which values of the first sweep do networks learn?

use crate::lab::forecast::guessing;
use crate::lab::number::show;
use crate::lab::sweep::{Band, CLAIMED, Claim, Share, band, claimed};
use crate::study::answer::StudyAnswer;
use crate::study::finding::StudyFinding;
use crate::study::forest::{Forest, ForestOutcome, ForestRow};
use crate::study::groups::{held_out, is_whole, whole};
use crate::study::plan::StudyPlan;
use crate::study::record::Record;

/// Says of each panel where networks learn, and at the end how often what is claimed holds.
pub(super) fn findings(plan: &StudyPlan, records: &[Record]) -> Vec<StudyFinding> {
    let mut found = Vec::new();
    let mut claims = Vec::new();
    // The claim is about σ, and no other knob can meet it.
    let is_sigma = plan.axes[0].knob.as_deref() == Some("std");
    for (panel, group) in whole(plan, records, &[0]) {
        let points = held_out(plan, records, &group, 0);
        let guess = guessing(&plan.networks[group[0]].spec);
        let claim = claimed(&points, guess).filter(|_| is_sigma);
        match band(&points, guess) {
            None => found.push(StudyFinding::new("band-none", [("panel", panel)])),
            Some(band) => found.push(learns(plan, panel, band, claim.as_ref())),
        }
        claims.extend(claim);
    }
    if claims.len() > 1 {
        let count = |share| claims.iter().filter(|claim| claim.share() == share).count().to_string();
        let values = [
            ("settings", claims.len().to_string()),
            ("whole", count(Share::Whole)),
            ("part", count(Share::Part)),
            ("nothing", count(Share::Nothing)),
        ];
        found.push(StudyFinding::new("band-all", values));
    }
    found
}

/// Says where networks learn, and how much of what is claimed does.
fn learns(plan: &StudyPlan, panel: String, band: Band, claim: Option<&Claim>) -> StudyFinding {
    let key = match claim.map(Claim::share) {
        None => "band-found",
        Some(Share::Whole) => "band-whole",
        Some(Share::Part) => "band-part",
        Some(Share::Nothing) => "band-nothing",
    };
    let [low, best, high] = [band.low, band.best, band.high].map(show);
    let name = plan.axes[0].name.clone();
    let values = [("panel", panel), ("name", name), ("low", low), ("best", best), ("high", high)];
    let mut finding = StudyFinding::new(key, values);
    if let Some(claim) = claim {
        finding.fill(claim.values());
    }
    finding
}

/// Says where the best values lie, and how often what is claimed holds; the estimates are the ranges that learn.
pub(super) fn answer(plan: &StudyPlan, records: &[Record]) -> Option<StudyAnswer> {
    let is_sigma = plan.axes[0].knob.as_deref() == Some("std");
    let mut shares = Vec::new();
    let row = |(row, group): (ForestRow, Vec<usize>)| {
        if !is_whole(records, &group) {
            return row;
        }
        let points = held_out(plan, records, &group, 0);
        let guess = guessing(&plan.networks[group[0]].spec);
        shares.extend(claimed(&points, guess).map(|claim| claim.share()));
        let lost = points.iter().filter(|(_, loss)| loss.is_none()).count();
        let estimate = band(&points, guess).map(|Band { low, best, high }| [low, best, high]);
        let outcome = match estimate {
            Some(_) => ForestOutcome::Learned,
            None if lost == points.len() => ForestOutcome::Diverged,
            None => ForestOutcome::Unlearned,
        };
        ForestRow { outcome, estimate, lost: [lost, 0], ..row }
    };
    let rows = Forest::settings(plan, &[0]).into_iter().map(row).collect();
    let forest = Forest {
        measure: None,
        name: plan.axes[0].name.clone(),
        sides: Vec::new(),
        scale: plan.axes[0].scale,
        reference: is_sigma.then_some(CLAIMED),
        tried: Forest::tried(plan, 0),
        axes: Forest::axes(plan, &[0]),
        rows,
    };
    let whole = shares.iter().filter(|share| **share == Share::Whole).count();
    let tried = if is_sigma { shares.len() } else { 0 };
    Some(StudyAnswer { sentence: sentence(&forest, whole, tried), forests: vec![forest] })
}

/// Chooses the sentence: `whole` of the `tried` settings learn in all of what is claimed.
fn sentence(forest: &Forest, whole: usize, tried: usize) -> StudyFinding {
    let waiting = forest.count(ForestOutcome::Waiting);
    let keys = if tried == 0 { ["answer-same", "answer-apart"] } else { ["answer-claim-same", "answer-claim-apart"] };
    let single = forest.rows.iter().filter_map(|row| row.estimate).next().filter(|_| forest.rows.len() == 1);
    let mut sentence = match (StudyAnswer::middles(forest, keys[0], keys[1]), single) {
        (Some(_), Some(band)) => {
            let [low, best, high] = band.map(show);
            let values = [("name", forest.name.clone()), ("low", low), ("best", best), ("high", high)];
            StudyFinding::new("answer-band", values)
        }
        (Some(sentence), None) => sentence,
        (None, _) if waiting > 0 => return StudyFinding::new("answer-waiting", []),
        (None, _) => return StudyFinding::new("answer-unlearned", []),
    };
    sentence.fill([("whole", whole.to_string()), ("tried", tried.to_string())]);
    sentence
}
