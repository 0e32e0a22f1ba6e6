//! Asks the browser small things: for frames, the address bar, and what the reader has set.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Response, Storage, Url};

use crate::lab::view::Theme;

/// How long to wait for an animation frame before a timer stands in for it: hidden tabs, and frames that are
/// scrolled out of sight, get none.
const LONGEST_FRAME: Duration = Duration::from_millis(200);
/// How long a browser may take to read the file that it saves: some ask the reader first where to put it.
const SAVED: Duration = Duration::from_secs(60);

/// Runs something once, in the next animation frame, or soon where there is none.
pub fn soon(run: impl FnOnce() + 'static) {
    let waiting = Rc::new(RefCell::new(Some(run)));
    let late = waiting.clone();
    let timer = set_timeout_with_handle(
        move || {
            let run = late.borrow_mut().take();
            if let Some(run) = run {
                run();
            }
        },
        LONGEST_FRAME,
    );
    request_animation_frame(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
        let run = waiting.borrow_mut().take();
        if let Some(run) = run {
            run();
        }
    });
}

/// The address bar's hash, with its `#`.
pub fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// The hash of any address, in the form in which [`hash`] gives the page's own.
pub fn hash_of(address: &str) -> String {
    address.find('#').map(|at| address[at..].to_owned()).unwrap_or_default()
}

/// Writes a link into the address bar, without a step in the history. A bare address stays bare.
pub fn replace_hash(link: &str) {
    let before = hash();
    if before == link || (before.is_empty() && link == "#v=1") {
        return;
    }
    let location = window().location();
    let (path, search) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    // A browser refuses this in documents that have no address of their own, and when it is called too often.
    if let Ok(history) = window().history() {
        history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("{path}{search}{link}"))).ok();
    }
}

/// The keys of what goes along from page to page of the site (`static/site.js`).
const OWN_THEME: &str = "init-lab/theme";
const OWN_LAB: &str = "init-lab/lab";
/// The key of the hints that were followed, or put away.
const HINTS: &str = "init-lab/hints";
/// The key of whether letters do what buttons do.
const KEYS: &str = "init-lab/keys";
/// The key of the tab of knobs that the reader opened last.
const PANEL: &str = "init-lab/panel";

/// What this browser keeps for the site. A page in another page's frame is that page's, and has nothing of its own.
fn own_storage() -> Option<Storage> {
    let window = window();
    let is_framed = window.top().ok().flatten().is_none_or(|top| JsValue::from(top) != JsValue::from(&window));
    if is_framed { None } else { window.local_storage().ok().flatten() }
}

/// What is kept under a key.
pub(super) fn kept(key: &str) -> Option<String> {
    own_storage()?.get_item(key).ok().flatten()
}

/// Keeps a value under a key, where something can be kept.
pub(super) fn keep(key: &str, value: &str) {
    if let Some(storage) = own_storage() {
        storage.set_item(key, value).ok();
    }
}

/// The colours that the reader chose on this site, if they did.
pub fn kept_theme() -> Option<Theme> {
    Theme::from_id(&kept(OWN_THEME)?).filter(|theme| *theme != Theme::Auto)
}

/// Keeps the colours that the reader chose.
pub fn keep_theme(theme: Theme) {
    keep(OWN_THEME, theme.id());
}

/// The names of the hints that are done with.
pub fn kept_hints() -> Vec<String> {
    kept(HINTS).unwrap_or_default().split(',').map(str::to_owned).collect()
}

/// Keeps the names of the hints that are done with.
pub fn keep_hints(names: &[&str]) {
    keep(HINTS, &names.join(","));
}

/// Brings the question and the first controls into sight, wherever the reader has scrolled to.
pub fn show_start() {
    if let Some(panel) = document().query_selector(".panel").ok().flatten() {
        panel.set_scroll_top(0);
    }
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Whether letters do what buttons do, which a reader may switch off.
pub fn keys_are_on() -> bool {
    kept(KEYS).is_none_or(|kept| kept != "off")
}

/// Keeps whether letters do what buttons do.
pub fn keep_keys(on: bool) {
    keep(KEYS, if on { "on" } else { "off" });
}

/// The name of the tab of knobs that the reader opened last.
pub fn kept_tab() -> Option<String> {
    kept(PANEL)
}

/// Keeps the name of the tab of knobs that the reader opened.
pub fn keep_tab(name: &str) {
    keep(PANEL, name);
}

/// Keeps the lab that the reader is in, for the other pages' way back.
pub fn keep_lab(link: &str) {
    keep(OWN_LAB, link);
}

/// The part of the page's address from its question mark on, with another value for a key.
pub fn search_with(key: &str, value: &str) -> String {
    let search = window().location().search().unwrap_or_default();
    let pairs = form_urlencoded::parse(search.trim_start_matches('?').as_bytes());
    let rest = pairs.filter(|(known, _)| known != key);
    let search = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).append_pair(key, value).finish();
    format!("?{search}{}", hash())
}

/// Writes another value for a key into the address bar, without a step in the history.
pub fn replace_search(key: &str, value: &str) {
    if let Ok(history) = window().history() {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&search_with(key, value))).ok();
    }
}

/// The value of a key that the page's address has after its question mark.
pub fn search_value(key: &str) -> Option<String> {
    let search = window().location().search().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(search.trim_start_matches('?').as_bytes());
    pairs.find(|(known, _)| known == key).map(|(_, value)| value.into_owned())
}

/// The whole address that a link stands for.
pub fn address_of(link: &str) -> String {
    let href = window().location().href().unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    format!("{page}{link}")
}

/// The address of the site's root, with a slash at its end.
pub fn home() -> String {
    let href = window().location().href().unwrap_or_default();
    Url::new_with_base("./", &href).map(|url| url.href()).unwrap_or_default()
}

/// Whether the site comes from the reader's own machine, where nobody else can reach it.
pub fn is_local() -> bool {
    let host = window().location().hostname().unwrap_or_default();
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

/// Text in the form in which it may be a value in an address.
pub fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// Fetches a text file of the site. Fails where there is none, and without a network.
pub async fn fetch_text(path: &str) -> Result<String, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(path)).await?.dyn_into()?;
    if !response.ok() {
        return Err(response.status_text().into());
    }
    Ok(JsFuture::from(response.text()?).await?.as_string().unwrap_or_default())
}

/// Fetches a JSON file of the site, and fails as [`fetch_text`] does.
pub async fn fetch_json(path: &str) -> Result<JsValue, JsValue> {
    js_sys::JSON::parse(&fetch_text(path).await?)
}

/// The texts of a language in the order of their keys, from its file of the site: an object of strings.
pub fn texts(file: &JsValue) -> Vec<(String, String)> {
    let entries = js_sys::Object::entries(&js_sys::Object::from(file.clone()));
    let pair = |entry: JsValue| {
        let [key, text] = [0, 1].map(|at| js_sys::Array::from(&entry).get(at).as_string());
        Some((key?, text?))
    };
    entries.iter().filter_map(pair).collect()
}

/// Whether a media query holds.
pub fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// A signal that says whether a media query holds now.
pub fn media(query: &str) -> ReadSignal<bool> {
    let (read, write) = signal(matches(query));
    if let Ok(Some(list)) = window().match_media(query) {
        let again = list.clone();
        let listener = wasm_bindgen::closure::Closure::<dyn Fn()>::new(move || write.set(again.matches()));
        list.add_event_listener_with_callback("change", listener.into_js_value().unchecked_ref()).ok();
    }
    read
}

/// Runs something whenever the page comes into sight or goes out of it, as long as the page lives.
pub fn on_visibility(run: impl Fn() + 'static) {
    let listener = wasm_bindgen::closure::Closure::<dyn Fn()>::new(run).into_js_value();
    document().add_event_listener_with_callback("visibilitychange", listener.unchecked_ref()).ok();
}

/// Puts text on the clipboard. `done` is told whether that was allowed.
pub fn copy(text: String, done: impl Fn(bool) + 'static) {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        // Only pages from https and from localhost have a clipboard.
        return done(false);
    }
    leptos::task::spawn_local(async move {
        let copied = wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await;
        done(copied.is_ok());
    });
}

/// Selects what stands in an element, so that the reader can copy it.
pub fn select(element: &web_sys::Node) {
    if let Ok(Some(selection)) = window().get_selection() {
        // This fails only for an element of another document, and there is no other here.
        selection.select_all_children(element).ok();
    }
}

/// Lets the reader save a file of this name, kind (a MIME type) and text.
pub fn download(name: &str, kind: &str, text: &str) {
    save(name, kind, &text.into());
}

/// Lets the reader save a file of bytes.
pub fn download_bytes(name: &str, kind: &str, bytes: &[u8]) {
    save(name, kind, &js_sys::Uint8Array::from(bytes).into());
}

fn save(name: &str, kind: &str, content: &JsValue) {
    let save = || {
        let parts = js_sys::Array::of1(content);
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
        let url = Url::create_object_url_with_blob(&blob).ok()?;
        save_as(name, &url);
        set_timeout(move || drop(Url::revoke_object_url(&url)), SAVED);
        Some(())
    };
    save();
}

/// Lets the reader save what an address holds as a file of this name.
pub fn save_as(name: &str, url: &str) {
    let anchor = document().create_element("a").ok().and_then(|anchor| anchor.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(anchor) = anchor {
        anchor.set_href(url);
        anchor.set_download(name);
        anchor.click();
    }
}
