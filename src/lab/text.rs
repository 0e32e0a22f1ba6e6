//! Writes what a person reads in a language: notices, sentences, and the names of knobs and layers.

use super::comparison::{ComparedNumbers, RunComparison};
use super::curve::RowLabel;
use super::diagnosis::{Sentence, SentenceValue};
use super::gap::Gap;
use super::knob::{KNOBS, Knob, KnobSetting, MODEL};
use super::lang::Lang;
use super::notice::Notice;
use super::number::show;
use super::pin::Letter;
use super::prediction::sigma;
use super::protocol::Failure;
use super::runs::RunMark;
use super::selection::{Item, Section};
use super::spec::{Scheme, Spec, Toy};
use crate::science::layer::{LayerId, MatrixId};

impl Lang {
    /// Returns the name of a knob. The names of single matrices' knobs, such as `init.q`, are composed of two texts.
    pub fn label(self, knob: &str) -> String {
        match knob.split_once('.') {
            Some((kind, role)) => {
                self.fill(&format!("knob-of.{kind}"), &[("matrix", self.text(&format!("role.{role}")))])
            }
            None => self.text(&format!("knob.{knob}")).to_owned(),
        }
    }

    /// Returns the name of a knob in a kind of lab: in small labs some knobs mean something else.
    pub fn label_in(self, kind: &str, knob: &str) -> String {
        self.in_toy("knob", kind, knob).unwrap_or_else(|| self.label(knob))
    }

    /// Returns the text that explains what a knob does in a kind of lab.
    pub fn hint_in(self, kind: &str, knob: &str) -> String {
        self.in_toy("hint", kind, knob).unwrap_or_else(|| self.hint(knob))
    }

    fn in_toy(self, table: &str, kind: &str, knob: &str) -> Option<String> {
        Toy::from_id(kind)?;
        let key = format!("toy-{table}.{kind}-{knob}");
        // A text that is missing is its key, and means that the knob is called what it is called everywhere.
        Some(self.text(&key)).filter(|text| *text != key).map(str::to_owned)
    }

    /// Returns the name of an item that an embedded lab can show.
    pub fn item(self, item: Item) -> String {
        match item {
            Item::Knob(knob) => self.label(knob.id),
            Item::Chart(chart) => self.text(&format!("chart.{}-title", chart.id())).to_owned(),
            Item::Part(part) if item.section() == Section::Buttons => {
                self.text(&format!("transport.{part}")).to_owned()
            }
            Item::Part(part) => self.text(&format!("studio.{part}")).to_owned(),
        }
    }

    /// Returns the name of an item in a kind of lab.
    pub fn item_in(self, kind: &str, item: Item) -> String {
        if let Item::Knob(knob) = item { self.label_in(kind, knob.id) } else { self.item(item) }
    }

    /// Returns the name of a section of the studio.
    pub fn section(self, section: Section) -> String {
        let table = if matches!(section, Section::Controls(_)) { "group" } else { "studio" };
        self.text(&format!("{table}.{}", section.id())).to_owned()
    }

    /// Returns the text that explains what a knob does.
    pub fn hint(self, knob: &str) -> String {
        self.text(&format!("hint.{}", knob.split_once('.').map_or(knob, |(kind, _)| kind))).to_owned()
    }

    /// Returns the name of a choice of a knob.
    pub fn option(self, knob: &str, id: &str) -> String {
        let kind = match knob.split_once('.') {
            Some(_) if id == MODEL => "role",
            Some((kind, _)) => kind,
            None => knob,
        };
        self.text(&format!("option.{kind}.{id}")).to_owned()
    }

    /// Describes a network in a line: its kind, and where it differs from the defaults of that kind.
    pub fn differences(self, spec: &Spec) -> String {
        let mut plain = spec.plain();
        (plain.start.scheme, plain.start.std, plain.training.steps, plain.run.device) =
            (spec.start.scheme, spec.start.std, spec.training.steps, spec.run.device);
        let told = KNOBS.iter().filter(|knob| knob.differs(spec, &plain));
        let value = |knob: &Knob| match knob.get(spec) {
            KnobSetting::Choice(_) => self.setting(knob, spec),
            _ => format!("{} {}", self.label(knob.id), self.setting(knob, spec)),
        };
        let kind = self.option("model", spec.kind());
        std::iter::once(kind).chain(told.map(value)).collect::<Vec<_>>().join(", ")
    }

    /// Returns what a knob is set to, for a person.
    fn setting(self, knob: &Knob, spec: &Spec) -> String {
        match knob.get(spec) {
            KnobSetting::Choice(id) => self.option(knob.id, id),
            KnobSetting::Switch(on) => if on { "✓" } else { "✗" }.to_owned(),
            setting => setting.text(),
        }
    }

    /// Returns the name of a run: that of its pin, or what its first weights are called and how large they are.
    pub fn run(self, name: &str, spec: &Spec) -> String {
        if !name.is_empty() {
            return name.to_owned();
        }
        format!("{} {}", self.option("init", spec.start.scheme.id()), show(sigma(spec).hidden))
    }

    /// Returns sentences on how the present run differs from another one.
    pub fn comparison(self, comparison: &RunComparison, letter: Letter, now: &Spec, then: &Spec) -> String {
        let change = |knob: &&Knob| {
            let values =
                [("knob", self.label(knob.id)), ("now", self.setting(knob, now)), ("then", self.setting(knob, then))];
            self.tell("runs.change", &values)
        };
        let changes = comparison.knobs.iter().map(change).collect::<Vec<_>>().join("; ");
        let differs = self.tell("runs.differs", &[("run", letter.capital()), ("changes", changes)]);
        let losses = comparison.losses.map(|ComparedNumbers { now, then }| {
            let key = if now.0 == then.0 { "runs.losses" } else { "runs.losses-apart" };
            let [at, past] = [now.0, then.0].map(|step| step.to_string());
            self.tell(key, &[("step", at), ("now", show(now.1)), ("past", past), ("then", show(then.1))])
        });
        let ratio = comparison.ratio.map(|(layer, ratio)| {
            let (key, ratio) = if ratio < 1.0 { ("runs.smaller", 1.0 / ratio) } else { ("runs.larger", ratio) };
            let ratio = show(ratio);
            // Nothing is “1 times smaller”.
            let key = if ratio == "1" { "runs.alike" } else { key };
            self.tell(key, &[("layer", self.layer(layer)), ("ratio", ratio)])
        });
        [Some(differs), losses, ratio].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Returns the name of a prepared lab in the menu.
    pub fn experiment(self, id: &str) -> String {
        self.text(&format!("lab.{id}.title")).to_owned()
    }

    /// Returns the sentence or two that say what to look at in a prepared lab.
    pub fn advice(self, id: &str) -> String {
        self.text(&format!("lab.{id}.note")).to_owned()
    }

    /// What happened to the engine.
    pub fn failure(self, failure: &Failure) -> String {
        let file = if let Failure::Missing(file) = failure { file } else { "" };
        self.fill(&format!("failure.{}", failure.id()), &[("file", file)])
    }

    /// Returns the text of a notice.
    pub fn notice(self, notice: &Notice) -> String {
        // Knobs have the names that they have on the page; other keys are named as in the link.
        let value = |name: &str, value: &str| match name {
            "knob" | "key" if Knob::find(value).is_some() => self.label(value),
            "scheme" | "used" if Scheme::from_id(value).is_some() => self.option("init", value),
            "problem" => self.text(&format!("formula-error.{value}")).to_owned(),
            "fault" => self.text(&format!("goal-error.{value}")).to_owned(),
            _ => value.to_owned(),
        };
        let mut values: Vec<(&str, String)> = notice.values.iter().map(|(name, v)| (*name, value(name, v))).collect();
        // A reason is a sentence of its own that contains the same values.
        for (place, table) in [("reason", "idle"), ("own", "own-fault")] {
            if let Some(at) = values.iter().position(|(name, _)| *name == place) {
                values[at].1 = self.tell(&format!("{table}.{}", values[at].1), &values);
            }
        }
        self.tell(&format!("notice.{}", notice.key), &values)
    }

    /// Returns a sentence of the diagnosis, with layers and findings by name.
    pub fn sentence(self, sentence: &Sentence) -> String {
        self.told("diagnosis", sentence, |name, value| match name {
            "each" => self.text(&format!("each.{value}")).to_owned(),
            "finding" => self.text(&format!("verdict.{value}")).to_owned(),
            _ => value.to_owned(),
        })
    }

    /// Returns the sentence that says where a chart has no dots, and why.
    pub fn gap(self, gap: &Gap) -> String {
        let [first, last] = gap.ends.map(|layer| self.layer(layer));
        let key = if gap.count == 1 { "gap.one" } else { "gap.some" };
        let text = self.tell(key, &[("count", gap.count.to_string()), ("first", first), ("last", last)]);
        let reason = gap.reason.as_ref().map(|reason| format!(" {}", self.sentence(reason)));
        text + &reason.unwrap_or_default()
    }

    /// Returns the text of a remedy's button: its parts, one after another.
    pub fn remedy(self, label: &[Sentence]) -> String {
        let parts: Vec<String> = label.iter().map(|part| self.part(part)).collect();
        self.fill("remedy.use", &[("parts", &parts.join(", "))])
    }

    /// Returns a part of a remedy's text, or the sentence about its effect.
    pub fn part(self, part: &Sentence) -> String {
        self.told("remedy", part, |name, value| match name {
            "scheme" => self.option("init", value),
            "norm" => self.option("norm", value),
            "activation" => self.option("act", value),
            _ => value.to_owned(),
        })
    }

    /// Returns a sentence of a table of texts. Layers are named, and `spell` writes other values from their name and
    /// value.
    fn told(self, table: &str, sentence: &Sentence, spell: impl Fn(&str, &str) -> String) -> String {
        let value = |(name, value): &(&'static str, SentenceValue)| match value {
            SentenceValue::Layer(layer) => (*name, self.layer(*layer)),
            SentenceValue::Text(text) => (*name, spell(name, text)),
        };
        let values: Vec<(&str, String)> = sentence.values.iter().map(value).collect();
        self.tell(&format!("{table}.{}", sentence.key), &values)
    }

    /// Returns the name of a layer for a person, such as "layer 3" for `hidden.3`.
    pub fn layer(self, layer: LayerId) -> String {
        let number = layer.number().map(|number| number.to_string()).unwrap_or_default();
        self.fill(&format!("layer.{}", layer.kind()), &[("n", &number)])
    }

    /// Returns the name of a matrix for a person: that of its layer, and in a block that of its role too.
    pub fn matrix(self, matrix: MatrixId) -> String {
        let layer = self.layer(matrix.layer);
        let has_more = matches!(matrix.layer, LayerId::Block(_) | LayerId::Embedding);
        if has_more { format!("{layer}, {}", self.text(&format!("role.{}", matrix.role.id()))) } else { layer }
    }

    /// Returns a sentence about histograms.
    pub fn remark(self, sentence: &Sentence) -> String {
        self.told("histogram", sentence, |_, value| value.to_owned())
    }

    /// Returns what a run is called in charts and tables.
    pub fn mark(self, mark: RunMark) -> String {
        match mark {
            RunMark::Ghost => self.text("runs.ghost").to_owned(),
            RunMark::Pin(letter) => letter.capital(),
        }
    }

    /// Returns what a row of a table is about, for a person.
    pub fn row(self, label: &RowLabel) -> String {
        match label {
            RowLabel::Layer(layer) => self.layer(*layer),
            RowLabel::Matrix(matrix) => self.matrix(*matrix),
            RowLabel::Head(block, head) => {
                self.fill("layer.head-of", &[("n", &head.to_string()), ("block", &self.layer(*block))])
            }
            RowLabel::Here => self.text("layer.here").to_owned(),
            RowLabel::Number(number) => number.clone(),
        }
    }
}
