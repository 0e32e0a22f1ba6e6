//! The charts of what is measured, one of which a reader or a link may choose.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::Lens;
use super::arranged::keep_arranged;
use super::depth::{Gradient, Share, Variance};
use super::frame::Easel;
use super::later::{LatePart, later};
use crate::lab::view::Chart;
use crate::shell::store::Store;

/// Keeps the charts of a list below an element, in the list's order. A chart that stays in the list stays as it is.
///
/// Leptos's own `For` does the same for keys and views of any type, with 12 kB of code for each pair of types.
pub fn measured_charts(top: NodeRef<Div>, charts: Memo<Vec<Chart>>, store: Store, easel: Easel, lens: Lens) {
    let page = Owner::current().unwrap_or_default();
    Effect::new(move |before: Option<Option<StageCharts>>| {
        let wanted = charts.get();
        let mut row = match before.flatten() {
            Some(row) => row,
            None => StageCharts::below(top.get()?.as_ref())?,
        };
        row.show(&wanted, |chart| {
            let owner = page.with(Owner::new);
            let view = owner.with(|| untrack(|| measured_chart(chart, store, easel, lens).build()));
            ShownChart { chart, owner, view }
        });
        Some(row)
    });
}

/// A chart that stands on the page, and what its view owns.
struct ShownChart {
    chart: Chart,
    owner: Owner,
    view: AnyViewState,
}

/// The charts that stand on the page, in order.
struct StageCharts {
    charts: Vec<ShownChart>,
    stage: HtmlElement,
    /// What stands behind the last chart, and is not seen.
    end: Node,
}

impl StageCharts {
    /// No charts yet, with their place behind an element.
    fn below(top: &HtmlElement) -> Option<Self> {
        let end: Node = document().create_text_node("").into();
        let stage: HtmlElement = top.parent_element()?.unchecked_into();
        stage.insert_before(&end, top.next_sibling().as_ref()).ok()?;
        keep_arranged(&stage);
        Some(Self { charts: Vec::new(), stage, end })
    }

    fn show(&mut self, wanted: &[Chart], make: impl Fn(Chart) -> ShownChart) {
        self.charts.retain_mut(|shown| {
            let stays = wanted.contains(&shown.chart);
            if !stays {
                shown.view.unmount();
                shown.owner.cleanup();
            }
            stays
        });
        for (index, chart) in wanted.iter().enumerate() {
            let mut shown = match self.charts.iter().position(|shown| shown.chart == *chart) {
                Some(at) if at == index => continue,
                Some(at) => self.charts.remove(at),
                None => make(*chart),
            };
            let is_placed = self.charts.get(index).is_some_and(|next| next.view.insert_before_this(&mut shown.view));
            if !is_placed {
                shown.view.mount(&self.stage, Some(&self.end));
            }
            self.charts.insert(index, shown);
        }
    }
}

fn measured_chart(chart: Chart, store: Store, easel: Easel, lens: Lens) -> AnyView {
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
