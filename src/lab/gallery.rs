//! The prepared labs and the schemes as cards to choose from, in groups, each with what theory expects of it as a small
//! picture.
//!
//! The pictures are computed when the gallery opens, by the theory that draws the charts, so that none can be out of date.

use super::catalog::{self, Experiment};
use super::knob::{Knob, KnobSetting};
use super::lang::Lang;
use super::link::Lab;
use super::prediction::{Prediction, predict};
use super::spec::{Scheme, Spec, Toy};
use super::toy::OneWeightCurve;
use super::zones::SignalZone;
use crate::science::layer::LayerId;
use crate::science::toy::chain::expected_sizes;

/// What a gallery shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GalleryKind {
    /// The prepared labs.
    Labs,
    /// The schemes that the present network can have.
    Schemes,
}

/// The groups of prepared labs, in their order; their names are texts, `gallery.<group>`.
pub const LAB_GROUPS: [&str; 9] =
    ["signal", "toys", "gradient", "transformer", "optimizers", "fine-tuning", "challenges", "courses", "experiments"];

/// The groups of schemes, in the order of the pages of schemes.
const SCHEME_GROUPS: [&str; 6] = ["one", "fans", "structure", "transformers", "branches", "measured"];

/// A card of a gallery.
#[derive(Clone, Debug, PartialEq)]
pub struct GalleryCard {
    /// The id of the prepared lab or the scheme.
    pub id: &'static str,
    /// The key of the group's name.
    pub group: &'static str,
    /// The course or book that it stands for.
    pub course: Option<&'static str>,
    /// The name.
    pub title: String,
    /// What there is to see, in a sentence, or the scheme's formula.
    pub words: String,
}

impl GalleryKind {
    /// Returns the name of the gallery for styles, test hooks and texts.
    pub fn id(self) -> &'static str {
        match self {
            Self::Labs => "labs",
            Self::Schemes => "schemes",
        }
    }

    /// Returns the groups, in their order.
    pub fn groups(self) -> &'static [&'static str] {
        match self {
            Self::Labs => &LAB_GROUPS,
            Self::Schemes => &SCHEME_GROUPS,
        }
    }

    /// Returns the cards in a language, for the present network.
    pub fn cards(self, spec: &Spec, lang: Lang) -> Vec<GalleryCard> {
        let text = |key: String| lang.text(&key).to_owned();
        match self {
            Self::Labs => {
                let card = |lab: &Experiment| GalleryCard {
                    id: lab.id,
                    group: lab.group,
                    course: lab.course,
                    title: text(format!("lab.{}.title", lab.id)),
                    words: first_sentence(&text(format!("lab.{}.note", lab.id))).to_owned(),
                };
                catalog::all().iter().map(card).collect()
            }
            Self::Schemes => {
                let card = |scheme: Scheme| GalleryCard {
                    id: scheme.id(),
                    group: scheme_group(scheme),
                    course: None,
                    title: text(format!("option.init.{}", scheme.id())),
                    words: text(format!("formula.{}", scheme.id())),
                };
                spec.schemes().map(card).collect()
            }
        }
    }

    /// Returns the networks that a card leads to: that of the lab and those it is compared with, or the present network
    /// with the scheme.
    pub fn specs(self, id: &str, spec: &Spec) -> Vec<Spec> {
        match self {
            Self::Labs => {
                let lab = catalog::find(id).map(|lab| Lab::from_link(lab.link).0).unwrap_or_default();
                std::iter::once(lab.spec).chain(lab.pins.into_iter().map(|pin| pin.spec)).collect()
            }
            Self::Schemes => {
                let mut spec = spec.clone();
                let scheme = Scheme::from_id(id).map(|scheme| KnobSetting::Choice(scheme.id()));
                if let Some((knob, scheme)) = Knob::find("init").zip(scheme) {
                    // The list has only schemes that this network can have.
                    knob.turn(&mut spec, scheme).ok();
                    spec.settle();
                }
                vec![spec]
            }
        }
    }
}

/// The first sentence of a text: up to the first full stop, question or exclamation mark that a space follows.
fn first_sentence(text: &str) -> &str {
    let ends = text.match_indices(['.', '?', '!']).map(|(at, sign)| at + sign.len());
    ends.into_iter().find(|end| text[*end..].starts_with(' ')).map_or(text, |end| &text[..end])
}

fn scheme_group(scheme: Scheme) -> &'static str {
    use Scheme as S;
    match scheme {
        S::Zeros | S::Constant | S::Normal | S::Uniform | S::TruncatedNormal => "one",
        S::XavierNormal | S::XavierUniform | S::KaimingNormal | S::KaimingUniform => "fans",
        S::Pytorch | S::LecunNormal | S::LecunUniform => "fans",
        S::Orthogonal | S::Identity | S::Sparse => "structure",
        S::Gpt2 | S::DepthScaled | S::Small | S::Wang | S::Llama | S::Mup => "transformers",
        S::Fixup | S::TFixup | S::ReZero | S::LayerScale | S::DeepNorm => "branches",
        S::Lsuv | S::Formula => "measured",
    }
}

/// What theory expects of a network, as curves in a small picture.
#[derive(Clone, Debug, PartialEq)]
pub struct DepthSketch {
    /// What becomes of the signal, if theory says so.
    pub zone: Option<SignalZone>,
    /// The variance of each hidden layer's output, as a path of SVG; there is none where theory says nothing.
    pub variance: String,
    /// The gradient of each hidden layer's weights as a share of the last one's, likewise.
    pub gradient: String,
    /// Whether every variance is 0, which no logarithmic axis has.
    pub dead: bool,
}

/// The size of a sketch, in units of its own.
pub const SKETCH: [f64; 2] = [160.0, 64.0];

/// How many powers of ten there are above 1 in a sketch, and below it. All sketches have the same axis, so that they can
/// be compared; a curve that leaves it is cut off.
pub const DECADES: f64 = 4.0;

impl DepthSketch {
    /// Returns the sketch of a network.
    pub fn new(spec: &Spec) -> Self {
        if let Some(toy) = spec.toy.kind {
            let (variance, gradient) = (path(expected_squares(toy, spec)), String::new());
            return Self { zone: None, variance, gradient, dead: false };
        }
        let prediction = predict(spec);
        let zone = SignalZone::expected(spec, &prediction);
        let last = hidden(&prediction).filter_map(|at| prediction.layers[at].gradient).last();
        let curve = |read: &dyn Fn(usize) -> Option<f64>| path(hidden(&prediction).map(read).collect());
        Self {
            zone,
            variance: curve(&|at| prediction.layers[at].activation_var),
            gradient: curve(&|at| Some(prediction.layers[at].gradient? / last?)),
            dead: hidden(&prediction).all(|at| prediction.layers[at].activation_var == Some(0.0)),
        }
    }
}

/// What a small lab expects its numbers to be, squared, as theory expects variances of a network: entries of a product,
/// scores, or how far SGD leaves the weight from its target.
fn expected_squares(toy: Toy, spec: &Spec) -> Vec<Option<f64>> {
    let (width, sigma) = (spec.network.width, spec.start.std);
    let square = |log: f64| Some(libm::exp(2.0 * log));
    match toy {
        Toy::Chain => {
            expected_sizes(width, sigma, spec.network.depth).iter().map(|size| square(size.typical)).collect()
        }
        Toy::Scores => (1..=width).map(|d| Some(d as f64 * libm::pow(sigma, 4.0))).collect(),
        Toy::Weight => {
            let curve = OneWeightCurve::new(spec, spec.training.steps);
            let distance = |weight: &f64| (weight - curve.course.target) * (weight - curve.course.target);
            curve.weights[0].iter().map(|weight| Some(distance(weight))).collect()
        }
    }
}

/// The places of the hidden layers, or the blocks.
fn hidden(prediction: &Prediction) -> impl Iterator<Item = usize> {
    let is_hidden = |id: &LayerId| matches!(id, LayerId::Hidden(_) | LayerId::Block(_));
    prediction.ids.iter().enumerate().filter(move |(_, id)| is_hidden(id)).map(|(at, _)| at)
}

/// The curve of positive numbers on a logarithmic axis. Where there is none, or 0, it has a gap.
fn path(values: Vec<Option<f64>>) -> String {
    let [width, height] = SKETCH;
    let step = width / (values.len().max(2) - 1) as f64;
    let mut path = String::new();
    let mut drawn = false;
    for (at, value) in values.into_iter().enumerate() {
        let Some(decades) = value.filter(|value| *value > 0.0 && value.is_finite()).map(libm::log10) else {
            drawn = false;
            continue;
        };
        // Far outside the picture it does not matter how far.
        let y = height / 2.0 * (1.0 - (decades / DECADES).clamp(-20.0, 20.0));
        path += &format!("{}{:.1} {y:.1}", if drawn { 'L' } else { 'M' }, at as f64 * step);
        drawn = true;
    }
    path
}
