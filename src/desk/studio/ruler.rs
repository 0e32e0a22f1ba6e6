//! Measures how high a lab is in the narrowest column, a phone's, because a frame that is too low there cuts it off.
//!
//! The preview is as wide as the studio has room for, so another frame is loaded for a moment, unseen. It is loaded only
//! where a text is shown that has a height in it, and its engine goes with it.

use std::time::Duration;

use leptos::html::Iframe;
use leptos::prelude::*;

use crate::lab::lang::Lang;
use crate::lab::link::Lab;
use crate::lab::message::PreviewReport;
use crate::lab::snippet::quoted_link;
use crate::port::preview;

/// The width of a phone's column, in CSS pixels.
pub(super) const NARROW: u32 = 360;
/// How long nothing may have changed before the lab is measured: what a teacher chooses comes in bursts.
const PAUSE: Duration = Duration::from_millis(800);
/// How long a height has to stay before it is believed, since what a lab shows comes bit by bit.
const REST: Duration = Duration::from_millis(1200);

/// What is measured, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Ruler {
    /// The height at the narrow width, in CSS pixels.
    height: RwSignal<u32>,
    /// The address in the frame, which has none where nothing is measured.
    address: RwSignal<Option<String>>,
    frame: NodeRef<Iframe>,
    /// The languages that are still to be measured: a lab without one of its own has that of its reader.
    languages: StoredValue<Vec<Lang>>,
    /// The address of the site, and the lab that is measured.
    home: StoredValue<String>,
    lab: StoredValue<Lab>,
    /// Whether the lab shows what it measured. Before that much is not there.
    is_ready: StoredValue<bool>,
    /// The height that was told last, and the highest of all.
    told: StoredValue<[u32; 2]>,
    /// The number of the wait that counts.
    wait: StoredValue<u32>,
}

impl Ruler {
    /// A ruler that tells `height` what it finds.
    pub(super) fn new(height: RwSignal<u32>) -> Self {
        Self {
            height,
            address: RwSignal::new(None),
            frame: NodeRef::new(),
            languages: StoredValue::new(Vec::new()),
            home: StoredValue::new(String::new()),
            lab: StoredValue::new(Lab::default()),
            is_ready: StoredValue::new(false),
            told: StoredValue::new([0; 2]),
            wait: StoredValue::new(0),
        }
    }

    /// Measures `lab`, which is a lab within a page, whenever it has changed and `is_asked`. `home` is the site's address.
    pub(super) fn follow(self, home: String, lab: RwSignal<Lab>, is_asked: impl Fn() -> bool + 'static) {
        let frame = self.frame;
        let window = move || frame.get_untracked()?.content_window();
        preview::listen(window, move |report| self.hear(report));
        preview::listen_measured(window, move |_| {
            self.is_ready.set_value(true);
            self.rest();
        });
        // A lab looks the same whoever asks, so one that was measured is not measured again.
        let measured = StoredValue::new(None::<Lab>);
        self.home.set_value(home);
        Effect::new(move |_| {
            let lab = lab.get();
            if !is_asked() || measured.with_value(|measured| measured.as_ref() == Some(&lab)) {
                return;
            }
            self.after(PAUSE, move || {
                measured.set_value(Some(lab.clone()));
                self.begin(lab.clone());
            });
        });
    }

    fn begin(self, mut lab: Lab) {
        let languages: &[Lang] = match &lab.view.lang {
            Some(own) => &[*own],
            None => Lang::ALL,
        };
        self.languages.set_value(languages[1..].to_vec());
        lab.view.lang = Some(languages[0]);
        lab.view.autoplay = false;
        self.told.set_value([0; 2]);
        // A small lab has no engine to wait for.
        self.is_ready.set_value(lab.spec.is_toy());
        self.lab.set_value(lab);
        self.address.set(Some(self.wanted()));
    }

    /// The address of the lab that is measured.
    fn wanted(self) -> String {
        self.home.with_value(|home| self.lab.with_value(|lab| format!("{home}{}", quoted_link(lab))))
    }

    fn hear(self, report: PreviewReport) {
        let PreviewReport::Height(height) = report else { return };
        let [_, most] = self.told.get_value();
        self.told.set_value([libm::ceil(height) as u32, most]);
        if self.is_ready.get_value() {
            self.rest();
        }
    }

    /// Waits until the height stays as it is, and then takes it.
    fn rest(self) {
        self.after(REST, move || {
            let [now, most] = self.told.get_value();
            let most = most.max(now);
            self.told.set_value([now, most]);
            let next = self.languages.try_update_value(Vec::pop).flatten();
            let window = self.frame.get_untracked().and_then(|frame| frame.content_window());
            match next.zip(window) {
                Some((next, window)) => {
                    self.lab.update_value(|lab| lab.view.lang = Some(next));
                    // Only the hash differs, so the lab stays and changes its language. The browser refuses only texts that
                    // are no address.
                    window.location().replace(&self.wanted()).ok();
                    self.rest();
                }
                None => {
                    self.height.set(most);
                    self.address.set(None);
                }
            }
        });
    }

    /// Does something after a while, unless there is something newer to wait for by then.
    fn after(self, time: Duration, act: impl FnOnce() + 'static) {
        let number = self.wait.get_value() + 1;
        self.wait.set_value(number);
        set_timeout(
            move || {
                if self.wait.try_get_value() == Some(number) {
                    act();
                }
            },
            time,
        );
    }

    /// The frame, which nobody sees, hears or reaches.
    pub(super) fn view(self) -> AnyView {
        let frame = move |address: String| {
            view! {
                <iframe
                    class="ruler"
                    src=address
                    inert=true
                    tabindex="-1"
                    aria-hidden="true"
                    data-testid="ruler"
                    style:width=format!("{NARROW}px")
                    node_ref=self.frame
                ></iframe>
            }
        };
        view! { <For each=move || self.address.get() key=Clone::clone children=frame /> }.into_any()
    }
}
