//! A large network's weights are drawn slice by slice: the host hears what comes meanwhile.

use init_lab::engine::device::NoGpu;
use init_lab::engine::host::Host;
use init_lab::lab::metric::Measures;
use init_lab::lab::protocol::{Command, Event, Progress};

use crate::driven::{Engine, frames, losses, spec, start, turn};

/// Its weights take seconds: a hundred orthogonal matrices.
const LARGE: &str = "init=orthogonal&width=512&depth=100&batch=2&examples=40";
const SMALL: &str = "depth=3&width=16&batch=16";

/// The percentages that were told.
fn percents(events: &[Event]) -> Vec<u8> {
    let percent = |event: &Event| match event {
        Event::Progress(Progress::Drawing(percent)) => Some(*percent),
        _ => None,
    };
    events.iter().filter_map(percent).collect()
}

#[test]
fn a_newer_setting_ends_the_drawing_of_a_large_network() {
    let mut host = Host::new(NoGpu);
    let (busy, events) = turn(&mut host, [start(1, LARGE)]);
    assert!(busy, "it is not drawn in one slice");
    assert!(!percents(&events).is_empty());
    assert!(frames(&events).is_empty());
    let (busy, events) = turn(&mut host, []);
    assert!(busy && frames(&events).is_empty(), "nor in two");
    assert_eq!(turn(&mut host, [Command::Ping]).1, [Event::Alive]);
    let (_, events) = turn(&mut host, [start(2, SMALL)]);
    assert!(matches!(frames(&events)[..], [frame] if frame.run == 2), "the newer network is there in the same turn");
    assert!(!events.iter().any(|event| matches!(event, Event::Started { run: 1, .. })));
}

/// What a page asks for while weights are drawn is done when they are, in its order.
#[test]
fn what_is_asked_for_meanwhile_waits() {
    let medium = "init=orthogonal&width=256&depth=24&batch=2&examples=40";
    let mut patient = Engine::new();
    let mut told = patient.send([start(1, medium)]);
    told.extend(patient.send([Command::Step(2)]));

    let mut hasty = Engine::new();
    let (busy, mut events) = turn(&mut hasty.0, [start(1, medium)]);
    assert!(busy && frames(&events).is_empty());
    events.extend(hasty.send([Command::Step(2)]));
    let drawn = percents(&events);
    assert!(drawn.is_sorted() && drawn.iter().all(|percent| *percent <= 100));
    let steps: Vec<u64> = frames(&events).iter().map(|frame| frame.step).collect();
    assert_eq!((steps.first(), steps.last()), (Some(&0), Some(&2)));
    assert_eq!(losses(&events), losses(&told), "and the network is the same");
}

/// Whatever is drawn in parts, LSUV's scales too.
#[test]
fn a_measured_start_is_drawn_in_parts_too() {
    let mut host = Host::new(NoGpu);
    let (busy, _) = turn(&mut host, [start(1, "init=lsuv&width=512&depth=24&batch=2")]);
    assert!(busy);
    let (_, events) = turn(&mut host, [start(2, SMALL)]);
    assert_eq!(frames(&events).len(), 1);
}

/// The networks of a sweep are drawn slice by slice too, and are those that are drawn at once.
#[test]
fn a_sweep_of_large_networks_hears_what_comes_meanwhile() {
    let specs =
        |link: &str, seeds: u32| (1..=seeds).map(|seed| spec(&format!("{link}&seed={seed}"))).collect::<Vec<_>>();
    let mut host = Host::new(NoGpu);
    turn(&mut host, [start(1, SMALL)]);
    let mut told = turn(&mut host, [Command::Sweep { run: 1, specs: specs(LARGE, 4) }]).1;
    for _ in 0..2 {
        let (busy, events) = turn(&mut host, []);
        assert!(busy, "it is not drawn yet");
        told.extend(events);
    }
    assert!(!percents(&told).is_empty() && !told.iter().any(|event| matches!(event, Event::Swept { .. })));
    assert_eq!(turn(&mut host, [Command::Ping]).1, [Event::Alive]);
    let (busy, _) = turn(&mut host, [Command::Cancel]);
    assert!(!busy, "nothing is left of it");
    let small = format!("{SMALL}&steps=3");
    let mut engine = Engine(host);
    let events = engine.send([Command::Sweep { run: 2, specs: specs(&small, 2) }]);
    let Some(Event::Swept { step: 3, outcomes, .. }) = events.last() else { panic!("{:?}", events.last()) };
    for (seed, outcome) in (1..).zip(outcomes) {
        let mut alone = Engine::new();
        alone.send([start(1, &format!("{small}&seed={seed}"))]);
        assert_eq!(losses(&alone.send([Command::Resume])).last(), Some(&outcome.loss.0));
    }
}

/// The first weights are drawn once more where their histograms are asked for later, and that in parts as well.
#[test]
fn histograms_of_the_start_hear_what_comes_meanwhile() {
    let mut host = Host::new(NoGpu);
    let link = LARGE.replace("depth=100", "depth=60");
    let (mut busy, _) = turn(&mut host, [start(1, &link), Command::Step(1)]);
    while busy {
        busy = turn(&mut host, []).0;
    }
    let (busy, _) = turn(&mut host, [Command::Measure(Measures { histograms: true, ..Measures::default() })]);
    assert!(busy);
    let (busy, events) = turn(&mut host, []);
    assert!(busy && frames(&events).is_empty(), "they are not drawn in one slice");
    assert_eq!(turn(&mut host, [Command::Ping]).1, [Event::Alive]);
    let events = Engine(host).send([]);
    assert!(frames(&events).last().is_some_and(|frame| !frame.start_histograms.is_empty()));
}
