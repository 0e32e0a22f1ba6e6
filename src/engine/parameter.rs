//! The tensors of a network: what each is and how it starts, in the order in which models read them and the
//! optimizer walks them. Weights stand as `[in, out]`, as `x @ W` has them.

use crate::lab::spec::{Model, Norm, Plan, Role, Spec};
use crate::science::architecture::Architecture;
use crate::science::init::MatrixDraw;
use crate::science::junction::Gate;
use crate::science::layer::MatrixId;
use crate::science::seed::Stream;
use crate::science::site::{Fans, Site};

/// What a parameter is, and so how it starts.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterKind {
    /// A weight matrix, or a lookup table with one row an entry.
    Matrix(Site),
    /// Q, K and V side by side: `[d, 3d]`.
    Qkv([Site; 3]),
    /// Biases of linear maps that stand side by side.
    Bias(Vec<Site>),
    /// A normalization's gain, starting at 1.
    NormGain,
    /// A normalization's shift, starting at 0.
    NormShift,
    /// What a branch is multiplied by, starting at this.
    Gate(f64),
}

impl ParameterKind {
    /// Whether it is reported as a weight matrix.
    pub fn is_matrix(&self) -> bool {
        matches!(self, Self::Matrix(_) | Self::Qkv(_))
    }
}

/// One tensor of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `hidden.3.weight`, `block.1.qkv.bias`, …
    pub name: String,
    /// Index of its layer in [`Architecture::layers`].
    pub layer: usize,
    /// What it is.
    pub kind: ParameterKind,
    /// Rows: fan_in of a matrix, 1 of a vector.
    pub rows: usize,
    /// Columns: fan_out.
    pub columns: usize,
}

impl Parameter {
    /// Numbers in the tensor.
    pub fn len(&self) -> usize {
        self.rows * self.columns
    }

    /// Always false, since every tensor has entries; Clippy wants it beside `len`.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Begins to draw the initial values from streams named after the parameter.
    ///
    /// A stream per tensor keeps the draws of one layer when another is changed, and the same
    /// underlying draws when only a scale is.
    pub(super) fn begin(&self, spec: &Spec, plan: &Plan) -> ParameterDraw {
        let stream = |name: &str| Stream::new(spec.run.seed, &format!("weights/{name}"));
        let matrix = |site: &Site| plan.begin(site, &mut stream(&weight_name(site)));
        match &self.kind {
            ParameterKind::Matrix(site) => ParameterDraw::Matrices(vec![matrix(site)]),
            // Q, K and V have streams of their own, wherever they stand.
            ParameterKind::Qkv(sites) => ParameterDraw::Matrices(sites.iter().map(matrix).collect()),
            ParameterKind::Bias(sites) => {
                let bias = |site: &Site| {
                    let mut stream = stream(&format!("{}.bias", site.id()));
                    plan.bias(site.role, site.fans, spec.start.bias, &mut stream)
                };
                ParameterDraw::Vector(sites.iter().flat_map(bias).collect())
            }
            ParameterKind::NormGain => ParameterDraw::Vector(vec![1.0; self.columns]),
            ParameterKind::NormShift => ParameterDraw::Vector(vec![0.0; self.columns]),
            ParameterKind::Gate(start) => ParameterDraw::Vector(vec![*start as f32; self.columns]),
        }
    }

    /// Its matrices as they are reported, with their columns: Q, K and V apart.
    pub(super) fn reported(&self) -> Vec<(MatrixId, Option<(usize, usize)>)> {
        match &self.kind {
            ParameterKind::Matrix(site) => vec![(site.id(), None)],
            ParameterKind::Qkv(sites) => {
                let d = self.rows;
                sites.iter().enumerate().map(|(index, site)| (site.id(), Some((index * d, d)))).collect()
            }
            ParameterKind::Bias(_) | ParameterKind::NormGain | ParameterKind::NormShift | ParameterKind::Gate(_) => {
                Vec::new()
            }
        }
    }
}

/// The initial values of a tensor in the making.
pub(super) enum ParameterDraw {
    /// Numbers that are there at once.
    Vector(Vec<f32>),
    /// Matrices with as many rows, which stand side by side.
    Matrices(Vec<MatrixDraw>),
}

impl ParameterDraw {
    /// Goes on for some milliseconds at most. Answers whether the tensor is done.
    pub(super) fn advance(&mut self) -> bool {
        match self {
            Self::Vector(_) => true,
            Self::Matrices(matrices) => matrices.iter_mut().all(MatrixDraw::advance),
        }
    }

    /// The values, row-major `[rows, columns]`, after all that is left to do.
    pub(super) fn finish(self, rows: usize) -> Vec<f32> {
        let mut parts: Vec<Vec<f32>> = match self {
            Self::Vector(values) => return values,
            Self::Matrices(matrices) => matrices.into_iter().map(MatrixDraw::finish).collect(),
        };
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let row = |part: &Vec<f32>, row: usize| {
            let columns = part.len() / rows;
            row * columns..(row + 1) * columns
        };
        (0..rows).flat_map(|r| parts.iter().flat_map(move |part| &part[row(part, r)])).copied().collect()
    }
}

impl Architecture {
    /// Every tensor in the order in which the model reads them.
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut list = ParameterList { net: self, parameters: Vec::new() };
        for site in self.matrices() {
            match self.model {
                Model::Mlp => list.mlp_layer(site),
                Model::Gpt => list.gpt_matrix(site),
            }
        }
        list.parameters
    }
}

/// The tensors so far.
struct ParameterList<'a> {
    net: &'a Architecture,
    parameters: Vec<Parameter>,
}

impl ParameterList<'_> {
    /// A perceptron's matrix, with what stands before and after it.
    fn mlp_layer(&mut self, site: Site) {
        let Site { role, layer, fans, .. } = site;
        let (name, is_first, is_last) = (site.id().layer, layer == 1, role.is_last());
        let norm = format!("{name}.norm");
        let index = layer - 1;
        if self.net.pre_norm() && !is_first {
            self.norm(&norm, index, fans.fan_in);
        }
        self.linear(&name.to_string(), index, &[site]);
        if is_last {
            return;
        }
        if self.net.inner_norm() {
            self.norm(&norm, index, fans.fan_out);
        }
        if !is_first {
            self.gate(&format!("{name}.gate"), index);
        }
        if self.net.post_norm() {
            self.norm(&norm, index, fans.fan_out);
        }
    }

    /// A transformer's matrix, with what stands before and after it.
    fn gpt_matrix(&mut self, site: Site) {
        let (net, layer, width) = (self.net, site.layer, self.net.width);
        let block = site.id().layer;
        let name = |part: &str| format!("{block}.{part}");
        match site.role {
            // K and V stand beside Q.
            Role::Key | Role::Value => {}
            Role::Query => {
                let qkv = [Role::Query, Role::Key, Role::Value].map(|role| net.site(role, layer));
                self.norm(&name("norm1"), layer, width);
                self.linear(&name("qkv"), layer, &qkv);
            }
            Role::AttentionOut => {
                self.linear(&name("out"), layer, &[site]);
                self.gate(&name("attention-gate"), layer);
            }
            Role::MlpIn => {
                self.norm(&name("norm2"), layer, width);
                self.linear(&name("mlp-in"), layer, &[site]);
            }
            Role::MlpUp => self.linear(&name("mlp-up"), layer, &[site]),
            Role::MlpOut => {
                self.linear(&name("mlp-out"), layer, &[site]);
                self.gate(&name("mlp-gate"), layer);
                if net.pre_norm() && layer == net.depth {
                    self.norm("final.norm", layer + 1, width);
                }
            }
            Role::Token | Role::Position | Role::Head | Role::Hidden | Role::Output => self.matrix(layer, site),
        }
    }

    fn push(&mut self, name: String, layer: usize, kind: ParameterKind, [rows, columns]: [usize; 2]) {
        self.parameters.push(Parameter { name, layer, kind, rows, columns });
    }

    fn matrix(&mut self, layer: usize, site: Site) {
        let Fans { fan_in, fan_out } = site.fans;
        let shape = if site.role.is_table() { [fan_out, fan_in] } else { [fan_in, fan_out] };
        self.push(weight_name(&site), layer, ParameterKind::Matrix(site), shape);
    }

    /// A linear map, or three side by side.
    fn linear(&mut self, name: &str, layer: usize, sites: &[Site]) {
        let columns = sites.iter().map(|site| site.fans.fan_out).sum();
        match sites {
            [q, k, v] => {
                let shape = [q.fans.fan_in, columns];
                self.push(format!("{name}.weight"), layer, ParameterKind::Qkv([*q, *k, *v]), shape);
            }
            _ => self.matrix(layer, sites[0]),
        }
        if self.net.has_biases() {
            self.push(format!("{name}.bias"), layer, ParameterKind::Bias(sites.to_vec()), [1, columns]);
        }
    }

    /// The gate of a branch that ends here, where branches have one.
    fn gate(&mut self, name: &str, layer: usize) {
        let gate = self.net.junction.gate.filter(|_| self.net.residual);
        match gate {
            Some(Gate::Scalar(start)) => self.push(name.to_owned(), layer, ParameterKind::Gate(start), [1, 1]),
            Some(Gate::Vector(start)) => {
                self.push(name.to_owned(), layer, ParameterKind::Gate(start), [1, self.net.width])
            }
            None => {}
        }
    }

    /// A norm over so many units, where the network has norms.
    fn norm(&mut self, name: &str, layer: usize, size: usize) {
        if self.net.norm == Norm::None {
            return;
        }
        self.push(format!("{name}.gain"), layer, ParameterKind::NormGain, [1, size]);
        if matches!(self.net.norm, Norm::Layer | Norm::Batch) {
            self.push(format!("{name}.bias"), layer, ParameterKind::NormShift, [1, size]);
        }
    }
}

/// The name of a matrix among the tensors, which its stream has too. A table is nothing but its weights.
fn weight_name(site: &Site) -> String {
    let id = site.id();
    if site.role.is_table() { id.to_string() } else { format!("{id}.weight") }
}
