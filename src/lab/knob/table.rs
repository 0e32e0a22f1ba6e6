//! Lists the rows of the knob table, in the page's order, and how each reads and writes its field.

use super::access::{ATTENTION, BIAS, BLOCK, CUT, FORMULA, GAIN, MODEL, SEED, biased};
use super::kind::{count, from_zero, real};
use super::roles::ROLES;
use super::widths::{WIDTHS, of_all_layers};
use super::{Change, Group, Kind, Knob, KnobPlace, KnobSetting, Range, row};
use crate::lab::spec::{
    Activation, Adapt, Dataset, DecayScope, DeviceChoice, Fan, LoraStart, Model, Norm, NormPosition, Optimizer, Role,
    Schedule, Scheme, Spec, TokenStart, WriteScale, data_shape,
};
use crate::science::data::own::MOST_ROWS;
use Change::{Restart, Tune};
use Group::{Network, Run, Start};

fn always(_: &Spec) -> bool {
    true
}

/// Small labs say themselves which knobs they have, and some knobs are theirs alone.
fn never(_: &Spec) -> bool {
    false
}

/// The places on the line where the one weight of a small lab may start or go.
const SIGNED: Kind = Kind::Range(Range {
    min: -100.0,
    max: 100.0,
    from: -10.0,
    to: 10.0,
    log: false,
    whole: false,
    auto: false,
    unit: "",
});

fn gpt(spec: &Spec) -> bool {
    spec.network.model == Model::Gpt
}

fn adapts(spec: &Spec) -> bool {
    spec.adapt.kind != Adapt::Off
}

fn lora(spec: &Spec) -> bool {
    spec.adapt.kind == Adapt::Lora
}

/// A text has no examples to count, so its knob keeps what it was set to for other data.
fn most_examples(spec: &Spec) -> f64 {
    match data_shape(spec).examples {
        0 => f64::INFINITY,
        count => count as f64,
    }
}

/// Reads and writes a field of a `choices!` type by its id.
macro_rules! choice {
    ($($field:ident).+, $type:ty) => {
        (
            Kind::Choice(<$type>::IDS),
            (|spec| KnobSetting::Choice(spec.$($field).+.id())) as fn(&Spec) -> KnobSetting,
            (|spec, value| {
                if let KnobSetting::Choice(id) = value
                    && let Some(choice) = <$type>::from_id(id)
                {
                    spec.$($field).+ = choice;
                }
            }) as fn(&mut Spec, KnobSetting),
        )
    };
}

/// Reads and writes a number, which is cast if the field is an integer.
macro_rules! number {
    ($($field:ident).+, $type:ty, $kind:expr) => {
        (
            $kind,
            (|spec| KnobSetting::Number(spec.$($field).+ as f64)) as fn(&Spec) -> KnobSetting,
            (|spec, value| {
                if let KnobSetting::Number(number) = value {
                    spec.$($field).+ = number as $type;
                }
            }) as fn(&mut Spec, KnobSetting),
        )
    };
}

/// Reads and writes a field that is on or off.
macro_rules! switch {
    ($($field:ident).+) => {
        (
            Kind::Switch,
            (|spec| KnobSetting::Switch(spec.$($field).+)) as fn(&Spec) -> KnobSetting,
            (|spec, value| {
                if let KnobSetting::Switch(on) = value {
                    spec.$($field).+ = on;
                }
            }) as fn(&mut Spec, KnobSetting),
        )
    };
}

/// Returns a knob whose value follows from other knobs until it is set; from then on it is in the link.
const fn auto(knob: Knob, follows: fn(&Spec) -> bool) -> Knob {
    Knob { follows, ..knob }
}

const fn rare(knob: Knob) -> Knob {
    Knob { place: KnobPlace::Rare, ..knob }
}

const fn open(knob: Knob) -> Knob {
    Knob { place: KnobPlace::Open, ..knob }
}

/// Returns a knob for a choice of which each model supports only a part.
const fn offering(knob: Knob, offers: fn(&Spec) -> Vec<&'static str>) -> Knob {
    Knob { offers: Some(offers), ..knob }
}

/// Returns a knob whose largest number depends on the model.
const fn at_most(knob: Knob, most: fn(&Spec) -> f64) -> Knob {
    Knob { most, ..knob }
}

/// Dragging σ replaces a scheme that takes no σ by a normal or a uniform one that does, so that the chosen σ takes
/// effect and the kind of distribution stays.
fn keep_std(spec: &mut Spec) {
    if !spec.start.scheme.uses_std() {
        spec.start.scheme = spec.start.scheme.with_own_std(Role::Hidden);
    }
}

/// All knobs, in the page's order.
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
    Knob {
        place: KnobPlace::First,
        offers: Some(|spec| spec.schemes().map(Scheme::id).collect()),
        // A gain that was set for one scheme means something else for another.
        implies: |spec| spec.start.gain = None,
        ..row("init", Start, Restart, choice!(start.scheme, Scheme), always)
    },
    Knob {
        place: KnobPlace::First,
        counts: |spec| spec.any_scheme(Scheme::uses_std),
        implies: keep_std,
        ..row("std", Start, Restart, number!(start.std, f64, real(1e-6, 100.0, 1e-3, 3.0, "")), always)
    },
    open(row("formula", Start, Restart, FORMULA, |spec| spec.any_scheme(|scheme| scheme == Scheme::Formula))),
    auto(row("gain", Start, Restart, GAIN, |spec| spec.start.scheme.uses_gain()), |spec| spec.start.gain.is_none()),
    row("cut", Start, Restart, CUT, |spec| spec.any_scheme(Scheme::uses_cut)),
    row("sparsity", Start, Restart, number!(start.sparsity, f64, from_zero(1.0, 1.0, false, "")), |spec| {
        spec.any_scheme(|scheme| scheme == Scheme::Sparse)
    }),
    row("writes", Start, Restart, choice!(start.writes, WriteScale), gpt),
    rare(row("fan", Start, Restart, choice!(start.fan, Fan), |spec| spec.any_scheme(Scheme::uses_fan))),
    rare(auto(row("bias", Start, Restart, BIAS, biased), |spec| spec.start.bias.is_none())),
];

const REST: &[Knob] = &[
    row("model", Network, Restart, MODEL, always),
    at_most(
        of_all_layers(row(
            "depth",
            Network,
            Restart,
            number!(network.depth, usize, count(1.0, 100.0, 100.0, false, "layers")),
            always,
        )),
        |spec| spec.max_depth() as f64,
    ),
    at_most(
        of_all_layers(row(
            "width",
            Network,
            Restart,
            number!(network.width, usize, count(2.0, 1024.0, 1024.0, true, "units")),
            always,
        )),
        |spec| spec.max_width() as f64,
    ),
    row("widths", Network, Restart, WIDTHS, |spec| spec.network.model == Model::Mlp),
    row("heads", Network, Restart, number!(network.heads, usize, count(1.0, 32.0, 16.0, false, "")), gpt),
    at_most(
        row(
            "context",
            Network,
            Restart,
            number!(network.context, usize, count(2.0, 256.0, 256.0, true, "characters")),
            gpt,
        ),
        |spec| spec.max_context() as f64,
    ),
    row("block", Network, Restart, BLOCK, gpt),
    open(row("act", Network, Restart, choice!(network.activation, Activation), always)),
    open(row("slope", Network, Restart, number!(network.slope, f64, from_zero(1.0, 1.0, false, "")), |spec| {
        spec.network.activation == Activation::LeakyRelu
    })),
    offering(row("norm", Network, Restart, choice!(network.norm, Norm), always), |spec| {
        spec.norms().map(Norm::id).collect()
    }),
    offering(
        row("pos", Network, Restart, choice!(network.position, NormPosition), |spec| spec.network.norm != Norm::None),
        |spec| spec.norm_positions().map(NormPosition::id).collect(),
    ),
    row("residual", Network, Restart, switch!(network.residual), always),
    rare(row("attention", Network, Restart, ATTENTION, gpt)),
    rare(row("tied", Network, Restart, switch!(network.tied), gpt)),
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
    at_most(
        rare(row(
            "steps",
            Group::Optimizer,
            Tune,
            number!(training.steps, u64, count(1.0, 1e6, 1e5, true, "steps")),
            always,
        )),
        |spec| spec.max_steps() as f64,
    ),
    row("zero-grad", Group::Optimizer, Restart, switch!(toy.zero_grad), never),
    row("w-start", Group::Optimizer, Restart, number!(toy.w_start, f64, SIGNED), never),
    row("w-target", Group::Optimizer, Restart, number!(toy.w_target, f64, SIGNED), never),
    rare(offering(row("adapt", Group::Optimizer, Restart, choice!(adapt.kind, Adapt), always), |spec| {
        spec.adaptations().map(Adapt::id).to_vec()
    })),
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
    offering(row("data", Run, Restart, choice!(run.data, Dataset), always), |spec| {
        spec.datasets().iter().map(|data| data.id()).collect()
    }),
    at_most(
        row(
            "examples",
            Run,
            Restart,
            number!(run.examples, usize, from_zero(MOST_ROWS as f64, MOST_ROWS as f64, true, "subset")),
            |spec| spec.network.model == Model::Mlp,
        ),
        most_examples,
    ),
    row("seed", Run, Restart, SEED, always),
    row("device", Run, Restart, choice!(run.device, DeviceChoice), always),
];
