//! The search for a remedy, one start at a time: all of them together take the page longer than a frame.

use std::vec::IntoIter;

use super::candidates::{frames, starts};
use super::outlook::Outlook;
use super::{Edits, Remedy, applied, effect, label, rate};
use crate::lab::diagnosis::Verdict;
use crate::lab::knob::KnobSetting;
use crate::lab::metric::Frame;
use crate::lab::number::round_to;
use crate::lab::spec::Spec;

/// A search that may be left after each start that was tried.
pub struct Search {
    spec: Spec,
    verdict: Verdict,
    now: Outlook,
    /// A run that began well and blew up later.
    late: bool,
    /// Its start is good: steps that were too large blew it up.
    kept: bool,
    queue: IntoIter<(f64, Edits)>,
    /// What changes the network itself is tried only where other weights will not do.
    widened: bool,
    best: Option<(f64, Edits)>,
}

impl Search {
    /// For a spec of this verdict; `start` is its measurement at step 0, where there is one. None where the verdict
    /// names nothing to mend.
    pub fn new(spec: &Spec, verdict: Verdict, start: Option<&Frame>) -> Option<Self> {
        if !verdict.wants_remedy() {
            return None;
        }
        let now = Outlook::of(spec);
        let blown = matches!(verdict, Verdict::Diverged | Verdict::Exploding | Verdict::Frozen);
        let late = blown && start.is_some_and(|start| start.loss.0.is_finite());
        let kept = late && now.is_good();
        let tries = !kept && verdict != Verdict::Hindered;
        let queue = if tries { starts(spec) } else { Vec::new() };
        let spec = spec.clone();
        Some(Self { spec, verdict, now, late, kept, queue: queue.into_iter(), widened: !tries, best: None })
    }

    /// Whether there is a start left to try.
    pub fn is_open(&self) -> bool {
        self.queue.len() > 0 || !self.widened
    }

    /// Tries the next start.
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
        if tried == self.spec {
            return;
        }
        let outlook = Outlook::of(&tried);
        let cost = outlook.cost() + price + rate::price(&tried, &outlook);
        if self.best.as_ref().is_none_or(|(least, _)| cost < *least) {
            self.best = Some((cost, edits));
        }
    }

    /// The best of what was tried, with a rate that suits it; none where nothing is better than what is there.
    pub fn found(self) -> Option<Remedy> {
        let Self { spec, verdict, now, late, kept, best, .. } = self;
        let least = now.cost() + rate::price(&spec, &now);
        let mut edits = match verdict {
            Verdict::Hindered => vec![("wd", KnobSetting::Number(0.0))],
            _ => best.filter(|(cost, _)| *cost < least).map(|(_, edits)| edits).unwrap_or_default(),
        };
        let (started, _) = applied(&spec, &edits);
        let outlook = if edits.is_empty() { now.clone() } else { Outlook::of(&started) };
        let most = match verdict {
            Verdict::Diverged if late => spec.training.lr / 10.0,
            _ if kept => spec.training.lr / 10.0,
            _ => f64::INFINITY,
        };
        // What has learned nothing for decay alone bears the rate that it has.
        let better =
            rate::better(&started, &outlook, most).filter(|lr| verdict != Verdict::Hindered || *lr > spec.training.lr);
        if let Some(lr) = better {
            edits.push(("lr", KnobSetting::Number(round_to(lr, 1))));
        }
        let (mended, _) = applied(&spec, &edits);
        let closed = mended.architecture().junction.gate_square() == 0.0;
        (mended != spec).then(|| Remedy { label: label(&spec, &mended), effect: effect(&now, &outlook, closed), edits })
    }
}
