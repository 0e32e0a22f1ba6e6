//! What to change where a start will not do: the button beside the verdict.

use super::diagnosis::{Sentence, Verdict};
use super::knob::Knob;
use super::metric::Frame;
use super::notice::Notice;
use super::number::show;
use super::prediction::sigma;
use super::spec::{Activation, Model, Scheme, Spec};

/// A change of some knobs, and what the button says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Keys of knobs and their new texts, as in a link, in the order in which they are set.
    pub edits: Vec<(&'static str, String)>,
    /// What the button says: a key below `remedy.` and the values it names. A value of the name `scheme` is a
    /// scheme's id.
    pub label: Sentence,
}

impl Remedy {
    /// The spec with the remedy applied, and what could not be taken as it was.
    pub fn apply(&self, spec: &Spec) -> (Spec, Vec<Notice>) {
        applied(spec, &self.edits)
    }
}

/// A spec with these knobs set.
pub fn applied(spec: &Spec, edits: &[(&'static str, String)]) -> (Spec, Vec<Notice>) {
    let mut spec = spec.clone();
    let mut notices = Vec::new();
    for (key, text) in edits {
        match Knob::find(key).map(|knob| knob.write(&mut spec, text)) {
            Some(Ok(notice)) => notices.extend(notice),
            Some(Err(notice)) => notices.push(notice),
            None => notices.push(Notice::unknown_key(key)),
        }
    }
    notices.extend(spec.settle());
    (spec, notices)
}

/// The σ that GPT-2 starts with.
const GPT2_STD: f64 = 0.02;

/// What would do better than a spec of this verdict; `start` is its measurement at step 0, where there is one.
/// None where the verdict is no fault, or nothing better is known.
pub fn remedy(spec: &Spec, verdict: Verdict, start: Option<&Frame>) -> Option<Remedy> {
    if !verdict.is_fault() || (verdict == Verdict::Diverged && start.is_some_and(|start| start.loss.0.is_finite())) {
        return None;
    }
    let scheme = better_scheme(spec)?;
    let mut edits = vec![("init", scheme.id().to_owned()), ("gain", "auto".to_owned())];
    if scheme.uses_std() {
        edits.push(("std", GPT2_STD.to_string()));
    }
    let std = show(sigma(&applied(spec, &edits).0).hidden);
    let label = Sentence { key: "scheme", values: vec![("scheme", scheme.id().to_owned()), ("std", std)] };
    Some(Remedy { edits, label })
}

/// The scheme whose formula fits the activation; none if it is in use already.
fn better_scheme(spec: &Spec) -> Option<Scheme> {
    let scheme = match (spec.model, spec.activation) {
        (Model::Gpt, _) => Scheme::Gpt2,
        // Made for LeCun's σ: its mean square stays 1.
        (Model::Mlp, Activation::Selu) => Scheme::LecunNormal,
        (
            Model::Mlp,
            Activation::Tanh | Activation::Sigmoid | Activation::Linear | Activation::Erf | Activation::Sin,
        ) => Scheme::XavierNormal,
        (Model::Mlp, _) => Scheme::KaimingNormal,
    };
    (scheme != spec.scheme).then_some(scheme)
}
