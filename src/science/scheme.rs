//! The initialization schemes by name, and which knobs each one listens to. The formulas are
//! PyTorch's; [`super::init`] carries them out.

use super::activation::Activation;
use super::choice::choices;

choices! {
    /// How the weights of one matrix start. n_in and n_out are its [`super::init::Fans`].
    pub enum Scheme {
        /// w = 0. `zeros_`
        Zeros "zeros",
        /// w = std, everywhere: all units of a layer stay equal. `constant_(w, std)`
        Constant "constant",
        /// w ~ N(0, std²). `normal_(w, 0, std)`
        Normal "normal",
        /// w ~ U(±std·√3), whose standard deviation is std. `uniform_(w, -a, a)`, a = std·√3
        Uniform "uniform",
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
        /// w = gain·Q with orthonormal rows or columns. `orthogonal_(w, gain)`
        Orthogonal "orthogonal",
        /// w ~ N(0, std²), and in a transformer the projections back into the residual stream by
        /// 1/√(2·blocks) smaller (Radford 2019; nanoGPT `_init_weights`).
        Gpt2 "gpt2",
    }
}

choices! {
    /// Which fan a Kaiming scheme divides by.
    pub enum Fan {
        /// n_in: keeps the forward variance. `mode="fan_in"`
        In "in",
        /// n_out: keeps the backward variance. `mode="fan_out"`
        Out "out",
        /// (n_in + n_out)/2, as Xavier does. Not in PyTorch.
        Avg "avg",
    }
}

impl Scheme {
    /// Whether [`super::init::Init::std`] has an effect (for `constant` it is the constant).
    pub fn uses_std(self) -> bool {
        matches!(self, Self::Constant | Self::Normal | Self::Uniform | Self::Gpt2)
    }

    /// Whether [`super::init::Init::gain`] has an effect.
    pub fn uses_gain(self) -> bool {
        matches!(
            self,
            Self::XavierNormal | Self::XavierUniform | Self::KaimingNormal | Self::KaimingUniform | Self::Orthogonal
        )
    }

    /// Whether [`super::init::Init::fan`] has an effect.
    pub fn uses_fan(self) -> bool {
        matches!(self, Self::KaimingNormal | Self::KaimingUniform)
    }

    /// The gain that PyTorch's function uses if none is given: 1 for Xavier and orthogonal,
    /// [`Activation::gain`] for Kaiming. 1 where a gain has no effect.
    pub fn default_gain(self, activation: Activation) -> f64 {
        if self.uses_fan() { activation.gain() } else { 1.0 }
    }
}
