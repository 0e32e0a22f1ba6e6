//! Settings that are compared with the present ones: each pin has a letter, and travels in links.

use super::effect::Effect;
use super::spec::{DeviceChoice, Spec};
use crate::science::choice::choices;

choices! {
    /// The letter of a run that is compared. It is the key in links too, and decides the run's colour and line.
    pub enum Letter {
        /// The first run, as a rule.
        A "a",
        /// The second run.
        B "b",
        /// The third run.
        C "c",
        /// The fourth run.
        D "d",
        /// The fifth run.
        E "e",
        /// The sixth run.
        F "f",
        /// The last letter, for the present run beside six others.
        G "g",
    }
}

impl Letter {
    /// The letter as a person reads it.
    pub fn capital(self) -> String {
        self.id().to_ascii_uppercase()
    }
}

/// The largest number of pinned runs. More curves than seven cannot be told apart.
pub const MOST_PINS: usize = 6;
/// The largest number of characters in a name.
const LONGEST_NAME: usize = 40;

/// Settings that were pinned, to compare runs with.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// Its letter.
    pub letter: Letter,
    /// The name that somebody gave it, or nothing: then it is called by its first weights.
    pub name: String,
    /// The network and its training.
    pub spec: Spec,
    /// Whether it is left out of the charts.
    pub hidden: bool,
    /// What decides its numbers, made once: charts ask for it at every frame.
    settings: Settings,
}

impl Pin {
    /// A pin of a spec, which is shown.
    pub fn new(letter: Letter, name: String, spec: Spec) -> Self {
        Self { letter, name, settings: Settings::of(&spec), spec, hidden: false }
    }

    /// The same pin with another spec.
    pub(super) fn with_spec(&self, spec: Spec) -> Self {
        Self { hidden: self.hidden, ..Self::new(self.letter, self.name.clone(), spec) }
    }

    /// Takes its place among others, which stand in the order of their letters.
    pub fn join(self, pins: &mut Vec<Self>) {
        let at = pins.partition_point(|pin| pin.letter <= self.letter);
        pins.insert(at, self);
    }

    /// What decides its run's numbers.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// What decides a run's numbers, but for its length and the device, which change none of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings(Effect);

impl Settings {
    /// The settings of a spec.
    pub fn of(spec: &Spec) -> Self {
        let mut spec = spec.clone();
        (spec.training.steps, spec.run.device) = (u64::MAX, DeviceChoice::Auto);
        Self(Effect::of(&spec))
    }
}

/// Whether two specs give the same run, as far as both go.
pub fn is_same_run(spec: &Spec, other: &Spec) -> bool {
    spec == other || Settings::of(spec) == Settings::of(other)
}

/// The first letter that no pin has, which is that of the present run.
pub fn free_letter(pins: &[Pin]) -> Letter {
    let is_free = |letter: &&Letter| pins.iter().all(|pin| pin.letter != **letter);
    Letter::ALL.iter().find(is_free).copied().unwrap_or(Letter::G)
}

/// A name without signs that a link uses, and not too long to stand on a chip.
pub(crate) fn tidy(name: &str) -> String {
    let plain = name.chars().map(|sign| if sign.is_control() || sign == ';' { ' ' } else { sign });
    plain.take(LONGEST_NAME).collect::<String>().trim().to_owned()
}
