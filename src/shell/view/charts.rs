//! The charts of what is measured, one of which a reader or a link may choose.

use leptos::prelude::*;

use super::Lens;
use super::depth::{Gradient, Share, Variance};
use super::frame::Easel;
use super::later::{LatePart, later};
use crate::lab::view::Chart;
use crate::shell::store::Store;

/// One of the charts of what is measured.
pub fn measured_chart(chart: Chart, store: Store, easel: Easel, lens: Lens) -> AnyView {
    match chart {
        Chart::Variance => view! { <Variance store=store easel=easel lens=lens /> }.into_any(),
        Chart::Gradient => view! { <Gradient store=store easel=easel lens=lens /> }.into_any(),
        Chart::Share => view! { <Share store=store easel=easel lens=lens /> }.into_any(),
        Chart::Loss
        | Chart::Weights
        | Chart::Digits
        | Chart::Boundary
        | Chart::Path
        | Chart::Lines
        | Chart::Updates
        | Chart::Heads
        | Chart::Histograms
        | Chart::Dead
        | Chart::Spectrum
        | Chart::Sharpness
        | Chart::Product
        | Chart::Course
        | Chart::Scores
        | Chart::Softmax => later(LatePart::Chart(chart), store, easel, lens),
        // These have sections of their own below.
        Chart::Sweep | Chart::Phase | Chart::Correlation | Chart::Attention => ().into_any(),
    }
}
