//! The singular values of a weight matrix.

use burn::tensor::Tensor;

use super::numbers;
use crate::engine::clock::now_ms;
use crate::engine::reading;
use crate::engine::session::StillNetwork;
use crate::lab::inspection::{Absence, Inspection, MatrixSpectrum};
use crate::lab::protocol::Failure;
use crate::science::layer::MatrixId;
use crate::science::singular::SingularValues;

/// The multiplications between two looks at the clock, about a millisecond.
const AT_ONCE: usize = 1 << 20;

/// The look at a matrix.
pub(super) struct MatrixLook {
    id: MatrixId,
    /// The matrix on the device, `[1, rows, columns]`; `None` if the network has none of this name.
    weights: Option<Tensor<3>>,
    found: Option<SingularValues>,
}

impl MatrixLook {
    pub(super) fn new(network: &StillNetwork, id: MatrixId) -> Self {
        let all = network.trainer.parameters().iter().zip(network.trainer.weights());
        let weights = all.into_iter().find_map(|(parameter, weights)| {
            let (_, columns) = parameter.reported().into_iter().find(|(own, _)| *own == id)?;
            Some(columns.map_or_else(|| weights.clone(), |(from, count)| weights.clone().narrow(2, from, count)))
        });
        Self { id, weights, found: None }
    }

    pub(super) fn share(&self) -> f64 {
        self.found.as_ref().map_or(0.0, SingularValues::share)
    }

    /// Reads the matrix, then computes for so many milliseconds.
    pub(super) async fn advance(&mut self, slice_ms: f64) -> Result<Option<Inspection>, Failure> {
        let Some(weights) = &self.weights else { return Ok(Some(Inspection::Nothing(Absence::OtherModel))) };
        let [_, rows, columns] = weights.dims();
        let begun = now_ms();
        let found = match &mut self.found {
            Some(found) => found,
            none => {
                let entries = reading::read(vec![weights.clone().reshape([rows * columns])]).await?;
                none.insert(SingularValues::new(rows, columns, &entries))
            }
        };
        while !found.advance(AT_ONCE) {
            if now_ms() - begun >= slice_ms {
                return Ok(None);
            }
        }
        Ok(Some(found.found().map_or(Inspection::Nothing(Absence::NotFinite), |values| {
            let (matrix, sides, values) = (self.id, [rows, columns], numbers(values));
            Inspection::Matrix(MatrixSpectrum { matrix, sides, values })
        })))
    }
}
