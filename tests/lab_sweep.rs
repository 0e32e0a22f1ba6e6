//! A sweep over σ: what is asked for, what is taken in, what is read off it.

use init_lab::lab::knob::{Knob, KnobSetting};
use init_lab::lab::number::Number;
use init_lab::lab::protocol::{Command, DeviceReport, Event, NetworkSize};
use init_lab::lab::spec::{Scheme, Spec};
use init_lab::lab::state::{Edit, State};
use init_lab::lab::sweep::{NETWORKS, Outcome, Share, Sweep, claimed, networks, sigmas};

#[test]
fn its_networks_differ_in_sigma_alone() {
    let mut base = Spec::mlp();
    (base.start.scheme, base.start.gain) = (Scheme::KaimingUniform, Some(1.0));
    let all = networks(&base);
    assert_eq!(all.len(), NETWORKS);
    for (spec, sigma) in all.iter().zip(sigmas()) {
        assert_eq!((spec.start.scheme, spec.start.std), (Scheme::Uniform, sigma), "the distribution stays");
        let mut first = all[0].clone();
        first.start.std = sigma;
        assert_eq!(*spec, first);
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

/// That a band lies inside the claimed one proves nothing; that all of the claimed one learns would.
#[test]
fn the_claim_is_judged_by_what_was_claimed() {
    let guess = 2.3;
    let judged = |learning: &[f64]| {
        let sigmas = [0.001, 0.01, 0.018, 0.032, 0.056, 0.1, 0.3];
        let loss = |sigma: &f64| if learning.contains(sigma) { 0.3 } else { guess };
        let losses: Vec<(f64, Option<f64>)> = sigmas.iter().map(|sigma| (*sigma, Some(loss(sigma)))).collect();
        let claim = claimed(&losses, guess).expect("some were tried");
        (claim.share(), claim.values()[0].1.clone(), [claim.learned, claim.tried])
    };
    assert_eq!(judged(&[0.056, 0.1]), (Share::Part, "0.056–0.1".into(), [2, 5]), "inside, and most of it fails");
    let all = [0.001, 0.01, 0.018, 0.032, 0.056, 0.1, 0.3];
    assert_eq!(judged(&all), (Share::Whole, "0.01–0.1".into(), [5, 5]), "wider, and all of it is safe");
    assert_eq!(judged(&[0.3]), (Share::Nothing, String::new(), [0, 5]));
    assert_eq!(judged(&[]), (Share::Nothing, String::new(), [0, 5]), "where nobody learns, neither do these");
    assert_eq!(judged(&[0.01, 0.032, 0.056]), (Share::Part, "0.01, 0.032–0.056".into(), [3, 5]));
    assert_eq!(claimed(&[(0.2, Some(0.1)), (2.0, None)], guess), None, "none in it was tried");
    let lost = claimed(&[(0.05, None), (0.3, Some(0.3))], guess).expect("one was tried");
    assert_eq!(lost.share(), Share::Nothing, "what blew up did not learn");
    let (mut early, guess) = (whole(&[0.5; NETWORKS]), 10f64.ln());
    assert_eq!(early.claim().expect("whole").learned, 4, "{guess}");
    early.outcomes.iter_mut().for_each(|outcome| outcome.held_out = None);
    assert_eq!(early.claim(), None, "not before the end");
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
    for edit in [Edit::Play, depth(3.0), Edit::Reseed] {
        state.edit(Edit::Sweep);
        state.apply(Event::Started { run: state.run, shape: shape(1000) });
        assert!(sweep(&state).running());
        state.edit(edit.clone());
        assert!(!sweep(&state).running(), "{edit:?} is something else");
        state.apply(Event::Started { run: state.run, shape: shape(1000) });
    }
}

/// "Drawing weights…" stood there for good: the engine's word came after the sweep was given up.
#[test]
fn what_is_given_up_is_not_waited_for() {
    use init_lab::lab::protocol::Progress;
    let building = || Event::Progress(Progress::Building);
    for word_first in [true, false] {
        let mut state = ready("depth=2&width=16");
        state.apply(Event::Frame(frame(&state)));
        state.edit(Edit::Sweep);
        if word_first {
            state.apply(building());
            assert_eq!(state.progress, Some(Progress::Building));
        }
        state.edit(Edit::Cancel);
        if !word_first {
            state.apply(building());
        }
        assert_eq!(state.progress, None, "word first: {word_first}");
    }
    // Training takes its place, and another network is waited for.
    let mut state = ready("depth=2&width=16");
    state.apply(Event::Frame(frame(&state)));
    state.edit(Edit::Sweep);
    state.apply(building());
    state.edit(Edit::Play);
    assert_eq!(state.progress, None);
    state.edit(depth(3.0));
    state.apply(building());
    assert_eq!(state.progress, Some(Progress::Building));
}

#[test]
fn sweeps_of_other_networks_are_kept() {
    let mut state = ready("depth=2&width=16");
    let outcomes = |whole: bool| {
        let outcome = Outcome { loss: Number(2.0), held_out: whole.then_some((Number(1.0), Number(0.5))) };
        vec![outcome; NETWORKS]
    };
    let mut swept = |layers: f64, whole: bool| {
        state.edit(depth(layers));
        state.apply(Event::Started { run: state.run, shape: shape(1000) });
        state.edit(Edit::Sweep);
        let run = sweep(&state).run;
        state.apply(Event::Swept { run, step: 200, outcomes: outcomes(whole) });
        (run, state.kept.iter().map(|sweep| sweep.run).collect::<Vec<_>>())
    };
    let (first, kept) = swept(3.0, true);
    assert!(kept.is_empty());
    let (second, kept) = swept(4.0, true);
    assert_eq!(kept, [first], "another network's takes nothing away");
    let (third, kept) = swept(3.0, false);
    assert_eq!(kept, [first, second]);
    let (fourth, kept) = swept(5.0, true);
    assert_eq!(kept, [first, second], "the whole one of a network, not {third} that was given up");
    let (_, kept) = swept(4.0, true);
    assert_eq!(kept, [first, second, fourth]);
    let (_, kept) = swept(6.0, true);
    assert_eq!(kept.len(), 3, "the later of two of one network: {kept:?}");
    assert!(!kept.contains(&second));
    for depth in 7..40 {
        swept(f64::from(depth), true);
    }
    assert!(state.kept.len() <= 12);
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

fn frame(state: &State) -> init_lab::lab::metric::Frame {
    init_lab::lab::metric::Frame {
        run: state.run,
        step: 0,
        loss: Number(2.3),
        val_loss: None,
        accuracy: None,
        losses: vec![Number(2.3)],
        layers: Vec::new(),
        weights: Vec::new(),
        frozen_share: None,
        histograms: Vec::new(),
        start_histograms: Vec::new(),
        guesses: Vec::new(),
        path: Vec::new(),
        plane: None,
        heads: Vec::new(),
        step_ms: 1.0,
    }
}

fn shape(parameters: usize) -> NetworkSize {
    NetworkSize { parameters, examples: 10, held_out: 10, classes: 10, fingerprint: String::new() }
}

fn sweep(state: &State) -> &Sweep {
    state.sweep.as_ref().expect("a sweep")
}

fn whole(losses: &[f64]) -> Sweep {
    let outcome = |loss: &f64| Outcome { loss: Number(*loss), held_out: Some((Number(*loss), Number(0.1))) };
    Sweep { outcomes: losses.iter().map(outcome).collect(), ..Sweep::new(1, &Spec::mlp()) }
}

fn depth(layers: f64) -> Edit {
    Edit::Knob(Knob::find("depth").expect("a knob"), KnobSetting::Number(layers))
}
