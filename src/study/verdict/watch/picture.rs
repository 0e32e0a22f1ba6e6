//! What is drawn of a watched experiment.

use super::track::{Chosen, MATRICES, NetworkLook, Track, histogram_range};
use crate::lab::forecast::{decay, guessing};
use crate::lab::metric::LayerMetric;
use crate::lab::number::Number;
use crate::lab::prediction::{predict, sigma};
use crate::lab::spec::Spec;
use crate::science::layer::LayerId;
use crate::science::shape::bins;
use crate::study::file::ChartKind;
use crate::study::picture::{AxisData, Curve, Part, Picture};
use crate::study::plan::StudyPlan;

/// The most points that a loss curve has; each is the mean over some steps in a row.
const MOST_POINTS: usize = 150;

/// Draws all networks together, and the one that somebody chose.
pub fn pictures(plan: &StudyPlan, tracks: &[&Track], chosen: Chosen) -> Vec<Picture> {
    let (Some(network), Some(track)) = (plan.networks.get(chosen.network), tracks.get(chosen.network)) else {
        return Vec::new();
    };
    let spec = &network.spec;
    let mut all = vec![training(plan, tracks)];
    if let (Some(start), Some(look)) = (track.looks.first(), track.look(chosen)) {
        all.push(gradients(spec, start, look));
        all.extend((0..MATRICES.len()).map(|matrix| spread(spec, track, matrix)));
        all.extend((0..MATRICES.len()).map(|matrix| tails(track, matrix)));
        all.extend((0..MATRICES.len()).filter_map(|matrix| histogram(spec, [start, look], chosen.block, matrix)));
    }
    all
}

/// Draws the losses of all networks over steps.
fn training(plan: &StudyPlan, tracks: &[&Track]) -> Picture {
    let curves = tracks.iter().enumerate().flat_map(|(index, track)| {
        let label = plan.name(index);
        let stride = track.losses.len().div_ceil(MOST_POINTS).max(1);
        let mean = |losses: &[f32]| losses.iter().map(|loss| f64::from(*loss)).sum::<f64>() / losses.len() as f64;
        let middle = |at: usize, losses: &[f32]| (at * stride) as f64 + 0.5 * (losses.len() - 1) as f64;
        let chunks = track.losses.chunks(stride).enumerate();
        let train = chunks.map(|(at, losses)| (middle(at, losses), Some(mean(losses))));
        let held_out = track.looks.iter().map(|look| (look.step as f64, Some(look.held_out)));
        [Curve::through(&label, train), Curve { part: Part::HeldOut, ..Curve::through(&label, held_out) }]
    });
    let guess = plan.networks.first().map_or(0.0, |network| guessing(&network.spec));
    Picture { curves: curves.collect(), guess, ..Picture::new(ChartKind::Training, AxisData::named("step")) }
}

/// Draws the size of the gradients by layer, at the start and now, beside theory's profile of the start.
fn gradients(spec: &Spec, start: &NetworkLook, look: &NetworkLook) -> Picture {
    let ids = spec.architecture().layers();
    let curve = |values: &[Option<f64>], part| {
        let points = values.iter().enumerate().map(|(layer, value)| (layer as f64, *value));
        Curve { part, ..Curve::through("", points) }
    };
    let measured: Vec<LayerMetric> = ids
        .iter()
        .zip(&start.gradients)
        .map(|(id, rms)| LayerMetric { gradient_rms: rms.map(Number), ..LayerMetric::unmeasured(*id) })
        .collect();
    let theory = predict(spec).gradients(&measured);
    let curves =
        vec![curve(&theory, Part::Theory), curve(&start.gradients, Part::Start), curve(&look.gradients, Part::Own)];
    let numbers = (0..ids.len()).map(|layer| layer as f64).collect();
    let labels = ids.iter().map(LayerId::to_string).collect();
    let axis = AxisData { numbers, labels, ..AxisData::named("layer") };
    Picture { curves, ..Picture::new(ChartKind::Gradients, axis) }
}

/// Draws the standard deviation of one kind of matrix over steps, block by block, beside what decay and
/// noise alone would make of it.
fn spread(spec: &Spec, track: &Track, matrix: usize) -> Picture {
    let mut curves = blocks(track, matrix, |look, block| look.shapes[block][matrix].std);
    if let Some(law) = decay(spec) {
        let steps = track.looks.iter().map(|look| look.step as f64);
        let points = steps.map(|step| (step, Some(law.rms(sigma(spec).hidden, step))));
        curves.push(Curve { part: Part::Theory, ..Curve::through("", points) });
    }
    panel(ChartKind::Spread, matrix, curves)
}

/// Draws the excess kurtosis of one kind of matrix over steps, block by block.
fn tails(track: &Track, matrix: usize) -> Picture {
    panel(ChartKind::Tails, matrix, blocks(track, matrix, |look, block| look.shapes[block][matrix].kurtosis))
}

fn panel(kind: ChartKind, matrix: usize, curves: Vec<Curve>) -> Picture {
    Picture { panel: MATRICES[matrix].to_owned(), curves, ..Picture::new(kind, AxisData::named("step")) }
}

fn blocks(track: &Track, matrix: usize, value: impl Fn(&NetworkLook, usize) -> f64) -> Vec<Curve> {
    debug_assert!(matrix < MATRICES.len());
    let count = track.looks.first().map_or(0, |look| look.shapes.len());
    let curve = |block: usize| {
        let points = track.looks.iter().map(|look| (look.step as f64, Some(value(look, block))));
        Curve::through((block + 1).to_string(), points)
    };
    (0..count).map(curve).collect()
}

/// Draws the density of one matrix's values, at the start and now.
fn histogram(spec: &Spec, looks: [&NetworkLook; 2], block: usize, matrix: usize) -> Option<Picture> {
    let range = histogram_range(spec);
    let curve = |look: &NetworkLook, part| {
        let density = look.shapes.get(block)?[matrix].density(range);
        Some(Curve { part, ..Curve::through("", bins(range).into_iter().zip(density.into_iter().map(Some))) })
    };
    let curves = vec![curve(looks[0], Part::Start)?, curve(looks[1], Part::Own)?];
    let panel = format!("{} {}", MATRICES[matrix], block + 1);
    Some(Picture { panel, curves, ..Picture::new(ChartKind::Histogram, AxisData::named("weight")) })
}
