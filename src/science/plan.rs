//! How a whole network starts: one scheme for all matrices, others for some, and what is done to
//! the branches of a residual network.

use super::choice::choices;
use super::init::{Init, Origin, Scheme};
use super::seed::Stream;
use super::site::{Fans, Role, Site};

choices! {
    /// A factor on the matrices that write into the residual stream.
    pub enum WriteScale {
        /// As the scheme has it: 1/√(2L) for `gpt2`, else 1.
        Scheme "scheme",
        /// 1.
        None "none",
        /// 1/√(2L), so that L blocks together add as much as one would (Radford 2019).
        Root "sqrt",
        /// 1/√(2l) with the block's own number l, from 1 (OLMo's `mitchell`, torchtitan).
        Layer "layer",
        /// 0: each block starts as the identity.
        Zero "zero",
    }
}

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

/// The start of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What all matrices follow that have nothing of their own.
    pub init: Init,
    /// Matrices with a law of their own (transformer).
    pub roles: Vec<(Role, Init)>,
    /// The factor on what writes into the residual stream.
    pub writes: WriteScale,
}

impl Plan {
    /// One law for all.
    pub fn new(init: Init) -> Self {
        Self { init, roles: Vec::new(), writes: WriteScale::Scheme }
    }

    /// The law of a role.
    pub fn init_of(&self, role: Role) -> &Init {
        self.roles.iter().find(|(own, _)| *own == role).map_or(&self.init, |(_, init)| init)
    }

    /// Standard deviation of the weights of a matrix, everything included.
    pub fn std_at(&self, site: &Site) -> f64 {
        self.scale(site) * self.init_of(site.role).std_at(site)
    }

    /// `E[w²]` of a matrix, everything included.
    pub fn second_moment(&self, site: &Site) -> f64 {
        let scale = self.scale(site);
        scale * scale * self.init_of(site.role).second_moment(site)
    }

    /// The weights of a matrix: [`Init::matrix`].
    pub fn matrix(&self, site: &Site, stream: &mut Stream) -> Vec<f32> {
        self.init_of(site.role).matrix(site, self.scale(site), stream)
    }

    /// What a matrix and its biases are drawn from.
    pub fn origins(&self, site: &Site, bias_std: Option<f64>) -> [Origin; 2] {
        let init = self.init_of(site.role);
        [init.origin(site, self.scale(site)), init.bias_origin(site.fans, bias_std)]
    }

    /// The biases of a layer: [`Init::bias`].
    pub fn bias(&self, role: Role, fans: Fans, bias_std: Option<f64>, stream: &mut Stream) -> Vec<f32> {
        self.init_of(role).bias(fans, bias_std, stream)
    }

    /// Whether mean-field theory says anything about this start.
    pub fn is_random(&self) -> bool {
        self.init.scheme.is_random() && self.roles.iter().all(|(_, init)| init.scheme.is_random())
    }

    /// What a network of L blocks does where branches meet the stream.
    pub fn junction(&self, depth: usize) -> Junction {
        let l = depth as f64;
        let (skip, gate) = match self.init.scheme {
            Scheme::ReZero => (1.0, Some(Gate::Scalar(0.0))),
            // The ε of CaiT, by depth.
            Scheme::LayerScale if depth <= 18 => (1.0, Some(Gate::Vector(0.1))),
            Scheme::LayerScale if depth <= 24 => (1.0, Some(Gate::Vector(1e-5))),
            Scheme::LayerScale => (1.0, Some(Gate::Vector(1e-6))),
            Scheme::DeepNorm => (libm::pow(2.0 * l, 0.25), None),
            _ => (1.0, None),
        };
        Junction { skip, gate }
    }

    fn scale(&self, site: &Site) -> f64 {
        if !site.role.writes() {
            return 1.0;
        }
        let root = |blocks: usize| 1.0 / (2.0 * blocks as f64).sqrt();
        match self.writes {
            WriteScale::Scheme if self.init_of(site.role).scheme == Scheme::Gpt2 => root(site.depth),
            WriteScale::Scheme | WriteScale::None => 1.0,
            WriteScale::Root => root(site.depth),
            WriteScale::Layer => root(site.layer),
            WriteScale::Zero => 0.0,
        }
    }
}
