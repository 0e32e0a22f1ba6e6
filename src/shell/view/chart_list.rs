//! The list of the charts of what is measured, where the reader chooses and orders them.

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use super::show::Show;
use crate::lab::spec::Spec;
use crate::lab::state::Edit;
use crate::lab::view::{Chart, View};

/// The list of charts, to be opened, where the reader chooses and orders them. Embedded labs have none, because there a
/// teacher chose.
pub fn chart_list(charts: Memo<Vec<Chart>>, lens: Lens) -> AnyView {
    let offered = Memo::new(move |_| lens.view.with(|view| !view.embed && !view.chooses_charts()));
    let rows = move || {
        let shown = charts.get();
        let is_other = |chart: &Chart| lens.spec.with(|spec| chart.applies(spec)) && !shown.contains(chart);
        let others: Vec<Chart> = Chart::MEASURED.into_iter().filter(is_other).collect();
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
                    <label class="formats" title=lens.text("charts.formats-hint")>
                        <input
                            type="checkbox"
                            data-testid="formats"
                            prop:checked=move || lens.view.with(|view| view.formats)
                            on:change=move |event| lens.edit.run(Edit::Formats(event_target_checked(&event)))
                        />
                        {lens.text("charts.formats")}
                    </label>
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
    .into_any()
}

/// A chart in the list. One that is shown can be moved up and down, except the first and the last.
fn row(chart: Chart, moves: Option<[bool; 2]>, lens: Lens) -> AnyView {
    let id = chart.id();
    let title = lens.words(format!("chart.{id}-title"));
    let toggle = move |_| {
        let charts = changed(lens, |view, spec| view.charts_with(spec, chart, moves.is_none()));
        lens.edit.run(Edit::Charts(charts));
    };
    let arrow = |up: bool, can: bool| {
        let (name, key) = if up { ("up", "charts.up") } else { ("down", "charts.down") };
        let change = move |_| {
            let charts = changed(lens, |view, spec| view.charts_moved(spec, chart, up));
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
                <input
                    type="checkbox"
                    data-testid=format!("charts-{id}")
                    prop:checked=moves.is_some()
                    on:change=toggle
                />
                {title.clone()}
            </label>
            {arrows}
        </li>
    }
    .into_any()
}

/// The list of charts after a change.
fn changed(lens: Lens, change: impl Fn(&View, &Spec) -> Vec<Chart>) -> Vec<Chart> {
    lens.view.with_untracked(|view| lens.spec.with_untracked(|spec| change(view, spec)))
}
