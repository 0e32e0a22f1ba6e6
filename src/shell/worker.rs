//! Starts the training worker, watches it, hands on what it says, ends it and starts it again.
//!
//! Nothing here knows of networks. What the worker says waits here until the next animation frame,
//! so that a fast worker cannot make the page draw more often than the screen does.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Object, Reflect, Uint8Array};
use leptos::prelude::set_timeout;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::browser::soon;
use crate::lab::protocol::{Command, Event, Failure};
use crate::port::page::{Link, WorkerEvent, WorkerProgram};

/// How often a worker that cannot be watched is asked for an answer.
const ASK: Duration = Duration::from_secs(30);
/// How many questions in a row may stay without an answer before a worker is taken for dead. It answers between two
/// slices, and a slice has at least one step, which takes the largest networks most of a minute on the CPU.
const MOST_UNANSWERED: u32 = 6;

/// What the lab asks of its engine. The store knows no more of it, because the engine's code comes after the store's.
pub trait TrainingEngine {
    /// Whether there is a worker now.
    fn lives(&self) -> bool;

    /// Starts a worker in place of any other.
    fn start(&self);

    /// Ends the worker, if there is one.
    fn end(&self);

    /// Sends commands, in order.
    fn post(&self, commands: &[Command]);
}

impl TrainingEngine for Engine<Event> {
    fn lives(&self) -> bool {
        Engine::lives(self)
    }

    fn start(&self) {
        Engine::start(self);
    }

    fn end(&self) {
        Engine::end(self);
    }

    fn post(&self, commands: &[Command]) {
        for command in commands {
            match command {
                Command::TakeData { model, bytes } => self.post_bytes("model", model.id().into(), "own", bytes),
                Command::TakeUp { run, kept } => self.post_bytes("run", (*run).into(), "training", kept),
                command => Engine::post(self, &[command]),
            }
        }
    }
}

/// A handle on the present worker and on what it has said since the last frame. Clones share one worker.
pub struct Engine<E>(Rc<EngineInner<E>>);

struct EngineInner<E> {
    program: WorkerProgram,
    link: RefCell<Option<Link>>,
    /// The number of workers so far, so that a late message of one that was ended is not taken for its successor's.
    life: Cell<u32>,
    heard: RefCell<Vec<E>>,
    /// How many questions were asked since its last message.
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
    /// A handle without a worker yet. `fold` takes in what later ones say, at most once in an animation frame.
    pub fn new(program: WorkerProgram, fold: impl Fn(Vec<E>) + 'static) -> Self {
        Self(Rc::new(EngineInner {
            program,
            link: RefCell::new(None),
            life: Cell::new(0),
            heard: RefCell::new(Vec::new()),
            unanswered: Cell::new(0),
            scheduled: Cell::new(false),
            fold: Box::new(fold),
        }))
    }

    /// Whether there is a worker now.
    pub fn lives(&self) -> bool {
        self.0.link.borrow().is_some()
    }

    /// Starts a worker in place of any other.
    pub fn start(&self) {
        self.end();
        let life = self.0.life.get();
        let engine = self.clone();
        match Link::open(self.0.program, move |event| engine.hear(life, event)) {
            Ok(link) => {
                self.0.link.replace(Some(link));
            }
            Err(failure) => self.hear(life, E::failed(failure)),
        }
    }

    /// Ends the worker, if there is one, and forgets what it has said and nobody has heard yet.
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

    /// Sends a message that is an object and no JSON, such as bytes.
    pub fn post_object(&self, message: &JsValue) {
        if let Some(link) = self.0.link.borrow().as_ref() {
            link.post_object(message);
        }
    }

    /// Sends bytes and what they are of: megabytes, which are no JSON.
    fn post_bytes(&self, key: &str, of: JsValue, name: &str, bytes: &[u8]) {
        let message = Object::new();
        for (name, field) in [(key, of), (name, Uint8Array::from(bytes).into())] {
            Reflect::set(&message, &name.into(), &field).ok();
        }
        self.post_object(&message);
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
            // This comes after the frame, in a task of its own, because a chart is drawn in the frame's.
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

    /// Asks a worker for an answer from time to time, for as long as it lives.
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
