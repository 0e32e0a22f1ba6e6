//! "Predict, then see": what the first view has to know of a student's guess, which hides the variance.

use leptos::prelude::*;

use super::Lens;
use crate::lab::guess::{Guess, reach};
use crate::shell::effect::effect;
use crate::shell::store::Store;

/// What the first view knows of a guess.
#[derive(Clone, Copy)]
pub struct GuessBoard {
    /// Whether the variance is hidden.
    pub asks: Memo<bool>,
    /// The guess about this network, once it was made, and the one before it.
    pub guesses: Memo<[Option<Guess>; 2]>,
    /// How many decades the empty axis has to either side of 1.
    pub reach: Memo<f64>,
    /// What the student is drawing.
    pub draft: RwSignal<Guess>,
    /// Whether a point was moved.
    pub touched: RwSignal<bool>,
    /// The page's handles.
    pub lens: Lens,
}

impl GuessBoard {
    /// A board for the lab of a store.
    pub fn new(store: Store, lens: Lens) -> Self {
        let asks = lens.asks;
        let reach = Memo::new(move |_| lens.spec.with(reach));
        let depth = Memo::new(move |_| lens.spec.with(|spec| spec.network.depth));
        let draft = RwSignal::new(Guess::level(1));
        let touched = RwSignal::new(false);
        effect(move || {
            asks.track();
            draft.set(Guess::level(depth.get()));
            touched.set(false);
        });
        let guesses = move |_: Option<&[Option<Guess>; 2]>| {
            let asked = lens.view.with(|view| view.predict.is_some());
            lens.spec.with(|spec| {
                store.state.with(|state| {
                    let guesses = &state.guesses;
                    [guesses.current(spec), guesses.before(spec)].map(|guess| guess.cloned().filter(|_| asked))
                })
            })
        };
        Self { asks, guesses: Memo::new(guesses), reach, draft, touched, lens }
    }
}
