//! The messages to and from a page that embeds the lab. They are plain objects with `v: 1`.
//!
//! Other pages are not trusted: a message that is not exactly of this form is ignored.

mod preview;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::completion::code;
use super::knob::{Group, KNOBS, KnobSetting};
use super::metric::{Frame, LayerMetric, RunId, WeightMetric};
use super::number::Number;
use super::prediction::Prediction;
use super::protocol::{DeviceReport, Failure, Why};
use super::spec::Spec;
use super::state::State;
use crate::science::layer::LayerId;
pub use preview::{PreviewCommand, PreviewMeasurement, PreviewReport, RawPreviewReport};

/// What a page that embeds the lab may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Take these differences, as a link, on top of the present state, in a new run that waits at step 0.
    Set(String),
    /// Train on.
    Play,
    /// Stop training.
    Pause,
    /// Train this many steps.
    Step(u64),
    /// Begin the run again from its start.
    Reset,
    /// Answer with the state and the last frame.
    Get,
}

/// The most steps that one message can ask for.
const MOST_STEPS: u64 = 1_000_000;

/// A message as it came, whose parts have the right types but may still mean nothing.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    v: f64,
    r#type: String,
    #[serde(default, deserialize_with = "present")]
    link: Option<String>,
    #[serde(default, deserialize_with = "present")]
    n: Option<f64>,
}

/// Reads a part that may be left out. If it is there it has to be of its type: null does not stand for nothing.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Request {
    /// What is asked for, if the message is of this version and of a known kind.
    pub fn read(asked: Asked) -> Option<Self> {
        if asked.v != 1.0 {
            return None;
        }
        match asked.r#type.as_str() {
            "initlab:set" => asked.link.map(Self::Set),
            "initlab:play" => Some(Self::Play),
            "initlab:pause" => Some(Self::Pause),
            "initlab:step" => {
                let steps = asked.n.unwrap_or(1.0);
                let whole = steps >= 1.0 && steps.is_finite() && steps == libm::floor(steps);
                whole.then_some(Self::Step((steps as u64).min(MOST_STEPS)))
            }
            "initlab:reset" => Some(Self::Reset),
            "initlab:get" => Some(Self::Get),
            _ => None,
        }
    }
}

/// A layer as other pages see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerReport {
    /// The layer's measurement.
    #[serde(flatten)]
    pub measured: LayerMetric,
    /// Theory's variance before the activation.
    pub predicted_preactivation_var: Option<Number>,
    /// Theory's variance of the output.
    pub predicted_activation_var: Option<Number>,
    /// Theory's gradient profile through the last layer measured at step 0.
    pub predicted_gradient_rms: Option<Number>,
    /// Theory's signal share.
    pub predicted_signal_share: Option<Number>,
    /// Theory's position share.
    pub predicted_position_share: Option<Number>,
}

/// The measurements of a frame beside what theory predicts, layer by layer. `start` is the run's frame of step 0,
/// which gives the predicted gradients their unit.
pub fn layer_reports(frame: &Frame, start: Option<&Frame>, prediction: &Prediction) -> Vec<LayerReport> {
    let gradients = prediction.gradients(start.map_or(&[], |start| &start.layers));
    let theory = prediction.layers.iter().zip(gradients);
    frame
        .layers
        .iter()
        .zip(theory)
        .map(|(measured, (theory, gradient))| LayerReport {
            measured: measured.clone(),
            predicted_preactivation_var: theory.preactivation_var.map(Number),
            predicted_activation_var: theory.activation_var.map(Number),
            predicted_gradient_rms: gradient.map(Number),
            predicted_signal_share: theory.signal_share.map(Number),
            predicted_position_share: theory.position_share.map(Number),
        })
        .collect()
}

/// A message of the lab to the page around it. Every one carries `v: 1`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[allow(missing_docs, reason = "docs/contract.md says what the fields are")]
pub enum Message {
    #[serde(rename = "initlab:ready")]
    Ready { v: u8, device: &'static str, adapter: String, spec: BTreeMap<&'static str, KnobValue> },
    #[serde(rename = "initlab:state")]
    State { v: u8, link: String, running: bool },
    #[serde(rename = "initlab:frame")]
    Frame {
        v: u8,
        run: RunId,
        step: u64,
        loss: Number,
        val_loss: Option<Number>,
        accuracy: Option<Number>,
        frozen_share: Option<Number>,
        layers: Vec<LayerReport>,
        weights: Vec<WeightMetric>,
    },
    #[serde(rename = "initlab:goal")]
    Goal {
        v: u8,
        goal: String,
        run: RunId,
        reached: bool,
        step: Option<u64>,
        values: Vec<Number>,
        code: Option<String>,
    },
    #[serde(rename = "initlab:finished")]
    Finished { v: u8, run: RunId, step: u64, why: &'static str, layer: Option<LayerId> },
    #[serde(rename = "initlab:failed")]
    Failed { v: u8, failure: &'static str, message: String },
}

/// How high the lab is, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HeightReport {
    v: u8,
    r#type: &'static str,
    height: f64,
}

/// The value of a knob: a number as a number, anything else as a link has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum KnobValue {
    /// The value of a slider.
    Number(f64),
    /// The value of any other knob. A seed is one, because its 64 bits do not fit a number of JavaScript.
    Text(String),
}

/// The message `initlab:ready`.
pub fn ready(device: &DeviceReport, spec: &Spec) -> Message {
    Message::Ready { v: 1, device: device.device.id(), adapter: device.adapter.clone(), spec: knobs(spec) }
}

/// The message `initlab:ready` of a small lab, which the page computes itself.
pub fn ready_toy(spec: &Spec) -> Message {
    Message::Ready { v: 1, device: "page", adapter: String::new(), spec: knobs(spec) }
}

/// The message `initlab:resize`. It has a type of its own, because the page sends it before the code of the others is there.
pub fn resize(height: f64) -> HeightReport {
    HeightReport { v: 1, r#type: "initlab:resize", height }
}

/// The message `initlab:state`.
pub fn state(link: String, running: bool) -> Message {
    Message::State { v: 1, link, running }
}

/// The message `initlab:frame`; `start` is the run's frame of step 0.
pub fn frame(frame: &Frame, start: Option<&Frame>, prediction: &Prediction) -> Message {
    Message::Frame {
        v: 1,
        run: frame.run,
        step: frame.step,
        loss: frame.loss,
        val_loss: frame.val_loss,
        accuracy: frame.accuracy,
        frozen_share: frame.frozen_share,
        layers: layer_reports(frame, start, prediction),
        weights: frame.weights.clone(),
    }
}

/// The message `initlab:goal`, of the challenge on the page, if there is one.
pub fn goal(state: &State) -> Option<Message> {
    let task = state.lab.task.as_ref()?;
    let reached = state.attempt.reached.as_ref();
    Some(Message::Goal {
        v: 1,
        goal: task.goal.text(),
        run: state.run,
        reached: reached.is_some(),
        step: reached.map(|reached| reached.step),
        values: reached.map_or(&[][..], |reached| &reached.values).iter().copied().map(Number).collect(),
        code: state.attempt.last(task).map(code),
    })
}

/// The message `initlab:finished`.
pub fn finished(run: RunId, step: u64, why: &Why) -> Message {
    let (why, layer) = match why {
        Why::Done => ("done", None),
        Why::Diverged { layer, .. } => ("diverged", *layer),
        Why::Stopped => ("stopped", None),
    };
    Message::Finished { v: 1, run, step, why, layer }
}

/// The message `initlab:failed`.
pub fn failed(failure: &Failure, message: &str) -> Message {
    Message::Failed { v: 1, failure: failure.id(), message: message.to_owned() }
}

/// The values of the knobs by their keys in links.
fn knobs(spec: &Spec) -> BTreeMap<&'static str, KnobValue> {
    let value = |knob: &super::knob::Knob| match knob.get(spec) {
        KnobSetting::Number(number) => KnobValue::Number(number),
        setting => KnobValue::Text(setting.text()),
    };
    // The knobs of single matrices and those of small labs are told only where they say something.
    let told = |knob: &&super::knob::Knob| match spec.toy_takes(knob.id) {
        Some(takes) => takes,
        None if knob.group == Group::Matrices => knob.applies(spec) && knob.differs(spec, &Spec::gpt()),
        None => !knob.is_of_toys(),
    };
    KNOBS.iter().filter(told).map(|knob| (knob.id, value(knob))).collect()
}
