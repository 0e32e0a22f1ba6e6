//! What the icons of a chart do: say how to read it, show its numbers as a table, and save it as a file.

use leptos::prelude::*;

use super::Lens;
use super::chart_buttons::{file_button, toggle_button};
use super::frame::{ChartTools, Easel, ToolMakers};
use super::icon::Icon;
use super::show::Show;
use super::table::Data;
use crate::shell::browser;
use crate::shell::effect::effect;
use crate::shell::plot::{missing, picture};

/// The parts of a chart's frame that come later.
pub const TOOLS: ToolMakers = ToolMakers { icons, reading, table };

fn icons(tools: ChartTools, easel: Easel, lens: Lens) -> AnyView {
    let ChartTools { chart, hidden, .. } = tools;
    let hook = chart.hook();
    let save = move |(format, key)| save_button(format, key, tools, easel, lens);
    view! {
        {toggle_button(hook, ["read", "question"], tools.is_read, Memo::new(|_| false), lens)}
        {toggle_button(hook, ["show", "table"], tools.is_open, hidden, lens)}
        {file_button(hook, tools.table.get_value(), hidden, lens)}
        <details class="save" name="save" data-menu="" hidden=move || hidden.get()>
            <summary
                title=lens.text("chart.save")
                aria-label=lens.text("chart.save")
                data-testid=format!("save-{hook}")
            >
                <Icon name="picture" />
            </summary>
            <div>{[("svg", "chart.svg"), ("png", "chart.png")].map(save).into_iter().collect_view()}</div>
        </details>
    }
    .into_any()
}

fn save_button(format: &'static str, key: &'static str, tools: ChartTools, easel: Easel, lens: Lens) -> impl IntoView {
    let ChartTools { chart, canvas, figure, summary, .. } = tools;
    let (id, hook) = (chart.id(), chart.hook());
    let press = move |_| {
        let Some(element) = canvas.get_untracked() else { return };
        let (width, height) = (element.client_width() as usize, element.client_height() as usize);
        let lang = lens.lang.get_untracked();
        let look = easel.look(width, height, lens);
        let title = lang.text(&format!("chart.{id}-title")).to_owned();
        let link = browser::address_of(&browser::hash());
        let figure = figure.with_value(|figure| figure(&look));
        let figure = figure.captioned(&title, &summary.get_untracked(), &link, &look);
        picture(&figure, format, move |url| browser::save_as(&format!("init-lab-{hook}.{format}"), &url));
    };
    view! {
        <button type="button" data-testid=format!("{format}-{hook}") on:click=press>
            {lens.text(key)}
        </button>
    }
}

fn reading(tools: ChartTools, lens: Lens) -> AnyView {
    let key = format!("chart.{}-read", tools.chart.id());
    view! {
        <Show when=move || tools.is_read.get()>
            <p class="reading">{lens.words(key.clone())}</p>
        </Show>
    }
    .into_any()
}

fn table(tools: ChartTools, lens: Lens) -> AnyView {
    let is_missing = missing();
    effect(move || {
        if is_missing.get() {
            tools.is_open.set(true);
        }
    });
    view! {
        <Show when=move || tools.is_open.get() && !tools.hidden.get()>
            <Data id=tools.chart.hook() caption=tools.summary table=tools.table.get_value() lens=lens />
        </Show>
    }
    .into_any()
}
