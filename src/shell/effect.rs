//! Runs something again whenever a signal that it has read changes.

use leptos::prelude::Effect;

/// Runs it soon, and again after each change. It is boxed, because an effect is compiled anew for each type of function.
pub fn effect(run: impl FnMut() + 'static) {
    boxed_effect(Box::new(run));
}

fn boxed_effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
