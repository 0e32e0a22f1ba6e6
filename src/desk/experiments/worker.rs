//! The worker as the page of experiments needs it: started when something is to be run, and sent
//! nothing before it can hear.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{JSON, Object, Reflect, Uint8Array};
use serde_wasm_bindgen::from_value;
use wasm_bindgen::{JsCast, JsValue};

use crate::lab::protocol::{Event, Failure};
use crate::port::page::{WorkerEvent, read_json};
use crate::shell::worker::Engine;
use crate::study::protocol::{StudyCommand, StudyEvent};

/// What the worker says.
pub(super) enum DeskEvent {
    /// Of itself.
    Engine(Event),
    /// Of an experiment.
    Study(Box<StudyEvent>),
    /// What a watched experiment can be taken up from.
    Kept { run: u32, steps: u64, bytes: Uint8Array },
}

impl WorkerEvent for DeskEvent {
    fn read(data: &JsValue) -> Result<Self, Failure> {
        let Some(text) = data.as_string() else { return kept(data).ok_or(Failure::Gone) };
        let parsed = JSON::parse(&text).unwrap_or_default();
        let is_study = ["refused", "begun", "update"].into_iter().any(|name| has(&parsed, name));
        if !is_study {
            return read_json(data).map(Self::Engine);
        }
        let event = from_value(parsed).map_err(|error| Failure::Panic(error.to_string()))?;
        Ok(Self::Study(Box::new(event)))
    }

    fn engine(&self) -> Option<&Event> {
        if let Self::Engine(event) = self { Some(event) } else { None }
    }

    fn failed(failure: Failure) -> Self {
        Self::Engine(Event::Failed(failure))
    }
}

fn has(value: &JsValue, name: &str) -> bool {
    value.is_object() && Reflect::has(value, &name.into()).unwrap_or(false)
}

fn kept(data: &JsValue) -> Option<DeskEvent> {
    let field = |name: &str| Reflect::get(data, &name.into()).ok();
    let (run, steps) = (field("run")?.as_f64()? as u32, field("steps")?.as_f64()? as u64);
    Some(DeskEvent::Kept { run, steps, bytes: field("kept")?.dyn_into().ok()? })
}

/// What is said to it.
enum Message {
    Command(StudyCommand),
    TakeUp(u32, Uint8Array),
}

/// A worker, or none yet.
#[derive(Clone)]
pub(super) struct DeskWorker {
    engine: Engine<DeskEvent>,
    state: Rc<Waiting>,
}

#[derive(Default)]
struct Waiting {
    ready: Cell<bool>,
    messages: RefCell<Vec<Message>>,
}

impl DeskWorker {
    /// None yet; `fold` takes in what later ones say.
    pub(super) fn new(fold: impl Fn(Vec<DeskEvent>) + 'static) -> Self {
        Self { engine: Engine::new(fold), state: Rc::default() }
    }

    /// Sends a command, once there is someone to read it.
    pub(super) fn send(&self, command: StudyCommand) {
        self.post(Message::Command(command));
    }

    /// Hands over what a watched experiment was kept as: megabytes, which are not made text.
    pub(super) fn take_up(&self, run: u32, bytes: Uint8Array) {
        self.post(Message::TakeUp(run, bytes));
    }

    /// It can hear.
    pub(super) fn ready(&self) {
        self.state.ready.set(true);
        for message in self.state.messages.take() {
            self.deliver(message);
        }
    }

    /// It is dead; what it was to be told is of no account.
    pub(super) fn end(&self) {
        self.state.ready.set(false);
        self.state.messages.borrow_mut().clear();
        self.engine.end();
    }

    fn post(&self, message: Message) {
        if self.state.ready.get() {
            return self.deliver(message);
        }
        self.state.messages.borrow_mut().push(message);
        if !self.engine.lives() {
            self.engine.start();
        }
    }

    fn deliver(&self, message: Message) {
        match message {
            Message::Command(command) => self.engine.post(&[command]),
            Message::TakeUp(run, bytes) => {
                let object = Object::new();
                for (name, field) in [("run", JsValue::from(run)), ("kept", bytes.into())] {
                    Reflect::set(&object, &name.into(), &field).ok();
                }
                self.engine.post_object(&object);
            }
        }
    }
}
