//! One network on one device: measure (forward and backward) and update, apart.
//!
//! A frame describes the network *at* a step: forward and backward there, before the update that
//! follows. So a step is "update with the gradients at hand, then measure"; nothing runs twice.

mod derivatives;
mod outputs;

use std::rc::Rc;

use burn::tensor::{Device, Tensor};

use super::adapt::{LoraAdapter, adapters, enlarge};
use super::batch::{Batch, Inputs};
use super::batchnorm::Running;
use super::dropout::{Masks, Pool};
use super::initial::{fingerprint, initial};
use super::loss::{accuracy, cross_entropy, with_gradient};
use super::optimizer::{OptimizerState, Rates, TensorPace};
use super::parameter::Parameter;
use super::rotary::Rotary;
use super::tap::{Tap, Taps};
use super::tape::{Node, Tape};
use super::unit::Batches;
use super::{mlp, transformer};
use crate::lab::metric::Content;
use crate::lab::spec::{Adapt, BlockStyle, Model, Optimizer, Spec};
use crate::science::architecture::Architecture;

/// A network, the state of its optimizer and its present gradients. A clone is a snapshot and costs nothing.
#[derive(Clone)]
pub struct Trainer {
    net: Architecture,
    optimizer: Optimizer,
    list: Vec<Parameter>,
    rotary: Option<Rotary>,
    weights: Vec<Tensor<3>>,
    gradients: Vec<Tensor<3>>,
    optimizer_state: OptimizerState,
    adapters: Option<Vec<LoraAdapter>>,
    adapted: bool,
    pool: Option<Pool>,
    running: Running,
    /// The number of measured passes, one for each step from step 0 on. Masks are drawn by it.
    passes: u64,
    fingerprint: Rc<str>,
}

/// What a network goes on from, on its device.
pub(super) struct RestoredTraining {
    pub(super) step: u64,
    pub(super) adapted: bool,
    pub(super) list: Vec<Parameter>,
    pub(super) weights: Vec<Tensor<3>>,
    /// `None` where the run has none.
    pub(super) adapters: Option<Vec<LoraAdapter>>,
    pub(super) state: OptimizerState,
    pub(super) running: Running,
}

impl Trainer {
    /// The network of a spec at initialization. Weights are drawn here, on the CPU, and uploaded.
    pub fn new(spec: &Spec, device: &Device) -> Self {
        Self::with_values(spec, initial(spec), device)
    }

    /// The network of a spec at its initialization, which was drawn; or as many replicas of it as there are values of,
    /// replica after replica.
    pub fn with_values(spec: &Spec, values: Vec<Vec<f32>>, device: &Device) -> Self {
        let net = spec.architecture();
        Self { pool: Pool::new(spec, device), ..Self::from_values(net, spec.training.optimizer, values, device) }
    }

    /// Networks with given initial values: a row-major list for each parameter, replica after replica.
    pub fn from_values(net: Architecture, optimizer: Optimizer, values: Vec<Vec<f32>>, device: &Device) -> Self {
        let list = net.parameters();
        let weights = list
            .iter()
            .zip(&values)
            .map(|(p, values)| {
                let replicas = values.len() / p.len();
                Tensor::<1>::from_data(values.as_slice(), device).reshape([replicas, p.rows, p.columns])
            })
            .collect();
        let rotary = (net.model == Model::Gpt && net.block == BlockStyle::Llama)
            .then(|| Rotary::new(net.head_width(), net.context, device));
        Self {
            net,
            optimizer,
            list,
            rotary,
            weights,
            gradients: Vec::new(),
            optimizer_state: OptimizerState::default(),
            adapters: None,
            adapted: false,
            pool: None,
            running: Running::default(),
            passes: 0,
            fingerprint: fingerprint(&values).into(),
        }
    }

    /// The [`fingerprint`] of the first values.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The parameters' descriptions.
    pub fn parameters(&self) -> &[Parameter] {
        &self.list
    }

    /// The present values, `[R, rows, columns]` each.
    pub fn weights(&self) -> &[Tensor<3>] {
        &self.weights
    }

    /// The gradients of the last measurement.
    pub fn gradients(&self) -> &[Tensor<3>] {
        &self.gradients
    }

    /// Replaces a parameter's values, for checks by finite differences.
    pub fn set_weights(&mut self, index: usize, values: Tensor<3>) {
        self.weights[index] = values;
    }

    /// The optimizer's running averages.
    pub fn optimizer_state(&self) -> &OptimizerState {
        &self.optimizer_state
    }

    /// The averages over batches that held-out passes use.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// Goes on from a checkpoint. The pass of its step has to be measured next, which makes the gradients.
    pub(super) fn restore(&mut self, kept: RestoredTraining) {
        (self.list, self.weights, self.adapted) = (kept.list, kept.weights, kept.adapted);
        (self.optimizer_state, self.running, self.passes) = (kept.state, kept.running, kept.step);
        self.adapters = None;
        if let Some(adapters) = kept.adapters {
            self.attach(adapters);
        }
    }

    /// The logits `[R, N, classes]` of a pass that is not recorded and leaves nothing out.
    pub fn predict(&self, batch: &Batch) -> Tensor<3> {
        let (mut tape, weights) = self.unrecorded();
        self.forward(&mut tape, &weights, batch, &mut Masks::none(), &mut Taps::new(false)).value
    }

    /// The loss and the share of right predictions on a batch, `[R]` each, of a pass that is not recorded.
    pub fn judge(&self, batch: &Batch, taps: &mut Taps) -> [Tensor<1>; 2] {
        let (mut tape, weights) = self.unrecorded();
        let logits = self.forward(&mut tape, &weights, batch, &mut Masks::none(), taps).value;
        [cross_entropy(logits.clone(), batch.targets.clone()), accuracy(logits, batch.targets.clone())]
    }

    /// Goes forward and backward on a batch and returns the loss `[R]`; the gradients wait for [`Trainer::update`].
    pub fn measure(&mut self, batch: &Batch, taps: &mut Taps) -> Tensor<1> {
        if taps.on() && self.pool.is_some() {
            taps.compare(self.unmasked(batch));
        }
        let (mut tape, weights) = Tape::recording(&self.weights);
        let logits = self.forward(&mut tape, &weights, batch, &mut Masks::of(self.pool.as_ref(), self.passes), taps);
        self.passes += 1;
        self.running.pass(tape.seen());
        let (loss, gradient) = with_gradient(logits.value.clone(), batch.targets.clone());
        // Replicas share nothing, so the gradients of their losses are made at once.
        let gradients = tape.backward(&logits, gradient);
        let all = gradients.into_iter().zip(&self.weights);
        self.gradients = all.map(|(gradient, weights)| gradient.unwrap_or_else(|| weights.zeros_like())).collect();
        for (parameter, gradient) in self.list.iter().zip(&self.gradients) {
            if parameter.kind.is_matrix() {
                let tap = Tap::Gradient { layer: parameter.layer, entries: parameter.len() };
                taps.record(tap, || gradient.clone());
                for (id, columns) in parameter.reported() {
                    taps.count(Content::Gradients, id, || pick(gradient, columns));
                }
            }
        }
        loss
    }

    /// Makes one step of the optimizer along the measured gradients, and records the updates.
    pub fn update(&mut self, rates: &Rates, taps: &mut Taps) {
        let gradients = rates.clipped(self.learning());
        let mut weights = self.weights.clone();
        match &mut self.adapters {
            None => {
                let pace = |parameter| TensorPace::of(parameter, &self.net, self.optimizer);
                let paces: Vec<TensorPace> = self.list.iter().map(pace).collect();
                weights = self.optimizer_state.update_all(self.optimizer, &weights, &gradients, &paces, rates);
            }
            Some(adapters) => {
                for (index, adapter) in adapters.iter_mut().enumerate() {
                    let (at, state) = (2 * index, &mut self.optimizer_state);
                    let pair = [gradients[at].clone(), gradients[at + 1].clone()];
                    weights[adapter.index] = adapter.update(state, at, self.optimizer, pair, rates);
                }
            }
        }
        if taps.on() {
            for ((parameter, before), after) in self.list.iter().zip(&self.weights).zip(&weights) {
                let update = after.clone() - before.clone();
                for (id, columns) in parameter.reported() {
                    taps.record(Tap::Update(id), || pick(&update, columns));
                }
            }
        }
        self.weights = weights;
    }

    /// The gradients of what the optimizer may change.
    fn learning(&self) -> Vec<Tensor<3>> {
        match &self.adapters {
            None => self.gradients.clone(),
            Some(all) => all.iter().flat_map(|adapter| adapter.gradients(&self.gradients[adapter.index])).collect(),
        }
    }

    /// The same network before its last pass, to make that pass once more.
    pub(super) fn before_last_pass(&self) -> Self {
        let running = Running::from_before(self.running.before().to_vec());
        Self { running, passes: self.passes.saturating_sub(1), ..self.clone() }
    }

    /// Begins the second part of a run, with an optimizer that remembers nothing.
    pub fn adapt(&mut self, spec: &Spec, device: &Device) {
        match spec.adapt.kind {
            Adapt::Off => return,
            Adapt::Lora => self.attach(adapters(&self.list, &self.weights, spec, device)),
            Adapt::Tokens => enlarge(&mut self.list, &mut self.weights, spec, device),
        }
        self.optimizer_state = OptimizerState::default();
        self.adapted = true;
    }

    /// Freezes the network under adapters.
    pub fn attach(&mut self, adapters: Vec<LoraAdapter>) {
        for adapter in &adapters {
            self.weights[adapter.index] = adapter.weights();
        }
        self.adapters = Some(adapters);
    }

    /// Whether [`Self::adapt`] was called.
    pub fn adapted(&self) -> bool {
        self.adapted
    }

    /// The adapters of a network that has them.
    pub fn adapters(&self) -> &[LoraAdapter] {
        self.adapters.as_deref().unwrap_or_default()
    }

    /// How many numbers the optimizer may change.
    pub fn trainable(&self) -> usize {
        match &self.adapters {
            Some(adapters) => adapters.iter().map(LoraAdapter::entries).sum(),
            None => self.list.iter().map(Parameter::len).sum(),
        }
    }

    /// Records the present weights, matrix by matrix, and the share of Adam's second moments that overflowed.
    pub(crate) fn record_weights(&self, taps: &mut Taps) {
        for (parameter, weights) in self.list.iter().zip(&self.weights) {
            for (id, columns) in parameter.reported() {
                taps.record(Tap::Weight(id), || pick(weights, columns));
                taps.count(Content::Weights, id, || pick(weights, columns));
            }
        }
        self.optimizer_state.record(taps);
    }

    fn unrecorded(&self) -> (Tape, Vec<Node>) {
        let (mut tape, weights) = Tape::off(&self.weights);
        tape.batches = Batches::known(self.running.corrected(self.passes));
        (tape, weights)
    }

    fn forward(&self, tape: &mut Tape, weights: &[Node], batch: &Batch, masks: &mut Masks, taps: &mut Taps) -> Node {
        match &batch.inputs {
            Inputs::Rows(rows) => mlp::forward(&self.net, tape, weights, rows.clone(), masks, taps),
            Inputs::Windows(text) => {
                transformer::forward(&self.net, tape, weights, text.clone(), self.rotary.as_ref(), masks, taps)
            }
        }
    }
}

fn pick(tensor: &Tensor<3>, columns: Option<(usize, usize)>) -> Tensor<3> {
    match columns {
        Some((from, count)) => tensor.clone().narrow(2, from, count),
        None => tensor.clone(),
    }
}
