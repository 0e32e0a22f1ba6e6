//! The singular values of the derivative of a network with respect to its input, at some held-out examples. The input of
//! a transformer is the stream behind the embedding, at the last position of a text.

use burn::tensor::Tensor;

use super::numbers;
use crate::engine::batch::Inputs;
use crate::engine::clock::now_ms;
use crate::engine::reading;
use crate::engine::session::StillNetwork;
use crate::lab::inspection::{Absence, Inspection, JacobianSpectrum};
use crate::lab::protocol::Failure;
use crate::science::singular::SingularValues;

/// The number of examples: their singular values differ little, so that a few show the spread.
const EXAMPLES: usize = 8;
/// The number of texts, of which each costs as many passes over all its positions.
const TEXTS: usize = 2;
/// A pass has so many rows that it keeps about this many numbers, over all layers.
const KEPT: usize = 4 << 20;
/// The numbers that a block keeps for each position, in units of its width, and beside them a softmax for each head.
const KEPT_OF_BLOCK: usize = 16;
/// The Jacobian of a network that takes more multiplications than this, for one example, is not looked at.
const MOST_WORK: f64 = 2e11;

/// The look at the Jacobians.
pub(super) struct JacobianLook {
    network: StillNetwork,
    /// The inputs, `[1, examples·T, features]`, where a perceptron has T = 1.
    inputs: Tensor<3>,
    /// T.
    time: usize,
    /// Of the example that is under way, the rows of its Jacobian so far, row-major.
    rows: Vec<f32>,
    /// What is done: by output (the last hidden layer, the logits), example after example.
    done: [Vec<Vec<f64>>; 2],
}

impl JacobianLook {
    pub(super) fn new(network: StillNetwork) -> Self {
        let (inputs, time) = match &network.held_out.inputs {
            Inputs::Rows(rows) => (rows.clone().narrow(1, 0, EXAMPLES.min(rows.dims()[1])), 1),
            Inputs::Windows(text) => {
                let time = network.trainer.architecture().context;
                let texts = text.clone().narrow(1, 0, time * TEXTS.min(text.dims()[1] / time));
                (network.trainer.embedded(texts), time)
            }
        };
        Self { network, inputs, time, rows: Vec::new(), done: [Vec::new(), Vec::new()] }
    }

    pub(super) fn share(&self) -> f64 {
        self.done.iter().map(Vec::len).sum::<usize>() as f64 / (2 * self.examples()) as f64
    }

    fn examples(&self) -> usize {
        self.inputs.dims()[1] / self.time
    }

    pub(super) async fn advance(&mut self, slice_ms: f64) -> Result<Option<Inspection>, Failure> {
        let net = self.network.trainer.architecture();
        if self.time as f64 * net.width as f64 * self.network.trainer.trainable() as f64 > MOST_WORK {
            return Ok(Some(Inspection::Nothing(Absence::TooLarge)));
        }
        let begun = now_ms();
        while now_ms() - begun < slice_ms {
            let output = usize::from(self.done[0].len() > self.done[1].len());
            let example = self.done[output].len();
            if output == 0 && example == self.examples() {
                let [hidden, logits] =
                    [0, 1].map(|output: usize| self.done[output].iter().map(|v| numbers(v)).collect());
                return Ok(Some(Inspection::Jacobian(JacobianSpectrum { hidden, logits })));
            }
            if !self.extend(self.inputs.clone().narrow(1, example * self.time, self.time), output).await? {
                return Ok(Some(Inspection::Nothing(Absence::NotFinite)));
            }
        }
        Ok(None)
    }

    /// Adds rows to the Jacobian at one input, and once it is whole its singular values to what is done. Returns whether
    /// all numbers are finite.
    async fn extend(&mut self, input: Tensor<3>, output: usize) -> Result<bool, Failure> {
        let StillNetwork { trainer, held_out, device, .. } = &self.network;
        let net = trainer.architecture();
        let units = [net.units(net.depth), held_out.targets.dims()[2]][output];
        let features = input.dims()[2];
        let from = self.rows.len() / features;
        let layer = match self.time {
            1 => net.width,
            time => time * (KEPT_OF_BLOCK * net.width + net.heads * time),
        };
        let count = (KEPT / (layer * (net.depth + 1))).clamp(1, units - from);
        let entry = |at: usize| f32::from(u8::from(at / units + from == at % units));
        let directions: Vec<f32> = (0..count * units).map(entry).collect();
        let directions = Tensor::<1>::from_data(directions.as_slice(), device).reshape([1, count, units]);
        let [outputs, rows] = trainer.jacobian(input, directions, output == 1);
        let outputs = outputs.reshape([units]);
        let mut numbers = reading::read(vec![outputs, rows.reshape([count * features])]).await?;
        self.rows.extend(numbers.split_off(units));
        // The slope of ReLU is 0 at a NaN, so that the derivatives alone would not show it.
        if numbers.iter().any(|output| !output.is_finite()) {
            return Ok(false);
        }
        if from + count < units {
            return Ok(true);
        }
        let mut found = SingularValues::new(units, features, &self.rows);
        self.rows.clear();
        found.advance(usize::MAX);
        let Some(values) = found.found() else { return Ok(false) };
        self.done[output].push(values.to_vec());
        Ok(true)
    }
}
