//! The worker as the page of experiments needs it: started when something is to be run, and sent
//! nothing before it can hear.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::lab::protocol::{Event, Failure};
use crate::port::page::{WorkerEvent, read_json};
use crate::shell::worker::Engine;
use crate::study::protocol::{Outbound, StudyCommand};

/// What the worker says. The bytes of a checkpoint stay the browser's: they only go on into its storage.
pub(super) type DeskEvent = Outbound<Uint8Array>;

impl WorkerEvent for DeskEvent {
    fn read(data: &JsValue) -> Result<Self, Failure> {
        if data.is_string() { read_json(data) } else { checkpoint(data).ok_or(Failure::Gone) }
    }

    fn engine(&self) -> Option<&Event> {
        if let Self::Lab(event) = self { Some(event) } else { None }
    }

    fn failed(failure: Failure) -> Self {
        Self::Lab(Event::Failed(failure))
    }
}

fn checkpoint(data: &JsValue) -> Option<DeskEvent> {
    let field = |name: &str| Reflect::get(data, &name.into()).ok();
    let (run, steps) = (field("run")?.as_f64()? as u32, field("steps")?.as_f64()? as u64);
    Some(DeskEvent::Checkpoint { run, steps, bytes: field("kept")?.dyn_into().ok()? })
}

/// What is said to it.
enum DeskMessage {
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
    messages: RefCell<Vec<DeskMessage>>,
}

impl DeskWorker {
    /// None yet; `fold` takes in what later ones say.
    pub(super) fn new(fold: impl Fn(Vec<DeskEvent>) + 'static) -> Self {
        Self { engine: Engine::new(fold), state: Rc::default() }
    }

    /// Sends a command, once there is someone to read it.
    pub(super) fn send(&self, command: StudyCommand) {
        self.post(DeskMessage::Command(command));
    }

    /// Hands over what a watched experiment was kept as: megabytes, which are not made text.
    pub(super) fn take_up(&self, run: u32, bytes: Uint8Array) {
        self.post(DeskMessage::TakeUp(run, bytes));
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

    fn post(&self, message: DeskMessage) {
        if self.state.ready.get() {
            return self.deliver(message);
        }
        self.state.messages.borrow_mut().push(message);
        if !self.engine.lives() {
            self.engine.start();
        }
    }

    fn deliver(&self, message: DeskMessage) {
        match message {
            DeskMessage::Command(command) => self.engine.post(&[command]),
            DeskMessage::TakeUp(run, bytes) => {
                let object = Object::new();
                for (name, field) in [("run", JsValue::from(run)), ("kept", bytes.into())] {
                    Reflect::set(&object, &name.into(), &field).ok();
                }
                self.engine.post_object(&object);
            }
        }
    }
}
