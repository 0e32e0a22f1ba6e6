//! The half of a page: it starts the training worker, sends it commands and hears its events.

use js_sys::{Array, Function, JSON, Promise, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::lab::protocol::{Event, Failure};

/// The script that starts the worker. It lies beside the page.
const LOADER: &str = "worker_loader.js";

/// Which of the two programs a worker runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerProgram {
    /// The whole one, or where there is no GPU its half for the CPU: the loader looks.
    Fitting,
    /// The half for the CPU, for a worker that never uses a GPU: it is a fifth as large to compile and to hold.
    CpuOnly,
}

/// Milliseconds since the page began.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Milliseconds since the beginning of 1970, for what is kept from one visit to the next.
pub fn wall_clock() -> f64 {
    let origin = web_sys::window().and_then(|window| window.performance());
    origin.map_or(0.0, |performance| performance.time_origin() + performance.now())
}

/// A running worker. It ends when this is dropped.
pub struct Link {
    worker: Worker,
    name: String,
    /// The address of the script that a worker in a sandboxed frame begins with.
    script: Option<String>,
    _message: Closure<dyn Fn(MessageEvent)>,
    _error: Closure<dyn Fn(web_sys::Event)>,
}

/// What a page hears from its worker.
pub trait WorkerEvent: Sized + 'static {
    /// Reads a message. Fails with what the page shows if it cannot be read.
    fn read(data: &JsValue) -> Result<Self, Failure>;

    /// The event of the engine that it is, if it is one.
    fn engine(&self) -> Option<&Event>;

    /// The event that says that the engine cannot go on.
    fn failed(failure: Failure) -> Self;
}

impl WorkerEvent for Event {
    fn read(data: &JsValue) -> Result<Self, Failure> {
        if data.is_string() { read_json(data) } else { kept(data).ok_or(Failure::Panic(String::new())) }
    }

    fn engine(&self) -> Option<&Event> {
        Some(self)
    }

    fn failed(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What was kept of a run, which comes as `{ run, steps, kept }`.
fn kept(data: &JsValue) -> Option<Event> {
    let field = |name: &str| Reflect::get(data, &name.into()).ok();
    let (run, step) = (field("run")?.as_f64()? as u32, field("steps")?.as_f64()? as u64);
    let kept: Uint8Array = field("kept")?.dyn_into().ok()?;
    Some(Event::Kept { run, step, kept: kept.to_vec().into() })
}

/// Reads a message that is JSON in a string. Fails if it is none, or is of another type.
pub fn read_json<T: DeserializeOwned>(data: &JsValue) -> Result<T, Failure> {
    let text = data.as_string().unwrap_or_default();
    JSON::parse(&text).map_err(|error| panic(&error)).and_then(|message| {
        // This happens where page and worker are of different versions, one of them out of an old cache.
        from_value(message).map_err(|error| Failure::Panic(error.to_string()))
    })
}

impl Link {
    /// Starts a worker with a program. `report` hears its events, and if it dies, that it failed. Fails where the
    /// browser makes no worker.
    pub fn open<E: WorkerEvent>(program: WorkerProgram, report: impl Fn(E) + Clone + 'static) -> Result<Self, Failure> {
        let name = random_name();
        let address = address(program)?;
        let script = is_sandboxed().then(|| local_script(&address)).transpose().map_err(|error| panic(&error))?;
        let options = WorkerOptions::new();
        options.set_name(&name);
        // A blob without an origin loads only as a classic script, which can import modules too.
        options.set_type(if script.is_some() { WorkerType::Classic } else { WorkerType::Module });
        let start = script.as_ref().unwrap_or(&address);
        let worker = Worker::new_with_options(start, &options).map_err(|error| panic(&error))?;

        let hear = report.clone();
        let message = Closure::new(move |message: MessageEvent| {
            hear(E::read(&message.data()).unwrap_or_else(E::failed));
        });
        let error = Closure::new(move |event: web_sys::Event| {
            event.prevent_default();
            let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            report(E::failed(Failure::from_error(&text)));
        });
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(error.as_ref().unchecked_ref()));
        Ok(Self { worker, name, script, _message: message, _error: error })
    }

    /// Sends a command. A worker that cannot take it is found to be dead in another way.
    pub fn post(&self, command: &impl Serialize) {
        if let Some(text) = plain(command).and_then(|command| JSON::stringify(&command).ok()) {
            self.worker.post_message(&text).ok();
        }
    }

    /// Sends a message that is an object and no JSON, such as bytes.
    pub fn post_object(&self, message: &JsValue) {
        self.worker.post_message(message).ok();
    }

    /// Calls `died` when the worker has vanished, with or without a word, or `unwatched` at once
    /// where that cannot be seen; to be called once it is ready.
    ///
    /// A worker that the browser kills sends no event. But it holds a lock of its own name from the
    /// start, and only its end lets go of it. Some embedded frames have no locks (those of an opaque
    /// origin, or where third-party storage is blocked).
    pub fn watch(&self, died: impl FnOnce() + 'static, unwatched: impl FnOnce() + 'static) {
        let name = self.name.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(locks) = locks()
                && will_be_taken(&locks, &name).await
                && let Ok(promise) = locks.request(&name, Closure::once_into_js(|| {}).unchecked_ref())
                && JsFuture::from(promise).await.is_ok()
            {
                died();
            } else {
                unwatched();
            }
        });
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
        if let Some(script) = &self.script {
            web_sys::Url::revoke_object_url(script).ok();
        }
    }
}

/// A name that nobody else has.
pub(super) fn random_name() -> String {
    format!("initlab-{:x}", (js_sys::Math::random() * 1e15) as u64)
}

/// Whether the page stands in a frame whose sandbox takes its origin away. A worker's script must be
/// of the page's origin, and then nothing is.
fn is_sandboxed() -> bool {
    web_sys::window().is_some_and(|window| window.origin() == "null")
}

/// A script of the page's own that loads the one at an address, which may be of any origin.
fn local_script(address: &str) -> Result<String, JsValue> {
    // It is quoted as JSON, which JavaScript reads as a string of its own.
    let address = String::from(JSON::stringify(&address.into())?);
    // The error is thrown in a task of its own, so that the page hears of it as of any other failure.
    let import = format!("import({address}).catch((error) => setTimeout(() => {{ throw error; }}));");
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&import.into()), &kind)?;
    web_sys::Url::create_object_url_with_blob(&blob)
}

#[wasm_bindgen]
extern "C" {
    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, granted: &Function) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise, JsValue>;
}

/// Whether the worker takes the lock. It asks for the lock before it says that it is ready, but the page may hear
/// this before the browser has the request. A lock that nobody took would be granted at once, and mean nothing.
async fn will_be_taken(locks: &LockManager, name: &str) -> bool {
    for wait in [0, 20, 100, 500, 2500] {
        sleep(wait).await;
        if is_taken(locks, name).await {
            return true;
        }
    }
    false
}

async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds).ok();
        }
    });
    JsFuture::from(promise).await.ok();
}

/// Whether somebody holds the lock, or waits for it.
async fn is_taken(locks: &LockManager, name: &str) -> bool {
    let Ok(query) = locks.query() else { return false };
    let Ok(snapshot) = JsFuture::from(query).await else { return false };
    let names = |list: &str| {
        let locks = Array::from(&Reflect::get(&snapshot, &list.into()).unwrap_or_default());
        locks.iter().filter_map(|lock| Reflect::get(&lock, &"name".into()).ok()?.as_string()).any(|other| other == name)
    };
    names("held") || names("pending")
}

fn locks() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

fn address(program: WorkerProgram) -> Result<String, Failure> {
    let asked = if program == WorkerProgram::CpuOnly { "?cpu" } else { "" };
    let base = web_sys::window().and_then(|window| window.document()).and_then(|document| document.base_uri().ok());
    let base = base.flatten().unwrap_or_default();
    web_sys::Url::new_with_base(&format!("{LOADER}{asked}"), &base).map(|url| url.href()).map_err(|error| panic(&error))
}

fn panic(error: &JsValue) -> Failure {
    let text = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    Failure::Panic(text.unwrap_or_else(|| format!("{error:?}")))
}

/// The value as a plain object of JavaScript; none if it cannot be one. Its numbers are JavaScript's own: to write
/// and read them as text would take tables of 20 kB, of the page's 250.
pub fn plain(value: &impl Serialize) -> Option<JsValue> {
    value.serialize(&Serializer::json_compatible()).ok()
}
