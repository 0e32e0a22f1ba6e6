//! The first weights: their size as a formula, and the numbers themselves.
//!
//! Every entry takes exactly one uniform draw u, whatever the scheme, in row-major order:
//!
//! - normal kinds   w = σ·Φ⁻¹(u)
//! - uniform kinds  w = σ·√3·(2u − 1)
//!
//! so two runs that differ in σ, gain or scheme differ in nothing else, and comparing them is a
//! paired comparison. The arithmetic is f64 and `libm`, rounded to f32 at the end: the same bits
//! natively and in wasm.

use serde::{Deserialize, Serialize};

use super::orthogonal::orthogonal;
pub use super::scheme::{Fan, Scheme};
use super::seed::{Stream, fnv1a};

/// The two sides of a weight matrix: how many numbers a unit reads, how many units read a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fans {
    /// n_in, the length of the layer's input.
    pub fan_in: usize,
    /// n_out, the length of its output.
    pub fan_out: usize,
}

/// A scheme with its settings. Which of them have an effect, the [`Scheme`] says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Init {
    /// The law of the weights.
    pub scheme: Scheme,
    /// Standard deviation of the weights, or the constant of `constant`.
    pub std: f64,
    /// The factor of the Xavier, Kaiming and orthogonal schemes.
    pub gain: f64,
    /// The fan of the Kaiming schemes.
    pub fan: Fan,
}

/// The shape of the distribution of an entry; its scale is [`Init::std_for`].
enum Law {
    Fixed(f64),
    Normal,
    Uniform,
    Orthogonal,
}

impl Init {
    /// Population standard deviation of the weights of a matrix with these fans: 0 for zeros and
    /// constant, gain/√max(n_in, n_out) for orthogonal, 1/√(3·n_in) for PyTorch's default.
    pub fn std_for(&self, fans: Fans) -> f64 {
        let (n_in, n_out) = (fans.fan_in as f64, fans.fan_out as f64);
        match self.scheme {
            Scheme::Zeros | Scheme::Constant => 0.0,
            Scheme::Normal | Scheme::Uniform | Scheme::Gpt2 => self.std,
            Scheme::XavierNormal | Scheme::XavierUniform => self.gain * (2.0 / (n_in + n_out)).sqrt(),
            Scheme::KaimingNormal | Scheme::KaimingUniform => {
                let fan = match self.fan {
                    Fan::In => n_in,
                    Fan::Out => n_out,
                    Fan::Avg => 0.5 * (n_in + n_out),
                };
                self.gain / fan.sqrt()
            }
            Scheme::Pytorch => 1.0 / (3.0 * n_in).sqrt(),
            Scheme::Orthogonal => self.gain / n_in.max(n_out).sqrt(),
        }
    }

    /// `E[w²]` of a matrix with these fans: the variance, but std² for `constant`.
    pub fn second_moment(&self, fans: Fans) -> f64 {
        match self.scheme {
            Scheme::Constant => self.std * self.std,
            _ => {
                let std = self.std_for(fans);
                std * std
            }
        }
    }

    /// A weight matrix, row-major `[fan_in, fan_out]`: the layout of Burn's `Linear`, y = x·W.
    /// (PyTorch's `nn.Linear.weight` is the transpose.) Takes fan_in·fan_out draws.
    pub fn matrix(&self, fans: Fans, stream: &mut Stream) -> Vec<f32> {
        self.matrix_scaled(fans, 1.0, stream)
    }

    /// [`Self::matrix`] times `scale`, rounded once: GPT-2's residual projections are scaled by
    /// 1/√(2·blocks).
    pub fn matrix_scaled(&self, fans: Fans, scale: f64, stream: &mut Stream) -> Vec<f32> {
        let shape = [fans.fan_in, fans.fan_out];
        draw(self.law(), shape, scale * self.std_for(fans), stream)
    }

    /// An embedding table, row-major `[rows, d]`, drawn as `torch.nn.init` draws the tensor
    /// `nn.Embedding(rows, d).weight`: fan_in = d, fan_out = rows. `pytorch` is N(0, 1), the
    /// module's own default. Takes rows·d draws.
    pub fn embedding(&self, rows: usize, d: usize, stream: &mut Stream) -> Vec<f32> {
        let (law, std) = match self.scheme {
            Scheme::Pytorch => (Law::Normal, 1.0),
            _ => (self.law(), self.std_for(embedding_fans(rows, d))),
        };
        draw(law, [rows, d], std, stream)
    }

    /// `E[w²]` of [`Self::embedding`].
    pub fn embedding_second_moment(&self, rows: usize, d: usize) -> f64 {
        match self.scheme {
            Scheme::Pytorch => 1.0,
            _ => self.second_moment(embedding_fans(rows, d)),
        }
    }

    /// The biases of a layer, `[fan_out]`: N(0, bias_std²) if asked for, else zeros, but U(±1/√n_in)
    /// for `pytorch`, as `nn.Linear` has it. Takes fan_out draws.
    pub fn bias(&self, fans: Fans, bias_std: Option<f64>, stream: &mut Stream) -> Vec<f32> {
        let law = match (bias_std, self.scheme) {
            (Some(_), _) => Law::Normal,
            (None, Scheme::Pytorch) => Law::Uniform,
            (None, _) => Law::Fixed(0.0),
        };
        let std = self.bias_var(fans, bias_std).sqrt();
        draw(law, [1, fans.fan_out], std, stream)
    }

    /// Variance of [`Self::bias`].
    pub fn bias_var(&self, fans: Fans, bias_std: Option<f64>) -> f64 {
        match (bias_std, self.scheme) {
            (Some(std), _) => std * std,
            (None, Scheme::Pytorch) => 1.0 / (3.0 * fans.fan_in as f64),
            (None, _) => 0.0,
        }
    }

    fn law(&self) -> Law {
        match self.scheme {
            Scheme::Zeros => Law::Fixed(0.0),
            Scheme::Constant => Law::Fixed(self.std),
            Scheme::Normal | Scheme::XavierNormal | Scheme::KaimingNormal | Scheme::Gpt2 => Law::Normal,
            Scheme::Uniform | Scheme::XavierUniform | Scheme::KaimingUniform | Scheme::Pytorch => Law::Uniform,
            Scheme::Orthogonal => Law::Orthogonal,
        }
    }
}

/// A fingerprint of weights, to the bit: FNV-1a over the little-endian bytes of the floats.
pub fn weights_hash(weights: &[f32]) -> u64 {
    fnv1a(weights.iter().flat_map(|w| w.to_le_bytes()))
}

/// The fans that `torch.nn.init` reads off a `[rows, d]` tensor.
fn embedding_fans(rows: usize, d: usize) -> Fans {
    Fans { fan_in: d, fan_out: rows }
}

/// rows·columns entries of the law with this standard deviation.
fn draw(law: Law, [rows, columns]: [usize; 2], std: f64, stream: &mut Stream) -> Vec<f32> {
    let count = rows * columns;
    match law {
        Law::Fixed(value) => {
            // The draws are taken all the same, so that what comes next does not shift.
            for _ in 0..count {
                stream.next_u64();
            }
            vec![value as f32; count]
        }
        Law::Normal => (0..count).map(|_| (std * stream.normal()) as f32).collect(),
        Law::Uniform => {
            let bound = std * 3_f64.sqrt();
            let entry = |_| (bound * (2.0 * stream.uniform() - 1.0)) as f32;
            (0..count).map(entry).collect()
        }
        Law::Orthogonal => {
            // Var(Q) = 1/max(rows, columns), so Q·std·√max has standard deviation std.
            let gain = std * (rows.max(columns) as f64).sqrt();
            let gaussian = (0..count).map(|_| stream.normal()).collect();
            let q = orthogonal(rows, columns, gaussian);
            q.into_iter().map(|entry| (gain * entry) as f32).collect()
        }
    }
}
