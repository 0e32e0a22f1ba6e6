//! Says what a chart shows in one sentence, for whoever does not see the picture.

use leptos::prelude::*;

use super::Lens;
use crate::lab::curve::{DepthCurve, LossCurve, Quantity};
use crate::lab::lang::Lang;
use crate::lab::number::show;
use crate::lab::spec::Model;
use crate::science::layer::LayerId;

/// The key of what a quantity is called: what a block of a GPT gives out is its residual stream, no activation.
pub fn word(quantity: Quantity, model: Model) -> &'static str {
    if (quantity, model) == (Quantity::Activation, Model::Gpt) { "stream" } else { quantity.id() }
}

/// Says what a curve over depth shows.
pub fn depth_summary(curve: &DepthCurve, lens: Lens) -> String {
    let lang = lens.lang.get();
    let quantity = lang.text(&format!("summary.{}", word(curve.quantity, lens.model()))).to_owned();
    let ends = |key: &str, ends: Option<[(LayerId, f64); 2]>| {
        ends.map(|[(from, first), (to, last)]| {
            let (from, to, first, last) = (lang.layer(from), lang.layer(to), show(first), show(last));
            lang.fill(key, &[("from", &from), ("first", &first), ("to", &to), ("last", &last)])
        })
    };
    let measured = ends("summary.measured", curve.ends(|point| point.measured));
    let predicted = if curve.relative { None } else { ends("summary.predicted", curve.ends(|point| point.predicted)) };
    [Some(quantity), measured, predicted].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Says what the losses show.
pub fn loss_summary(curve: &LossCurve, lang: Lang) -> String {
    let guess = show(curve.guess);
    let start = curve.start.map(|start| lang.fill("summary.first-loss", &[("first", &show(start))]));
    let start = start.map(|text| format!(" {text}")).unwrap_or_default();
    let Some(((_, first), (step, last))) = curve.train.first().zip(curve.train.last()) else {
        return lang.fill("summary.no-loss", &[("guess", &guess)]) + &start;
    };
    let values = [("first", show(*first)), ("last", show(*last)), ("step", step.to_string()), ("guess", guess)];
    lang.tell("summary.loss", &values) + &start
}
