//! The frame of a chart: title, legend, tools, the picture and what stands below it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use super::Lens;
use super::icon::Icon;
use super::table::{Data, Numbers};
use crate::lab::view::Chart;
use crate::shell::browser::{self, download};
use crate::shell::figure::Look;
use crate::shell::figure::schema::Figure;
use crate::shell::painter::Painter;
use crate::shell::palette::Palette;
use crate::shell::plot::{Drawing, picture};

/// What all charts are drawn with.
#[derive(Clone, Copy)]
pub struct Easel {
    painter: StoredValue<Painter<Figure>, LocalStorage>,
    /// The colours of the theme.
    pub palette: RwSignal<Palette>,
    /// Whether a slider is being dragged.
    pub dragging: RwSignal<bool>,
}

impl Easel {
    /// A painter of its own, with the colours of the palette that the theme sets.
    pub fn new(palette: RwSignal<Palette>) -> Self {
        Self { painter: StoredValue::new_local(Painter::default()), palette, dragging: RwSignal::new(false) }
    }
}

/// What stands in a chart's frame.
///
/// Its functions are boxed, so that the code of the frame is compiled once and not once for each chart.
pub struct Card {
    /// The chart that it shows.
    pub chart: Chart,
    /// Says what the marks of the picture mean.
    pub legend: Legend,
    /// What stands beside the title.
    pub tools: AnyView,
    /// What stands below the picture.
    pub foot: AnyView,
    /// The chart's numbers, for the table and the file.
    pub table: Numbers,
    /// What the picture shows, in a sentence.
    pub summary: Memo<String>,
    /// Reads what the picture depends on. To track a memo is not enough, because one that nobody reads is not
    /// computed.
    pub changes: Box<dyn Fn()>,
    /// Makes the picture.
    pub figure: Box<dyn Fn(&Look) -> Figure>,
}

/// The names of the marks.
pub struct Legend {
    /// The keys of the names below `chart.`, which are the style classes of the marks too.
    pub keys: &'static [&'static str],
    /// Those of the keys whose marks the picture does not have now.
    pub absent: Option<Memo<Vec<&'static str>>>,
}

/// The charts from which a student could read the variance that is to be predicted.
const REVEALING: [Chart; 5] = [Chart::Gradient, Chart::Share, Chart::Dead, Chart::Histograms, Chart::Spectrum];

/// Puts the frame around a chart's picture. What would give an answer away is covered as long as it is asked for.
pub fn show_card(card: Card, easel: Easel, lens: Lens) -> AnyView {
    if !REVEALING.contains(&card.chart) {
        return show_covered_card(card, ().into_any(), Memo::new(|_| false), easel, lens);
    }
    let id = format!("covered-{}", card.chart.hook());
    let veil = move || {
        let cover = |id: String| view! { <p class="veil" data-testid=id>{lens.text("guess.covered")}</p> };
        lens.asks.get().then(|| cover(id.clone()))
    };
    let Card { foot, summary, .. } = card;
    let foot = view! { <div class="below-picture" hidden=move || lens.asks.get()>{foot}</div> }.into_any();
    let summary =
        Memo::new(
            move |_| {
                if lens.asks.get() { lens.lang.get().text("guess.covered").to_owned() } else { summary.get() }
            },
        );
    show_covered_card(Card { foot, summary, ..card }, veil.into_any(), lens.asks, easel, lens)
}

/// Does the same with something over the picture. While the picture is hidden there are neither its table nor its file.
pub fn show_covered_card(card: Card, over: AnyView, hidden: Memo<bool>, easel: Easel, lens: Lens) -> AnyView {
    let Card { chart, legend, tools, foot, table, summary, changes, figure } = card;
    let file = table.clone();
    let (id, hook) = (chart.id(), chart.hook());
    let canvas = NodeRef::<leptos::html::Div>::new();
    let figure = StoredValue::new_local(figure);
    let painter = move || easel.painter.get_value();
    let look = move |width: usize, height: usize| {
        let formats = lens.view.with_untracked(|view| view.formats);
        Look { palette: easel.palette.get_untracked(), lang: lens.lang.get_untracked(), width, height, formats }
    };
    let formats = Memo::new(move |_| lens.view.with(|view| view.formats));
    Effect::new(move |_| {
        let Some(element) = canvas.get() else { return };
        let element: HtmlElement = element.unchecked_ref::<HtmlElement>().clone();
        watch_size(&element, painter(), id.to_owned());
        painter().add(id, element, move |width, height| {
            let look = look(width, height);
            Some(figure.with_value(|figure| figure(&look)))
        });
        on_cleanup(move || painter().remove(id));
    });
    Effect::new(move |_| {
        changes();
        easel.palette.track();
        lens.lang.track();
        formats.track();
        painter().mark(id);
    });
    let save = move |(format, key): (&'static str, &'static str)| {
        let press = move |_| {
            let Some(element) = canvas.get_untracked() else { return };
            let (width, height) = (element.client_width() as usize, element.client_height() as usize);
            let lang = lens.lang.get_untracked();
            let look = look(width, height);
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
    };
    let (open, read) = (RwSignal::new(false), RwSignal::new(false));
    let sentence = Chart::OPTIONAL.contains(&chart).then(|| view! { <p class="sentence">{move || summary.get()}</p> });
    view! {
        <section class="chart" data-testid=format!("chart-{hook}") data-chart=id>
            <header>
                <h2 title=lens.words(format!("chart.{id}-hint"))>{lens.words(format!("chart.{id}-title"))}</h2>
                {tools}
                {legend.view(lens)}
                <div class="icons">
                    {toggle_button(hook, ["read", "question"], read, Memo::new(|_| false), lens)}
                    {toggle_button(hook, ["show", "table"], open, hidden, lens)} {file_button(hook, file, hidden, lens)}
                    <details class="save" name="save" data-menu="" hidden=move || hidden.get()>
                        <summary title=lens.text("chart.save") aria-label=lens.text("chart.save") data-testid=format!("save-{hook}")>
                            <Icon name="picture" />
                        </summary>
                        <div>{[("svg", "chart.svg"), ("png", "chart.png")].map(save).into_iter().collect_view()}</div>
                    </details>
                </div>
            </header>
            <div class="picture">
                <div class="canvas" role="img" aria-label=move || summary.get() node_ref=canvas></div>
                {over}
            </div>
            {sentence}
            <Show when=move || read.get()>
                <p class="reading">{lens.words(format!("chart.{id}-read"))}</p>
            </Show>
            {foot}
            <Show when=move || open.get() && !hidden.get()>
                <Data id=hook caption=summary table=table.clone() lens=lens />
            </Show>
        </section>
    }
    .into_any()
}

/// A button of a chart that shows something below it or puts it away: its name in test hooks and texts, and its icon.
pub fn toggle_button(
    hook: &'static str,
    [name, icon]: [&'static str; 2],
    on: RwSignal<bool>,
    hidden: Memo<bool>,
    lens: Lens,
) -> AnyView {
    let text = lens.words(format!("chart.{name}"));
    view! {
        <button
            type="button"
            class="ghost"
            data-testid=format!("{name}-{hook}")
            hidden=move || hidden.get()
            title=text.clone()
            aria-label=text
            aria-expanded=move || on.get().to_string()
            on:click=move |_| on.update(|on| *on = !*on)
        >
            <Icon name=icon />
        </button>
    }
    .into_any()
}

/// The button that saves the numbers of a chart as a file.
pub fn file_button(hook: &'static str, file: Numbers, hidden: Memo<bool>, lens: Lens) -> AnyView {
    view! {
        <button
            type="button"
            class="ghost"
            data-testid=format!("csv-{hook}")
            hidden=move || hidden.get()
            title=lens.text("chart.csv")
            aria-label=lens.text("chart.csv")
            on:click=move |_| download(&format!("init-lab-{hook}.csv"), "text/csv", &untrack(|| file()).csv())
        >
            <Icon name="file" />
        </button>
    }
    .into_any()
}

impl Legend {
    fn view(self, lens: Lens) -> impl IntoView {
        let keys = self.keys.iter().map(|key| {
            let hidden = move || self.absent.is_some_and(|absent| absent.with(|absent| absent.contains(key)));
            view! { <li class=*key hidden=hidden><i aria-hidden="true"></i>{lens.words(format!("chart.{key}"))}</li> }
        });
        view! { <ul class="legend">{keys.collect_view()}</ul> }
    }
}

/// Draws a chart again whenever the size of its element changes.
pub fn watch_size<F: Drawing>(element: &HtmlElement, painter: Painter<F>, id: String) {
    let observer = Closure::<dyn Fn()>::new(move || painter.mark(&id));
    if let Ok(observer) = ResizeObserver::new(observer.into_js_value().unchecked_ref()) {
        observer.observe(element);
        let observer = StoredValue::new_local(observer);
        on_cleanup(move || {
            observer.try_with_value(ResizeObserver::disconnect);
        });
    }
}
