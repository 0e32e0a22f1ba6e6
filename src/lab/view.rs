//! How the lab is shown: its language, its theme, and what a teacher chose to show, hide or lock.

mod chart;

pub use chart::Chart;

use super::bounds::BoundedKnobs;
use super::knob::{Group, Kind, Knob, KnobPlace};
use super::lang::Lang;
use super::notice::Notice;
use super::spec::{Dataset, RunSpec, Spec};
use crate::science::choice::choices;

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
pub const PARTS: [&str; 12] =
    ["play", "step", "reset", "reseed", "pin", "share", "question", "diagnosis", "goal", "status", "theory", "code"];

/// Those of them that a slide has where nobody asks for others.
const SLIDE_PARTS: [&str; 3] = ["play", "question", "diagnosis"];

/// What is shown and how; none of it changes a run's numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The language that the link asks for; with none it is the reader's.
    pub lang: Option<Lang>,
    /// The colours that the link asks for.
    pub theme: Theme,
    /// Whether the lab stands in another page, without its bar and with only what was chosen.
    pub embed: bool,
    /// Whether it is a slide: few things, in large type, that fill the frame. A slide is embedded too.
    pub slide: bool,
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
    /// The ranges in which knobs can be moved, where they take more.
    pub bounds: BoundedKnobs,
}

impl Default for View {
    fn default() -> Self {
        Self {
            lang: None,
            theme: Theme::Auto,
            embed: false,
            slide: false,
            autoplay: false,
            formats: false,
            predict: None,
            charts: Vec::new(),
            show: Vec::new(),
            hide: Vec::new(),
            lock: Vec::new(),
            bounds: BoundedKnobs::default(),
        }
    }
}

impl View {
    /// Whether a knob is on the page at all (it may still not apply to the model).
    pub fn shows_knob(&self, knob: &Knob) -> bool {
        let named = |list: &[String]| names(list, knob.id) || names(list, knob.group.id());
        let is_usual = self.show.is_empty() && (!self.slide || is_sigma(knob));
        (is_usual || named(&self.show)) && !named(&self.hide)
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
        } else if self.slide {
            Chart::SMALL.contains(&chart) || self.charts.first().unwrap_or(&Chart::Variance) == &chart
        } else if !self.charts.is_empty() && Chart::MEASURED.contains(&chart) {
            self.charts.contains(&chart)
        } else {
            !(self.embed && Chart::ON_REQUEST.contains(&chart) || Chart::OPTIONAL.contains(&chart))
        };
        (is_chosen || names(&self.show, chart.id())) && !names(&self.hide, chart.id())
    }

    /// The measured charts that are shown, in their order: those that the reader chose, and then the others; or those of
    /// a small lab. A slide has room for one.
    pub fn measured_charts(&self, spec: &Spec) -> Vec<Chart> {
        let others = Chart::MEASURED.iter().filter(|chart| !self.charts.contains(chart));
        let all = self.charts.iter().chain(others).chain(&Chart::SMALL).copied();
        let room = if self.slide { 1 } else { usize::MAX };
        all.filter(|chart| chart.applies(spec) && self.shows_chart(*chart)).take(room).collect()
    }

    /// The reader's list of charts after one was added or taken away, or the empty one if it is the standard again. The
    /// last chart stays, because a lab without a picture would show nothing.
    pub fn charts_with(&self, spec: &Spec, chart: Chart, on: bool) -> Vec<Chart> {
        let mut charts = self.chosen_charts();
        charts.retain(|other| *other != chart);
        if on || !charts.iter().any(|chart| chart.applies(spec)) {
            charts.push(chart);
        }
        Self::unless_standard(charts)
    }

    /// The reader's list of charts after one changed its place with the shown one before or after it.
    pub fn charts_moved(&self, spec: &Spec, chart: Chart, up: bool) -> Vec<Chart> {
        let (mut charts, shown) = (self.chosen_charts(), self.measured_charts(spec));
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

    /// The reader's list, with the charts of other networks too.
    fn chosen_charts(&self) -> Vec<Chart> {
        if self.charts.is_empty() { Self::standard_charts() } else { self.charts.clone() }
    }

    fn standard_charts() -> Vec<Chart> {
        Chart::MEASURED.into_iter().filter(|chart| !Chart::OPTIONAL.contains(chart)).collect()
    }

    /// Charts that never stand on one page have no order among themselves.
    fn unless_standard(charts: Vec<Chart>) -> Vec<Chart> {
        let standard = Self::standard_charts();
        let on = |charts: &[Chart], spec: &Spec| -> Vec<Chart> {
            charts.iter().copied().filter(|chart| chart.applies(spec)).collect()
        };
        let plane = Spec { run: RunSpec { data: Dataset::Spirals, ..Spec::mlp().run }, ..Spec::mlp() };
        let is_standard = [Spec::mlp(), plane, Spec::gpt()].iter().all(|spec| on(&charts, spec) == on(&standard, spec));
        if is_standard { Vec::new() } else { charts }
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

    /// Whether there is a section with the code of the network. An embedded lab has it only where it is asked for.
    pub fn offers_code(&self) -> bool {
        let is_named = names(&self.show, "code");
        self.shows_part("code") && (is_named || !self.embed && !self.chooses_charts())
    }

    /// Whether one of [`PARTS`] is on the page.
    pub fn shows_part(&self, part: &str) -> bool {
        let is_usual = !self.slide || SLIDE_PARTS.contains(&part) || names(&self.show, part);
        is_usual && !names(&self.hide, part)
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

/// Whether the knob is σ, the one number among those that come first.
fn is_sigma(knob: &Knob) -> bool {
    knob.place == KnobPlace::First && matches!(knob.kind, Kind::Range(_))
}

fn names(list: &[String], id: &str) -> bool {
    list.iter().any(|entry| entry == id)
}
