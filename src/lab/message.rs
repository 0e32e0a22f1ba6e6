//! The messages to and from a page that embeds the lab: plain objects with `v: 1`.
//!
//! Other pages are not trusted: what is not exactly of this form is `None` and nothing happens.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::knob::{Group, KNOBS, Kind};
use super::metric::{Frame, LayerMetric};
use super::number::Number;
use super::prediction::Prediction;
use super::protocol::{DeviceReport, Failure, Why};
use super::spec::Spec;

/// What an embedding page may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Differences on top of the present state; a new run, paused at step 0.
    Set(String),
    /// Train.
    Play,
    /// Stop training.
    Pause,
    /// Train this many steps.
    Step(u64),
    /// The run from its start.
    Reset,
    /// Answer with the state and the last frame.
    Get,
}

/// Most steps that one message can ask for.
const MOST_STEPS: u64 = 1_000_000;

impl Request {
    /// Reads a message.
    pub fn parse(json: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(json).ok()?;
        let message = value.as_object()?;
        if message.get("v")?.as_f64()? != 1.0 {
            return None;
        }
        match message.get("type")?.as_str()? {
            "initlab:set" => Some(Self::Set(message.get("link")?.as_str()?.to_owned())),
            "initlab:play" => Some(Self::Play),
            "initlab:pause" => Some(Self::Pause),
            "initlab:step" => {
                let steps = message.get("n").map_or(Some(1.0), Value::as_f64)?;
                (steps >= 1.0 && steps == libm::floor(steps)).then_some(Self::Step((steps as u64).min(MOST_STEPS)))
            }
            "initlab:reset" => Some(Self::Reset),
            "initlab:get" => Some(Self::Get),
            _ => None,
        }
    }
}

/// One layer as other pages see it.
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
    /// Theory's gradient profile through the last measured layer.
    pub predicted_gradient_rms: Option<Number>,
}

/// Measurement beside prediction, layer by layer.
pub fn layer_reports(frame: &Frame, prediction: &Prediction) -> Vec<LayerReport> {
    let gradients = prediction.gradients(&frame.layers);
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
        })
        .collect()
}

/// `initlab:ready`.
pub fn ready(device: &DeviceReport, spec: &Spec) -> Value {
    json!({ "v": 1, "type": "initlab:ready", "device": device.device.id(), "adapter": device.adapter, "spec": knobs(spec) })
}

/// `initlab:resize`.
pub fn resize(height: f64) -> Value {
    json!({ "v": 1, "type": "initlab:resize", "height": height })
}

/// `initlab:state`.
pub fn state(link: &str, running: bool) -> Value {
    json!({ "v": 1, "type": "initlab:state", "link": link, "running": running })
}

/// `initlab:frame`.
pub fn frame(frame: &Frame, prediction: &Prediction) -> Value {
    json!({
        "v": 1,
        "type": "initlab:frame",
        "run": frame.run,
        "step": frame.step,
        "loss": frame.loss,
        "valLoss": frame.val_loss,
        "accuracy": frame.accuracy,
        "layers": layer_reports(frame, prediction),
        "weights": frame.weights,
    })
}

/// `initlab:finished`.
pub fn finished(run: u32, step: u64, why: &Why) -> Value {
    let (why, layer) = match why {
        Why::Done => ("done", None),
        Why::Diverged { layer, .. } => ("diverged", layer.as_deref()),
        Why::Stopped => ("stopped", None),
    };
    json!({ "v": 1, "type": "initlab:finished", "run": run, "step": step, "why": why, "layer": layer })
}

/// `initlab:failed`.
pub fn failed(failure: &Failure, message: &str) -> Value {
    json!({ "v": 1, "type": "initlab:failed", "failure": failure.id(), "message": message })
}

/// Every knob by its link key, numbers as numbers.
fn knobs(spec: &Spec) -> Value {
    let value = |knob: &super::knob::Knob| match knob.kind {
        Kind::Range(_) => json!(knob.number(spec)),
        // 64 bits do not fit a JavaScript number.
        Kind::Choice(_) | Kind::Switch | Kind::Seed | Kind::Formula => json!(knob.read(spec)),
    };
    // The twenty of single matrices only where they say something.
    let told = |knob: &&super::knob::Knob| {
        knob.group != Group::Matrices || (knob.applies(spec) && knob.differs(spec, &Spec::gpt()))
    };
    Value::Object(KNOBS.iter().filter(told).map(|knob| (knob.id.to_owned(), value(knob))).collect::<Map<_, _>>())
}
