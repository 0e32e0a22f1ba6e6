//! The frame of a chart that is no curve: its title, its sentence, what it shows, and how it is read.

use leptos::prelude::*;

use super::Lens;
use super::chart_buttons::{file_button, toggle_button};
use super::show::Show;

use super::table::{Data, Numbers};
use crate::lab::view::Chart;

/// What stands in the frame.
pub struct Sheet {
    /// The chart that it shows.
    pub chart: Chart,
    /// What stands beside the title.
    pub tools: AnyView,
    /// What it shows.
    pub body: AnyView,
    /// What it shows, in a sentence.
    pub summary: Memo<String>,
    /// Whether the sentence is so short that it stands beside the title.
    pub brief: bool,
    /// Its numbers, where it has any.
    pub table: Option<Numbers>,
}

/// Puts the frame around it. What would give away an answer that a student is asked for is covered until it is given.
pub fn show_sheet(sheet: Sheet, lens: Lens) -> AnyView {
    let Sheet { chart, tools, body, summary, brief, table } = sheet;
    let covered = Memo::new(move |_| chart != Chart::Lines && lens.asks.get());
    let summary =
        Memo::new(
            move |_| if covered.get() { lens.lang.get().text("guess.covered").to_owned() } else { summary.get() },
        );
    let (id, hook) = (chart.id(), chart.hook());
    let (open, read) = (RwSignal::new(false), RwSignal::new(false));
    let buttons = table.clone().map(|file| {
        (toggle_button(hook, ["show", "table"], open, covered, lens), file_button(hook, file, covered, lens))
    });
    let sentence = move || {
        view! {
            <p class="sentence" data-testid=move || covered.get().then(|| format!("covered-{hook}"))>
                {move || summary.get()}
            </p>
        }
    };
    let data = table.map(|table| {
        let shown = move || {
            let table = table.clone();
            (open.get() && !covered.get()).then(|| view! { <Data id=hook caption=summary table=table lens=lens /> })
        };
        shown.into_any()
    });
    view! {
        <section
            class="chart sheet"
            class:covered=move || covered.get()
            data-testid=format!("chart-{hook}")
            data-chart=id
        >
            <header>
                <h2 title=lens.words(format!("chart.{id}-hint"))>{lens.words(format!("chart.{id}-title"))}</h2>
                {tools}
                {brief.then(sentence)}
                <div class="icons">
                    {toggle_button(hook, ["read", "question"], read, Memo::new(|_| false), lens)} {buttons}
                </div>
            </header>
            <div hidden=move || covered.get()>{body}</div>
            {(!brief).then(sentence)}
            <Show when=move || read.get()>
                <p class="reading">{lens.words(format!("chart.{id}-read"))}</p>
            </Show>
            {data}
        </section>
    }
    .into_any()
}
