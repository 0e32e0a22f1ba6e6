//! A sweep over σ: what is asked for, what is taken in, what is read off it.
#![allow(missing_docs)]

use init_lab::lab::number::Number;
use init_lab::lab::protocol::{Command, DeviceReport, Event, Shape};
use init_lab::lab::spec::{Scheme, Spec};
use init_lab::lab::state::{Edit, State};
use init_lab::lab::sweep::{NETWORKS, Outcome, Sweep, networks, sigmas};

#[test]
fn its_networks_differ_in_sigma_alone() {
    let base = Spec { scheme: Scheme::KaimingUniform, gain: Some(1.0), ..Spec::mlp() };
    let all = networks(&base);
    assert_eq!(all.len(), NETWORKS);
    for (spec, sigma) in all.iter().zip(sigmas()) {
        assert_eq!((spec.scheme, spec.std), (Scheme::Uniform, sigma), "the distribution stays");
        assert_eq!(Spec { std: base.std, ..spec.clone() }, Spec { std: base.std, ..all[0].clone() });
    }
    let sigmas = sigmas();
    assert_eq!((sigmas[0], sigmas[NETWORKS - 1]), (0.001, 3.0));
    assert!(sigmas.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn the_band_is_where_networks_learn_half_as_much_as_the_best() {
    let guess = 10f64.ln();
    let mut losses = [guess; NETWORKS];
    losses[5] = guess - 0.4;
    losses[6] = guess - 1.1;
    losses[7] = guess - 2.0;
    losses[8] = guess - 1.0;
    losses[9] = f64::NAN;
    losses[10] = guess - 1.5;
    let band = whole(&losses).band().expect("some learn");
    let sigmas = sigmas();
    assert_eq!((band.low, band.best, band.high), (sigmas[6], sigmas[7], sigmas[8]), "it ends at the one that blew up");
    assert_eq!(whole(&[guess - 0.05; NETWORKS]).band(), None, "nobody learned");
    assert_eq!(whole(&[f64::INFINITY; NETWORKS]).band(), None, "all blew up");
    let mut early = whole(&losses);
    early.outcomes.iter_mut().for_each(|outcome| outcome.held_out = None);
    assert_eq!(early.band(), None, "not before the end");
}

#[test]
fn a_sweep_is_asked_for_followed_and_given_up() {
    let mut state = ready("depth=2&width=16");
    let commands = state.edit(Edit::Sweep).commands;
    let Command::Sweep { run, specs } = &commands[1] else { panic!("{commands:?}") };
    assert_eq!((commands[0].clone(), specs.len()), (Command::Pause, NETWORKS));
    let outcome = Outcome { loss: Number(2.0), held_out: None };
    let swept = |run, step| Event::Swept { run, step, outcomes: vec![outcome; NETWORKS] };
    state.apply(swept(*run, 7));
    state.apply(swept(run + 1, 9));
    assert_eq!(sweep(&state).step, 7, "words of another sweep change nothing");
    assert!(sweep(&state).running());
    assert!(state.edit(Edit::Cancel).commands.contains(&Command::Cancel));
    state.apply(swept(*run, 8));
    let given_up = sweep(&state);
    assert!(!given_up.running() && given_up.step == 7 && given_up.outcomes.len() == NETWORKS, "what it found stays");
    for edit in [Edit::Play, Edit::Knob("depth", "3".into()), Edit::Reseed] {
        state.edit(Edit::Sweep);
        state.apply(Event::Started { run: state.run, shape: shape(1000) });
        assert!(sweep(&state).running());
        state.edit(edit.clone());
        assert!(!sweep(&state).running(), "{edit:?} is something else");
        state.apply(Event::Started { run: state.run, shape: shape(1000) });
    }
}

#[test]
fn too_large_a_network_is_not_swept() {
    let mut state = ready("depth=2&width=16");
    state.apply(Event::Started { run: state.run, shape: shape(5_000_000) });
    assert_eq!(state.edit(Edit::Sweep).commands, []);
    assert_eq!(state.notices[0].key, "sweep-size");
    assert_eq!(state.sweep, None);
    // Under adapters few of its numbers learn, and that is what the engine says; they are there all the same.
    let mut adapted = ready("depth=20&width=1024&adapt=lora");
    assert_eq!(adapted.edit(Edit::Sweep).commands, []);
    assert_eq!(adapted.sweep, None);
}

fn ready(link: &str) -> State {
    let mut state = State::open(link);
    state.apply(Event::Ready);
    let cpu = init_lab::lab::protocol::Device::Cpu;
    state.apply(Event::Device(DeviceReport { device: cpu, adapter: "a".into(), software: false, reason: None }));
    state.apply(Event::Started { run: state.run, shape: shape(1000) });
    state
}

fn shape(parameters: usize) -> Shape {
    Shape { parameters, examples: 10, held_out: 10, classes: 10, fingerprint: String::new() }
}

fn sweep(state: &State) -> &Sweep {
    state.sweep.as_ref().expect("a sweep")
}

fn whole(losses: &[f64]) -> Sweep {
    let outcome = |loss: &f64| Outcome { loss: Number(*loss), held_out: Some((Number(*loss), Number(0.1))) };
    Sweep { outcomes: losses.iter().map(outcome).collect(), ..Sweep::new(1, &Spec::mlp()) }
}
