//! Finds out which networks an experiment trains, and in which order.

use super::file::{File, FileSweep, Refusal, Scale, Value};
use crate::lab::link::Lab;
use crate::lab::number::{round_to, show};
use crate::lab::spec::{Dataset, Spec};

/// The most networks that an experiment may have; the largest of ours has a fifth of it.
const MOST_NETWORKS: usize = 1000;

/// One thing that networks differ in, with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepAxis {
    /// The name of its sweep in the file.
    pub name: String,
    /// The key that it sets, if it sets one key only.
    pub knob: Option<String>,
    /// How its values are spread.
    pub scale: Scale,
    /// What each value is called.
    pub labels: Vec<String>,
    /// Each value as a number, or its place in the list where it is no number.
    pub numbers: Vec<f64>,
    links: Vec<String>,
}

/// A network that is to be trained.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedNetwork {
    /// The place of its value on each axis.
    pub at: Vec<usize>,
    /// The network, as the lab describes it.
    pub spec: Spec,
    /// The link that opens it in the lab.
    pub link: String,
    /// How fine it is: 0 for the coarsest, which are trained first.
    pub level: usize,
}

/// An experiment whose networks are known one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyPlan {
    /// The file that it was made from.
    pub file: File,
    /// The axes, in the file's order.
    pub axes: Vec<SweepAxis>,
    /// The networks, one for each combination of values; the last axis changes fastest.
    pub networks: Vec<PlannedNetwork>,
}

impl StudyPlan {
    /// Expands a file. Charts and verdict stand above a plan, so `experiment::read` checks what they need.
    pub(super) fn new(file: File) -> Result<Self, Refusal> {
        if file.sweeps.is_empty() {
            return Err(Refusal::whole("no-sweep", ""));
        }
        let axes = file.sweeps.iter().map(SweepAxis::new).collect::<Result<Vec<_>, _>>()?;
        let count = axes.iter().try_fold(1_usize, |count, axis| count.checked_mul(axis.links.len()));
        let count = count.filter(|count| *count <= MOST_NETWORKS);
        let count = count.ok_or_else(|| Refusal::whole("too-many", MOST_NETWORKS.to_string()))?;
        let base = taken(&Lab::default(), &file.base)?;
        let networks = (0..count).map(|index| network(&base, &axes, index, file.refine)).collect::<Result<_, _>>()?;
        Ok(Self { file, axes, networks })
    }

    /// Refuses the plan by the link of its first network that does not do.
    pub fn require(&self, key: &'static str, does: impl Fn(&Spec) -> bool) -> Result<(), Refusal> {
        match self.networks.iter().find(|network| !does(&network.spec)) {
            Some(network) => Err(Refusal::whole(key, &network.link)),
            None => Ok(()),
        }
    }

    /// The networks in the order in which they are trained: coarse ones first.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.networks.len()).collect();
        order.sort_by_key(|index| self.networks[*index].level);
        order
    }

    /// Groups of networks, coarse ones first, and of these the most work first. `work` is that of a network.
    pub fn most_work_first(&self, mut groups: Vec<Vec<usize>>, work: impl Fn(usize) -> f64) -> Vec<Vec<usize>> {
        let effort = |group: &[usize]| group.iter().map(|network| work(*network)).sum::<f64>();
        groups.sort_by(|a, b| {
            let level = |group: &[usize]| group.first().map(|network| self.networks[*network].level);
            level(a).cmp(&level(b)).then(effort(b).total_cmp(&effort(a)))
        });
        groups
    }

    /// The axis of this name.
    pub fn axis(&self, name: Option<&str>) -> Option<usize> {
        self.axes.iter().position(|axis| Some(axis.name.as_str()) == name)
    }

    /// A network's value on an axis, as a number.
    pub(super) fn number(&self, network: usize, axis: usize) -> f64 {
        self.axes[axis].numbers[self.networks[network].at[axis]]
    }

    /// What a network's value on an axis is called.
    pub(super) fn label(&self, network: usize, axis: usize) -> &str {
        &self.axes[axis].labels[self.networks[network].at[axis]]
    }

    /// What a network's values on all axes are called.
    pub(super) fn labels(&self, network: usize) -> impl Iterator<Item = &str> {
        (0..self.axes.len()).map(move |axis| self.label(network, axis))
    }

    /// What a network is called: its values on all axes.
    pub fn name(&self, network: usize) -> String {
        self.phrase(&(0..self.axes.len()).collect::<Vec<_>>(), &self.networks[network].at)
    }

    /// What values on some axes are called.
    fn phrase(&self, axes: &[usize], values: &[usize]) -> String {
        let part = |(axis, value): (&usize, &usize)| {
            let axis = &self.axes[*axis];
            let label = &axis.labels[*value];
            if axis.knob.is_some() { format!("{} {label}", axis.name) } else { label.clone() }
        };
        axes.iter().zip(values).map(part).collect::<Vec<_>>().join(", ")
    }

    /// The networks in groups that share their values on all axes but these, each with its label, in the plan's order.
    pub fn panels(&self, without: &[usize]) -> Vec<(String, Vec<usize>)> {
        let mut panels: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        let rest: Vec<usize> = (0..self.axes.len()).filter(|axis| !without.contains(axis)).collect();
        for (index, network) in self.networks.iter().enumerate() {
            let key: Vec<usize> = rest.iter().map(|axis| network.at[*axis]).collect();
            match panels.iter_mut().find(|(known, _)| *known == key) {
                Some((_, group)) => group.push(index),
                None => panels.push((key, vec![index])),
            }
        }
        panels.into_iter().map(|(key, group)| (self.phrase(&rest, &key), group)).collect()
    }
}

impl SweepAxis {
    fn new(sweep: &FileSweep) -> Result<Self, Refusal> {
        let FileSweep { name, knob, values, settings, scale, .. } = sweep;
        let bad = |key| Err(Refusal::whole(key, name));
        let axis = |labels: Vec<String>, numbers: Vec<f64>, links| Self {
            name: name.clone(),
            knob: knob.clone(),
            scale: *scale,
            labels,
            numbers,
            links,
        };
        let Some(key) = knob else {
            if settings.is_empty() || !values.is_empty() {
                return bad("sweep-lacks");
            }
            let labels: Vec<String> = settings.iter().map(|setting| setting.name.clone()).collect();
            let numbers = (0..labels.len()).map(|place| place as f64).collect();
            return Ok(axis(labels, numbers, settings.iter().map(|setting| setting.link.clone()).collect()));
        };
        if !settings.is_empty() {
            return bad("sweep-lacks");
        }
        let values = match (sweep.from, sweep.to, sweep.points) {
            (Some(from), Some(to), Some(points)) if values.is_empty() => {
                let sound = (2..=MOST_NETWORKS).contains(&points) && from.is_finite() && to.is_finite();
                if !sound || from >= to || (*scale == Scale::Log && from <= 0.0) {
                    return bad("sweep-range");
                }
                spread(from, to, points, *scale)
            }
            (None, None, None) if !values.is_empty() => values.clone(),
            _ => return bad("sweep-lacks"),
        };
        let text = |value: &Value| match value {
            Value::Whole(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Name(name) => name.clone(),
        };
        let label = |value: &Value| if let Value::Number(number) = value { show(*number) } else { text(value) };
        let number = |(place, value): (usize, &Value)| match value {
            Value::Whole(number) => *number as f64,
            Value::Number(number) => *number,
            Value::Name(_) => place as f64,
        };
        let link = |value: &Value| match (key.as_str(), value) {
            // The lab makes at least one step, but an experiment may stop before it; `network` sees to that.
            ("steps", Value::Whole(0)) => "steps=1".to_owned(),
            _ => format!("{key}={}", text(value)),
        };
        let links = values.iter().map(link).collect();
        Ok(axis(values.iter().map(label).collect(), values.iter().enumerate().map(number).collect(), links))
    }
}

fn spread(from: f64, to: f64, points: usize, scale: Scale) -> Vec<Value> {
    let at = |index: usize| {
        let share = index as f64 / (points - 1) as f64;
        let value = match scale {
            Scale::Linear => from + (to - from) * share,
            Scale::Log => from * libm::pow(to / from, share),
        };
        let value = round_to(value, 3);
        if value.fract() == 0.0 && value.abs() < 1e9 { Value::Whole(value as i64) } else { Value::Number(value) }
    };
    (0..points).map(at).collect()
}

fn network(base: &Lab, axes: &[SweepAxis], index: usize, refine: bool) -> Result<PlannedNetwork, Refusal> {
    let mut rest = index;
    let mut at = vec![0; axes.len()];
    for (place, axis) in at.iter_mut().zip(axes).rev() {
        *place = rest % axis.links.len();
        rest /= axis.links.len();
    }
    let links: Vec<&str> = axes.iter().zip(&at).map(|(axis, place)| axis.links[*place].as_str()).collect();
    let lab = taken(base, &links.join("&"))?;
    let coarse = |(axis, place): (&SweepAxis, &usize)| match (axis.links.len(), place % 4, place % 2) {
        (..=4, ..) | (_, 0, _) => 0,
        (_, _, 0) => 1,
        _ => 2,
    };
    let level = if refine { axes.iter().zip(&at).map(coarse).max().unwrap_or(0) } else { 0 };
    let is_start =
        |(axis, place): (&SweepAxis, &usize)| axis.knob.as_deref() == Some("steps") && axis.labels[*place] == "0";
    let mut spec = lab.spec.clone();
    if axes.iter().zip(&at).any(is_start) {
        spec.training.steps = 0;
    }
    Ok(PlannedNetwork { link: lab.address(), spec, at, level })
}

/// The lab that a link makes of a lab. A link that would not be taken as it stands is refused.
fn taken(lab: &Lab, link: &str) -> Result<Lab, Refusal> {
    let (lab, notices) = lab.apply(link);
    match notices.first() {
        None if lab.spec.run.data == Dataset::Own => Err(Refusal::whole("link", format!("{link} (data: own)"))),
        None if lab.spec.is_toy() => Err(Refusal::whole("link", format!("{link} (model: {})", lab.spec.kind()))),
        None => Ok(lab),
        Some(notice) => {
            let about: Vec<&str> = notice.values.iter().map(|(_, value)| value.as_str()).collect();
            Err(Refusal::whole("link", format!("{link} ({}: {})", notice.key, about.join(", "))))
        }
    }
}
