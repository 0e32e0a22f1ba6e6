//! The charts of what is measured, as the reader chose and ordered them, and the list where that is done.

use leptos::prelude::*;

use super::Lens;
use super::dead::Dead;
use super::depth::{Gradient, Share, Variance};
use super::frame::Easel;
use super::heads::heads;
use super::histograms::Histograms;
use super::icon::Icon;
use super::loss::Loss;
use super::sharpness::sharpness;
use super::spectrum::spectrum;
use super::updates::updates;
use super::weights::Weights;
use crate::lab::state::Edit;
use crate::lab::view::Chart;
use crate::shell::store::Store;

/// One of the charts of what is measured.
pub fn measured_chart(chart: Chart, store: Store, easel: Easel, lens: Lens) -> AnyView {
    match chart {
        Chart::Variance => view! { <Variance store=store easel=easel lens=lens /> }.into_any(),
        Chart::Gradient => view! { <Gradient store=store easel=easel lens=lens /> }.into_any(),
        Chart::Share => view! { <Share store=store easel=easel lens=lens /> }.into_any(),
        Chart::Loss => view! { <Loss store=store easel=easel lens=lens /> }.into_any(),
        Chart::Weights => view! { <Weights store=store easel=easel lens=lens /> }.into_any(),
        Chart::Updates => updates(store, easel, lens),
        Chart::Heads => heads(store, easel, lens),
        Chart::Histograms => view! { <Histograms store=store easel=easel lens=lens /> }.into_any(),
        Chart::Dead => view! { <Dead store=store easel=easel lens=lens /> }.into_any(),
        Chart::Spectrum => spectrum(store, easel, lens),
        Chart::Sharpness => sharpness(store, easel, lens),
        // These have sections of their own below.
        Chart::Sweep | Chart::Phase | Chart::Correlation | Chart::Attention => ().into_any(),
    }
}

/// The list of charts, to be opened, where the reader chooses and orders them. Embedded labs have none, because there a
/// teacher chose.
#[component]
pub fn ChartList(charts: Memo<Vec<Chart>>, lens: Lens) -> impl IntoView {
    let offered = Memo::new(move |_| lens.view.with(|view| !view.embed && !view.chooses_charts()));
    let rows = move || {
        let (shown, model) = (charts.get(), lens.model());
        let others: Vec<Chart> =
            Chart::MEASURED.into_iter().filter(|chart| chart.applies(model) && !shown.contains(chart)).collect();
        let last = shown.len().saturating_sub(1);
        let shown = shown.into_iter().enumerate().map(|(at, chart)| row(chart, Some([at > 0, at < last]), lens));
        let others = others.into_iter().map(|chart| row(chart, None, lens));
        shown.chain(others).collect_view()
    };
    let changed = Memo::new(move |_| lens.view.with(|view| !view.charts.is_empty()));
    view! {
        <Show when=move || offered.get()>
            <details class="chart-list" data-menu="" data-testid="charts">
                <summary>{lens.text("charts.title")}</summary>
                <div>
                    <ul>{rows}</ul>
                    <button
                        type="button"
                        class="plain"
                        data-testid="charts-standard"
                        disabled=move || !changed.get()
                        on:click=move |_| lens.edit.run(Edit::Charts(Vec::new()))
                    >
                        {lens.text("charts.standard")}
                    </button>
                </div>
            </details>
        </Show>
    }
}

/// A chart in the list. One that is shown can be moved up and down, except the first and the last.
fn row(chart: Chart, moves: Option<[bool; 2]>, lens: Lens) -> AnyView {
    let id = chart.id();
    let title = lens.words(format!("chart.{id}-title"));
    let toggle = move |_| {
        let charts = lens.view.with_untracked(|view| view.charts_with(lens.model(), chart, moves.is_none()));
        lens.edit.run(Edit::Charts(charts));
    };
    let arrow = |up: bool, can: bool| {
        let (name, key) = if up { ("up", "charts.up") } else { ("down", "charts.down") };
        let change = move |_| {
            let charts = lens.view.with_untracked(|view| view.charts_moved(lens.model(), chart, up));
            lens.edit.run(Edit::Charts(charts));
        };
        let title = title.clone();
        let label = move || lens.lang.get().fill(key, &[("chart", &title())]);
        view! {
            <button
                type="button"
                class="ghost"
                data-testid=format!("charts-{id}-{name}")
                title=label.clone()
                aria-label=label
                disabled=!can
                on:click=change
            >
                <Icon name=name />
            </button>
        }
    };
    let arrows = moves.map(|[up, down]| [arrow(true, up), arrow(false, down)].into_iter().collect_view());
    view! {
        <li>
            <label title=lens.words(format!("chart.{id}-hint"))>
                <input type="checkbox" data-testid=format!("charts-{id}") prop:checked=moves.is_some() on:change=toggle />
                {title.clone()}
            </label>
            {arrows}
        </li>
    }
    .into_any()
}
