//! The life of the training worker: started, watched, folded into frames, ended, started again.
//!
//! It knows nothing of networks. What the worker says waits here until the next animation frame,
//! so that a worker that talks fast cannot make the page draw faster than the screen.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::set_timeout;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::browser::soon;
use crate::lab::protocol::{Command, Event, Failure};
use crate::port::page::{Link, WorkerEvent};

/// How often a worker that cannot be watched is asked for a word.
const ASK: Duration = Duration::from_secs(30);
/// Unanswered, it is taken for dead. It answers between two slices, and a slice is a step at least:
/// the largest networks take most of a minute for one on the CPU.
const MOST_UNANSWERED: u32 = 6;

/// A handle on the present worker and on what it has said since the last frame.
pub struct Engine<E>(Rc<Inner<E>>);

struct Inner<E> {
    link: RefCell<Option<Link>>,
    /// Counts workers, so that a late word of one that was ended is not taken for its successor's.
    life: Cell<u32>,
    heard: RefCell<Vec<E>>,
    /// Questions since its last word.
    unanswered: Cell<u32>,
    scheduled: Cell<bool>,
    fold: Box<dyn Fn(Vec<E>)>,
}

impl<E> Clone for Engine<E> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<E: WorkerEvent> Engine<E> {
    /// No worker yet; `fold` takes in what later ones say, at most once per animation frame.
    pub fn new(fold: impl Fn(Vec<E>) + 'static) -> Self {
        Self(Rc::new(Inner {
            link: RefCell::new(None),
            life: Cell::new(0),
            heard: RefCell::new(Vec::new()),
            unanswered: Cell::new(0),
            scheduled: Cell::new(false),
            fold: Box::new(fold),
        }))
    }

    /// Whether there is a worker.
    pub fn lives(&self) -> bool {
        self.0.link.borrow().is_some()
    }

    /// Starts a worker in place of any other.
    pub fn start(&self) {
        self.end();
        let life = self.0.life.get();
        let engine = self.clone();
        match Link::open(move |event| engine.hear(life, event)) {
            Ok(link) => {
                self.0.link.replace(Some(link));
            }
            Err(failure) => self.hear(life, E::failed(failure)),
        }
    }

    /// Ends the worker, if there is one, and forgets what it still wanted to say.
    pub fn end(&self) {
        self.0.life.set(self.0.life.get() + 1);
        self.0.heard.borrow_mut().clear();
        drop(self.0.link.take());
    }

    /// Sends commands, in order.
    pub fn post(&self, commands: &[impl Serialize]) {
        if let Some(link) = self.0.link.borrow().as_ref() {
            commands.iter().for_each(|command| link.post(command));
        }
    }

    /// Sends a message that is no JSON.
    pub fn post_object(&self, message: &JsValue) {
        if let Some(link) = self.0.link.borrow().as_ref() {
            link.post_object(message);
        }
    }

    fn hear(&self, life: u32, event: E) {
        if life != self.0.life.get() {
            return;
        }
        self.0.unanswered.set(0);
        if event.engine() == Some(&Event::Ready) {
            self.watch(life);
        }
        self.0.heard.borrow_mut().push(event);
        if !self.0.scheduled.replace(true) {
            let engine = self.clone();
            // After the frame, in a task of its own: the frame's draws a chart.
            soon(move || set_timeout(move || engine.tell(), Duration::ZERO));
        }
    }

    /// Hands on what the worker said.
    fn tell(&self) {
        self.0.scheduled.set(false);
        let events = self.0.heard.take();
        if !events.is_empty() {
            (self.0.fold)(events);
        }
    }

    fn watch(&self, life: u32) {
        let engine = self.clone();
        if let Some(link) = self.0.link.borrow().as_ref() {
            let died = move || engine.hear(life, E::failed(Failure::Gone));
            let unwatched = self.clone();
            link.watch(died, move || unwatched.ask_again(life));
        }
    }

    /// Asks a worker for a word from time to time, for as long as it lives.
    fn ask_again(&self, life: u32) {
        if life != self.0.life.get() {
            return;
        }
        if self.0.unanswered.get() >= MOST_UNANSWERED {
            return self.hear(life, E::failed(Failure::Gone));
        }
        self.0.unanswered.set(self.0.unanswered.get() + 1);
        self.post(&[Command::Ping]);
        let engine = self.clone();
        set_timeout(move || engine.ask_again(life), ASK);
    }
}
