//! The rows, in the page's order, and how each reads and writes its field.

use super::roles::rows;
use super::{Access, Change, Group, Kind, Knob, Parsed, Range};
use crate::lab::spec::{
    Activation, Adapt, AttentionScale, BlockStyle, Cut, Dataset, DeviceChoice, Fan, LoraStart, Model, Norm,
    NormPosition, Optimizer, Schedule, Scheme, Spec, TokenStart, WriteScale,
};
use crate::science::init::Fans;
use Change::{Restart, Tune};
use Group::{Network, Run, Start};

const fn real(min: f64, max: f64, from: f64, to: f64, unit: &'static str) -> Kind {
    Kind::Range(Range { min, max, from, to, log: true, whole: false, auto: false, unit })
}

const fn from_zero(max: f64, to: f64, whole: bool, unit: &'static str) -> Kind {
    Kind::Range(Range { min: 0.0, max, from: 0.0, to, log: false, whole, auto: false, unit })
}

const fn count(min: f64, max: f64, to: f64, log: bool, unit: &'static str) -> Kind {
    Kind::Range(Range { min, max, from: min, to, log, whole: true, auto: false, unit })
}

fn always(_: &Spec) -> bool {
    true
}

fn gpt(spec: &Spec) -> bool {
    spec.model == Model::Gpt
}

fn adapts(spec: &Spec) -> bool {
    spec.adapt.kind != Adapt::Off
}

fn lora(spec: &Spec) -> bool {
    spec.adapt.kind == Adapt::Lora
}

/// Reads a `choices!` field by id.
macro_rules! choice {
    ($($field:ident).+, $type:ty) => {
        (
            Kind::Choice(<$type>::IDS),
            (|spec| spec.$($field).+.id().to_owned()) as fn(&Spec) -> String,
            (|spec, value| {
                if let Parsed::Choice(id) = value
                    && let Some(choice) = <$type>::from_id(id)
                {
                    spec.$($field).+ = choice;
                }
            }) as fn(&mut Spec, Parsed),
        )
    };
}

/// Reads a number field, through a cast for integers.
macro_rules! number {
    ($($field:ident).+, $type:ty, $kind:expr) => {
        (
            $kind,
            (|spec| spec.$($field).+.to_string()) as fn(&Spec) -> String,
            (|spec, value| {
                if let Parsed::Number(number) = value {
                    spec.$($field).+ = number as $type;
                }
            }) as fn(&mut Spec, Parsed),
        )
    };
}

const fn row(id: &'static str, group: Group, change: Change, access: Access, applies: fn(&Spec) -> bool) -> Knob {
    let follows: fn(&Spec) -> bool = |_| false;
    Knob { id, group, kind: access.0, change, rare: false, read: access.1, write: access.2, applies, follows }
}

/// A knob that follows from others until it is set, and from then on is in the link.
const fn auto(knob: Knob, follows: fn(&Spec) -> bool) -> Knob {
    Knob { follows, ..knob }
}

const fn rare(knob: Knob) -> Knob {
    Knob { rare: true, ..knob }
}

/// Every knob, in the page's order.
pub static KNOBS: &[Knob] = &[
    row("init", Start, Restart, choice!(scheme, Scheme), always),
    row("std", Start, Restart, number!(std, f64, real(1e-6, 100.0, 1e-3, 3.0, "")), always),
    row("formula", Start, Restart, FORMULA, |spec| spec.scheme == Scheme::Formula),
    auto(row("gain", Start, Restart, GAIN, |spec| spec.scheme.uses_gain()), |spec| spec.gain.is_none()),
    row("cut", Start, Restart, choice!(cut, Cut), |spec| spec.scheme == Scheme::TruncatedNormal),
    row("sparsity", Start, Restart, number!(sparsity, f64, from_zero(1.0, 1.0, false, "")), |spec| {
        spec.scheme == Scheme::Sparse
    }),
    row("writes", Start, Restart, choice!(writes, WriteScale), gpt),
    rare(row("fan", Start, Restart, choice!(fan, Fan), |spec| spec.scheme.uses_fan())),
    rare(auto(row("bias", Start, Restart, BIAS, biased), |spec| spec.bias.is_none())),
    ROLES[0][0],
    ROLES[0][1],
    ROLES[1][0],
    ROLES[1][1],
    ROLES[2][0],
    ROLES[2][1],
    ROLES[3][0],
    ROLES[3][1],
    ROLES[4][0],
    ROLES[4][1],
    ROLES[5][0],
    ROLES[5][1],
    ROLES[6][0],
    ROLES[6][1],
    ROLES[7][0],
    ROLES[7][1],
    ROLES[8][0],
    ROLES[8][1],
    ROLES[9][0],
    ROLES[9][1],
    row("model", Network, Restart, MODEL, always),
    row("depth", Network, Restart, number!(depth, usize, count(1.0, 100.0, 100.0, false, "layers")), always),
    row("width", Network, Restart, number!(width, usize, count(2.0, 1024.0, 1024.0, true, "units")), always),
    row("heads", Network, Restart, number!(heads, usize, count(1.0, 32.0, 16.0, false, "")), gpt),
    row("context", Network, Restart, number!(context, usize, count(2.0, 256.0, 256.0, true, "characters")), gpt),
    row("block", Network, Restart, BLOCK, gpt),
    row("act", Network, Restart, choice!(activation, Activation), always),
    row("norm", Network, Restart, choice!(norm, Norm), always),
    row("pos", Network, Restart, choice!(position, NormPosition), |spec| spec.norm != Norm::None),
    row("residual", Network, Restart, RESIDUAL, always),
    rare(auto(row("attention", Network, Restart, ATTENTION, gpt), |spec| spec.attention.is_none())),
    rare(row("tied", Network, Restart, TIED, gpt)),
    row("opt", Group::Optimizer, Restart, choice!(optimizer, Optimizer), always),
    row("lr", Group::Optimizer, Tune, number!(lr, f64, real(1e-7, 100.0, 1e-5, 3.0, "per-step")), always),
    rare(row("warmup", Group::Optimizer, Tune, number!(warmup, u64, from_zero(1e5, 1e3, true, "steps")), always)),
    rare(row("schedule", Group::Optimizer, Tune, choice!(schedule, Schedule), always)),
    rare(row("clip", Group::Optimizer, Tune, number!(clip, f64, from_zero(100.0, 5.0, false, "")), always)),
    rare(row("wd", Group::Optimizer, Tune, number!(wd, f64, from_zero(100.0, 1.0, false, "")), always)),
    rare(row("dropout", Group::Optimizer, Restart, number!(dropout, f64, from_zero(0.9, 0.9, false, "")), always)),
    row("batch", Group::Optimizer, Restart, number!(batch, usize, count(1.0, 512.0, 512.0, true, "examples")), always),
    rare(row("steps", Group::Optimizer, Tune, STEPS, always)),
    rare(row("adapt", Group::Optimizer, Restart, choice!(adapt.kind, Adapt), always)),
    rare(row(
        "adapt-at",
        Group::Optimizer,
        Restart,
        number!(adapt.at, u64, count(1.0, 1e6, 1e4, true, "steps")),
        adapts,
    )),
    rare(row("rank", Group::Optimizer, Restart, number!(adapt.rank, usize, count(1.0, 32.0, 32.0, true, "")), lora)),
    rare(row("lora-start", Group::Optimizer, Restart, choice!(adapt.lora, LoraStart), lora)),
    rare(row("token-start", Group::Optimizer, Restart, choice!(adapt.tokens, TokenStart), |spec| {
        spec.adapt.kind == Adapt::Tokens
    })),
    row("data", Run, Restart, choice!(data, Dataset), always),
    row("seed", Run, Restart, SEED, always),
    row("device", Run, Restart, choice!(device, DeviceChoice), always),
];

/// The kinds of matrices of a transformer, in the order of `Role::OF_GPT`.
const ROLES: [[Knob; 2]; 10] = [
    rows::<0>("init.token", "std.token"),
    rows::<1>("init.position", "std.position"),
    rows::<2>("init.q", "std.q"),
    rows::<3>("init.k", "std.k"),
    rows::<4>("init.v", "std.v"),
    rows::<5>("init.out", "std.out"),
    rows::<6>("init.mlp-in", "std.mlp-in"),
    rows::<7>("init.mlp-up", "std.mlp-up"),
    rows::<8>("init.mlp-out", "std.mlp-out"),
    rows::<9>("init.head", "std.head"),
];

/// A LLaMA block has no biases.
fn biased(spec: &Spec) -> bool {
    spec.model == Model::Mlp || spec.block.has_biases()
}

const FORMULA: Access = (
    Kind::Formula,
    |spec| spec.formula.clone(),
    |spec, value| {
        if let Parsed::Text(text) = value {
            spec.formula = text;
        }
    },
);

/// Another kind of block brings the activation, the norm and the head along that belong to it.
const BLOCK: Access = (
    Kind::Choice(BlockStyle::IDS),
    |spec| spec.block.id().to_owned(),
    |spec, value| {
        if let Parsed::Choice(id) = value
            && let Some(block) = BlockStyle::from_id(id)
            && block != spec.block
        {
            let llama = block == BlockStyle::Llama;
            spec.block = block;
            spec.activation = if llama { Activation::Silu } else { Activation::Gelu };
            spec.norm = if llama { Norm::Rms } else { Norm::Layer };
            spec.tied = !llama;
        }
    },
);

const ATTENTION: Access = (
    Kind::Choice(&["auto", "sqrt", "linear", "none"]),
    |spec| spec.attention.map_or("auto", AttentionScale::id).to_owned(),
    |spec, value| {
        if let Parsed::Choice(id) = value {
            spec.attention = AttentionScale::from_id(id);
        }
    },
);

const TIED: Access = (
    Kind::Switch,
    |spec| if spec.tied { "on" } else { "off" }.to_owned(),
    |spec, value| {
        if let Parsed::Switch(on) = value {
            spec.tied = on;
        }
    },
);

/// A gain that nobody set follows scheme and activation, and stays out of the link.
const GAIN: Access = (
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
const BIAS: Access = (
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
const MODEL: Access = (
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

const STEPS: Access = (
    count(1.0, 1e6, 1e5, true, "steps"),
    |spec| spec.steps.to_string(),
    |spec, value| {
        if let Parsed::Number(steps) = value {
            spec.steps = steps as u64;
        }
    },
);

const RESIDUAL: Access = (
    Kind::Switch,
    |spec| if spec.residual { "on" } else { "off" }.to_owned(),
    |spec, value| {
        if let Parsed::Switch(on) = value {
            spec.residual = on;
        }
    },
);

const SEED: Access = (
    Kind::Seed,
    |spec| spec.seed.to_string(),
    |spec, value| {
        if let Parsed::Seed(seed) = value {
            spec.seed = seed;
        }
    },
);
