//! What the lab measured, for the file to compare with.

use super::ends_before;
use crate::lab::metric::{Frame, LayerMetric};
use crate::lab::number::Number;
use crate::lab::record::RunRecord;
use crate::lab::spec::Spec;
use crate::science::layer::LayerId;

/// How many of a run's first losses are compared.
pub const LOSSES: usize = 50;

/// Numbers of a run that follow from its spec alone. There are none where the lab has not measured any yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasuredNumbers {
    /// By layer, the variance before the activation, if the layer has one, and behind it.
    pub variances: Vec<(LayerId, Option<f64>, Option<f64>)>,
    /// The training losses of the first steps, one by one from step 0 on.
    pub losses: Vec<f64>,
}

impl MeasuredNumbers {
    /// The numbers of a record, if it is one of this spec.
    pub fn of(record: &RunRecord, spec: &Spec) -> Self {
        if record.spec != *spec {
            return Self::default();
        }
        let first = record.history.first().filter(|frame| frame.step == 0);
        let Some(first) = first else { return Self::default() };
        // From the first change on, the losses are not those of the spec as it is now; before any update they are.
        let most = if record.tuned { 1 } else { LOSSES };
        let most = ends_before(spec).map_or(most, |end| most.min(end as usize));
        let losses = record.first_losses.iter().take(most).copied().collect();
        Self { variances: variances(first), losses }
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.variances.is_empty() && self.losses.is_empty()
    }
}

fn variances(frame: &Frame) -> Vec<(LayerId, Option<f64>, Option<f64>)> {
    let ends = [LayerId::Embedding, LayerId::Output, LayerId::Head];
    let finite = |number: Option<Number>| number.map(|number| number.0).filter(|x| x.is_finite());
    let row = |layer: &LayerMetric| {
        let before = finite(layer.preactivation_var).filter(|_| !ends.contains(&layer.id));
        (layer.id, before, finite(layer.activation_var))
    };
    frame.layers.iter().map(row).collect()
}
