//! The file of an experiment, as TOML. `docs/experiments.md` has it for those who write one.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::science::choice::choices;

/// Longer files than this are refused unread: the longest of ours has a thirtieth of it.
const LONGEST: usize = 64 * 1024;

/// An experiment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What all networks have in common, as a link of the lab.
    pub base: String,
    /// What they differ in: every combination is a network.
    #[serde(rename = "sweep")]
    pub sweeps: Vec<FileSweep>,
    /// What is drawn, in this order.
    #[serde(default, rename = "chart")]
    pub charts: Vec<FileChart>,
    /// What is worked out at the end.
    #[serde(default)]
    pub verdict: VerdictKind,
    /// Coarse first: every fourth value of each sweep, then every second, then all.
    #[serde(default)]
    pub refine: bool,
    /// Its name.
    pub title: Bilingual,
    /// What it asks, and what to look at.
    pub note: Bilingual,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Vietnamese; the English where it is left out.
    #[serde(default)]
    pub vi: String,
}

/// One thing that networks differ in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSweep {
    /// How charts call it.
    pub name: String,
    /// The key of a link that is set to each value; without it there are `settings`.
    pub knob: Option<String>,
    /// Chosen values.
    #[serde(default)]
    pub values: Vec<Value>,
    /// Or the first,
    pub from: Option<f64>,
    /// the last,
    pub to: Option<f64>,
    /// and how many,
    pub points: Option<usize>,
    /// evenly by their logarithms if `log`.
    #[serde(default)]
    pub scale: Scale,
    /// Or links with names of their own, for what changes several keys at once.
    #[serde(default)]
    pub settings: Vec<NamedLink>,
}

/// A value of a key.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number.
    Whole(i64),
    /// Any other.
    Number(f64),
    /// One of a choice.
    Name(String),
}

/// How values are spread, and how an axis shows them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Evenly.
    #[default]
    Linear,
    /// Evenly by their logarithms.
    Log,
}

/// A named difference of several keys.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedLink {
    /// What charts call it.
    pub name: String,
    /// The keys, as a link.
    pub link: String,
}

/// A chart; one picture for each combination of what it neither shows nor averages over.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileChart {
    /// Its kind.
    pub kind: ChartKind,
    /// The sweep along its axis; none for losses, which are drawn over steps.
    pub x: Option<String>,
    /// The sweep up a map.
    pub y: Option<String>,
    /// The sweep that has a curve for each value.
    pub by: Option<String>,
    /// The sweep that is averaged over: the seeds.
    pub over: Option<String>,
    /// What is drawn.
    #[serde(default)]
    pub measure: EndMeasure,
}

choices! {
    /// Kinds of charts.
    pub enum ChartKind {
        /// A measure over a sweep.
        Curves "curves",
        /// A measure over two sweeps, as coloured cells.
        Map "map",
        /// The training loss over steps, mean and 95 % band over `over`.
        Losses "losses",
        /// The differences of each pair of the two values of `by`, over `over`.
        Pairs "pairs",
        /// The time of a step over the number of networks that make it together. Belongs to the verdict
        /// of that name, and is drawn by itself.
        Cost "cost",
        /// Losses of watched networks over steps. This and what follows belongs to the verdict `watch`.
        Training "training",
        /// Size of the gradients by layer.
        Gradients "gradients",
        /// Standard deviation of Q, K or V over steps, by block.
        Spread "spread",
        /// Excess kurtosis of Q, K or V over steps, by block.
        Tails "tails",
        /// Density of one block's Q, K or V.
        Histogram "histogram",
        /// The first layer whose numbers leave a format, by format. Belongs to the verdict of that name.
        Overflow "overflow",
    }
}

choices! {
    /// What is known of a network at its end.
    #[derive(Default)]
    pub enum EndMeasure {
        /// Mean training loss of the last tenth of its steps, in nats.
        TrainLoss "train-loss",
        /// Loss over held-out data, in nats.
        #[default]
        HeldOutLoss "held-out-loss",
        /// Share of right predictions over training data.
        TrainAccuracy "train-accuracy",
        /// Share of right predictions over held-out data.
        HeldOutAccuracy "held-out-accuracy",
        /// Root mean square of the last hidden layer's output (GPT: of the stream) over held-out data.
        HiddenSize "hidden-size",
        /// The same of the logits.
        LogitSize "logit-size",
    }
}

impl EndMeasure {
    /// Whether it is how large numbers are, which has no scale of its own.
    pub fn is_size(self) -> bool {
        matches!(self, Self::HiddenSize | Self::LogitSize)
    }
}

/// What is worked out when all networks have made their steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictKind {
    /// Nothing.
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
    /// What happens in a few transformers, side by side, for as long as somebody looks; drawn by itself.
    Watch,
    /// In which layer the numbers of a perceptron leave f16, bf16 and f32: nothing is trained.
    Overflow,
    /// With which power of x the sizes grow that charts show.
    Slope,
}

/// Why a file is no experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// From 1; 0 where it is about the whole.
    pub line: usize,
    /// A key of the page's texts,
    pub key: Cow<'static, str>,
    /// and what it is about.
    pub detail: String,
}

impl Refusal {
    /// One about the whole file.
    pub fn whole(key: &'static str, detail: impl Into<String>) -> Self {
        Self { line: 0, key: key.into(), detail: detail.into() }
    }
}

impl File {
    /// Reads a file. Errors carry the line, and the parser's own words for what is no TOML.
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
