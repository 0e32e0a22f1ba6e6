//! The file of an experiment, as TOML. `docs/experiments.md` has it for those who write one.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::science::choice::choices;

/// The bytes of the longest file that is read; longer ones are refused. The longest of ours has a thirtieth of it.
const LONGEST: usize = 64 * 1024;

/// An experiment, as its file has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What all networks have in common, as a link of the lab.
    pub base: String,
    /// What they differ in. Every combination of values is a network.
    #[serde(rename = "sweep")]
    pub sweeps: Vec<FileSweep>,
    /// The charts, in the order in which they are drawn.
    #[serde(default, rename = "chart")]
    pub charts: Vec<FileChart>,
    /// What is found out at the end.
    #[serde(default)]
    pub verdict: VerdictKind,
    /// Whether coarse networks come first: every fourth value of each sweep, then every second, then all.
    #[serde(default)]
    pub refine: bool,
    /// The name of the experiment.
    pub title: Bilingual,
    /// What the experiment asks, and what to look at.
    pub note: Bilingual,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// The English text.
    pub en: String,
    /// The Vietnamese text; where it is left out, the English one stands for it.
    #[serde(default)]
    pub vi: String,
}

/// One thing that networks differ in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSweep {
    /// What charts call the sweep.
    pub name: String,
    /// The key of a link that is set to each value. Where it is left out there are `settings`.
    pub knob: Option<String>,
    /// The values, chosen one by one. Where they are left out there are `from`, `to` and `points`.
    #[serde(default)]
    pub values: Vec<Value>,
    /// The first value of a range.
    pub from: Option<f64>,
    /// The last value of a range.
    pub to: Option<f64>,
    /// How many values a range has.
    pub points: Option<usize>,
    /// How the values of a range are spread.
    #[serde(default)]
    pub scale: Scale,
    /// Named links, for a sweep that changes several keys at once.
    #[serde(default)]
    pub settings: Vec<NamedLink>,
}

/// A value that a key is set to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Number(f64),
    /// The id of a choice.
    Name(String),
}

/// How values are spread, and how an axis shows them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// The values have equal distances.
    #[default]
    Linear,
    /// The logarithms of the values have equal distances.
    Log,
}

/// A named difference of several keys.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedLink {
    /// What charts call it.
    pub name: String,
    /// The keys and their values, as a link.
    pub link: String,
}

/// A chart. It has a picture for each combination of the sweeps that it neither shows nor averages over.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileChart {
    /// What kind of chart it is.
    pub kind: ChartKind,
    /// The sweep along its horizontal axis. Losses have none, because they are drawn over steps.
    pub x: Option<String>,
    /// The sweep along the vertical axis of a map.
    pub y: Option<String>,
    /// The sweep of which each value has a curve of its own.
    pub by: Option<String>,
    /// The sweep that is averaged over, usually the seeds.
    pub over: Option<String>,
    /// The measure that is drawn.
    #[serde(default)]
    pub measure: EndMeasure,
}

choices! {
    /// What kind of chart a chart is.
    pub enum ChartKind {
        /// A measure over a sweep.
        Curves "curves",
        /// A measure over two sweeps, as coloured cells.
        Map "map",
        /// The training loss over steps, mean and 95 % band over `over`.
        Losses "losses",
        /// The differences of each pair of the two values of `by`, over `over`.
        Pairs "pairs",
        /// The time of a step over the number of networks that make it together. It belongs to the verdict of that
        /// name, which draws it without being asked.
        Cost "cost",
        /// The losses of watched networks over steps. This and the next four belong to the verdict `watch`.
        Training "training",
        /// The size of the gradients by layer.
        Gradients "gradients",
        /// The standard deviation of Q, K or V over steps, by block.
        Spread "spread",
        /// The excess kurtosis of Q, K or V over steps, by block.
        Tails "tails",
        /// The density of one block's Q, K or V.
        Histogram "histogram",
        /// The first layer whose numbers leave a format, by format. It belongs to the verdict of that name.
        Overflow "overflow",
    }
}

choices! {
    /// What is known of a network at its end.
    #[derive(Default)]
    pub enum EndMeasure {
        /// The mean training loss of the last tenth of its steps, in nats.
        TrainLoss "train-loss",
        /// The loss over held-out data, in nats.
        #[default]
        HeldOutLoss "held-out-loss",
        /// The share of right predictions over training data.
        TrainAccuracy "train-accuracy",
        /// The share of right predictions over held-out data.
        HeldOutAccuracy "held-out-accuracy",
        /// The root mean square of the last hidden layer's output (GPT: of the stream) over held-out data.
        HiddenSize "hidden-size",
        /// The root mean square of the logits over held-out data.
        LogitSize "logit-size",
    }
}

impl EndMeasure {
    /// Whether it is the size of some numbers, which is not in nats and no share.
    pub fn is_size(self) -> bool {
        matches!(self, Self::HiddenSize | Self::LogitSize)
    }
}

/// What is found out when all networks have made their steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictKind {
    /// There is no verdict.
    #[default]
    None,
    /// For which values of the first sweep networks learn, beside the claimed [0.01, 0.1].
    Band,
    /// For which value of the first sweep held-out loss is lowest, and for which highest.
    Best,
    /// Whether the two values of the first sweep differ, over pairs of the second.
    Paired,
    /// Which cells learn, and what theory said of them; the second sweep is the depth.
    Map,
    /// What a step costs the first network, the first two, four, eight and so on, trained together:
    /// nothing is trained to its end.
    Cost,
    /// What happens in a few transformers, side by side, for as long as somebody looks. It draws charts of its own.
    Watch,
    /// In which layer the numbers of a perceptron leave f16, bf16 and f32: nothing is trained.
    Overflow,
    /// With which power of x the sizes grow that the charts show.
    Slope,
}

/// The reason why a file is no experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The line that it is about, from 1; it is 0 where it is about the whole file.
    pub line: usize,
    /// The key of the sentence among the page's texts.
    pub key: Cow<'static, str>,
    /// What the sentence is about, for its place `{detail}`.
    pub detail: String,
}

impl Refusal {
    /// A refusal that is about the whole file.
    pub fn whole(key: &'static str, detail: impl Into<String>) -> Self {
        Self { line: 0, key: key.into(), detail: detail.into() }
    }
}

impl File {
    /// Reads a file. Errors say the line; for what is no TOML they have the parser's own words.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        if text.len() > LONGEST {
            return Err(Refusal::whole("too-long", text.len().to_string()));
        }
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            Refusal { line, key: "no-file".into(), detail: error.message().to_owned() }
        })
    }
}
