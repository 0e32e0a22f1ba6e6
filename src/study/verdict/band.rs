//! The verdict `band`: for which values of the first sweep do networks learn?

use crate::lab::forecast::guessing;
use crate::lab::number::show;
use crate::lab::sweep::{Band, Claim, Share, band, claimed};
use crate::study::finding::StudyFinding;
use crate::study::groups::{held_out, whole};
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
