//! How a branch is added to the residual stream.

use super::scheme::Scheme;

/// A learned factor on a branch: one number, or one for each unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gate {
    /// One number for the branch, with this value at the start.
    Scalar(f64),
    /// One number for each unit, with this value at the start.
    Vector(f64),
}

/// How branches are added to the residual stream: h' = skip·h + gate·f(h).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Junction {
    /// The factor on the skip connection.
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
    /// How a network of L layers or blocks with this scheme adds branches to the stream.
    pub fn junction(self, depth: usize) -> Junction {
        let l = depth as f64;
        let (skip, gate) = match self {
            Self::ReZero => (1.0, Some(Gate::Scalar(0.0))),
            // The starting values ε of CaiT, by depth.
            Self::LayerScale if depth <= 18 => (1.0, Some(Gate::Vector(0.1))),
            Self::LayerScale if depth <= 24 => (1.0, Some(Gate::Vector(1e-5))),
            Self::LayerScale => (1.0, Some(Gate::Vector(1e-6))),
            Self::DeepNorm => (libm::pow(2.0 * l, 0.25), None),
            _ => (1.0, None),
        };
        Junction { skip, gate }
    }
}
