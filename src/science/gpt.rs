//! A GPT as theory sees it: its sizes, and how it starts.

use super::activation::Activation;
use super::choice::choices;
use super::norm::{Norm, NormPosition};
use super::pair::Others;
use super::plan::Plan;
use super::site::{Fans, Role, Site};

choices! {
    /// How a block is built.
    pub enum BlockStyle {
        /// W₂·φ(W₁·x) with 4d units, learned positions, biases (Radford 2019).
        Gpt2 "gpt2",
        /// W₂·(φ(W₁·x) ⊙ W₃·x) with 8d/3 units, rotary positions, no biases (Touvron 2023).
        Llama "llama",
    }
}

choices! {
    /// The factor c on q·k, d_k numbers long.
    pub enum AttentionScale {
        /// 1/√d_k: logits of variance 1 from q and k of variance 1 (Vaswani 2017).
        Root "sqrt",
        /// 1/d_k: logits that stay bounded when q and k agree (Yang 2022, μP).
        Linear "linear",
        /// 1.
        None "none",
    }
}

impl BlockStyle {
    /// Units of a block's MLP: 4d; 8d/3, up to the next multiple of 8, so that three matrices are as
    /// large as two of 4d.
    pub fn hidden(self, width: usize) -> usize {
        match self {
            Self::Gpt2 => 4 * width,
            Self::Llama => (8 * width).div_ceil(3).next_multiple_of(8),
        }
    }

    /// Whether its linear maps have biases.
    pub fn has_biases(self) -> bool {
        self == Self::Gpt2
    }
}

impl AttentionScale {
    /// c for heads of this width.
    pub fn factor(self, head_width: usize) -> f64 {
        let d = head_width as f64;
        match self {
            Self::Root => 1.0 / d.sqrt(),
            Self::Linear => 1.0 / d,
            Self::None => 1.0,
        }
    }
}

/// A GPT and its initialization.
#[derive(Clone, Debug)]
pub struct GptTheory {
    /// φ of the MLPs.
    pub activation: Activation,
    /// Normalization, if any.
    pub norm: Norm,
    /// Where it stands: `pre` or `post`. With `pre` there is one more before the head.
    pub position: NormPosition,
    /// Whether each half of a block adds to its input.
    pub residual: bool,
    /// The chance of a number to be left out.
    pub dropout: f64,
    /// L.
    pub blocks: usize,
    /// d, the length of a row of the stream.
    pub width: usize,
    /// T, the number of positions.
    pub context: usize,
    /// B, the number of texts.
    pub batch: usize,
    /// V, the number of tokens.
    pub vocabulary: usize,
    /// Σ pᵢ² over the text: the chance that two positions carry the same token.
    pub coincidence: f64,
    /// Attention heads.
    pub heads: usize,
    /// The block's kind.
    pub block: BlockStyle,
    /// The factor on attention's logits.
    pub attention: AttentionScale,
    /// The head is the token embedding.
    pub tied: bool,
    /// How weights start.
    pub plan: Plan,
    /// How biases start: [`super::init::Init::bias`].
    pub bias_std: Option<f64>,
}

impl GptTheory {
    /// The site of a matrix of this network.
    pub fn site(&self, role: Role, fans: Fans, layer: usize) -> Site {
        Site { role, fans, layer, depth: self.blocks, width: self.width, heads: self.heads }
    }

    /// The other rows of the batch.
    pub(crate) fn others(&self) -> Others {
        Others::new(self.batch, self.context, self.coincidence)
    }
}
