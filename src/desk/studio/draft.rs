//! The lab that is being prepared, its place in a page, and how the preview follows it.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::super::site::{DeskSite, learn};
use super::preview::Preview;
use crate::lab::bounds::KnobBounds;
use crate::lab::knob::Knob;
use crate::lab::link::Lab;
use crate::lab::message::{PreviewMeasurement, PreviewReport};
use crate::lab::notice::Notice;
use crate::lab::selection::{Item, ItemFlag, set_flag};
use crate::lab::snippet::{Embedding, Snippet, quoted_link};
use crate::lab::view::View;
use crate::shell::address::Pen;
use crate::shell::browser;
use crate::shell::effect::effect;

/// Handles on the lab that is being prepared, and the ways to change it.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// The run of the preview, and the chosen view, which is that of an embedded lab.
    pub(super) lab: RwSignal<Lab>,
    /// The items of this lab that can be shown, hidden or locked.
    pub(super) items: Memo<Vec<Item>>,
    /// The preview of the lab in a frame.
    pub(super) preview: Preview,
    /// The height of the lab in a phone's column, in CSS pixels, or 0 as long as it was not measured.
    pub(super) narrow_height: RwSignal<u32>,
    /// The kind of page that the teacher has, the id of a [`Snippet`].
    pub(super) kind: RwSignal<&'static str>,
    /// What the preview measured last.
    pub(super) measured: RwSignal<Option<PreviewMeasurement>>,
    /// The height that was typed, in CSS pixels, or none where the text is not a height.
    pub(super) height: RwSignal<Option<u32>>,
    /// The title that was typed.
    pub(super) title: RwSignal<String>,
    /// The lab's own title, in the language that its readers get.
    pub(super) own_title: RwSignal<String>,
    /// The address of the site, which ends in a slash.
    home: StoredValue<String>,
}

impl Draft {
    /// A draft of the lab of the address.
    pub(super) fn open(site: DeskSite) -> Self {
        let lab = RwSignal::new(Lab::default());
        let draft = Self {
            lab,
            items: Memo::new(move |_| lab.with(|lab| Item::all(&lab.spec))),
            preview: Preview::new(),
            narrow_height: RwSignal::new(0),
            kind: RwSignal::new(Snippet::Link.id()),
            measured: RwSignal::new(None),
            height: RwSignal::new(None),
            title: RwSignal::new(String::new()),
            own_title: RwSignal::new(String::new()),
            home: StoredValue::new(browser::home()),
        };
        draft.begin(&browser::hash());
        draft.preview.listen(move |report| draft.hear(report));
        draft.follow_address();
        draft.follow_title(site);
        draft
    }

    /// Shows, hides, locks or unlocks some items.
    pub(super) fn set_flag(self, items: &[Item], flag: ItemFlag, on: bool) {
        let listed = self.items.get_untracked();
        self.change(|lab| lab.view = set_flag(&lab.view, &listed, items, flag, on));
    }

    /// Changes what is chosen, and shows it. It sets the frame's hash, because the message `initlab:set` would begin a
    /// new run.
    pub(super) fn change(self, change: impl FnOnce(&mut Lab)) {
        self.lab.update(change);
        self.preview.go(&self.lab.with_untracked(|lab| self.address(&quoted_link(lab))));
    }

    /// Lets readers move a knob in the range that was typed alone, or with nothing wherever they like, and returns what is
    /// to be said of the text. One that cannot be read changes nothing.
    pub(super) fn bound(self, knob: &'static Knob, text: &str) -> Result<Option<Notice>, Notice> {
        let (bounds, notice) = KnobBounds::read(knob, text)?;
        self.change(|lab| {
            lab.view.bounds.put(knob, bounds);
            // The preview says which values had to be moved.
            lab.settle();
        });
        Ok(notice)
    }

    /// Shows the lab in a new frame.
    pub(super) fn reload(self) {
        self.preview.load(self.lab.with_untracked(|lab| self.address(&quoted_link(lab))));
    }

    /// The address of the lab outside a page, with nothing hidden or locked.
    pub(super) fn whole_lab(self) -> String {
        let mut lab = self.lab.get();
        lab.view = View { lang: lab.view.lang, theme: lab.view.theme, ..View::default() };
        self.address(&quoted_link(&lab))
    }

    /// Reads how the lab is embedded in a page.
    pub(super) fn with_embedding<T>(self, read: impl FnOnce(&Embedding) -> T) -> T {
        let (home, typed) = (self.home.get_value(), self.title.get());
        let title = if typed.trim().is_empty() { self.own_title.get() } else { typed.trim().to_owned() };
        let (height, usual_height) = (self.height.get(), self.usual_height());
        self.lab.with(|lab| read(&Embedding { home: &home, lab, title: &title, height, usual_height }))
    }

    /// The height for a frame in a column of any width, in CSS pixels.
    pub(super) fn usual_height(self) -> u32 {
        self.preview.usual_height.get().max(self.narrow_height.get())
    }

    /// Begins anew with the lab of a link. The preview says what is wrong with the link.
    fn begin(self, hash: &str) {
        self.measured.set(None);
        let mut lab = Lab::from_link(hash).0;
        lab.view.embed = true;
        self.lab.set(lab);
        self.preview.load(self.address(&format!("#v=1&embed=1&{}", hash.trim_start_matches('#'))));
    }

    /// Folds a report of the preview into the draft.
    fn hear(self, report: PreviewReport) {
        match report {
            PreviewReport::Height(height) => self.preview.measure(height),
            PreviewReport::Link(link) => self.lab.update(|lab| {
                let Lab { experiment, spec, .. } = Lab::from_link(&link).0;
                // What the teacher sets is where a challenge begins.
                if let Some(task) = &mut lab.task {
                    Arc::make_mut(task).start = spec.clone();
                }
                (lab.experiment, lab.spec) = (experiment, spec);
            }),
        }
    }

    fn address(self, link: &str) -> String {
        self.home.with_value(|home| format!("{home}{link}"))
    }

    /// Keeps the address bar and the lab equal, in both directions.
    fn follow_address(self) {
        let link = Memo::new(move |_| {
            let mut lab = self.lab.get();
            lab.view.embed = false;
            quoted_link(&lab)
        });
        let pen = StoredValue::new_local(Pen::default());
        let write = move || {
            pen.update_value(|pen| pen.soon(move || browser::replace_hash(&link.get_untracked())));
        };
        effect(move || {
            link.track();
            write();
        });
        // The address of the event is read and not that of the bar, where the studio may have written its own since.
        let _listener = window_event_listener(leptos::ev::hashchange, move |event| {
            self.begin(&browser::hash_of(&event.new_url()));
            // Even where the lab stays the same, keys of the address that have no effect are removed.
            write();
        });
    }

    /// Sets the lab's own title in the language that its readers get, which may not be the page's.
    fn follow_title(self, site: DeskSite) {
        let wanted = Memo::new(move |_| self.lab.with(|lab| lab.view.lang).unwrap_or_else(|| site.lang.get()));
        effect(move || {
            let lang = wanted.get();
            spawn_local(async move {
                let is_learned = learn(lang).await;
                // The texts of an earlier choice may arrive after its own.
                if wanted.try_get_untracked() == Some(lang) {
                    self.own_title.set(if is_learned { lang.text("title").to_owned() } else { "Init Lab".to_owned() });
                }
            });
        });
    }
}
