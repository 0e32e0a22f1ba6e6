//! The network that a spec describes.

use super::{DataShape, Role, Scheme, Spec, first_shape};
use crate::science::architecture::Architecture;

impl Spec {
    /// Its sizes and switches, with what follows from other knobs filled in.
    pub fn architecture(&self) -> Architecture {
        let DataShape { features, classes, .. } = first_shape(self);
        Architecture {
            model: self.model,
            depth: self.depth,
            width: self.width,
            heads: self.heads,
            context: self.context,
            features,
            classes,
            activation: self.phi(),
            norm: self.norm,
            position: self.position,
            residual: self.residual,
            dropout: self.dropout,
            block: self.block,
            attention: self.attention(),
            tied: self.tied,
            junction: self.scheme.junction(self.depth),
            mup: self.scheme == Scheme::Mup,
        }
    }
}

/// The σ of the first matrix of a role.
pub(crate) fn first_sigma(spec: &Spec, role: Role) -> f64 {
    let layer = if role.is_table() { 0 } else { 1 };
    let layer = if role.is_last() { spec.depth + 1 } else { layer };
    spec.plan().std_at(&spec.architecture().site(role, layer))
}
