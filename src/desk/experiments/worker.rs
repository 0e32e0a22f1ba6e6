//! The worker as the page of experiments uses it. It is started when something is to be run, and gets no message before
//! it is ready.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::lab::protocol::{Event, Failure};
use crate::port::page::{WorkerEvent, WorkerProgram, read_json};
use crate::shell::worker::Engine;
use crate::study::protocol::{Outbound, StudyCommand};

/// The events of the worker. The bytes of a checkpoint stay in the browser's memory, because they only go on into its
/// storage.
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

/// A message to the worker.
enum DeskMessage {
    Command(StudyCommand),
    TakeUp(u32, Uint8Array),
}

/// A handle on the worker, which may not be started yet.
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
    /// A handle without a worker. `fold` is given the events of the workers that are started later.
    pub(super) fn new(fold: impl Fn(Vec<DeskEvent>) + 'static) -> Self {
        Self { engine: Engine::new(WorkerProgram::Fitting, fold), state: Rc::default() }
    }

    /// Sends a command, as soon as the worker is ready.
    pub(super) fn send(&self, command: StudyCommand) {
        self.post(DeskMessage::Command(command));
    }

    /// Hands over the checkpoint of a watched experiment, as bytes and not as text, because it has megabytes.
    pub(super) fn take_up(&self, run: u32, bytes: Uint8Array) {
        self.post(DeskMessage::TakeUp(run, bytes));
    }

    /// Notes that the worker is ready, and delivers the messages that waited.
    pub(super) fn ready(&self) {
        self.state.ready.set(true);
        for message in self.state.messages.take() {
            self.deliver(message);
        }
    }

    /// Ends the worker, which is dead, and drops the messages that waited for it.
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
