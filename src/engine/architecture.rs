//! Which tensors a network has, in which order, and how each starts.
//!
//! The list is the network's only description of its parameters: models read it in order, the
//! optimizer walks it, reports name its matrices. Weights stand as `[in, out]`, as `x @ W` has them.

use crate::lab::prediction::data_shape;
use crate::lab::spec::{Activation, Init, Model, Norm, NormPosition, Scheme, Spec};
use crate::science::init::Fans;
use crate::science::seed::Stream;

/// The sizes and switches of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Architecture {
    /// MLP or GPT.
    pub model: Model,
    /// Hidden layers or blocks.
    pub depth: usize,
    /// Units or d_model.
    pub width: usize,
    /// Attention heads.
    pub heads: usize,
    /// Positions.
    pub context: usize,
    /// φ.
    pub activation: Activation,
    /// Normalization.
    pub norm: Norm,
    /// Where it stands.
    pub position: NormPosition,
    /// Skip connections.
    pub residual: bool,
    /// Input numbers (MLP).
    pub features: usize,
    /// Outputs: classes or characters.
    pub classes: usize,
}

/// What a parameter does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A weight matrix.
    Weight,
    /// Q, K and V side by side: `[d, 3d]`.
    Qkv,
    /// A matrix that writes into the residual stream.
    Projection,
    /// A lookup table, one row an entry.
    Embedding,
    /// A bias of a linear map with this fan_in.
    Bias(usize),
    /// A normalization's gain, starting at 1.
    NormGain,
    /// A normalization's shift, starting at 0.
    NormShift,
}

impl Role {
    /// Whether it is reported as a weight matrix.
    pub fn is_matrix(self) -> bool {
        matches!(self, Self::Weight | Self::Qkv | Self::Projection | Self::Embedding)
    }
}

/// One tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `hidden.3.weight`, `block.1.qkv.bias`, …
    pub name: String,
    /// Index of its layer in `lab::prediction::layer_names`.
    pub layer: usize,
    /// What it does.
    pub role: Role,
    /// Rows: fan_in of a matrix, 1 of a vector.
    pub rows: usize,
    /// Columns: fan_out.
    pub columns: usize,
}

impl Architecture {
    /// The network that a spec describes.
    pub fn of(spec: &Spec) -> Self {
        let shape = data_shape(spec.data);
        Self {
            model: spec.model,
            depth: spec.depth,
            width: spec.width,
            heads: spec.heads,
            context: spec.context,
            activation: spec.activation,
            norm: spec.norm,
            position: spec.position,
            residual: spec.residual,
            features: shape.features,
            classes: shape.classes,
        }
    }

    /// Whether norms stand before the matrices.
    pub fn pre_norm(&self) -> bool {
        self.norm != Norm::None && self.position == NormPosition::Pre
    }

    /// Whether norms stand after the layers.
    pub fn post_norm(&self) -> bool {
        self.norm != Norm::None && self.position == NormPosition::Post
    }

    /// Every tensor in the order in which the model reads them.
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut list = List { norm: self.norm, parameters: Vec::new() };
        match self.model {
            Model::Mlp => self.mlp(&mut list),
            Model::Gpt => self.gpt(&mut list),
        }
        list.parameters
    }

    fn mlp(&self, list: &mut List) {
        let mut fan_in = self.features;
        for layer in 0..=self.depth {
            let output = layer == self.depth;
            let name = if output { "output".to_owned() } else { format!("hidden.{}", layer + 1) };
            let fan_out = if output { self.classes } else { self.width };
            if self.pre_norm() && layer > 0 {
                list.norm(&format!("{name}.norm"), layer, fan_in);
            }
            list.linear(&name, layer, Role::Weight, fan_in, fan_out);
            if self.post_norm() && !output {
                list.norm(&format!("{name}.norm"), layer, fan_out);
            }
            fan_in = fan_out;
        }
    }

    fn gpt(&self, list: &mut List) {
        let d = self.width;
        list.push("embedding.token".into(), 0, Role::Embedding, self.classes, d);
        list.push("embedding.position".into(), 0, Role::Embedding, self.context, d);
        for block in 1..=self.depth {
            let name = |part: &str| format!("block.{block}.{part}");
            if self.norm != Norm::None {
                list.norm(&name("norm1"), block, d);
            }
            list.linear(&name("qkv"), block, Role::Qkv, d, 3 * d);
            list.linear(&name("out"), block, Role::Projection, d, d);
            if self.norm != Norm::None {
                list.norm(&name("norm2"), block, d);
            }
            list.linear(&name("mlp-in"), block, Role::Weight, d, 4 * d);
            list.linear(&name("mlp-out"), block, Role::Projection, 4 * d, d);
        }
        if self.pre_norm() {
            list.norm("final.norm", self.depth + 1, d);
        }
    }
}

struct List {
    norm: Norm,
    parameters: Vec<Parameter>,
}

impl List {
    fn push(&mut self, name: String, layer: usize, role: Role, rows: usize, columns: usize) {
        self.parameters.push(Parameter { name, layer, role, rows, columns });
    }

    fn linear(&mut self, name: &str, layer: usize, role: Role, fan_in: usize, fan_out: usize) {
        self.push(format!("{name}.weight"), layer, role, fan_in, fan_out);
        self.push(format!("{name}.bias"), layer, Role::Bias(fan_in), 1, fan_out);
    }

    fn norm(&mut self, name: &str, layer: usize, size: usize) {
        self.push(format!("{name}.gain"), layer, Role::NormGain, 1, size);
        if self.norm == Norm::Layer {
            self.push(format!("{name}.bias"), layer, Role::NormShift, 1, size);
        }
    }
}

impl Parameter {
    /// Numbers in the tensor.
    pub fn len(&self) -> usize {
        self.rows * self.columns
    }

    /// Never: every tensor has entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The initial values, row-major `[rows, columns]`, from streams named after the parameter.
    ///
    /// A stream per tensor keeps the draws of one layer when another is changed, and the same
    /// underlying draws when only a scale is.
    pub fn initial(&self, spec: &Spec, init: &Init) -> Vec<f32> {
        let stream = |name: &str| Stream::new(spec.seed, &format!("weights/{name}"));
        let fans = Fans { fan_in: self.rows, fan_out: self.columns };
        match self.role {
            Role::Weight => init.matrix(fans, &mut stream(&self.name)),
            Role::Projection if spec.scheme == Scheme::Gpt2 => {
                // GPT-2 divides what writes into the stream by the root of the number of writers.
                let scale = 1.0 / ((2 * spec.depth) as f64).sqrt();
                init.matrix_scaled(fans, scale, &mut stream(&self.name))
            }
            Role::Projection => init.matrix(fans, &mut stream(&self.name)),
            Role::Qkv => {
                let d = self.rows;
                let parts = ["q", "k", "v"].map(|part| {
                    let name = self.name.replace("qkv", part);
                    init.matrix(Fans { fan_in: d, fan_out: d }, &mut stream(&name))
                });
                (0..d)
                    .flat_map(|row| parts.iter().flat_map(move |part| &part[row * d..(row + 1) * d]))
                    .copied()
                    .collect()
            }
            Role::Embedding => init.embedding(self.rows, self.columns, &mut stream(&self.name)),
            Role::Bias(fan_in) if self.name.contains("qkv") => {
                // Three linear maps side by side, each of fan_out d.
                let fans = Fans { fan_in, fan_out: self.columns / 3 };
                let part = |part: &str| init.bias(fans, spec.bias, &mut stream(&self.name.replace("qkv", part)));
                ["q", "k", "v"].map(part).concat()
            }
            Role::Bias(fan_in) => init.bias(Fans { fan_in, fan_out: self.columns }, spec.bias, &mut stream(&self.name)),
            Role::NormGain => vec![1.0; self.columns],
            Role::NormShift => vec![0.0; self.columns],
        }
    }
}
