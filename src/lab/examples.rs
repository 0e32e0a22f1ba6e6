//! What single examples show of the present run: ten digits on their way through a perceptron, and lines of a GPT.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::lang::Lang;
use super::metric::DigitLayer;

/// How many digits are shown, one of each class.
pub const DIGITS: usize = 10;
/// How many lines are kept: the first, and the newest ones.
pub const MOST_LINES: usize = 6;

/// What is shown of single examples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examples {
    /// The digit that the reader follows through the network.
    pub digit: usize,
    /// What tells the digits apart, as it was measured last.
    pub path: Option<Arc<DigitPath>>,
    /// What a GPT wrote, oldest first.
    pub lines: Vec<WrittenLine>,
}

/// What told ten digits apart at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct DigitPath {
    /// The updates made.
    pub step: u64,
    /// The hidden layers, from input to output.
    pub layers: Vec<DigitLayer>,
}

/// A line that a GPT wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenLine {
    /// The updates made when it was begun.
    pub step: u64,
    /// The line. What is kept of it has a sign for each end of a line that was written.
    pub text: String,
}

impl Examples {
    /// Takes in a line. Another of the same step takes its place.
    pub(super) fn write(&mut self, WrittenLine { step, text }: WrittenLine) {
        self.lines.retain(|line| line.step != step);
        if self.lines.len() == MOST_LINES {
            // The first line is what all others are to be compared with.
            self.lines.remove(1);
        }
        self.lines.push(WrittenLine { step, text: text.replace('\n', "↵") });
    }

    /// A sentence with the newest line.
    pub fn words(&self, lang: Lang) -> String {
        match self.lines.last() {
            None => lang.text("lines.none").to_owned(),
            Some(line) => lang.tell("lines.newest", &[("step", line.step.to_string()), ("text", line.text.clone())]),
        }
    }

    /// Forgets what belongs to an earlier run. Its picture stays until there is another, so that it does not flicker
    /// during a drag.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
    }
}
