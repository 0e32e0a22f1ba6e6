//! The charts: a picture, a sentence that says the same, a table and a file.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use super::Lens;
use super::assumptions::Assumptions;
use super::icon::Icon;
use super::summary::{depth_summary, loss_summary, word};
use super::table::{Data, Numbers};
use crate::lab::curve::{DepthCurve, LossCurve, Quantity, Table, WeightCurve};
use crate::lab::number::show;
use crate::lab::view::Chart;
use crate::shell::browser::download;
use crate::shell::figure::schema::Figure;
use crate::shell::figure::{self, Look};
use crate::shell::palette::Palette;
use crate::shell::plot::Painter;
use crate::shell::store::Store;

/// The charts' common tools.
#[derive(Clone, Copy)]
pub struct Easel {
    painter: StoredValue<Painter, LocalStorage>,
    palette: RwSignal<Palette>,
}

impl Easel {
    /// A painter; the colours are whoever's who sets the theme.
    pub fn new(palette: RwSignal<Palette>) -> Self {
        Self { painter: StoredValue::new_local(Painter::default()), palette }
    }
}

/// Variance by depth, after or before the activation.
#[component]
pub fn Variance(
    /// The state and theory's curves.
    store: Store,
    /// Painter and colours.
    easel: Easel,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let quantity = RwSignal::new(Quantity::Activation);
    let curve = Memo::new(move |_| depth_curve(store, quantity.get()));
    let table = move || store.state.with(|state| store.prediction.with(|p| Table::variance(state, p)));
    let choices = [Quantity::Activation, Quantity::Preactivation].map(|choice| {
        view! {
            <button
                type="button"
                data-testid=format!("quantity-{}", choice.id())
                title=move || lens.lang.get().text(&format!("chart.{}-hint", word(choice, lens.model()))).to_owned()
                aria-pressed=move || (quantity.get() == choice).to_string()
                on:click=move |_| quantity.set(choice)
            >
                {move || lens.lang.get().text(&format!("chart.{}", word(choice, lens.model()))).to_owned()}
            </button>
        }
    });
    let tools = view! { <div class="segments" role="group">{choices.into_iter().collect_view()}</div> };
    let begun = Memo::new(move |_| curve.with(|curve| curve.points.iter().any(|point| point.initial.is_some())));
    let legend = Legend { keys: &["measured", "initial", "predicted", "band"], begun: Some(begun), lens };
    let figure = move |look: &Look| figure::depth(&curve.get_untracked(), look);
    let summary = Memo::new(move |_| curve.with(|curve| depth_summary(curve, lens)));
    let foot = view! { <Assumptions store=store lens=lens /> }.into_any();
    let card = Card { chart: Chart::Variance, legend, tools: tools.into_any(), foot, table: Arc::new(table), summary };
    show_card(card, easel, lens, move || curve.track(), figure)
}

/// Gradient size by depth.
#[component]
pub fn Gradient(
    /// The state and theory's curves.
    store: Store,
    /// Painter and colours.
    easel: Easel,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let curve = Memo::new(move |_| depth_curve(store, Quantity::Gradient));
    let table = move || store.state.with(|state| store.prediction.with(|p| Table::gradient(state, p)));
    let begun = Memo::new(move |_| curve.with(|curve| curve.points.iter().any(|point| point.initial.is_some())));
    let legend = Legend { keys: &["measured", "initial", "predicted"], begun: Some(begun), lens };
    let figure = move |look: &Look| figure::depth(&curve.get_untracked(), look);
    let summary = Memo::new(move |_| curve.with(|curve| depth_summary(curve, lens)));
    let card = Card {
        chart: Chart::Gradient,
        legend,
        tools: ().into_any(),
        foot: ().into_any(),
        table: Arc::new(table),
        summary,
    };
    show_card(card, easel, lens, move || curve.track(), figure)
}

/// Loss by step.
#[component]
pub fn Loss(
    /// The state and theory's curves.
    store: Store,
    /// Painter and colours.
    easel: Easel,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    // The curves are long: what changed is told by their ends.
    let ends = Memo::new(move |_| {
        store.state.with(|state| (state.run, state.loss.last(), state.val_loss.last(), state.spec().data))
    });
    let curve = move || store.state.with_untracked(LossCurve::new);
    let table = move || {
        ends.track();
        curve().table()
    };
    let summary = Memo::new(move |_| {
        ends.track();
        loss_summary(&curve(), lens.lang.get())
    });
    let legend = Legend { keys: &["train", "held-out", "guess-key"], begun: None, lens };
    let figure = move |look: &Look| figure::loss(&curve(), look);
    let card =
        Card { chart: Chart::Loss, legend, tools: ().into_any(), foot: ().into_any(), table: Arc::new(table), summary };
    show_card(card, easel, lens, move || ends.track(), figure)
}

/// Spread of the attention weights by block.
#[component]
pub fn Weights(
    /// The state and theory's curves.
    store: Store,
    /// Painter and colours.
    easel: Easel,
    /// The page's handles.
    lens: Lens,
) -> impl IntoView {
    let curve = Memo::new(move |_| store.state.with(WeightCurve::new));
    let table = move || curve.with(WeightCurve::table);
    let summary = Memo::new(move |_| {
        let start = curve.with(|curve| show(curve.start));
        lens.lang.get().fill("summary.weights", &[("start", &start)])
    });
    let legend = Legend { keys: &["q", "k", "v"], begun: None, lens };
    let figure = move |look: &Look| figure::weights(&curve.get_untracked(), look);
    let card = Card {
        chart: Chart::Weights,
        legend,
        tools: ().into_any(),
        foot: ().into_any(),
        table: Arc::new(table),
        summary,
    };
    show_card(card, easel, lens, move || curve.track(), figure)
}

struct Card {
    chart: Chart,
    legend: Legend,
    tools: AnyView,
    /// Below the picture.
    foot: AnyView,
    table: Numbers,
    summary: Memo<String>,
}

struct Legend {
    keys: &'static [&'static str],
    /// Whether there are dots of step 0 beside the present ones.
    begun: Option<Memo<bool>>,
    lens: Lens,
}

/// A chart's frame around its picture. `changes` reads the signals that the picture depends on.
fn show_card(
    card: Card,
    easel: Easel,
    lens: Lens,
    changes: impl Fn() + 'static,
    figure: impl Fn(&Look) -> Figure + 'static,
) -> impl IntoView {
    let Card { chart, legend, tools, foot, table, summary } = card;
    let file = table.clone();
    let id = chart.id();
    let canvas = NodeRef::<leptos::html::Div>::new();
    let figure = StoredValue::new_local(figure);
    let painter = move || easel.painter.get_value();
    Effect::new(move |_| {
        let Some(element) = canvas.get() else { return };
        let element: HtmlElement = element.unchecked_ref::<HtmlElement>().clone();
        watch_size(&element, painter(), id);
        painter().add(id, element, move |width, height| {
            let look = Look { palette: easel.palette.get_untracked(), lang: lens.lang.get_untracked(), width, height };
            figure.with_value(|figure| figure(&look))
        });
        on_cleanup(move || painter().remove(id));
    });
    Effect::new(move |_| {
        changes();
        easel.palette.track();
        lens.lang.track();
        painter().mark(id);
    });
    let open = RwSignal::new(false);
    view! {
        <section class="chart" data-testid=format!("chart-{id}") data-chart=id>
            <header>
                <h2 title=lens.words(format!("chart.{id}-hint"))>{lens.words(format!("chart.{id}-title"))}</h2>
                {tools}
                {legend.view()}
                <button
                    type="button"
                    class="ghost"
                    data-testid=format!("show-{id}")
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
                    data-testid=format!("csv-{id}")
                    title=lens.text("chart.csv")
                    aria-label=lens.text("chart.csv")
                    on:click=move |_| download(&format!("init-lab-{id}.csv"), "text/csv", &untrack(|| file()).csv())
                >
                    <Icon name="file" />
                </button>
            </header>
            <div class="picture" role="img" aria-label=move || summary.get()>
                <div class="canvas" node_ref=canvas></div>
            </div>
            {foot}
            <Show when=move || open.get()>
                <Data id=id caption=summary table=table.clone() lens=lens />
            </Show>
        </section>
    }
}

impl Legend {
    fn view(self) -> impl IntoView {
        let keys = self.keys.iter().map(|key| {
            let hidden = move || *key == "initial" && !self.begun.is_some_and(|begun| begun.get());
            view! { <li class=*key hidden=hidden><i aria-hidden="true"></i>{self.lens.words(format!("chart.{key}"))}</li> }
        });
        view! { <ul class="legend">{keys.collect_view()}</ul> }
    }
}

fn watch_size(element: &HtmlElement, painter: Painter, id: &'static str) {
    let observer = Closure::<dyn Fn()>::new(move || painter.mark(id));
    if let Ok(observer) = ResizeObserver::new(observer.into_js_value().unchecked_ref()) {
        observer.observe(element);
        let observer = StoredValue::new_local(observer);
        on_cleanup(move || {
            observer.try_with_value(ResizeObserver::disconnect);
        });
    }
}

fn depth_curve(store: Store, quantity: Quantity) -> DepthCurve {
    store.state.with(|state| store.prediction.with(|prediction| DepthCurve::new(state, prediction, quantity)))
}
