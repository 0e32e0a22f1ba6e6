//! Decides when the address bar is written: at once as long as that is allowed, and never too often.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use crate::port::page::now;

/// The milliseconds after which one more change may be made: Safari refuses more than a hundred in half a minute.
const EVERY: f64 = 330.0;
/// How many changes may come in a row, before there is one every third of a second.
const MOST: f64 = 40.0;

/// Writes the address, and counts the changes that may still come at once.
pub struct Pen {
    waiting: Rc<Cell<bool>>,
    ink: f64,
    filled: f64,
}

impl Default for Pen {
    fn default() -> Self {
        Self { waiting: Rc::default(), ink: MOST, filled: 0.0 }
    }
}

impl Pen {
    /// Runs `write` soon. It does nothing if a write is due already, because that one will write what is newest then.
    pub fn soon(&mut self, write: impl FnOnce() + 'static) {
        if self.waiting.replace(true) {
            return;
        }
        let now = now();
        self.ink = (self.ink + (now - self.filled) / EVERY).min(MOST) - 1.0;
        self.filled = now;
        let rest = (-self.ink * EVERY).max(0.0);
        let waiting = self.waiting.clone();
        let write = move || {
            waiting.set(false);
            write();
        };
        set_timeout(write, Duration::from_millis(rest as u64));
    }
}
