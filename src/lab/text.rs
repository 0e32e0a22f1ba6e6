//! Every string a person reads, by key and language.
//!
//! Two languages without plural rules in play need a table and a `{name}` place, not a framework;
//! the files are plain TOML that a translator can edit, and a test compares their keys. They are
//! files of the site: the page fetches those that are read, and tests give them themselves.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::diagnosis::Sentence;
use super::gap::Gap;
use super::knob::{KNOBS, Kind, Knob, MODEL};
use super::notice::Notice;
use super::spec::{Scheme, Spec};
use crate::science::choice::choices;

choices! {
    /// A language of the page.
    pub enum Lang {
        /// English.
        En "en",
        /// Tiếng Việt.
        Vi "vi",
    }
}

type Table = BTreeMap<String, String>;

static TABLES: [OnceLock<Table>; 2] = [const { OnceLock::new() }; 2];

impl Lang {
    /// Takes in the texts of this language, from its file in `static/lang`. Once is enough.
    pub fn learn(self, source: &str) {
        TABLES[self as usize].get_or_init(|| read(source));
    }

    /// Whether its texts have come.
    pub fn is_learned(self) -> bool {
        TABLES[self as usize].get().is_some()
    }

    /// The text of a key, or the key itself, so that a missing one is seen and found.
    pub fn text(self, key: &str) -> &str {
        let text = TABLES[self as usize].get().and_then(|table| table.get(key));
        text.map_or(key, String::as_str)
    }

    /// The text of a key with its `{name}` places filled.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.text(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// The same with values made for it.
    pub fn tell(self, key: &str, values: &[(&str, String)]) -> String {
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.fill(key, &values)
    }

    /// A knob's name. Those of single matrices, `init.q` and `std.q`, are put together.
    pub fn label(self, knob: &str) -> String {
        match knob.split_once('.') {
            Some((kind, role)) => {
                self.fill(&format!("knob-of.{kind}"), &[("matrix", self.text(&format!("role.{role}")))])
            }
            None => self.text(&format!("knob.{knob}")).to_owned(),
        }
    }

    /// What a knob does.
    pub fn hint(self, knob: &str) -> String {
        self.text(&format!("hint.{}", knob.split_once('.').map_or(knob, |(kind, _)| kind))).to_owned()
    }

    /// A choice's name.
    pub fn option(self, knob: &str, id: &str) -> String {
        let kind = match knob.split_once('.') {
            Some(_) if id == MODEL => "role",
            Some((kind, _)) => kind,
            None => knob,
        };
        self.text(&format!("option.{kind}.{id}")).to_owned()
    }

    /// What a network is, in a line: its kind, and where it differs from the plain one of that kind.
    pub fn differences(self, spec: &Spec) -> String {
        let plain =
            Spec { scheme: spec.scheme, std: spec.std, steps: spec.steps, ..Spec::mlp().with_model(spec.model) };
        let told = KNOBS.iter().filter(|knob| !matches!(knob.id, "model" | "device") && knob.differs(spec, &plain));
        let value = |knob: &Knob| match knob.kind {
            Kind::Choice(_) => self.option(knob.id, &knob.read(spec)),
            Kind::Switch => format!("{} {}", self.label(knob.id), if knob.read(spec) == "on" { "✓" } else { "✗" }),
            _ => format!("{} {}", self.label(knob.id), knob.read(spec)),
        };
        let kind = self.option("model", spec.model.id());
        std::iter::once(kind).chain(told.map(value)).collect::<Vec<_>>().join(", ")
    }

    /// A notice in this language.
    pub fn notice(self, notice: &Notice) -> String {
        // A knob is named as on the page; what is no knob, as in the link.
        let value = |name: &str, value: &str| match name {
            "knob" | "key" if Knob::find(value).is_some() => self.label(value),
            "scheme" | "used" if Scheme::from_id(value).is_some() => self.option("init", value),
            "problem" => self.text(&format!("formula-error.{value}")).to_owned(),
            _ => value.to_owned(),
        };
        let mut values: Vec<(&str, String)> = notice.values.iter().map(|(name, v)| (*name, value(name, v))).collect();
        // A reason is a sentence of its own, with the same values in it.
        if let Some(at) = values.iter().position(|(name, _)| *name == "reason") {
            values[at].1 = self.tell(&format!("idle.{}", values[at].1), &values);
        }
        self.tell(&format!("notice.{}", notice.key), &values)
    }

    /// A sentence of the diagnosis in this language, its layers and findings by name.
    pub fn sentence(self, sentence: &Sentence) -> String {
        let values: Vec<(&str, String)> = sentence
            .values
            .iter()
            .map(|(name, value)| match *name {
                "layer" | "from" | "last" => (*name, self.layer(value)),
                "each" => (*name, self.text(&format!("each.{value}")).to_owned()),
                "finding" => (*name, self.text(&format!("verdict.{value}")).to_owned()),
                _ => (*name, value.clone()),
            })
            .collect();
        self.tell(&format!("diagnosis.{}", sentence.key), &values)
    }

    /// Where a chart has no dots, and why.
    pub fn gap(self, gap: &Gap) -> String {
        let [first, last] = gap.ends.each_ref().map(|name| self.layer(name));
        let key = if gap.count == 1 { "gap.one" } else { "gap.some" };
        let text = self.tell(key, &[("count", gap.count.to_string()), ("first", first), ("last", last)]);
        let reason = gap.reason.as_ref().map(|reason| format!(" {}", self.sentence(reason)));
        text + &reason.unwrap_or_default()
    }

    /// What the button of a remedy says in this language: its parts, one after another.
    pub fn remedy(self, label: &[Sentence]) -> String {
        let parts: Vec<String> = label.iter().map(|part| self.part(part)).collect();
        self.fill("remedy.use", &[("parts", &parts.join(", "))])
    }

    /// A part of a remedy, or what it does.
    pub fn part(self, part: &Sentence) -> String {
        let value = |name: &str, value: &str| match name {
            "scheme" => self.option("init", value),
            "norm" => self.option("norm", value),
            _ => value.to_owned(),
        };
        let values: Vec<(&str, String)> = part.values.iter().map(|(name, v)| (*name, value(name, v))).collect();
        self.tell(&format!("remedy.{}", part.key), &values)
    }

    /// A layer's name for a person: `hidden.3` is "layer 3".
    pub fn layer(self, name: &str) -> String {
        let (kind, number) = name.split_once('.').unwrap_or((name, ""));
        self.fill(&format!("layer.{kind}"), &[("n", number)])
    }
}

/// Reads the part of TOML that texts are written in: comments, `[tables]` and one-line strings
/// without escapes.
/// Keys come out dotted, `table.key`.
///
/// The whole language takes 25 kB of the page's 250; a test holds every file to both readers.
pub fn read(source: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut table = String::new();
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            table = format!("{name}.");
        } else if let Some((key, value)) = line.split_once('=')
            && let Some(text) = value.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'))
        {
            texts.insert(format!("{table}{}", key.trim()), text.to_owned());
        }
    }
    texts
}
