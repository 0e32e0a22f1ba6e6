//! How the knobs that are no plain field read and write.

use super::{Access, Kind, Parsed, Range, count};
use crate::lab::spec::{Activation, AttentionScale, BlockStyle, Cut, FORMULA as KAIMING, Model, Norm, Spec};
use crate::science::site::Fans;

/// A LLaMA block has no biases.
pub(super) fn biased(spec: &Spec) -> bool {
    spec.model == Model::Mlp || spec.block.has_biases()
}

pub(super) const FORMULA: Access = (
    Kind::Formula,
    |spec| spec.formula.clone(),
    |spec, value| match value {
        Parsed::Text(text) => spec.formula = text,
        Parsed::Auto => spec.formula = KAIMING.to_owned(),
        _ => {}
    },
);

/// A cut that nobody set is the scheme's own.
pub(super) const CUT: Access = (
    Kind::Choice(&["auto", "corrected", "raw", "three", "absolute", "none"]),
    |spec| spec.cut.map_or("auto", Cut::id).to_owned(),
    |spec, value| {
        if let Parsed::Choice(id) = value {
            spec.cut = Cut::from_id(id);
        }
    },
);

/// Another kind of block brings the activation, the norm and the head along that belong to it.
pub(super) const BLOCK: Access = (
    Kind::Choice(BlockStyle::IDS),
    |spec| spec.block.id().to_owned(),
    |spec, value| {
        if let Parsed::Choice(id) = value
            && let Some(block) = BlockStyle::from_id(id)
            && block != spec.block
        {
            let llama = block == BlockStyle::Llama;
            spec.block = block;
            if spec.model == Model::Mlp {
                return;
            }
            spec.activation = if llama { Activation::Silu } else { Activation::Gelu };
            spec.norm = if llama { Norm::Rms } else { Norm::Layer };
            spec.tied = !llama;
        }
    },
);

pub(super) const ATTENTION: Access = (
    Kind::Choice(&["auto", "sqrt", "linear", "none"]),
    |spec| spec.attention.map_or("auto", AttentionScale::id).to_owned(),
    |spec, value| {
        if let Parsed::Choice(id) = value {
            spec.attention = AttentionScale::from_id(id);
        }
    },
);

pub(super) const TIED: Access = (
    Kind::Switch,
    |spec| if spec.tied { "on" } else { "off" }.to_owned(),
    |spec, value| {
        if let Parsed::Switch(on) = value {
            spec.tied = on;
        }
    },
);

/// A gain that nobody set follows scheme and activation, and stays out of the link.
pub(super) const GAIN: Access = (
    Kind::Range(Range { min: 1e-3, max: 1e3, from: 0.1, to: 10.0, log: true, whole: false, auto: true, unit: "" }),
    |spec| spec.init().gain.to_string(),
    |spec, value| match value {
        Parsed::Number(gain) => spec.gain = Some(gain),
        Parsed::Auto => spec.gain = None,
        _ => {}
    },
);

/// Biases that nobody set follow the scheme, and read as the σ that they have in layers fed by
/// `width` units; 0 is zeros even where PyTorch draws them.
pub(super) const BIAS: Access = (
    Kind::Range(Range { min: 0.0, max: 100.0, from: 0.0, to: 1.0, log: false, whole: false, auto: true, unit: "" }),
    |spec| {
        let fans = Fans { fan_in: spec.width, fan_out: spec.width };
        spec.bias.unwrap_or_else(|| spec.init().bias_var(fans, None).sqrt()).to_string()
    },
    |spec, value| match value {
        Parsed::Number(std) => spec.bias = Some(std),
        Parsed::Auto => spec.bias = None,
        _ => {}
    },
);

/// Another kind of network brings its own defaults along.
pub(super) const MODEL: Access = (
    Kind::Choice(Model::IDS),
    |spec| spec.model.id().to_owned(),
    |spec, value| {
        if let Parsed::Choice(id) = value
            && let Some(model) = Model::from_id(id)
        {
            *spec = spec.with_model(model);
        }
    },
);

pub(super) const STEPS: Access = (
    count(1.0, 1e6, 1e5, true, "steps"),
    |spec| spec.steps.to_string(),
    |spec, value| {
        if let Parsed::Number(steps) = value {
            spec.steps = steps as u64;
        }
    },
);

pub(super) const RESIDUAL: Access = (
    Kind::Switch,
    |spec| if spec.residual { "on" } else { "off" }.to_owned(),
    |spec, value| {
        if let Parsed::Switch(on) = value {
            spec.residual = on;
        }
    },
);

pub(super) const SEED: Access = (
    Kind::Seed,
    |spec| spec.seed.to_string(),
    |spec, value| {
        if let Parsed::Seed(seed) = value {
            spec.seed = seed;
        }
    },
);
