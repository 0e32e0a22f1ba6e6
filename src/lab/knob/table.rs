//! The rows, in the page's order, and how each reads and writes its field.

use super::{Change, Group, Kind, Knob, Parsed, Range};
use crate::lab::spec::{Activation, Dataset, DeviceChoice, Fan, Model, Norm, NormPosition, Optimizer, Scheme, Spec};
use Change::{Restart, Tune};
use Group::{Network, Run, Start};

const fn real(min: f64, max: f64, from: f64, to: f64, unit: &'static str) -> Kind {
    Kind::Range(Range { min, max, from, to, log: true, whole: false, auto: false, unit })
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

/// Reads a `choices!` field by id.
macro_rules! choice {
    ($field:ident, $type:ty) => {
        (
            Kind::Choice(<$type>::IDS),
            (|spec| spec.$field.id().to_owned()) as fn(&Spec) -> String,
            (|spec, value| {
                if let Parsed::Choice(id) = value
                    && let Some(choice) = <$type>::from_id(id)
                {
                    spec.$field = choice;
                }
            }) as fn(&mut Spec, Parsed),
        )
    };
}

/// Reads a number field, through a cast for integers.
macro_rules! number {
    ($field:ident, $type:ty, $kind:expr) => {
        (
            $kind,
            (|spec| spec.$field.to_string()) as fn(&Spec) -> String,
            (|spec, value| {
                if let Parsed::Number(number) = value {
                    spec.$field = number as $type;
                }
            }) as fn(&mut Spec, Parsed),
        )
    };
}

type Access = (Kind, fn(&Spec) -> String, fn(&mut Spec, Parsed));

const fn row(id: &'static str, group: Group, change: Change, access: Access, applies: fn(&Spec) -> bool) -> Knob {
    Knob { id, group, kind: access.0, change, rare: false, read: access.1, write: access.2, applies }
}

const fn rare(knob: Knob) -> Knob {
    Knob { rare: true, ..knob }
}

/// Every knob, in the page's order.
pub static KNOBS: &[Knob] = &[
    row("init", Start, Restart, choice!(scheme, Scheme), always),
    row("std", Start, Restart, number!(std, f64, real(1e-6, 100.0, 1e-3, 3.0, "")), always),
    row("gain", Start, Restart, GAIN, |spec| spec.scheme.uses_gain()),
    rare(row("fan", Start, Restart, choice!(fan, Fan), |spec| spec.scheme.uses_fan())),
    rare(row("bias", Start, Restart, BIAS, always)),
    row("model", Network, Restart, MODEL, always),
    row("depth", Network, Restart, number!(depth, usize, count(1.0, 100.0, 100.0, false, "layers")), always),
    row("width", Network, Restart, number!(width, usize, count(2.0, 1024.0, 1024.0, true, "units")), always),
    row("heads", Network, Restart, number!(heads, usize, count(1.0, 32.0, 16.0, false, "")), gpt),
    row("context", Network, Restart, number!(context, usize, count(2.0, 256.0, 256.0, true, "characters")), gpt),
    row("act", Network, Restart, choice!(activation, Activation), always),
    row("norm", Network, Restart, choice!(norm, Norm), always),
    row("pos", Network, Restart, choice!(position, NormPosition), |spec| spec.norm != Norm::None),
    row("residual", Network, Restart, RESIDUAL, always),
    row("opt", Group::Optimizer, Restart, choice!(optimizer, Optimizer), always),
    row("lr", Group::Optimizer, Tune, number!(lr, f64, real(1e-7, 100.0, 1e-5, 3.0, "per-step")), always),
    rare(row("wd", Group::Optimizer, Tune, number!(wd, f64, WEIGHT_DECAY), always)),
    row("batch", Group::Optimizer, Restart, number!(batch, usize, count(1.0, 512.0, 512.0, true, "examples")), always),
    rare(row("steps", Group::Optimizer, Tune, STEPS, always)),
    row("data", Run, Restart, choice!(data, Dataset), always),
    row("seed", Run, Restart, SEED, always),
    row("device", Run, Restart, choice!(device, DeviceChoice), always),
];

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

/// Biases that nobody set follow the scheme; 0 is zeros even where PyTorch draws them.
const BIAS: Access = (
    Kind::Range(Range { min: 0.0, max: 100.0, from: 0.0, to: 1.0, log: false, whole: false, auto: true, unit: "" }),
    |spec| spec.bias.unwrap_or(0.0).to_string(),
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

const WEIGHT_DECAY: Kind =
    Kind::Range(Range { min: 0.0, max: 100.0, from: 0.0, to: 1.0, log: false, whole: false, auto: false, unit: "" });

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
