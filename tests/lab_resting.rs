//! A run outlives its engine: one that dies, and one that rests because nobody sees the lab.

use init_lab::lab::metric::Frame;
use init_lab::lab::protocol::{Command, Event, Failure, Pass, Why};
use init_lab::lab::state::{Edit, EngineState, Phase, State};

use crate::lab_state::{frame, measured};

/// A lab that was trained up to a step.
fn trained(link: &str, step: u64) -> State {
    let mut state = measured(link);
    state.edit(Edit::Play);
    let run = state.run;
    (1..=step).for_each(|step| drop(state.apply(Event::Frame(frame(run, step)))));
    state
}

fn bytes() -> std::sync::Arc<[u8]> {
    std::sync::Arc::from(*b"kept")
}

fn keep(state: &mut State, step: u64) {
    assert_eq!(state.edit(Edit::Keep).commands, [Command::Keep]);
    let run = state.run;
    state.apply(Event::Kept { run, step, kept: bytes() });
}

/// What a new engine is told, without what it is to measure.
fn told(state: &mut State) -> Vec<Command> {
    let commands = state.apply(Event::Ready);
    commands.into_iter().filter(|command| !matches!(command, Command::Measure(_))).collect()
}

#[test]
fn a_run_goes_on_where_it_was_kept_when_its_engine_dies() {
    let mut state = trained("steps=1000", 40);
    let run = state.run;
    keep(&mut state, 40);
    (41..60).for_each(|step| drop(state.apply(Event::Frame(frame(run, step)))));
    state.apply(Event::Failed(Failure::Gone));
    assert_eq!((state.engine, state.run, state.taken_up()), (EngineState::Loading, run, Some(40)));
    // The charts show what is known until the new engine is there.
    assert_eq!(state.shown().map(|frame| frame.step), Some(59));
    assert_eq!(state.record.step(), Some(40));
    let commands = told(&mut state);
    assert!(
        matches!(&commands[..], [Command::Start { run: first, .. }, Command::TakeUp { run: second, kept }, Command::Resume]
            if *first == run && *second == run && *kept == bytes()),
        "{commands:?}"
    );
    // The start of the run is measured again on the way, and not shown.
    state.apply(Event::Frame(frame(run, 0)));
    assert_eq!(state.frame, None);
    state.apply(Event::Frame(frame(run, 40)));
    state.apply(Event::Frame(frame(run, 45)));
    assert_eq!((state.frame.as_ref().map(|frame| frame.step), state.phase.clone()), (Some(45), Phase::Running));
    let steps: Vec<u64> = state.record.history.frames().map(|frame| frame.step).collect();
    assert!(steps.windows(2).all(|pair| pair[0] < pair[1]) && steps.ends_with(&[39, 40, 45]), "{steps:?}");
    assert_eq!(state.runs.list().len(), 0, "it is the same run still");
}

#[test]
fn an_engine_that_dies_at_one_step_again_and_again_is_given_up() {
    let mut state = trained("steps=1000", 40);
    let run = state.run;
    keep(&mut state, 40);
    state.apply(Event::Frame(frame(run, 50)));
    for _ in 0..2 {
        assert_ne!(state.engine, EngineState::Dead);
        state.apply(Event::Failed(Failure::Gone));
        told(&mut state);
        [0, 40, 50].into_iter().for_each(|step| drop(state.apply(Event::Frame(frame(run, step)))));
    }
    state.apply(Event::Failed(Failure::Gone));
    assert_eq!(state.engine, EngineState::Dead);
    state.edit(Edit::Wake);
    assert_eq!(state.engine, EngineState::Dead, "to be seen is no reason to try it again");
}

#[test]
fn what_was_not_kept_begins_again_and_another_network_takes_nothing_over() {
    let mut state = trained("steps=1000", 40);
    let before = state.run;
    state.apply(Event::Failed(Failure::Gone));
    assert!(state.run > before);
    assert!(matches!(&told(&mut state)[..], [Command::Start { .. }, Command::Resume]));
    let mut state = trained("steps=1000", 40);
    keep(&mut state, 40);
    state.edit(Edit::Reseed);
    state.apply(Event::Failed(Failure::Gone));
    assert!(matches!(&told(&mut state)[..], [Command::Start { .. }, Command::Resume]));
}

#[test]
fn only_what_was_trained_since_is_kept_again() {
    let mut state = trained("steps=1000", 40);
    keep(&mut state, 40);
    assert_eq!(state.edit(Edit::Keep).commands, []);
    let run = state.run;
    state.apply(Event::Frame(frame(run, 41)));
    assert_eq!(state.edit(Edit::Keep).commands, [Command::Keep]);
    // 12 million numbers and their averages would take as much memory again.
    let mut large = trained("width=1024&depth=12&steps=1000", 4);
    assert_eq!(large.edit(Edit::Keep).commands, []);
}

#[test]
fn a_lab_that_nobody_sees_rests_and_goes_on_when_it_is_seen() {
    let mut state = trained("steps=1000", 40);
    let run = state.run;
    assert_eq!(state.edit(Edit::Rest).commands, [], "it trains");
    state.edit(Edit::Pause);
    state.apply(Event::Paused { run, step: 40 });
    assert_eq!(state.edit(Edit::Rest).commands, [Command::Keep]);
    state.apply(Event::Kept { run, step: 40, kept: bytes() });
    assert_eq!((state.engine, state.shown().map(|frame| frame.step)), (EngineState::Resting, Some(40)));
    state.edit(Edit::Wake);
    assert_eq!(state.engine, EngineState::Loading);
    assert!(matches!(&told(&mut state)[..], [Command::Start { .. }, Command::TakeUp { .. }]));
    [0, 40].into_iter().for_each(|step| drop(state.apply(Event::Frame(frame(run, step)))));
    assert_eq!((state.frame.as_ref().map(|frame| frame.step), state.phase.clone()), (Some(40), Phase::Paused));
    assert_eq!(state.taken_up(), None, "no engine has died");
    // It rests at once now, because nothing was trained since it was kept.
    state.edit(Edit::Rest);
    assert_eq!(state.engine, EngineState::Resting);
    // Whatever is asked of it wakes it.
    state.edit(Edit::Step(2));
    assert!(matches!(&told(&mut state)[..], [Command::Start { .. }, Command::TakeUp { .. }, Command::Step(2)]));
}

#[test]
fn a_lab_that_was_woken_while_it_was_kept_does_not_rest() {
    let mut state = trained("steps=1000", 40);
    let run = state.run;
    state.edit(Edit::Pause);
    state.apply(Event::Paused { run, step: 40 });
    state.edit(Edit::Rest);
    state.edit(Edit::Wake);
    state.apply(Event::Kept { run, step: 40, kept: bytes() });
    assert_eq!(state.engine, EngineState::Ready);
}

#[test]
fn a_lab_that_was_never_trained_rests_without_being_kept() {
    let mut state = measured("steps=1000");
    assert_eq!(state.edit(Edit::Rest).commands, []);
    assert_eq!(state.engine, EngineState::Resting);
    state.edit(Edit::Wake);
    assert!(matches!(&told(&mut state)[..], [Command::Start { .. }]));
    // After a divergence there is nothing to go on with: what is known of it stays, until another run begins.
    let mut state = trained("steps=1000", 4);
    let (run, end) = (state.run, Why::Diverged { step: 5, layer: None, pass: Pass::Forward });
    state.apply(Event::Frame(Frame { loss: init_lab::lab::number::Number(f64::NAN), ..frame(run, 5) }));
    state.apply(Event::Finished { run, step: 5, why: end });
    state.edit(Edit::Rest);
    assert_eq!(state.engine, EngineState::Resting);
    state.edit(Edit::Wake);
    assert_eq!(state.engine, EngineState::Resting);
    state.edit(Edit::Reset);
    assert_eq!(state.engine, EngineState::Loading);
    assert!(matches!(&told(&mut state)[..], [Command::Start { .. }]));
}
