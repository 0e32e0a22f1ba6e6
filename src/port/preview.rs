//! The studio's half: the lab in a frame of the page.

use web_sys::Window;

use super::page::plain;
use super::window::listen_to;
use crate::lab::message::{PreviewCommand, PreviewReport};

/// Hears what is said in the present frame, and by nobody else.
pub fn listen(frame: impl Fn() -> Option<Window> + 'static, hear: impl Fn(PreviewReport) + 'static) {
    listen_to(frame, PreviewReport::read, hear);
}

/// Asks the lab in a frame for something.
pub fn post(frame: &Window, command: PreviewCommand) {
    if let Some(object) = plain(&command) {
        frame.post_message(&object, "*").ok();
    }
}
