//! How fast each tensor learns, beside the others.

use crate::engine::parameter::{Parameter, ParameterKind};
use crate::lab::spec::Optimizer;
use crate::science::architecture::Architecture;
use crate::science::init::MUP_BASE;
use crate::science::layer::LayerId;
use crate::science::site::{Role, Site};

/// How fast one tensor learns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TensorPace {
    /// What η is multiplied by.
    pub factor: f64,
    /// Whether it has two axes: decay may be for those alone.
    pub is_matrix: bool,
}

impl TensorPace {
    /// The pace of a network's parameter.
    pub fn of(parameter: &Parameter, net: &Architecture, optimizer: Optimizer) -> Self {
        Self { factor: rate(parameter, net, optimizer), is_matrix: parameter.kind.is_matrix() }
    }
}

/// μP's factor on the learning rate (Yang 2022, Table 3), which is 1 at a width of 64.
///
/// ```text
///                 input, biases   hidden   output   its bias
/// SGD, momentum   n/64            1        64/n     1
/// Adam, AdamW     1               64/n     64/n     1
/// ```
///
/// n is the width of the tensor's own layer; for hidden matrices and the output's, what they read.
/// The output's bias has as many entries as there are classes, at any width.
fn rate(parameter: &Parameter, net: &Architecture, optimizer: Optimizer) -> f64 {
    if !net.mup {
        return 1.0;
    }
    let adam = matches!(optimizer, Optimizer::Adam | Optimizer::AdamW);
    let grows = match &parameter.kind {
        ParameterKind::Matrix(site) => {
            (!site.role.is_table() && site.id().layer != LayerId::Hidden(1), site.role.is_last())
        }
        ParameterKind::Qkv(_) => (true, false),
        ParameterKind::Bias(sites) if sites.iter().any(|site| site.role.is_last()) => return 1.0,
        ParameterKind::Bias(_) | ParameterKind::NormGain | ParameterKind::NormShift | ParameterKind::Gate(_) => {
            (false, false)
        }
    };
    let n = match &parameter.kind {
        ParameterKind::Matrix(site) if site.role == Role::Hidden && site.layer > 1 => site.fans.fan_in,
        ParameterKind::Matrix(Site { width, .. }) => *width,
        ParameterKind::Bias(sites) => sites.first().map_or(net.width, |site| site.width),
        ParameterKind::NormGain | ParameterKind::NormShift => parameter.columns,
        ParameterKind::Qkv(_) | ParameterKind::Gate(_) => net.width,
    };
    let over = n as f64 / MUP_BASE;
    match grows {
        (_, true) => 1.0 / over,
        (true, false) if adam => 1.0 / over,
        (true, false) => 1.0,
        (false, false) if adam => 1.0,
        (false, false) => over,
    }
}
