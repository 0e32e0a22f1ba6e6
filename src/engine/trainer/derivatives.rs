//! Derivatives that training does not take: gradients at other weights, and the derivative with respect to an input.
//! Neither changes the network.

use burn::tensor::Tensor;

use super::Trainer;
use crate::engine::batch::Batch;
use crate::engine::cursor::Cursor;
use crate::engine::dropout::Masks;
use crate::engine::loss::with_gradient;
use crate::engine::mlp;
use crate::engine::pattern::BranchPattern;
use crate::engine::tap::Taps;
use crate::engine::tape::Tape;
use crate::engine::transformer;
use crate::lab::spec::{BlockStyle, Model};
use crate::science::architecture::Architecture;

impl Trainer {
    /// The sizes and switches of the network.
    pub(in crate::engine) fn architecture(&self) -> &Architecture {
        &self.net
    }

    /// The slopes of all activations with a kink, for a batch with nothing left out.
    pub(in crate::engine) fn slopes(&self, batch: &Batch) -> Vec<Tensor<3>> {
        let (mut tape, nodes) = Tape::off(&self.weights);
        tape.branches = BranchPattern::Noted(Vec::new());
        self.forward(&mut tape, &nodes, batch, &mut Masks::none(), &mut Taps::new(false));
        match tape.branches {
            BranchPattern::Noted(slopes) => slopes,
            BranchPattern::Free | BranchPattern::Kept(_) => Vec::new(),
        }
    }

    /// The gradients that a batch has at other weights of the same shapes, with nothing left out, while activations
    /// keep to the given [`Self::slopes`]. Under BatchNorm they are those of a training pass, with the moments of the
    /// batch.
    pub(in crate::engine) fn gradients_at(
        &self,
        weights: &[Tensor<3>],
        batch: &Batch,
        slopes: Vec<Tensor<3>>,
    ) -> Vec<Tensor<3>> {
        let (mut tape, nodes) = Tape::recording(weights);
        tape.branches = BranchPattern::Kept(slopes.into_iter());
        let logits = self.forward(&mut tape, &nodes, batch, &mut Masks::none(), &mut Taps::new(false));
        let (_, gradient) = with_gradient(logits.value.clone(), batch.targets.clone());
        let gradients = tape.backward(&logits, gradient).into_iter().zip(weights);
        gradients.map(|(gradient, weights)| gradient.unwrap_or_else(|| weights.zeros_like())).collect()
    }

    /// What the blocks of a transformer read of a text, `[1, B·T, V]`: the stream `[1, B·T, d]` behind the embedding.
    pub fn embedded(&self, text: Tensor<3>) -> Tensor<3> {
        let (mut tape, weights) = self.unrecorded();
        let mut next = Cursor::new(&self.net, &weights);
        transformer::embed(&self.net, &mut tape, &mut next, text, &mut Masks::none()).1.value
    }

    /// What the network makes of one input, `[1, 1, units]`, and rows of the Jacobian there, `[1, rows, features]`: the
    /// derivatives of the last hidden layer's output, or of the logits, along the directions `[1, rows, units]`. Of a
    /// transformer they are the derivatives of the stream behind all blocks, or of the logits, at the last position of a
    /// text, by the stream behind the embedding there; its input is that of all positions, `[1, T, d]`.
    ///
    /// ```text
    /// x̄ = Jᵀ·ȳ        the input stands in each row of the batch, a direction ȳ beside it
    /// ```
    ///
    /// Nothing is left out, and BatchNorm takes the averages that held-out passes take.
    pub fn jacobian(&self, input: Tensor<3>, directions: Tensor<3>, logits: bool) -> [Tensor<3>; 2] {
        let [_, rows, units] = directions.dims();
        let [_, time, features] = input.dims();
        if self.net.model == Model::Mlp {
            return self.jacobian_of_rows(input, directions, logits);
        }
        let repeated = Tensor::zeros([rows, time, features], &input.device()) + input;
        let (mut tape, inputs) = Tape::recording(&[repeated.reshape([1, rows * time, features])]);
        let (_, weights) = self.unrecorded();
        let (mut masks, mut taps) = (Masks::none(), Taps::new(false));
        let mut next = Cursor::new(&self.net, &weights);
        let table = next.take();
        if self.net.block == BlockStyle::Gpt2 {
            next.take();
        }
        let rotary = self.rotary.as_ref();
        let mut end =
            transformer::stream(&self.net, &mut tape, &mut next, inputs[0].clone(), rotary, &mut masks, &mut taps);
        if logits {
            end = transformer::head(&self.net, &mut tape, &mut next, table, end, &mut taps);
        }
        // Only the last position is asked about.
        let before = Tensor::zeros([rows, time - 1, units], &directions.device());
        let last = directions.reshape([rows, 1, units]);
        let directions = if time == 1 { last } else { Tensor::cat(vec![before, last], 1) };
        let gradient = tape.backward(&end, directions.reshape([1, rows * time, units])).remove(0);
        let gradient = gradient.unwrap_or_else(|| inputs[0].value.zeros_like()).reshape([rows, time, features]);
        [end.value.narrow(1, time - 1, 1), gradient.narrow(1, time - 1, 1).reshape([1, rows, features])]
    }

    fn jacobian_of_rows(&self, input: Tensor<3>, directions: Tensor<3>, logits: bool) -> [Tensor<3>; 2] {
        let [_, rows, _] = directions.dims();
        let [_, _, features] = input.dims();
        // A kernel reads its inputs as they lie in memory, so that the rows have to be there and not only be said to be.
        let repeated = Tensor::zeros([1, rows, features], &input.device()) + input;
        let (mut tape, inputs) = Tape::recording(&[repeated]);
        let (known, weights) = self.unrecorded();
        tape.batches = known.batches;
        let (mut masks, mut taps) = (Masks::none(), Taps::new(false));
        let mut next = Cursor::new(&self.net, &weights);
        let mut end = mlp::hidden(&self.net, &mut tape, &mut next, inputs[0].clone(), &mut masks, &mut taps);
        if logits {
            end = mlp::output(&self.net, &mut tape, &mut next, end, &mut taps);
        }
        let gradient = tape.backward(&end, directions).remove(0);
        [end.value.narrow(1, 0, 1), gradient.unwrap_or_else(|| inputs[0].value.zeros_like())]
    }
}
