//! Calls Plotly. No other file knows its functions.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use super::draft::{draw_draft, remove_draft};
use super::figure::FigureChange;
use super::figure::schema::{Figure, Layout, Trace};
use crate::port::page::plain;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn react(element: &HtmlElement, figure: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn relayout(element: &HtmlElement, view: &JsValue) -> Result<JsValue, JsValue>;

    /// Removes a chart from its element.
    #[wasm_bindgen(js_namespace = Plotly, catch)]
    pub fn purge(element: &HtmlElement) -> Result<(), JsValue>;

    /// An element that Plotly has drawn on.
    type PlotlyElement;
    #[wasm_bindgen(method, catch)]
    fn on(this: &PlotlyElement, event: &str, hear: &Function) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, js_name = toImage, catch)]
    async fn to_image(figure: &JsValue, how: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch)]
    async fn animate(element: &HtmlElement, frame: &JsValue, how: &JsValue) -> Result<JsValue, JsValue>;
}

thread_local! {
    static MISSING: ArcRwSignal<bool> = {
        let missing = ArcRwSignal::new(is_missing());
        let follow = missing.clone();
        let _ = window_event_listener_untyped("charts", move |_| follow.set(is_missing()));
        missing
    };
}

/// Whether Plotly did not come, as `static/early.js` finds out, so that tables have to stand in for charts. It may come yet.
pub fn missing() -> ArcRwSignal<bool> {
    MISSING.with(Clone::clone)
}

fn is_missing() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-without-charts"))
}

/// Whether Plotly has come.
pub fn is_here() -> bool {
    Reflect::has(&window(), &"Plotly".into()).unwrap_or(false)
}

/// Has Plotly fetched where it has waited for the engine, as over a slow network (`static/early.js`).
pub fn fetch() {
    if let Ok(event) = web_sys::Event::new("engine") {
        window().dispatch_event(&event).ok();
    }
}

/// Another view of the same curves, with the keys that `Plotly.relayout` takes.
#[derive(Serialize)]
struct AxisRanges {
    #[serde(rename = "xaxis.range")]
    x_range: [f64; 2],
    #[serde(rename = "yaxis.range")]
    y_range: [f64; 2],
}

/// Other steps of the axes' ticks, with the keys that `Plotly.relayout` takes.
#[derive(Serialize)]
struct Ticks {
    #[serde(rename = "xaxis.dtick")]
    x: Option<f64>,
    #[serde(rename = "yaxis.dtick")]
    y: Option<f64>,
}

/// New places for the curves of a picture, with the keys that `Plotly.animate` takes.
#[derive(Serialize)]
struct Move<'a> {
    data: Vec<Places<'a>>,
    traces: &'a [usize],
}

#[derive(Serialize)]
struct Places<'a> {
    x: &'a [f64],
    y: &'a [Option<f64>],
}

/// How long a step of a move takes, in milliseconds, and whether axes and guides are drawn anew.
#[derive(Clone, Copy, Serialize)]
struct Pace {
    duration: u32,
    redraw: bool,
}

#[derive(Serialize)]
struct How {
    /// With `immediate` this move takes the place of any before it.
    mode: &'static str,
    transition: Pace,
    frame: Pace,
}

/// A figure, which is what `Plotly.react` takes, and which knows how it follows another figure of its chart.
pub trait Drawing: Serialize + Sized + 'static {
    /// What has to be done so that a chart shows `next` instead.
    fn change_to(&self, next: &Self) -> FigureChange;

    /// Whether what is drawn has to be removed before `next` is drawn.
    fn is_left_for(&self, _next: &Self) -> bool {
        false
    }

    /// A change to make once when the chart is first drawn: Plotly's first change of each kind is slow, whatever it is
    /// a change of.
    fn rehearsal(&self) -> Option<FigureChange> {
        None
    }

    /// Starts to listen to presses, after it was drawn on an element that showed no chart.
    fn attach(&self, _element: &HtmlElement) {}

    /// Draws something like it, as long as Plotly is not there to do it.
    fn draft(&self, _element: &HtmlElement) {}

    /// Changes what is drawn. [`FigureChange::Everything`] never comes here.
    fn shift(&self, _element: &HtmlElement, _change: &FigureChange) {}
}

impl Drawing for Figure {
    fn change_to(&self, next: &Self) -> FigureChange {
        Figure::change_to(self, next)
    }

    fn rehearsal(&self) -> Option<FigureChange> {
        Some(FigureChange::View(self.with_edges(vec![0])))
    }

    fn draft(&self, element: &HtmlElement) {
        draw_draft(element, self);
    }

    fn shift(&self, element: &HtmlElement, change: &FigureChange) {
        match change {
            FigureChange::Ticks(_) => {
                let [x, y] = self.layout.ticks();
                arrange(element, &Ticks { x, y });
            }
            FigureChange::View(_) => {
                let Layout { xaxis, yaxis, .. } = &self.layout;
                arrange(element, &AxisRanges { x_range: xaxis.range, y_range: yaxis.range });
            }
            FigureChange::Curves(moved) if !moved.is_empty() => shift(element.clone(), &self.data, moved),
            FigureChange::Curves(_) | FigureChange::Everything => {}
        }
    }
}

/// Hides from screen readers the picture outside the visible page in which Plotly measures its texts.
fn hide_ruler() {
    if let Some(ruler) = document().get_element_by_id("js-plotly-tester") {
        ruler.set_attribute("aria-hidden", "true").ok();
    }
}

/// Draws a figure in place of another, or changes what is drawn. Answers whether Plotly is there to do it.
pub fn render(element: &HtmlElement, figure: &impl Drawing, change: &FigureChange) -> bool {
    if !matches!(change, FigureChange::Everything) {
        figure.shift(element, change);
        return true;
    }
    // A figure that cannot be made a plain object would not become one by trying again.
    let Some(plain) = plain(figure) else { return true };
    let drawn = react(element, &plain).is_ok();
    element.class_list().add_1("drawn").ok();
    if drawn {
        remove_draft(element);
        hide_ruler();
    } else {
        figure.draft(element);
    }
    drawn
}

/// Gives the axes of a picture other ranges or ticks.
fn arrange(element: &HtmlElement, part: &impl Serialize) {
    if let Some(part) = plain(part) {
        relayout(element, &part).ok();
    }
}

/// Moves curves of a picture to their new places.
fn shift(element: HtmlElement, curves: &[Trace], moved: &[usize]) {
    let places = |at: &usize| curves.get(*at).map(|Trace { x, y, .. }| Places { x, y });
    let step = Move { data: moved.iter().filter_map(places).collect(), traces: moved };
    let at_once = Pace { duration: 0, redraw: false };
    let how = How { mode: "immediate", transition: at_once, frame: at_once };
    if let (Some(step), Some(how)) = (plain(&step), plain(&how)) {
        // Plotly gives this move up if the next one comes before its frame, and then the next one is what is wanted.
        spawn_local(async move { drop(animate(&element, &step, &how).await) });
    }
}

/// How a picture is saved.
#[derive(Serialize)]
struct ImageOptions {
    format: &'static str,
    width: usize,
    height: usize,
    /// The pixels of the picture for each of the page.
    scale: u32,
}

/// Makes a file of a figure, as `svg` or `png`, and calls `done` with its address. Without Plotly nothing happens.
pub fn picture(figure: &Figure, format: &'static str, done: impl FnOnce(String) + 'static) {
    let Layout { width, height, .. } = figure.layout;
    let how = ImageOptions { format, width, height, scale: if format == "png" { 2 } else { 1 } };
    if let (Some(figure), Some(how)) = (plain(figure), plain(&how)) {
        spawn_local(async move {
            if let Some(url) = to_image(&figure, &how).await.ok().and_then(|url| url.as_string()) {
                done(url);
            }
        });
    }
}

/// Calls `pressed` with what belongs to a point of a chart (its `customdata`) whenever one is pressed. It has to be
/// called once after a chart is drawn; a chart that was removed hears no more presses.
pub fn on_press(element: &HtmlElement, pressed: impl Fn(String) + 'static) {
    let hear = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let field = |from: &JsValue, name: &str| Reflect::get(from, &name.into()).unwrap_or_default();
        let point = Array::from(&field(&event, "points")).get(0);
        if let Some(data) = (!point.is_undefined()).then(|| field(&point, "customdata").as_string()).flatten() {
            pressed(data);
        }
    });
    let element: &PlotlyElement = element.unchecked_ref();
    element.on("plotly_click", hear.into_js_value().unchecked_ref()).ok();
}
