//! Where a run broke: the step before its end at which a layer's numbers first leapt up.

use super::diagnosis::{Sentence, SentenceValue};
use super::metric::{Frame, LayerMetric};
use super::number::{Number, show};
use super::protocol::Why;
use super::record::RunRecord;
use crate::science::layer::LayerId;

/// A number that grows so many times from one measurement to the next has left what training does. Under Adam, and in
/// the first steps of a run, gradients grow by small factors all the time.
const LEAP: f64 = 8.0;

/// What happened more measurements than this before the end did not lead to it.
const LATE: usize = 40;

/// How a run broke.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    /// The step to go to: that of the first leap, or else the last one that was measured.
    pub step: u64,
    /// What happened, in the order in which it did.
    pub sentences: Vec<Sentence>,
}

/// A layer's number that leapt up between two measurements.
struct Leap {
    from: u64,
    step: u64,
    layer: LayerId,
    ratio: f64,
    key: &'static str,
}

/// How a run broke, if it diverged, or if its loss rose above chance level and far above what it had been, and is still
/// there.
pub fn breakdown(record: &RunRecord, end: Option<&Why>) -> Option<Breakdown> {
    let frames: Vec<&Frame> = record.history.frames().map(AsRef::as_ref).collect();
    let last = frames.last()?;
    let diverged = matches!(end, Some(Why::Diverged { .. }));
    let (lowest, worst) = (record.watch.lowest(), record.watch.since());
    if last.step == 0 || (!diverged && worst.is_none()) {
        return None;
    }
    // Only what led to the end counts: a leap that was made good again is left out.
    let until = if diverged { last.step } else { worst.unwrap_or(last.step) };
    let mut leaps = frames.windows(2).filter(|pair| pair[1].step <= until).filter_map(|pair| leap(pair[0], pair[1]));
    let recent =
        |leap: &Leap| frames.iter().filter(|frame| frame.step > leap.step && frame.step <= until).count() < LATE;
    let first = leaps.find(recent);
    let mut sentences: Vec<Sentence> = first.iter().map(Leap::sentence).collect();
    match end {
        Some(Why::Diverged { step, layer: Some(layer), .. }) => sentences.push(Sentence::new(
            "broke-layer",
            [("step", SentenceValue::Text(step.to_string())), ("layer", (*layer).into())],
        )),
        Some(Why::Diverged { step, .. }) => {
            sentences.push(Sentence::new("broke-loss", [("step", step.to_string())]));
        }
        _ => sentences.push(Sentence::new(
            "broke-rise",
            [("step", until.to_string()), ("lowest", show(lowest)), ("now", show(last.loss.0))],
        )),
    }
    Some(Breakdown { step: first.map_or(until, |leap| leap.step), sentences })
}

/// The largest leap of any layer between two measurements, of its gradient or its signal.
fn leap(before: &Frame, after: &Frame) -> Option<Leap> {
    let ratios = after.layers.iter().flat_map(|layer| {
        let old = before.layer(layer.id);
        let grown = |read: fn(&LayerMetric) -> Option<Number>| Some(read(layer)?.0 / read(old?)?.0);
        let gradient = grown(|layer| layer.gradient_rms).map(|ratio| (ratio, "broke-gradient"));
        // A variance is a square, so its root is what grows.
        let signal = grown(|layer| layer.activation_var).map(|ratio| (ratio.sqrt(), "broke-signal"));
        [gradient, signal].into_iter().flatten().map(|(ratio, key)| (layer.id, ratio, key))
    });
    let leaps = ratios.filter(|(_, ratio, _)| *ratio >= LEAP && ratio.is_finite());
    let (layer, ratio, key) = leaps.max_by(|one, other| one.1.total_cmp(&other.1))?;
    Some(Leap { from: before.step, step: after.step, layer, ratio, key })
}

impl Leap {
    fn sentence(&self) -> Sentence {
        let text = |text: String| SentenceValue::Text(text);
        let values = [
            ("step", text(self.step.to_string())),
            ("from", text(self.from.to_string())),
            ("layer", self.layer.into()),
            ("ratio", text(show(self.ratio))),
        ];
        Sentence::new(self.key, values)
    }
}
