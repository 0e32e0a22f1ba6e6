//! How the lab is shown: its language, its theme, and what a teacher chose to show, hide or lock.

use super::knob::{Group, Knob};
use super::lang::Lang;
use super::notice::Notice;
use super::spec::Model;
use crate::science::choice::choices;

choices! {
    /// A chart of the page.
    pub enum Chart {
        /// The variance of the activations by depth.
        Variance "variance",
        /// The size of the gradients by depth.
        Gradient "gradient",
        /// What still tells inputs apart, by depth.
        Share "signal-share",
        /// The losses over steps.
        Loss "loss",
        /// The spread of the Q, K and V weights by block (GPT).
        Weights "weights",
        /// How far the last update moved each matrix, in units of the matrix.
        Updates "updates",
        /// How the numbers of a layer are spread: weights, pre-activations, activations, gradients.
        Histograms "histograms",
        /// The shares of dead units and of saturated activations, by depth.
        Dead "dead",
        /// The singular values of a matrix or of the Jacobian, measured on demand.
        Spectrum "spectrum",
        /// The largest eigenvalue of the loss's Hessian over steps, measured on demand.
        Sharpness "sharpness",
        /// How sharply each head of attention looks, by block (GPT).
        Heads "attention-heads",
        /// The loss over σ, of networks that are trained as one.
        Sweep "sweep",
        /// The plane of σ_w and σ_b, between order and chaos (MLP).
        Phase "phase",
        /// The map of the correlation of two inputs (MLP).
        Correlation "correlation",
        /// The spread of attention's logits and its entropy by block (GPT).
        Attention "entropy",
    }
}

impl Chart {
    /// The charts of what is measured, in the order in which they stand at first. A reader may choose and order them.
    pub const MEASURED: [Self; 11] = [
        Self::Variance,
        Self::Gradient,
        Self::Share,
        Self::Loss,
        Self::Weights,
        Self::Updates,
        Self::Histograms,
        Self::Dead,
        Self::Heads,
        Self::Spectrum,
        Self::Sharpness,
    ];

    /// Those of them that stand there only if a reader or a link chose them, because they are for a closer look.
    pub const OPTIONAL: [Self; 6] =
        [Self::Updates, Self::Histograms, Self::Dead, Self::Heads, Self::Spectrum, Self::Sharpness];

    /// The charts of theory alone, which are one click away unless a link asks for them.
    pub const THEORY: [Self; 3] = [Self::Phase, Self::Correlation, Self::Attention];

    /// The charts that an embedded lab has only where `show` names them: those of theory, because a lesson is rarely
    /// about theory alone, and the share of the signal, because pages that embed a lab were laid out without it.
    pub const ON_REQUEST: [Self; 4] = [Self::Share, Self::Phase, Self::Correlation, Self::Attention];

    /// Its name in test hooks. Those of two charts are not their ids, because in a link `share` is a button and
    /// `attention` a knob.
    pub fn hook(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Heads => "attention",
            _ => self.id(),
        }
    }

    /// Whether the chart means anything for this model.
    pub fn applies(self, model: Model) -> bool {
        match self {
            Self::Variance | Self::Gradient | Self::Share | Self::Loss | Self::Sweep => true,
            Self::Updates | Self::Histograms | Self::Dead | Self::Spectrum | Self::Sharpness => true,
            Self::Phase | Self::Correlation => model == Model::Mlp,
            Self::Weights | Self::Heads | Self::Attention => model == Model::Gpt,
        }
    }
}

choices! {
    /// The colours of the page.
    pub enum Theme {
        /// Light or dark, as the reader's system has it.
        Auto "auto",
        /// Dark letters on a light page.
        Light "light",
        /// Light letters on a dark page.
        Dark "dark",
    }
}

choices! {
    /// How a student is asked for the variance by depth before it is shown.
    pub enum PredictFirst {
        /// The student draws the curve.
        Draw "1",
        /// The student chooses one of four curves.
        Choose "choice",
    }
}

/// The ids of the parts of the page that are neither a knob, a group of knobs nor a chart.
pub const PARTS: [&str; 10] =
    ["play", "step", "reset", "reseed", "pin", "share", "question", "diagnosis", "status", "theory"];

/// What is shown and how; none of it changes a run's numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The language that the link asks for; with none it is the reader's.
    pub lang: Option<Lang>,
    /// The colours that the link asks for.
    pub theme: Theme,
    /// Whether the lab stands in another page, without its bar and with only what was chosen.
    pub embed: bool,
    /// Whether training starts once the lab is visible.
    pub autoplay: bool,
    /// Whether the limits of all number formats lie on the charts, and not only those of f32, which the lab trains in.
    pub formats: bool,
    /// Whether and how the variance is hidden until the student has predicted it.
    pub predict: Option<PredictFirst>,
    /// The measured charts that the reader chose, in their order; with none they are the standard ones.
    pub charts: Vec<Chart>,
    /// The ids of the only knobs, groups and charts that are shown, if there are any.
    pub show: Vec<String>,
    /// The ids of what is not shown.
    pub hide: Vec<String>,
    /// The ids of what is shown and cannot be changed.
    pub lock: Vec<String>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            lang: None,
            theme: Theme::Auto,
            embed: false,
            autoplay: false,
            formats: false,
            predict: None,
            charts: Vec::new(),
            show: Vec::new(),
            hide: Vec::new(),
            lock: Vec::new(),
        }
    }
}

impl View {
    /// Whether a knob is on the page at all (it may still not apply to the model).
    pub fn shows_knob(&self, knob: &Knob) -> bool {
        let named = |list: &[String]| names(list, knob.id) || names(list, knob.group.id());
        (self.show.is_empty() || named(&self.show)) && !named(&self.hide)
    }

    /// Whether `show` names a knob itself and not only its group, so that it must be in sight.
    pub fn names_knob(&self, knob: &Knob) -> bool {
        names(&self.show, knob.id)
    }

    /// Whether a knob is shown but cannot be moved.
    pub fn locks_knob(&self, knob: &Knob) -> bool {
        names(&self.lock, knob.id) || names(&self.lock, knob.group.id())
    }

    /// Whether a chart is on the page, if it means anything for the network.
    pub fn shows_chart(&self, chart: Chart) -> bool {
        let is_chosen = if self.chooses_charts() {
            false
        } else if !self.charts.is_empty() && Chart::MEASURED.contains(&chart) {
            self.charts.contains(&chart)
        } else {
            !(self.embed && Chart::ON_REQUEST.contains(&chart) || Chart::OPTIONAL.contains(&chart))
        };
        (is_chosen || names(&self.show, chart.id())) && !names(&self.hide, chart.id())
    }

    /// The measured charts that are shown, in their order: those that the reader chose, and then the others.
    pub fn measured_charts(&self, model: Model) -> Vec<Chart> {
        let others = Chart::MEASURED.iter().filter(|chart| !self.charts.contains(chart));
        let all = self.charts.iter().chain(others).copied();
        all.filter(|chart| chart.applies(model) && self.shows_chart(*chart)).collect()
    }

    /// The reader's list of charts after one was added or taken away, or the empty one if it is the standard again. The
    /// last chart stays, because a lab without a picture would show nothing.
    pub fn charts_with(&self, model: Model, chart: Chart, on: bool) -> Vec<Chart> {
        let mut charts = self.chosen_charts();
        charts.retain(|other| *other != chart);
        if on || !charts.iter().any(|chart| chart.applies(model)) {
            charts.push(chart);
        }
        Self::unless_standard(charts)
    }

    /// The reader's list of charts after one changed its place with the shown one before or after it.
    pub fn charts_moved(&self, model: Model, chart: Chart, up: bool) -> Vec<Chart> {
        let (mut charts, shown) = (self.chosen_charts(), self.measured_charts(model));
        let place = |chart: Chart| charts.iter().position(|other| *other == chart);
        let next = shown.iter().position(|other| *other == chart).and_then(|at| {
            let next = if up { at.checked_sub(1)? } else { at + 1 };
            shown.get(next).copied()
        });
        if let (Some(at), Some(other)) = (place(chart), next.and_then(place)) {
            charts.swap(at, other);
        }
        Self::unless_standard(charts)
    }

    /// The reader's list, with the charts of the other model too.
    fn chosen_charts(&self) -> Vec<Chart> {
        if self.charts.is_empty() { Self::standard_charts() } else { self.charts.clone() }
    }

    fn standard_charts() -> Vec<Chart> {
        Chart::MEASURED.into_iter().filter(|chart| !Chart::OPTIONAL.contains(chart)).collect()
    }

    fn unless_standard(charts: Vec<Chart>) -> Vec<Chart> {
        if charts == Self::standard_charts() { Vec::new() } else { charts }
    }

    /// Whether `show` names charts. If it names only knobs all charts stay, because a lab without a picture would
    /// show nothing.
    pub fn chooses_charts(&self) -> bool {
        self.show.iter().any(|id| Chart::from_id(id).is_some())
    }

    /// Whether there is a section of theory to open. An embedded lab has none, because a teacher asks for its charts
    /// one by one.
    pub fn offers_theory(&self) -> bool {
        !self.chooses_charts() && !self.embed && self.shows_part("theory")
    }

    /// Whether one of [`PARTS`] is on the page.
    pub fn shows_part(&self, part: &str) -> bool {
        !names(&self.hide, part)
    }

    /// Whether one of [`PARTS`] is shown but cannot be used.
    pub fn locks_part(&self, part: &str) -> bool {
        names(&self.lock, part)
    }
}

/// Reads a comma list of measured charts; others are left out and named.
pub(crate) fn parse_charts(text: &str) -> (Vec<Chart>, Vec<Notice>) {
    let (mut charts, mut notices) = (Vec::new(), Vec::new());
    for id in text.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        match Chart::from_id(id).filter(|chart| Chart::MEASURED.contains(chart)) {
            Some(chart) if charts.contains(&chart) => {}
            Some(chart) => charts.push(chart),
            None => notices.push(Notice::bad_value("charts", id)),
        }
    }
    (charts, notices)
}

/// Reads a comma list of ids; unknown ones are left out and named.
pub(crate) fn parse_ids(key: &str, text: &str) -> (Vec<String>, Vec<Notice>) {
    let (mut ids, mut notices) = (Vec::new(), Vec::new());
    for id in text.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        let known = Knob::find(id).is_some()
            || Chart::from_id(id).is_some()
            || Group::ALL.iter().any(|group| group.id() == id)
            || PARTS.contains(&id);
        if !known {
            notices.push(Notice::bad_value(key, id));
        } else if !names(&ids, id) {
            ids.push(id.to_owned());
        }
    }
    (ids, notices)
}

fn names(list: &[String], id: &str) -> bool {
    list.iter().any(|entry| entry == id)
}
