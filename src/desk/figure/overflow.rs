//! Draws the first layer that leaves each format: measured ones as marks, theory's as dashed lines. Networks that stay
//! inside the format have an open mark at their depth.

use super::curves::marker;
use super::schema::{Each, StudyAxis, StudyTrace};
use super::{Parts, StudyLook, color, curve, dashed, key, numbers, upwards};
use crate::science::overflow::{Exit, Way};
use crate::study::picture::{Curve, Picture};

/// The marks, by the way in which numbers leave a format.
const MARKS: [(Option<Way>, &str, &str); 3] = [
    (Some(Way::Overflow), "overflow", "triangle-up"),
    (Some(Way::Underflow), "underflow", "triangle-down"),
    (None, "inside", "circle-open"),
];
/// The sizes of marks and lines. bf16 and f32 leave at much the same layers, so the one that is drawn last is small,
/// and both can be seen.
const SIZES: [(f64, f64); 3] = [(11.0, 2.0), (13.0, 4.0), (8.0, 1.5)];

/// Draws a curve for each format.
pub(super) fn overflow(picture: &Picture, look: &StudyLook) -> Parts {
    let depth = picture.y.as_ref().and_then(|y| y.numbers.get(1).copied()).unwrap_or(f64::INFINITY);
    let mut data: Vec<StudyTrace> = Vec::new();
    for (index, one) in picture.curves.iter().enumerate() {
        let (size, thickness) = SIZES[index % SIZES.len()];
        data.push(theory(one, dashed(&color(index), thickness)));
        let exits = one.exits.iter().flat_map(|exits| exits.measured.iter().copied());
        let told = numbers(one)
            .zip(exits.clone())
            .map(|(layer, exit)| if layer.is_some() { told(exit, look) } else { String::new() });
        let symbols = exits.map(|exit| mark(exit).1).collect();
        data.push(StudyTrace {
            x: one.x.clone(),
            y: numbers(one).map(|layer| layer.map(|layer| layer.min(depth))).collect(),
            mode: Some("markers"),
            customdata: told.collect(),
            marker: Some(marker(color(index), size, Each::Every(symbols))),
            hovertemplate: Some("%{customdata}"),
            hoverinfo: None,
            ..key(one.label.clone())
        });
    }
    let muted = &look.palette.muted;
    let closed = StudyTrace { mode: Some("lines"), line: Some(dashed(muted, 2.0)), ..key(look.say("closed-form")) };
    let keys = MARKS.map(|(_, name, symbol)| {
        let marker = Some(marker(muted.clone(), 9.0, Each::All(symbol)));
        StudyTrace { mode: Some("markers"), marker, ..key(look.say(name)) }
    });
    data.extend([closed].into_iter().chain(keys));
    let y = StudyAxis { range: Some([0.0, 1.05 * depth]), ..upwards(look.say("exit")) };
    Parts { data, x: look.along(&picture.x, false), y, shapes: Vec::new() }
}

/// Theory's prediction. There is no line between underflow and overflow, because there a signal would never leave the
/// format.
fn theory(one: &Curve, line: super::schema::StudyLine) -> StudyTrace {
    let predicted = one.exits.as_ref().map(|exits| &exits.predicted[..]).unwrap_or_default();
    let way = |at: usize| predicted[at].map(|exit| exit.way);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for (at, exit) in predicted.iter().enumerate() {
        if at > 0 && way(at) != way(at - 1) {
            x.push(one.x[at]);
            y.push(None);
        }
        x.push(one.x[at]);
        y.push(exit.map(|exit| exit.layer as f64));
    }
    let line = curve(x, y, String::new(), line);
    StudyTrace { name: None, showlegend: false, hoverinfo: Some("skip"), ..line }
}

fn mark(exit: Option<Exit>) -> (&'static str, &'static str) {
    let way = exit.map(|exit| exit.way);
    MARKS.iter().find(|(known, ..)| *known == way).map_or(("inside", "circle-open"), |(_, name, symbol)| (name, symbol))
}

fn told(exit: Option<Exit>, look: &StudyLook) -> String {
    let way = look.say(mark(exit).0);
    exit.map_or(way.clone(), |exit| format!("{way}, {} {}", look.say("layer"), exit.layer))
}
