//! Draws the differences of pairs of networks, and their mean.

use super::curves::marker;
use super::schema::{Each, StudyAxis, StudyTrace};
use super::{Parts, StudyLook, band, curve, key, level, numbers, solid, titled, upwards};
use crate::study::picture::Picture;

/// Draws a dot for each pair, and the mean with its 95 % confidence interval.
pub(super) fn pairs(picture: &Picture, look: &StudyLook) -> Parts {
    let palette = &look.palette;
    let mut data = Vec::new();
    for one in &picture.curves {
        let (x, y) = (one.x.clone(), numbers(one).collect());
        if one.label == "mean" {
            let edges = one.band.as_ref().map(|edges| band(&one.x, edges, &palette.accent, palette.band.clone()));
            data.extend(edges.into_iter().flatten());
            let mean = curve(x, y, look.say("mean"), solid(&palette.accent, 2.0));
            data.push(StudyTrace { hovertemplate: Some("%{y:.3~g}"), ..mean });
        } else {
            let marker = marker(palette.ink.clone(), 8.0, Each::All("circle"));
            let (mode, hovertemplate) = (Some("markers"), Some("%{y:.3~g}"));
            let dots = StudyTrace {
                x,
                y,
                mode,
                marker: Some(marker),
                hovertemplate,
                hoverinfo: None,
                ..key(look.name_of(picture, one))
            };
            data.push(dots);
        }
    }
    let zero = super::schema::StudyShape { layer: Some("below"), ..level(0.0, solid(&palette.muted, 1.0)) };
    let x = StudyAxis { dtick: Some(1.0), title: titled(look.say("pair")), ..StudyAxis::default() };
    let y = upwards(look.tell("difference", &[("measure", &look.say(picture.measure.id()))]));
    Parts { data, shapes: vec![zero], x, y }
}
