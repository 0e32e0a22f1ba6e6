//! The half of the worker: the only code of the worker that posts a message.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

use crate::lab::protocol::{Command, Event};
use crate::lab::spec::Model;
use crate::study::protocol::{Inbound, Outbound, StudyCommand};

/// The messages that arrived, and who waits for the next one. Clones share them.
#[derive(Clone, Default)]
pub struct Mailbox {
    arrivals: Rc<RefCell<Arrivals>>,
}

#[derive(Default)]
struct Arrivals {
    messages: Vec<Inbound>,
    waiting: Option<Function>,
}

/// The global scope of this worker; there is none where the code runs elsewhere.
pub fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

/// Whether the GPU did not answer `worker_loader.js`, which chose the program by that.
pub fn gpu_is_silent() -> bool {
    Reflect::get(&js_sys::global(), &"gpu".into()).is_ok_and(|found| found == "silent")
}

/// Whether something comes to an end within so many milliseconds; what it comes to, if it does.
pub async fn within<T>(limit: i32, work: impl Future<Output = T>) -> Option<T> {
    let over = Promise::new(&mut |resolve, _| {
        if let Some(scope) = scope() {
            // This fails only without a function.
            let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, limit);
        }
    });
    let (mut work, mut over) = (pin!(work), pin!(JsFuture::from(over)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => over.as_mut().poll(context).map(|_| None),
    })
    .await
}

/// Sends a message to the page, as JSON; what is kept of runs is handed over as bytes. What does not fit JSON does not
/// exist in the protocol.
pub fn post(message: impl Into<Outbound>) {
    let message = message.into();
    if let Outbound::Checkpoint { run, steps, bytes } = message {
        return post_kept(run, steps, &bytes);
    }
    if let Outbound::Lab(Event::Kept { run, step, kept }) = message {
        return post_kept(run, step, &kept);
    }
    let (Some(scope), Ok(text)) = (scope(), serde_json::to_string(&message)) else { return };
    // This fails only for what cannot be cloned, and a string can be.
    let _ = scope.post_message(&JsValue::from_str(&text));
}

/// Sends what is kept of a run as `{ run, steps, kept }`: megabytes, which are handed over and not copied.
fn post_kept(run: u32, steps: u64, bytes: &[u8]) {
    let Some(scope) = scope() else { return };
    let (message, kept) = (Object::new(), Uint8Array::from(bytes));
    let fields = [("run", JsValue::from(run)), ("steps", JsValue::from(steps as f64)), ("kept", kept.clone().into())];
    for (name, value) in fields {
        let _ = Reflect::set(&message, &name.into(), &value);
    }
    let _ = scope.post_message_with_transfer(&message, &Array::of1(&kept.buffer()));
}

/// Reads a message: JSON, or bytes that are handed over: what was kept of an experiment as `{ run, kept }` and of the
/// lab's run as `{ run, training }`, a reader's file as `{ model, own }`.
fn read(data: &JsValue) -> Option<Inbound> {
    if let Some(text) = data.as_string() {
        return serde_json::from_str(&text).ok();
    }
    let bytes = |name: &str| Reflect::get(data, &name.into()).ok()?.dyn_into::<Uint8Array>().ok();
    if let Some(own) = bytes("own") {
        let model = Reflect::get(data, &"model".into()).ok()?.as_string()?;
        let model = Model::from_id(&model)?;
        return Some(Command::TakeData { model, bytes: own.to_vec().into() }.into());
    }
    let run = Reflect::get(data, &"run".into()).ok()?.as_f64()? as u32;
    if let Some(training) = bytes("training") {
        return Some(Command::TakeUp { run, kept: training.to_vec().into() }.into());
    }
    Some(StudyCommand::TakeUp { run, kept: bytes("kept")?.to_vec() }.into())
}

impl Mailbox {
    /// A mailbox that collects what the page sends, from now on.
    pub fn listen() -> Self {
        let mailbox = Self::default();
        let arrivals = Rc::clone(&mailbox.arrivals);
        let receive = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // Only our own page can post to this worker, and what it cannot have sent is ignored.
            let Some(message) = read(&event.data()) else { return };
            let waiting = {
                let mut arrivals = arrivals.borrow_mut();
                arrivals.messages.push(message);
                arrivals.waiting.take()
            };
            if let Some(wake) = waiting {
                let _ = wake.call0(&JsValue::NULL);
            }
        });
        if let Some(scope) = scope() {
            scope.set_onmessage(Some(receive.as_ref().unchecked_ref()));
        }
        // The closure is never freed, because the worker listens for as long as it lives.
        receive.forget();
        mailbox
    }

    /// What has arrived since this was called last.
    pub fn take(&self) -> Vec<Inbound> {
        std::mem::take(&mut self.arrivals.borrow_mut().messages)
    }

    /// Waits until something arrives.
    pub async fn arrival(&self) {
        if !self.arrivals.borrow().messages.is_empty() {
            return;
        }
        let arrivals = Rc::clone(&self.arrivals);
        let promise = Promise::new(&mut |resolve, _| arrivals.borrow_mut().waiting = Some(resolve));
        let _ = JsFuture::from(promise).await;
    }
}

/// Lets the event loop deliver messages. A promise that resolves by itself is a microtask, which
/// runs before any message; a message to oneself is a macrotask, without setTimeout's 4 ms.
pub async fn yield_to_events() {
    let promise = Promise::new(&mut |resolve, _| {
        let Ok(channel) = MessageChannel::new() else {
            let _ = resolve.call0(&JsValue::NULL);
            return;
        };
        let port = channel.port2();
        let close = channel.port1();
        let wake = Closure::once_into_js(move || {
            close.close();
            let _ = resolve.call0(&JsValue::NULL);
        });
        channel.port1().set_onmessage(Some(wake.unchecked_ref()));
        let _ = port.post_message(&JsValue::NULL);
    });
    let _ = JsFuture::from(promise).await;
}

/// Holds a lock of this worker's name for as long as it lives, so that the page learns of its end
/// even when it is killed without a word.
pub fn hold_lock() {
    let Some(scope) = scope() else { return };
    let forever = Closure::<dyn Fn() -> Promise>::new(|| Promise::new(&mut |_, _| {}));
    let request = || -> Result<(), JsValue> {
        let navigator = Reflect::get(&scope, &"navigator".into())?;
        let locks = Reflect::get(&navigator, &"locks".into())?;
        let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
        let held: Promise = request.call2(&locks, &scope.name().into(), forever.as_ref())?.dyn_into()?;
        // A sandboxed page has no locks: the promise is rejected, and nobody waits for it.
        let ignore = Closure::<dyn FnMut(JsValue)>::new(|_| {});
        let _ = held.catch(&ignore);
        ignore.forget();
        Ok(())
    };
    // Without locks, as in a page of an opaque origin, the page asks for signs of life instead.
    let _ = request();
    forever.forget();
}
