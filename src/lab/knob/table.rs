//! The rows, in the page's order, and how each reads and writes its field.

use super::access::{ATTENTION, BIAS, BLOCK, CUT, FORMULA, GAIN, MODEL, RESIDUAL, SEED, STEPS, TIED, biased};
use super::roles::ROLES;
use super::{Access, Change, Group, Kind, Knob, Parsed, count, from_zero, real};
use crate::lab::spec::{
    Activation, Adapt, Dataset, DecayScope, DeviceChoice, Fan, LoraStart, Model, Norm, NormPosition, Optimizer,
    Schedule, Scheme, Spec, TokenStart, WriteScale,
};
use Change::{Restart, Tune};
use Group::{Network, Run, Start};

fn always(_: &Spec) -> bool {
    true
}

fn gpt(spec: &Spec) -> bool {
    spec.network.model == Model::Gpt
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
pub static KNOBS: &[Knob] = &ALL;

const ALL: [Knob; START.len() + ROLES.len() + REST.len()] = {
    let mut all = [START[0]; START.len() + ROLES.len() + REST.len()];
    let (first, rest) = all.split_at_mut(START.len());
    let (roles, rest) = rest.split_at_mut(ROLES.len());
    first.copy_from_slice(START);
    roles.copy_from_slice(&ROLES);
    rest.copy_from_slice(REST);
    all
};

const START: &[Knob] = &[
    row("init", Start, Restart, choice!(start.scheme, Scheme), always),
    row("std", Start, Restart, number!(start.std, f64, real(1e-6, 100.0, 1e-3, 3.0, "")), always),
    row("formula", Start, Restart, FORMULA, |spec| spec.any_scheme(|scheme| scheme == Scheme::Formula)),
    auto(row("gain", Start, Restart, GAIN, |spec| spec.start.scheme.uses_gain()), |spec| spec.start.gain.is_none()),
    auto(row("cut", Start, Restart, CUT, |spec| spec.any_scheme(Scheme::uses_cut)), |spec| spec.start.cut.is_none()),
    row("sparsity", Start, Restart, number!(start.sparsity, f64, from_zero(1.0, 1.0, false, "")), |spec| {
        spec.any_scheme(|scheme| scheme == Scheme::Sparse)
    }),
    row("writes", Start, Restart, choice!(start.writes, WriteScale), gpt),
    rare(row("fan", Start, Restart, choice!(start.fan, Fan), |spec| spec.any_scheme(Scheme::uses_fan))),
    rare(auto(row("bias", Start, Restart, BIAS, biased), |spec| spec.start.bias.is_none())),
];

const REST: &[Knob] = &[
    row("model", Network, Restart, MODEL, always),
    row("depth", Network, Restart, number!(network.depth, usize, count(1.0, 100.0, 100.0, false, "layers")), always),
    row("width", Network, Restart, number!(network.width, usize, count(2.0, 1024.0, 1024.0, true, "units")), always),
    row("heads", Network, Restart, number!(network.heads, usize, count(1.0, 32.0, 16.0, false, "")), gpt),
    row(
        "context",
        Network,
        Restart,
        number!(network.context, usize, count(2.0, 256.0, 256.0, true, "characters")),
        gpt,
    ),
    row("block", Network, Restart, BLOCK, gpt),
    row("act", Network, Restart, choice!(network.activation, Activation), always),
    row("slope", Network, Restart, number!(network.slope, f64, from_zero(1.0, 1.0, false, "")), |spec| {
        spec.network.activation == Activation::LeakyRelu
    }),
    row("norm", Network, Restart, choice!(network.norm, Norm), always),
    row("pos", Network, Restart, choice!(network.position, NormPosition), |spec| spec.network.norm != Norm::None),
    row("residual", Network, Restart, RESIDUAL, always),
    rare(auto(row("attention", Network, Restart, ATTENTION, gpt), |spec| spec.network.attention.is_none())),
    rare(row("tied", Network, Restart, TIED, gpt)),
    row("opt", Group::Optimizer, Restart, choice!(training.optimizer, Optimizer), always),
    row("lr", Group::Optimizer, Tune, number!(training.lr, f64, real(1e-7, 100.0, 1e-5, 3.0, "per-step")), always),
    rare(row(
        "warmup",
        Group::Optimizer,
        Tune,
        number!(training.warmup, u64, from_zero(1e5, 1e3, true, "steps")),
        always,
    )),
    rare(row("schedule", Group::Optimizer, Tune, choice!(training.schedule, Schedule), always)),
    rare(row("clip", Group::Optimizer, Tune, number!(training.clip, f64, from_zero(100.0, 5.0, false, "")), always)),
    rare(row("wd", Group::Optimizer, Tune, number!(training.wd, f64, from_zero(100.0, 1.0, false, "")), always)),
    rare(row("decay", Group::Optimizer, Tune, choice!(training.decay, DecayScope), |spec| spec.training.wd > 0.0)),
    rare(row(
        "dropout",
        Group::Optimizer,
        Restart,
        number!(training.dropout, f64, from_zero(0.9, 0.9, false, "")),
        always,
    )),
    row(
        "batch",
        Group::Optimizer,
        Restart,
        number!(training.batch, usize, count(1.0, 512.0, 512.0, true, "examples")),
        always,
    ),
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
    row("data", Run, Restart, choice!(run.data, Dataset), always),
    row("seed", Run, Restart, SEED, always),
    row("device", Run, Restart, choice!(run.device, DeviceChoice), always),
];
