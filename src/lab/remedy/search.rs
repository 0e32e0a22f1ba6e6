//! Searches for a remedy one candidate at a time, because trying all of them takes the page longer than a frame.

use std::vec::IntoIter;

use super::candidates::{bent, frames, skipped, starts};
use super::outlook::Outlook;
use super::{Edits, Remedy, applied, effect, label, rate};
use crate::lab::bounds::BoundedKnobs;
use crate::lab::diagnosis::{Evidence, Verdict};
use crate::lab::knob::{Knob, KnobSetting};
use crate::lab::metric::Frame;
use crate::lab::number::round_to;
use crate::lab::prediction::sigma;
use crate::lab::spec::Spec;

/// A search that can be paused or dropped after each candidate.
pub struct Search {
    spec: Spec,
    verdict: Verdict,
    now: Outlook,
    /// Whether the run began with a finite loss and diverged later.
    late: bool,
    /// What is set back where the start is good and dropout or decay hold the network back.
    freed: Edits,
    /// Whether the start is good and is kept, because only too large steps made the run diverge.
    kept: bool,
    queue: IntoIter<(f64, Edits)>,
    /// Whether changes of the network itself were considered; this happens only if no other weights are good enough.
    widened: bool,
    /// What a candidate has to cost less than.
    least: f64,
    best: Option<(f64, Edits)>,
    /// The ranges that the fix has to stay in.
    bounds: BoundedKnobs,
}

impl Search {
    /// Begins a search for a spec with this verdict. `start` is the measurement of the spec at step 0, if there is one.
    /// Returns `None` if the verdict names no fault.
    pub fn new(spec: &Spec, verdict: Verdict, start: Option<&Frame>) -> Option<Self> {
        if !verdict.wants_remedy() {
            return None;
        }
        let now = Outlook::of(spec);
        let blown = matches!(verdict, Verdict::Diverged | Verdict::Exploding | Verdict::Frozen);
        let late = blown && start.is_some_and(|start| start.loss.0.is_finite());
        let kept = late && now.is_good();
        let hindered = start.filter(|_| verdict == Verdict::Hindered).map(|start| Evidence::new(spec, start));
        let freed = hindered.map(freed).unwrap_or_default();
        let tries = !kept && freed.is_empty();
        let wants_skips = spec.widths().is_empty() && hindered.is_some_and(|evidence| evidence.wants_skips());
        let wants_activation = hindered.is_some_and(|evidence| evidence.wants_activation());
        let queue = match tries {
            true if wants_activation => bent(spec),
            true if wants_skips => skipped(spec),
            true => starts(spec),
            false => Vec::new(),
        };
        // Whatever the start of a linear network is, it is no better than that of one that can bend its borders.
        let least = if wants_activation { f64::INFINITY } else { now.cost() + rate::price(spec, &now) };
        let spec = spec.clone();
        let (queue, bounds) = (queue.into_iter(), BoundedKnobs::default());
        let widened = !tries || wants_skips || wants_activation;
        Some(Self { spec, verdict, now, late, freed, kept, queue, widened, least, best: None, bounds })
    }

    /// Returns the search limited to what stays in these ranges.
    pub fn within(self, bounds: &BoundedKnobs) -> Self {
        Self { bounds: bounds.clone(), ..self }
    }

    /// Returns whether there is a candidate left to try.
    pub fn is_open(&self) -> bool {
        self.queue.len() > 0 || !self.widened
    }

    /// Tries the next candidate.
    pub fn step(&mut self) {
        if let Some((price, edits)) = self.queue.next() {
            self.try_start(price, edits);
        }
        if self.queue.len() == 0 && !self.widened {
            self.widened = true;
            if self.best.as_ref().is_none_or(|(cost, _)| *cost >= Outlook::GOOD) {
                self.queue = frames(&self.spec).into_iter();
            }
        }
    }

    fn try_start(&mut self, price: f64, edits: Edits) {
        let (tried, _) = applied(&self.spec, &edits);
        if tried == self.spec || !self.allows(&tried) {
            return;
        }
        let outlook = Outlook::of(&tried);
        let cost = outlook.cost() + price + rate::price(&tried, &outlook);
        if self.best.as_ref().is_none_or(|(least, _)| cost < *least) {
            self.best = Some((cost, edits));
        }
    }

    /// Returns whether a network stays in the ranges. A scheme that computes its own σ has to stay in that of σ too, because
    /// that is what the slider would show.
    fn allows(&self, tried: &Spec) -> bool {
        let std = Knob::find("std").filter(|knob| self.bounds.of(knob).is_some());
        let shown = std.and_then(|knob| Some((self.bounds.range(knob, tried)?, sigma(tried).hidden)));
        shown.is_none_or(|(range, sigma)| (range.min..=range.max).contains(&sigma))
            && self.bounds.keep(&mut tried.clone()).is_empty()
    }

    /// Returns the best candidate that was tried, with a learning rate that suits it, or `None` if nothing is better
    /// than the spec.
    pub fn found(self) -> Option<Remedy> {
        let frees = !self.freed.is_empty();
        let is_freed = frees && self.allows(&applied(&self.spec, &self.freed).0);
        let Self { spec, verdict, now, late, freed, kept, least, best, bounds, .. } = self;
        let mut edits = match verdict {
            _ if is_freed => freed,
            _ if frees => Edits::new(),
            _ => best.filter(|(cost, _)| *cost < least).map(|(_, edits)| edits).unwrap_or_default(),
        };
        let (started, _) = applied(&spec, &edits);
        let outlook = if edits.is_empty() { now.clone() } else { Outlook::of(&started) };
        let most = match verdict {
            Verdict::Diverged if late => spec.training.lr / 10.0,
            _ if kept => spec.training.lr / 10.0,
            _ if frees => 3.0 * spec.training.lr,
            _ => f64::INFINITY,
        };
        // If only the decay kept the network from learning, its learning rate is not too large and is never lowered.
        let better = rate::better(&started, &outlook, most).filter(|lr| !frees || *lr > spec.training.lr);
        if let (Some(lr), Some(knob)) = (better, Knob::find("lr")) {
            let lr = KnobSetting::Number(round_to(lr, 1));
            edits.push((knob.id, bounds.limit(knob, &started, lr).0));
        }
        let (mended, _) = applied(&spec, &edits);
        let closed = mended.architecture().junction.gate_square() == 0.0;
        (mended != spec).then(|| Remedy { label: label(&spec, &mended), effect: effect(&now, &outlook, closed), edits })
    }
}

/// Returns the edits that take away what holds a good start back: dropout whose masks add up over the layers, and weight
/// decay that pulls harder than the gradient. There are none where the start itself is what hinders.
fn freed(evidence: Evidence) -> Edits {
    let off = |key| (key, KnobSetting::Number(0.0));
    let mut edits = Vec::new();
    if evidence.is_masked() {
        edits.push(off("dropout"));
    }
    if evidence.is_decayed() {
        edits.push(off("wd"));
    }
    edits
}
