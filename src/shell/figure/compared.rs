//! How the curves of other runs look: each has a colour and a kind of line of its own.

use super::Look;
use super::schema::Trace;
use crate::lab::pin::Letter;
use crate::lab::runs::RunMark;

/// The kinds of lines by letter.
const DASHES: [&str; 7] = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid"];

impl Look {
    /// The curve of another run, thinner than what it is compared with.
    pub(super) fn compared(&self, mark: RunMark, x: Vec<f64>, y: Vec<Option<f64>>, format: &str) -> Trace {
        let trace = Trace::new(x, y);
        match mark {
            RunMark::Ghost => trace.line(&self.palette.line, 2.0, "solid").hover(self.lang.text("runs.ghost"), format),
            RunMark::Pin(letter) => {
                let at = Letter::ALL.iter().position(|other| *other == letter).unwrap_or(0);
                trace.line(&self.palette.runs[at], 1.8, DASHES[at]).hover(&letter.capital(), format)
            }
        }
    }
    /// The marks of another run, as a smaller cross in its colour beside the dots of what it is compared with.
    pub(super) fn compared_marks(&self, mark: RunMark, x: Vec<f64>, y: Vec<Option<f64>>, format: &str) -> Trace {
        let trace = Trace::new(x, y);
        let (color, name) = match mark {
            RunMark::Ghost => (&self.palette.line, self.lang.text("runs.ghost").to_owned()),
            RunMark::Pin(letter) => (self.color(letter), letter.capital()),
        };
        trace.dots(color, 6.0, "x-thin-open", 1.0).hover(&name, format)
    }

    fn color(&self, letter: Letter) -> &String {
        &self.palette.runs[Letter::ALL.iter().position(|other| *other == letter).unwrap_or(0)]
    }
}
