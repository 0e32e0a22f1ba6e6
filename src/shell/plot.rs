//! The only file that knows Plotly.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use super::figure::Change;
use super::figure::schema::{Figure, Layout, Trace};
use crate::port::page::plain;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn react(element: &HtmlElement, figure: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn relayout(element: &HtmlElement, view: &JsValue) -> Result<JsValue, JsValue>;

    /// Takes a chart off its element.
    #[wasm_bindgen(js_namespace = Plotly, catch)]
    pub fn purge(element: &HtmlElement) -> Result<(), JsValue>;

    /// An element that Plotly drew on.
    type PlotlyElement;
    #[wasm_bindgen(method, catch)]
    fn on(this: &PlotlyElement, event: &str, hear: &Function) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch)]
    async fn animate(element: &HtmlElement, frame: &JsValue, how: &JsValue) -> Result<JsValue, JsValue>;
}

/// Another view of the same curves, in `Plotly.relayout`'s words.
#[derive(Serialize)]
struct View {
    #[serde(rename = "xaxis.range")]
    x_range: [f64; 2],
    #[serde(rename = "yaxis.range")]
    y_range: [f64; 2],
}

/// Other steps of the axes' ticks, likewise.
#[derive(Serialize)]
struct Ticks {
    #[serde(rename = "xaxis.dtick")]
    x: Option<f64>,
    #[serde(rename = "yaxis.dtick")]
    y: Option<f64>,
}

/// New places for the curves of a picture, in `Plotly.animate`'s words.
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
    /// `immediate`: in place of any move before.
    mode: &'static str,
    transition: Pace,
    frame: Pace,
}

/// A figure: what `Plotly.react` takes, and how it follows another of its chart.
pub trait Drawing: Serialize + Sized + 'static {
    /// What has to be done so that a chart shows `next` instead.
    fn change_to(&self, next: &Self) -> Change;

    /// Whether what is drawn has to go before `next` is drawn.
    fn is_left_for(&self, _next: &Self) -> bool {
        false
    }

    /// A first move to rehearse: Plotly's first turn and move are slow, whatever they are of.
    fn rehearsal(&self) -> Option<Change> {
        None
    }

    /// Listens to what is pressed, once it is drawn on an element that shows nothing else.
    fn attach(&self, _element: &HtmlElement) {}

    /// Moves what is drawn; a change of everything never comes here.
    fn shift(&self, _element: &HtmlElement, _change: &Change) {}
}

impl Drawing for Figure {
    fn change_to(&self, next: &Self) -> Change {
        Figure::change_to(self, next)
    }

    fn rehearsal(&self) -> Option<Change> {
        Some(Change::View(self.with_edges(vec![0])))
    }

    fn shift(&self, element: &HtmlElement, change: &Change) {
        match change {
            Change::Ticks(_) => {
                let [x, y] = self.layout.ticks();
                arrange(element, &Ticks { x, y });
            }
            Change::View(_) => {
                let Layout { xaxis, yaxis, .. } = &self.layout;
                arrange(element, &View { x_range: xaxis.range, y_range: yaxis.range });
            }
            Change::Curves(moved) if !moved.is_empty() => shift(element.clone(), &self.data, moved),
            Change::Curves(_) | Change::Everything => {}
        }
    }
}

/// Plotly measures its texts in a picture off the page, which is nothing to read aloud.
fn hide_ruler() {
    if let Some(ruler) = document().get_element_by_id("js-plotly-tester") {
        ruler.set_attribute("aria-hidden", "true").ok();
    }
}

/// Draws a figure over another, or moves what is drawn. Answers whether Plotly could.
pub fn render(element: &HtmlElement, figure: &impl Drawing, change: &Change) -> bool {
    if !matches!(change, Change::Everything) {
        figure.shift(element, change);
        return true;
    }
    // A figure that is no plain object would not be mended by trying again.
    let Some(figure) = plain(figure) else { return true };
    let drawn = react(element, &figure).is_ok();
    hide_ruler();
    drawn
}

/// Gives a picture another layout of its axes.
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
        // Given up where the next one comes before its frame, which is as it should be.
        spawn_local(async move { drop(animate(&element, &step, &how).await) });
    }
}

/// Calls `pressed` with what belongs to a point of a chart (its `customdata`) whenever one is pressed. Once a drawing
/// is enough, after it; what is purged hears no more.
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
