//! What happens to a trained network: adapters of low rank on its matrices, or rows for new tokens.
//!
//! ```text
//! LoRA     W = W₀ + A·B     A [n_in, r], B [r, n_out]; W₀ is frozen, and so is all that has no adapter
//!          ∂A = ∂W·Bᵀ       ∂B = Aᵀ·∂W
//! tokens   E ← [E; M·E + N]    M mixes the old rows, N is drawn: `science::adapt`
//! ```
//!
//! Passes see W alone and taps its gradient, as if nothing were frozen; the chain rule's last link
//! is made here. B = 0 leaves W₀ as it is, to the bit.

use burn::tensor::{Device, Tensor};

use super::optimizer::{OptimizerState, Rates};
use super::parameter::{Parameter, ParameterKind};
use crate::lab::spec::{Adapt, Optimizer, Role, Spec, data_shape};
use crate::science::adapt::fresh;
use crate::science::seed::Stream;
use crate::science::site::Site;

/// A frozen matrix W₀ and the product of low rank that is added to it.
#[derive(Clone)]
pub struct LoraAdapter {
    /// The index of the parameter that it belongs to.
    pub index: usize,
    /// W₀, `[1, n_in, n_out]`.
    pub(super) base: Tensor<3>,
    /// A, `[1, n_in, r]`.
    pub a: Tensor<3>,
    /// B, `[1, r, n_out]`.
    pub b: Tensor<3>,
}

impl LoraAdapter {
    /// Puts an adapter on the parameter of this index, whose values are `base`.
    pub fn new(index: usize, base: Tensor<3>, a: Tensor<3>, b: Tensor<3>) -> Self {
        Self { index, base, a, b }
    }

    /// The adapted matrix, W₀ + A·B.
    pub fn weights(&self) -> Tensor<3> {
        self.base.clone() + self.a.clone().matmul(self.b.clone())
    }

    /// How many numbers A and B have.
    pub(crate) fn entries(&self) -> usize {
        self.a.shape().num_elements() + self.b.shape().num_elements()
    }

    /// ∂A and ∂B, from ∂W.
    pub fn gradients(&self, gradient: &Tensor<3>) -> [Tensor<3>; 2] {
        [
            gradient.clone().matmul(self.b.clone().swap_dims(1, 2)),
            self.a.clone().swap_dims(1, 2).matmul(gradient.clone()),
        ]
    }

    /// Makes one step of A and B along their gradients and returns the new W. For the optimizer they are the
    /// tensors `at` and `at + 1`.
    pub(super) fn update(
        &mut self,
        state: &mut OptimizerState,
        at: usize,
        optimizer: Optimizer,
        [a, b]: [Tensor<3>; 2],
        rates: &Rates,
    ) -> Tensor<3> {
        self.a = state.update(optimizer, at, self.a.clone(), a, rates);
        self.b = state.update(optimizer, at + 1, self.b.clone(), b, rates);
        self.weights()
    }
}

/// A matrix that gets an adapter.
pub(super) struct LoraSite<'a> {
    /// The index of its parameter.
    pub(super) index: usize,
    site: &'a Site,
    name: &'a str,
    rank: usize,
}

impl LoraSite<'_> {
    /// The shapes of A and B.
    pub(super) fn shapes(&self) -> [[usize; 2]; 2] {
        [[self.site.fans.fan_in, self.rank], [self.rank, self.site.fans.fan_out]]
    }
}

/// The matrices that get adapters: all hidden ones.
pub(super) fn lora_sites<'a>(list: &'a [Parameter], spec: &Spec) -> Vec<LoraSite<'a>> {
    let rank = spec.adapt.rank;
    let hidden = list.iter().enumerate().filter_map(|(index, parameter)| {
        let ParameterKind::Matrix(site) = &parameter.kind else { return None };
        (site.role == Role::Hidden).then_some(LoraSite { index, site, name: &parameter.name, rank })
    });
    hidden.collect()
}

/// Draws an adapter for every hidden matrix.
pub(super) fn adapters(list: &[Parameter], weights: &[Tensor<3>], spec: &Spec, device: &Device) -> Vec<LoraAdapter> {
    let adapter = |place: LoraSite| {
        let stream = |which: &str| Stream::new(spec.run.seed, &format!("adapters/{}.{which}", place.name));
        let [a, b] = spec.adapt.lora.draw(place.site.fans, place.rank, &mut stream("a"), &mut stream("b"));
        let [shape_a, shape_b] = place.shapes();
        let (a, b) = (upload(&a, shape_a, device), upload(&b, shape_b, device));
        LoraAdapter::new(place.index, weights[place.index].clone(), a, b)
    };
    lora_sites(list, spec).into_iter().map(adapter).collect()
}

/// The parameters of a spec's network, before or after it is adapted.
pub(super) fn parameters(spec: &Spec, adapted: bool) -> Vec<Parameter> {
    let mut list = spec.architecture().parameters();
    if adapted && spec.adapt.kind == Adapt::Tokens {
        list.iter_mut().for_each(|parameter| widen(parameter, data_shape(spec).classes));
    }
    list
}

/// Gives the tokens' rows, and a head's columns of its own, their number after new tokens came.
fn widen(parameter: &mut Parameter, classes: usize) {
    let ParameterKind::Matrix(site) = &parameter.kind else { return };
    match site.role {
        Role::Token => parameter.rows = classes,
        Role::Head => parameter.columns = classes,
        _ => {}
    }
}

/// Gives the token embedding rows, and a head of its own columns, for the tokens that are new.
pub(super) fn enlarge(list: &mut [Parameter], weights: &mut [Tensor<3>], spec: &Spec, device: &Device) {
    let classes = data_shape(spec).classes;
    for (parameter, weights) in list.iter_mut().zip(weights) {
        let ParameterKind::Matrix(site) = &parameter.kind else { continue };
        let old = weights.clone();
        match site.role {
            Role::Token => *weights = with_rows(old, classes, &parameter.name, site, spec, device),
            Role::Head => {
                let rows = with_rows(old.swap_dims(1, 2), classes, &parameter.name, site, spec, device);
                *weights = rows.swap_dims(1, 2);
            }
            _ => {}
        }
        widen(parameter, classes);
    }
}

/// Adds the rows of new tokens: `[1, V, d]` to `[1, classes, d]`.
fn with_rows(old: Tensor<3>, classes: usize, name: &str, site: &Site, spec: &Spec, device: &Device) -> Tensor<3> {
    let [_, rows, width] = old.dims();
    let new = classes - rows;
    let stream = &mut Stream::new(spec.run.seed, &format!("tokens/{name}"));
    let start = spec.adapt.tokens;
    let added = match start.mixture(new, rows, stream) {
        Some(mixture) => upload(&mixture, [new, rows], device).matmul(old.clone()),
        None => upload(&fresh(new * width, start.std(spec.plan().std_at(site)), stream), [new, width], device),
    };
    Tensor::cat(vec![old, added], 1)
}

fn upload(values: &[f32], [rows, columns]: [usize; 2], device: &Device) -> Tensor<3> {
    Tensor::<1>::from_data(values, device).reshape([1, rows, columns])
}
