//! Layers as single operations: one pass over memory on the CPU, one or two launches on a GPU.
//!
//! Composed of Burn's operations, a layer and its derivative are some twelve launches; on a GPU a small
//! network costs its launches and nothing else. And on the CPU each of them is a pass over memory, with
//! a scalar `exp` or `erf` an entry. So the layers that a step is made of have operations of their own,
//! [`cpu`] and [`gpu`]; everything else (taps, masks, clipping) is composed.
//!
//! R networks, N rows, widths `in` and `out`, S = R·B sequences of T positions, H heads. All tensors are
//! f32; what is `[R, …]` may be `[1, …]` in an input, which is then the same for all networks.

// The macro writes items without documentation; a layer's arguments are its tensors.
#![allow(missing_docs, clippy::too_many_arguments)]

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

use crate::lab::spec::Activation;

mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(feature = "gpu")]
mod shapes;

/// What follows a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// φ.
    pub activation: Activation,
    /// Whether there is a b; where there is none, W stands in its place and is not read.
    pub biased: bool,
}

/// What a norm's derivative is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Norm {
    /// LayerNorm, which subtracts the mean.
    pub centers: bool,
    /// Whether x has a gradient from elsewhere; where it has none, ȳ stands in its place and is not read.
    pub joins: bool,
}

/// How rows fall into sequences, and widths into heads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heads {
    /// H.
    pub count: usize,
    /// T.
    pub time: usize,
    /// c, what q·k is multiplied by.
    pub factor: f32,
}

/// An update's constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// What this tensor's rate is multiplied by; decoupled decay is not.
    pub factor: f32,
    /// What decay does: nothing, shrink the weights apart (AdamW), or enter the gradient.
    pub decay: Decay,
    /// What the first and the second running average keep of themselves; 0 for an average that the rule does not have.
    pub betas: [f64; 2],
    /// Whether there are averages of earlier steps; if not, what stands in their place is not read.
    pub begun: bool,
}

/// How weights decay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decay {
    /// Not at all.
    None,
    /// g ← g + λw.
    Coupled,
    /// w ← w − ηλw.
    Decoupled,
}

/// Columns of the rates of a step, `[R, 4]`: see `optimizer::Rates`.
pub const RATES: usize = 4;

#[backend_extension(Flex, Cube: cfg(feature = "gpu"), Fusion: cfg(feature = "gpu"))]
pub trait Fused: Backend {
    /// z = x·W + b, y = φ(z), φ'(z): `[R, N, out]` each, from x `[R, N, in]`, W `[R, in, out]`, b `[R, 1, out]`.
    #[fusion(meta = shapes::dense)]
    fn dense(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        form: Linear,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// x̄, W̄, b̄ from ȳ and φ'(z).
    #[fusion(meta = shapes::dense_back)]
    fn dense_back(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        slope: FloatTensor<Self>,
        form: Linear,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// W̄, b̄ alone, where nobody asks for x̄.
    #[fusion(meta = shapes::dense_back_weights)]
    fn dense_back_weights(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        slope: FloatTensor<Self>,
        form: Linear,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// φ(x) and φ'(x) of `[R, N, n]`.
    #[fusion(meta = shapes::activate)]
    fn activate(x: FloatTensor<Self>, activation: Activation) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// y = (x − μ)/s⊙g + b of rows `[R, N, d]`, with μ and 1/s, `[R, N, 1]`; RMSNorm has neither μ nor b.
    #[fusion(meta = shapes::normalize)]
    fn normalize(
        x: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        centers: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// x̄ `[R, N, d]`, added to the gradient that x has from elsewhere, if it has one; ḡ and b̄ `[R, 1, d]`.
    #[fusion(meta = shapes::normalize_back)]
    fn normalize_back(
        x: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        inverse: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        elsewhere: FloatTensor<Self>,
        form: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// What the heads read, `[R, B·T, d]`, and the softmax, `[S, H, T, T]`, from q, k, v `[R, B·T, 3d]`.
    #[fusion(meta = shapes::attend)]
    fn attend(qkv: FloatTensor<Self>, heads: Heads) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// q̄, k̄, v̄ side by side.
    #[fusion(meta = shapes::attend_back)]
    fn attend_back(
        qkv: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        heads: Heads,
    ) -> FloatTensor<Self>;

    /// Mean cross-entropy `[R]` of logits `[R, N, C]` and one-hot targets, and z̄.
    #[fusion(meta = shapes::cross_entropy)]
    fn cross_entropy(logits: FloatTensor<Self>, targets: FloatTensor<Self>) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// Three tensors after a step of SGD, to save launches; with `steps` of their own.
    #[fusion(meta = shapes::sgd)]
    fn sgd(
        w1: FloatTensor<Self>,
        g1: FloatTensor<Self>,
        w2: FloatTensor<Self>,
        g2: FloatTensor<Self>,
        w3: FloatTensor<Self>,
        g3: FloatTensor<Self>,
        rates: FloatTensor<Self>,
        steps: [Step; 3],
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// w, v after a step of momentum.
    #[fusion(meta = shapes::momentum)]
    fn momentum(
        w: FloatTensor<Self>,
        g: FloatTensor<Self>,
        v: FloatTensor<Self>,
        rates: FloatTensor<Self>,
        step: Step,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// w, m, v after a step of Adam or AdamW.
    #[fusion(meta = shapes::adam)]
    fn adam(
        w: FloatTensor<Self>,
        g: FloatTensor<Self>,
        m: FloatTensor<Self>,
        v: FloatTensor<Self>,
        rates: FloatTensor<Self>,
        step: Step,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// [`Fused::dense`].
pub fn dense(x: Tensor<3>, w: Tensor<3>, b: Option<Tensor<3>>, activation: Activation) -> [Tensor<3>; 3] {
    let form = Linear { activation, biased: b.is_some() };
    let b = b.unwrap_or_else(|| w.clone());
    let (z, y, slope) = Dispatch::dense(x.into_dispatch(), w.into_dispatch(), b.into_dispatch(), form);
    [z, y, slope].map(Tensor::from_dispatch)
}

/// [`Fused::dense_back`], or without x̄ [`Fused::dense_back_weights`].
pub fn dense_back(
    [x, w, dy, slope]: [Tensor<3>; 4],
    form: Linear,
    inputs: bool,
) -> (Option<Tensor<3>>, Tensor<3>, Tensor<3>) {
    let [x, w, dy, slope] = [x, w, dy, slope].map(Tensor::into_dispatch);
    if inputs {
        let (dx, dw, db) = Dispatch::dense_back(x, w, dy, slope, form);
        return (Some(Tensor::from_dispatch(dx)), Tensor::from_dispatch(dw), Tensor::from_dispatch(db));
    }
    let (dw, db) = Dispatch::dense_back_weights(x, w, dy, slope, form);
    (None, Tensor::from_dispatch(dw), Tensor::from_dispatch(db))
}

/// [`Fused::activate`].
pub fn activate(x: Tensor<3>, activation: Activation) -> [Tensor<3>; 2] {
    let (y, slope) = Dispatch::activate(x.into_dispatch(), activation);
    [y, slope].map(Tensor::from_dispatch)
}

/// [`Fused::normalize`]; LayerNorm where there is a shift, else RMSNorm.
pub fn normalize(x: Tensor<3>, gain: Tensor<3>, shift: Option<Tensor<3>>) -> [Tensor<3>; 3] {
    let centers = shift.is_some();
    let shift = shift.unwrap_or_else(|| gain.clone());
    let [x, gain, shift] = [x, gain, shift].map(Tensor::into_dispatch);
    let (y, mean, inverse) = Dispatch::normalize(x, gain, shift, centers);
    [y, mean, inverse].map(Tensor::from_dispatch)
}

/// [`Fused::normalize_back`] of x, g, μ, 1/s and ȳ.
pub fn normalize_back(inputs: [Tensor<3>; 5], elsewhere: Option<Tensor<3>>, centers: bool) -> [Tensor<3>; 3] {
    let form = Norm { centers, joins: elsewhere.is_some() };
    let elsewhere = elsewhere.unwrap_or_else(|| inputs[4].clone()).into_dispatch();
    let [x, gain, mean, inverse, dy] = inputs.map(Tensor::into_dispatch);
    let (dx, dgain, dshift) = Dispatch::normalize_back(x, gain, mean, inverse, dy, elsewhere, form);
    [dx, dgain, dshift].map(Tensor::from_dispatch)
}

/// [`Fused::attend`].
pub fn attend(qkv: Tensor<3>, heads: Heads) -> (Tensor<3>, Tensor<4>) {
    let (output, weights) = Dispatch::attend(qkv.into_dispatch(), heads);
    (Tensor::from_dispatch(output), Tensor::from_dispatch(weights))
}

/// [`Fused::attend_back`].
pub fn attend_back(qkv: Tensor<3>, weights: Tensor<4>, dy: Tensor<3>, heads: Heads) -> Tensor<3> {
    Tensor::from_dispatch(Dispatch::attend_back(
        qkv.into_dispatch(),
        weights.into_dispatch(),
        dy.into_dispatch(),
        heads,
    ))
}

/// [`Fused::cross_entropy`].
pub fn cross_entropy(logits: Tensor<3>, targets: Tensor<3>) -> (Tensor<1>, Tensor<3>) {
    let (loss, gradient) = Dispatch::cross_entropy(logits.into_dispatch(), targets.into_dispatch());
    (Tensor::from_dispatch(loss), Tensor::from_dispatch(gradient))
}

/// [`Fused::sgd`] of up to three pairs of weights and gradients.
pub fn sgd(pairs: &[[Tensor<3>; 2]], rates: Tensor<1>, steps: &[Step]) -> Vec<Tensor<3>> {
    // Where there are fewer, the last stands in for what is missing, and is thrown away.
    let of = |index: usize| pairs[index.min(pairs.len() - 1)].clone().map(Tensor::into_dispatch);
    let ([w1, g1], [w2, g2], [w3, g3]) = (of(0), of(1), of(2));
    let steps = [0, 1, 2].map(|index: usize| steps[index.min(steps.len() - 1)]);
    let (w1, w2, w3) = Dispatch::sgd(w1, g1, w2, g2, w3, g3, rates.into_dispatch(), steps);
    [w1, w2, w3].into_iter().take(pairs.len()).map(Tensor::from_dispatch).collect()
}

/// [`Fused::momentum`].
pub fn momentum([w, g, v]: [Tensor<3>; 3], rates: Tensor<1>, step: Step) -> [Tensor<3>; 2] {
    let [w, g, v] = [w, g, v].map(Tensor::into_dispatch);
    let (w, v) = Dispatch::momentum(w, g, v, rates.into_dispatch(), step);
    [w, v].map(Tensor::from_dispatch)
}

/// [`Fused::adam`].
pub fn adam([w, g, m, v]: [Tensor<3>; 4], rates: Tensor<1>, step: Step) -> [Tensor<3>; 3] {
    let [w, g, m, v] = [w, g, m, v].map(Tensor::into_dispatch);
    let (w, m, v) = Dispatch::adam(w, g, m, v, rates.into_dispatch(), step);
    [w, m, v].map(Tensor::from_dispatch)
}
