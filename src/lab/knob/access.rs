//! Defines how the knobs that are not plain fields of the spec are read and written.

use super::{Access, Kind, KnobSetting, Range};
use crate::lab::spec::{Activation, AttentionScale, BlockStyle, Cut, FORMULA as KAIMING, KINDS, Model, Norm, Spec};
use crate::science::site::Fans;

/// Returns whether the network has biases, which a LLaMA block does not have.
pub(super) fn biased(spec: &Spec) -> bool {
    spec.architecture().has_biases()
}

pub(super) const FORMULA: Access = (
    Kind::Formula,
    |spec| KnobSetting::Formula(spec.start.formula.clone()),
    |spec, value| match value {
        KnobSetting::Formula(text) => spec.start.formula = text,
        KnobSetting::Auto => spec.start.formula = KAIMING.to_owned(),
        _ => {}
    },
);

/// A cut that nobody set is the scheme's own, which is the choice `auto`.
pub(super) const CUT: Access = (
    Kind::Choice(&["auto", "corrected", "raw", "three", "absolute", "none"]),
    |spec| KnobSetting::Choice(spec.start.cut.map_or("auto", Cut::id)),
    |spec, value| {
        if let KnobSetting::Choice(id) = value {
            spec.start.cut = Cut::from_id(id);
        }
    },
);

/// Another kind of block sets the activation, the norm and the head that belong to it.
pub(super) const BLOCK: Access = (
    Kind::Choice(BlockStyle::IDS),
    |spec| KnobSetting::Choice(spec.network.block.id()),
    |spec, value| {
        if let KnobSetting::Choice(id) = value
            && let Some(block) = BlockStyle::from_id(id)
            && block != spec.network.block
        {
            let llama = block == BlockStyle::Llama;
            spec.network.block = block;
            if spec.network.model == Model::Mlp {
                return;
            }
            spec.network.activation = if llama { Activation::Silu } else { Activation::Gelu };
            spec.network.norm = if llama { Norm::Rms } else { Norm::Layer };
            spec.network.tied = !llama;
        }
    },
);

pub(super) const ATTENTION: Access = (
    Kind::Choice(&["auto", "sqrt", "linear", "none"]),
    |spec| KnobSetting::Choice(spec.network.attention.map_or("auto", AttentionScale::id)),
    |spec, value| {
        if let KnobSetting::Choice(id) = value {
            spec.network.attention = AttentionScale::from_id(id);
        }
    },
);

/// A gain that nobody set follows from scheme and activation, and is not in the link.
pub(super) const GAIN: Access = (
    Kind::Range(Range { min: 1e-3, max: 1e3, from: 0.1, to: 10.0, log: true, whole: false, auto: true, unit: "" }),
    |spec| KnobSetting::Number(spec.init().gain),
    |spec, value| match value {
        KnobSetting::Number(gain) => spec.start.gain = Some(gain),
        KnobSetting::Auto => spec.start.gain = None,
        _ => {}
    },
);

/// Biases that nobody set follow the scheme, and are read as the σ that they have in layers with `width` inputs. 0
/// means zeros, even for the scheme `pytorch`, which draws them otherwise.
pub(super) const BIAS: Access = (
    Kind::Range(Range { min: 0.0, max: 100.0, from: 0.0, to: 1.0, log: false, whole: false, auto: true, unit: "" }),
    |spec| {
        let fans = Fans { fan_in: spec.network.width, fan_out: spec.network.width };
        KnobSetting::Number(spec.start.bias.unwrap_or_else(|| spec.init().bias_var(fans, None).sqrt()))
    },
    |spec, value| match value {
        KnobSetting::Number(std) => spec.start.bias = Some(std),
        KnobSetting::Auto => spec.start.bias = None,
        _ => {}
    },
);

/// Another kind of network, or a small lab, sets its own defaults for everything.
pub(super) const MODEL: Access = (
    Kind::Choice(KINDS),
    |spec| KnobSetting::Choice(spec.kind()),
    |spec, value| {
        if let KnobSetting::Choice(id) = value
            && let Some(other) = spec.with_kind(id)
        {
            *spec = other;
        }
    },
);

pub(super) const SEED: Access = (
    Kind::Seed,
    |spec| KnobSetting::Seed(spec.run.seed),
    |spec, value| {
        if let KnobSetting::Seed(seed) = value {
            spec.run.seed = seed;
        }
    },
);
