//! Keeps words at guides off the curves: decides at which end of its guide a word stands, and on which side, or in the
//! margin where curves are everywhere.

use super::schema::{Annotation, Axis, Moves, Trace};
use crate::lab::caption::{Place, Room, Spot};

/// The width of a letter and the height of a line, in pixels, both about those of letters of 11 pixels. Vietnamese words
/// have the wider letters.
const LETTER: Place = [6.4, 16.0];

/// Moves words to where they cover the least; `plot` is the size of what is inside the axes, in pixels.
pub(super) fn place(words: &mut [Annotation], curves: &[Trace], axes: [&Axis; 2], plot: Place) {
    if words.iter().all(|word| word.moves == Moves::Nowhere) {
        return;
    }
    let mut room = Room::default();
    // The edges of a band do not count as curves, because a word can be read on them.
    for trace in
        curves.iter().filter(|trace| trace.marker.is_some() || trace.line.as_ref().is_some_and(|line| line.width > 0.0))
    {
        let point = |(x, y): (&f64, &Option<f64>)| Some([share(axes[0], *x), share(axes[1], (*y)?)]);
        let points: Vec<Option<Place>> = trace.x.iter().zip(&trace.y).map(point).collect();
        if trace.line.is_some() {
            room.draw(points);
        } else {
            // Nothing is drawn between dots, so each counts by itself.
            points.into_iter().for_each(|dot| room.draw([dot]));
        }
    }
    let mut above_chart = WordsAbove { end: 1.0 };
    for word in words.iter_mut() {
        let (right, above) = (word.xanchor == "right", word.yanchor == "bottom");
        let spot = |right, above| Spot { right, above };
        let [low, high] = axes[1].range;
        let level = (word.y - low) / (high - low);
        let size = [LETTER[0] * word.text.chars().count() as f64 / plot[0], LETTER[1] / plot[1]];
        let left = if right { 0.0 } else { word.x };
        let spots = match word.moves {
            Moves::Anywhere => {
                vec![spot(right, above), spot(!right, above), spot(right, !above), spot(!right, !above)]
            }
            Moves::Upright => vec![spot(right, above), spot(right, !above)],
            Moves::Nowhere => {
                room.stand(level, size, left, spot(right, above));
                continue;
            }
        };
        if let Some(Spot { right, above }) = room.place(level, size, left, &spots) {
            (word.x, word.xanchor) = if right { (1.0, "right") } else { (left, "left") };
            word.yanchor = if above { "bottom" } else { "top" };
        } else {
            above_chart.take(word, LETTER[0] / plot[0]);
        }
    }
}

/// The words in the margin above a chart, one before another from the right.
struct WordsAbove {
    /// Where the next one ends, as a share of the width.
    end: f64,
}

impl WordsAbove {
    /// Puts a word here, with a piece of its guide before it. Where no room is left it is not shown, because a word on a
    /// curve hides both.
    fn take(&mut self, word: &mut Annotation, letter: f64) {
        word.text = format!("– – {}", word.text);
        let width = letter * word.text.chars().count() as f64;
        if width > self.end {
            word.text.clear();
        }
        (word.x, word.xanchor) = (self.end, "right");
        (word.y, word.yanchor, word.yref) = (1.0, "bottom", Some("paper"));
        self.end -= width + 2.0 * letter;
    }
}

/// Where a value lies on an axis, as a share of its length.
fn share(axis: &Axis, value: f64) -> f64 {
    let [low, high] = axis.range;
    let at = if axis.r#type == "log" { value.log10() } else { value };
    (at - low) / (high - low)
}
