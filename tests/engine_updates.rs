//! The first update of real networks is the one that theory draws.

use crate::driven::Engine;
use init_lab::lab::prediction::predict;
use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::state::State;
use init_lab::lab::updates::UpdateCurve;

/// The mean over matrices of log₁₀(measured/predicted) after the first step, and the largest of one matrix.
fn misses(link: &str) -> (f64, f64) {
    let mut state = State::open(&format!("{link}&device=cpu"));
    assert_eq!(state.notices, [], "{link}");
    let mut engine = Engine::new();
    let mut commands = state.apply(Event::Ready);
    commands.push(Command::Step(1));
    for event in commands.drain(..).flat_map(|command| engine.send([command])) {
        state.apply(event);
    }
    let curve = UpdateCurve::new(&state, &predict(state.spec()));
    let ratio = |measured: Option<f64>, predicted: Option<f64>| Some((measured? / predicted?).log10());
    let all: Vec<f64> = curve.matrices.iter().filter_map(|m| ratio(m.measured, m.predicted)).collect();
    assert!(all.len() + 1 >= curve.matrices.len(), "{link}: {all:?}");
    (all.iter().sum::<f64>() / all.len() as f64, all.iter().fold(0.0, |most, miss| miss.abs().max(most)))
}

#[test]
fn the_first_update_is_as_large_as_theory_says() {
    for (link, mean, most) in [
        ("depth=8&width=64&init=kaiming-normal&lr=0.1", 0.3, 0.5),
        ("depth=8&width=64&act=tanh&init=xavier-normal&opt=momentum&wd=0.1", 0.1, 0.2),
        // Without dead units each number of these layers has a gradient, and moves by η.
        ("depth=8&width=64&act=tanh&init=xavier-normal&opt=adam", 0.02, 0.1),
        ("depth=8&width=64&act=tanh&init=xavier-normal&opt=adamw&wd=0.1&warmup=10", 0.02, 0.1),
        ("depth=8&width=64&act=gelu&init=kaiming-normal&opt=adam&lr=0.1", 0.02, 0.1),
        // Half of the units of a deep ReLU network are off for most of a batch.
        ("depth=8&width=64&init=kaiming-normal&opt=adam", 0.1, 0.3),
        ("model=gpt&depth=2", 0.03, 0.1),
        ("model=gpt&depth=2&block=llama&opt=adam", 0.05, 0.2),
        // Here most gradients are far below ε, and Adam moves nothing.
        ("depth=12&width=64&std=0.04&opt=adam", 0.3, 0.8),
    ] {
        let (found, largest) = misses(link);
        assert!(found.abs() < mean && largest < most, "{link}: mean {found}, most {largest}");
    }
}
