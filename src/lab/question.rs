//! The question that settings ask, as a sentence: what a student reads first.

use super::knob::KNOBS;
use super::lang::Lang;
use super::number::{show, show_place};
use super::prediction::sigma;
use super::spec::{Role, Scheme, Spec};

/// The question that a network asks, in three parts: what stands before σ, σ itself, and what stands after it.
pub fn question(spec: &Spec, lang: Lang) -> [String; 3] {
    if spec.is_toy() {
        return small(spec, lang);
    }
    let std = spread(spec).unwrap_or_else(|| show(sigma(spec).hidden));
    let start = match spec.start.scheme {
        Scheme::Zeros => lang.text("start.zeros").to_owned(),
        Scheme::Constant => lang.fill("start.constant", &[("std", &std)]),
        Scheme::Normal => lang.fill("start.sigma", &[("std", &std)]),
        scheme => {
            let name = lang.text(&format!("option.init.{}", scheme.id())).to_owned();
            lang.fill("start.scheme", &[("scheme", &name), ("std", &std)])
        }
    };
    let activation = lang.text(&format!("option.act.{}", spec.network.activation.id())).to_owned();
    let key = format!("question.{}{}", spec.network.model.id(), if spec.network.depth == 1 { "-one" } else { "" });
    let widths = spec.widths();
    let key = if widths.is_empty() { key } else { "question.mlp-widths".to_owned() };
    let values = [
        ("depth", spec.network.depth.to_string()),
        ("width", if widths.is_empty() { spec.network.width.to_string() } else { listed(spec) }),
        ("activation", activation),
    ];
    parted(&lang.tell(&key, &values), start)
}

/// Returns from where to where σ of the hidden matrices goes after the first one, if layers of different widths have
/// different ones.
fn spread(spec: &Spec) -> Option<String> {
    let (plan, sites) = (spec.plan(), spec.architecture().matrices());
    let hidden = sites.iter().filter(|site| site.role == Role::Hidden && site.layer > 1);
    let all: Vec<f64> = hidden.filter(|_| !spec.widths().is_empty()).map(|site| plan.std_at(site)).collect();
    let [least, most] = [all.iter().copied().reduce(f64::min)?, all.iter().copied().reduce(f64::max)?].map(show);
    (least != most).then(|| format!("{least}–{most}"))
}

/// Returns the widths of all layers; of many layers, the first ones and the last.
fn listed(spec: &Spec) -> String {
    const MOST: usize = 6;
    let widths = spec.widths();
    match widths.iter().next_back().filter(|_| widths.len() > MOST) {
        Some(last) => format!("{}-…-{last}", widths.truncated(MOST - 1)),
        None => widths.to_string(),
    }
}

/// Returns the question of a small lab. What it is about most stands in the middle.
fn small(spec: &Spec, lang: Lang) -> [String; 3] {
    let knobs = KNOBS.iter().filter(|knob| knob.applies(spec));
    let values: Vec<(&str, String)> = knobs.map(|knob| (knob.id, show_place(knob.number(spec)))).collect();
    let kind = spec.kind();
    parted(&lang.tell(&format!("question.{kind}"), &values), lang.tell(&format!("start.{kind}"), &values))
}

fn parted(text: &str, start: String) -> [String; 3] {
    match text.split_once("{start}") {
        Some((before, after)) => [before.to_owned(), start, after.to_owned()],
        None => [text.to_owned(), start, String::new()],
    }
}
