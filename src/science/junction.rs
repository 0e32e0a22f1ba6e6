//! Where a branch meets the residual stream.

use super::scheme::Scheme;

/// A number, or one a unit, that a branch is multiplied by and that is learned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gate {
    /// One number a branch, starting at this.
    Scalar(f64),
    /// One number a unit, starting at this.
    Vector(f64),
}

/// What happens where a branch meets the residual stream: h' = skip·h + gate·f(h).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Junction {
    /// The factor of what is skipped.
    pub skip: f64,
    /// The branch's gate, if it has one.
    pub gate: Option<Gate>,
}

impl Junction {
    /// `E[gate²]` at the start.
    pub fn gate_square(&self) -> f64 {
        match self.gate {
            None => 1.0,
            Some(Gate::Scalar(start) | Gate::Vector(start)) => start * start,
        }
    }
}

impl Scheme {
    /// What a network of L layers or blocks that starts so does where branches meet the stream.
    pub fn junction(self, depth: usize) -> Junction {
        let l = depth as f64;
        let (skip, gate) = match self {
            Self::ReZero => (1.0, Some(Gate::Scalar(0.0))),
            // The ε of CaiT, by depth.
            Self::LayerScale if depth <= 18 => (1.0, Some(Gate::Vector(0.1))),
            Self::LayerScale if depth <= 24 => (1.0, Some(Gate::Vector(1e-5))),
            Self::LayerScale => (1.0, Some(Gate::Vector(1e-6))),
            Self::DeepNorm => (libm::pow(2.0 * l, 0.25), None),
            _ => (1.0, None),
        };
        Junction { skip, gate }
    }
}
