//! Lists the candidates that are tried, each with a price: a change of the network itself has to be better by more than
//! a change of its first weights.

use super::{Edits, applied};
use crate::lab::knob::KnobSetting::{Auto, Choice, Number, Switch};
use crate::lab::knob::MODEL;
use crate::lab::number::round_to;
use crate::lab::spec::{Activation, Model, Norm, NormPosition, Optimizer, Scheme, Spec, WriteScale};

/// The price of adding a norm, which changes the network itself.
const NORM: f64 = 1.5;
/// The price of adding skip connections to a norm, which change the network itself too, but carry gradients past it.
const SKIP: f64 = 0.5;

/// The values of σ·√n that are tried for a scheme with a single σ, n the width.
const SIZES: [f64; 10] = [0.1, 0.3, 0.5, 0.7, 1.0, 1.2, 1.5, 2.0, 3.5, 10.0];
/// A decay above this in the gradient itself is taken away.
const DECAY: f64 = 0.03;

/// The gains that are tried for orthogonal matrices, beside their default of 1.
const GAINS: [f64; 3] = [0.5, 1.2, 1.7];

/// Returns candidates that change only the first weights.
pub(super) fn starts(spec: &Spec) -> Vec<(f64, Edits)> {
    let mut all = named(spec);
    let (own, price) = match spec.start.scheme {
        // A chosen σ or distribution keeps its scheme, so that the remedy changes as little as possible.
        Scheme::Normal | Scheme::Uniform | Scheme::TruncatedNormal | Scheme::Gpt2 => (spec.start.scheme, 0.5),
        scheme if scheme.is_uniform() => (Scheme::Uniform, 0.5),
        _ if spec.network.model == Model::Gpt => (Scheme::Gpt2, 0.5),
        _ => (Scheme::Normal, 0.5),
    };
    let root = (spec.network.width as f64).sqrt();
    let sized = |size: f64| {
        let std = Number(round_to(size / root, 2));
        (price, vec![("init", Choice(own.id())), ("std", std), ("gain", Auto)])
    };
    all.extend(SIZES.map(sized));
    if spec.network.model == Model::Mlp {
        let turned = |gain: f64| (0.5, vec![("init", Choice(Scheme::Orthogonal.id())), ("gain", Number(gain))]);
        all.extend(GAINS.map(turned));
    }
    all.into_iter().map(|(price, edits)| (price, [plain(spec), edits].concat())).collect()
}

/// Returns candidates with a norm, or with a norm and skip connections, whose first weights are those of named schemes.
pub(super) fn frames(spec: &Spec) -> Vec<(f64, Edits)> {
    let norm = match spec.network.norm {
        Norm::None => Norm::Layer,
        other => other,
    };
    let skips = || vec![("residual", Switch(true))];
    let before = || vec![("norm", Choice(norm.id())), ("pos", Choice(NormPosition::Pre.id()))];
    let mut all = vec![(NORM, before())];
    // Layers of different widths cannot be skipped.
    if !spec.network.residual && spec.widths().is_empty() {
        all.push((NORM + SKIP, [before(), skips()].concat()));
    }
    if spec.network.model == Model::Gpt && !spec.network.residual {
        // A transformer usually has skip connections, so adding them has no price.
        all.push((0.0, skips()));
    }
    let starts = named(spec);
    let both = |(price, frame): &(f64, Edits)| {
        let both = |(more, start): &(f64, Edits)| (price + more, [plain(spec), frame.clone(), start.clone()].concat());
        starts.iter().map(both).collect::<Vec<_>>()
    };
    all.iter().flat_map(both).collect()
}

/// Returns candidates with skip connections, and with the norms before the layers or where they are.
pub(super) fn skipped(spec: &Spec) -> Vec<(f64, Edits)> {
    let places = [Edits::new(), vec![("pos", Choice(NormPosition::Pre.id()))]];
    let starts = [vec![(0.0, Edits::new())], named(spec)].concat();
    let both = |place: &Edits| {
        let skips = [place.clone(), vec![("residual", Switch(true))]].concat();
        let both = |(price, start): &(f64, Edits)| (*price, [plain(spec), skips.clone(), start.clone()].concat());
        starts.iter().map(both).collect::<Vec<_>>()
    };
    places.iter().flat_map(both).collect()
}

/// Returns candidates with an activation function, for a network that has none.
pub(super) fn bent(spec: &Spec) -> Vec<(f64, Edits)> {
    let bend = ("act", Choice(Activation::Relu.id()));
    let (bent, _) = applied(spec, std::slice::from_ref(&bend));
    let all = [starts(&bent), frames(&bent)].concat();
    all.into_iter().map(|(price, edits)| (price, [vec![bend.clone()], edits].concat())).collect()
}

/// Returns the schemes that use the fans of each matrix, with their own gains.
fn named(spec: &Spec) -> Vec<(f64, Edits)> {
    let [xavier, kaiming, lecun] = if spec.start.scheme.is_uniform() {
        [Scheme::XavierUniform, Scheme::KaimingUniform, Scheme::LecunUniform]
    } else {
        [Scheme::XavierNormal, Scheme::KaimingNormal, Scheme::LecunNormal]
    };
    let mut all = vec![(0.0, kaiming), (0.0, xavier), (0.0, lecun), (0.4, Scheme::Orthogonal)];
    if spec.network.model == Model::Mlp {
        // LSUV measures the data, which no other scheme does, so it costs more than a scheme with a formula.
        all.push((2.5, Scheme::Lsuv));
        // The branches of ReLU² would diverge as soon as their gates open.
        if spec.network.residual && spec.network.activation != Activation::ReluSquared {
            all.push((1.0, Scheme::ReZero));
        }
    }
    all.into_iter().map(|(price, scheme)| (price, vec![("init", Choice(scheme.id())), ("gain", Auto)])).collect()
}

/// Returns the edits that restore defaults: every matrix follows the model again, and biases, factors and a strong decay in
/// the gradient that were set are dropped.
fn plain(spec: &Spec) -> Edits {
    let mut edits = Vec::new();
    if spec.start.bias.is_some_and(|std| std > 0.0) {
        edits.push(("bias", Auto));
    }
    let decay = spec.training.wd;
    let outweighs = match spec.training.optimizer {
        // In Adam's gradient a decay outweighs small gradients, whatever its size.
        Optimizer::Adam => decay > 0.0,
        Optimizer::Sgd | Optimizer::Momentum => decay > DECAY,
        Optimizer::AdamW => false,
    };
    if outweighs {
        // Among the networks of `make calibrate` it keeps some that begin well from learning.
        edits.push(("wd", Number(0.0)));
    }
    if spec.network.model == Model::Gpt {
        const OWN: [&str; 10] = [
            "init.token",
            "init.position",
            "init.q",
            "init.k",
            "init.v",
            "init.out",
            "init.mlp-in",
            "init.mlp-up",
            "init.mlp-out",
            "init.head",
        ];
        let set = OWN.iter().zip(&spec.start.roles).filter(|(_, start)| start.scheme.is_some());
        edits.extend(set.map(|(key, _)| (*key, Choice(MODEL))));
        if spec.network.attention.is_some() {
            edits.push(("attention", Choice("auto")));
        }
        if spec.start.writes != WriteScale::Scheme {
            edits.push(("writes", Choice(WriteScale::Scheme.id())));
        }
    }
    edits
}
