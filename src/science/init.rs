//! The first weights: their size as a formula, and the numbers themselves.
//!
//! Every entry takes one uniform draw u, whatever the scheme, in row-major order:
//!
//! - normal kinds   w = σ·Φ⁻¹(u), where tails are cut σ·Φ⁻¹(a + u·(1 − 2a)), a = Φ(−cut)
//! - uniform kinds  w = σ·√3·(2u − 1)
//!
//! so two runs that differ in σ, gain or scheme differ in nothing else, and comparing them is a
//! paired comparison. (`sparse` draws its zeros afterwards.) The arithmetic is f64 and `libm`,
//! rounded to f32 at the end: the same bits natively and in wasm.

use super::draw::{Law, draw, shrink};
pub use super::draw::{MatrixDraw, Origin};
use super::formula::{Formula, Names};
pub use super::scheme::{Cut, Fan, Scheme};
use super::seed::Stream;
use super::site::{Fans, Role, Site};

/// A scheme with its settings. The [`Scheme`] says which of them have an effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Init {
    /// The scheme of the weights.
    pub scheme: Scheme,
    /// The standard deviation of the weights, or the constant of `constant`.
    pub std: f64,
    /// The factor of the Xavier, Kaiming and orthogonal schemes.
    pub gain: f64,
    /// The fan of the Kaiming schemes.
    pub fan: Fan,
    /// Where a normal distribution is cut.
    pub cut: Cut,
    /// The share of zeros of `sparse`.
    pub sparsity: f64,
    /// The σ of `formula`.
    pub formula: Option<Formula>,
}

/// The width at which a network with μP is an ordinary one. Rates and tied logits are multiplied by it over the width.
pub const MUP_BASE: f64 = 64.0;

impl Init {
    /// A scheme with std 0.02, gain 1, fan in, its own cut, 90 % zeros, and no formula.
    pub fn new(scheme: Scheme) -> Self {
        let cut = scheme.default_cut();
        Self { scheme, std: 0.02, gain: 1.0, fan: Fan::In, cut, sparsity: 0.9, formula: None }
    }

    /// The population standard deviation of the weights of a matrix, after a cut if there is one. It is 0 for zeros and
    /// constant, gain/√max(n_in, n_out) for orthogonal, and 1/√(3·n_in) for PyTorch's default.
    pub fn std_at(&self, site: &Site) -> f64 {
        let sigma = self.sigma_at(site);
        match self.cut_at(sigma) {
            Some(cut) if self.cut != Cut::Corrected => sigma * shrink(cut),
            _ => sigma,
        }
    }

    /// At how many σ from 0 the weights are cut, if they are.
    fn cut_at(&self, sigma: f64) -> Option<f64> {
        match self.cut {
            _ if !self.scheme.uses_cut() => None,
            Cut::Corrected | Cut::Raw => Some(2.0),
            Cut::Three => Some(3.0),
            Cut::Absolute => Some(2.0 / sigma),
            Cut::None => None,
        }
    }

    /// The scheme's σ before a cut.
    fn sigma_at(&self, site: &Site) -> f64 {
        let (n_in, n_out) = (site.fans.fan_in as f64, site.fans.fan_out as f64);
        let (width, depth, layer) = (site.width as f64, site.depth as f64, site.layer.max(1) as f64);
        let table = site.role.is_table();
        let xavier = self.gain * (2.0 / (n_in + n_out)).sqrt();
        let small = (0.4 / width).sqrt();
        // The matrices of values and after them, in which a branch's output is linear.
        let carries = matches!(site.role, Role::Value | Role::AttentionOut | Role::MlpIn | Role::MlpUp | Role::MlpOut);
        match self.scheme {
            Scheme::Zeros | Scheme::Constant => 0.0,
            Scheme::Normal | Scheme::Uniform | Scheme::TruncatedNormal | Scheme::Gpt2 | Scheme::LayerScale => self.std,
            Scheme::XavierNormal | Scheme::XavierUniform => xavier,
            Scheme::KaimingNormal | Scheme::KaimingUniform => {
                let fan = match self.fan {
                    Fan::In => n_in,
                    Fan::Out => n_out,
                    Fan::Avg => 0.5 * (n_in + n_out),
                };
                self.gain / fan.sqrt()
            }
            Scheme::Pytorch if table => 1.0,
            Scheme::Pytorch => 1.0 / (3.0 * n_in).sqrt(),
            Scheme::LecunNormal | Scheme::LecunUniform => 1.0 / n_in.sqrt(),
            Scheme::Orthogonal => self.gain / n_in.max(n_out).sqrt(),
            Scheme::Lsuv => 1.0 / n_in.max(n_out).sqrt(),
            Scheme::Identity => {
                let share = 1.0 / n_in.max(n_out);
                (share - share * share).sqrt()
            }
            Scheme::Sparse => self.std * (1.0 - self.zeros(site) as f64 / n_out).sqrt(),
            Scheme::DepthScaled if site.role.writes() || site.role == Role::Hidden => self.std / (2.0 * layer).sqrt(),
            Scheme::DepthScaled => self.std,
            Scheme::Wang if site.role.writes() => 2.0 / (depth * width.sqrt()),
            Scheme::Small | Scheme::Wang => small,
            Scheme::Llama if table => 1.0,
            Scheme::Llama if site.role == Role::Head => shrink(3.0) / width.sqrt(),
            Scheme::Llama if site.role.writes() || site.role == Role::MlpUp => self.std / (2.0 * layer).sqrt(),
            Scheme::Llama => self.std,
            Scheme::Mup if table => 1.0 / MUP_BASE.sqrt(),
            Scheme::Mup if site.role.is_last() => 1.0 / n_in,
            Scheme::Mup => self.gain / n_in.sqrt(),
            Scheme::Fixup if site.role.writes() || site.role == Role::Head => 0.0,
            Scheme::Fixup if !table => self.gain / (2.0 * depth * n_in).sqrt(),
            Scheme::TFixup if table || carries => {
                (if table { 1.0 / width.sqrt() } else { xavier }) * libm::pow(9.0 * depth, -0.25)
            }
            Scheme::DeepNorm if carries => xavier * libm::pow(8.0 * depth, -0.25),
            Scheme::Fixup | Scheme::ReZero | Scheme::DeepNorm if table => 1.0 / width.sqrt(),
            Scheme::Fixup | Scheme::TFixup | Scheme::ReZero | Scheme::DeepNorm => xavier,
            Scheme::Formula => self.formula.as_ref().map_or(0.0, |formula| sigma(formula.value(&self.names(site)))),
        }
    }

    /// The second moment `E[w²]`. It is the variance, but std² for `constant`, and 1/max(n_in, n_out) for `identity`.
    pub fn second_moment(&self, site: &Site) -> f64 {
        match self.scheme {
            Scheme::Constant => self.std * self.std,
            Scheme::Identity => 1.0 / site.fans.fan_in.max(site.fans.fan_out) as f64,
            _ => {
                let std = self.std_at(site);
                std * std
            }
        }
    }

    /// The kurtosis E w⁴/(E w²)² of a random matrix, which is 3 for a normal law.
    pub fn kurtosis(&self, site: &Site) -> f64 {
        self.law(site).kurtosis(site)
    }

    /// The values of the names that a formula may use, for a matrix.
    pub fn names(&self, site: &Site) -> Names {
        Names {
            fan_in: site.fans.fan_in as f64,
            fan_out: site.fans.fan_out as f64,
            depth: site.depth as f64,
            layer: site.layer.max(1) as f64,
            width: site.width as f64,
            heads: site.heads as f64,
            gain: self.gain,
        }
    }

    /// A weight matrix times `scale`, rounded once, row-major: `[fan_in, fan_out]` for y = x·W, the layout of Burn's
    /// `Linear` (PyTorch's `nn.Linear.weight` is its transpose), or `[rows, d]` for an embedding.
    pub fn matrix(&self, site: &Site, scale: f64, stream: &mut Stream) -> Vec<f32> {
        self.begin(site, scale, stream).finish()
    }

    /// Begins to draw such a matrix.
    pub fn begin(&self, site: &Site, scale: f64, stream: &mut Stream) -> MatrixDraw {
        draw(&self.law(site), site, scale * self.std_at(site), scale, stream)
    }

    /// What [`Self::matrix`] draws from. Starts that are equal in it have the same weights to the bit.
    pub fn origin(&self, site: &Site, scale: f64) -> Origin {
        Origin::new(self.law(site), scale * self.std_at(site), scale)
    }

    /// What [`Self::bias`] draws from.
    pub(crate) fn bias_origin(&self, fans: Fans, bias_std: Option<f64>) -> Origin {
        Origin::new(self.bias_law(bias_std), self.bias_var(fans, bias_std).sqrt(), 1.0)
    }

    /// The biases of a layer, `[fan_out]`: N(0, bias_std²) if it is given, else zeros, except U(±1/√n_in) for
    /// `pytorch`, as in `nn.Linear`. It takes fan_out draws.
    pub fn bias(&self, fans: Fans, bias_std: Option<f64>, stream: &mut Stream) -> Vec<f32> {
        let std = self.bias_var(fans, bias_std).sqrt();
        self.bias_law(bias_std).numbers(fans.fan_out, std, stream)
    }

    fn bias_law(&self, bias_std: Option<f64>) -> Law {
        match (bias_std, self.scheme) {
            (Some(_), _) => Law::Normal,
            (None, Scheme::Pytorch) => Law::Uniform,
            (None, _) => Law::Fixed(0.0),
        }
    }

    /// The variance of [`Self::bias`].
    pub fn bias_var(&self, fans: Fans, bias_std: Option<f64>) -> f64 {
        match (bias_std, self.scheme) {
            (Some(std), _) => std * std,
            (None, Scheme::Pytorch) => 1.0 / (3.0 * fans.fan_in as f64),
            (None, _) => 0.0,
        }
    }

    /// How many of the weights that leave an input are 0 under `sparse`, rounded up as in PyTorch.
    fn zeros(&self, site: &Site) -> usize {
        (self.sparsity * site.fans.fan_out as f64).ceil() as usize
    }

    fn law(&self, site: &Site) -> Law {
        if let Some(cut) = self.cut_at(self.sigma_at(site)) {
            return Law::Truncated(cut);
        }
        match self.scheme {
            Scheme::Zeros => Law::Fixed(0.0),
            Scheme::Constant => Law::Fixed(self.std),
            Scheme::Llama if site.role == Role::Head => Law::Truncated(3.0),
            Scheme::Pytorch if site.role.is_table() => Law::Normal,
            scheme if scheme.is_uniform() => Law::Uniform,
            Scheme::Orthogonal | Scheme::Lsuv => Law::Orthogonal,
            Scheme::Identity => Law::Identity,
            Scheme::Sparse => Law::Sparse(self.zeros(site)),
            _ => Law::Normal,
        }
    }
}

/// A formula's value as a σ. A value that is not a σ counts as 0; `lab::spec` refuses such formulas earlier.
fn sigma(value: f64) -> f64 {
    if value.is_finite() { value.max(0.0) } else { 0.0 }
}
