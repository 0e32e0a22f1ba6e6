//! Decides which specs describe the same network: an [`Effect`] is what decides the numbers of a run, without the
//! settings that play no part in it.
//!
//! Two specs with the same effect give the same numbers, whatever their keys are. So a key that does not change the
//! effect does nothing, and a link that names it gets a notice; and two arms of an experiment with the same effect
//! would compare a network with itself.

use super::knob::{Group, KNOBS, Knob};
use super::spec::{
    Activation, Adapt, Adaptation, BlockStyle, DecayScope, Model, Norm, NormPosition, Optimizer, OwnShapes, Role,
    Schedule, Scheme, Spec, StartSpec, ToySpec, TrainingSpec, WriteScale,
};
use crate::science::init::Origin;
use crate::science::junction::Junction;

/// Everything that decides the numbers of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The spec, in which everything that plays no part has its default.
    spec: Spec,
    /// The distributions of each matrix and of its biases, from input to output.
    origins: Vec<[Origin; 2]>,
    /// How branches are added to the residual stream, if there is one.
    junction: Option<Junction>,
}

impl Effect {
    /// Returns the effect of a spec whatever its live knobs are set to during training: the run never ends, and weight
    /// decay is not 0. The position of a norm is kept even if the network computes the same either way, because it
    /// decides whether a layer's output is measured before or behind the norm.
    pub fn lasting(spec: &Spec) -> Self {
        if spec.is_toy() {
            return Self::of_toy(spec);
        }
        let wd = if spec.training.wd == 0.0 { 1.0 } else { spec.training.wd };
        let training = TrainingSpec { steps: u64::MAX, wd, ..spec.training };
        let mut effect = Self::of(&Spec { training, ..spec.clone() });
        if spec.network.norm != Norm::None {
            effect.spec.network.position = spec.network.position;
        }
        effect
    }

    /// Returns the effect of a spec.
    pub fn of(spec: &Spec) -> Self {
        if spec.is_toy() {
            return Self::of_toy(spec);
        }
        let plan = spec.plan();
        let net = spec.architecture();
        let bias = if net.has_biases() { spec.start.bias } else { Some(0.0) };
        let spec = network(training(start(spec.clone())));
        Self {
            origins: spec.architecture().matrices().iter().map(|site| plan.origins(site, bias)).collect(),
            junction: spec.network.residual.then_some(net.junction),
            spec: Spec { toy: ToySpec::default(), own: own(&spec), ..spec },
        }
    }

    /// Returns the effect of a small lab, in which its own knobs count and no others.
    fn of_toy(spec: &Spec) -> Self {
        let mut plain = spec.plain();
        plain.own = OwnShapes::default();
        for knob in KNOBS.iter().filter(|knob| knob.applies(spec)) {
            // A value that comes from the table is never refused.
            knob.set(&mut plain, knob.get(spec)).ok();
        }
        Self { spec: plain, origins: Vec::new(), junction: None }
    }
}

/// Of the reader's own data only what is learned counts.
fn own(spec: &Spec) -> OwnShapes {
    if spec.own_shape().is_some() { spec.own.only(spec.network.model) } else { OwnShapes::default() }
}

/// The origins hold how matrices are drawn. Only what else depends on the scheme is kept: the rates of μP and the
/// measurement of LSUV.
fn start(mut spec: Spec) -> Spec {
    let base = Spec::default_for(spec.network.model);
    spec.network.attention = (spec.network.model == Model::Gpt).then(|| spec.attention());
    let scheme =
        if matches!(spec.start.scheme, Scheme::Mup | Scheme::Lsuv) { spec.start.scheme } else { Scheme::Normal };
    spec.start = StartSpec { scheme, ..base.start };
    spec
}

fn training(mut spec: Spec) -> Spec {
    // A batch has no more examples than there are.
    (spec.training.batch, spec.run.examples) = (spec.batch(), spec.examples().unwrap_or(0));
    let training = &mut spec.training;
    if training.optimizer == Optimizer::AdamW && training.wd == 0.0 {
        // Adam and AdamW differ in nothing but the decay.
        training.optimizer = Optimizer::Adam;
    }
    if training.wd == 0.0 {
        training.decay = DecayScope::All;
    }
    if training.warmup <= 1 {
        // A warm-up of one step changes nothing, because the first step has the whole rate.
        training.warmup = 0;
    }
    if spec.adapt.kind == Adapt::Off && training.warmup >= training.steps {
        // The warm-up lasts until the last step, so no schedule ever begins.
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
        // The first layer changes the width, so it has no skip connection.
        network.residual &= network.depth > 1;
        if !network.residual && network.position == NormPosition::Post {
            // Nothing bypasses a norm here: the output of a layer is the input of the next one.
            network.position = NormPosition::Pre;
        }
    }
    if network.norm == Norm::None {
        network.position = NormPosition::Pre;
    }
    if network.model == Model::Gpt {
        network.widths = base.widths;
    }
    spec
}

/// Returns the value that a knob has in effect: what it is set to, or what it follows from.
pub fn resolved(knob: &Knob, spec: &Spec) -> String {
    match knob.id {
        "attention" => spec.attention().id().to_owned(),
        "writes" => written(spec).id().to_owned(),
        "cut" => spec.start.cut.unwrap_or(spec.start.scheme.default_cut()).id().to_owned(),
        _ => knob.read(spec),
    }
}

/// Returns the factor that `writes` has in effect, which may follow from the scheme.
fn written(spec: &Spec) -> WriteScale {
    match spec.start.writes {
        WriteScale::Scheme if spec.start.scheme == Scheme::Gpt2 => WriteScale::Root,
        WriteScale::Scheme => WriteScale::None,
        writes => writes,
    }
}

/// Returns whether a knob names the distribution of a matrix. It is then kept in links even if the network would be the
/// same without it.
pub(crate) fn names_a_law(knob: &Knob, spec: &Spec) -> bool {
    let kind = knob.id.split_once('.').map_or(knob.id, |(kind, _)| kind);
    matches!(kind, "init" | "formula") && knob.applies(spec)
}

/// Returns whether the network ignores a knob, whatever its value is.
pub fn is_ignored(knob: &Knob, spec: &Spec) -> bool {
    !knob.applies(spec) || !knob.counts(spec)
}

/// Returns why a knob does nothing in a network, as a key below `idle.` in the language files.
pub fn reason(knob: &Knob, spec: &Spec) -> &'static str {
    let applies = knob.applies(spec);
    match (knob.id, knob.group) {
        _ if spec.is_toy() => "toy",
        _ if knob.is_of_toys() => "no-toy",
        (_, Group::Matrices) if spec.network.model == Model::Mlp => "mlp",
        ("heads" | "context" | "block" | "attention" | "tied" | "writes", _) if !applies => "mlp",
        ("bias", _) if !applies => "llama",
        ("examples", _) if !applies => "text",
        ("examples", _) => "all-examples",
        ("batch", _) if spec.examples().is_some() => "few-examples",
        ("decay", _) => "no-decay",
        ("slope", _) => "no-leak",
        ("pos", _) if !applies => "no-norm",
        ("residual", _) => "one-layer",
        ("adapt-at" | "rank" | "lora-start" | "token-start", _) if spec.adapt.kind == Adapt::Off => "no-adapt",
        ("adapt-at" | "rank" | "lora-start" | "token-start", _) => "other-adapt",
        ("depth" | "width", _) if knob.is_overruled(spec) => "widths",
        ("widths", _) if !applies => "gpt",
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
