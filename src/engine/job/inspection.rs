//! A look into the lab's network, slice by slice, while the run goes on: what is looked into is the network as it was
//! when somebody asked.
//!
//! Singular values are computed on the CPU: on WebGPU a decomposition would wait for the device at every step, which
//! panics in wasm. Each read here is one of its own, since nobody asks for a look with every slice.

mod jacobian;
mod matrix;
mod sharpness;

use super::{Job, JobReport, Slicing};
use crate::engine::datasets::Datasets;
use crate::engine::session::StillNetwork;
use crate::lab::inspection::{Inspection, Subject};
use crate::lab::metric::RunId;
use crate::lab::number::Number;
use crate::lab::protocol::{Event, Failure};

use jacobian::JacobianLook;
use matrix::MatrixLook;
use sharpness::SharpnessLook;

/// Wall time of a slice: as long as one of a run, with which it takes turns.
const SLICE_MS: f64 = 60.0;

/// A look on its way.
pub(crate) struct InspectionJob {
    run: RunId,
    step: u64,
    request: u32,
    look: LookKind,
    result: Option<Inspection>,
}

/// What is looked into.
enum LookKind {
    Matrix(Box<MatrixLook>),
    Jacobian(Box<JacobianLook>),
    Sharpness(Box<SharpnessLook>),
}

impl InspectionJob {
    /// A look into a network.
    pub(crate) fn new(network: StillNetwork, request: u32, subject: Subject) -> Self {
        let (run, step) = (network.run, network.step);
        let look = match subject {
            Subject::Matrix(id) => LookKind::Matrix(Box::new(MatrixLook::new(&network, id))),
            Subject::Jacobian => LookKind::Jacobian(Box::new(JacobianLook::new(network))),
            Subject::Sharpness => LookKind::Sharpness(Box::new(SharpnessLook::new(network))),
        };
        Self { run, step, request, look, result: None }
    }

    async fn advance(&mut self) -> Result<(), Failure> {
        self.result = match &mut self.look {
            LookKind::Matrix(look) => look.advance(SLICE_MS).await?,
            LookKind::Jacobian(look) => look.advance(SLICE_MS).await?,
            LookKind::Sharpness(look) => look.advance(SLICE_MS).await?,
        };
        Ok(())
    }

    fn share(&self) -> f64 {
        match &self.look {
            LookKind::Matrix(look) => look.share(),
            LookKind::Jacobian(look) => look.share(),
            LookKind::Sharpness(look) => look.share(),
        }
    }
}

impl Job for InspectionJob {
    fn slice<'a>(&'a mut self, _: &'a mut Datasets) -> Slicing<'a> {
        Box::pin(self.advance())
    }

    fn report(&mut self) -> JobReport {
        let Self { run, step, request, .. } = *self;
        JobReport::Lab(vec![match &self.result {
            Some(result) => Event::Inspected { run, step, request, result: result.clone() },
            None => Event::Inspecting { request, share: self.share() },
        }])
    }

    fn is_over(&self) -> bool {
        self.result.is_some()
    }
}

/// Numbers for a message.
fn numbers(values: &[f64]) -> Vec<Number> {
    values.iter().map(|value| Number(*value)).collect()
}
