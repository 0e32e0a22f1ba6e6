//! The lab inside another page: what it tells that page, and what the page may ask for.
//!
//! `lab::message` has the form of the messages; this file decides when they are sent.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use super::browser::{self, soon};
use crate::lab::lang::Lang;
use crate::lab::link::Lab;
use crate::lab::message::{self, Message, Request};
use crate::lab::prediction::Prediction;
use crate::lab::protocol::Event;
use crate::lab::spec::Spec;
use crate::lab::state::{Edit, State};
use crate::lab::statement::Statement;
use crate::port::window::{Letterbox, Parent};
use crate::shell::effect::effect;

/// The page around the lab, if there is one.
#[derive(Default)]
pub struct Embed {
    parent: Option<Parent>,
    ready: Cell<bool>,
    letters: Letterbox,
}

impl Embed {
    /// Finds the page around the lab, and keeps what it asks for until [`Self::start`].
    pub fn wait() -> Self {
        match Parent::find() {
            Some(parent) => Self { parent: Some(parent), ready: Cell::new(false), letters: Letterbox::open() },
            None => Self::default(),
        }
    }

    /// Listens to what the page around the lab asks for, and has asked for before, and tells it of changes. `edit` does
    /// what it asks for.
    pub fn start(
        &self,
        state: RwSignal<State>,
        lab: Memo<Lab>,
        prediction: Memo<Prediction>,
        edit: Callback<Vec<Edit>>,
    ) {
        if let Some(parent) = &self.parent {
            let answer = parent.clone();
            let tell = move || state.with_untracked(|state| tell(&answer, state, &prediction.read_untracked()));
            let burst = Rc::new(Burst { waiting: RefCell::default(), open: Cell::new(false), edit, tell });
            parent.listen(self.letters.close(), move |request| take(&burst, request));
            let changes = parent.clone();
            let link = Memo::new(move |_| lab.with(Lab::link));
            let running = Memo::new(move |_| state.with(State::running));
            Effect::new(move |before: Option<()>| {
                let (link, running) = (link.get(), running.get());
                // The first value is no change, and `initlab:ready` has told it.
                if before.is_some() {
                    changes.post(&message::state(link, running));
                }
            });
        }
    }

    /// The messages that an event of the worker means to the page around. They are made before the state takes the
    /// event in, so that they can be told from what was there before.
    pub fn report(&self, state: &State, event: &Event, prediction: &Prediction, lang: Lang) -> Vec<Message> {
        if self.parent.is_none() {
            return Vec::new();
        }
        match event {
            Event::Device(device) if !self.ready.replace(true) => vec![message::ready(device, state.spec())],
            Event::Frame(frame) if frame.run == state.run && !state.is_on_the_way(frame) => {
                let start = if frame.step == 0 { Some(frame) } else { state.initial.as_ref() };
                vec![message::frame(frame, start, prediction)]
            }
            Event::Finished { run, step, why } if *run == state.run => vec![message::finished(*run, *step, why)],
            Event::Failed(failure) => {
                vec![message::failed(failure, &lang.failure(failure))]
            }
            _ => Vec::new(),
        }
    }

    /// Tells the page around, once, that the lab is ready though there is no device.
    pub fn tell_ready(&self, spec: &Spec) {
        if !self.ready.replace(true) {
            self.post(&message::ready_toy(spec));
        }
    }

    /// Sends a message to the page around.
    pub fn post(&self, message: &Message) {
        if let Some(parent) = &self.parent {
            parent.post(message);
        }
    }
}

/// Requests that came in one burst: the first is done at once, the others together, so that a flood of them does not draw
/// the page thousands of times.
struct Burst<T> {
    waiting: RefCell<Vec<Request>>,
    /// Whether one was done just now.
    open: Cell<bool>,
    edit: Callback<Vec<Edit>>,
    /// Answers a request for an answer.
    tell: T,
}

impl<T: Fn()> Burst<T> {
    fn carry_out(&self, requests: Vec<Request>) {
        let mut edits = Vec::new();
        for wish in requests.into_iter().map(asked) {
            match wish {
                Some(edit) => edits.push(edit),
                None => {
                    self.edit.run(std::mem::take(&mut edits));
                    (self.tell)();
                }
            }
        }
        self.edit.run(edits);
    }
}

/// Takes in a request.
fn take<T: Fn() + 'static>(burst: &Rc<Burst<T>>, request: Request) {
    if burst.open.get() {
        return burst.waiting.borrow_mut().push(request);
    }
    burst.carry_out(vec![request]);
    burst.open.set(true);
    let again = Rc::clone(burst);
    set_timeout(
        move || {
            let waiting = again.waiting.take();
            again.open.set(false);
            if !waiting.is_empty() {
                again.carry_out(waiting);
            }
        },
        Duration::ZERO,
    );
}

/// The edit that a request asks for; there is none where it asks for an answer only.
fn asked(request: Request) -> Option<Edit> {
    match request {
        Request::Set(link) => Some(Edit::Set(link)),
        Request::Play => Some(Edit::Play),
        Request::Pause => Some(Edit::Pause),
        Request::Step(steps) => Some(Edit::Step(steps)),
        Request::Reset => Some(Edit::Reset),
        Request::Get => None,
    }
}

/// Answers with the state and the newest frame.
fn tell(parent: &Parent, state: &State, prediction: &Prediction) {
    parent.post(&message::state(state.lab.link(), state.running()));
    if let Some(frame) = &state.frame {
        parent.post(&message::frame(frame, state.initial.as_ref(), prediction));
    }
}

/// Tells the page around of the challenge: at first, and whenever a run begins or reaches it. A host that keeps grades is
/// told that it was done, and a lab that it opens again goes back to the run that did it.
pub fn tell_of_goal(state: RwSignal<State>, lang: RwSignal<Lang>, edit: Callback<Edit>) {
    let Some(parent) = Parent::find() else { return };
    if state.with_untracked(|state| state.lab.task.is_some()) {
        parent.ask_for_link(move |link| edit.run(Edit::Set(link)));
    }
    tell_records(parent.clone(), state, lang);
    let message = Memo::new(move |_| state.with(message::goal));
    effect(move || {
        message.with(|message| {
            let Some(message) = message else { return };
            parent.post(message);
            if let Message::Goal { reached: true, code: Some(code), .. } = message {
                parent.report_done(&state.with_untracked(|state| state.lab.link()), code);
            }
        });
    });
}

/// Tells a host that keeps learning records that a challenge was reached, once it has asked for that.
fn tell_records(parent: Parent, state: RwSignal<State>, lang: RwSignal<Lang>) {
    let is_asked = RwSignal::new(false);
    parent.on_wish_for_statements(move || is_asked.set(true));
    let statement = Memo::new(move |_| {
        let make = |state: &State| Statement::of(state, &browser::home(), lang.get());
        if is_asked.get() { state.with(make) } else { None }
    });
    effect(move || statement.with(|statement| statement.iter().for_each(|one| parent.post_statement(one))));
}

/// Tells the page around how high the lab is, whenever that changes, in the messages that hosts understand: the
/// lab's own, Embedly's (Medium, Observable) and Canvas's.
pub fn follow_height(root: &HtmlElement) {
    let Some(parent) = Parent::find() else { return };
    let told = Rc::new(Cell::new(0));
    let element = root.clone();
    let observer = Closure::<dyn Fn()>::new(move || {
        let (element, told, parent) = (element.clone(), told.clone(), parent.clone());
        // This waits until the observer has returned: the host changes the size of the frame, which would be observed
        // at once.
        soon(move || {
            // Rounded up: where the browser zooms, half a pixel too few makes a scroll bar, which makes other heights.
            let size = element.get_bounding_client_rect();
            // A slide is as high as its frame, so what it asks for is a slide's usual shape.
            let is_slide = element.class_list().contains("slide");
            let height = if is_slide { size.width() * 9.0 / 16.0 } else { size.height() };
            let height = height.ceil() as i32;
            if height > 0 && told.replace(height) != height {
                parent.post_height(height, &window().location().href().unwrap_or_default());
            }
        });
    });
    if let Ok(observer) = ResizeObserver::new(observer.into_js_value().unchecked_ref()) {
        observer.observe(root);
    }
}
