//! The half of the studio, which shows the lab in a frame of its page.

use web_sys::Window;

use super::page::plain;
use super::window::{on_message, reader};
use crate::lab::message::{PreviewCommand, PreviewMeasurement, PreviewReport};

/// Hears what the lab in the present frame says, and nobody else.
pub fn listen(frame: impl Fn() -> Option<Window> + 'static, hear: impl Fn(PreviewReport) + 'static) {
    on_message(reader(frame, PreviewReport::read, hear));
}

/// Hears what the lab in the present frame measures.
pub fn listen_measured(frame: impl Fn() -> Option<Window> + 'static, hear: impl Fn(PreviewMeasurement) + 'static) {
    on_message(reader(frame, PreviewMeasurement::read, hear));
}

/// Asks the lab in a frame for something.
pub fn post(frame: &Window, command: PreviewCommand) {
    if let Some(object) = plain(&command) {
        frame.post_message(&object, "*").ok();
    }
}
