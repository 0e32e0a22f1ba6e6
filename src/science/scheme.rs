//! The initialization schemes by name, and which knobs each one listens to. The formulas are
//! PyTorch's where it has them; [`super::init`] carries them out.

use super::activation::Activation;
use super::choice::choices;
use super::site::Role;

choices! {
    /// How the weights of a network start. n_in and n_out are a matrix's [`super::site::Fans`], d is
    /// the width, L the number of hidden layers or blocks, l the one at hand, from 1.
    pub enum Scheme {
        /// w = 0. `zeros_`
        Zeros "zeros",
        /// w = std everywhere, so that all units of a layer stay equal. `constant_(w, std)`
        Constant "constant",
        /// w ~ N(0, std²). `normal_(w, 0, std)`
        Normal "normal",
        /// w ~ U(±std·√3), whose standard deviation is std. `uniform_(w, -a, a)`, a = std·√3
        Uniform "uniform",
        /// w ~ N(0, σ²) without its tails; [`Cut`] says where they are cut.
        TruncatedNormal "truncated-normal",
        /// w ~ N(0, σ²), σ = gain·√(2/(n_in + n_out)). `xavier_normal_(w, gain)`
        XavierNormal "xavier-normal",
        /// w ~ U(±gain·√(6/(n_in + n_out))). `xavier_uniform_(w, gain)`
        XavierUniform "xavier-uniform",
        /// w ~ N(0, σ²), σ = gain/√fan. `kaiming_normal_(w, mode=fan)` with that gain
        KaimingNormal "kaiming-normal",
        /// w ~ U(±gain·√(3/fan)). `kaiming_uniform_(w, mode=fan)` with that gain
        KaimingUniform "kaiming-uniform",
        /// What `nn.Linear` does by itself: w, b ~ U(±1/√n_in) (`kaiming_uniform_(w, a=√5)`, so a
        /// gain of 1/√3), and what `nn.Embedding` does: N(0, 1).
        Pytorch "pytorch",
        /// w ~ N(0, 1/n_in) (LeCun 1998).
        LecunNormal "lecun-normal",
        /// w ~ U(±√(3/n_in)), the same variance.
        LecunUniform "lecun-uniform",
        /// w = gain·Q with orthonormal rows or columns. `orthogonal_(w, gain)`
        Orthogonal "orthogonal",
        /// w_ij = 1 for i = j, else 0. `eye_`
        Identity "identity",
        /// A share of what leaves each input is 0, the rest N(0, std²) (Martens 2010). `sparse_`
        Sparse "sparse",
        /// w ~ N(0, std²), and in a transformer the projections back into the residual stream by
        /// 1/√(2L) smaller (Radford 2019; nanoGPT `_init_weights`).
        Gpt2 "gpt2",
        /// w ~ N(0, std²), and what writes into the stream (in a perceptron every hidden matrix) by
        /// 1/√(2l) smaller (torchtitan).
        DepthScaled "depth-scaled",
        /// w ~ N(0, 2/(5d)) (Nguyen & Salazar 2019; GPT-NeoX `small_init`).
        Small "small",
        /// `small`, but what writes into the stream has σ = 2/(L·√d) (GPT-NeoX `wang_init`).
        Wang "wang",
        /// torchtitan's LLaMA: w ~ N(0, std²); writing matrices and the gated one by 1/√(2l) smaller;
        /// embeddings N(0, 1); an untied head N(0, 1/d), cut at three of its σ.
        Llama "llama",
        /// σ = gain/√n_in inside, 1/n_in at the output, ⅛ for embeddings, and steps that shrink as
        /// 64/n_in (Yang 2022, Tensor Programs V), at d = 64 an ordinary network.
        Mup "mup",
        /// Branches N(0, 2/n_in)·(2L)^−½, the last matrix of each zero, so each block is the identity
        /// (Zhang 2019, without its scalar multipliers).
        Fixup "fixup",
        /// Xavier; embeddings N(0, 1/d) and those, values and MLP by (9L)^−¼ smaller (Huang 2020).
        TFixup "t-fixup",
        /// Xavier, and each branch times a learned α that starts at 0 (Bachlechner 2020; SkipInit).
        ReZero "rezero",
        /// w ~ N(0, std²), and each branch times a learned vector that starts small (Touvron 2021).
        LayerScale "layer-scale",
        /// Post-norm with the skip times (2L)^¼; Xavier, values and MLP by (8L)^−¼ smaller (Wang 2022).
        DeepNorm "deepnorm",
        /// Orthonormal, then layer by layer divided by the measured σ of its output (Mishkin 2015).
        Lsuv "lsuv",
        /// w ~ N(0, σ²) with the student's own σ: [`super::formula`].
        Formula "formula",
    }
}

choices! {
    /// The fan that a Kaiming scheme divides by.
    pub enum Fan {
        /// n_in, which keeps the forward variance. `mode="fan_in"`
        In "in",
        /// n_out, which keeps the backward variance. `mode="fan_out"`
        Out "out",
        /// (n_in + n_out)/2, as in Xavier. PyTorch does not have it.
        Avg "avg",
    }
}

choices! {
    /// Where a normal distribution is cut, and what its σ means, which is the scheme's, or `std` of a truncated normal.
    pub enum Cut {
        /// It is cut at two of its own σ, which is σ/0.8796, so that the result has the standard deviation σ (Keras
        /// `VarianceScaling`, so its `glorot_normal`, `he_normal`, `lecun_normal`; JAX).
        Corrected "corrected",
        /// It is cut at two σ, and the result has the standard deviation 0.8796·σ (Keras `TruncatedNormal`).
        Raw "raw",
        /// It is cut at three σ, and the result has the standard deviation 0.98658·σ (OLMo, torchtitan).
        Three "three",
        /// It is cut at ±2, whatever σ is, because PyTorch's `trunc_normal_` takes its bounds as values. With σ = 0.02
        /// nothing is cut.
        Absolute "absolute",
        /// It is not cut.
        None "none",
    }
}

impl Scheme {
    /// Whether [`super::init::Init::std`] has an effect (for `constant` it is the constant itself).
    pub fn uses_std(self) -> bool {
        matches!(
            self,
            Self::Constant
                | Self::Normal
                | Self::Uniform
                | Self::TruncatedNormal
                | Self::Sparse
                | Self::Gpt2
                | Self::DepthScaled
                | Self::Llama
                | Self::LayerScale
        )
    }

    /// Whether [`super::init::Init::std`] has an effect on a matrix of this role. LLaMA's embeddings and head have a σ
    /// of their own.
    pub fn uses_std_at(self, role: Role) -> bool {
        self.uses_std() && (self != Self::Llama || !(role.is_table() || role.is_last()))
    }

    /// The scheme with a σ of one's own that is most similar: uniform where the entries of this one are, else normal.
    pub fn with_own_std(self, role: Role) -> Self {
        let is_uniform = self.is_uniform() && !(self == Self::Pytorch && role.is_table());
        if is_uniform { Self::Uniform } else { Self::Normal }
    }

    /// Whether [`super::init::Init::gain`] has an effect.
    pub fn uses_gain(self) -> bool {
        matches!(self, Self::XavierNormal | Self::XavierUniform | Self::Orthogonal) || self.follows_activation()
    }

    /// Whether [`super::init::Init::cut`] has an effect.
    pub fn uses_cut(self) -> bool {
        matches!(
            self,
            Self::TruncatedNormal | Self::XavierNormal | Self::KaimingNormal | Self::LecunNormal | Self::Formula
        )
    }

    /// The cut that is used if none is given.
    pub fn default_cut(self) -> Cut {
        if self == Self::TruncatedNormal { Cut::Corrected } else { Cut::None }
    }

    /// Whether [`super::init::Init::fan`] has an effect.
    pub fn uses_fan(self) -> bool {
        matches!(self, Self::KaimingNormal | Self::KaimingUniform)
    }

    /// Whether entries are uniform, which they stay when they get a σ of their own.
    pub fn is_uniform(self) -> bool {
        matches!(self, Self::Uniform | Self::XavierUniform | Self::KaimingUniform | Self::LecunUniform | Self::Pytorch)
    }

    /// Whether it concerns blocks and their branches, which only a transformer has.
    pub fn needs_blocks(self) -> bool {
        matches!(self, Self::Wang | Self::Llama | Self::Fixup | Self::TFixup | Self::DeepNorm)
    }

    /// Whether it changes skip connections, which then have to be there.
    pub fn needs_residual(self) -> bool {
        matches!(self, Self::Fixup | Self::ReZero | Self::LayerScale | Self::DeepNorm)
    }

    /// Whether a single matrix can have it while the others have another one, because it says everything about an entry
    /// and nothing about the network.
    pub fn fits_one_matrix(self) -> bool {
        !self.needs_blocks()
            && !self.needs_residual()
            && !matches!(self, Self::Gpt2 | Self::DepthScaled | Self::Mup | Self::Lsuv)
    }

    /// Whether entries are independent and of mean 0, as mean-field theory assumes. (Orthogonal ones are close enough.)
    pub fn is_random(self) -> bool {
        !matches!(self, Self::Constant | Self::Identity)
    }

    /// The gain that is used if none is given: [`Activation::gain`] for Kaiming and the schemes that build on it, else
    /// 1, as in PyTorch.
    pub fn default_gain(self, activation: Activation) -> f64 {
        if self.follows_activation() { activation.gain() } else { 1.0 }
    }

    /// Whether the default gain is that of the activation.
    pub fn follows_activation(self) -> bool {
        matches!(self, Self::KaimingNormal | Self::KaimingUniform | Self::Mup | Self::Fixup | Self::Formula)
    }
}
