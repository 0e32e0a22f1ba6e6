//! A network that has only the first training examples: what it sees, and what it is judged by.

use crate::driven::{Engine, frames, losses, start};
use init_lab::lab::metric::Frame;
use init_lab::lab::protocol::{Command, Event, NetworkSize};

const MLP: &str = "depth=2&width=24&init=kaiming-normal&opt=adam&lr=0.003&device=cpu";

fn run(link: &str, steps: u64) -> Vec<Event> {
    let mut engine = Engine::new();
    let mut events = engine.send([start(1, link)]);
    events.extend(engine.send([Command::Step(steps)]));
    events
}

fn shape(events: &[Event]) -> NetworkSize {
    let started = |event: &Event| if let Event::Started { shape, .. } = event { Some(shape.clone()) } else { None };
    events.iter().find_map(started).expect("a start")
}

fn last(events: &[Event]) -> Frame {
    (*frames(events).last().expect("a frame")).clone()
}

/// The held-out data is that of all, so a network that has not learned yet does as well on it.
#[test]
fn the_first_examples_are_trained_on_and_the_same_ones_held_out() {
    let [few, all] = ["&examples=50", ""].map(|few| run(&format!("{MLP}{few}"), 0));
    assert_eq!((shape(&few).examples, shape(&few).held_out), (50, 360));
    assert_eq!((shape(&all).examples, shape(&all).held_out), (1437, 360));
    assert_eq!(frames(&few)[0].val_loss, frames(&all)[0].val_loss);
    assert_ne!(losses(&few), losses(&all), "the batch is another one");
    // As many as there are is all.
    assert_eq!(losses(&run(&format!("{MLP}&data=xor"), 20)), losses(&run(&format!("{MLP}&data=xor&steps=2000"), 20)));
}

/// Where the batch is larger than what there is, each step sees all of it, in another order.
#[test]
fn a_batch_has_no_more_than_there_is() {
    let [all, larger] = ["batch=40", "batch=512"].map(|batch| losses(&run(&format!("{MLP}&examples=40&{batch}"), 30)));
    assert_eq!(all, larger);
    // With nothing learned, the loss of a step is that of any other.
    let still = losses(&run(&format!("{MLP}&examples=40&init=zeros&lr=1e-7"), 5));
    assert!(still.iter().all(|loss| (loss - still[0]).abs() < 1e-5), "{still:?}");
    let batches = losses(&run(&format!("{MLP}&examples=40&batch=8&lr=1e-7"), 5));
    assert!(batches.iter().any(|loss| (loss - batches[0]).abs() > 1e-3), "{batches:?}");
}

/// So few can be learned by heart: the loss goes to 0, and what was not seen is worse than with all.
#[test]
fn few_examples_are_learned_by_heart() {
    let [few, all] = ["&examples=20", ""].map(|few| last(&run(&format!("{MLP}{few}"), 400)));
    assert!(few.loss.0 < 0.01, "{}", few.loss.0);
    let held_out = |frame: &Frame| frame.val_loss.expect("it was measured").0;
    assert!(held_out(&few) > held_out(&all) + 0.5, "{} {}", held_out(&few), held_out(&all));
}

/// Before it is adapted a network has the first of half of the classes, so there are always some.
#[test]
fn two_examples_are_enough_for_every_data_set_and_adaptation() {
    for data in ["digits", "spirals", "circles", "xor", "chars"] {
        for more in ["", "&adapt=lora&adapt-at=3", "&norm=batch", "&init=lsuv"] {
            let events = run(&format!("{MLP}&examples=2&data={data}{more}"), 6);
            assert_eq!(last(&events).step, 6, "{data}{more}");
            assert!(losses(&events).iter().all(|loss| loss.is_finite()), "{data}{more}");
            assert_eq!(shape(&events).examples, 2);
        }
    }
}
