//! What the studio and its preview, the lab in its frame, say to each other.

use serde::{Deserialize, Serialize};

use crate::lab::poster::PosterLayer;

/// What the studio asks of its preview, the lab in its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PreviewCommand {
    v: u8,
    r#type: &'static str,
}

impl PreviewCommand {
    /// The message that asks for [`super::Request::Play`].
    pub const PLAY: Self = Self { v: 1, r#type: "initlab:play" };
    /// The message that asks for [`super::Request::Pause`].
    pub const PAUSE: Self = Self { v: 1, r#type: "initlab:pause" };
    /// The message that asks for [`super::Request::Get`].
    pub const GET: Self = Self { v: 1, r#type: "initlab:get" };
}

/// What the studio hears from its preview.
#[derive(Clone, Debug, PartialEq)]
pub enum PreviewReport {
    /// The link that restores the lab.
    Link(String),
    /// How high the lab is, in CSS pixels.
    Height(f64),
}

/// A message of the preview as it came, whose parts have the right types but may still mean nothing.
#[derive(Clone, Debug, Deserialize)]
pub struct RawPreviewReport {
    v: f64,
    r#type: String,
    link: Option<String>,
    height: Option<f64>,
}

impl PreviewReport {
    /// What is said, if the message is of this version and of a kind that is listened to.
    pub fn read(raw: RawPreviewReport) -> Option<Self> {
        if raw.v != 1.0 {
            return None;
        }
        match raw.r#type.as_str() {
            "initlab:state" => raw.link.map(Self::Link),
            "initlab:resize" => raw.height.filter(|height| height.is_finite()).map(Self::Height),
            _ => None,
        }
    }
}

/// What the layers of the network in the preview measured at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewMeasurement {
    /// The step.
    pub step: u64,
    /// The layers, input to output.
    pub layers: Vec<PosterLayer>,
}

/// Such a message as it came.
#[derive(Clone, Debug, Deserialize)]
pub struct RawPreviewMeasurement {
    v: f64,
    r#type: String,
    step: f64,
    layers: Vec<PosterLayer>,
}

impl PreviewMeasurement {
    /// What was measured, if the message is of this version and says that.
    pub fn read(raw: RawPreviewMeasurement) -> Option<Self> {
        let RawPreviewMeasurement { v, r#type, step, layers } = raw;
        (v == 1.0 && r#type == "initlab:frame" && step >= 0.0).then_some(Self { step: step as u64, layers })
    }
}
