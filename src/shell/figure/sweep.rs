//! Draws the loss over σ, a dot for each network. The range that was claimed is shaded, and a line stands at the σ on
//! the page.

use super::schema::{Axis, Figure, Trace};
use super::{Look, leap, outward};
use crate::lab::number::show;
use crate::lab::sweep::{CLAIMED, Sweep, sigmas};

/// The figure of how the networks of a sweep fare; `now` is the σ on the page.
pub fn sweep(sweep: Option<&Sweep>, now: f64, guess: f64, look: &Look) -> Figure {
    let Look { palette, lang, .. } = look;
    let losses = sweep.map(Sweep::losses).unwrap_or_default();
    let highest = losses.iter().filter_map(|(_, loss)| *loss).fold(guess, f64::max).min(3.0 * guess);
    let [_, top] = outward(0.0, 1.1 * highest, leap(highest));
    let upright = |x: f64| Trace::new(vec![x, x], vec![Some(0.0), Some(top)]).silent();
    let edge = |y: f64| Trace::new(CLAIMED.to_vec(), vec![Some(y); 2]).line(&palette.band, 0.0, "solid").silent();
    let x = || losses.iter().map(|(sigma, _)| *sigma);
    let learned = Trace::new(x().collect(), losses.iter().map(|(_, loss)| loss.filter(|loss| *loss <= top)).collect())
        .line(&palette.ink, 1.5, "solid")
        .dots(&palette.ink, 8.0, "circle", 1.0)
        .hover(lang.text("chart.held-out"), ".4~g");
    // A loss that is above the picture, or not finite, is drawn at its upper edge.
    let lost = |loss: &Option<f64>| loss.is_none_or(|loss| loss > top).then_some(0.97 * top);
    let blown = Trace::new(x().collect(), losses.iter().map(|(_, loss)| lost(loss)).collect())
        .dots(&palette.muted, 9.0, "x", 1.0)
        .silent();
    let here = upright(now).line(&palette.accent, 1.5, "dot");
    let all = sigmas();
    let [low, high] = [all.first(), all.last()].map(|sigma| sigma.copied().unwrap_or(1.0).log10());
    let x_axis = Axis { dtick: Some(1.0), title: look.title("chart.sigma"), ..look.log_axis(low - 0.15, high + 0.15) };
    let note = look.note(guess, lang.fill("chart.guess", &[("guess", &show(guess))]));
    let guide = (look.guide(guess, &palette.accent, "dash"), Some(note));
    let data = vec![edge(0.0), edge(top).filled(&palette.band), here, learned, blown];
    look.figure(data, [x_axis, look.axis([0.0, top], true)], vec![guide])
}
