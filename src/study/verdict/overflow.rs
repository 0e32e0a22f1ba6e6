//! The verdict `overflow`: where do the numbers of perceptrons leave f16, bf16 and f32, measured and in
//! closed form? Nothing is trained.

use crate::lab::prediction::predict;
use crate::lab::spec::{Model, Norm, Spec};
use crate::science::overflow::{Exit, Way, predicted};
use crate::science::precision::Format;
use crate::study::answer::StudyAnswer;
use crate::study::file::{ChartKind, Refusal};
use crate::study::finding::StudyFinding;
use crate::study::picture::{AxisData, Curve, Exits, Picture};
use crate::study::plan::StudyPlan;
use crate::study::table::{Cell, ResultTable};

/// What becomes of one network in each format, in the order of [`Format::ALL`]. It has no exit where its
/// numbers stay inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// The exits by the closed form.
    pub predicted: Vec<Option<Exit>>,
    /// The exits that were measured, once they are.
    pub measured: Option<Vec<Option<Exit>>>,
}

/// Refuses networks that the closed form is not about.
pub(super) fn check(plan: &StudyPlan) -> Result<(), Refusal> {
    plan.require("not-plain", is_plain)
}

/// Says whether the closed form is about such a network: plain layers with random weights.
fn is_plain(spec: &Spec) -> bool {
    let is_plain = spec.network.model == Model::Mlp && spec.network.norm == Norm::None && !spec.network.residual;
    let (plan, sites) = (spec.plan(), spec.architecture().matrices());
    // Weights of 0 make zeros, and every format can hold them.
    is_plain && plan.is_random() && sites.iter().all(|site| plan.second_moment(site) > 0.0)
}

impl Passage {
    /// Begins with what the closed form says of a network that is still to be passed forward.
    pub fn new(spec: &Spec) -> Self {
        let layers = predict(spec).layers;
        let exit = |format: &Format| {
            predicted(*format, &layers[..spec.network.depth], spec.training.batch * spec.network.width)
        };
        Self { predicted: Format::ALL.iter().map(exit).collect(), measured: None }
    }
}

/// Draws a picture for each combination of what is not along the first sweep, with a curve for each format.
pub fn pictures(plan: &StudyPlan, passages: &[Passage]) -> Vec<Picture> {
    let picture = |(panel, group): (String, Vec<usize>)| Picture {
        y: Some(AxisData { numbers: vec![1.0, deepest(plan, &group) as f64], ..AxisData::named("layer") }),
        curves: (0..Format::ALL.len()).map(|format| curve(plan, passages, &group, format)).collect(),
        panel,
        ..Picture::new(ChartKind::Overflow, AxisData::of(plan, 0))
    };
    plan.panels(&[0]).into_iter().map(picture).collect()
}

fn curve(plan: &StudyPlan, passages: &[Passage], group: &[usize], format: usize) -> Curve {
    let measured = |network: &usize| Some(passages[*network].measured.as_ref()?[format]);
    // Numbers that stay inside leave at a layer beyond all others, and at none that can be drawn.
    let layer = |exit: Option<Exit>| exit.map_or(f64::INFINITY, |exit| exit.layer as f64);
    let points = group.iter().map(|network| (plan.number(*network, 0), measured(network).map(layer)));
    Curve {
        exits: Some(Exits {
            measured: group.iter().map(|network| measured(network).flatten()).collect(),
            predicted: group.iter().map(|network| passages[*network].predicted[format]).collect(),
        }),
        ..Curve::through(Format::ALL[format].id(), points)
    }
}

fn deepest(plan: &StudyPlan, group: &[usize]) -> usize {
    group.iter().map(|network| plan.networks[*network].spec.network.depth).max().unwrap_or(1)
}

/// A network in a format.
struct Case<'a> {
    label: &'a str,
    predicted: Option<Exit>,
    measured: Option<Exit>,
}

/// Says for each format how many left it and how far off theory was, once a picture is whole.
pub fn findings(plan: &StudyPlan, passages: &[Passage]) -> Vec<StudyFinding> {
    let name = &plan.axes[0].name;
    let mut found = Vec::new();
    for (panel, group) in plan.panels(&[0]) {
        for (index, format) in Format::ALL.iter().enumerate() {
            let case = |network: &usize| {
                let Passage { predicted, measured } = &passages[*network];
                let (predicted, measured) = (predicted[index], measured.as_ref()?[index]);
                Some(Case { label: plan.label(*network, 0), predicted, measured })
            };
            let cases: Option<Vec<Case>> = group.iter().map(case).collect();
            let Some(cases) = cases else { continue };
            let about = [("panel", panel.clone()), ("format", format.id().to_owned()), ("name", name.clone())];
            found.push(counted(&cases, about.clone(), deepest(plan, &group)));
            found.extend(unlike(&cases, about));
        }
    }
    found
}

fn counted(cases: &[Case], about: [(&'static str, String); 3], depth: usize) -> StudyFinding {
    let count = |way| cases.iter().filter(|case| case.measured.is_some_and(|exit| exit.way == way)).count();
    let off = |case: &Case| match (case.predicted, case.measured) {
        (Some(one), Some(other)) if one.way == other.way => {
            Some((one.layer.abs_diff(other.layer), case.label.to_owned()))
        }
        _ => None,
    };
    let farthest = cases.iter().filter_map(off).max_by_key(|(layers, _)| *layers);
    let mut finding = StudyFinding::new(if farthest.is_some() { "overflow-theory" } else { "overflow-count" }, about);
    let numbers =
        [("all", cases.len()), ("over", count(Way::Overflow)), ("under", count(Way::Underflow)), ("depth", depth)];
    finding.fill(numbers.map(|(place, number)| (place, number.to_string())));
    if let Some((layers, worst)) = farthest {
        finding.fill([("off", layers.to_string()), ("worst", worst)]);
    }
    finding
}

/// Names those of which only one of theory and measurement says that they leave, or each in its way.
fn unlike(cases: &[Case], about: [(&'static str, String); 3]) -> Option<StudyFinding> {
    let way = |exit: Option<Exit>| exit.map(|exit| exit.way);
    let others = cases.iter().filter(|case| way(case.predicted) != way(case.measured));
    let list = others.map(|case| case.label).collect::<Vec<_>>().join(", ");
    let mut finding = StudyFinding::new("overflow-unlike", about);
    finding.fill([("list", list.clone())]);
    (!list.is_empty()).then_some(finding)
}

/// Makes a row of each network and format. The layer is empty where numbers stay inside.
pub fn table(plan: &StudyPlan, passages: &[Passage]) -> ResultTable {
    let cells = |exit: Option<Exit>| {
        [Cell::text(exit.map_or("inside", |exit| exit.way.id())), Cell::number(exit.map(|exit| exit.layer as f64))]
    };
    let row = |network: usize, index: usize| {
        let Passage { predicted, measured } = &passages[network];
        let measured = measured.as_ref().map_or([Cell::text(""), Cell::number(None)], |exits| cells(exits[index]));
        let places = plan.labels(network).map(Cell::text).chain([Cell::text(Format::ALL[index].id())]);
        let exits = measured.into_iter().chain(cells(predicted[index]));
        places.chain(exits).chain([Cell::text(&plan.networks[network].link)]).collect()
    };
    let rows = (0..passages.len()).flat_map(|network| (0..Format::ALL.len()).map(move |index| row(network, index)));
    let own = ["format", "way", "layer", "predicted-way", "predicted-layer", "link"];
    ResultTable::new("passages", plan.axes.iter().map(|axis| axis.name.as_str()).chain(own), rows)
}

/// Says how many networks leave the narrowest format, and how far off the closed form is.
pub fn answer(plan: &StudyPlan, passages: &[Passage]) -> Option<StudyAnswer> {
    let all = findings(plan, passages);
    let first = all.iter().find(|finding| finding.key == "overflow-theory")?;
    Some(StudyAnswer::retold("answer-overflow", first))
}
