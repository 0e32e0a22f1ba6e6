//! The frame of a chart that is no curve: its title, its sentence, what it shows, and how it is read.

use leptos::prelude::*;

use super::Lens;
use super::icon::Icon;
use super::table::{Data, Numbers};
use crate::lab::view::Chart;
use crate::shell::browser::download;

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
    let buttons = table.clone().map(|file| numbers(hook, open, file, lens));
    let sentence = move || view! { <p class="sentence" data-testid=move || covered.get().then(|| format!("covered-{hook}"))>{move || summary.get()}</p> };
    let data = table.map(|table| {
        let shown = move || {
            let table = table.clone();
            (open.get() && !covered.get()).then(|| view! { <Data id=hook caption=summary table=table lens=lens /> })
        };
        shown.into_any()
    });
    view! {
        <section class="chart sheet" class:covered=move || covered.get() data-testid=format!("chart-{hook}") data-chart=id>
            <header>
                <h2 title=lens.words(format!("chart.{id}-hint"))>{lens.words(format!("chart.{id}-title"))}</h2>
                {tools}
                {brief.then(sentence)}
                <div class="icons">
                    <button
                        type="button"
                        class="ghost"
                        data-testid=format!("read-{hook}")
                        title=lens.text("chart.read")
                        aria-label=lens.text("chart.read")
                        aria-expanded=move || read.get().to_string()
                        on:click=move |_| read.update(|read| *read = !*read)
                    >
                        <Icon name="question" />
                    </button>
                    <span class="icons" hidden=move || covered.get()>{buttons}</span>
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

/// The buttons that show the numbers as a table, and save them as a file.
fn numbers(hook: &'static str, open: RwSignal<bool>, file: Numbers, lens: Lens) -> AnyView {
    view! {
        <button
            type="button"
            class="ghost"
            data-testid=format!("show-{hook}")
            title=lens.text("chart.show")
            aria-label=lens.text("chart.show")
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <Icon name="table" />
        </button>
        <button
            type="button"
            class="ghost"
            data-testid=format!("csv-{hook}")
            title=lens.text("chart.csv")
            aria-label=lens.text("chart.csv")
            on:click=move |_| download(&format!("init-lab-{hook}.csv"), "text/csv", &untrack(|| file()).csv())
        >
            <Icon name="file" />
        </button>
    }
    .into_any()
}
