//! Draws the time of a step over the number of networks that are trained together.

use super::curves::marker;
use super::schema::{Each, StudyAxis, StudyTrace};
use super::{Parts, StudyLook, color, curve, dashed, numbers, solid, titled, upwards};
use crate::study::picture::Picture;

/// Both axes are logarithmic, the horizontal one in powers of two and the vertical one in powers of ten. Beside the
/// measured times stand those of the networks trained one after another.
pub(super) fn cost(picture: &Picture, look: &StudyLook) -> Parts {
    let data = picture.curves.iter().enumerate().flat_map(|(index, one)| {
        let color = color(index);
        let times: Vec<Option<f64>> = numbers(one).collect();
        let first = times.first().copied().flatten();
        let apart = one.x.iter().map(|count| first.map(|first| count * first)).collect();
        let measured = StudyTrace {
            mode: Some("lines+markers"),
            marker: Some(marker(color.clone(), 7.0, Each::All("circle"))),
            hovertemplate: Some("%{y:.3~g} ms"),
            ..curve(one.x.clone(), times, one.label.clone(), solid(&color, 2.0))
        };
        let name = format!("{}: {}", one.label, look.say("apart"));
        let apart = curve(one.x.clone(), apart, name, dashed(&color, 1.5));
        [measured, StudyTrace { hovertemplate: Some("%{y:.3~g} ms"), ..apart }]
    });
    let x = StudyAxis {
        r#type: Some("log"),
        // The ticks are a factor of two apart.
        dtick: Some(std::f64::consts::LOG10_2),
        exponentformat: "none",
        title: titled(look.say("networks")),
        ..StudyAxis::default()
    };
    let y = StudyAxis { r#type: Some("log"), dtick: Some(1.0), ..upwards(look.say("ms")) };
    Parts { data: data.collect(), x, y, shapes: Vec::new() }
}
