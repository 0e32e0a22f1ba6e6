//! Finds what to change in a network that will not learn, for the button beside the verdict.
//!
//! No scheme is preferred for its name. Other first weights, norms and skip connections are tried with theory on this
//! very network ([`outlook`]), and the best is offered with a learning rate that suits it ([`rate`]).

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

/// The ids of knobs and their new values, in the order in which they are set.
pub type Edits = Vec<(&'static str, KnobSetting)>;

/// A change of some knobs, and the texts that explain it.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// The knobs that are changed.
    pub edits: Edits,
    /// The parts of the button's text, which say what is changed. Keys are below `remedy.`; a value with the name
    /// `scheme`, `norm` or `activation` is the id of a choice.
    pub label: Vec<Sentence>,
    /// What theory expects of the change.
    pub effect: Sentence,
}

impl Remedy {
    /// Returns the spec with the remedy applied, and notices about what had to be adjusted.
    pub fn apply(&self, spec: &Spec) -> (Spec, Vec<Notice>) {
        applied(spec, &self.edits)
    }
}

/// Returns a change that should do better than this spec. `start` is the measurement of the spec at step 0, if there is
/// one. `None` means that the verdict names no fault, or that nothing better is known.
pub fn remedy(spec: &Spec, verdict: Verdict, start: Option<&Frame>) -> Option<Remedy> {
    let mut search = Search::new(spec, verdict, start)?;
    while search.is_open() {
        search.step();
    }
    search.found()
}

/// Returns the parts of the button's text, one for each thing that is changed.
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
    if after.network.activation != before.network.activation {
        parts.push(say("activation", [("activation", after.network.activation.id().to_owned())]));
    }
    if after.network.residual != before.network.residual {
        parts.push(say("residual", []));
    }
    if after.network.attention != before.network.attention {
        parts.push(say("attention", []));
    }
    if after.training.dropout != before.training.dropout {
        parts.push(say("dropout", []));
    }
    if after.training.wd != before.training.wd {
        parts.push(say("decay", []));
    }
    if after.training.lr != before.training.lr {
        parts.push(say("rate", [("rate", show(after.training.lr))]));
    }
    parts
}

/// Returns what theory expects: the ratio of the first layer's gradient to the last layer's, and the first loss.
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

/// Formats a ratio as people say it: "×3.2" or "÷39".
fn times(ratio: f64) -> String {
    if ratio >= 1.0 || ratio.is_nan() { format!("×{}", show(ratio)) } else { format!("÷{}", show(1.0 / ratio)) }
}

fn say<const N: usize>(key: &'static str, values: [(&'static str, String); N]) -> Sentence {
    Sentence::new(key, values)
}
