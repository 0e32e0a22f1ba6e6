//! Layers and their derivatives: linear maps, norms, and where a branch meets the stream.

use burn::tensor::Tensor;

use super::fused::{self, Epilogue};
use super::tape::{Node, Tape};
use crate::lab::spec::Activation;

/// What a linear map and its activation make of rows, `[R, N, out]` each.
pub struct Dense {
    /// What the linear map makes, before the activation.
    pub z: Tensor<3>,
    /// φ'(z). A linear map puts z here, and nobody reads it.
    pub derivative: Tensor<3>,
    /// φ(z).
    pub y: Node,
}

impl Tape {
    /// A linear map of rows `[R, N, in]` and its activation: z, φ'(z) and φ(z), `[R, N, out]` each.
    ///
    /// ```text
    /// z = x·W + b   y = φ(z)      z̄ = ȳ⊙φ'(z)   x̄ = z̄·Wᵀ   W̄ = xᵀ·z̄   b̄ = Σ_rows z̄
    /// ```
    pub fn dense(&mut self, x: &Node, w: &Node, b: Option<&Node>, activation: Activation) -> Dense {
        if let Some(slopes) = self.branches.next(activation) {
            let z = self.linear(x, w, b);
            let y = self.product(&z, &Node::constant(slopes.clone()));
            return Dense { z: z.value, derivative: slopes, y };
        }
        let biases = b.map(|b| b.value.clone());
        let [z, y, derivative] = fused::dense(x.value.clone(), w.value.clone(), biases, activation);
        self.branches.note(activation, &derivative);
        let (x, w, b) = (x.clone(), w.clone(), b.map(|b| b.slot));
        let epilogue = Epilogue { activation, biased: b.is_some() };
        let at_z = derivative.clone();
        let y = self.push(y, move |dy, gradients| {
            let (dw, db) = if x.slot.is_wanted() {
                let (dx, dw, db) = fused::dense_back(x.value, w.value, dy, at_z, epilogue);
                gradients.add(x.slot, || dx);
                (dw, db)
            } else {
                fused::dense_back_weights(x.value, dy, at_z, epilogue)
            };
            if let Some(b) = b {
                gradients.add(b, || db);
            }
            gradients.add(w.slot, || dw);
        });
        Dense { z, derivative, y }
    }

    /// φ'(x) and φ(x) of an activation alone, where something stands between it and the linear map.
    ///
    /// ```text
    /// y = φ(x)      x̄ = ȳ⊙φ'(x)
    /// ```
    pub fn activate(&mut self, x: &Node, activation: Activation) -> (Tensor<3>, Node) {
        if let Some(slopes) = self.branches.next(activation) {
            return (slopes.clone(), self.product(x, &Node::constant(slopes)));
        }
        let (y, derivative) = fused::activate(x.value.clone(), activation);
        self.branches.note(activation, &derivative);
        let (x, at_x) = (x.slot, derivative.clone());
        let y = self.push(y, move |dy, gradients| gradients.add(x, || dy * at_x));
        (derivative, y)
    }

    /// A linear map alone.
    pub fn linear(&mut self, x: &Node, w: &Node, b: Option<&Node>) -> Node {
        self.dense(x, w, b, Activation::Linear).y
    }

    /// The head that shares the token embedding E `[R, V, d]`: x `[R, N, d]` to logits `[R, N, V]`.
    ///
    /// ```text
    /// y = c·x·Eᵀ      x̄ = c·ȳ·E   Ē = c·ȳᵀ·x
    /// ```
    pub(crate) fn tied_head(&mut self, x: &Node, table: &Node, factor: f64) -> Node {
        let columns = self.transpose(table);
        let y = self.linear(x, &columns, None);
        if factor == 1.0 {
            return y;
        }
        let scaled = move |tensor: Tensor<3>| tensor.mul_scalar(factor as f32);
        let slot = y.slot;
        self.push(scaled(y.value), move |dy, gradients| gradients.add(slot, || scaled(dy)))
    }

    /// The transpose of a matrix.
    fn transpose(&mut self, x: &Node) -> Node {
        let slot = x.slot;
        self.push(x.value.clone().swap_dims(1, 2), move |dy, gradients| gradients.add(slot, || dy.swap_dims(1, 2)))
    }

    /// Adds to each row of each window what belongs to its position, P `[R, T, d]`.
    ///
    /// ```text
    /// y = x + P[t]      x̄ = ȳ   P̄[t] = Σ_windows ȳ
    /// ```
    pub fn positions(&mut self, x: &Node, table: &Node) -> Node {
        let [replicas, rows, width] = x.value.dims();
        let time = table.value.dims()[1];
        let apart = [replicas, rows / time, time, width];
        let y = x.value.clone().reshape(apart) + table.value.clone().unsqueeze_dim::<4>(1);
        let (x, table) = (x.slot, table.slot);
        self.push(y.reshape([replicas, rows, width]), move |dy, gradients| {
            gradients.add(table, || dy.clone().reshape(apart).sum_dim(1).reshape([replicas, time, width]));
            gradients.add(x, || dy);
        })
    }

    /// Where a branch meets the stream: y, and the gated branch g⊙x.
    ///
    /// ```text
    /// y = skip·h + g⊙x      h̄ = skip·ȳ   x̄ = g⊙ȳ   ḡ = Σ x⊙ȳ
    /// ```
    pub fn join(&mut self, h: &Node, skip: f64, branch: &Node, gate: Option<&Node>) -> (Node, Tensor<3>) {
        let skipped = move |tensor: Tensor<3>| if skip == 1.0 { tensor } else { tensor.mul_scalar(skip as f32) };
        let gated = match gate {
            Some(gate) => branch.value.clone() * gate.value.clone(),
            None => branch.value.clone(),
        };
        let y = skipped(h.value.clone()) + gated.clone();
        let (h, branch, gate) = (h.slot, branch.clone(), gate.cloned());
        let y = self.push(y, move |dy, gradients| {
            match gate {
                Some(gate) => {
                    let one = gate.value.dims()[2] == 1;
                    gradients.add(gate.slot, || {
                        let product = (branch.value * dy.clone()).sum_dim(1);
                        if one { product.sum_dim(2) } else { product }
                    });
                    gradients.add(branch.slot, || dy.clone() * gate.value);
                }
                None => gradients.add(branch.slot, || dy.clone()),
            }
            gradients.add(h, || skipped(dy));
        });
        (y, gated)
    }

    /// The product of two tensors, entry by entry.
    ///
    /// ```text
    /// y = a⊙b      ā = b⊙ȳ   b̄ = a⊙ȳ
    /// ```
    pub fn product(&mut self, a: &Node, b: &Node) -> Node {
        let (a, b) = (a.clone(), b.clone());
        self.push(a.value.clone() * b.value.clone(), move |dy, gradients| {
            gradients.add(a.slot, || b.value.clone() * dy.clone());
            gradients.add(b.slot, || a.value * dy);
        })
    }

    /// The norm of the last axis, with a learned gain: LayerNorm if there is a shift, else RMSNorm.
    ///
    /// ```text
    /// y = x̂⊙g + b,   x̂ = (x − μ)/s,   s = √(⟨(x − μ)²⟩ + ε);   μ = ⟨x⟩, for RMSNorm 0
    /// x̄ = (u − ⟨u⟩ − x̂⟨u⊙x̂⟩)/s,   u = ȳ⊙g;   for RMSNorm without ⟨u⟩
    /// ḡ = Σ_rows ȳ⊙x̂   b̄ = Σ_rows ȳ
    /// ```
    pub fn normalize(&mut self, x: &Node, gain: &Node, shift: Option<&Node>) -> Node {
        let shifts = shift.map(|shift| shift.value.clone());
        let [y, mean, inverse] = fused::normalize(x.value.clone(), gain.value.clone(), shifts);
        let (x, gain, shift) = (x.clone(), gain.clone(), shift.map(|shift| shift.slot));
        self.push(y, move |dy, gradients| {
            let centers = shift.is_some();
            let elsewhere = gradients.take(x.slot);
            let inputs = [x.value, gain.value, mean, inverse, dy];
            let [dx, dgain, dshift] = fused::normalize_back(inputs, elsewhere, centers);
            if let Some(shift) = shift {
                gradients.add(shift, || dshift);
            }
            gradients.add(gain.slot, || dgain);
            gradients.add(x.slot, || dx);
        })
    }
}
