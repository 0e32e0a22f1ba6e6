//! How a whole network starts: one scheme for all matrices, others for some, and what happens to the branches of a
//! residual network.

use super::choice::choices;
use super::init::{Init, MatrixDraw, Origin, Scheme};
use super::seed::Stream;
use super::site::{Fans, Role, Site};

choices! {
    /// A factor on the matrices that write into the residual stream.
    pub enum WriteScale {
        /// What the scheme says: 1/√(2L) for `gpt2`, else 1.
        Scheme "scheme",
        /// 1, so that the matrices are as the scheme draws them.
        None "none",
        /// 1/√(2L), so that L blocks together add as much as one would (Radford 2019).
        Root "sqrt",
        /// 1/√(2l) with the block's own number l, from 1 (OLMo's `mitchell`, torchtitan).
        Layer "layer",
        /// 0, so that each block starts as the identity.
        Zero "zero",
    }
}

/// The start of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The start of all matrices that have none of their own.
    pub init: Init,
    /// Matrices with a start of their own (transformer).
    pub roles: Vec<(Role, Init)>,
    /// The factor on the matrices that write into the residual stream.
    pub writes: WriteScale,
}

impl Plan {
    /// A plan with one start for all matrices.
    pub fn new(init: Init) -> Self {
        Self { init, roles: Vec::new(), writes: WriteScale::Scheme }
    }

    /// The start of the matrices with this role.
    pub fn init_of(&self, role: Role) -> &Init {
        self.roles.iter().find(|(own, _)| *own == role).map_or(&self.init, |(_, init)| init)
    }

    /// The standard deviation of the weights of a matrix, with all factors.
    pub fn std_at(&self, site: &Site) -> f64 {
        self.scale(site) * self.init_of(site.role).std_at(site)
    }

    /// The second moment `E[w²]` of a matrix, with all factors.
    pub fn second_moment(&self, site: &Site) -> f64 {
        let scale = self.scale(site);
        scale * scale * self.init_of(site.role).second_moment(site)
    }

    /// The weights of a matrix, as drawn by [`Init::matrix`].
    pub fn matrix(&self, site: &Site, stream: &mut Stream) -> Vec<f32> {
        self.begin(site, stream).finish()
    }

    /// Begins to draw the weights of a matrix.
    pub fn begin(&self, site: &Site, stream: &mut Stream) -> MatrixDraw {
        self.init_of(site.role).begin(site, self.scale(site), stream)
    }

    /// What a matrix and its biases are drawn from.
    pub fn origins(&self, site: &Site, bias_std: Option<f64>) -> [Origin; 2] {
        let init = self.init_of(site.role);
        [init.origin(site, self.scale(site)), init.bias_origin(site.fans, bias_std)]
    }

    /// The biases of a layer, as drawn by [`Init::bias`].
    pub fn bias(&self, role: Role, fans: Fans, bias_std: Option<f64>, stream: &mut Stream) -> Vec<f32> {
        self.init_of(role).bias(fans, bias_std, stream)
    }

    /// Whether mean-field theory applies to this start.
    pub fn is_random(&self) -> bool {
        self.init.scheme.is_random() && self.roles.iter().all(|(_, init)| init.scheme.is_random())
    }

    /// The factor on the matrices of a role, once what the scheme says is filled in.
    pub fn scaling(&self, role: Role) -> WriteScale {
        match self.writes {
            _ if !role.writes() => WriteScale::None,
            WriteScale::Scheme if self.init_of(role).scheme == Scheme::Gpt2 => WriteScale::Root,
            WriteScale::Scheme => WriteScale::None,
            writes => writes,
        }
    }

    fn scale(&self, site: &Site) -> f64 {
        let root = |blocks: usize| 1.0 / (2.0 * blocks as f64).sqrt();
        match self.scaling(site.role) {
            WriteScale::Scheme | WriteScale::None => 1.0,
            WriteScale::Root => root(site.depth),
            WriteScale::Layer => root(site.layer),
            WriteScale::Zero => 0.0,
        }
    }
}
