//! One tensor of a network: what it is, how it starts, how fast it learns.

use crate::lab::spec::{Plan, Spec};
use crate::science::layer::MatrixId;
use crate::science::seed::Stream;
use crate::science::site::Site;

/// What a parameter is, and so how it starts.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
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

impl Kind {
    /// Whether it is reported as a weight matrix.
    pub fn is_matrix(&self) -> bool {
        matches!(self, Self::Matrix(_) | Self::Qkv(_))
    }
}

/// One tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `hidden.3.weight`, `block.1.qkv.bias`, …
    pub name: String,
    /// Index of its layer in `lab::spec::layers`.
    pub layer: usize,
    /// What it is.
    pub kind: Kind,
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

    /// Never: every tensor has entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The initial values, row-major `[rows, columns]`, from streams named after the parameter.
    ///
    /// A stream per tensor keeps the draws of one layer when another is changed, and the same
    /// underlying draws when only a scale is.
    pub fn initial(&self, spec: &Spec, plan: &Plan) -> Vec<f32> {
        let stream = |name: &str| Stream::new(spec.seed, &format!("weights/{name}"));
        // Q, K and V have streams of their own, wherever they stand.
        let part = |site: &Site| stream(&self.name.replace("qkv", site.role.id()));
        match &self.kind {
            Kind::Matrix(site) => plan.matrix(site, &mut stream(&self.name)),
            Kind::Qkv(sites) => {
                let d = self.rows;
                let parts = sites.map(|site| plan.matrix(&site, &mut part(&site)));
                (0..d)
                    .flat_map(|row| parts.iter().flat_map(move |part| &part[row * d..(row + 1) * d]))
                    .copied()
                    .collect()
            }
            Kind::Bias(sites) => {
                sites.iter().flat_map(|site| plan.bias(site.role, site.fans, spec.bias, &mut part(site))).collect()
            }
            Kind::NormGain => vec![1.0; self.columns],
            Kind::NormShift => vec![0.0; self.columns],
            Kind::Gate(start) => vec![*start as f32; self.columns],
        }
    }

    /// Its matrices as they are reported, with their columns: Q, K and V apart.
    pub(super) fn reported(&self) -> Vec<(MatrixId, Option<(usize, usize)>)> {
        match &self.kind {
            Kind::Matrix(site) => vec![(site.id(), None)],
            Kind::Qkv(sites) => {
                let d = self.rows;
                sites.iter().enumerate().map(|(index, site)| (site.id(), Some((index * d, d)))).collect()
            }
            Kind::Bias(_) | Kind::NormGain | Kind::NormShift | Kind::Gate(_) => Vec::new(),
        }
    }
}
