//! Shows the lab in a frame, at the width of a desktop or of a phone.

use leptos::html::Iframe;
use leptos::prelude::*;
use web_sys::Window;

use super::super::site::DeskSite;
use super::segments::{Segments, segments};
use crate::lab::message::{PreviewCommand, PreviewReport};
use crate::port::preview;

/// The height of a lab that has not reported its own yet, in CSS pixels.
const UNMEASURED: u32 = 640;
/// The width that takes all the room there is; the other one is a phone's.
const DESKTOP: &str = "desktop";

/// A frame with a lab, and the heights that the lab reported.
#[derive(Clone, Copy)]
pub(super) struct Preview {
    /// The lab's height at the desktop's width, in CSS pixels.
    pub(super) usual_height: RwSignal<u32>,
    /// Its height at the present width, in CSS pixels.
    pub(super) height: RwSignal<u32>,
    width: RwSignal<&'static str>,
    frame: NodeRef<Iframe>,
    /// The number of the frame, which is counted up so that each is a new one, and the address that it begins at.
    start: RwSignal<(u32, String)>,
    /// Whether the present frame has not reported anything yet.
    is_silent: StoredValue<bool>,
}

impl Preview {
    /// A preview in which no lab is loaded yet.
    pub(super) fn new() -> Self {
        Self {
            usual_height: RwSignal::new(UNMEASURED),
            height: RwSignal::new(UNMEASURED),
            width: RwSignal::new(DESKTOP),
            frame: NodeRef::new(),
            start: RwSignal::new((0, String::new())),
            is_silent: StoredValue::new(true),
        }
    }

    /// Calls `hear` with the reports of the present frame.
    pub(super) fn listen(self, hear: impl Fn(PreviewReport) + 'static) {
        preview::listen(move || self.window(), hear);
    }

    /// Loads an address in a new frame.
    pub(super) fn load(self, address: String) {
        self.is_silent.set_value(true);
        self.start.update(|(number, start)| {
            *number += 1;
            *start = address;
        });
    }

    /// Goes to an address that differs only in its hash, in the same frame.
    pub(super) fn go(self, address: &str) {
        if let Some(window) = self.window() {
            // The browser refuses only texts that are no address.
            window.location().replace(address).ok();
        }
    }

    /// Sends a command to the lab.
    pub(super) fn post(self, command: PreviewCommand) {
        if let Some(window) = self.window() {
            preview::post(&window, command);
        }
    }

    /// Notes the height that the lab reports, in CSS pixels.
    pub(super) fn measure(self, height: f64) {
        // A height is a lab's first report. It has read its link by then, so it is asked for the corrected one.
        if self.is_silent.get_value() {
            self.is_silent.set_value(false);
            self.post(PreviewCommand::GET);
        }
        let height = libm::ceil(height) as u32;
        self.height.set(height);
        // The height on a phone is not the one that a frame on a wide page needs.
        if self.width.get_untracked() == DESKTOP {
            self.usual_height.set(height);
        }
    }

    /// The frame, and the choice of its width. `height` is the frame's in CSS pixels, and `reload` begins a new frame.
    pub(super) fn view(
        self,
        site: DeskSite,
        height: impl Fn() -> u32 + Copy + Send + Sync + 'static,
        reload: impl Fn() + Copy + 'static,
    ) -> AnyView {
        let widths = Segments {
            name: "width",
            heading: "preview",
            test_prefix: "",
            ids: vec!["phone", DESKTOP],
            first: DESKTOP,
        };
        let choose = move |width| {
            self.width.set(width);
            // The frame is reloaded, because the width decides which groups of controls are open at first.
            reload();
        };
        let frame = move |(_, address): (u32, String)| {
            view! {
                <iframe
                    src=address
                    title=site.text("preview")
                    data-testid="preview"
                    style:height=move || format!("{}px", height())
                    node_ref=self.frame
                ></iframe>
            }
        };
        view! {
            <section class="preview" aria-labelledby="preview">
                <div class="bar">
                    <h2 id="preview">{site.text("preview")}</h2>
                    {segments(widths, site, choose)}
                </div>
                <div id="stage" data-width=move || self.width.get()>
                    <For each=move || [self.start.get()] key=|(number, _)| *number children=frame />
                </div>
            </section>
        }
        .into_any()
    }

    /// The window of the frame, if there is one.
    pub(super) fn window(self) -> Option<Window> {
        self.frame.get_untracked()?.content_window()
    }
}
