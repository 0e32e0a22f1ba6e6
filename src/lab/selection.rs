//! Describes what a teacher can choose for a lab in another page: what it shows, and which controls are locked.
//!
//! [`View`] has the rules for what is shown. Here they are applied to everything that the network has, and inverted:
//! from the wanted items to the view with the shortest link.

use super::knob::{Group, KNOBS, Knob};
use super::spec::Spec;
use super::theory::has_chart;
use super::view::{Chart, View};
use crate::science::choice::choices;

/// The text parts of an embedded lab. It has no `share` and no `theory`, although a link may name them. What it compares
/// is in its link, so `pin` is no choice here either.
const TEXTS: [&str; 4] = ["question", "diagnosis", "status", "code"];
/// The parts of an embedded lab that are buttons.
const BUTTONS: [&str; 4] = ["play", "step", "reset", "reseed"];

choices! {
    /// What a teacher can choose for an item.
    pub enum ItemFlag {
        /// The item is shown.
        Show "show",
        /// The item is shown, but the reader cannot change it.
        Lock "lock",
    }
}

/// A section of the studio, whose items stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The charts of the lab.
    Charts,
    /// The controls of one group of knobs.
    Controls(Group),
    /// The parts that are only read.
    Texts,
    /// The parts that are pressed.
    Buttons,
}

impl Section {
    /// All sections, in the order in which the studio shows them.
    pub const ALL: [Self; 8] = [
        Self::Charts,
        Self::Controls(Group::Start),
        Self::Controls(Group::Matrices),
        Self::Controls(Group::Network),
        Self::Controls(Group::Optimizer),
        Self::Controls(Group::Run),
        Self::Texts,
        Self::Buttons,
    ];

    /// Returns the name of the section in test hooks; controls have that of their group.
    pub fn id(self) -> &'static str {
        match self {
            Self::Charts => "charts",
            Self::Controls(group) => group.id(),
            Self::Texts => "texts",
            Self::Buttons => "buttons",
        }
    }

    /// Returns what can be chosen for the items of the section: only what can be used can be locked.
    pub fn flags(self) -> &'static [ItemFlag] {
        match self {
            Self::Charts | Self::Texts => &[ItemFlag::Show],
            Self::Controls(_) | Self::Buttons => ItemFlag::ALL,
        }
    }
}

/// A control, chart or part of the lab that a teacher can show or hide.
#[derive(Clone, Copy, PartialEq)]
pub enum Item {
    /// The control of a knob.
    Knob(&'static Knob),
    /// A chart of the page.
    Chart(Chart),
    /// A text or a button, which is one of [`super::view::PARTS`].
    Part(&'static str),
}

impl Item {
    /// Returns everything that an embedded lab with this network can show, in the page's order.
    pub fn all(spec: &Spec) -> Vec<Self> {
        let knobs = KNOBS.iter().filter(|knob| knob.applies(spec)).map(Self::Knob);
        let charts = Chart::ALL.iter().filter(|chart| has_chart(**chart, spec)).copied().map(Self::Chart);
        let parts = TEXTS.into_iter().chain(BUTTONS).filter(|part| spec.has_part(part)).map(Self::Part);
        knobs.chain(charts).chain(parts).collect()
    }

    /// Returns the name of the item in `show`, `hide` and `lock`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Knob(knob) => knob.id,
            Self::Chart(chart) => chart.id(),
            Self::Part(part) => part,
        }
    }

    /// Returns the section of the studio where the item stands.
    pub fn section(self) -> Section {
        match self {
            Self::Knob(knob) => Section::Controls(knob.group),
            Self::Chart(_) => Section::Charts,
            Self::Part(part) if TEXTS.contains(&part) => Section::Texts,
            Self::Part(_) => Section::Buttons,
        }
    }

    /// Returns whether the view shows the item, or whether it locks it.
    pub fn has(self, flag: ItemFlag, view: &View) -> bool {
        match (flag, self) {
            (ItemFlag::Show, Self::Knob(knob)) => view.shows_knob(knob),
            (ItemFlag::Show, Self::Chart(chart)) => view.shows_chart(chart),
            (ItemFlag::Show, Self::Part("code")) => view.offers_code(),
            (ItemFlag::Show, Self::Part(part)) => view.shows_part(part),
            (ItemFlag::Lock, Self::Knob(knob)) => view.locks_knob(knob),
            (ItemFlag::Lock, Self::Chart(_) | Self::Part(_)) => view.locks_part(self.id()),
        }
    }

    fn group(self) -> Option<Group> {
        match self {
            Self::Knob(knob) => Some(knob.group),
            Self::Chart(_) | Self::Part(_) => None,
        }
    }
}

/// Returns the view after some of the listed items were given a flag or lost it.
pub fn set_flag(view: &View, listed: &[Item], items: &[Item], flag: ItemFlag, on: bool) -> View {
    let having = |asked: ItemFlag| -> Vec<Item> {
        let has = |item: &Item| {
            if asked == flag && items.contains(item) { on } else { item.has(asked, view) }
        };
        listed.iter().copied().filter(has).collect()
    };
    choose(view, listed, &having(ItemFlag::Show), &having(ItemFlag::Lock))
}

/// Returns the view of an embedded lab that shows exactly the wanted ones of the listed items, and locks those of them
/// that are in `locked`. Items that are not listed, because they mean nothing for the present network, keep their
/// place.
pub fn choose(view: &View, listed: &[Item], wanted: &[Item], locked: &[Item]) -> View {
    let pick = |section: fn(Section) -> bool, on: bool| -> Vec<Item> {
        let right = |item: &Item| section(item.section()) && wanted.contains(item) == on;
        listed.iter().copied().filter(right).collect()
    };
    let knobs = |on| names(&pick(|section| matches!(section, Section::Controls(_)), on), listed);
    let charts = |on| pick(|section| section == Section::Charts, on);
    let parts = |on| pick(|section| matches!(section, Section::Texts | Section::Buttons), on);
    let (shown, kept) = (names(&charts(true), listed), unlisted(&view.show, listed));
    // What an embedded lab has only where it is named need not be hidden, and must be named.
    let bare = View { embed: true, show: Vec::new(), hide: Vec::new(), ..view.clone() };
    let by_itself = |items: Vec<Item>, is: bool| -> Vec<String> {
        let right: Vec<Item> = items.into_iter().filter(|item| item.has(ItemFlag::Show, &bare) == is).collect();
        names(&right, listed)
    };
    let gone = by_itself(charts(false), true);
    let away = [by_itself(parts(false), true), unlisted(&view.hide, listed)].concat();
    let kept = [by_itself(parts(true), false), kept].concat();
    // The last candidate shows what is wanted whenever it names anything, and the first one does if nothing is wanted.
    let candidates = [
        (Vec::new(), [knobs(false), gone.clone(), away.clone()].concat()),
        ([knobs(true), kept.clone()].concat(), [gone, away.clone()].concat()),
        ([knobs(true), shown, kept].concat(), away),
    ];
    let lock: Vec<Item> =
        listed.iter().copied().filter(|item| locked.contains(item) && wanted.contains(item)).collect();
    let lock = [names(&lock, listed), unlisted(&view.lock, listed)].concat();
    candidates
        .into_iter()
        .map(|(show, hide)| View { embed: true, show, hide, lock: lock.clone(), ..view.clone() })
        .filter(|view| listed.iter().all(|item| item.has(ItemFlag::Show, view) == wanted.contains(item)))
        .min_by_key(|view| [view.show.as_slice(), &view.hide].concat().join(",").len())
        .unwrap_or_else(|| view.clone())
}

/// Returns the names of items in the page's order. The name of a group replaces those of its members if all listed
/// members are among the items.
fn names(items: &[Item], listed: &[Item]) -> Vec<String> {
    let whole = |group: &Group| {
        let members = || listed.iter().filter(|item| item.group() == Some(*group));
        members().count() > 1 && members().all(|item| items.contains(item))
    };
    let name = |item: &Item| item.group().filter(whole).map_or(item.id(), Group::id).to_owned();
    let mut names: Vec<String> = items.iter().map(name).collect();
    names.dedup();
    names
}

/// Returns the names that stand for none of the listed items.
fn unlisted(names: &[String], listed: &[Item]) -> Vec<String> {
    let stands_for =
        |name: &str, item: &Item| item.id() == name || item.group().is_some_and(|group| group.id() == name);
    names.iter().filter(|name| !listed.iter().any(|item| stands_for(name, item))).cloned().collect()
}
