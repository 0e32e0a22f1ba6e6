//! The only file that knows Plotly.
//!
//! Drawing a chart takes Plotly some ten milliseconds, so at most one is drawn in an animation
//! frame, the one that waited longest, and drawing takes at most about half of the time: the page
//! answers to the hand while a network trains. A chart out of date is only marked; what it shows is
//! worked out when its turn comes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use super::figure::Change;
use super::figure::schema::{Figure, Layout, Trace};
use crate::port::page::{now, plain};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn react(element: &HtmlElement, figure: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn relayout(element: &HtmlElement, view: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn purge(element: &HtmlElement) -> Result<(), JsValue>;

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

/// Makes the figure for a width and a height.
type Draw = Rc<dyn Fn(usize, usize) -> Figure>;

/// Plotly's script may still be on its way.
const RETRY: Duration = Duration::from_millis(100);
/// A drawing that took longer than a frame is followed by a rest of the same length.
const FRAME: f64 = 16.0;

/// Draws the page's charts, one at a time.
#[derive(Clone, Default)]
pub struct Painter(Rc<Board>);

#[derive(Default)]
struct Board {
    slots: RefCell<Vec<Slot>>,
    scheduled: Cell<bool>,
    /// Until then nothing is drawn, in the page's milliseconds.
    rest: Cell<f64>,
    clock: Cell<u64>,
}

struct Slot {
    id: &'static str,
    element: HtmlElement,
    draw: Draw,
    /// What Plotly shows.
    drawn: Option<Figure>,
    /// What is left to do of it, one step a frame.
    left: Option<Change>,
    /// When it was marked, by the board's clock; the lowest is next.
    waiting: Option<u64>,
}

impl Painter {
    /// Takes on a chart, in place of an older one of the same name.
    pub fn add(&self, id: &'static str, element: HtmlElement, draw: impl Fn(usize, usize) -> Figure + 'static) {
        self.remove(id);
        self.0.slots.borrow_mut().push(Slot {
            id,
            element,
            draw: Rc::new(draw),
            drawn: None,
            left: None,
            waiting: None,
        });
        self.mark(id);
    }

    /// Lets go of a chart.
    pub fn remove(&self, id: &str) {
        let gone: Vec<Slot> = self.0.slots.borrow_mut().extract_if(.., |slot| slot.id == id).collect();
        for slot in gone {
            purge(&slot.element).ok();
        }
    }

    /// Notes that a chart is out of date.
    pub fn mark(&self, id: &str) {
        let now = self.0.clock.get() + 1;
        self.0.clock.set(now);
        if let Some(slot) = self.0.slots.borrow_mut().iter_mut().find(|slot| slot.id == id) {
            slot.waiting.get_or_insert(now);
        }
        self.schedule();
    }

    fn schedule(&self) {
        if self.0.scheduled.replace(true) {
            return;
        }
        let painter = self.clone();
        let next = move || request_animation_frame(move || painter.paint());
        let rest = self.0.rest.get() - now();
        if rest > 0.0 { set_timeout(next, Duration::from_millis(rest as u64)) } else { next() }
    }

    fn paint(&self) {
        self.0.scheduled.set(false);
        let began = now();
        if !self.finish() {
            self.begin();
        }
        let took = now() - began;
        self.0.rest.set(if took > FRAME { began + 2.0 * took } else { 0.0 });
        if self.0.slots.borrow().iter().any(|slot| slot.left.is_some() || slot.waiting.is_some()) {
            self.schedule();
        }
    }

    /// Goes on with a chart that was begun. Answers whether there was one.
    fn finish(&self) -> bool {
        let mut slots = self.0.slots.borrow_mut();
        let Some((slot, step)) = slots.iter_mut().find_map(|slot| slot.left.take().map(|step| (slot, step))) else {
            return false;
        };
        if let Some(figure) = &slot.drawn {
            render(&slot.element, figure, &step);
            slot.left = step.rest();
        }
        true
    }

    /// Draws the chart that waited longest, or the view of it.
    fn begin(&self) {
        let next = {
            let mut slots = self.0.slots.borrow_mut();
            let waiting = slots.iter_mut().filter(|slot| slot.waiting.is_some());
            let Some(slot) = waiting.min_by_key(|slot| slot.waiting) else { return };
            slot.waiting = None;
            (slot.id, slot.element.clone(), slot.draw.clone(), slot.drawn.take())
        };
        let (id, element, draw, before) = next;
        let (width, height) = (element.client_width(), element.client_height());
        // An element that is not laid out is drawn when its observer sees it grow.
        if width == 0 || height == 0 {
            return;
        }
        let figure = draw(width as usize, height as usize);
        let change = before.as_ref().map_or(Change::Everything, |before| before.change_to(&figure));
        if !render(&element, &figure, &change) {
            self.mark_later(id);
        } else if let Some(slot) = self.0.slots.borrow_mut().iter_mut().find(|slot| slot.id == id) {
            // Plotly's first turn and move are slow, whatever they are of: rehearsed before training.
            slot.left = if before.is_none() { Some(Change::View(figure.with_edges(vec![0]))) } else { change.rest() };
            slot.drawn = Some(figure);
        }
    }

    fn mark_later(&self, id: &'static str) {
        let painter = self.clone();
        set_timeout(move || painter.mark(id), RETRY);
    }
}

/// Plotly measures its texts in a picture off the page, which is nothing to read aloud.
fn hide_ruler() {
    if let Some(ruler) = document().get_element_by_id("js-plotly-tester") {
        ruler.set_attribute("aria-hidden", "true").ok();
    }
}

/// Draws a figure over another, or the view of it. Answers whether Plotly could.
fn render(element: &HtmlElement, figure: &Figure, change: &Change) -> bool {
    match change {
        Change::Ticks(_) => {
            let [x, y] = figure.layout.ticks();
            arrange(element, &Ticks { x, y });
        }
        Change::View(_) => {
            let Layout { xaxis, yaxis, .. } = &figure.layout;
            arrange(element, &View { x_range: xaxis.range, y_range: yaxis.range });
        }
        Change::Curves(moved) if moved.is_empty() => {}
        Change::Curves(moved) => shift(element.clone(), &figure.data, moved),
        Change::Everything => {
            // A figure that is no plain object would not be mended by trying again.
            let Some(figure) = plain(figure) else { return true };
            let drawn = react(element, &figure).is_ok();
            hide_ruler();
            return drawn;
        }
    }
    true
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
