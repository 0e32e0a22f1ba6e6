//! Says what of the state decides how the lab is shown.

use super::State;
use crate::lab::lang::Lang;
use crate::lab::view::Chart;

impl State {
    /// Returns the language of the link, or else `fallback`, the browser's language.
    pub fn lang(&self, fallback: Lang) -> Lang {
        self.lab.view.lang.unwrap_or(fallback)
    }

    /// Returns whether there is a challenge that no run has reached yet.
    pub fn seeks(&self) -> bool {
        self.lab.task.as_ref().is_some_and(|task| self.attempt.last(task).is_none())
    }

    /// Returns whether the variance is hidden until the student has guessed it. Where its chart is not shown, nobody
    /// could.
    pub fn asks(&self) -> bool {
        let view = &self.lab.view;
        !self.is_toy()
            && view.predict.is_some()
            && view.shows_chart(Chart::Variance)
            && self.guesses.current(self.spec()).is_none()
    }
}
