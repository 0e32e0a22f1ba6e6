//! What theory needs to know about a GPT: the network, its start, and its data.

use super::architecture::Architecture;
use super::pair::Others;
use super::plan::Plan;

/// A GPT and its initialization.
#[derive(Clone, Debug)]
pub struct GptTheory {
    /// The sizes and switches of the network.
    pub architecture: Architecture,
    /// How weights start.
    pub plan: Plan,
    /// How biases start: [`super::init::Init::bias`].
    pub bias_std: Option<f64>,
    /// B, the number of texts.
    pub batch: usize,
    /// Σ pᵢ² over the text: the chance that two positions carry the same token.
    pub coincidence: f64,
}

impl GptTheory {
    /// The other rows of the batch.
    pub(crate) fn others(&self) -> Others {
        Others::new(self.batch, self.architecture.context, self.coincidence)
    }
}
