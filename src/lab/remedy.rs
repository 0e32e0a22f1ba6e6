//! What to change where a network will not learn: the button beside the verdict.
//!
//! Nothing is known by a scheme's name. Starts, norms and skips are tried with theory on this very network
//! ([`outlook`]), and the best is offered, with a learning rate that suits it ([`rate`]).

mod candidates;
pub mod outlook;
pub mod rate;

use super::diagnosis::{Sentence, Verdict};
use super::knob::applied;
use super::metric::Frame;
use super::notice::Notice;
use super::number::{round_to, show};
use super::prediction::sigma;
use super::spec::Spec;
use candidates::{frames, starts};
use outlook::Outlook;

/// Keys of knobs and their new texts, as in a link, in the order in which they are set.
pub type Edits = Vec<(&'static str, String)>;

/// A change of some knobs, and what the button says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// What is changed.
    pub edits: Edits,
    /// What the button says: what is changed, part by part. Keys below `remedy.`; a value of the name `scheme`
    /// is a scheme's id.
    pub label: Vec<Sentence>,
    /// What theory expects of it.
    pub effect: Sentence,
}

impl Remedy {
    /// The spec with the remedy applied, and what could not be taken as it was.
    pub fn apply(&self, spec: &Spec) -> (Spec, Vec<Notice>) {
        applied(spec, &self.edits)
    }
}

/// What would do better than a spec of this verdict; `start` is its measurement at step 0, where there is one.
/// None where the verdict is no fault, or nothing better is known.
pub fn remedy(spec: &Spec, verdict: Verdict, start: Option<&Frame>) -> Option<Remedy> {
    if !verdict.wants_remedy() {
        return None;
    }
    let now = Outlook::of(spec);
    // A run that began well and blew up later had steps that were too large.
    let blown = matches!(verdict, Verdict::Diverged | Verdict::Exploding | Verdict::Frozen);
    let late = blown && start.is_some_and(|start| start.loss.0.is_finite());
    let kept = late && now.is_good();
    let edits = match verdict {
        Verdict::Hindered => vec![("wd", "0".to_owned())],
        _ if kept => Vec::new(),
        _ => start_for(spec, &now).unwrap_or_default(),
    };
    let (started, _) = applied(spec, &edits);
    let outlook = if edits.is_empty() { now.clone() } else { Outlook::of(&started) };
    let mut edits = edits;
    let most = match verdict {
        Verdict::Diverged if late => spec.lr / 10.0,
        _ if kept => spec.lr / 10.0,
        _ => f64::INFINITY,
    };
    // What has learned nothing for decay alone bears the rate that it has.
    let better = rate::better(&started, &outlook, most).filter(|lr| verdict != Verdict::Hindered || *lr > spec.lr);
    if let Some(lr) = better {
        edits.push(("lr", round_to(lr, 1).to_string()));
    }
    let (mended, _) = applied(spec, &edits);
    let closed = mended.plan().junction(mended.depth).gate_square() == 0.0;
    (mended != *spec).then(|| Remedy { label: label(spec, &mended), effect: effect(&now, &outlook, closed), edits })
}

/// The edits of the start with the best outlook, if it is better than what is there. What changes the network
/// itself is tried only where other weights will not do.
fn start_for(spec: &Spec, now: &Outlook) -> Option<Edits> {
    let mut best: Option<(f64, Edits)> = None;
    for tried in [starts, frames] {
        if best.as_ref().is_some_and(|(cost, _)| *cost < Outlook::GOOD) {
            break;
        }
        for (price, edits) in tried(spec) {
            let (tried, _) = applied(spec, &edits);
            if tried == *spec {
                continue;
            }
            let outlook = Outlook::of(&tried);
            let cost = outlook.cost() + price + rate::price(&tried, &outlook);
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, edits));
            }
        }
    }
    best.filter(|(cost, _)| *cost < now.cost() + rate::price(spec, now)).map(|(_, edits)| edits)
}

/// What the button says, part by part.
fn label(before: &Spec, after: &Spec) -> Vec<Sentence> {
    let std = || ("std", show(sigma(after).hidden));
    let mut parts = Vec::new();
    if (after.scheme, after.gain) != (before.scheme, before.gain) {
        parts.push(say("scheme", [("scheme", after.scheme.id().to_owned()), std()]));
    } else if after.std != before.std {
        parts.push(say("std", [std()]));
    }
    if (&after.roles, after.writes) != (&before.roles, before.writes) {
        parts.push(say("roles", []));
    }
    if after.bias != before.bias {
        parts.push(say("bias", []));
    }
    if (after.norm, after.position) != (before.norm, before.position) {
        parts.push(say("norm", [("norm", after.norm.id().to_owned())]));
    }
    if after.residual != before.residual {
        parts.push(say("residual", []));
    }
    if after.attention != before.attention {
        parts.push(say("attention", []));
    }
    if after.wd != before.wd {
        parts.push(say("decay", []));
    }
    if after.lr != before.lr {
        parts.push(say("rate", [("rate", show(after.lr))]));
    }
    parts
}

/// What theory expects: the gradient of the first layer over the last one's, and the first loss.
fn effect(before: &Outlook, after: &Outlook, closed: bool) -> Sentence {
    let loss = ("loss", after.first_loss.map_or_else(|| "?".to_owned(), show));
    let ratio = ("after", times(after.backward));
    if closed {
        say("effect-closed", [loss])
    } else if before.backward.is_finite() && before.cost() > after.cost() {
        say("effect", [("before", times(before.backward)), ratio, loss])
    } else {
        say("effect-after", [ratio, loss])
    }
}

/// A ratio as a person says it: "×3.2" or "÷39".
fn times(ratio: f64) -> String {
    if ratio >= 1.0 || ratio.is_nan() { format!("×{}", show(ratio)) } else { format!("÷{}", show(1.0 / ratio)) }
}

fn say<const N: usize>(key: &'static str, values: [(&'static str, String); N]) -> Sentence {
    Sentence { key, values: values.into() }
}
