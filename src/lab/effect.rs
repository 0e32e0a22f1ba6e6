//! Which networks are the same: what decides the numbers of a run, without what plays no part in it.
//!
//! Two specs of one effect make the same numbers, whatever their keys say. So a key that leaves the
//! effect as it was does nothing, and a link that names it is told so; and two arms of one effect
//! compare a network with itself.

use super::knob::{Group, Knob};
use super::spec::{
    Activation, Adapt, Adaptation, BlockStyle, DecayScope, Model, Norm, NormPosition, Optimizer, Role, Schedule,
    Scheme, Spec, StartSpec, TrainingSpec, WriteScale,
};
use crate::science::init::Origin;
use crate::science::junction::Junction;

/// What decides the numbers of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The spec, with what plays no part at the default.
    spec: Spec,
    /// What each matrix and its biases are drawn from, input to output.
    origins: Vec<[Origin; 2]>,
    /// Where branches meet the stream.
    junction: Option<Junction>,
}

impl Effect {
    /// What is seen of a spec, whatever its live knobs are turned to while it trains: with a run that
    /// never ends, and with weight decay. Where a norm stands is seen even where it is the same to the
    /// network, because a layer's output is measured behind it or before it.
    pub fn lasting(spec: &Spec) -> Self {
        let wd = if spec.training.wd == 0.0 { 1.0 } else { spec.training.wd };
        let training = TrainingSpec { steps: u64::MAX, wd, ..spec.training };
        let mut effect = Self::of(&Spec { training, ..spec.clone() });
        if spec.network.norm != Norm::None {
            effect.spec.network.position = spec.network.position;
        }
        effect
    }

    /// A spec's.
    pub fn of(spec: &Spec) -> Self {
        let plan = spec.plan();
        let net = spec.architecture();
        let bias = if net.has_biases() { spec.start.bias } else { Some(0.0) };
        let spec = network(training(start(spec.clone())));
        Self {
            origins: spec.architecture().matrices().iter().map(|site| plan.origins(site, bias)).collect(),
            junction: spec.network.residual.then_some(net.junction),
            spec,
        }
    }
}

/// The start is in the origins; what else depends on the scheme (μP's rates, LSUV's measurement) stays.
fn start(mut spec: Spec) -> Spec {
    let base = Spec::default_for(spec.network.model);
    spec.network.attention = (spec.network.model == Model::Gpt).then(|| spec.attention());
    let scheme =
        if matches!(spec.start.scheme, Scheme::Mup | Scheme::Lsuv) { spec.start.scheme } else { Scheme::Normal };
    spec.start = StartSpec { scheme, ..base.start };
    spec
}

fn training(mut spec: Spec) -> Spec {
    let training = &mut spec.training;
    if training.optimizer == Optimizer::AdamW && training.wd == 0.0 {
        // They differ in the decay alone.
        training.optimizer = Optimizer::Adam;
    }
    if training.wd == 0.0 {
        training.decay = DecayScope::All;
    }
    if training.warmup <= 1 {
        // The first step has the whole rate.
        training.warmup = 0;
    }
    if spec.adapt.kind == Adapt::Off && training.warmup >= training.steps {
        // The rate rises to the last step.
        training.schedule = Schedule::Constant;
    }
    let plain = Adaptation::default();
    let happens = spec.adapt.at <= spec.training.steps;
    spec.adapt = match spec.adapt {
        Adaptation { kind: Adapt::Off, .. } => plain,
        Adaptation { kind, .. } if !happens => Adaptation { kind, at: u64::MAX, ..plain },
        adapt @ Adaptation { kind: Adapt::Lora, .. } => Adaptation { tokens: plain.tokens, ..adapt },
        adapt @ Adaptation { kind: Adapt::Tokens, .. } => Adaptation { lora: plain.lora, rank: plain.rank, ..adapt },
    };
    spec
}

fn network(mut spec: Spec) -> Spec {
    let (network, base) = (&mut spec.network, Spec::mlp().network);
    if network.activation != Activation::LeakyRelu {
        network.slope = base.slope;
    }
    if network.model == Model::Mlp {
        (network.heads, network.context) = (base.heads, base.context);
        (network.block, network.tied) = (BlockStyle::Gpt2, base.tied);
        // The first layer changes the width, so it skips nothing.
        network.residual &= network.depth > 1;
        if !network.residual && network.position == NormPosition::Post {
            // Nothing passes a norm by: the output of a layer and the input of the next are the same.
            network.position = NormPosition::Pre;
        }
    }
    if network.norm == Norm::None {
        network.position = NormPosition::Pre;
    }
    spec
}

/// What a knob comes to in a spec: its value, or what it follows.
pub fn resolved(knob: &Knob, spec: &Spec) -> String {
    match knob.id {
        "attention" => spec.attention().id().to_owned(),
        "writes" => written(spec).id().to_owned(),
        "cut" => spec.start.cut.unwrap_or(spec.start.scheme.default_cut()).id().to_owned(),
        _ => knob.read(spec),
    }
}

/// What `writes` comes to under a scheme of its own.
fn written(spec: &Spec) -> WriteScale {
    match spec.start.writes {
        WriteScale::Scheme if spec.start.scheme == Scheme::Gpt2 => WriteScale::Root,
        WriteScale::Scheme => WriteScale::None,
        writes => writes,
    }
}

/// Whether a knob says how a matrix is drawn, which is then so, even if it would be so without it.
pub(crate) fn names_a_law(knob: &Knob, spec: &Spec) -> bool {
    let kind = knob.id.split_once('.').map_or(knob.id, |(kind, _)| kind);
    matches!(kind, "init" | "formula") && knob.applies(spec)
}

/// Whether nothing in a network asks for a knob, whatever its value.
pub fn is_ignored(knob: &Knob, spec: &Spec) -> bool {
    !knob.applies(spec) || !knob.counts(spec)
}

/// Why a knob does nothing in a network: a key below `idle.` in the language files.
pub fn reason(knob: &Knob, spec: &Spec) -> &'static str {
    let applies = knob.applies(spec);
    match (knob.id, knob.group) {
        (_, Group::Matrices) if spec.network.model == Model::Mlp => "mlp",
        ("heads" | "context" | "block" | "attention" | "tied" | "writes", _) if !applies => "mlp",
        ("bias", _) if !applies => "llama",
        ("decay", _) => "no-decay",
        ("slope", _) => "no-leak",
        ("pos", _) if !applies => "no-norm",
        ("residual", _) => "one-layer",
        ("adapt-at" | "rank" | "lora-start" | "token-start", _) if spec.adapt.kind == Adapt::Off => "no-adapt",
        ("adapt-at" | "rank" | "lora-start" | "token-start", _) => "other-adapt",
        (id, Group::Matrices) if !applies => match id.split_once('.') {
            Some((_, role)) if Role::from_id(role).is_none_or(|role| !spec.architecture().has(role)) => "no-matrix",
            _ => "own-scheme",
        },
        ("std", _) if !knob.counts(spec) => "std",
        ("gain", _) if !applies => "gain",
        ("fan" | "cut" | "sparsity" | "formula", _) if !applies => "scheme",
        _ => "same",
    }
}
