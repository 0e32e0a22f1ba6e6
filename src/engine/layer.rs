//! Layers and their derivatives: linear maps, norms, and where a branch meets the stream.

use burn::tensor::Tensor;

use super::tape::{Node, Tape};
use crate::lab::spec::Norm;
use crate::science::norm::EPSILON;

impl Tape {
    /// A linear map of rows, `[R, N, in]` to `[R, N, out]`.
    ///
    /// ```text
    /// y = x·W + b      x̄ = ȳ·Wᵀ   W̄ = xᵀ·ȳ   b̄ = Σ_rows ȳ
    /// ```
    pub fn linear(&mut self, x: &Node, w: &Node, b: Option<&Node>) -> Node {
        let mut y = x.value.clone().matmul(w.value.clone());
        if let Some(b) = b {
            y = y + b.value.clone();
        }
        let (x, w, b) = (x.clone(), w.clone(), b.map(|b| b.place));
        self.push(y, move |dy, gradients| {
            if let Some(b) = b {
                gradients.add(b, || dy.clone().sum_dim(1));
            }
            gradients.add(w.place, || x.value.clone().swap_dims(1, 2).matmul(dy.clone()));
            gradients.add(x.place, || dy.matmul(w.value.swap_dims(1, 2)));
        })
    }

    /// The head that is the token embedding E `[R, V, d]`: `[R, N, d]` to logits `[R, N, V]`.
    ///
    /// ```text
    /// y = c·x·Eᵀ      x̄ = c·ȳ·E   Ē = c·ȳᵀ·x
    /// ```
    pub fn tied_head(&mut self, x: &Node, table: &Node, factor: f64) -> Node {
        let scaled = move |tensor: Tensor<3>| if factor == 1.0 { tensor } else { tensor.mul_scalar(factor as f32) };
        let y = scaled(x.value.clone().matmul(table.value.clone().swap_dims(1, 2)));
        let (x, table) = (x.clone(), table.clone());
        self.push(y, move |dy, gradients| {
            let dy = scaled(dy);
            gradients.add(table.place, || dy.clone().swap_dims(1, 2).matmul(x.value.clone()));
            gradients.add(x.place, || dy.matmul(table.value));
        })
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
        let (x, table) = (x.place, table.place);
        self.push(y.reshape([replicas, rows, width]), move |dy, gradients| {
            gradients.add(table, || dy.clone().reshape(apart).sum_dim(1).reshape([replicas, time, width]));
            gradients.add(x, || dy);
        })
    }

    /// A branch meets the stream.
    ///
    /// ```text
    /// y = skip·h + g⊙x      h̄ = skip·ȳ   x̄ = g⊙ȳ   ḡ = Σ x⊙ȳ
    /// ```
    pub fn join(&mut self, h: &Node, skip: f64, branch: &Node, gate: Option<&Node>) -> Node {
        let skipped = move |tensor: Tensor<3>| if skip == 1.0 { tensor } else { tensor.mul_scalar(skip as f32) };
        let gated = match gate {
            Some(gate) => branch.value.clone() * gate.value.clone(),
            None => branch.value.clone(),
        };
        let y = skipped(h.value.clone()) + gated;
        let (h, branch, gate) = (h.place, branch.clone(), gate.cloned());
        self.push(y, move |dy, gradients| {
            match gate {
                Some(gate) => {
                    let one = gate.value.dims()[2] == 1;
                    gradients.add(gate.place, || {
                        let product = (branch.value * dy.clone()).sum_dim(1);
                        if one { product.sum_dim(2) } else { product }
                    });
                    gradients.add(branch.place, || dy.clone() * gate.value);
                }
                None => gradients.add(branch.place, || dy.clone()),
            }
            gradients.add(h, || skipped(dy));
        })
    }

    /// The product of two, entry by entry.
    ///
    /// ```text
    /// y = a⊙b      ā = b⊙ȳ   b̄ = a⊙ȳ
    /// ```
    pub fn product(&mut self, a: &Node, b: &Node) -> Node {
        let (a, b) = (a.clone(), b.clone());
        self.push(a.value.clone() * b.value.clone(), move |dy, gradients| {
            gradients.add(a.place, || b.value.clone() * dy.clone());
            gradients.add(b.place, || a.value * dy);
        })
    }

    /// The norm of the last axis, with a learned gain, and a shift for LayerNorm.
    ///
    /// ```text
    /// y = x̂⊙g + b,   x̂ = (x − μ)/s,   s = √(⟨(x − μ)²⟩ + ε);   μ = ⟨x⟩, for RMSNorm 0
    /// x̄ = (u − ⟨u⟩ − x̂⟨u⊙x̂⟩)/s,   u = ȳ⊙g;   for RMSNorm without ⟨u⟩
    /// ḡ = Σ_rows ȳ⊙x̂   b̄ = Σ_rows ȳ
    /// ```
    pub fn normalize(&mut self, norm: Norm, x: &Node, gain: &Node, shift: Option<&Node>) -> Node {
        let centers = norm == Norm::Layer;
        let centered = |x: Tensor<3>| if centers { x.clone() - x.mean_dim(2) } else { x };
        let centered_x = centered(x.value.clone());
        let square = (centered_x.clone() * centered_x.clone()).mean_dim(2); // [R, N, 1]
        let scale = square.add_scalar(EPSILON as f32).sqrt().recip();
        let normed = centered_x * scale.clone();
        let mut y = normed.clone() * gain.value.clone();
        if let Some(shift) = shift {
            y = y + shift.value.clone();
        }
        let (x, gain, shift) = (x.place, gain.clone(), shift.map(|shift| shift.place));
        self.push(y, move |dy, gradients| {
            if let Some(shift) = shift {
                gradients.add(shift, || dy.clone().sum_dim(1));
            }
            gradients.add(gain.place, || (normed.clone() * dy.clone()).sum_dim(1));
            gradients.add(x, || {
                let u = dy * gain.value;
                let along = (u.clone() * normed.clone()).mean_dim(2); // [R, N, 1]
                let u = if centers { u.clone() - u.mean_dim(2) } else { u };
                (u - normed * along) * scale
            });
        })
    }
}
