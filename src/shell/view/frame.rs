//! The frame of a chart: title, legend, tools, the picture and what stands below it.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use super::Lens;
use super::icon::Icon;
use super::table::Numbers;
use crate::lab::view::Chart;
use crate::shell::effect::effect;
use crate::shell::figure::Look;
use crate::shell::figure::schema::Figure;
use crate::shell::painter::Painter;
use crate::shell::palette::Palette;
use crate::shell::plot::Drawing;

/// What all charts are drawn with.
#[derive(Clone, Copy)]
pub struct Easel {
    painter: StoredValue<Painter<Figure>, LocalStorage>,
    /// The colours of the theme.
    pub palette: RwSignal<Palette>,
    /// Whether a slider is being dragged.
    pub dragging: RwSignal<bool>,
    /// Whether the code that comes later is there.
    late: RwSignal<Option<bool>>,
    makers: StoredValue<Option<ToolMakers>>,
}

/// Makes a picture.
pub type Draws = Box<dyn Fn(&Look) -> Figure>;

/// A chart, for what its icons do: the code of that comes later.
#[derive(Clone, Copy)]
pub struct ChartTools {
    /// The chart that they belong to.
    pub chart: Chart,
    /// Its numbers.
    pub table: StoredValue<Numbers>,
    /// Makes its picture.
    pub figure: StoredValue<Draws, LocalStorage>,
    /// The element that it is drawn on.
    pub canvas: NodeRef<Div>,
    /// What it shows, in a sentence.
    pub summary: Memo<String>,
    /// Whether it is hidden, and with it its numbers and its file.
    pub hidden: Memo<bool>,
    /// Whether the table is unfolded.
    pub is_open: RwSignal<bool>,
    /// Whether the words on how to read it are unfolded.
    pub is_read: RwSignal<bool>,
}

/// Makes the parts of a chart's frame that come later.
#[derive(Clone, Copy)]
pub struct ToolMakers {
    /// The icons beside the title.
    pub icons: fn(ChartTools, Easel, Lens) -> AnyView,
    /// How to read the chart, once that is asked for.
    pub reading: fn(ChartTools, Lens) -> AnyView,
    /// The table of its numbers, once that is asked for.
    pub table: fn(ChartTools, Lens) -> AnyView,
}

impl Easel {
    /// A painter of its own, with the colours of the palette that the theme sets. `late` says whether the code that comes
    /// later is there.
    pub fn new(palette: RwSignal<Palette>, late: RwSignal<Option<bool>>) -> Self {
        let painter = StoredValue::new_local(Painter::default());
        Self { painter, palette, dragging: RwSignal::new(false), late, makers: StoredValue::new(None) }
    }

    /// Takes in what came later.
    pub fn equip(self, makers: ToolMakers) {
        self.makers.set_value(Some(makers));
    }

    fn makers(self) -> Option<ToolMakers> {
        self.late.get().and(self.makers.get_value())
    }

    /// How a picture of this size looks now.
    pub fn look(self, width: usize, height: usize, lens: Lens) -> Look {
        let formats = lens.view.with_untracked(|view| view.formats);
        Look { palette: self.palette.get_untracked(), lang: lens.lang.get_untracked(), width, height, formats }
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
    pub figure: Draws,
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
        let cover = |id: String| {
            view! {
                <p class="veil" data-testid=id>
                    {lens.text("guess.covered")}
                </p>
            }
        };
        lens.asks.get().then(|| cover(id.clone()))
    };
    let Card { foot, summary, .. } = card;
    let foot = view! {
        <div class="below-picture" hidden=move || lens.asks.get()>
            {foot}
        </div>
    }
    .into_any();
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
    let (id, hook) = (chart.id(), chart.hook());
    let canvas = NodeRef::<Div>::new();
    let figure = StoredValue::new_local(figure);
    let painter = move || easel.painter.get_value();
    let formats = Memo::new(move |_| lens.view.with(|view| view.formats));
    effect(move || {
        let Some(element) = canvas.get() else { return };
        let element: HtmlElement = element.unchecked_ref::<HtmlElement>().clone();
        watch_size(&element, painter(), id.to_owned());
        painter().add(id, element, move |width, height| {
            let look = easel.look(width, height, lens);
            Some(figure.with_value(|figure| figure(&look)))
        });
        on_cleanup(move || painter().remove(id));
    });
    effect(move || {
        changes();
        easel.palette.track();
        lens.lang.track();
        formats.track();
        painter().mark(id);
    });
    let handles = ChartTools {
        chart,
        table: StoredValue::new(table),
        figure,
        canvas,
        summary,
        hidden,
        is_open: RwSignal::new(false),
        is_read: RwSignal::new(false),
    };
    let sentence = Chart::OPTIONAL.contains(&chart).then(|| view! { <p class="sentence">{move || summary.get()}</p> });
    view! {
        <section class="chart" data-testid=format!("chart-{hook}") data-chart=id>
            <header>
                <h2 title=lens.words(format!("chart.{id}-hint"))>{lens.words(format!("chart.{id}-title"))}</h2>
                {tools}
                {legend.view(lens)}
                <div class="icons">
                    {move || match easel.makers() {
                        Some(makers) => (makers.icons)(handles, easel, lens),
                        None => coming_icons(),
                    }}
                </div>
            </header>
            <div class="picture">
                <div class="canvas" role="img" aria-label=move || summary.get() node_ref=canvas></div>
                {over}
            </div>
            {sentence}
            {move || easel.makers().map(|makers| (makers.reading)(handles, lens))}
            {foot}
            {move || easel.makers().map(|makers| (makers.table)(handles, lens))}
        </section>
    }
    .into_any()
}

/// Room for the icons whose code comes later, so that nothing moves when it does.
fn coming_icons() -> AnyView {
    let icon = |()| {
        view! {
            <button type="button" class="ghost coming" disabled>
                <Icon name="file" />
            </button>
        }
    };
    [(); 4].map(icon).into_iter().collect_view().into_any()
}

impl Legend {
    fn view(self, lens: Lens) -> impl IntoView {
        let keys = self.keys.iter().map(|key| {
            let hidden = move || self.absent.is_some_and(|absent| absent.with(|absent| absent.contains(key)));
            view! {
                <li class=*key hidden=hidden>
                    <i aria-hidden="true"></i>
                    {lens.words(format!("chart.{key}"))}
                </li>
            }
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
