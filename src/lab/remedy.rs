//! What to change where a network will not learn: the button beside the verdict.
//!
//! Nothing is known by a scheme's name. Starts, norms and skips are tried with theory on this very network
//! ([`outlook`]), and the best is offered, with a learning rate that suits it ([`rate`]).

mod candidates;
pub mod outlook;
pub mod rate;
mod search;

use super::diagnosis::{Sentence, Verdict};
use super::knob::{KnobSetting, applied};
use super::metric::Frame;
use super::notice::Notice;
use super::number::show;
use super::prediction::sigma;
use super::spec::Spec;
use outlook::Outlook;
pub use search::Search;

/// Keys of knobs and their new values, in the order in which they are set.
pub type Edits = Vec<(&'static str, KnobSetting)>;

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
    let mut search = Search::new(spec, verdict, start)?;
    while search.is_open() {
        search.step();
    }
    search.found()
}

/// What the button says, part by part.
fn label(before: &Spec, after: &Spec) -> Vec<Sentence> {
    let std = || ("std", show(sigma(after).hidden));
    let mut parts = Vec::new();
    if (after.start.scheme, after.start.gain) != (before.start.scheme, before.start.gain) {
        parts.push(say("scheme", [("scheme", after.start.scheme.id().to_owned()), std()]));
    } else if after.start.std != before.start.std {
        parts.push(say("std", [std()]));
    }
    if (&after.start.roles, after.start.writes) != (&before.start.roles, before.start.writes) {
        parts.push(say("roles", []));
    }
    if after.start.bias != before.start.bias {
        parts.push(say("bias", []));
    }
    if (after.network.norm, after.network.position) != (before.network.norm, before.network.position) {
        parts.push(say("norm", [("norm", after.network.norm.id().to_owned())]));
    }
    if after.network.residual != before.network.residual {
        parts.push(say("residual", []));
    }
    if after.network.attention != before.network.attention {
        parts.push(say("attention", []));
    }
    if after.training.wd != before.training.wd {
        parts.push(say("decay", []));
    }
    if after.training.lr != before.training.lr {
        parts.push(say("rate", [("rate", show(after.training.lr))]));
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
    Sentence::new(key, values)
}
