//! What a run measures only while somebody looks at it: histograms, which units still do something, and examples.
//!
//! In training they are taps of the slice's last step and belong to its one read. Where a run stands still, or has
//! gone on before somebody looked, its last pass is made once more, on the same batch and with the same masks, by a
//! copy of the network that is then dropped: so nothing that is looked at changes a number of the run.

use burn::tensor::Tensor;

use super::Session;
use crate::engine::clock::now_ms;
use crate::engine::initial::InitialDraw;
use crate::engine::reading;
use crate::engine::report::note_units;
use crate::engine::tap::{Recorded, Taps};
use crate::engine::trainer::Trainer;
use crate::lab::metric::{Frame, Measures};
use crate::lab::protocol::Failure;

/// While training runs, histograms and the way of digits are made at most every so many milliseconds: nobody sees more
/// pictures a second.
const PICTURE_MS: f64 = 150.0;

/// … and the heads of a GPT at most every so many: they move slowly, and to reduce every attention weight of every block
/// takes a tenth of a step.
const HEADS_MS: f64 = 400.0;

/// … and the picture of a plane takes at most this share of the time: it is a pass of a thousand examples.
const PLANE_SHARE: f64 = 0.1;

/// What a session was asked for beside its frames.
#[derive(Default)]
pub(super) struct Inspected {
    measures: Measures,
    /// When histograms were made last.
    counted: Option<f64>,
    /// When heads were measured last.
    headed: Option<f64>,
    /// Whether the page has the histograms of step 0.
    has_start: bool,
    /// When the way of the digits was looked at last.
    walked: Option<f64>,
    /// Whether the next read looks at it.
    walks: bool,
    /// When the plane may be looked at again.
    next_plane: f64,
    /// Whether the next read looks at it.
    draws: bool,
    /// The last frame, which is completed when more is asked for.
    pub(super) frame: Option<Frame>,
}

impl Inspected {
    /// Taps of held-out passes, which say something of units if that was asked for.
    pub(super) fn held_out(&self) -> Taps {
        Taps::new(false).inspecting(Measures { units: self.measures.units, ..Measures::default() })
    }

    /// Taps of the training step that a frame is about. They count histograms if they were asked for and the last
    /// ones are not quite new, or if the frame `has_to` be whole.
    pub(super) fn training(&mut self, step: u64, has_to: bool) -> Taps {
        let is_due = |last: Option<f64>, pause| has_to || last.is_none_or(|last| now_ms() - last >= pause);
        let histograms = self.measures.histograms && is_due(self.counted, PICTURE_MS);
        let heads = self.measures.heads && is_due(self.headed, HEADS_MS);
        self.walks = self.measures.path && is_due(self.walked, PICTURE_MS);
        self.draws = self.measures.plane && (has_to || now_ms() >= self.next_plane);
        if self.walks {
            self.walked = Some(now_ms());
        }
        if heads {
            self.headed = Some(now_ms());
        }
        if histograms {
            self.counted = Some(now_ms());
            self.has_start |= step == 0;
        }
        Taps::new(true).inspecting(Measures { histograms, heads, units: false, ..self.measures })
    }

    /// Taps of the last training step, when it is made once more.
    fn again(&self) -> Taps {
        Taps::new(false).inspecting(Measures { units: false, ..self.measures })
    }

    /// Whether the next reads look at the way of the digits and at the plane, if that was asked for.
    pub(super) fn walk(&mut self, on: bool) {
        self.walks = on && self.measures.path;
        self.draws = on && self.measures.plane;
    }

    /// Whether the plane is looked at.
    pub(super) fn looks_at_plane(&self) -> bool {
        self.draws
    }

    /// The plane was looked at if it was to be, which took so many milliseconds.
    pub(super) fn drew(&mut self, took: f64) {
        if std::mem::take(&mut self.draws) {
            self.next_plane = now_ms() + f64::max(PICTURE_MS, took / PLANE_SHARE);
        }
    }

    /// Whether the guesses about the digits are looked at, and their way.
    pub(super) fn looks_at_digits(&self) -> (bool, bool) {
        (self.measures.guesses, self.walks)
    }

    /// Taps of step 0, which are on if the page wants its histograms and does not have them.
    fn start(&self, step: u64) -> Taps {
        let histograms = self.measures.histograms && step > 0 && !self.has_start;
        Taps::new(false).inspecting(Measures { histograms, ..Measures::default() })
    }
}

impl Session {
    /// From now on measures this too. Answers whether something of it is new, so that the last frame lacks it.
    pub(crate) fn measure_too(&mut self, measures: Measures) -> bool {
        let before = std::mem::replace(&mut self.inspected.measures, measures);
        let pairs = [
            (measures.histograms, before.histograms),
            (measures.units, before.units),
            (measures.heads, before.heads),
            (measures.guesses, before.guesses),
            (measures.path, before.path),
            (measures.plane, before.plane),
        ];
        self.inspected.frame.is_some() && pairs.into_iter().any(|(now, before)| now && !before)
    }

    /// The first weights once more, to be drawn for [`Self::measure_again`], if it asks for them. To draw them again takes
    /// less than to keep them for somebody who may never look.
    pub(in crate::engine) fn first_weights(&self) -> Option<InitialDraw> {
        self.inspected.start(self.step).inspects().then(|| InitialDraw::new(&self.spec))
    }

    /// The last frame once more, with what was asked for since. Its losses were told already and are left out.
    pub(in crate::engine) async fn measure_again(
        &mut self,
        first_weights: Option<InitialDraw>,
    ) -> Result<Option<Frame>, Failure> {
        let Some(mut frame) = self.inspected.frame.clone() else { return Ok(None) };
        let mut now = self.inspected.again();
        let mut start = self.inspected.start(self.step);
        if now.inspects() {
            let mut trainer = self.trainer.before_last_pass();
            trainer.measure(&self.data.batches(self.step, 1).remove(0), &mut now);
            trainer.record_weights(&mut now);
        }
        if let Some(draw) = first_weights.filter(|_| start.inspects()) {
            let mut trainer = Trainer::with_values(&self.spec, draw.finish(), &self.device);
            trainer.measure(&self.data.batches(0, 1).remove(0), &mut start);
            trainer.record_weights(&mut start);
        }
        let mut units = self.inspected.held_out();
        if units.inspects() {
            self.trainer.judge(self.data.held_out(self.adapted()), &mut units);
        }
        if self.inspected.measures.histograms {
            self.inspected.counted = Some(now_ms());
            self.inspected.has_start = true;
        }
        self.inspected.walk(true);
        let examples = self.examples();
        let mut parts = Vec::new();
        let looks = examples.finish(&mut parts);
        let mut recorded = [now, start, units].map(|taps| finish(taps, &mut parts));
        let numbers = reading::read(parts).await?;
        let (looks, numbers) = numbers.split_at(looks);
        let mut at = 0;
        let [now, start, units] = recorded.each_mut().map(|(recorded, count)| {
            at += *count;
            std::mem::take(recorded).inspection(&numbers[at - *count..at])
        });
        frame.losses.clear();
        frame.histograms = now.histograms;
        frame.heads = now.heads;
        frame.start_histograms = start.histograms;
        note_units(&mut frame.layers, &units.units);
        examples.read(looks).put_in(&mut frame);
        Ok(Some(frame))
    }
}

/// Adds what is to be read of taps to all that is read. Returns what reads it again, and how many numbers it is.
pub(super) fn finish(taps: Taps, parts: &mut Vec<Tensor<1>>) -> (Recorded, usize) {
    let (recorded, own) = taps.finish();
    let count = own.iter().map(|tensor| tensor.dims()[0]).sum();
    parts.extend(own);
    (recorded, count)
}
