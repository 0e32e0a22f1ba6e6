//! Messages from window to window: between the lab and the page that embeds it, and what any two windows need to
//! hear each other.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{JSON, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::from_value;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Window};

use super::page::plain;
use crate::lab::message::{Message, Request, resize};

/// The page that embeds the lab.
#[derive(Clone)]
pub struct Parent {
    window: Window,
}

impl Parent {
    /// The page that embeds this one, if there is one.
    pub fn find() -> Option<Self> {
        let own = web_sys::window()?;
        let parent = own.parent().ok()??;
        (JsValue::from(&parent) != JsValue::from(&own)).then_some(Self { window: parent })
    }

    /// Sends a plain object. What the lab reports is no secret, so any page may read it.
    pub fn post(&self, message: &Message) {
        self.post_plain(message);
    }

    /// Says how high the lab is, in CSS pixels, to whoever knows the lab, to the hosts of Embedly (Medium, Observable),
    /// whose protocol is JSON in a string, and to Canvas.
    pub fn post_height(&self, height: i32, source: &str) {
        self.post_plain(&resize(f64::from(height)));
        let embedly = Embedly { context: "iframe.resize", height, src: source };
        if let Some(text) = plain(&embedly).and_then(|message| JSON::stringify(&message).ok()) {
            self.window.post_message(&text, "*").ok();
        }
        self.post_plain(&Canvas { subject: "lti.frameResize", height });
    }

    pub(super) fn post_plain(&self, message: &impl Serialize) {
        if let Some(object) = plain(message) {
            self.window.post_message(&object, "*").ok();
        }
    }

    /// Whether a message is of the page that embeds this one.
    pub(super) fn has_sent(&self, message: &MessageEvent) -> bool {
        message.source().is_some_and(|source| JsValue::from(source) == JsValue::from(&self.window))
    }

    /// Hears what the page that embeds this one asks for, or has asked for before, and nobody else.
    pub fn listen(&self, before: Vec<MessageEvent>, hear: impl Fn(Request) + 'static) {
        let parent = self.window.clone();
        let hear = reader(move || Some(parent.clone()), Request::read, hear);
        before.into_iter().for_each(&hear);
        on_message(hear);
    }
}

/// How many messages are kept at most. Any page may post as many as it likes.
const MOST_LETTERS: usize = 100;

/// Keeps what is said to this window until the code is there that reads it.
#[derive(Default)]
pub struct Letterbox {
    letters: Rc<RefCell<Option<Vec<MessageEvent>>>>,
}

impl Letterbox {
    /// A letterbox that keeps all messages from now on.
    pub fn open() -> Self {
        let letters = Rc::new(RefCell::new(Some(Vec::new())));
        let kept = Rc::clone(&letters);
        on_message(move |message| {
            if let Some(letters) = kept.borrow_mut().as_mut().filter(|letters| letters.len() < MOST_LETTERS) {
                letters.push(message);
            }
        });
        Self { letters }
    }

    /// What was said. From now on nothing more is kept.
    pub fn close(&self) -> Vec<MessageEvent> {
        self.letters.take().unwrap_or_default()
    }
}

/// What hears what the page in another window says, as far as it can be read, and nobody else.
pub(super) fn reader<T: DeserializeOwned, R>(
    window: impl Fn() -> Option<Window>,
    read: fn(T) -> Option<R>,
    hear: impl Fn(R),
) -> impl Fn(MessageEvent) {
    move |message| {
        let source = message.source().map(JsValue::from);
        let from_there = source.is_some() && source == window().map(JsValue::from);
        if let Some(heard) = from_there.then(|| plain_message(&message.data())).flatten().and_then(read) {
            hear(heard);
        }
    }
}

/// Hears every message that is posted to this window, for as long as it lives.
pub(super) fn on_message(hear: impl Fn(MessageEvent) + 'static) {
    if let Some(window) = web_sys::window() {
        let listener = Closure::<dyn Fn(MessageEvent)>::new(hear).into_js_value();
        window.add_event_listener_with_callback("message", listener.unchecked_ref()).ok();
    }
}

/// A message, if it is one of the lab's. Anything may be posted to a window, cycles and huge buffers too, so no
/// more of it is read than its type has.
fn plain_message<T: DeserializeOwned>(data: &JsValue) -> Option<T> {
    let kind = Reflect::get(data, &"type".into()).ok()?.as_string()?;
    kind.starts_with("initlab:").then(|| from_value(data.clone()).ok()).flatten()
}

#[derive(Serialize)]
struct Embedly<'a> {
    context: &'static str,
    height: i32,
    src: &'a str,
}

#[derive(Serialize)]
struct Canvas {
    subject: &'static str,
    height: i32,
}
