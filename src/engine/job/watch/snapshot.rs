//! What is seen of a watched network: its losses after each slice, and now and then a snapshot of its weights.

use burn::tensor::Tensor;

use crate::engine::parameter::ParameterKind;
use crate::engine::reading;
use crate::engine::session::{Session, Slice};
use crate::lab::protocol::{Failure, Why};
use crate::lab::spec::Spec;
use crate::science::shape::Shape;
use crate::study::verdict::watch::{Ending, NetworkLook, Track, histogram_range, next_look};

/// Adds a slice to a track, with a snapshot of the weights where one is due.
pub(super) async fn record(track: &mut Track, session: &Session, slice: Slice, spec: &Spec) -> Result<(), Failure> {
    let Slice { before, frame, end, .. } = slice;
    let losses = before.iter().chain([&frame]).flat_map(|frame| &frame.losses);
    track.losses.extend(losses.map(|loss| loss.0 as f32));
    track.end = end.map(|why| match why {
        Why::Diverged { layer, .. } => Ending::Diverged { layer },
        Why::Done | Why::Stopped => Ending::Done,
    });
    let due = track.looks.last().is_none_or(|look| frame.step >= next_look(look.step));
    let Some(held_out) = frame.val_loss.filter(|_| due || track.end.is_some()) else { return Ok(()) };
    track.looks.push(NetworkLook {
        step: frame.step,
        held_out: held_out.0,
        gradients: frame.layers.iter().map(|layer| layer.gradient_rms.map(|rms| rms.0)).collect(),
        shapes: shapes(session, histogram_range(spec)).await?,
    });
    Ok(())
}

/// The distributions of the weights of Q, K and V in each block. It is a read of its own, of a few hundred kilobytes.
async fn shapes(session: &Session, range: f64) -> Result<Vec<[Shape; 3]>, Failure> {
    let trainer = session.trainer();
    let parts: Vec<Tensor<1>> = trainer
        .parameters()
        .iter()
        .zip(trainer.weights())
        .filter(|(parameter, _)| matches!(parameter.kind, ParameterKind::Qkv(_)))
        .map(|(_, weights)| weights.clone().reshape([weights.shape().num_elements()]))
        .collect();
    let size = parts.first().map_or(0, |part| part.dims()[0]);
    if size == 0 {
        return Ok(Vec::new());
    }
    let values = reading::read(parts).await?;
    // [d, 3d], row by row: d values of Q, then of K, then of V.
    let width = (size / 3).isqrt();
    let shape = |block: &[f32], matrix: usize| {
        let rows = block.chunks(3 * width).map(|row| &row[matrix * width..(matrix + 1) * width]);
        Shape::of(rows.flatten().copied(), range)
    };
    Ok(values.chunks(size).map(|block| [0, 1, 2].map(|matrix| shape(block, matrix))).collect())
}
