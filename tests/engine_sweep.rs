//! A sweep beside a run, as the page would ask for it.

use init_lab::lab::protocol::{Command, Event};
use init_lab::lab::spec::Spec;
use init_lab::lab::sweep::{Outcome, Sweep, networks};

use crate::driven::{Engine, spec, start};

const MLP: &str = "depth=4&width=32&batch=32&lr=0.1&device=cpu";

#[test]
fn a_sweep_tells_who_learns_and_the_run_goes_on_afterwards() {
    let mut engine = Engine::new();
    engine.send([start(1, MLP), Command::Step(3)]);
    let events = engine.send([Command::Sweep { run: 1, specs: networks(&spec(MLP)) }]);
    let swept = told(&events);
    assert!(swept.windows(2).all(|pair| pair[0].0 < pair[1].0), "steps only grow");
    let (step, outcomes) = swept.last().expect("an end");
    let sweep = Sweep { step: *step, outcomes: outcomes.to_vec(), ..Sweep::new(1, &spec(MLP)) };
    assert_eq!(*step, sweep.steps);
    assert!(swept[..swept.len() - 1].iter().all(|(_, all)| all.iter().all(|outcome| outcome.held_out.is_none())));
    // He's σ for 32 units is 0.25; a start of 0.001 loses the signal, one of 3 the gradients' scale.
    let band = sweep.band().expect("some learn");
    assert!(band.low < 0.25 && 0.25 < band.high && band.low > 0.001 && band.high < 3.0, "{band:?}");
    let claim = sweep.claim().expect("four were tried");
    let inside: Vec<f64> = claim.parts.iter().flatten().copied().collect();
    assert!(claim.tried == 4 && inside.iter().all(|sigma| (0.01..=0.1).contains(sigma)), "{claim:?}");
    let events = engine.send([Command::Step(1)]);
    assert!(events.iter().any(|event| matches!(event, Event::Paused { run: 1, step: 4 })), "the run waited");
}

#[test]
fn a_new_run_or_a_word_ends_a_sweep() {
    for word in [Command::Cancel, start(2, MLP)] {
        let mut engine = Engine::new();
        let specs: Vec<Spec> = networks(&spec(MLP));
        let events = engine.send([start(1, MLP), Command::Sweep { run: 1, specs }, word]);
        assert!(told(&events).is_empty(), "{events:?}");
    }
}

fn told(events: &[Event]) -> Vec<(u64, &[Outcome])> {
    let swept = |event| match event {
        &Event::Swept { step, ref outcomes, .. } => Some((step, outcomes.as_slice())),
        _ => None,
    };
    events.iter().filter_map(swept).collect()
}
