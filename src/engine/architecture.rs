//! Which tensors a network has, and in which order.
//!
//! The list is the network's only description of its parameters: models read it in order, the
//! optimizer walks it, reports name its matrices. Weights stand as `[in, out]`, as `x @ W` has them.

use super::parameter::{Kind, Parameter};
use crate::lab::spec::{
    Activation, AttentionScale, BlockStyle, Model, Norm, NormPosition, Role, Scheme, Spec, first_shape,
};
use crate::science::init::MUP_BASE;
use crate::science::plan::{Gate, Junction};
use crate::science::site::{Fans, Site};

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
    /// The block's kind.
    pub block: BlockStyle,
    /// The factor on attention's logits.
    pub attention: AttentionScale,
    /// The head is the token embedding.
    pub tied: bool,
    /// Where branches meet the stream.
    pub junction: Junction,
    /// Rates and tied logits shrink with the width.
    pub mup: bool,
    /// Input numbers (MLP).
    pub features: usize,
    /// Outputs: classes or characters.
    pub classes: usize,
}

impl Architecture {
    /// The network that a spec describes.
    pub fn of(spec: &Spec) -> Self {
        let shape = first_shape(spec);
        Self {
            model: spec.model,
            depth: spec.depth,
            width: spec.width,
            heads: spec.heads,
            context: spec.context,
            activation: spec.phi(),
            norm: spec.norm,
            position: spec.position,
            residual: spec.residual,
            block: spec.block,
            attention: spec.attention(),
            tied: spec.tied,
            junction: spec.plan().junction(spec.depth),
            mup: spec.scheme == Scheme::Mup,
            features: shape.features,
            classes: shape.classes,
        }
    }

    /// The factor on tied logits: 64/d for μP, so that they do not grow with the width.
    pub fn logit_scale(&self) -> f64 {
        if self.mup && self.tied { MUP_BASE / self.width as f64 } else { 1.0 }
    }

    /// Whether linear maps have biases.
    pub fn biases(&self) -> bool {
        self.model == Model::Mlp || self.block.has_biases()
    }

    /// Whether norms stand before the matrices.
    pub fn pre_norm(&self) -> bool {
        self.norm != Norm::None && self.position == NormPosition::Pre
    }

    /// Whether norms stand between the matrices and the activations.
    pub(crate) fn inner_norm(&self) -> bool {
        self.norm != Norm::None && self.position == NormPosition::Inner
    }

    /// Whether norms stand after the layers.
    pub fn post_norm(&self) -> bool {
        self.norm != Norm::None && self.position == NormPosition::Post
    }

    /// Every tensor in the order in which the model reads them.
    pub fn parameters(&self) -> Vec<Parameter> {
        let gate = self.junction.gate;
        let mut list = List { norm: self.norm, biases: self.biases(), gate, parameters: Vec::new() };
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
            let role = if output { Role::Output } else { Role::Hidden };
            if self.pre_norm() && layer > 0 {
                list.norm(&format!("{name}.norm"), layer, fan_in);
            }
            list.linear(&name, layer, &[self.site(role, fan_in, fan_out, layer + 1)]);
            if self.inner_norm() && !output {
                list.norm(&format!("{name}.norm"), layer, fan_out);
            }
            if self.residual && layer > 0 && !output {
                list.gate(&format!("{name}.gate"), layer, self.width);
            }
            if self.post_norm() && !output {
                list.norm(&format!("{name}.norm"), layer, fan_out);
            }
            fan_in = fan_out;
        }
    }

    fn gpt(&self, list: &mut List) {
        let d = self.width;
        let wide = self.block.hidden(d);
        let table = |role, rows| self.site(role, d, rows, 0);
        list.matrix("embedding.token".into(), 0, table(Role::Token, self.classes));
        if self.block == BlockStyle::Gpt2 {
            list.matrix("embedding.position".into(), 0, table(Role::Position, self.context));
        }
        for block in 1..=self.depth {
            let name = |part: &str| format!("block.{block}.{part}");
            let site = |role, fan_in, fan_out| self.site(role, fan_in, fan_out, block);
            if self.norm != Norm::None {
                list.norm(&name("norm1"), block, d);
            }
            let qkv = [Role::Query, Role::Key, Role::Value].map(|role| site(role, d, d));
            list.linear(&name("qkv"), block, &qkv);
            list.linear(&name("out"), block, &[site(Role::AttentionOut, d, d)]);
            if self.residual {
                list.gate(&name("attention-gate"), block, d);
            }
            if self.norm != Norm::None {
                list.norm(&name("norm2"), block, d);
            }
            list.linear(&name("mlp-in"), block, &[site(Role::MlpIn, d, wide)]);
            if self.block == BlockStyle::Llama {
                list.linear(&name("mlp-up"), block, &[site(Role::MlpUp, d, wide)]);
            }
            list.linear(&name("mlp-out"), block, &[site(Role::MlpOut, wide, d)]);
            if self.residual {
                list.gate(&name("mlp-gate"), block, d);
            }
        }
        if self.pre_norm() {
            list.norm("final.norm", self.depth + 1, d);
        }
        if !self.tied {
            list.matrix("head.weight".into(), self.depth + 1, self.site(Role::Head, d, self.classes, self.depth + 1));
        }
    }

    fn site(&self, role: Role, fan_in: usize, fan_out: usize, layer: usize) -> Site {
        let heads = if self.model == Model::Gpt { self.heads } else { 1 };
        Site { role, fans: Fans { fan_in, fan_out }, layer, depth: self.depth, width: self.width, heads }
    }
}

struct List {
    norm: Norm,
    biases: bool,
    gate: Option<Gate>,
    parameters: Vec<Parameter>,
}

impl List {
    fn push(&mut self, name: String, layer: usize, kind: Kind, rows: usize, columns: usize) {
        self.parameters.push(Parameter { name, layer, kind, rows, columns });
    }

    fn matrix(&mut self, name: String, layer: usize, site: Site) {
        let Fans { fan_in, fan_out } = site.fans;
        let (rows, columns) = if site.role.is_table() { (fan_out, fan_in) } else { (fan_in, fan_out) };
        self.push(name, layer, Kind::Matrix(site), rows, columns);
    }

    /// A linear map, or three side by side.
    fn linear(&mut self, name: &str, layer: usize, sites: &[Site]) {
        let weight = format!("{name}.weight");
        let columns = sites.iter().map(|site| site.fans.fan_out).sum();
        match sites {
            [q, k, v] => self.push(weight, layer, Kind::Qkv([*q, *k, *v]), q.fans.fan_in, columns),
            _ => self.matrix(weight, layer, sites[0]),
        }
        if self.biases {
            self.push(format!("{name}.bias"), layer, Kind::Bias(sites.to_vec()), 1, columns);
        }
    }

    fn gate(&mut self, name: &str, layer: usize, width: usize) {
        match self.gate {
            Some(Gate::Scalar(start)) => self.push(name.to_owned(), layer, Kind::Gate(start), 1, 1),
            Some(Gate::Vector(start)) => self.push(name.to_owned(), layer, Kind::Gate(start), 1, width),
            None => {}
        }
    }

    fn norm(&mut self, name: &str, layer: usize, size: usize) {
        self.push(format!("{name}.gain"), layer, Kind::NormGain, 1, size);
        if matches!(self.norm, Norm::Layer | Norm::Batch) {
            self.push(format!("{name}.bias"), layer, Kind::NormShift, 1, size);
        }
    }
}
