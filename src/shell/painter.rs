//! Draws the page's charts, one at a time.
//!
//! Drawing a chart takes Plotly some ten milliseconds, so at most one is drawn in an animation
//! frame, the one that waited longest, and drawing takes at most about half of the time, so that the
//! page answers while a network trains. A chart that is out of date is only marked; what it shows is
//! computed when its turn comes. What can wait, because nobody asked for it, takes a twentieth of the
//! time: on two cores the page would otherwise hold up the workers of an experiment.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use web_sys::HtmlElement;

use super::figure::FigureChange;
use super::plot::{Drawing, is_here, purge, render};
use crate::port::page::now;

/// Makes the figure for a width and a height in pixels; there is none where there is nothing to draw.
type DrawFigure<F> = Rc<dyn Fn(usize, usize) -> Option<F>>;

/// How often is looked for Plotly, whose script may still be on its way.
const LOOK: Duration = Duration::from_millis(100);
/// The milliseconds of a frame: a drawing that took longer is followed by a rest of the same length.
const FRAME: f64 = 16.0;

/// How many times as long as a drawing took passes until the next one that can wait.
const PATIENCE: f64 = 19.0;

/// When something is drawn next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Never,
    /// Once what can wait may be drawn.
    Later,
    Soon,
}

/// Draws the charts that wait for their turn. Clones share one queue.
pub struct Painter<F>(Rc<Board<F>>);

struct Board<F> {
    slots: RefCell<Vec<Slot<F>>>,
    due: Cell<Due>,
    /// Whether something waits for Plotly.
    looking: Cell<bool>,
    /// The time until which nothing is drawn, in milliseconds since the page began.
    rest: Cell<f64>,
    /// The same for what can wait.
    long_rest: Cell<f64>,
    clock: Cell<u64>,
}

struct Slot<F> {
    id: String,
    element: HtmlElement,
    draw: DrawFigure<F>,
    /// The figure that Plotly shows now.
    drawn: Option<F>,
    /// What is left to do until the chart shows it, one step in each frame.
    left: Option<FigureChange>,
    /// When it was marked, as a count of the frames before it; the lowest is drawn next.
    waiting: Option<u64>,
    /// Whether it can wait.
    can_wait: bool,
}

impl<F> Slot<F> {
    fn is_urgent(&self) -> bool {
        self.left.is_some() || (self.waiting.is_some() && !self.can_wait)
    }
}

impl<F> Clone for Painter<F> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<F> Default for Painter<F> {
    fn default() -> Self {
        let (slots, looking, rest, long_rest, clock) = Default::default();
        Self(Rc::new(Board { slots, due: Cell::new(Due::Never), looking, rest, long_rest, clock }))
    }
}

impl<F: Drawing> Painter<F> {
    /// Adds a chart, in place of an older one of the same name.
    pub fn add(&self, id: &str, element: HtmlElement, draw: impl Fn(usize, usize) -> Option<F> + 'static) {
        self.remove(id);
        self.0.slots.borrow_mut().push(Slot {
            id: id.to_owned(),
            element,
            draw: Rc::new(draw),
            drawn: None,
            left: None,
            waiting: None,
            can_wait: false,
        });
        self.mark(id);
    }

    /// Forgets a chart, and takes it off its element.
    pub fn remove(&self, id: &str) {
        let gone: Vec<Slot<F>> = self.0.slots.borrow_mut().extract_if(.., |slot| slot.id == id).collect();
        for slot in gone {
            purge(&slot.element).ok();
        }
    }

    /// Notes that a chart is out of date.
    pub fn mark(&self, id: &str) {
        let now = self.0.clock.get();
        if let Some(slot) = self.0.slots.borrow_mut().iter_mut().find(|slot| slot.id == id) {
            slot.waiting.get_or_insert(now);
            slot.can_wait = false;
        }
        self.schedule();
    }

    /// Notes that a chart is out of date, which nobody waits for.
    pub fn mark_patiently(&self, id: &str) {
        let now = self.0.clock.get();
        let mut slots = self.0.slots.borrow_mut();
        if let Some(slot) = slots.iter_mut().find(|slot| slot.id == id && slot.waiting.is_none()) {
            slot.waiting = Some(now);
            slot.can_wait = true;
        }
        drop(slots);
        self.schedule();
    }

    fn schedule(&self) {
        let is_urgent = self.0.slots.borrow().iter().any(Slot::is_urgent);
        let due = if is_urgent { Due::Soon } else { Due::Later };
        if self.0.due.get() == Due::Soon || self.0.due.get() == due {
            return;
        }
        self.0.due.set(due);
        let painter = self.clone();
        let next = move || request_animation_frame(move || painter.paint());
        let rest = if is_urgent { self.0.rest.get() } else { self.0.rest.get().max(self.0.long_rest.get()) } - now();
        if rest > 0.0 { set_timeout(next, Duration::from_millis(rest as u64)) } else { next() }
    }

    fn paint(&self) {
        self.0.due.set(Due::Never);
        self.0.clock.set(self.0.clock.get() + 1);
        let began = now();
        if !self.finish() {
            self.begin();
        }
        let took = now() - began;
        if took > 1.0 {
            self.0.long_rest.set(began + (1.0 + PATIENCE) * took);
        }
        self.0.rest.set(if took > FRAME { began + 2.0 * took } else { 0.0 });
        if self.0.slots.borrow().iter().any(|slot| slot.left.is_some() || slot.waiting.is_some()) {
            self.schedule();
        }
    }

    /// Goes on with a chart whose drawing has begun. Answers whether there was one.
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

    /// Draws the chart that waited longest, and of those that wait since the same frame the first on the page, or does
    /// the first part of what changes it.
    fn begin(&self) {
        let next = {
            let mut slots = self.0.slots.borrow_mut();
            let is_rested = now() >= self.0.long_rest.get();
            let waiting = slots.iter_mut().filter(|slot| slot.waiting.is_some() && (is_rested || !slot.can_wait));
            let Some(slot) = waiting.min_by_key(|slot| (slot.can_wait, slot.waiting)) else { return };
            slot.waiting = None;
            (slot.id.clone(), slot.element.clone(), slot.draw.clone(), slot.drawn.take())
        };
        let (id, element, draw, before) = next;
        let (width, height) = (element.client_width(), element.client_height());
        // An element that is not laid out is drawn when its observer sees it grow.
        if width == 0 || height == 0 {
            return;
        }
        let Some(figure) = draw(width as usize, height as usize) else { return };
        let change = before.as_ref().map_or(FigureChange::Everything, |before| before.change_to(&figure));
        let is_left = before.as_ref().is_some_and(|before| before.is_left_for(&figure));
        if is_left {
            purge(&element).ok();
        }
        if !render(&element, &figure, &change) {
            self.await_plotly();
        } else if let Some(slot) = self.0.slots.borrow_mut().iter_mut().find(|slot| slot.id == id) {
            if before.is_none() || is_left {
                figure.attach(&element);
            }
            slot.left = if before.is_none() { figure.rehearsal() } else { change.rest() };
            slot.drawn = Some(figure);
        }
    }

    /// Marks all charts once Plotly has come.
    fn await_plotly(&self) {
        if self.0.looking.replace(true) {
            return;
        }
        let painter = self.clone();
        set_timeout(
            move || {
                painter.0.looking.set(false);
                if is_here() { painter.mark_all() } else { painter.await_plotly() }
            },
            LOOK,
        );
    }

    fn mark_all(&self) {
        let now = self.0.clock.get();
        for slot in self.0.slots.borrow_mut().iter_mut() {
            slot.waiting.get_or_insert(now);
        }
        self.schedule();
    }
}
