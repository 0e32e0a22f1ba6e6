//! Draws the pictures of networks that are watched while they train.

use super::color::{blend, parse};
use super::curves::marker;
use super::schema::{Each, StudyAxis, StudyLine, StudyTrace};
use super::{Parts, StudyLook, color, curve, dashed, finite, key, level, positive, solid, titled, upwards};
use crate::study::picture::{Part, Picture};

/// The colours of the first block, orange, and of the last one, blue.
const ENDS: [&str; 2] = ["#e68c1e", "#1446b4"];

/// Draws the losses of every network: thick lines on held-out data, thin ones in training.
pub(super) fn training(picture: &Picture, look: &StudyLook) -> Parts {
    let mut names: Vec<&str> = Vec::new();
    let mut data = Vec::new();
    for one in &picture.curves {
        if !names.contains(&one.label.as_str()) {
            names.push(&one.label);
        }
        let color = color(names.iter().position(|name| *name == one.label).unwrap_or_default());
        let held_out = one.part == Part::HeldOut;
        let line =
            curve(one.x.clone(), finite(one), one.label.clone(), solid(&color, if held_out { 2.5 } else { 0.8 }));
        data.push(StudyTrace {
            showlegend: held_out,
            hovertemplate: held_out.then_some("%{y:.4~g}"),
            hoverinfo: (!held_out).then_some("skip"),
            ..line
        });
    }
    let shapes = vec![level(picture.guess, dashed(&look.palette.accent, 1.5))];
    Parts { data, shapes, x: steps(look), y: upwards(look.say("held-out-loss")) }
}

/// Draws the size of the gradients by layer: theory's line, the measurement at the start, and that at the chosen step.
pub(super) fn gradients(picture: &Picture, look: &StudyLook) -> Parts {
    let palette = &look.palette;
    let data = picture.curves.iter().map(|one| {
        let dots = |name: &str, color: &str, size: f64, symbol| StudyTrace {
            mode: Some("markers"),
            marker: Some(marker(color.to_owned(), size, Each::All(symbol))),
            hoverinfo: None,
            ..key(look.say(name))
        };
        let trace = match one.part {
            Part::Theory => curve(Vec::new(), Vec::new(), look.say("theory-start"), solid(&palette.accent, 2.0)),
            Part::Start => dots("start", &palette.muted, 7.0, "circle-open"),
            Part::Own | Part::HeldOut => dots("now", &palette.ink, 8.0, "circle"),
        };
        StudyTrace { x: one.x.clone(), y: positive(one), hovertemplate: Some("%{y:.3~g}"), ..trace }
    });
    let labels = &picture.x.labels;
    let stride = labels.len().div_ceil((look.width.saturating_sub(70) / 46).max(2)).max(1);
    let places: Vec<f64> =
        picture.x.numbers.iter().copied().filter(|place| (*place as usize).is_multiple_of(stride)).collect();
    let label = |place: &f64| match labels.get(*place as usize).map(String::as_str) {
        Some(name) => name.strip_prefix("block.").map_or_else(|| look.say(name), str::to_owned),
        None => String::new(),
    };
    let x = StudyAxis {
        ticktext: Some(places.iter().map(label).collect()),
        tickvals: Some(places),
        title: titled(look.say("layer")),
        ..StudyAxis::default()
    };
    let y = StudyAxis { r#type: Some("log"), dtick: Some(1.0), ..upwards(look.say("gradient-size")) };
    Parts { data: data.collect(), x, y, shapes: Vec::new() }
}

/// Draws a quantity over steps, with a curve for each block, and theory's prediction dashed.
pub(super) fn by_block(picture: &Picture, quantity: &str, look: &StudyLook) -> Parts {
    let blocks = picture.curves.iter().filter(|one| one.part == Part::Own).count();
    let [first, last] = ENDS.map(parse);
    let data = picture.curves.iter().enumerate().map(|(index, one)| {
        let trace = if one.part == Part::Theory {
            curve(Vec::new(), Vec::new(), look.say("theory-rest"), dashed(&look.palette.accent, 2.0))
        } else {
            let shade = blend(first, last, index as f64 / blocks.saturating_sub(1).max(1) as f64);
            let line = curve(Vec::new(), Vec::new(), one.label.clone(), solid(&shade, 1.6));
            StudyTrace { showlegend: index == 0 || index + 1 == blocks, ..line }
        };
        StudyTrace { x: one.x.clone(), y: finite(one), hovertemplate: Some("%{y:.3~g}"), ..trace }
    });
    let y = StudyAxis { rangemode: (quantity == "std").then_some("tozero"), ..upwards(look.say(quantity)) };
    Parts { data: data.collect(), x: steps(look), y, shapes: Vec::new() }
}

/// Draws the density of a block's weights, at the start and at the chosen step. On a logarithmic scale tails can be
/// seen, and a normal distribution is a parabola.
pub(super) fn histogram(picture: &Picture, look: &StudyLook) -> Parts {
    let palette = &look.palette;
    let stairs = |color: &str, width: f64| StudyLine { shape: Some("hvh"), ..solid(color, width) };
    let data = picture.curves.iter().map(|one| {
        let (name, line) = match one.part {
            Part::Start => ("start", StudyLine { dash: Some("dot"), ..stairs(&palette.muted, 1.5) }),
            _ => ("now", stairs(&palette.ink, 2.0)),
        };
        let trace = curve(one.x.clone(), positive(one), look.say(name), line);
        StudyTrace { hovertemplate: Some("%{y:.3~g}"), ..trace }
    });
    let x = StudyAxis { nticks: Some(5), title: titled(look.say("weight")), ..StudyAxis::default() };
    let y = StudyAxis { r#type: Some("log"), dtick: Some(1.0), ..upwards(look.say("density")) };
    Parts { data: data.collect(), x, y, shapes: Vec::new() }
}

fn steps(look: &StudyLook) -> StudyAxis {
    StudyAxis { rangemode: Some("tozero"), title: titled(look.say("step")), ..StudyAxis::default() }
}
