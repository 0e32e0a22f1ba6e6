//! The parts of the page, one file each. A part knows what it shows and the edits it sends.
#![allow(missing_docs, reason = "props of components are public fields that say by name what they are")]

use leptos::prelude::*;

use super::store::{LateCode, Store};
use crate::lab::knob::{Knob, Range};
use crate::lab::lang::Lang;
use crate::lab::notice::Notice;
use crate::lab::spec::{Model, Spec};
use crate::lab::state::{Edit, State};
use crate::lab::view::View;

pub mod arranged;
pub mod assumptions;
pub mod boundary;
pub mod card;
pub mod chart_buttons;
pub mod chart_list;
#[cfg(feature = "page")]
pub mod charts;
pub mod chips;
pub mod choice;
pub mod code;
pub mod dead;
#[cfg(feature = "page")]
pub mod depth;
pub mod depth_curves;
pub mod derivation;
pub mod diagnosis;
pub mod digit_path;
pub mod digits;
pub mod foot;
pub mod formula;
pub mod frame;
pub mod gallery;
pub mod goal;
pub mod guess;
pub mod guess_area;
pub mod header;
pub mod heads;
pub mod hints;
pub mod histograms;
pub mod icon;
pub mod knobs;
pub mod label;
#[cfg(feature = "page")]
pub mod later;
pub mod lines;
pub mod loss;
pub mod marks;
pub mod measure;
pub mod menu;
pub mod note;
pub mod notice;
pub mod opener;
pub mod own;
#[cfg(feature = "page")]
pub mod panel;
pub mod past;
#[cfg(feature = "page")]
pub mod question;
pub mod runs;
pub mod sharpness;
pub mod sheet;
pub mod show;
pub mod sigma;
pub mod site;
pub mod slider;
pub mod slow;
mod spark;
pub mod spectrum;
pub mod spreadsheet;
pub mod status;
pub mod summary;
pub mod sweep;
pub mod table;
pub mod tabs;
pub mod theory;
pub mod tile;
pub mod tools;
#[cfg(feature = "page")]
pub mod toys;
pub mod transport;
pub mod updates;
pub mod weights;

/// What almost every part reads, and the one way to change anything.
#[derive(Clone, Copy)]
pub struct Lens {
    /// The network and its training.
    pub spec: Memo<Spec>,
    /// What of the lab is shown, and how.
    pub view: Memo<View>,
    /// The language that the page is in; its texts are there.
    pub lang: RwSignal<Lang>,
    /// Whether the student is to predict the variance, which is hidden until then.
    pub asks: Memo<bool>,
    /// Does what a person asks.
    pub edit: Callback<Edit>,
    code: StoredValue<Option<LateCode>>,
}

impl Lens {
    /// The part of a store that a view may hold.
    pub fn new(store: Store) -> Self {
        let asks = Memo::new(move |_| store.state.with(State::asks));
        Self { spec: store.spec, view: store.view, lang: store.lang, asks, edit: store.editor(), code: store.code }
    }

    /// What is wrong with a text that was typed for a knob. As long as the code that reads it is on its way, nothing is.
    pub fn problem(self, typed: &str, knob: &Knob) -> Option<Notice> {
        let code = self.code.get_value()?;
        self.spec.with_untracked(|spec| (code.read)(typed, knob, spec).err())
    }

    /// The range in which a reader may move a knob of numbers.
    pub fn range(self, knob: &Knob) -> Option<Range> {
        self.view.with(|view| self.spec.with(|spec| view.bounds.range(knob, spec)))
    }

    /// The text of a key, which follows the language.
    pub fn text(self, key: &'static str) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || self.lang.get().text(key)
    }

    /// The same for a key that is only known at run time.
    pub fn words(self, key: String) -> impl Fn() -> String + Clone + Send + Sync + 'static {
        move || self.lang.get().text(&key).to_owned()
    }

    /// The name of a knob, in the language of the page.
    pub fn label(self, knob: &'static str) -> impl Fn() -> String + Clone + Send + Sync + 'static {
        move || self.lang.get().label_in(self.spec.with(Spec::kind), knob)
    }

    /// What a knob does, in the language of the page.
    pub fn hint(self, knob: &'static str) -> impl Fn() -> String + Clone + Send + Sync + 'static {
        move || self.lang.get().hint_in(self.spec.with(Spec::kind), knob)
    }

    /// The kind of network.
    pub fn model(self) -> Model {
        self.spec.with(|spec| spec.network.model)
    }

    /// Whether one of the page's parts is shown.
    pub fn shows(self, part: &'static str) -> Memo<bool> {
        Memo::new(move |_| self.view.with(|view| view.shows_part(part)) && self.spec.with(|spec| spec.has_part(part)))
    }

    /// Whether one of the page's parts cannot be used.
    pub fn locks(self, part: &'static str) -> Memo<bool> {
        Memo::new(move |_| self.view.with(|view| view.locks_part(part)))
    }
}
