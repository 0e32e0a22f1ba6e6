//! The lab in a frame, at the width of a desk or of a phone.

use leptos::html::Iframe;
use leptos::prelude::*;
use web_sys::Window;

use super::super::site::DeskSite;
use super::segments::{Segments, segments};
use crate::lab::message::{PreviewCommand, PreviewReport};
use crate::port::preview;

/// The height of a lab that has not said how high it is, in CSS pixels.
const UNMEASURED: u32 = 640;
/// As wide as there is room; the other width is a phone's.
const DESKTOP: &str = "desktop";

/// A frame and what it told of itself.
#[derive(Clone, Copy)]
pub(super) struct Preview {
    /// The lab's height at the width of a desk, in CSS pixels.
    pub(super) usual_height: RwSignal<u32>,
    /// Its height at the present width, in CSS pixels.
    pub(super) height: RwSignal<u32>,
    width: RwSignal<&'static str>,
    frame: NodeRef<Iframe>,
    /// The number of the frame, by which each is a new one, and the address that it begins at.
    start: RwSignal<(u32, String)>,
    /// Whether the present frame has said nothing yet.
    is_silent: StoredValue<bool>,
}

impl Preview {
    /// Before a lab was loaded.
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

    /// Hears what the present frame says.
    pub(super) fn listen(self, hear: impl Fn(PreviewReport) + 'static) {
        preview::listen(move || self.window(), hear);
    }

    /// Begins at an address, in a new frame.
    pub(super) fn load(self, address: String) {
        self.is_silent.set_value(true);
        self.start.update(|(number, start)| {
            *number += 1;
            *start = address;
        });
    }

    /// Goes to an address that differs in its hash, in the same frame.
    pub(super) fn go(self, address: &str) {
        if let Some(window) = self.window() {
            // Only an address that is none is refused.
            window.location().replace(address).ok();
        }
    }

    /// Asks the lab for something.
    pub(super) fn post(self, command: PreviewCommand) {
        if let Some(window) = self.window() {
            preview::post(&window, command);
        }
    }

    /// Takes in how high the lab is, in CSS pixels.
    pub(super) fn measure(self, height: f64) {
        // The first word of a lab. From here on it knows its link, with all that was wrong put right.
        if self.is_silent.get_value() {
            self.is_silent.set_value(false);
            self.post(PreviewCommand::GET);
        }
        let height = libm::ceil(height) as u32;
        self.height.set(height);
        // A phone's height is not what a frame on a wide page needs.
        if self.width.get_untracked() == DESKTOP {
            self.usual_height.set(height);
        }
    }

    /// The frame, and how wide it is: `height` is its own, in CSS pixels; `reload` begins a new one.
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
            // Anew: which groups of controls come up open depends on the width.
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

    fn window(self) -> Option<Window> {
        self.frame.get_untracked()?.content_window()
    }
}
