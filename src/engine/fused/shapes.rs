//! The shapes of outputs, which Burn's fusion wants before anything is computed.

use burn::backend::fusion::custom::TensorSpec;

use super::{Heads, Linear, Norm, Step};
use crate::lab::spec::Activation;

fn of<const D: usize>(like: &TensorSpec, dims: [usize; D]) -> TensorSpec {
    TensorSpec::new(dims.into(), like.dtype)
}

pub(super) fn dense(
    x: &TensorSpec,
    w: &TensorSpec,
    _: &TensorSpec,
    _: &Linear,
) -> (TensorSpec, TensorSpec, TensorSpec) {
    let y = of(x, [w.shape[0], x.shape[1], w.shape[2]]);
    (y.clone(), y.clone(), y)
}

pub(super) fn dense_back(
    x: &TensorSpec,
    w: &TensorSpec,
    dy: &TensorSpec,
    slope: &TensorSpec,
    form: &Linear,
) -> (TensorSpec, TensorSpec, TensorSpec) {
    let (dw, db) = dense_back_weights(x, w, dy, slope, form);
    (of(x, [w.shape[0], x.shape[1], x.shape[2]]), dw, db)
}

pub(super) fn dense_back_weights(
    x: &TensorSpec,
    w: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &Linear,
) -> (TensorSpec, TensorSpec) {
    (w.clone(), of(x, [w.shape[0], 1, w.shape[2]]))
}

pub(super) fn activate(x: &TensorSpec, _: &Activation) -> (TensorSpec, TensorSpec) {
    (x.clone(), x.clone())
}

pub(super) fn normalize(
    x: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &bool,
) -> (TensorSpec, TensorSpec, TensorSpec) {
    let row = of(x, [x.shape[0], x.shape[1], 1]);
    (x.clone(), row.clone(), row)
}

pub(super) fn normalize_back(
    x: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &Norm,
) -> (TensorSpec, TensorSpec, TensorSpec) {
    let column = of(x, [x.shape[0], 1, x.shape[2]]);
    (x.clone(), column.clone(), column)
}

pub(super) fn attend(qkv: &TensorSpec, heads: &Heads) -> (TensorSpec, TensorSpec) {
    let [replicas, rows, wide] = [qkv.shape[0], qkv.shape[1], qkv.shape[2]];
    let weights = [replicas * rows / heads.time, heads.count, heads.time, heads.time];
    (of(qkv, [replicas, rows, wide / 3]), of(qkv, weights))
}

pub(super) fn attend_back(qkv: &TensorSpec, _: &TensorSpec, _: &TensorSpec, _: &Heads) -> TensorSpec {
    qkv.clone()
}

pub(super) fn cross_entropy(logits: &TensorSpec, _: &TensorSpec) -> (TensorSpec, TensorSpec) {
    (of(logits, [logits.shape[0]]), logits.clone())
}

#[expect(clippy::too_many_arguments, reason = "those of `sgd`")]
pub(super) fn sgd(
    w1: &TensorSpec,
    _: &TensorSpec,
    w2: &TensorSpec,
    _: &TensorSpec,
    w3: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &[Step; 3],
) -> (TensorSpec, TensorSpec, TensorSpec) {
    (w1.clone(), w2.clone(), w3.clone())
}

pub(super) fn momentum(
    w: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &Step,
) -> (TensorSpec, TensorSpec) {
    (w.clone(), w.clone())
}

pub(super) fn adam(
    w: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &Step,
) -> (TensorSpec, TensorSpec, TensorSpec) {
    (w.clone(), w.clone(), w.clone())
}
