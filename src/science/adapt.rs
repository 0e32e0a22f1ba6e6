//! The start of what is added to a trained network: LoRA's two matrices, and rows for new tokens.

use super::choice::choices;
use super::draw::Law;
use super::seed::Stream;
use super::site::Fans;

choices! {
    /// The first A `[n_in, r]` and B `[r, n_out]` of an adapter W + A·B (Hu 2021; α = r, so that the
    /// scale α/r is 1). The gradients are ∂A = ∂W·Bᵀ and ∂B = Aᵀ·∂W: one of the two must not be 0.
    pub enum LoraStart {
        /// A ~ U(±1/√n_in), `nn.Linear`'s own law, and B = 0 (PEFT's default).
        BZero "b-zero",
        /// A ~ N(0, 1/r²), B = 0 (PEFT's `init_lora_weights="gaussian"`).
        Gaussian "gaussian",
        /// A = 0, B ~ U(±1/√r): the matrices change places.
        AZero "a-zero",
        /// Both are 0, so that no gradient ever reaches either.
        BothZero "both-zero",
        /// Both follow `nn.Linear`'s law, with bounds 1/√n_in and 1/√r (PEFT's `init_lora_weights=False`), so that the
        /// network at the start is not the one that was trained.
        BothRandom "both-random",
    }
}

impl LoraStart {
    /// A and B, row-major, each from a random stream of its own. Every start takes the same draws.
    pub fn draw(self, fans: Fans, rank: usize, a: &mut Stream, b: &mut Stream) -> [Vec<f32>; 2] {
        let own = |fan: usize| (Law::Uniform, 1.0 / (3.0 * fan as f64).sqrt());
        let zero = (Law::Fixed(0.0), 0.0);
        let (first, second) = match self {
            Self::BZero => (own(fans.fan_in), zero),
            Self::Gaussian => ((Law::Normal, 1.0 / rank as f64), zero),
            Self::AZero => (zero, own(rank)),
            Self::BothZero => (zero, zero),
            Self::BothRandom => (own(fans.fan_in), own(rank)),
        };
        [first.0.numbers(fans.fan_in * rank, first.1, a), second.0.numbers(rank * fans.fan_out, second.1, b)]
    }
}

choices! {
    /// The first embeddings of tokens that are added to a vocabulary of V.
    pub enum TokenStart {
        /// The mean of the old rows (Hewitt 2021): a new token's logit is the mean of the old ones.
        /// With Z the sum of the old eᶻ, a new one adds at most Z/V (Jensen), so n new tokens cost
        /// an old text at most ln(1 + n/V).
        Mean "mean",
        /// N(mean, covariance) of the old rows, so that a new token is like a random old one.
        /// (Hugging Face's `mean_resizing` takes 10⁻⁹ of the covariance, which is the mean.)
        MeanCov "mean-cov",
        /// N(0, σ²) with the σ that the old rows started with.
        Scheme "scheme",
        /// N(0, 1), which is what `nn.Embedding` does by itself.
        Normal "normal",
    }
}

impl TokenStart {
    /// The weight of each of `old` rows in each of `new` ones, `[new, old]` row-major; `None` where the new rows are
    /// drawn afresh.
    ///
    /// ```text
    /// mean       m = 1/V
    /// mean-cov   m = 1/V + (z − z̄)/√V, z ~ N(0, 1):  Σᵢ (zᵢ − z̄)·eᵢ/√V has the rows' covariance
    /// ```
    pub fn mixture(self, new: usize, old: usize, stream: &mut Stream) -> Option<Vec<f32>> {
        let size = old as f64;
        match self {
            Self::Mean => Some(vec![(1.0 / size) as f32; new * old]),
            Self::MeanCov => Some((0..new).flat_map(|_| around_mean(old, stream)).collect()),
            Self::Scheme | Self::Normal => None,
        }
    }

    /// The σ of new rows that are drawn afresh, where that of the old ones was `first`.
    pub fn std(self, first: f64) -> f64 {
        match self {
            Self::Mean | Self::MeanCov => 0.0,
            Self::Scheme => first,
            Self::Normal => 1.0,
        }
    }
}

fn around_mean(old: usize, stream: &mut Stream) -> Vec<f32> {
    let size = old as f64;
    let draws: Vec<f64> = (0..old).map(|_| stream.normal()).collect();
    let mean = draws.iter().sum::<f64>() / size;
    draws.into_iter().map(|z| (1.0 / size + (z - mean) / size.sqrt()) as f32).collect()
}

/// Independent numbers N(0, σ²), `count` of them.
pub fn fresh(count: usize, std: f64, stream: &mut Stream) -> Vec<f32> {
    Law::Normal.numbers(count, std, stream)
}
